"""Health, metrics and log of the real program, and several of it side by side."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.end_to_end.operated import LONG, Serving, serving
from tests.fake_telegram import FakeTelegram
from tests.postgres_server import PostgresServer
from tests.prometheus import read

QUESTION = "My patient Xaverine weighs 21 kg: what is the dose of rituximab?"
ANSWERS = "375"


def values(bot: Serving) -> dict[str, float]:
    page = bot.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain")
    return read(page.text)


def answered(telegram: FakeTelegram, chat: int = 1, number: int = 1) -> None:
    telegram.wait(lambda: sum(ANSWERS in text for text in telegram.texts(chat)) >= number)


def test_a_bot_tells_of_itself_logs_nothing_that_anybody_wrote_and_lets_no_other_poll_with_its_file(
    tmp_path: Path, telegram: FakeTelegram
) -> None:
    with serving(tmp_path, telegram, {"FOOTNOTE_LOG_FORMAT": "json"}) as bot:
        bot.begins()
        telegram.wait(lambda: telegram.polls)
        telegram.says(QUESTION, sender=987654321)
        answered(telegram)
        bot.says(lambda line: '"dealt with"' in line)

        assert bot.get("/healthz").json() == {"alive": True}
        ready = bot.get("/readyz")
        counted = values(bot)
        assert bot.get("/updates").status_code == 404
        with serving(tmp_path, telegram) as second:
            refused = second.says(lambda line: "polls for this bot" in line)
            assert second.process.wait(LONG) == 2
        assert bot.ends() == 0

    assert ready.status_code == 200, ready.text
    assert ready.json()["state"] == "fine"
    assert set(ready.json()["parts"]) == {"database", "index", "telegram", "model"}
    assert counted["footnote_questions_total{answer,extractive}"] == 1
    assert counted["footnote_updates_total{question}"] == 1
    assert counted["footnote_gate_verdicts_total{SUPPORTED}"] >= 1
    assert counted["footnote_stage_seconds_count{retrieve}"] == 1
    assert counted["footnote_telegram_calls_total{sendMessage,ok}"] >= 1
    assert counted["footnote_inbox_depth{}"] == 0
    assert counted["footnote_library_documents{}"] == 1
    assert counted["footnote_ready{}"] == counted["footnote_telegram_polling{}"] == 1
    assert f"Process {bot.process.pid} polls" in refused
    assert "FOOTNOTE_DATABASE_URL" in refused
    told = bot.events()
    of_question = [event for event in told if "question" in event]
    assert len({event["question"] for event in of_question}) == 1
    assert {"taken up", "a step of an answer", "answered", "dealt with"} <= {event["event"] for event in of_question}
    whole = "\n".join(bot.lines)
    for secret in ("Xaverine", "21 kg", "rituximab", "987654321", "ABC-fake_token"):
        assert secret not in whole


@pytest.fixture
async def database(postgres_server: PostgresServer) -> AsyncIterator[str]:
    name = await postgres_server.create(migrated=False)
    yield postgres_server.url(name)
    await postgres_server.drop(name)


async def test_of_two_processes_on_postgresql_one_polls_and_the_other_takes_over_when_it_is_killed(
    tmp_path: Path, telegram: FakeTelegram, database: str
) -> None:
    settings = {"FOOTNOTE_DATABASE_URL": database}
    with serving(tmp_path, telegram, settings) as one, serving(tmp_path, telegram, settings) as two:
        one.begins()
        two.begins()
        first, second = by_turn(one, two)
        telegram.wait(lambda: telegram.polls)
        assert second.get("/readyz").json()["parts"]["telegram"]["reason"].startswith("another process polls")
        assert values(second)["footnote_telegram_polling{}"] == 0
        telegram.says(QUESTION)
        answered(telegram)

        first.process.kill()
        first.process.wait(LONG)  # Until somebody has heard of its end, a process counts as alive.
        second.says(lambda line: "answers as" in line)
        telegram.says(QUESTION)
        answered(telegram, number=2)  # In the same lane as the first one, which the dead had in work.
        assert values(second)["footnote_telegram_polling{}"] == 1
        assert second.ends() == 0
    assert not any("Another program" in line for line in (*one.lines, *two.lines))


def by_turn(one: Serving, two: Serving) -> tuple[Serving, Serving]:
    """The one that polls, and the one that waits."""
    said = [bot.says(lambda line: "answers as" in line or "Another process polls" in line) for bot in (one, two)]
    polls = ["answers as" in line for line in said]
    assert polls in ([True, False], [False, True])
    return (one, two) if polls[0] else (two, one)
