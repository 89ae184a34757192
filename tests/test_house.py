"""The promises of the house: floors, set-up, documents that keep up with the code, nothing of one machine in it."""

import ast
import os
import re
import socket
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# Each takes a good part of a second or many megabytes, and `--help` needs none of them.
HEAVY = {
    "alembic", "chromadb", "docx", "httpx", "langchain", "langchain_core", "langgraph", "lxml", "numpy",
    "onnxruntime", "pydantic", "pydantic_settings", "pypdfium2", "rispy", "safetensors", "sqlalchemy", "tantivy",
    "telegram", "tokenizers", "trafilatura", "yaml",
}  # fmt: skip

# In two halves each, because this file is searched too.
REGISTRIES = tuple(
    first + second
    for first, second in [
        ("pypi", ".org"),
        ("files.python", "hosted.org"),
        ("registry.npm", "js.org"),
        ("deb.deb", "ian.org"),
        ("archive.ub", "untu.com"),
        ("static.crates", ".io"),
        ("proxy.go", "lang.org"),
    ]
)


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False, timeout=120
    )


def commands() -> Iterator[tuple[str, str]]:
    """Every command of `footnote` as it is typed, with its help."""
    import typer.main

    from bot.cli import app

    def walk(command: Any, typed: str) -> Iterator[tuple[str, str]]:
        inner = getattr(command, "commands", None)
        if inner is None:
            yield typed, command.help or ""
        else:
            for name, child in inner.items():
                yield from walk(child, f"{typed} {name}")

    return walk(typer.main.get_command(app), "footnote")


def test_every_module_imports_only_from_the_floors_below_it() -> None:
    done = run(Path(sys.executable).parent / "lint-imports", "--no-cache")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_vocabulary_imports_nothing_but_the_standard_library() -> None:
    strangers = {
        f"{path.name}: {name}"
        for path in (ROOT / "bot" / "domain").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in imported(node)
        if not name.startswith("bot.domain") and name.partition(".")[0] not in sys.stdlib_module_names
    }
    assert strangers == set()


def imported(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=module):
            return [module or "a relative import"]
        case _:
            return []


def test_help_starts_without_the_heavy_libraries() -> None:
    done = run(sys.executable, "-X", "importtime", "-m", "bot", "--help")
    assert done.returncode == 0, done.stderr
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "typer" in loaded
    assert loaded & HEAVY == set()


def test_every_command_has_a_help_and_stands_in_the_readme() -> None:
    known = dict(commands())
    assert known
    assert [typed for typed, help_text in known.items() if not help_text.strip()] == []
    assert [typed for typed in known if not re.search(rf"{re.escape(typed)}\b", README)] == []


def test_every_setting_has_a_description_and_stands_in_the_readme() -> None:
    from bot.settings import Settings

    variables = {f"FOOTNOTE_{name.upper()}": field.description for name, field in Settings.model_fields.items()}
    assert [name for name, description in variables.items() if not description] == []
    assert [name for name in variables if not re.search(rf"\b{name}\b", README)] == []


def test_the_readme_names_no_setting_that_is_not_there() -> None:
    from bot.settings import Settings

    assert set(re.findall(r"\bFOOTNOTE_[A-Z_]+\b", README)) <= {
        f"FOOTNOTE_{name.upper()}" for name in Settings.model_fields
    }


def test_the_first_screen_of_the_readme_shows_both_commands() -> None:
    screen = "\n".join(README.splitlines()[:40])
    assert "make chat" in screen
    assert "make test" in screen


def test_every_make_target_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony
    assert [name for name in phony[1].split() if not re.search(rf"^{name}:.*  ## \S", makefile, re.MULTILINE)] == []


def locked() -> dict[str, list[Requirement]]:
    """The lock's requirements by name; a name may stand more than once, for different Python versions."""
    pins: dict[str, list[Requirement]] = {}
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith((" ", "#")):
            requirement = Requirement(line.removesuffix("\\").strip())
            pins.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return pins


