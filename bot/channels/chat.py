"""Conversations on standard input and output: with a person, or with a script by JSON lines."""

import signal
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from bot.channels.lines import read_lines, write_line
from bot.channels.live import shown_live
from bot.channels.terminal import render_plain, reply_to_json
from bot.domain.messages import Audience, IncomingMessage
from bot.domain.progress import Respond
from bot.prompts import Words

USER = "terminal"
"""Who sits at the terminal, whatever they ask about."""


async def chat_in_lines(respond: Respond, words: Words) -> None:
    """Answer each line of standard input, in order."""
    for line in read_lines("text"):
        named = str(line.get("audience") or Audience.CLINICIAN)
        message = IncomingMessage(
            conversation=str(line.get("conversation") or "terminal"),
            text=line["text"],
            audience=Audience(named) if named in set(Audience) else Audience.OTHER,
            user=str(line.get("user") or ""),
            detail=line.get("detail") is True,
            language=str(line.get("language") or "en"),
        )
        wording = words.for_language(message.language)
        write_line(reply_to_json(await respond(message), wording))


async def chat_in_terminal(respond: Respond, words: Words, audience: Audience) -> None:
    """Ask for questions and answer them, until an empty one; piped questions are answered without being asked for."""
    interactive, wording = sys.stdin.isatty(), words.for_language("en")
    if interactive:
        print(wording.say("terminal.welcome", topic=wording.say("topic")))
    conversation = new_conversation("terminal")
    while True:
        if interactive:
            print(f"\n{wording.say('terminal.prompt')}", end="", flush=True)
        try:
            with _ended_by_interrupt():
                raw = sys.stdin.readline()
        except UnicodeDecodeError:
            print("That line isn't UTF-8 text.", file=sys.stderr, flush=True)
            continue
        text = raw.strip()
        if not raw or (interactive and not text):
            break
        if not text:
            continue
        if text == "/new":
            conversation = new_conversation("terminal")
            print(wording.say("telegram.new"))
            continue
        message = IncomingMessage(conversation=conversation, text=text, audience=audience, user=USER)
        wording = words.for_language(message.language)
        with shown_live(wording) as listener:
            reply = await respond(message, listener)
        print(f"\n{render_plain(reply, wording)}\n", flush=True)
    if interactive:
        print(wording.say("terminal.goodbye"))


@contextmanager
def _ended_by_interrupt() -> Iterator[None]:
    """Ctrl-C ends the wait for a line at once; asyncio would take note of it and wait on."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def new_conversation(kind: str) -> str:
    """A name that no conversation has had."""
    return f"{kind}-{uuid.uuid4().hex[:12]}"
