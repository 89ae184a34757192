"""Names that don't tell whose they are: made under a key of their own, and brought into an older database."""

import asyncio
import re
import stat
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, text

from bot.domain.errors import StoreError
from bot.domain.messages import Audience
from bot.stores.answers import Answers
from bot.stores.conversations import Conversations
from bot.stores.database import open_database
from bot.stores.feedback import Feedback
from bot.stores.forgetting import Forgetting
from bot.stores.inbox import Inbox
from bot.stores.messages import Messages
from bot.stores.pseudonyms import Pseudonyms, read_key
from bot.stores.readers import Readers
from bot.stores.spending import Spending
from tests.affairs import nothing
from tests.names import KEY, NAMES
from tests.unit.stores.replies import a_reply

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
FIVE = "telegram:5"


def test_a_secret_is_the_same_for_all_that_share_the_key_and_another_one_for_each_purpose_and_key() -> None:
    secret = NAMES.secret("webhook of 1:a")

    assert re.fullmatch("[0-9a-f]{64}", secret)
    assert Pseudonyms(KEY).secret("webhook of 1:a") == secret
    assert len({secret, NAMES.secret("webhook of 1:b"), Pseudonyms("another key").secret("webhook of 1:a")}) == 3
    assert NAMES.check not in secret


def test_a_name_is_hashed_once_and_only_the_key_tells_which() -> None:
    stored = NAMES.user(FIVE)
    assert re.fullmatch("telegram:#[0-9a-f]{32}", stored)
    assert NAMES.user(stored) == stored
    assert Pseudonyms("another key").user(FIVE) != stored
    assert NAMES.user("telegram:6") != stored
    assert NAMES.user("") == ""
    assert NAMES.known(stored, FIVE) == FIVE
    assert NAMES.known(stored, "telegram:6") == NAMES.known(stored, "") == stored


def test_a_conversation_keeps_all_but_its_chat_and_is_told_to_whom_knows_the_chat() -> None:
    stored = NAMES.conversation("telegram:-100:17")
    assert stored == f"{NAMES.user('telegram:-100')}:17"
    assert NAMES.conversation(stored) == stored
    assert NAMES.known_in(stored, -100) == "telegram:-100:17"
    assert NAMES.known_in(stored, -101) == stored
    assert [NAMES.conversation(name) for name in ("c1", "terminal-1f", "")] == ["c1", "terminal-1f", ""]
    assert NAMES.scope("user:telegram:5") == f"user:{NAMES.user(FIVE)}"


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "a.key"
    key, made = read_key(file)
    assert made
    assert re.fullmatch("[0-9a-f]{64}", key)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read_key(file) == (key, False)
    assert [found.name for found in file.parent.iterdir()] == ["a.key"]
    file.write_text("short")
    with pytest.raises(StoreError, match="holds no key"):
        read_key(file)


async def test_several_that_open_a_new_file_at_once_share_its_key(tmp_path: Path) -> None:
    place = f"sqlite:///{tmp_path}/footnote.db"
    opened = await asyncio.gather(*(open_database(place) for _ in range(4)))
    assert len({database.pseudonyms.check for database in opened}) == 1
    for database in opened:
        await database.close()


async def test_another_key_is_refused_and_a_lost_one_is_not_replaced(tmp_path: Path) -> None:
    place, key = f"sqlite:///{tmp_path}/footnote.db", tmp_path / "footnote.db.key"
    await (await open_database(place)).close()
    assert stat.S_IMODE((tmp_path / "footnote.db").stat().st_mode) == 0o600
    first = key.read_text()
    with pytest.raises(StoreError, match=r"another key.*FOOTNOTE_HASH_KEY.*backup"):
        await open_database(place, key=KEY)
    key.unlink()
    with pytest.raises(StoreError, match=r"is missing: there is no file .*footnote\.db\.key.*new database"):
        await open_database(place)
    assert not key.exists()
    await (await open_database(place, key=first)).close()


