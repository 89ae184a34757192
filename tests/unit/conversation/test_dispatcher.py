import asyncio
import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.dispatcher import Dispatcher

SOON = 5


class Work:
    """Jobs that note their begin and end, and that end when they are told to."""

    def __init__(self) -> None:
        self.noted: list[str] = []
        self._may_end: dict[str, asyncio.Event] = {}
        self._begun: dict[str, asyncio.Event] = {}

    async def job(self, name: str) -> str:
        self.noted.append(f"{name} begins")
        self._begun.setdefault(name, asyncio.Event()).set()
        await self._may_end.setdefault(name, asyncio.Event()).wait()
        self.noted.append(f"{name} ends")
        return name

    async def begun(self, name: str) -> None:
        await asyncio.wait_for(self._begun.setdefault(name, asyncio.Event()).wait(), SOON)

    def end(self, name: str) -> None:
        self._may_end.setdefault(name, asyncio.Event()).set()


async def fail() -> None:
    raise RuntimeError("the patient's name")


async def test_jobs_of_one_conversation_run_one_after_another_in_order() -> None:
    dispatcher, work = Dispatcher(), Work()
    tasks = [dispatcher.submit("c1", lambda name=name: work.job(name)) for name in ("a", "b", "c")]  # type: ignore[misc]
    for name in ("c", "b", "a"):
        work.end(name)

    assert await asyncio.wait_for(asyncio.gather(*tasks), SOON) == ["a", "b", "c"]
    assert work.noted == ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]


async def test_conversations_don_t_wait_for_each_other() -> None:
    dispatcher, work = Dispatcher(), Work()
    slow = dispatcher.submit("c1", lambda: work.job("slow"))
    await work.begun("slow")
    work.end("quick")

    assert await asyncio.wait_for(dispatcher.submit("c2", lambda: work.job("quick")), SOON) == "quick"

    assert not slow.done()
    work.end("slow")
    await asyncio.wait_for(slow, SOON)


async def test_no_more_jobs_are_at_work_than_allowed() -> None:
    dispatcher, work = Dispatcher(at_once=2), Work()
    tasks = [dispatcher.submit(name, lambda name=name: work.job(name)) for name in ("a", "b", "c")]  # type: ignore[misc]
    await work.begun("a")
    await work.begun("b")

    assert work.noted == ["a begins", "b begins"]

    for name in ("a", "b", "c"):
        work.end(name)
    await asyncio.wait_for(asyncio.gather(*tasks), SOON)
    assert work.noted.index("c begins") > work.noted.index("a ends")


async def test_jobs_that_wait_for_their_turn_take_no_place_of_another_conversation() -> None:
    dispatcher, work = Dispatcher(at_once=2), Work()
    for name in ("a", "b", "c", "d"):
        dispatcher.submit("busy", lambda name=name: work.job(name))  # type: ignore[misc]
    other = dispatcher.submit("other", lambda: work.job("other"))

    await work.begun("other")

    for name in ("a", "b", "c", "d", "other"):
        work.end(name)
    await asyncio.wait_for(other, SOON)
    assert await dispatcher.drain(SOON) == 0


async def test_a_job_that_fails_does_not_block_its_successors_and_its_text_is_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    dispatcher, work = Dispatcher(), Work()
    work.end("next")
    failed = dispatcher.submit("c1", fail)
    following = dispatcher.submit("c1", lambda: work.job("next"))

    with caplog.at_level(logging.DEBUG):
        assert await asyncio.wait_for(following, SOON) == "next"

    with pytest.raises(RuntimeError):
        await failed
    assert "RuntimeError" in caplog.text
    assert "patient" not in caplog.text


async def test_a_cancelled_job_does_not_block_its_successors() -> None:
    dispatcher, work = Dispatcher(), Work()
    first = dispatcher.submit("c1", lambda: work.job("first"))
    waiting = dispatcher.submit("c1", lambda: work.job("waiting"))
    last = dispatcher.submit("c1", lambda: work.job("last"))
    await work.begun("first")
    work.end("last")

    waiting.cancel()
    first.cancel()

    assert await asyncio.wait_for(last, SOON) == "last"
    assert "waiting begins" not in work.noted


async def test_cancelling_a_waiting_job_keeps_the_order_of_the_others() -> None:
    dispatcher, work = Dispatcher(), Work()
    dispatcher.submit("c1", lambda: work.job("first"))
    waiting = dispatcher.submit("c1", lambda: work.job("waiting"))
    last = dispatcher.submit("c1", lambda: work.job("last"))
    await work.begun("first")
    work.end("last")

    waiting.cancel()
    await asyncio.wait([waiting], timeout=SOON)
    work.end("first")
    await asyncio.wait_for(last, SOON)

    assert work.noted == ["first begins", "first ends", "last begins", "last ends"]


async def test_draining_waits_for_the_work_in_hand() -> None:
    dispatcher, work = Dispatcher(), Work()
    dispatcher.submit("c1", lambda: work.job("a"))
    await work.begun("a")
    assert dispatcher.unfinished == 1
    work.end("a")

    assert await dispatcher.drain(SOON) == 0
    assert work.noted == ["a begins", "a ends"]
    assert dispatcher.unfinished == 0


async def test_draining_ends_in_time_and_says_how_many_were_given_up() -> None:
    dispatcher, work = Dispatcher(), Work()
    tasks = [dispatcher.submit("c1", lambda: work.job("hangs")) for _ in range(3)]

    assert await dispatcher.drain(0.01) == 3

    await asyncio.wait(tasks, timeout=SOON)
    assert all(task.cancelled() for task in tasks)
    assert "hangs ends" not in work.noted


async def test_draining_with_nothing_to_do_returns_at_once() -> None:
    assert await Dispatcher().drain(0) == 0


async def test_nothing_is_kept_of_conversations_that_are_done() -> None:
    dispatcher, work = Dispatcher(), Work()
    work.end("a")
    for number in range(20):
        dispatcher.submit(f"c{number}", lambda: work.job("a"))

    await dispatcher.drain(SOON)

    assert dispatcher._last == {}
    assert dispatcher._unfinished == set()


@settings(max_examples=60, deadline=None)
@given(
    jobs=st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 3), st.booleans()), max_size=40),
    at_once=st.integers(1, 4),
)
def test_whatever_arrives_every_conversation_keeps_its_order(jobs: list[tuple[str, int, bool]], at_once: int) -> None:
    ended: list[tuple[str, int]] = []
    at_work: set[tuple[str, int]] = set()

    async def job(conversation: str, number: int, steps: int, fails: bool) -> None:
        assert len(at_work) < at_once
        assert conversation not in {name for name, _ in at_work}
        at_work.add((conversation, number))
        for _ in range(steps):
            await asyncio.sleep(0)
        at_work.remove((conversation, number))
        ended.append((conversation, number))
        if fails:
            raise ValueError

    async def run() -> None:
        dispatcher = Dispatcher(at_once=at_once)
        for number, (conversation, steps, fails) in enumerate(jobs):
            dispatcher.submit(
                conversation,
                lambda c=conversation, n=number, s=steps, f=fails: job(c, n, s, f),  # type: ignore[misc]
            )
        assert await dispatcher.drain(SOON) == 0

    asyncio.run(run())
    for conversation in "abcd":
        expected = [number for number, (name, _, _) in enumerate(jobs) if name == conversation]
        assert [number for name, number in ended if name == conversation] == expected
