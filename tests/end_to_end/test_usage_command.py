"""`footnote knowledge gaps` and `stats` over what was really asked."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.bootstrap import open_bot, open_record
from bot.cli import app
from bot.domain.messages import IncomingMessage
from bot.settings import load_settings

PAGE = "# Rituximab & JDM\n\n## Dose\n\nRituximab was given at 375 mg/m² weekly for 4 consecutive weeks in JDM.\n"
QUESTIONS = ("What is the dose of rituximab?", "What is the dose of anakinra?", "dose of anakinra?", "hello")


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "rituximab.md").write_text(PAGE, encoding="utf-8")
    (folder / "other.md").write_text("# Other\n\nMethotrexate was given weekly to all children.\n", encoding="utf-8")
    monkeypatch.setenv("FOOTNOTE_KNOWLEDGE", str(folder))
    return folder


async def asked() -> None:
    async with open_bot(load_settings()) as bot:
        for number, question in enumerate(QUESTIONS):
            await bot.service.respond(
                IncomingMessage(conversation=f"secret-{number}", text=question, user="telegram:5")
            )


def run(*arguments: str) -> Result:
    done = CliRunner().invoke(app, ["knowledge", *arguments])
    assert done.exit_code == 0, done.output
    return done


def test_gaps_and_numbers_come_from_the_record_without_names(library: Path) -> None:
    import asyncio

    asyncio.run(asked())
    told = run("gaps").stdout
    assert told.startswith("2×  ")
    assert "anakinra" in told
    assert "rituximab?" not in told
    (gap,) = json.loads(run("gaps", "--json").stdout)["gaps"]
    assert gap["count"] == 2
    stats = json.loads(run("stats", "--json").stdout)
    assert (stats["documents"], stats["citations"], stats["never_cited"]) == (2, {"Rituximab & JDM": 1}, ["Other"])
    assert "Rituximab & JDM" in run("stats").stdout
    page = library.parent / "page.html"
    run("stats", "--html", str(page))
    html = page.read_text(encoding="utf-8")
    assert "Rituximab &amp; JDM" in html
    assert "anakinra" in html
    for text in (told, html, json.dumps(stats)):
        assert "secret" not in text
        assert "telegram" not in text


async def test_only_the_days_that_are_asked_for_count(library: Path) -> None:
    await asked()
    async with open_record(load_settings()) as usage:
        assert await usage.unanswered(datetime(2999, 1, 1, tzinfo=UTC)) == ()
        assert len(await usage.unanswered(datetime(2001, 1, 1, tzinfo=UTC))) == 2


def test_nothing_asked_is_told(library: Path) -> None:
    assert "Every question of the last 7 days had an answer" in run("gaps", "--days", "7").stdout