async def test_a_server_needs_a_key() -> None:
    with pytest.raises(StoreError, match="FOOTNOTE_HASH_KEY"):
        await open_database("postgresql://nobody@127.0.0.1:1/nothing")


async def test_an_older_database_is_hashed_whole_and_works_on(
    empty_place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.stores import tables
    from bot.stores.codec import encode_reply

    rows: list[tuple[Table, dict[str, Any]]] = []
    user, private = "telegram:7301440259", 7301440259
    for answer, chat, asker in (("one", private, user), ("two", -100, user), ("three", -200, FIVE)):
        name = f"telegram:{chat}:1"
        reply = encode_reply(a_reply(question="Mine?")) | {"conversation": name}
        turn = {"answer_id": answer, "conversation": name, "number": 1, "question": "", "standalone_question": ""}
        turn |= {"kind": "answer", "asked_at": NOON, "created_at": NOON, "reply": reply, "user": asker}
        said = {"chat_id": chat, "message_id": 1, "conversation": name, "by_user": True, "said_at": NOON, "user": asker}
        rows += [
            (tables.conversations, {"id": name, "afresh_after": 0}),
            (tables.turns, turn),
            (tables.message_map, said),
        ]
    user = "telegram:7301440259"
    opinion = {"answer_id": "three", "user": user, "vote": 1, "reason": "", "comment": "", "given_at": NOON}
    review = {"answer_id": "three", "reason": "", "reported_by": user, "decided_by": "", "note": ""}
    arrival = {
        "id": 1,
        "sequence": 1,
        "kind": "question",
        "lane": user,
        "chat": 7301440259,
        "user": user,
        "payload": "",
    }
    arrival |= {
        "payload": "",
        "answer_id": "a",
        "received_at": NOON,
        "state": "done",
        "attempts": 1,
        "shown": [],
        "reason": "",
    }
    rows += [
        (tables.feedback, opinion),
        (tables.reviews, review),
        (tables.inbox, arrival),
        (tables.readers, {"scope": f"user:{user}", "audience": "family", "chosen_at": NOON}),
        (tables.spending, {"user": user, "day": NOON.date(), "tokens": 5}),
    ]
    with monkeypatch.context() as older:
        older.setattr("bot.stores.database.NEWEST", "m007")
        older.setattr("bot.stores.database._check_key", nothing)
        async with await open_database(empty_place, key=KEY) as database, database.writing() as connection:
            for table, row in rows:
                await connection.execute(table.insert().values(row))

    async with await open_database(empty_place, key=KEY) as database:
        for table in tables.metadata.sorted_tables:
            async with database.reading() as connection:
                found = (await connection.execute(table.select())).mappings().all()
            plain = {"chat", "chat_id"}  # Needed to reply.
            told = [value for row in found for column, value in row.items() if column not in plain]
            assert not any("7301440259" in str(value) for value in told), table.name
        assert (await Conversations(database).history("telegram:-100:1", 1)).next_turn == 2
        assert await Messages(database).conversation_of(-100, 1) == "telegram:-100:1"
        assert await Readers(database).audience(f"user:{user}") is Audience.FAMILY
        assert (await Spending(database).spent(user, date(2026, 11, 1))).by_user == 5
        assert [one.user for one in await Feedback(database).of("three", asking=user)] == [user]
        assert await Inbox(database, lambda: NOON).asked(user=user, since=NOON) == 1
        assert (await Forgetting(database).forget_user(user, private)).counts == {
            "turns": 2, "messages": 2, "feedback": 1, "reviews": 1, "arrivals": 1, "audience": 1, "spending": 1,
        }  # fmt: skip
        assert await Answers(database).get("three") is not None
        async with database.reading() as connection:
            left = (await connection.execute(text("SELECT id FROM conversations"))).scalars().all()
        assert left == [NAMES.conversation("telegram:-200:1")]
