"""Puts a real conversation with the shipped library into the README; a test holds the README to it.

python -m tests.tools.readme
"""

import asyncio
import tempfile
from pathlib import Path

from bot.bootstrap import open_bot
from bot.channels.terminal import render_plain
from bot.domain.messages import IncomingMessage
from bot.places import shipped
from bot.settings import Settings
from tests.fakes import MemoryConversations

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- conversation -->", "<!-- /conversation -->"
QUESTIONS = ("Does rituximab help calcinosis in JDM?", "and infliximab?")


async def converse() -> str:
    """The conversation as the terminal shows it."""
    with tempfile.TemporaryDirectory() as data:
        settings = Settings(knowledge=shipped("knowledge"), prompts=shipped("prompts"), data=Path(data))
        async with open_bot(settings, conversations=MemoryConversations()) as bot:
            parts = []
            for question in QUESTIONS:
                reply = await bot.service.respond(IncomingMessage(conversation="readme", text=question))
                parts.append(f"> {question}\n\n{render_plain(reply, bot.wording)}")
    return "\n\n".join(parts)


def with_conversation(readme: str, conversation: str) -> str:
    """The README with this conversation between its marks."""
    before, rest = readme.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n```\n{conversation}\n```\n{END}{after}"


def main() -> None:
    """Rewrite the README."""
    README.write_text(with_conversation(README.read_text(encoding="utf-8"), asyncio.run(converse())), encoding="utf-8")


if __name__ == "__main__":
    main()
