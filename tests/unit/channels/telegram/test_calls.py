import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.channels.telegram.calls import FloodGates, is_outage, persist, redact


@pytest.fixture(autouse=True, params=["true", "false"])
def both_ways_of_the_library_to_give_a_time(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", request.param)


pytestmark = pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")


class Clock:
    """Remembers the pauses instead of making them."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(round(seconds, 2))


class Script:
    """A call that fails with each error in turn and then gives `done`."""

    def __init__(self, *errors: TelegramError) -> None:
        self.errors = list(errors)
        self.tries = 0

    async def __call__(self) -> str:
        self.tries += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"


async def test_flood_control_is_waited_out_as_long_as_telegram_asks() -> None:
    clock = Clock()

    assert await persist(Script(RetryAfter(3), RetryAfter(timedelta(seconds=7))), tries=6, sleep=clock.sleep) == "done"
    assert clock.pauses == [3.1, 7.1]


async def test_network_errors_are_retried_with_doubling_pauses_up_to_a_limit() -> None:
    clock = Clock()

    await persist(Script(*[NetworkError("down"), TimedOut()] * 5), tries=12, sleep=clock.sleep)

    assert clock.pauses == [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0]


@pytest.mark.parametrize("make", [lambda: NetworkError("down"), lambda: RetryAfter(1)])
async def test_the_last_failure_is_raised(make: Callable[[], TelegramError]) -> None:
    clock, script = Clock(), Script(*[make()] * 9)

    with pytest.raises(type(make())):
        await persist(script, tries=3, sleep=clock.sleep)

    assert script.tries == 3
    assert len(clock.pauses) == 2


@pytest.mark.parametrize("make", [lambda: BadRequest("no"), lambda: Forbidden("blocked")])
async def test_a_refusal_is_not_repeated(make: Callable[[], TelegramError]) -> None:
    script = Script(make())

    with pytest.raises(TelegramError):
        await persist(script, tries=6, sleep=Clock().sleep)

    assert script.tries == 1


async def test_no_try_at_all_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        await persist(Script(), tries=0)


def test_the_token_is_taken_out_of_texts_whole_or_in_part() -> None:
    text = redact("GET https://host/bot123:s3cret/getMe and s3cret", "123:s3cret")

    assert text == "GET https://host/bot<token>/getMe and <token>"
    assert redact("nothing", "odd") == "nothing"


async def test_flood_control_holds_all_calls_to_its_chat_and_none_to_others() -> None:
    let_go, calls = asyncio.Event(), list[str]()

    async def sleep(_: float) -> None:
        await let_go.wait()

    gates = FloodGates(sleep)

    async def call(name: str) -> None:
        calls.append(name)

    held = asyncio.create_task(persist(Script(RetryAfter(3)), tries=2, sleep=sleep, gates=gates, chat=1))
    for _ in range(9):  # Until it has been refused.
        await asyncio.sleep(0)
    assert gates.is_closed(1)
    behind = asyncio.create_task(persist(lambda: call("same chat"), tries=1, sleep=sleep, gates=gates, chat=1))
    await persist(lambda: call("other chat"), tries=1, sleep=sleep, gates=gates, chat=2)
    assert calls == ["other chat"]

    let_go.set()
    assert await held == "done"
    await behind
    assert calls == ["other chat", "same chat"]


def test_an_outage_is_told_from_a_refusal() -> None:
    assert [is_outage(error) for error in (NetworkError("down"), TimedOut(), RetryAfter(1))] == [True] * 3
    assert [is_outage(error) for error in (BadRequest("no"), Forbidden("no"))] == [False] * 2
