"""What a target is: a function of bytes that raises on a broken promise, with seeds for it and a limit to its time."""

import random
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
LONGEST = 12_000
"""Bytes of one input: as many as the longest message that is read has characters."""
RUNS_OF_ONE = 3000
"""Copies of a fragment that a mutation may put in a row: what makes a careless pattern slow."""
COMMON = (
    b" ",
    b"\n",
    b"\t",
    b"0",
    b"9",
    b"-",
    b".",
    b"a",
    b"\xc3\xa9",
    b"\xe2\x80\x93",
    b"\xe2\x80\x8b",
    b"\x00",
    b"\xff",
)


class BrokenPromiseError(AssertionError):
    """What was promised of every input doesn't hold for this one."""


class HangError(BrokenPromiseError):
    """The input took longer than anything may take."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """`run` raises on a broken promise; `seeds` are made when they are first wanted; `fragments` are spliced in."""

    name: str
    promise: str
    run: Callable[[bytes], None]
    seeds: Callable[[], Sequence[bytes]]
    fragments: Sequence[bytes] = ()


class Draw:
    """Choices that the bytes of an input make; without bytes left, the first of each."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self, below: int) -> int:
        """From 0 to `below` - 1."""
        size = 1 if below <= 256 else 2 if below <= 65536 else 4
        taken = self._data[self._at : self._at + size]
        self._at += size
        return int.from_bytes(taken, "big") % below

    def one(self, things: Sequence[T]) -> T:
        """One of them."""
        return things[self.number(len(things))]

    def rest(self) -> str:
        """All that is left, as text."""
        return text_of(self._data[self._at :])


def text_of(data: bytes) -> str:
    """Any bytes as text, as a decoder reads them that forgives."""
    return data.decode("utf-8", "replace")


def require(condition: object, promise: str) -> None:
    """Raise unless it holds."""
    if not condition:
        raise BrokenPromiseError(promise)


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise HangError after so much processor time; also inside a regular expression. In the main thread only."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise HangError(f"It takes more than {seconds:g} s of the processor.")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def mutate(seeds: Sequence[bytes], fragments: Sequence[bytes], chance: random.Random) -> bytes:
    """One of the seeds, changed in a few places: cut, repeated, spliced with another, bytes and fragments put in."""
    made = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((0, 1, 1, 2, 3, 5, 9))):
        at = chance.randint(0, len(made))
        piece = chance.choice(fragments) if fragments and chance.random() < 0.6 else chance.choice(COMMON)
        match chance.randrange(8):
            case 0 | 1:
                made[at:at] = piece
            case 2:
                made[at : at + len(piece)] = piece
            case 3:
                del made[at : at + chance.choice((1, 2, 5, 20, 200))]
            case 4:
                made[at:at] = made[at : at + chance.choice((3, 10, 40, 200))] * chance.choice((1, 2, 20))
            case 5:
                other = chance.choice(seeds)
                begin = chance.randint(0, len(other))
                made[at:at] = other[begin : begin + chance.choice((5, 30, 200))]
            case 6 if chance.random() < 0.1:
                made[at:at] = piece * chance.randrange(RUNS_OF_ONE)
            case 7 if at < len(made):
                made[at] = chance.randrange(256)
            case _:
                pass
    return bytes(made[:LONGEST])
