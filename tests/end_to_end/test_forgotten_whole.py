"""A user says much, in many ways, and is forgotten: nothing is left in any file, also of what was in work."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.reviews import ReviewDecision
from bot.places import shipped
from bot.prompts import load_set
from bot.stores.database import Database, open_database
from bot.stores.forgetting import Forgetting
from bot.stores.reviews import ReviewQueue
from bot.stores.spending import Spending
from bot.stores.tables import metadata
from tests.end_to_end.recording import answered, newest, offers, pressed, recording
from tests.end_to_end.running_bot import Running
from tests.fake_telegram import FakeTelegram

ADA, BEN, GROUP = 7_301_440_259, 7_301_440_777, -1_009_998_887_776
WORDS = load_set(shipped("prompts"))
ENGLISH = WORDS.for_language("en")
GERMAN = WORDS.for_language("de")
SAYS = {"from": {"id": ADA, "is_bot": False, "first_name": "Quittenmus", "language_code": "de"}}
SECRETS = ("blaukraut", "brautkleid", "zwetschge", "quittenmus", "rhabarber", "holunder", "sauerampfer", "mispel")


@pytest.fixture
async def bot(telegram: FakeTelegram, tmp_path: Path) -> AsyncIterator[Running]:
    async with recording(telegram, tmp_path, words=WORDS) as started:
        yield started


@pytest.fixture
async def database(tmp_path: Path, bot: Running) -> AsyncIterator[Database]:
    """The running bot's database, opened by another process, so to say."""
    async with await open_database(f"sqlite:///{tmp_path}/footnote.db") as opened:
        yield opened


def left_in(folder: Path) -> set[str]:
    """What of the user any file holds: words of theirs, or their number as text or as SQLite writes it."""
    kept = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file()).lower()
    number = ADA.to_bytes(6, "big")
    found = {secret for secret in SECRETS if secret.encode() in kept}
    return found | ({"number"} if str(ADA).encode() in kept else set()) | ({"binary"} if number in kept else set())


def newest_id(bot: Running) -> str:
    return bot.answering.asked[-1].answer_id


async def says_much(bot: Running, database: Database) -> None:
    """Questions in private and in a group, an edit, a choice, a vote with words, a report, an approval."""
    private: dict[str, Any] = {"chat": ADA, **SAYS}
    first = await answered(bot, "Hilft Blaukraut bei JDM?" + " Und warum?" * 50, **private)
    asked = min(bot.telegram.chats[ADA].messages)
    await pressed(bot, first, "👎", chat=ADA, sender=ADA)
    comment = "c:" + newest_id(bot)
    await bot.sees(lambda: comment in offers(bot, first, ADA).values())
    await pressed(bot, first, comment, chat=ADA, sender=ADA)
    await bot.sees(lambda: newest(bot, ADA)["text"] in {w.say("feedback.ask") for w in WORDS.wordings.values()})
    await bot.rests(timedelta(0))
    bot.telegram.replies(newest(bot, ADA)["message_id"], "Das mit dem Brautkleid stimmt nicht.", **private)
    await bot.sees(lambda: newest(bot, ADA)["text"] == GERMAN.say("feedback.comment"))
    bot.telegram.says("/audience", **private)
    await bot.sees(lambda: "a:family" in offers(bot, newest(bot, ADA)["message_id"], ADA).values())
    await pressed(bot, newest(bot, ADA)["message_id"], "a:family", chat=ADA, sender=ADA, stale=True)
    await bot.rests(timedelta(0))
    bot.telegram.edits(asked, "Hilft Zwetschge?", chat=ADA)
    await bot.sees(lambda: GERMAN.say("telegram.edited") in bot.telegram.texts(ADA))
    await bot.rests(timedelta(0))
    approved = await answered(bot, "/ask Hilft Rhabarber?", chat=GROUP, chat_type="supergroup", **SAYS)
    await pressed(bot, approved, "👎", chat=GROUP, sender=ADA)
    await bot.rests(timedelta(0))
    await ReviewQueue(database).report(newest_id(bot), "Sauerampfer?", f"telegram:{ADA}")
    await ReviewQueue(database).decide(newest_id(bot), ReviewDecision.APPROVED, "", "Rita", datetime.now(UTC))
    await Spending(database).add(f"telegram:{ADA}", date(2026, 11, 1), 99)
    other = {"from": {"id": BEN, "is_bot": False, "first_name": "Ben"}}
    bens = await answered(bot, "/ask Does rituximab help?", chat=GROUP, chat_type="supergroup", **other)
    await pressed(bot, bens, "👍", chat=GROUP, sender=ADA)
    await bot.rests(timedelta(0))


