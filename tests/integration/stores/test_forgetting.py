"""What is deleted when somebody asks for it, and when it grows too old."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, text

from bot.domain.inbox import ArrivalKind, ArrivalState
from bot.domain.messages import Audience
from bot.domain.reviews import ReviewDecision
from bot.domain.spending import Spent
from bot.stores.answers import Answers
from bot.stores.conversations import Conversations
from bot.stores.database import Database
from bot.stores.exporting import Exporting
from bot.stores.feedback import Feedback
from bot.stores.forgetting import Forgetting
from bot.stores.inbox import Inbox
from bot.stores.messages import Messages
from bot.stores.readers import Readers
from bot.stores.reviews import ReviewQueue
from bot.stores.spending import Spending
from bot.stores.tables import feedback as opinions
from bot.stores.tables import metadata
from tests.integration.stores.arrivals import NOON, an_arrival
from tests.integration.stores.conftest import Clock
from tests.names import NAMES
from tests.unit.stores.replies import a_reply

GROUP = -100
DAY = date(2026, 11, 1)
FIVE, SIX, FIFTY = "telegram:5", "telegram:6", "telegram:50"


async def in_which_tables(database: Database, word: str) -> set[str]:
    """The tables that hold a word in any of their columns."""
    found = set()
    async with database.reading() as connection:
        for table in metadata.sorted_tables:
            rows = (await connection.execute(table.select())).all()
            if any(word in str(value) for row in rows for value in row):
                found.add(table.name)
    return found


async def answers_kept(database: Database) -> set[str]:
    async with database.reading() as connection:
        return set((await connection.execute(text("SELECT answer_id FROM turns"))).scalars())


async def voters(database: Database) -> set[str]:
    async with database.reading() as connection:
        return set((await connection.execute(select(opinions.c.user))).scalars())


async def remember_both(database: Database, clock: Clock) -> None:
    """Users 5 and 6, each with a private chat and with a question in one thread of a group; 5 with a topic, too."""
    conversations, messages, inbox = Conversations(database), Messages(database), Inbox(database, clock)
    feedback, reviews, readers = Feedback(database), ReviewQueue(database), Readers(database)
    said = (
        ("telegram:5:1", 1, FIVE, 5, 1, None),
        ("telegram:5:9", 1, FIVE, 5, 9, 9),
        ("telegram:6:1", 1, SIX, 6, 1, None),
        ("telegram:50:1", 1, FIFTY, 50, 1, None),
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
    held = await Exporting(database).everything_of(FIVE, 5)

    forgotten = await Forgetting(database, clock).forget_user(FIVE, 5)

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
    assert {kind: len(records) for kind, records in held.items()} == {**forgotten.counts, "erasures": 0}
    async with database.reading() as connection:
        kept = set((await connection.execute(text("SELECT id FROM conversations"))).scalars())
    assert await answers_kept(database) == {"telegram:6:1-1", "telegram:50:1-1", "telegram:-100:1-1"}
    assert kept == {NAMES.conversation(f"telegram:{chat}:1") for chat in (6, 50, GROUP)}
    messages, reviews = Messages(database), ReviewQueue(database)
    assert await messages.conversation_of(6, 1) == "telegram:6:1"
    assert await messages.conversation_of(GROUP, 1) == "telegram:-100:1"
    assert await messages.conversation_of(GROUP, 3) is None
    assert await voters(database) == {NAMES.user(SIX)}
    assert await Spending(database).spent(SIX, DAY) == Spent(by_user=10, by_all=10)
    assert await Readers(database).audience(f"user:{SIX}") is Audience.FAMILY
    assert await Readers(database).audience(f"chat:{GROUP}") is Audience.CLINICIAN
    assert await reviews.pending() == ()
    (decided,) = await reviews.approved()
    assert (decided.reported_by, decided.reason, decided.decided_by) == ("", "", "Rita")


async def test_of_a_forgotten_user_no_table_holds_the_name(database: Database, clock: Clock) -> None:
    await remember_both(database, clock)
    assert await in_which_tables(database, FIVE) <= {"turns", "message_map", "feedback", "reviews", "inbox"}
    assert len(await in_which_tables(database, NAMES.user(FIVE))) == 8

    await Forgetting(database, clock).forget_user(FIFTY, 50)
    await Forgetting(database, clock).forget_user(FIVE, 5)

    assert await in_which_tables(database, NAMES.user(FIVE)) == {"erasures"}
    assert await in_which_tables(database, FIVE) == set()
    assert (await Forgetting(database, clock).forget_user(FIVE, 5)).total == 0


async def test_a_user_sees_the_note_that_is_kept_of_the_deletion_and_another_one_takes_its_place(
    database: Database, clock: Clock
) -> None:
    forgetting = Forgetting(database, clock)
    for later in (0, 60, -3600):  # A clock that is set back makes no deletion earlier than the one before.
        clock.tick(later)
        await forgetting.forget_user(FIVE, 5)

    held = await Exporting(database).everything_of(FIVE, 5)
    assert {kind: records for kind, records in held.items() if records} == {
        "erasures": [
            {
                "user": FIVE,
                "chat": NAMES.user(FIVE),
                "scope": NAMES.scope("chat:5"),
                "erased_at": (NOON + timedelta(seconds=60, microseconds=1)).isoformat(),
            }
        ]
    }
    assert (await Exporting(database).everything_of(SIX, 6))["erasures"] == []


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

    counts = (await Forgetting(database, clock).forget_user(FIVE, 5)).counts

    assert (counts["turns"], counts["messages"], counts["arrivals"]) == (1, 2, 2)
    assert await messages.conversation_of(GROUP, 4) == "telegram:-100:1"


async def answer_late(database: Database, conversation: str, arrival: str, chat: int) -> None:
    """What a worker records for a question whose user was forgotten meanwhile."""
    await Conversations(database).add_turn(a_reply(conversation), asked_at=NOON, user=FIVE)
    await Messages(database).remember_answer(
        chat, conversation, question=101, parts=(900,), answer_id=f"{conversation}-1", said_at=NOON, user=FIVE
    )
    await Messages(database).remember(chat, 901, conversation, said_at=NOON, answer_id=arrival)
    await Spending(database).add(FIVE, DAY, 7)


@pytest.mark.parametrize("chat", [5, GROUP])
@pytest.mark.parametrize("end", ["complete", "bury", "fold"])
async def test_what_is_being_dealt_with_stays_until_it_is_done_and_is_forgotten_then(
    database: Database, clock: Clock, chat: int, end: str
) -> None:
    inbox, conversation = Inbox(database, clock), f"telegram:{chat}:101"
    await inbox.accept(an_arrival(1, chat=chat, answer_id=f"{conversation}-1"))
    await inbox.claim("ada", limit=1, lease=timedelta(minutes=1))

    assert (await Forgetting(database, clock).forget_user(FIVE, 5)).total == 0
    assert await inbox.state(1) is ArrivalState.NEW
    await answer_late(database, conversation, f"{conversation}-1", chat)
    await inbox.note_shown(1, 0, 900)
    ends = {"complete": inbox.complete(1), "bury": inbox.bury(1, "failed"), "fold": inbox.fold(1, 2)}
    await ends.pop(end)
    for unused in ends.values():
        unused.close()

    for table in metadata.sorted_tables:
        async with database.reading() as connection:
            left = (await connection.execute(table.select())).all()
        assert left == [] or table.name in {"hash_key", "erasures"}, table.name


async def test_what_was_called_off_in_work_is_forgotten_once_its_worker_has_stopped(
    database: Database, clock: Clock
) -> None:
    inbox = Inbox(database, clock)
    await inbox.accept(an_arrival(1, answer_id="telegram:5:101-1"))
    await inbox.claim("ada", limit=1, lease=timedelta(minutes=1))
    await inbox.cancel(chat=5, user=None)

    await Forgetting(database, clock).forget_user(FIVE, 5)
    await answer_late(database, "telegram:5:101", "telegram:5:101-1", 5)
    await inbox.complete(1)

    assert await inbox.state(1) is None
    assert await in_which_tables(database, NAMES.user(FIVE)) == {"erasures"}


async def test_what_a_worker_that_died_left_of_a_forgotten_user_is_purged(database: Database, clock: Clock) -> None:
    inbox, forgetting = Inbox(database, clock), Forgetting(database, clock)
    await inbox.accept(an_arrival(1, answer_id="telegram:5:101-1"))
    await inbox.claim("ada", limit=1, lease=timedelta(minutes=1))
    await inbox.cancel(chat=5, user=None)
    await forgetting.forget_user(FIVE, 5)
    await answer_late(database, "telegram:5:101", "telegram:5:101-1", 5)

    clock.tick(61)
    await forgetting.purge(30)

    assert await in_which_tables(database, NAMES.user(FIVE)) == {"erasures"}


async def test_a_vote_that_was_being_counted_while_its_user_was_forgotten_goes_and_others_stay(
    database: Database, clock: Clock
) -> None:
    inbox, feedback = Inbox(database, clock), Feedback(database)
    await Conversations(database).add_turn(a_reply("telegram:-100:1"), asked_at=NOON, user=SIX)
    await Messages(database).remember(GROUP, 7, "telegram:-100:1", said_at=NOON, answer_id="telegram:-100:1-1")
    pressed = an_arrival(1, chat=GROUP, kind=ArrivalKind.BUTTON, message=7, answer_id="f" * 12)
    await inbox.accept(pressed)
    await inbox.claim("ada", limit=1, lease=timedelta(minutes=1))
    await Forgetting(database, clock).forget_user(FIVE, 5)
    for user in (FIVE, SIX):
        await feedback.vote("telegram:-100:1-1", user, -1, NOON)

    await inbox.complete(1)

    assert await voters(database) == {NAMES.user(SIX)}
    assert await answers_kept(database) == {"telegram:-100:1-1"}
    note = await Messages(database).about(GROUP, 7)
    assert note is not None
    assert note.answer_id == "telegram:-100:1-1"


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


def days(number: float) -> datetime:
    return NOON + timedelta(days=number)


async def purge(database: Database, now: datetime, retention_days: int = 30) -> Mapping[str, int]:
    return (await Forgetting(database, lambda: now).purge(retention_days)).counts


async def test_conversations_go_after_the_days_of_the_setting_and_stay_without(database: Database) -> None:
    for name, at in (("old", NOON), ("new", days(1))):
        await Conversations(database).add_turn(a_reply(name), asked_at=at, user=FIVE)
        await Messages(database).remember(5, 1 if name == "old" else 2, name, said_at=at)
        await Feedback(database).vote(f"{name}-1", FIVE, 1, days(1))
    await Feedback(database).vote("new-1", SIX, 1, NOON)

    assert await purge(database, days(5000), 0) == {}
    assert await purge(database, days(30)) == {}
    assert await purge(database, days(30.5)) == {"turns": 1, "messages": 1, "feedback": 2}

    assert await answers_kept(database) == {"new-1"}
    async with database.reading() as connection:
        assert set((await connection.execute(text("SELECT id FROM conversations"))).scalars()) == {"new"}


async def test_an_approved_answer_stays_for_a_year_without_the_message_that_it_answered(database: Database) -> None:
    for name in ("approved", "rejected"):
        reply = a_reply(name, question="And for my daughter Xyzzy?")
        await Conversations(database).add_turn(reply, asked_at=NOON, user=FIVE)
    await ReviewQueue(database).decide("approved-1", ReviewDecision.APPROVED, "", "Rita", days(1))
    await ReviewQueue(database).decide("rejected-1", ReviewDecision.REJECTED, "", "Rita", days(1))

    assert await purge(database, days(31)) == {"turns": 1, "reviews": 1}
    assert await in_which_tables(database, "Xyzzy") == set()
    (served,) = await ReviewQueue(database).approved()
    assert served.question == "How much rituximab?"
    assert await purge(database, days(365)) == {}
    assert await purge(database, days(366.5)) == {"turns": 1, "reviews": 1}
    assert await answers_kept(database) == set()


async def test_an_approved_answer_that_stays_is_still_forgotten_when_its_asker_says_so(database: Database) -> None:
    await Conversations(database).add_turn(a_reply("telegram:-100:1"), asked_at=NOON, user=FIVE)
    await ReviewQueue(database).decide("telegram:-100:1-1", ReviewDecision.APPROVED, "", "Rita", NOON)
    await purge(database, days(100))

    assert (await Forgetting(database).forget_user(FIVE, 5)).counts["turns"] == 1
    assert await ReviewQueue(database).approved() == ()


async def test_an_answer_that_waits_for_a_reviewer_stays_for_ninety_days(database: Database) -> None:
    await Conversations(database).add_turn(a_reply("doubted"), asked_at=NOON, user=FIVE)
    await ReviewQueue(database).report("doubted-1", "Wrong dose.", SIX)

    assert await purge(database, days(90)) == {}
    assert await purge(database, days(90.5)) == {"turns": 1, "reviews": 1}


async def test_a_choice_of_reader_stays_while_its_chooser_s_questions_do(database: Database) -> None:
    readers = Readers(database)
    await readers.choose(f"user:{FIVE}", Audience.FAMILY, NOON)
    await readers.choose(f"user:{SIX}", Audience.FAMILY, NOON)
    await readers.choose(f"chat:{GROUP}", Audience.FAMILY, days(1))
    await Conversations(database).add_turn(a_reply("c1"), asked_at=days(360), user=FIVE)

    assert await purge(database, days(365)) == {}
    assert await purge(database, days(365.5)) == {"audience": 1}
    assert await readers.audience(f"user:{FIVE}") is Audience.FAMILY
    assert await purge(database, days(391)) == {"turns": 1, "audience": 2}


@pytest.mark.parametrize(("retention_days", "kept"), [(30, 365), (400, 400)])
async def test_the_note_of_a_deletion_goes_when_a_copy_could_bring_nothing_back(
    database: Database, clock: Clock, retention_days: int, kept: int
) -> None:
    await Forgetting(database, clock).forget_user(FIVE, 5)

    assert await purge(database, days(5000), 0) == {}
    assert await purge(database, days(kept), retention_days) == {}
    assert await purge(database, days(kept + 0.1), retention_days) == {"erasures": 1}
    assert await in_which_tables(database, NAMES.user(FIVE)) == set()


async def test_what_models_cost_and_what_arrived_go_after_two_days_whatever_the_setting(database: Database) -> None:
    inbox = Inbox(database, lambda: NOON)
    for number in range(1, 6):
        await inbox.accept(an_arrival(number, f"lane {number}", received_at=days(number == 5)))
    await inbox.complete(1)
    await inbox.offer(2)
    await inbox.bury(3, "failed")
    await inbox.complete(5)
    await Spending(database).add(FIVE, DAY, 10)

    assert await purge(database, days(2), 0) == {}
    assert await purge(database, days(2.4), 0) == {"arrivals": 3}
    assert await purge(database, days(2.5), 0) == {"spending": 1}
    assert await inbox.state(4) is ArrivalState.NEW
    assert await inbox.state(5) is ArrivalState.DONE
    assert await inbox.accept(an_arrival(1))
