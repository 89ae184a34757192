"""The commands in the README's code blocks, and how each of them is run: in a copy of the project, as they stand.

A language model, PostgreSQL and Telegram are those of the tests; only their addresses are exchanged. What needs a
Docker engine is compared with the files, and read by `docker compose config` where there is one; `make image-test` runs
the image.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from tests.tools.readme import README

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
COPIED = ("bot", "knowledge", "prompts", "tests", "Makefile", "README.md", "pyproject.toml", "requirements.lock")
CONTAINERS = ("Dockerfile", "docker-compose.yml")
SHIM = '#!/bin/sh\nPYTHONPATH="{folder}" exec "{python}" {first}"$@"\n'
LONG_S = 240
NOTHING_KEPT = "test -e data/footnote.db || footnote ask 'What is the dose of rituximab?'"
NO_COPY = "test -e footnote-backup.db || footnote backup footnote-backup.db"
SECRETS = (
    "mkdir -p secrets && for name in footnote_webhook_secret footnote_hash_key database_password; "
    "do (set -C; umask 077; openssl rand -hex 32 >secrets/$name); done"
)
DATABASE_URL = (
    "(set -C; umask 077; printf 'postgresql://footnote:%s@database/footnote' "
    '"$(cat secrets/database_password)" >secrets/footnote_database_url)'
)


@dataclass(frozen=True, kw_only=True)
class Way:
    """How a command is run: to its end, or as long as `meanwhile` needs. `says` stands in what it prints."""

    says: str = ""
    stdin: str = ""
    first: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    person: bool = False
    serves: bool = False
    docker: bool = False


ASKED = Way(says="[1]", stdin="What is the dose of rituximab?\n")
SERVES, DOCKER = Way(serves=True), Way(docker=True)
WAYS: Mapping[str, Way] = {
    "make chat": ASKED,
    'echo "What is the dose of rituximab?" | make chat': Way(says="[1]"),
    "make test": Way(says="passed", settings={"TESTS": "tests/unit/test_heartbeat.py"}),
    "make setup": Way(),
    ".venv/bin/footnote demo": SERVES,
    "make image": DOCKER,
    "docker run -e FOOTNOTE_TELEGRAM_TOKEN=123:abc -v footnote:/data footnote": DOCKER,
    "FOOTNOTE_TELEGRAM_TOKEN=123:abc .venv/bin/footnote serve": SERVES,
    "mkdir -p secrets && (umask 077; printf '123:abc' >secrets/footnote_telegram_token)": Way(),
    'mkdir -p secrets && sudo chown -R "$(id -u)" secrets': Way(),
    "sudo chown -R 10001 secrets": Way(first=("mkdir -p secrets",)),
    SECRETS: Way(first=("rm -rf secrets",)),
    DATABASE_URL: Way(first=("rm -rf secrets", SECRETS)),
    "DOMAIN=bot.example.org docker compose --profile growth up --detach --build --scale bot=2": DOCKER,
    "docker compose up --detach --build": DOCKER,
    "FOOTNOTE_TELEGRAM_TOKEN=123:abc footnote serve": SERVES,
    "footnote doctor": Way(says="documents"),
    "footnote health": Way(says="at work"),
    "footnote backup footnote-backup.db": Way(
        says="footnote-backup.db", first=(NOTHING_KEPT, "rm -f footnote-backup.db*")
    ),
    "footnote restore footnote-backup.db": Way(says="Restored.", stdin="y\n", first=(NOTHING_KEPT, NO_COPY)),
    "git pull && make setup": Way(says="CHANGELOG.md"),
    "FOOTNOTE_MODEL=openai:gpt-4.1-mini OPENAI_API_KEY=… .venv/bin/footnote chat": ASKED,
    "FOOTNOTE_MODEL=anthropic:claude-haiku-4-5 ANTHROPIC_API_KEY=… .venv/bin/footnote chat": ASKED,
    "FOOTNOTE_MODEL=ollama:qwen3:8b .venv/bin/footnote chat": ASKED,
    "FOOTNOTE_MODEL=openai:any-name FOOTNOTE_MODEL_URL=http://localhost:8000/v1 .venv/bin/footnote chat": ASKED,
    "footnote prompts check": Way(says="no faults."),
    "footnote prompts try compose --case dose-of-rituximab": Way(says="rituximab"),
    "footnote prompts diff HEAD~1 HEAD": Way(says="en"),
    "footnote trace ANSWER_ID --replay": Way(says="rituximab", first=(NOTHING_KEPT,)),
    "footnote eval": Way(says="Abstention recall"),
    "footnote eval --compare HEAD~1 prompts": Way(says="difference"),
    "footnote eval --compare extractive openai:gpt-4.1-mini --price-told 0.4 --price-written 1.6": Way(
        says="$", stdin="y\n", person=True
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command as it stands, and what its block has exported before."""

    typed: str
    exported: tuple[str, ...] = ()


