"""What users deleted after a copy was made is deleted again in it, and nothing else is."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.domain.errors import StoreError
from bot.domain.forgetting import Erasure, ForgottenAgain
from bot.domain.inbox import ArrivalState
from bot.domain.messages import Audience
from bot.stores.answers import Answers
from bot.stores.conversations import Conversations
from bot.stores.database import Database, open_database
from bot.stores.erasures import erasures_in, makes_notes
from bot.stores.forgetting import Forgetting
from bot.stores.inbox import Inbox
from bot.stores.pseudonyms import Pseudonyms
from bot.stores.readers import Readers
from bot.stores.tables import metadata
from tests.affairs import nothing
from tests.integration.stores.arrivals import NOON, an_arrival
from tests.integration.stores.conftest import Clock
from tests.integration.stores.test_forgetting import FIVE, SIX, in_which_tables, remember_both
from tests.names import KEY, NAMES
from tests.unit.stores.replies import a_reply


@pytest.fixture
async def copy(other_place: str) -> AsyncIterator[Database]:
    """A copy of the database, made by doing the same in both."""
    async with await open_database(other_place, key=KEY) as opened:
        yield opened


async def held_in(database: Database) -> Mapping[str, Sequence[Any]]:
    """Every row of every table, but for when it was written."""
    held = {}
    async with database.reading() as connection:
        for table in metadata.sorted_tables:
            columns = [column for column in table.columns if column.name != "created_at"]
            held[table.name] = (await connection.execute(select(*columns).order_by(*table.primary_key.columns))).all()
    return held


async def test_a_copy_in_which_is_deleted_again_holds_what_the_database_holds(
    database: Database, copy: Database, place: str, clock: Clock
) -> None:
    for each in (database, copy):
        await remember_both(each, clock)
        # A choice for the private chat, whatever made it, and a chat of which no number is left.
        await Readers(each).choose("chat:5", Audience.FAMILY, NOON)
        await Conversations(each).add_turn(a_reply("telegram:7:1"), asked_at=NOON)
        await Readers(each).choose("chat:7", Audience.FAMILY, NOON)
    forgotten = (await Forgetting(database, clock).forget_user(FIVE, 5)).total
    forgotten += (await Forgetting(database, clock).forget_user("telegram:7", 7)).total
    await Forgetting(database, clock).forget_user("telegram:8", 8)

    noted = await erasures_in(place, NAMES)
    again = await Forgetting(copy, clock).forget_again(noted)

    assert again == ForgottenAgain(users=2, records=forgotten)
    assert await held_in(copy) == await held_in(database)
    assert await in_which_tables(copy, NAMES.user(FIVE)) == {"erasures"}
    assert await Forgetting(copy, clock).forget_again(noted) == ForgottenAgain(users=0, records=0)


async def test_what_was_written_after_a_deletion_that_the_copy_knows_stays(
    database: Database, copy: Database, place: str, clock: Clock
) -> None:
    for each in (database, copy):
        await remember_both(each, clock)
        await Forgetting(each, clock).forget_user(FIVE, 5)
        await Conversations(each).add_turn(a_reply("telegram:5:30"), asked_at=NOON, user=FIVE)
    before = await held_in(copy)

    assert (await Forgetting(copy, clock).forget_again(await erasures_in(place, NAMES))).users == 0
    assert await held_in(copy) == before

    # The second deletion came after the copy, by a clock that was set back since the first.
    clock.tick(-60)
    await Forgetting(database, clock).forget_user(FIVE, 5)
    again = await Forgetting(copy, clock).forget_again(await erasures_in(place, NAMES))
    assert again == ForgottenAgain(users=1, records=1)
    assert await Answers(copy).get("telegram:5:30-1") is None
    assert await held_in(copy) == await held_in(database)


async def test_an_older_note_never_takes_a_newer_one_s_place(database: Database, clock: Clock) -> None:
    await Forgetting(database, clock).forget_user(FIVE, 5)
    async with database.reading() as connection:
        (row,) = (await connection.execute(metadata.tables["erasures"].select())).all()
    known = Erasure(user=row.user, chat=row.chat, scope=row.scope, at=clock.now)
    await Conversations(database).add_turn(a_reply("telegram:5:30"), asked_at=NOON, user=FIVE)
    before = await held_in(database)

    for at in (known.at, known.at - timedelta(days=1)):
        assert (await Forgetting(database).forget_again([replace(known, at=at)])).users == 0

    assert await held_in(database) == before


async def test_what_waits_in_a_copy_of_a_user_who_was_forgotten_since_is_not_answered_again(
    database: Database, copy: Database, place: str, clock: Clock
) -> None:
    for number, user in ((1, FIVE), (2, SIX)):
        arrival = an_arrival(number, user, chat=5 + (user == SIX), user=user)
        assert await Inbox(copy, clock).accept(arrival)
    await Inbox(copy, clock).claim("ada", limit=1, lease=timedelta(minutes=1))
    await Forgetting(database, clock).forget_user(FIVE, 5)

    await Forgetting(copy, clock).forget_again(await erasures_in(place, NAMES))

    assert await Inbox(copy, clock).state(1) is None
    assert await Inbox(copy, clock).state(2) is ArrivalState.NEW


async def test_whose_notes_can_t_be_read_says_why(
    empty_place: str, other_place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StoreError, match="with another key"):
        await erasures_in(other_place, Pseudonyms("another key"))
    with pytest.raises(StoreError, match="holds no notes of deletions"):
        await erasures_in(empty_place, NAMES)
    assert await makes_notes(empty_place)
    with monkeypatch.context() as older:
        older.setattr("bot.stores.database.NEWEST", "m008")
        older.setattr("bot.stores.database._check_key", nothing)
        await (await open_database(empty_place, key=KEY)).close()
    with pytest.raises(StoreError, match="of a version that made no notes"):
        await erasures_in(empty_place, NAMES)
    assert not await makes_notes(empty_place)
    async with await open_database(empty_place, key=KEY) as database:
        async with database.writing() as connection:
            await connection.execute(text("DROP TABLE alembic_version"))
        assert await erasures_in(empty_place, NAMES) == []
        assert await makes_notes(empty_place)
