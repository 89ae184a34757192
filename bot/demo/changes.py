"""One lock for all that a server knows, and a way to wait for what changes, from threads and from the event loop."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


class Changes:
    """Whoever changes something does it inside `making()`; whoever waits is told afterwards."""

    def __init__(self) -> None:
        self.version = 0
        self.closed = False
        self._condition = threading.Condition(threading.RLock())
        self._waiting: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}

    @contextmanager
    def making(self) -> Iterator[None]:
        """Hold the lock, and tell everybody who waits. May be nested: what is inside becomes visible at once."""
        with self._condition:
            try:
                yield
            finally:
                self.tell()

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Hold the lock without changing anything."""
        with self._condition:
            yield

    def tell(self) -> None:
        """Let those who wait look again."""
        with self._condition:
            self.version += 1
            self._condition.notify_all()
            for event, loop in self._waiting.items():
                with suppress(RuntimeError):  # A loop that ended meanwhile waits for nothing.
                    loop.call_soon_threadsafe(event.set)

    def close(self) -> None:
        """Nothing will change any more: every wait ends."""
        with self._condition:
            self.closed = True
            self.tell()

    def wait_for(self, condition: Callable[[], object], seconds: float) -> bool:
        """Wait in a thread until it is so; False when the time ran out."""
        with self._condition:
            return bool(self._condition.wait_for(condition, seconds))

    async def until(self, condition: Callable[[], object], seconds: float | None = None) -> bool:
        """Wait in an event loop until it is so; False when the time ran out or nothing will change any more."""
        event = asyncio.Event()
        with self._condition:
            self._waiting[event] = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(seconds):
                while True:
                    event.clear()
                    with self._condition:
                        if condition():
                            return True
                        if self.closed:
                            return False
                    await event.wait()
        except TimeoutError:
            return False
        finally:
            with self._condition:
                del self._waiting[event]
