"""What is computed beside a block begins late, is told when to stop, has ended with the block, and costs nothing."""

import asyncio
import threading

import pytest

from bot.answering.meanwhile import IsOver, meanwhile


class Works:
    """Works until it's told that the block is over."""

    def __init__(self) -> None:
        self.began, self.ended = threading.Event(), threading.Event()

    def __call__(self, is_over: IsOver) -> None:
        self.began.set()
        while not is_over():
            threading.Event().wait(0.001)
        self.ended.set()


async def test_it_works_beside_the_block_and_has_ended_after_it() -> None:
    work = Works()
    async with meanwhile(work, after=0.0):
        assert await asyncio.to_thread(work.began.wait, 10.0)
        assert not work.ended.is_set()
    assert work.ended.is_set()


async def test_nothing_is_begun_beside_a_block_that_is_over_at_once() -> None:
    work = Works()
    async with meanwhile(work, after=60.0):
        pass
    assert not work.began.is_set()


async def test_what_it_raises_is_logged_without_its_words_and_costs_the_block_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    failed = asyncio.Event()
    loop = asyncio.get_running_loop()

    def fail(_: IsOver) -> None:
        loop.call_soon_threadsafe(failed.set)
        raise ValueError("What is the dose for Ada?")

    async with meanwhile(fail, after=0.0):
        await failed.wait()
    assert "ValueError" in caplog.text
    assert "Ada" not in caplog.text


async def test_the_blocks_own_error_is_raised_and_nothing_is_left_behind() -> None:
    work = Works()

    async def run() -> None:
        async with meanwhile(work, after=0.0):
            assert await asyncio.to_thread(work.began.wait, 10.0)
            raise OSError("The model is away.")

    with pytest.raises(OSError, match="away"):
        await run()
    assert work.ended.is_set()


async def test_a_cancelled_block_leaves_nothing_behind() -> None:
    work = Works()

    async def run() -> None:
        async with meanwhile(work, after=0.0):
            await asyncio.Event().wait()

    task = asyncio.create_task(run())
    assert await asyncio.to_thread(work.began.wait, 10.0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert work.ended.is_set()
