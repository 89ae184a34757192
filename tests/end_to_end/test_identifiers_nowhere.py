"""What identifies somebody is written nowhere, whichever way it comes in: every file and every log is searched."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap import telegram_stores
from bot.domain.answers import Answer
from bot.domain.messages import IncomingMessage, Reply
from bot.domain.progress import Listener
from bot.stores.conversations import Conversations
from bot.stores.database import Database, open_database
from bot.stores.usage import Usage
from tests.end_to_end.recording import EmptyLibrary, newest
from tests.end_to_end.running_bot import Answering, Running, running
from tests.fake_telegram import FakeTelegram
from tests.unit.conversation.test_service import make_service

SECRETS = (
    "Ottilie", "Brandvold", "88213407", "04/11/2015", "7946 0958", "brandvold@mail", "Larkspur", "ottilie.lions",
    "Gwendolyn", "Featherstone", "Quincey", "quinceybot", "Marchbanks",
)  # fmt: skip
QUESTION = (
    "My patient Ottilie Brandvold (MRN 88213407, DOB 04/11/2015, tel +44 20 7946 0958, ottilie.brandvold@mail.example, "
    "12 Larkspur Road, insta @ottilie.lions): what is the dosing of rituximab?"
)
SENDER = {"id": 5, "is_bot": False, "first_name": "Quincey", "last_name": "Marchbanks", "username": "quinceybot"}


class Served(Answering):
    """Answers as the service does, from a small library, and records it."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._service, _, _ = make_service(Conversations(database))  # type: ignore[arg-type]
        self.replies: list[Reply] = []

    async def respond(self, message: IncomingMessage, listener: Listener | None = None) -> Reply:
        self.asked.append(message)
        reply = await self._service.respond(message, listener)
        self.replies.append(reply)
        return reply


def found_in(folder: Path) -> set[tuple[str, str]]:
    """Which secret stands in which file, also in one's free pages and journals."""
    return {
        (secret, file.name)
        for file in folder.rglob("*")
        if file.is_file()
        for secret in SECRETS
        if secret.encode() in file.read_bytes() or secret.encode("utf-16-le") in file.read_bytes()
    }


def replies_of(bot: Running) -> list[Reply]:
    assert isinstance(bot.answering, Served)
    return bot.answering.replies


async def asks(bot: Running, text: str, **more: Any) -> Reply:
    before = len(replies_of(bot))
    bot.telegram.says(text, **more)
    await bot.sees(lambda: len(replies_of(bot)) > before)
    await bot.rests(timedelta(0))
    return replies_of(bot)[-1]


async def test_identifiers_are_answered_around_and_written_nowhere(
    telegram: FakeTelegram, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with (
        await open_database(f"sqlite:///{tmp_path}/footnote.db") as database,
        running(telegram, folder=tmp_path, answering=Served(database), library=EmptyLibrary()) as bot,
    ):
        # A question, its follow-up, in private and in a group, as a reply to somebody else's words.
        reply = await asks(bot, QUESTION, **{"from": SENDER})
        assert isinstance(reply.outcome, Answer)
        assert "375 mg" in reply.outcome.claims[0].text
        assert "identifiers" in " ".join(reply.outcome.notices)
        assert reply.question == "My patient X: what is the dosing of rituximab?"
        answer = newest(bot)["message_id"]
        await asks(bot, "/ask Gwendolyn Featherstone is 7, does rituximab help calcinosis?", **{"from": SENDER})
        said = telegram.says(
            "Ottilie Brandvold is worse", chat=-9, sender=8, chat_type="group", title="Brandvold family"
        )
        bot.telegram.replies(said, "@footnote_bot is rituximab effective for Ottilie's calcinosis?", chat=-9)
        await bot.sees(lambda: len(replies_of(bot)) == 3)

        # What nobody can answer, an edit, a caption, words about an answer, and what was never dealt with.
        await asks(bot, "Which colour has Ottilie Brandvold's bicycle?")
        question = telegram.says("What is the dosing of rituximab for Gwendolyn, 9?")
        await bot.sees(lambda: len(replies_of(bot)) == 5)
        await bot.rests(timedelta(0))
        telegram.edits(question, "Does rituximab help Ottilie Brandvold, 9?")
        await bot.sees(lambda: any("edited" in text.lower() or "changed" in text.lower() for text in telegram.texts()))
        telegram.sends_photo(caption="Scan of Ottilie Brandvold, DOB 04/11/2015: is rituximab effective?")
        await bot.sees(lambda: len(replies_of(bot)) == 6)
        telegram.says("/feedback The dose for Gwendolyn Featherstone, MRN 88213407, is missing.")
        telegram.replies(answer, "and for Ottilie Brandvold?", quote="Rituximab")
        await bot.sees(lambda: len(replies_of(bot)) == 7)
        await bot.rests(timedelta(0))

        # Nobody is shown what they wrote, and what is read later holds none of it.
        mine = [message for message in bot.telegram.messages(1) if message["from"]["is_bot"]]
        assert mine
        told = [message["text"] + str(message.get("reply_markup", "")) for message in mine]
        assert [secret for secret in SECRETS for text in told if secret in text] == []
        stores = telegram_stores(database)
        opinions = await stores.feedback.of(reply.provenance.answer_id)
        kept = [str(reply) for reply in replies_of(bot)] + [str(opinions)]
        kept += [str(one) for one in await Usage(database).unanswered(bot.clock.time - timedelta(days=9999))]
        assert [secret for secret in SECRETS for text in kept if secret in text] == []
        assert found_in(tmp_path) == set()
    assert found_in(tmp_path) == set()
    assert [secret for secret in SECRETS if secret in caplog.text.replace(str(bot.telegram.url), "")] == []


async def test_the_search_would_find_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("seen by Ottilie")
    assert found_in(tmp_path) == {("Ottilie", "a.log")}
