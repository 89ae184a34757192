import asyncio
import io
import json
import signal
import sys

import pytest

from bot.channels.chat import chat_in_lines, chat_in_terminal
from bot.domain.messages import Audience, IncomingMessage, Reply
from bot.domain.progress import Listener
from bot.places import shipped
from bot.prompts import load_wording
from tests.unit.stores.replies import a_reply

WORDING = load_wording(shipped("prompts"))


class Answering:
    """Answers everything with the same reply and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[IncomingMessage] = []

    async def __call__(self, message: IncomingMessage, listener: Listener | None = None) -> Reply:
        self.asked.append(message)
        return a_reply(message.conversation, question=message.text)


@pytest.fixture
def answering() -> Answering:
    return Answering()


def pipe(monkeypatch: pytest.MonkeyPatch, *lines: str | bytes) -> None:
    raw = b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))


async def test_a_line_may_name_its_user_and_else_the_conversation_pays(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answering: Answering
) -> None:
    pipe(
        monkeypatch,
        '{"conversation": "c1", "text": "a", "user": "ada"}',
        '{"conversation": "c2", "text": "b", "user": "ada", "audience": "family"}',
        '{"conversation": "c3", "text": "c"}',
        '{"conversation": "c4", "text": "d", "user": null, "detail": true}',
    )
    await chat_in_lines(answering, WORDING)

    assert [message.spender for message in answering.asked] == ["ada", "ada", "c3", "c4"]
    assert [message.detail for message in answering.asked] == [False, False, False, True]
    assert [message.audience for message in answering.asked][:2] == [Audience.CLINICIAN, Audience.FAMILY]
    written = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [reply["conversation"] for reply in written] == ["c1", "c2", "c3", "c4"]


async def test_a_new_conversation_in_the_terminal_is_the_same_users(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answering: Answering
) -> None:
    pipe(monkeypatch, "a", "", "b", "/new", "c")
    await chat_in_terminal(answering, WORDING, Audience.TRAINEE)

    first, second, third = answering.asked
    assert first.conversation == second.conversation != third.conversation
    assert {(message.spender, message.audience) for message in answering.asked} == {("terminal", Audience.TRAINEE)}
    assert WORDING.say("telegram.new") in capsys.readouterr().out


class Waiting:
    """A person who presses Ctrl-C at the prompt, and then says nothing more for a while."""

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        signal.raise_signal(signal.SIGINT)
        raise AssertionError("the line is still waited for")


def test_ctrl_c_at_the_prompt_ends_the_conversation_at_once(
    monkeypatch: pytest.MonkeyPatch, answering: Answering
) -> None:
    monkeypatch.setattr(sys, "stdin", Waiting())
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(chat_in_terminal(answering, WORDING, Audience.CLINICIAN))
    assert signal.getsignal(signal.SIGINT) is before
