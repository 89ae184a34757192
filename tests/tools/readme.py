"""Puts a conversation, the intended use, what was measured and the settings into the README; tests hold it to them.

python -m tests.tools.readme
"""

import asyncio
import tempfile
import textwrap
from pathlib import Path

from bot.bootstrap import open_bot
from bot.bootstrap.affairs import open_figures
from bot.channels.about import describe_figures, intended_use, of_writer
from bot.channels.terminal import render_plain
from bot.domain.messages import IncomingMessage
from bot.places import shipped
from bot.prompts import load_wording
from bot.settings import Settings
from tests.fakes import MemoryConversations
from tests.tools.settings_table import tell_settings

README = Path(__file__).parents[2] / "README.md"
USE, SETTINGS = "intended use", "settings"
WIDTH = 120
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


def tell_use() -> str:
    """The intended use and the figures, as `/about` tells them of the shipped library."""
    settings = Settings(knowledge=shipped("knowledge"), prompts=shipped("prompts"))
    wording = load_wording(settings.prompts)
    parts = [f"**{one.title}{'' if one.title.endswith('?') else '.'}** {one.text}" for one in intended_use(wording)]
    figures = describe_figures(of_writer(open_figures(settings)), wording).replace("\n• ", "\n- ")
    parts.append(f"**{wording.say('about.figures_title')}.** {figures}")
    lines = [line for part in parts for line in (*part.splitlines(), "")]
    filled = (textwrap.fill(line, WIDTH, subsequent_indent="  " * line.startswith("- ")) for line in lines)
    return "\n".join(filled).strip()


def with_part(readme: str, name: str, text: str) -> str:
    """The README with this text between the marks of this name."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, rest = readme.split(begin)
    _, after = rest.split(end)
    return f"{before}{begin}\n{text}\n{end}{after}"


def with_conversation(readme: str, conversation: str) -> str:
    """The README with this conversation between its marks."""
    return with_part(readme, "conversation", f"```\n{conversation}\n```")


def main() -> None:
    """Rewrite the README."""
    readme = with_conversation(README.read_text(encoding="utf-8"), asyncio.run(converse()))
    readme = with_part(readme, USE, tell_use())
    README.write_text(with_part(readme, SETTINGS, tell_settings()), encoding="utf-8")


if __name__ == "__main__":
    main()