def commands(readme: str) -> Iterator[Command]:
    """Every command of every code block that is for a shell; a comment is no part of it."""
    for indent, language, block in BLOCK.findall(readme):
        if language != "sh":
            continue
        exported: list[str] = []
        for line in re.sub(r" *\\\n *", " ", block).splitlines():
            typed = line.removeprefix(indent).partition("  #")[0].strip()
            if typed.startswith("export "):
                exported.append(typed)
            elif typed and not typed.startswith("#"):
                yield Command(typed=typed, exported=tuple(exported))


def languages(readme: str) -> set[str]:
    """What the README's code blocks say that they are."""
    return {language for _, language, _ in BLOCK.findall(readme)}


def copy_project(folder: Path) -> Path:
    """A copy with a history of two commits, a place that it came from, and an environment that is set up."""
    project, ignored = folder / "project", shutil.ignore_patterns("__pycache__", "*.pyc", "results")
    project.mkdir()
    for name in (*COPIED, *CONTAINERS):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, project / name, ignore=ignored)
        else:
            shutil.copy2(ROOT / name, project / name)
    _keep_few_cases(project / "prompts")
    programs = project / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, first in (("footnote", "-m bot "), ("python", "")):
        shim = programs / name
        shim.write_text(SHIM.format(folder=project, python=sys.executable, first=first), encoding="utf-8")
        shim.chmod(0o755)
    # What belongs to another user can't be tried by everybody.
    (programs / "sudo").write_text('#!/bin/sh\n[ "$1" = chown ] && [ -e "$4" ]\n', encoding="utf-8")
    (programs / "sudo").chmod(0o755)
    (project / ".gitignore").write_text(".venv/\ndata/\nsecrets/\n__pycache__/\n", encoding="utf-8")
    (project / "CHANGELOG.md").write_text("# Changelog\n", encoding="utf-8")
    _git(project, "init", "--quiet", "--initial-branch", "main")
    _commit(project, "The beginning")
    _change_words(project)
    _commit(project, "A change of words")
    _git(folder, "clone", "--quiet", "--bare", str(project), "origin.git")
    _git(folder, "clone", "--quiet", str(folder / "origin.git"), "colleague")
    (folder / "colleague" / "CHANGELOG.md").write_text("# Changelog\n\nNews.\n", encoding="utf-8")
    _commit(folder / "colleague", "News")
    _git(folder / "colleague", "push", "--quiet")
    _git(project, "remote", "add", "origin", str(folder / "origin.git"))
    _git(project, "fetch", "--quiet", "origin")
    _git(project, "branch", "--quiet", "--set-upstream-to=origin/main")
    for stamp in (".packages", ".project"):
        (project / ".venv" / stamp).touch()
    return project


def _keep_few_cases(prompts: Path) -> None:
    """Playing every case takes a minute; the copy has those that the prompts name, and the first of each kind."""
    named = set(re.findall(r"^ +(?:case:|-) ([\w-]+)$", "".join(map(_read, prompts.glob("*.md"))), re.MULTILINE))
    for path in (prompts / "cases").glob("*.yaml"):
        head, *cases = re.split(r"(?m)^(?=- name: )", _read(path))
        kept = [case for case in cases if case is cases[0] or case.splitlines()[0].removeprefix("- name: ") in named]
        path.write_text(head + "".join(kept), encoding="utf-8")


def _change_words(project: Path) -> None:
    """A new version of the fixed sentences, as a maintainer makes one."""
    wording = project / "prompts" / "wording" / "en.yaml"
    said = _read(wording)
    version = re.search(r"^version: (\d+)$", said, re.MULTILINE)
    assert version
    changed = said.replace(version[0], f"version: {int(version[1]) + 1}").replace(
        "treating team", "team that treats you"
    )
    wording.write_text(changed, encoding="utf-8")
    run(project, "footnote prompts check --accept", {})


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _commit(folder: Path, message: str) -> None:
    _git(folder, "add", "--all")
    _git(folder, "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "--quiet", "--message", message)


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, timeout=60)


