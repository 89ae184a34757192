"""A terminal shows what a language model is doing, and what of its text has passed; a pipe shows nothing of it."""

import io
import sys

import pytest

from bot.channels.live import shown_live
from bot.domain.answers import ClaimRole
from bot.domain.progress import ClaimPassed, Stage, StageReached, StartedAfresh
from bot.places import shipped
from bot.prompts import load_wording

WORDING = load_wording(shipped("prompts"))
FIRST = ClaimPassed(text="Rituximab [was] given.", role=ClaimRole.BOTTOM_LINE)
SECOND = ClaimPassed(text="Infliximab was given.", role=ClaimRole.FINDING)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def open_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    return screen


def test_claims_are_shown_as_they_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = open_terminal(monkeypatch)
    with shown_live(WORDING) as listener:
        assert listener is not None
        listener(StageReached(stage=Stage.WRITING, passages=12))
        assert "Reading 12 passages" in terminal.getvalue()
        listener(FIRST)
        assert "✓ Rituximab [was] given." in terminal.getvalue()
        before = len(terminal.getvalue())
        listener(StartedAfresh())
        listener(SECOND)
        assert "Infliximab" in terminal.getvalue()[before:]
        assert "✓ Rituximab" not in terminal.getvalue()[before:]


def test_what_only_quotes_shows_nothing_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = open_terminal(monkeypatch)
    with shown_live(WORDING) as listener:
        assert listener is not None
        listener(FIRST)
    assert "Rituximab" not in terminal.getvalue()


def test_a_pipe_hears_nothing() -> None:
    with shown_live(WORDING) as listener:
        assert listener is None
