"""`footnote eval` as a maintainer uses it, with a scripted model that does what its prompt says."""

import asyncio
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from bot import cli
from bot.answering.steps import Steps
from bot.bootstrap import open_bot
from bot.domain.errors import ConfigurationError, FootnoteError, WordingError
from bot.domain.messages import IncomingMessage, Reply
from bot.places import shipped
from bot.settings import load_settings
from tests.scripted_provider import ScriptedProvider
from tests.scripted_provider.obedient import obedient

READERS = ("clinician", "trainee", "family", "other")


def run(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(cli.app, ["eval", *arguments])
    assert done.exit_code == code, (done.output, done.exception)
    return done


def run_json(*arguments: str, code: int = 0) -> Any:
    return json.loads(run(*arguments, "--json", code=code).stdout)


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped library, indexed once."""
    from bot.bootstrap import open_library
    from bot.settings import Settings

    data = tmp_path_factory.mktemp("indexed")
    open_library(Settings(data=data))
    return data


@pytest.fixture(autouse=True)
def data(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copied = shutil.copytree(index, tmp_path / "data")
    monkeypatch.setenv("FOOTNOTE_DATA", str(copied))
    return copied


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedProvider]:
    """A model that obeys its prompt, which is set."""
    server = ScriptedProvider(obedient())
    server.start()
    monkeypatch.setenv("FOOTNOTE_MODEL", "openai:obedient")
    monkeypatch.setenv("FOOTNOTE_MODEL_URL", server.url)
    monkeypatch.setenv("FOOTNOTE_MODEL_KEY", "none")
    yield server
    server.stop()


def words(folder: Path, *edits: tuple[str, str, str]) -> str:
    """A whole set of words in a folder of its own, with some texts replaced (patterns)."""
    shutil.copytree(shipped("prompts"), folder)
    (folder / "versions.yaml").unlink()
    for name, old, new in edits:
        text = (folder / name).read_text(encoding="utf-8")
        changed = re.sub(old, new, text, flags=re.DOTALL)
        assert changed != text, (name, old)
        (folder / name).write_text(changed, encoding="utf-8")
    return str(folder)


NO_CITATIONS = (
    ("compose.md", r'- "sources":[^\n]*\n', ""),
    ("compose.md", r', "sources": \["…"\]', ""),
    ("compose.md", r'\nEvery line needs its "sources"[^\n]*', ""),
    ("repair.md", r'- "sources" holds ids from the list below; ', "- "),
    ("repair.md", r', "sources": \["…"\]', ""),
)
NO_ABSTENTION = (
    ("compose.md", r"- If the passages hold no answer[^\n]*\n", ""),
    ("compose.md", r'  - text: "no_answer".*?(?=---)', ""),
)
WEAK_DISCLAIMER = tuple(
    ("wording/en.yaml", rf'(disclaimer:.*?\n  {reader}): "[^"]*"', r'\1: "Information from the cited documents."')
    for reader in READERS
)


@pytest.mark.parametrize(
    ("edits", "kind", "metrics"),
    [
        (NO_CITATIONS, "contradictory", {"groundedness", "own_text"}),
        (NO_ABSTENTION, "unanswerable", {"outcome", "abstention_recall"}),
        (WEAK_DISCLAIMER, "answerable", {"disclaimer"}),
    ],
    ids=["citation rule dropped", "abstention rule dropped", "disclaimer weakened"],
)
def test_a_worse_prompt_is_told_worse_by_an_interval_without_zero(
    tmp_path: Path, model: ScriptedProvider, edits: Any, kind: str, metrics: set[str]
) -> None:
    before, after = words(tmp_path / "good"), words(tmp_path / "worse", *edits)
    told = run_json("--compare", before, after, "--only", kind, "--yes")
    assert (told["verdict"], told["sides"]) == ("worse", ["good", "worse"])
    worse = {one["metric"] for one in told["differences"] if one["verdict"] == "worse"}
    assert worse >= metrics
    assert all(one["high"] < 0 for one in told["differences"] if one["metric"] in worse)
    page = Path(told["report"]).read_text(encoding="utf-8")
    assert "<b>worse</b> is worse than <b>good</b>" in page


def test_the_same_words_on_both_sides_show_no_difference_and_read_the_same_passages(
    tmp_path: Path, model: ScriptedProvider
) -> None:
    folder = words(tmp_path / "good")
    told = run_json("--compare", folder, folder, "--only", "non_standalone", "--yes")
    assert (told["verdict"], told["sides"][1]) == ("no difference", f"{folder} again")
    first, *records = map(json.loads, Path(told["log"]).read_text(encoding="utf-8").splitlines())
    assert first["run"]["same_passages"]
    found: dict[str, list[Any]] = {}
    for record in records:
        found.setdefault(record["case"], []).append([note["passage"] for note in record["retrieved"]])
    assert len(found) >= 6
    assert all(before == after for before, after in found.values())


def test_two_models_are_compared_and_a_judge_reads_over(tmp_path: Path, model: ScriptedProvider) -> None:
    told = run_json(
        *("--compare", "extractive", "openai:obedient", "--only", "fda-warning", "--yes", "--judge", "openai:obedient"),
        *("--price-told", "1", "--price-written", "2"),
    )
    assert told["sides"] == ["extractive", "openai:obedient"]
    assert told["judge"]["claims"] > 0
    assert told["metrics"]["openai:obedient"]["cost"]["mean"] > 0
    assert "tokens" not in told["metrics"]["extractive"]


def test_a_language_model_is_not_used_before_somebody_agrees(model: ScriptedProvider) -> None:
    done = CliRunner().invoke(cli.app, ["eval", "--only", "fda-warning"])
    assert isinstance(done.exception, ConfigurationError)
    assert "calls" in done.stderr
    assert model.asked == []


def test_the_gate_fails_on_a_real_loss_until_the_baseline_is_renewed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With few cases of one's own, on the embedded composer."""
    library, own = tmp_path / "library", tmp_path / "own"
    for folder in (library, own / "cases", own / "wording"):
        folder.mkdir(parents=True)
    page = "# Rituximab in JDM\n\n## Dose\n\nRituximab was given at 375 mg/m² weekly for 4 consecutive weeks in JDM.\n"
    (library / "rituximab.md").write_text(page, encoding="utf-8")
    cases = [
        {
            "name": f"dose-{number}",
            "kind": "answerable",
            "conversation": [f"{asked} the dose of rituximab in JDM?"],
            "must_cite": ["rituximab"],
            "must_say": ["375 mg/m²"],
            "origin": "rituximab: Rituximab was given at 375 mg/m² weekly for 4 consecutive weeks in JDM.",
            "reviewer": "none",
            "date": "2026-11-22",
        }
        for number, asked in enumerate(
            ["What is", "What was", "Which is", "Please tell me,what is", "So what is", "And what is"]
        )
    ]
    (own / "cases" / "own.yaml").write_text(yaml.safe_dump(cases), encoding="utf-8")
    monkeypatch.setenv("FOOTNOTE_KNOWLEDGE", str(library))
    monkeypatch.setenv("FOOTNOTE_PROMPTS", str(own))
    monkeypatch.setenv("FOOTNOTE_DATA", str(tmp_path / "own data"))
    done = CliRunner().invoke(cli.app, ["eval", "--gate"])
    assert isinstance(done.exception, ConfigurationError)
    assert "--renew" in str(done.exception)
    run("--renew")
    assert (own / "cases" / "baseline.json").exists()
    assert run_json("--gate")["losses"] == []
    (own / "wording" / "en.yaml").write_text('disclaimer:\n  clinician: "Information."\n', encoding="utf-8")
    (loss,) = run_json("--gate", code=1)["losses"]
    assert loss.startswith("Disclaimer fell from 1.00 to 0.00")
    run("--renew")
    assert run_json("--gate")["losses"] == []

    def breaks(*_: object) -> None:
        raise IndexError

    monkeypatch.setattr(Steps, "assess", breaks)
    assert run_json("--gate", code=1)["losses"][0].startswith("6 cases broke the program: dose-0")


def test_cases_are_written_for_promptfoo(tmp_path: Path) -> None:
    run("--promptfoo", str(tmp_path / "cases.yaml"), "--only", "emergency")
    exported = yaml.safe_load((tmp_path / "cases.yaml").read_text(encoding="utf-8"))
    assert len(exported["tests"]) >= 6


def test_a_bad_answer_becomes_a_case_that_the_check_asks_to_complete(tmp_path: Path) -> None:
    async def ask() -> Reply:
        async with open_bot(load_settings()) as bot:
            text = "Patient Erika Sommer, born 03.04.2015: what methotrexate dose does SHARE recommend in JDM?"
            return await bot.service.respond(IncomingMessage(conversation="c", text=text))

    answer_id = asyncio.run(ask()).provenance.answer_id
    path = tmp_path / "new.yaml"
    run("capture", answer_id, "--to", str(path))
    run("capture", answer_id, "--to", str(path))
    first, _ = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert "share-2017-treatment" in first["must_cite"]
    assert not {"Erika", "Sommer"} & set(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    assert "- name:" in run("capture", answer_id).stdout
    done = CliRunner().invoke(cli.app, ["eval", "capture", "nothing"])
    assert isinstance(done.exception, FootnoteError)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--only", "no-such-case"], "no case or kind 'no-such-case'"),
        (["--compare", "a", "b", "--gate"], "stands by itself"),
        (["--gate", "--only", "partial"], "about all cases"),
        (["--compare", "nowhere", "extractive"], "nowhere is no folder"),
        (["--model", "openai"], "openai"),
    ],
)
def test_what_cannot_be_run_is_said(arguments: list[str], says: str) -> None:
    done = CliRunner().invoke(cli.app, ["eval", *arguments])
    assert isinstance(done.exception, ConfigurationError), done.output
    assert says in str(done.exception)


def test_a_case_with_a_fault_keeps_everything_from_being_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own" / "cases").mkdir(parents=True)
    broken = '- name: a\n  kind: answerable\n  conversation: ["Why?"]\n'
    (tmp_path / "own" / "cases" / "own.yaml").write_text(broken, encoding="utf-8")
    monkeypatch.setenv("FOOTNOTE_PROMPTS", str(tmp_path / "own"))
    done = CliRunner().invoke(cli.app, ["eval"])
    assert isinstance(done.exception, WordingError)
    assert "own.yaml, line 1: origin is missing" in str(done.exception)
    (tmp_path / "own" / "cases" / "more.yaml").write_text(
        '- name: b\n  conversation: "Why?" or not\n', encoding="utf-8"
    )
    assert "more.yaml, line 2" in str(CliRunner().invoke(cli.app, ["eval"]).exception)
    checked = CliRunner().invoke(cli.app, ["prompts", "check"])
    assert checked.exit_code == 1
    assert "own.yaml, line 1: origin is missing" in checked.output
