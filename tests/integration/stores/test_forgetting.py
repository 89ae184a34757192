"""What is deleted when somebody asks for it, and when it grows too old."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.domain.inbox import ArrivalState
from bot.domain.messages import Audience
from bot.domain.reviews import ReviewDecision
from bot.domain.spending import Spent
from bot.stores.answers import Answers
from bot.stores.conversations import Conversations
from bot.stores.database import Database
from bot.stores.feedback import Feedback
from bot.stores.forgetting import Forgetting
from bot.stores.inbox import Inbox
from bot.stores.messages import Messages
from bot.stores.readers import Readers
from bot.stores.reviews import ReviewQueue
from bot.stores.spending import Spending
from bot.stores.tables import metadata
from tests.integration.stores.arrivals import NOON, an_arrival
from tests.integration.stores.conftest import Clock
from tests.unit.stores.replies import a_reply

GROUP = -100
DAY = date(2026, 11, 1)
FIVE, SIX = "telegram:5", "telegram:6"


async def in_which_tables(database: Database, word: str) -> set[str]:
    """The tables that hold a word in any of their columns."""
    found = set()
    async with database.reading() as connection:
        for table in metadata.sorted_tables:
            rows = (await connection.execute(table.select())).all()
            if any(word in str(value) for row in rows for value in row):
                found.add(table.name)
    return found


async def remember_both(database: Database, clock: Clock) -> None:
    """Users 5 and 6, each with a private chat and with a question in one thread of a group; 5 with a topic, too."""
    conversations, messages, inbox = Conversations(database), Messages(database), Inbox(database, clock)
    feedback, reviews, readers = Feedback(database), ReviewQueue(database), Readers(database)
    said = (
        ("telegram:5:1", 1, FIVE, 5, 1, None),
        ("telegram:5:9", 1, FIVE, 5, 9, 9),
        ("telegram:6:1", 1, SIX, 6, 1, None),
        ("telegram:50:1", 1, "telegram:50", 50, 1, None),
        ("telegram:-100:1", 1, SIX, GROUP, 1, None),
        ("telegram:-100:1", 2, FIVE, GROUP, 3, None),
        ("telegram:-100:5", 1, FIVE, GROUP, 5, None),
    )
    for number, (conversation, turn, user, chat, message, topic) in enumerate(said):
        reply = a_reply(conversation, turn)
        answer = reply.provenance.answer_id
        await conversations.add_turn(reply, asked_at=NOON, user=user)
        await messages.remember(chat, message, conversation, said_at=NOON, by_user=True, topic=topic, user=user)
        await messages.remember(chat, message + 1, conversation, said_at=NOON, answer_id=answer, topic=topic)
        await inbox.accept(an_arrival(number, f"lane {number}", chat=chat, user=user, message=message))
        await inbox.complete(number)
    for user in (FIVE, SIX):
        await Spending(database).add(user, DAY, 10)
        await readers.choose(f"user:{user}", Audience.FAMILY, NOON)
        for answer in ("telegram:6:1-1", "telegram:-100:1-1", "telegram:-100:1-2"):
            await feedback.vote(answer, user, -1, NOON)
    await readers.choose(f"chat:{GROUP}", Audience.CLINICIAN, NOON)
    await reviews.report("telegram:6:1-1", "Says who?", FIVE)
    await reviews.report("telegram:-100:1-1", "Says who?", FIVE)
    await reviews.decide("telegram:-100:1-1", ReviewDecision.APPROVED, "Right.", "Rita", NOON)
    await reviews.report("telegram:-100:1-2", "Wrong.", SIX)


async def test_a_user_is_forgotten_in_their_chat_and_in_groups_and_others_are_not(
    database: Database, clock: Clock
) -> None:
    await remember_both(database, clock)

    forgotten = await Forgetting(database).forget_user(FIVE, 5)

    assert forgotten.counts == {
        "turns": 4,
        "messages": 8,
        "arrivals": 4,
        "feedback": 4,
        "audience": 1,
        "spending": 1,
        "reviews": 3,
    }
    assert forgotten.total == 25
    async with database.reading() as connection:
        left = set((await connection.execute(text("SELECT answer_id FROM turns"))).scalars())
        kept = set((await connection.execute(text("SELECT id FROM conversations"))).scalars())
    assert left == {"telegram:6:1-1", "telegram:50:1-1", "telegram:-100:1-1"}
    assert kept == {"telegram:6:1", "telegram:50:1", "telegram:-100:1"}
    messages, feedback, reviews = Messages(database), Feedback(database), ReviewQueue(database)
    assert await messages.conversation_of(6, 1) == "telegram:6:1"
    assert await messages.conversation_of(GROUP, 1) == "telegram:-100:1"
    assert await messages.conversation_of(GROUP, 3) is None
    assert {one.user for one in await feedback.recent(99)} == {SIX}
    assert await Spending(database).spent(SIX, DAY) == Spent(by_user=10, by_all=10)
    assert await Readers(database).audience(f"user:{SIX}") is Audience.FAMILY
    assert await Readers(database).audience(f"chat:{GROUP}") is Audience.CLINICIAN
    assert await reviews.pending() == ()
    (decided,) = await reviews.approved()
    assert (decided.reported_by, decided.reason, decided.decided_by) == ("", "", "Rita")
    assert await in_which_tables(database, "telegram:5:") == set()


async def test_of_a_forgotten_user_no_table_holds_the_name(database: Database, clock: Clock) -> None:
    await remember_both(database, clock)
    assert len(await in_which_tables(database, FIVE)) == 8

    await Forgetting(database).forget_user("telegram:50", 50)
    await Forgetting(database).forget_user(FIVE, 5)

    assert await in_which_tables(database, FIVE) == set()
    assert (await Forgetting(database).forget_user(FIVE, 5)).total == 0


async def test_what_was_recorded_before_users_were_is_found_by_its_chat_and_its_arrival(
    database: Database, clock: Clock
) -> None:
    conversations, messages, inbox = Conversations(database), Messages(database), Inbox(database, clock)
    await conversations.add_turn(a_reply("telegram:5:1"), asked_at=NOON)
    await messages.remember(5, 1, "telegram:5:1", said_at=NOON, by_user=True)
    await messages.remember(GROUP, 3, "telegram:-100:1", said_at=NOON, by_user=True)
    await messages.remember(GROUP, 4, "telegram:-100:1", said_at=NOON)
    for number, message in ((1, 3), (2, 4)):
        await inbox.accept(an_arrival(number, f"lane {number}", chat=GROUP, message=message))
        await inbox.complete(number)

    counts = (await Forgetting(database).forget_user(FIVE, 5)).counts

    assert (counts["turns"], counts["messages"], counts["arrivals"]) == (1, 2, 2)
    assert await messages.conversation_of(GROUP, 4) == "telegram:-100:1"


async def test_what_is_being_dealt_with_stays_until_it_is_done(database: Database, clock: Clock) -> None:
    inbox = Inbox(database, clock)
    await inbox.accept(an_arrival(1))
    await inbox.claim("ada", limit=1, lease=timedelta(minutes=1))

    assert (await Forgetting(database).forget_user(FIVE, 5)).total == 0

    assert await inbox.state(1) is ArrivalState.NEW
    await inbox.complete(1)
    assert (await Forgetting(database).forget_user(FIVE, 5)).counts["arrivals"] == 1


async def test_a_chat_whose_number_begins_like_another_s_or_looks_like_a_pattern_is_not_taken_for_it(
    database: Database,
) -> None:
    conversations = Conversations(database)
    for name in ("telegram:51:1", "telegram:5", "my_bot:5:1", "my-bot:5:1"):
        await conversations.add_turn(a_reply(name), asked_at=NOON)

    assert (await Forgetting(database).forget_user(FIVE, 5)).counts["turns"] == 1
    assert (await Forgetting(database).forget_user("my_bot:5", 5)).counts["turns"] == 1
    assert await Answers(database).get("telegram:51:1-1") is not None
    assert await Answers(database).get("my-bot:5:1-1") is not None


async def test_what_is_older_is_purged_but_not_what_a_reviewer_approved(database: Database) -> None:
    conversations, messages, feedback = Conversations(database), Messages(database), Feedback(database)
    later = NOON + timedelta(days=1)
    for number, name in enumerate(("old", "approved", "rejected", "new")):
        at = later if name == "new" else NOON
        await conversations.add_turn(a_reply(name), asked_at=at, user=FIVE)
        await messages.remember(5, number, name, said_at=at)
        await feedback.vote(f"{name}-1", FIVE, 1, later)
    await feedback.vote("new-1", SIX, 1, NOON)
    await ReviewQueue(database).decide("approved-1", ReviewDecision.APPROVED, "", "Rita", NOON)
    await ReviewQueue(database).decide("rejected-1", ReviewDecision.REJECTED, "", "Rita", NOON)

    assert (await Forgetting(database).purge_older(NOON)).total == 0
    assert (await Forgetting(database).purge_older(later)).counts == {"turns": 2, "messages": 3, "feedback": 3}

    assert await Answers(database).get("old-1") is None
    assert await Answers(database).get("rejected-1") is None
    assert await Answers(database).get("new-1") is not None
    assert await Answers(database).get("approved-1") is not None
    async with database.reading() as connection:
        users = (await connection.execute(text('SELECT answer_id, "user" FROM turns ORDER BY answer_id'))).all()
        kept = set((await connection.execute(text("SELECT id FROM conversations"))).scalars())
    assert [tuple(row) for row in users] == [("approved-1", None), ("new-1", FIVE)]
    assert kept == {"approved", "new"}
    with pytest.raises(ValueError, match="time zone"):
        await Forgetting(database).purge_older(datetime(2026, 11, 1, tzinfo=UTC).replace(tzinfo=None))
