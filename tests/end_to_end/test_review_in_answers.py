"""What readers are told of the review of sources, and what is never quoted: the real bot over a small library."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.bootstrap import open_bot
from bot.domain.answers import Abstention, Answer
from bot.domain.messages import IncomingMessage, Reply
from bot.settings import load_settings
from tests.fakes import MemoryConversations

Write = Callable[..., None]
QUESTION = "What is the dose of rituximab?"
APPROVED = "review_status: approved\nreviewed_by: Rita\nreviewed_on: 2026-01-01\n"


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    (tmp_path / "library").mkdir()
    monkeypatch.setenv("FOOTNOTE_KNOWLEDGE", str(tmp_path / "library"))

    def page(name: str, dose: str, header: str) -> None:
        text = (
            f"---\ntitle: Rituximab {name}\n{header}---\n## Dose\nRituximab was given at {dose} weekly for 4 weeks.\n"
        )
        (tmp_path / "library" / f"{name}.md").write_text(text, encoding="utf-8")

    return page


async def ask() -> Reply:
    async with open_bot(load_settings(), conversations=MemoryConversations()) as bot:
        return await bot.service.respond(IncomingMessage(conversation="c", text=QUESTION))


def cited(reply: Reply) -> set[str]:
    assert isinstance(reply.outcome, Answer)
    return {citation.document for citation in reply.outcome.citations}


def day(days: int) -> str:
    return str((datetime.now(UTC) + timedelta(days=days)).date())


async def test_an_overdue_review_is_told_and_after_the_grace_nothing_is_quoted(write: Write) -> None:
    write("late", "375 mg/m²", f"{APPROVED}review_by: {day(-30)}\n")
    write("lost", "100 mg/m²", f"{APPROVED}review_by: {day(-400)}\n")
    write("ended", "200 mg/m²", f"{APPROVED}valid_until: {day(-1)}\n")
    write("gone", "300 mg/m²", "review_status: retired\n")
    reply = await ask()
    assert cited(reply) == {"late.md"}
    assert "Review status: the source is reviewed and approved." in reply.outcome.notices
    assert f"The review of 1 source is overdue since {day(-30)}." in reply.outcome.notices


async def test_only_approved_documents_are_quoted_where_it_is_asked_for(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("new", "375 mg/m²", "review_status: submitted\n")
    assert cited(await ask()) == {"new.md"}
    monkeypatch.setenv("FOOTNOTE_ONLY_APPROVED", "true")
    refused = (await ask()).outcome
    assert isinstance(refused, Abstention)
    assert "holds no document that may be quoted here" in refused.text
    write("read", "750 mg/m²", APPROVED)
    assert cited(await ask()) == {"read.md"}


async def test_a_library_without_documents_says_something_else(write: Write) -> None:
    refused = (await ask()).outcome
    assert isinstance(refused, Abstention)
    assert "The library is empty" in refused.text