def test_the_lock_satisfies_everything_that_the_project_asks_for() -> None:
    groups = PROJECT["dependency-groups"]
    wanted = [Requirement(line) for line in PROJECT["project"]["dependencies"] + groups["dev"] + groups["build"]]
    pins = locked()
    missing = []
    for requirement in wanted:
        versions = [next(iter(pin.specifier)).version for pin in pins.get(canonicalize_name(requirement.name), [])]
        if not versions or not all(requirement.specifier.contains(version) for version in versions):
            missing.append(f"{requirement}, locked: {versions}")
    assert missing == [], "run `make lock`"


def test_the_lock_pins_every_package_by_version_and_hash() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)[1:]
    assert [entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_the_lock_holds_no_gpu_build() -> None:
    assert [name for name in locked() if re.match(r"torch$|triton$|nvidia-|cuda-|sentence-transformers$", name)] == []


def project_files() -> Iterator[tuple[str, str]]:
    """Every text file that is or would be committed."""
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    if listed.returncode != 0:
        pytest.skip("not a Git checkout")
    for name in filter(None, listed.stdout.split("\0")):
        try:
            yield name, (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue


def test_no_file_names_a_package_registry() -> None:
    configured = run(sys.executable, "-m", "pip", "config", "list").stdout
    hosts = {*REGISTRIES, *re.findall(r"https?://(?:[^@/'\s]*@)?([^/:'\s]+)", configured)}
    assert [(name, host) for name, text in project_files() for host in hosts if host in text] == []


def test_no_file_holds_a_path_of_this_machine() -> None:
    own = [f"{path}/" for path in (Path.home(), ROOT) if len(path.parts) > 1]
    anyones = re.compile(r"/(?:home|Users)/(?!me/|you/)\w+/|[A-Z]:\\Users\\")
    itself = Path(__file__).relative_to(ROOT).as_posix()
    guilty = [name for name, text in project_files() if any(path in text for path in own) or anyones.search(text)]
    assert [name for name in guilty if name != itself] == []


def test_there_is_no_lock_but_requirements_lock() -> None:
    assert [name for name, _ in project_files() if Path(name).name in {"uv.lock", "poetry.lock", "pdm.lock"}] == []


def test_the_wheel_carries_the_library_and_the_wording(tmp_path: Path) -> None:
    from hatchling.builders.wheel import WheelBuilder

    built = Path(next(WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])))
    with zipfile.ZipFile(built) as wheel:
        inside = set(wheel.namelist())
        wheel.extractall(tmp_path / "installed")
    for folder in ("knowledge", "prompts"):
        shipped = {f"bot/_data/{name}" for name, _ in project_files() if name.startswith(f"{folder}/")}
        assert shipped - inside == set()
    found = run(
        sys.executable,
        "-c",
        "from bot.places import shipped\n"
        "for name in ('knowledge', 'prompts'): print(len(list(shipped(name).rglob('*.*'))))",
        PYTHONPATH=str(tmp_path / "installed"),
        PYTHONSAFEPATH="1",
    )
    counts = [int(count) for count in found.stdout.split()]
    assert len(counts) == 2, found.stderr
    assert all(counts)


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org", "::ffff:192.0.2.1"])
def test_no_test_reaches_another_host(host: str) -> None:
    with pytest.raises(AssertionError, match="tests use fakes"):
        socket.create_connection((host, 80), timeout=1)


def test_a_test_reaches_its_own_servers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


def test_the_drawing_in_the_architecture_is_the_graphs_own() -> None:
    """The lines between the marks are the edges that LangGraph itself draws."""
    from bot.answering.graph import build_graph
    from bot.answering.steps import Steps

    graph = build_graph(cast("Steps", None)).get_graph()
    drawn = {(edge.source, edge.target) for edge in graph.edges if not edge.source.startswith("_")}
    drawn = {(source, target) for source, target in drawn if not target.startswith("_")}
    text = (ROOT / "bot" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    block = text.split("<!-- graph -->")[1].split("<!-- /graph -->")[0]
    written = {(a, b) for a, b in re.findall(r"^(\w+) -> (\w+)", block, re.MULTILINE)}
    assert written == drawn
