"""Passes lines on to whoever came to hear them, from any thread."""

from collections.abc import Callable


class Relay:
    """Takes a line and tells it to everybody who asked for it before."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[str], object]] = []

    def add(self, listener: Callable[[str], object]) -> None:
        """Tell this one too, from now on."""
        self._listeners.append(listener)

    def __call__(self, line: str) -> None:
        """Pass a line on."""
        for listener in tuple(self._listeners):
            listener(line)