async def forgets(bot: Running) -> str:
    """The user says so and confirms it; what the bot says."""
    bot.telegram.says("/forget", chat=ADA, **SAYS)
    await bot.sees(lambda: newest(bot, ADA)["text"] == GERMAN.say("privacy.confirm"))
    asked = newest(bot, ADA)["message_id"]
    await pressed(bot, asked, GERMAN.say("button.forget"), chat=ADA, sender=ADA)
    await bot.sees(lambda: newest(bot, ADA)["text"].startswith(ENGLISH.say("privacy.deleted")))
    return str(newest(bot, ADA)["text"])


async def test_nothing_of_a_forgotten_user_is_left_in_any_file(
    bot: Running, database: Database, tmp_path: Path
) -> None:
    await says_much(bot, database)
    assert left_in(tmp_path) > {"blaukraut", "brautkleid", "rhabarber", "binary"}
    bot.telegram.says("/ask hold holunder?", chat=GROUP, chat_type="supergroup", **SAYS)
    bot.telegram.says("hold mispel?", chat=ADA, **SAYS)
    await bot.sees(lambda: {"hold holunder?", "hold mispel?"} <= {message.text for message in bot.answering.asked})

    said = await forgets(bot)
    bot.answering.let_go.set()
    await bot.rests(timedelta(0))

    assert f"{ENGLISH.say('privacy.kind.turns')}: 2" in said
    assert left_in(tmp_path) == set()
    assert [review.decision for review in await ReviewQueue(database).approved()] == []
    async with database.reading() as connection:
        (kept,) = (await connection.execute(metadata.tables["turns"].select())).all()
    assert "Does rituximab help?" in kept.question


async def test_what_is_exported_is_what_was_said_and_what_is_forgotten(bot: Running, database: Database) -> None:
    await says_much(bot, database)
    bot.telegram.says("/export", chat=ADA, **SAYS)
    await bot.sees(lambda: bot.telegram.called("sendDocument"))
    (sent,) = bot.telegram.called("sendDocument")
    await bot.rests(timedelta(0))

    held = json.loads(sent["document"][1])
    whole = json.dumps(held, ensure_ascii=False).lower()
    # The edited message waits whole for the button under the bot's question; the name that Telegram tells is not kept.
    exported_words = {secret for secret in SECRETS if secret in whole}
    assert exported_words == {"blaukraut", "brautkleid", "rhabarber", "sauerampfer", "zwetschge"}
    assert str(BEN) not in whole
    forgotten = await Forgetting(database).forget_user(f"telegram:{ADA}", ADA)
    exported = {kind: len(records["records"]) for kind, records in held.items()}
    # The command itself stood among what had arrived, as it does among what is deleted.
    assert exported == {kind: count for kind, count in forgotten.counts.items() if count}
    assert set(exported) == {"turns", "messages", "arrivals", "feedback", "reviews", "audience", "spending"}


async def test_in_a_group_nothing_is_exported(bot: Running) -> None:
    bot.telegram.says("/export@footnote_bot", chat=GROUP, chat_type="supergroup", **SAYS)
    await bot.sees(lambda: newest(bot, GROUP)["text"] == GERMAN.say("privacy.export_private"))
    assert bot.telegram.called("sendDocument") == []


async def test_nothing_of_a_user_is_left_in_any_file_once_it_is_too_old(
    bot: Running, database: Database, tmp_path: Path
) -> None:
    await says_much(bot, database)
    later = datetime.now(UTC)
    for days, expected in ((31, {"rhabarber", "sauerampfer"}), (366 + 31, set())):
        await Forgetting(database, lambda days=days: later + timedelta(days=days)).purge(30)  # type: ignore[misc]
        assert left_in(tmp_path) <= expected
