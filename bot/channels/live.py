"""What a person at a terminal sees while a language model writes: the stage, and each claim that passed the gate."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, assert_never

from bot.channels.rendering import render_stage
from bot.domain.progress import ClaimPassed, Event, Listener, StageReached, StartedAfresh
from bot.prompts import Wording

if TYPE_CHECKING:
    from rich.live import Live
    from rich.text import Text


@contextmanager
def shown_live(wording: Wording) -> Iterator[Listener | None]:
    """A listener that shows what it hears until the answer takes its place; None where nobody watches."""
    if not sys.stdout.isatty():
        yield None
        return
    from rich.console import Console
    from rich.live import Live

    with Live(console=Console(), transient=True, auto_refresh=False) as live:
        yield _Showing(wording, live)


class _Showing:
    """Gathers what was heard. Nothing is shown before a stage begins: what only quotes is there at once."""

    def __init__(self, wording: Wording, live: "Live") -> None:
        self._wording = wording
        self._live = live
        self._stage = ""
        self._claims: list[str] = []

    def __call__(self, event: Event) -> None:
        match event:
            case StageReached():
                self._stage = render_stage(event, self._wording)
            case ClaimPassed(text=text):
                self._claims.append(text)
            case StartedAfresh():
                self._claims.clear()
            case _:
                assert_never(event)
        if self._stage:
            self._live.update(self._drawn(), refresh=True)

    def _drawn(self) -> "Text":
        from rich.text import Text

        # Text, never markup: what a model or a document says may hold brackets.
        drawn = Text("\n".join(f"✓ {claim}" for claim in self._claims))
        return drawn.append(f"{chr(10) if self._claims else ''}{self._stage}", style="dim")
