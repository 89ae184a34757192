"""`footnote prompts …` and `footnote trace` as a maintainer uses them."""

import asyncio
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.bootstrap import open_bot
from bot.domain.errors import ConfigurationError, FootnoteError, WordingError
from bot.domain.messages import Audience, IncomingMessage, Reply
from bot.places import shipped
from bot.settings import load_settings
from tests.scripted_provider import ScriptedProvider, honest
from tests.unit.prompts.folders import copied, edit, set_version

PAGE = "# Rituximab in JDM\n\n## Dose\n\nRituximab was given at 375 mg/m² weekly for 4 consecutive weeks in JDM.\n"
QUESTION = "What is the dose of rituximab?"


def run(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(cli.app, arguments)
    assert done.exit_code == code, done.output
    return done


def run_json(*arguments: str, code: int = 0) -> Any:
    return json.loads(run(*arguments, "--json", code=code).stdout)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small library, and a folder of one's own prompts."""
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "rituximab.md").write_text(PAGE, encoding="utf-8")
    folder = tmp_path / "own"
    (folder / "wording").mkdir(parents=True)
    monkeypatch.setenv("FOOTNOTE_KNOWLEDGE", str(tmp_path / "library"))
    monkeypatch.setenv("FOOTNOTE_PROMPTS", str(folder))
    return folder


def ask(text: str = QUESTION, audience: Audience = Audience.CLINICIAN) -> Reply:
    async def answer() -> Reply:
        async with open_bot(load_settings()) as bot:
            return await bot.service.respond(IncomingMessage(conversation="c", text=text, audience=audience))

    return asyncio.run(answer())


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedProvider]:
    """An honest model, which is set."""
    server = ScriptedProvider(honest)
    server.start()
    monkeypatch.setenv("FOOTNOTE_MODEL", "openai:any")
    monkeypatch.setenv("FOOTNOTE_MODEL_URL", server.url)
    yield server
    server.stop()


# check, list, show


def test_check_says_what_is_wrong_and_what_a_language_lacks(own: Path) -> None:
    assert run("prompts", "check").stdout == "no faults.\n"
    (own / "wording" / "fr.yaml").write_text('terminal:\n  goodbye: "Au revoir."\n', encoding="utf-8")
    assert "wording/fr.yaml leaves " in run("prompts", "check").stdout
    missing = run_json("prompts", "check")["missing"]
    assert "terminal.welcome" in missing["fr"]
    assert "terminal.goodbye" not in missing["fr"]
    (own / "wording" / "en.yaml").write_text('terminal:\n  goodbye: ""\n  farewell: "x"\n', encoding="utf-8")
    told = run("prompts", "check", code=1).stdout
    assert f"{own}/wording/en.yaml, line 2: terminal.goodbye is empty. Write a sentence there." in told
    assert "1 fault." in told
    (fault,) = run_json("prompts", "check", code=1)["faults"]
    assert (fault["file"], fault["line"]) == (str(own / "wording" / "en.yaml"), 2)
    for command in (("list",), ("show", "compose"), ("history", "compose")):
        assert isinstance(CliRunner().invoke(cli.app, ["prompts", *command]).exception, WordingError)


def test_check_accepts_a_new_version(own: Path) -> None:
    copy = own / "copy"
    shutil.copytree(shipped("prompts"), copy)
    edit(copy / "judge.md", "at most fifteen words", "at most twenty words")
    accepting = CliRunner(env={"FOOTNOTE_PROMPTS": str(copy)})
    assert accepting.invoke(cli.app, ["prompts", "check", "--accept"]).exit_code == 1
    set_version(copy / "judge.md", 77)
    assert "version 77 of judge is new" in accepting.invoke(cli.app, ["prompts", "check"]).stdout
    assert accepting.invoke(cli.app, ["prompts", "check", "--accept"]).exit_code == 0
    assert accepting.invoke(cli.app, ["prompts", "check"]).exit_code == 0


