"""The whole bot on both pairs of stores: SQLite and embedded Chroma, PostgreSQL and a Chroma server. Outages of it."""

import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.chroma_server import RunningChroma
from tests.end_to_end.operated import LONG, Serving, serving
from tests.fake_telegram import FakeTelegram
from tests.postgres_server import PostgresServer

MANY = {"FOOTNOTE_QUESTIONS_PER_MINUTE": "1000", "FOOTNOTE_CHAT_QUESTIONS_PER_MINUTE": "1000"}
QUESTION = "What is the dose of rituximab?"
PAIRS = ["SQLite and embedded Chroma", "PostgreSQL and a Chroma server"]


@pytest.fixture
async def servers(postgres_server: PostgresServer, own_chroma_server: RunningChroma) -> AsyncIterator[dict[str, str]]:
    """The settings that lead to both servers."""
    name = await postgres_server.create(migrated=False)
    yield {"FOOTNOTE_DATABASE_URL": postgres_server.url(name), "FOOTNOTE_CHROMA_URL": own_chroma_server.url}
    await postgres_server.drop(name)


@pytest.fixture(params=PAIRS)
def places(request: pytest.FixtureRequest) -> dict[str, str]:
    """The settings of each pair."""
    if request.param == PAIRS[0]:
        return {}
    settings: dict[str, str] = request.getfixturevalue("servers")
    return settings


def answered(telegram: FakeTelegram, dose: str, number: int = 1) -> None:
    telegram.wait(lambda: sum(dose in text for text in telegram.texts(1)) >= number)


def becomes(bot: Serving, state: str) -> dict[str, str]:
    """Wait until the index is in this state."""
    pause = threading.Event()
    for _ in range(LONG * 10):
        ready = bot.get("/readyz")
        index: dict[str, str] = ready.json()["parts"]["index"]
        assert ready.status_code == 200, "it answers all the time"
        if index["state"] == state:
            return index
        pause.wait(0.1)
    raise AssertionError(f"The index never became {state}: {index}")


def is_put_back(server: RunningChroma) -> None:
    """Wait until the running bot has filled the server again."""
    pause = threading.Event()
    with server.connected() as opened:
        for _ in range(LONG * 10):
            if [standing.is_complete for standing in opened.collections()] == [True]:
                return
            pause.wait(0.1)
    raise AssertionError("Nobody put the index there again.")


async def test_a_question_is_answered_and_an_edit_is_seen(
    tmp_path: Path, telegram: FakeTelegram, places: dict[str, str]
) -> None:
    with serving(tmp_path, telegram, MANY | places) as bot:
        bot.begins()
        telegram.says(QUESTION)
        answered(telegram, "375 mg")
        page = tmp_path / "library" / "rituximab.md"
        page.write_text(page.read_text().replace("375 mg/m² weekly", "500 mg monthly"))
        telegram.says(QUESTION)
        while not any("500 mg" in text for text in telegram.texts(1)):
            number = sum("mg" in text for text in telegram.texts(1))
            telegram.says(QUESTION)
            answered(telegram, "mg", number + 1)
        assert bot.get("/readyz").json()["parts"]["index"]["state"] == "fine"
        assert bot.ends() == 0


async def test_a_chroma_server_that_dies_under_load_costs_no_answer_and_no_restart(
    tmp_path: Path, telegram: FakeTelegram, servers: dict[str, str], own_chroma_server: RunningChroma
) -> None:
    with serving(tmp_path, telegram, MANY | servers) as bot:
        bot.begins()
        telegram.says(QUESTION)
        answered(telegram, "375 mg")
        becomes(bot, "fine")
        for _ in range(3):
            telegram.says(QUESTION)
        own_chroma_server.kill()
        for _ in range(3):
            telegram.says(QUESTION)
        answered(telegram, "375 mg", 7)
        told = becomes(bot, "degraded")
        own_chroma_server.start()
        becomes(bot, "fine")
        own_chroma_server.forget()
        telegram.says(QUESTION)
        answered(telegram, "375 mg", 8)
        is_put_back(own_chroma_server)
        becomes(bot, "fine")
        assert bot.ends() == 0
    assert "can't be reached" in told["reason"]
    assert "FOOTNOTE_CHROMA_URL" in told["remedy"]
    said = "\n".join(bot.lines)
    assert said.count("can't be reached") <= 1
    assert "Traceback" not in said