def environment(project: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """The shell's: `footnote` is that of the copy."""
    path = f"{project / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    # A `make` that runs these tests would pass its own variables on to the one that is tried.
    rest = {name: value for name, value in os.environ.items() if not name.startswith(("FOOTNOTE_", "MAKE", "MFLAGS"))}
    return {**rest, "PATH": path, "PYTHONUNBUFFERED": "1", **settings}


def run(project: Path, typed: str, settings: Mapping[str, str], stdin: str = "", *, person: bool = False) -> str:
    """Run a command to its end; what it printed. AssertionError where it fails.

    A `person` types what it reads at a terminal.
    """
    given: dict[str, Any] = {"input": stdin}
    if person:
        keyboard, terminal = os.openpty()
        os.write(keyboard, stdin.encode())
        given = {"stdin": terminal}
    done: subprocess.CompletedProcess[str] = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", typed],
        cwd=project,
        env=environment(project, settings),
        capture_output=True,
        text=True,
        timeout=LONG_S,
        check=False,
        **given,
    )
    if person:
        os.close(keyboard)
        os.close(terminal)
    assert done.returncode == 0, f"{typed}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


@contextmanager
def running(project: Path, typed: str, settings: Mapping[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """Run a command that stays; it is stopped in the end, and must leave without a fault."""
    pipe = subprocess.PIPE
    command = ["bash", "-euo", "pipefail", "-c", f"exec env {typed}"]
    with subprocess.Popen(
        command, cwd=project, env=environment(project, settings), stdout=pipe, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield process
            process.terminate()
            said, _ = process.communicate(timeout=LONG_S)
            assert process.returncode == 0, said
            assert "Traceback" not in said, said
        finally:
            process.kill()


def until(process: "subprocess.Popen[str]", wanted: Callable[[str], bool]) -> str:
    """The first line of what it says that is wanted."""
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if wanted(line):
            return line
    raise AssertionError("".join(said))


def faults_of_docker(project: Path, typed: str) -> list[str]:
    """What wouldn't work about a command for Docker, as far as the files tell."""
    words = shlex.split(typed)
    given = dict(words.pop(0).split("=", 1) for word in list(words) if "=" in words[0])
    if words[0] == "make":
        planned = run(project, f"make --dry-run {words[1]}", {})
        return [] if "docker build --tag footnote " in planned else [f"{typed} builds no image named footnote"]
    if words[:2] == ["docker", "run"]:
        return list(_faults_of_run(project, words[2:]))
    composition = yaml.safe_load((project / "docker-compose.yml").read_text(encoding="utf-8"))
    return list(_faults_of_compose(project, words, given, composition))


def _faults_of_run(project: Path, words: list[str]) -> Iterator[str]:
    from bot.settings import Settings

    known = {f"FOOTNOTE_{name.upper()}" for name in Settings.model_fields}
    *options, image = words
    for option, value in zip(options[::2], options[1::2], strict=True):
        if option == "-e" and value.partition("=")[0] not in known:
            yield f"{value} is no setting"
        if option == "-v" and f"VOLUME {value.partition(':')[2]}" not in (project / "Dockerfile").read_text(
            encoding="utf-8"
        ):
            yield f"{value} is not where the image keeps its data"
        if option not in {"-e", "-v"}:
            yield f"{option} isn't looked at by this test"
    if image != "footnote":
        yield f"{image} is not what `make image` builds"


def _faults_of_compose(
    project: Path, words: list[str], given: Mapping[str, str], composition: dict[str, dict[str, object]]
) -> Iterator[str]:
    services = composition["services"]
    profiles = {profile for one in services.values() for profile in (dict(one).get("profiles") or [])}  # type: ignore[call-overload]
    for option, value in pairwise(words):
        if option == "--profile" and value not in profiles:
            yield f"there is no profile {value}"
        if option == "--scale" and value.partition("=")[0] not in services:
            yield f"there is no service {value}"
    before = words[words.index("compose") + 1 : words.index("up")]
    if subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0:
        run(project, shlex.join(["docker", "compose", *before, "config", "--quiet"]), given)


def shell_commands() -> list[Command]:
    """Those of today's README."""
    return list(commands(README.read_text(encoding="utf-8")))