def test_list_and_show_tell_what_is_in_force(own: Path) -> None:
    shutil.copy(shipped("prompts") / "judge.md", own)
    set_version(own / "judge.md", 77)
    text = (own / "judge.md").read_text(encoding="utf-8")
    rows = {row["id"]: row for row in run_json("prompts", "list")}
    assert set(rows) == {"compose", "contextualize", "judge", "repair", "wording/en", "wording/de"}
    assert (rows["judge"]["version"], rows["judge"]["own"], rows["compose"]["own"]) == (77, True, False)
    assert "judge  version 77, own, sha256:" in run("prompts", "list").stdout
    shown = run_json("prompts", "show", "judge")
    assert (shown["file"], shown["text"], shown["version"]) == (str(own / "judge.md"), text, 77)
    assert run_json("prompts", "show", "wording/de")["sentences"]["terminal.goodbye"] == "Auf Wiedersehen."
    assert "version: 77" in run("prompts", "show", "judge").stdout
    with pytest.raises(ConfigurationError, match="Choose one of: compose"):
        CliRunner().invoke(cli.app, ["prompts", "show", "nothing"], catch_exceptions=False)


# try


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("compose", "375 mg/m² weekly for 4 consecutive weeks"),
        ("judge", "Claim: Rituximab was given at 375 mg/m² weekly"),
        ("repair", "9999 patients"),
    ],
)
def test_try_shows_exactly_what_a_model_would_be_sent(own: Path, name: str, holds: str) -> None:
    tried = run_json("prompts", "try", name, "--question", QUESTION)
    assert holds in tried["user"]
    assert "{{" not in tried["system"] + tried["user"]
    assert (tried["model"], tried["written"], tried["reply"]) == (None, "", None)
    assert "to nobody: no model is set for it" in run("prompts", "try", name, "--question", QUESTION).stdout


def test_try_has_the_conversation_of_a_case(own: Path) -> None:
    tried = run_json("prompts", "try", "contextualize", "--case", "and-the-dose")
    assert tried["conversation"] == ["Does rituximab help in refractory JDM?", "and the dose?"]
    assert tried["user"].count("and the dose?") == 1
    assert "Q: Does rituximab help in refractory JDM?" in tried["user"]


def test_try_shows_what_the_model_writes_and_what_passes_the_gate(own: Path, provider: ScriptedProvider) -> None:
    tried = run_json("prompts", "try", "compose", "--question", QUESTION)
    told = run("prompts", "try", "compose", "--question", QUESTION).stdout
    sent, _ = provider.asked
    assert tried["model"] == "openai:any"
    assert [text for _, text in sent.messages] == [tried["system"], tried["user"]]
    assert tried["reply"]["provenance"]["model"] == "openai:any"
    assert '"role": "bottom_line"' in tried["written"]
    assert "=== Through the gate" in told


@pytest.mark.parametrize(
    "arguments",
    [
        ("nothing", "--question", "x"),
        ("compose",),
        ("compose", "--question", "x", "--case", "and-the-dose"),
        ("compose", "--case", "nothing"),
        ("contextualize", "--question", QUESTION),
    ],
)
def test_try_says_what_it_needs(own: Path, arguments: tuple[str, ...]) -> None:
    with pytest.raises(FootnoteError) as caught:
        CliRunner().invoke(cli.app, ["prompts", "try", *arguments], catch_exceptions=False)
    assert caught.value.remedy


# diff, history


def test_diff_marks_words_between_files_folders_and_revisions(own: Path, tmp_path: Path) -> None:
    a, b = copied(tmp_path / "a"), copied(tmp_path / "b")
    edit(b / "judge.md", "at most fifteen words", "at most twenty words")
    assert "at most [-fifteen-]{+twenty+} words" in run("prompts", "diff", str(a), str(b)).stdout
    changes = run_json("prompts", "diff", str(a / "judge.md"), str(b))
    assert list(changes) == ["judge.md"]
    assert run("prompts", "diff", str(a), str(a)).stdout == "No difference.\n"
    commit(b, "one")
    edit(b / "judge.md", "at most twenty words", "at most ten words")
    commit(b, "two")
    done = CliRunner(env={"FOOTNOTE_PROMPTS": str(b)}).invoke(cli.app, ["prompts", "diff", "HEAD~1", "HEAD"])
    assert "[-twenty-]{+ten+}" in done.stdout
    with pytest.raises(ConfigurationError, match="no folder, no file, and no revision"):
        CliRunner().invoke(cli.app, ["prompts", "diff", "--", "nowhere", str(a)], catch_exceptions=False)


