"""What a running bot can tell of itself, with the real library, database and wording."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.bootstrap import Bot, open_bot, watch_files
from bot.bootstrap.affairs import open_affairs
from bot.bootstrap.external import language_models
from bot.channels.telegram.affairs import Affairs
from bot.domain.answers import Abstention
from bot.domain.messages import IncomingMessage
from bot.settings import Settings


@dataclass
class Opened:
    """A bot with its affairs, and the folders of its library and wording."""

    bot: Bot
    affairs: Affairs
    library: Path
    wording: Path


def page(title: str, text: str) -> str:
    return f"# {title}\n\n## What was found\n\n{text}\n"


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Opened]:
    library, wording = tmp_path / "library", tmp_path / "prompts"
    library.mkdir()
    (wording / "wording").mkdir(parents=True)
    (library / "a.md").write_text(page("On rituximab", "Rituximab helped nine children with myositis."))
    settings = Settings(knowledge=library, prompts=wording, data=tmp_path / "data")
    async with open_bot(settings) as bot:
        with watch_files(bot, settings, lambda _: None) as watches:
            affairs = open_affairs(settings, replace(bot, watches=watches))
            yield Opened(bot, affairs, library, wording / "wording" / "en.yaml")
        bot.library.index.close()


async def test_it_tells_of_documents_answers_and_gaps(opened: Opened) -> None:
    now = datetime.now(UTC)
    assert [document.title for document in opened.affairs.documents()] == ["On rituximab"]
    asked = IncomingMessage(conversation="c1", text="What is the dose of abatacept in myositis?")
    reply = await opened.bot.service.respond(asked)
    assert isinstance(reply.outcome, Abstention)
    assert await opened.affairs.answers_since(now - timedelta(minutes=1)) == {"abstention": 1}
    assert await opened.affairs.answers_since(now + timedelta(days=1)) == {}
    (gap,) = await opened.affairs.gaps(now - timedelta(minutes=1))
    assert "abatacept" in gap.question
    assert gap.count == 1


async def test_a_reload_takes_up_library_and_wording(opened: Opened) -> None:
    (opened.library / "b.md").write_text(page("On abatacept", "Abatacept helped ten children."))
    opened.wording.write_text('terminal:\n  goodbye: "See you."\n')
    assert await opened.affairs.reload() == ()
    assert {document.title for document in opened.affairs.documents()} == {"On rituximab", "On abatacept"}
    assert opened.bot.wording.say("terminal.goodbye") == "See you."


async def test_a_reload_names_a_document_that_cannot_be_read(opened: Opened) -> None:
    (opened.library / "b.md").write_text("---\nreview_status: unheard of\n---\nNo.\n")
    (fault,) = await opened.affairs.reload()
    assert "b.md" in fault


async def test_broken_words_are_named_and_the_last_good_ones_stay(opened: Opened) -> None:
    said = opened.bot.wording.say("terminal.goodbye")
    (opened.library / "b.md").write_text(page("On abatacept", "Abatacept helped ten children."))
    opened.wording.write_text('terminal:\n  goodbye: ""\n')
    (fault,) = await opened.affairs.reload()
    assert "goodbye is empty" in fault
    assert opened.bot.wording.say("terminal.goodbye") == said
    assert len(opened.affairs.documents()) == 2


async def test_identifiers_are_taken_out_of_what_readers_write(opened: Opened) -> None:
    kept = opened.affairs.without_identifiers("Mrs Jane Doe, born 03/04/2015, got rituximab.")
    assert "Jane" not in kept
    assert "2015" not in kept
    assert "rituximab" in kept


def test_every_model_that_is_sent_questions_is_named_once() -> None:
    assert language_models(Settings()) == ()
    chosen = Settings(model="openai:a", fallback_model="ollama:b", judge_model="openai:a", small_model="ollama:c")
    assert language_models(chosen) == ("openai:a", "ollama:b", "ollama:c")
