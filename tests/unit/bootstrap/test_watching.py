"""What is followed is looked at again and again; one that breaks is told of and holds up nobody else."""

from queue import Queue
from threading import Event

import pytest

from bot.bootstrap import watching
from bot.bootstrap.watching import watched

LIMIT_S = 30


class Broken:
    def look(self) -> None:
        raise RuntimeError("Xyzzy")

    def stop(self) -> None:
        """Nothing is under way."""


class Whole:
    def __init__(self) -> None:
        self.looked, self.stopped = Event(), Event()

    def look(self) -> None:
        self.looked.set()

    def stop(self) -> None:
        self.stopped.set()


def test_a_look_that_breaks_is_told_without_its_text_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "EVERY_S", 0.0)
    said: Queue[str] = Queue()
    whole = Whole()
    with watched({"library": Broken(), "prompts": whole}, said.put):
        line = said.get(timeout=LIMIT_S)
        whole.looked.clear()
        assert whole.looked.wait(LIMIT_S)
    assert line == "The library isn't watched any more (RuntimeError): restart Footnote to take up what changes."
    assert said.empty()
    assert whole.stopped.is_set()