def commit(folder: Path, message: str) -> None:
    by = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false")
    for command in (("init", "-q"), ("add", "."), (*by, "commit", "-q", "-m", message)):
        subprocess.run(["git", "-C", str(folder), *command], check=True)


def test_history_counts_the_answers_that_each_text_made(own: Path) -> None:
    sentences = own / "wording" / "en.yaml"
    sentences.write_text('version: 102\nterminal:\n  goodbye: "Bye."\n', encoding="utf-8")
    commit(own, "one")
    ask()
    ask("What is the dose of anakinra?")
    sentences.write_text('version: 103\nterminal:\n  goodbye: "See you."\n', encoding="utf-8")
    ask()
    new, old = run_json("prompts", "history", "wording/en")
    assert (new["version"], new["commit"], new["answers"]) == ("103", "", 1)
    assert (old["version"], old["author"], old["answers"]) == ("102", "Ada", 2)
    (own / "judge.md").write_text((shipped("prompts") / "judge.md").read_text(encoding="utf-8"), encoding="utf-8")
    assert {row["answers"] for row in run_json("prompts", "history", "judge")} == {0}
    assert "version 102" in run("prompts", "history", "wording/en").stdout
    assert "2 answers, the last on" in run("prompts", "history", "wording/en").stdout


# trace


@pytest.mark.usefixtures("provider")
def test_trace_tells_everything_behind_an_answer(own: Path) -> None:
    reply = ask(audience=Audience.TRAINEE)
    told = run_json("trace", reply.provenance.answer_id)
    assert told["question"] == QUESTION
    assert told["retrieved"][0]["document"] == "rituximab.md"
    assert told["models"] == {"compose": {"model": "openai:any", "temperature": 0.0, "max_tokens": None}}
    assert {name: one["present"] for name, one in told["prompts"].items()} == {"wording/en": True, "compose": True}
    assert [claim["support"] for claim in told["claims"]] == ["SUPPORTED"] * len(told["checked"])
    assert told["timings_ms"].keys() >= {"retrieve", "compose", "total"}
    text = run("trace", reply.provenance.answer_id).stdout
    assert "openai:any, temperature 0" in text
    assert reply.provenance.knowledge in text


def test_a_replay_shows_what_would_differ_today_and_records_nothing(own: Path) -> None:
    reply = ask(audience=Audience.TRAINEE)
    identifier = reply.provenance.answer_id
    assert "nothing differs" in run("trace", identifier, "--replay").stdout
    (own / "wording" / "en.yaml").write_text('disclaimer:\n  other: "Ask the team."\n', encoding="utf-8")
    page = own.parent / "library" / "rituximab.md"
    page.write_text(PAGE.replace("375 mg/m²", "500 mg"), encoding="utf-8")
    told = run_json("trace", identifier, "--replay")
    assert any("[-375-]{+500+} mg" in line for line in told["differences"])
    assert any(line.startswith("library: ") for line in told["differences"])
    assert any(line.startswith("prompt own/wording/en: none -> sha256:") for line in told["differences"])
    assert not any(line.startswith("disclaimer") for line in told["differences"])
    assert run("prompts", "history", "wording/en").stdout.count("no answers") == 1


def test_an_answer_that_is_not_there_is_said_so(own: Path) -> None:
    with pytest.raises(FootnoteError, match="There is no answer 'nothing'"):
        CliRunner().invoke(cli.app, ["trace", "nothing"], catch_exceptions=False)
