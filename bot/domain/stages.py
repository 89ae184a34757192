"""Tells whoever watches a question how long each step of its answer took, with its beginning and its end."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Watch = Callable[[str, float, float], None]
"""Hears of a step that has ended: its name, its beginning and its end, in seconds of `time.perf_counter`."""

_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watching(watch: Watch) -> Iterator[None]:
    """Hear of the steps of what is done within, in this task and in all that it starts."""
    before = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(before)


def ended(step: str, began: float) -> float:
    """The milliseconds since it began, by `time.perf_counter`; who watches is told."""
    now = time.perf_counter()
    if (watch := _watch.get()) is not None:
        watch(step, began, now)
    return (now - began) * 1000
