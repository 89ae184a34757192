"""What Telegram marks by itself in what people write."""

import re
from typing import Any

from bot.demo.limits import units

MARKS = re.compile(r"(?P<bot_command>^/\w+(?:@\w+)?)|(?P<mention>(?<!\w)@\w{3,})|(?P<url>https?://\S+)")


COMMANDS = re.compile(r"(?<!\S)/(\w+)")


def with_commands(text: str, entities: list[dict[str, Any]], known: frozenset[str]) -> list[dict[str, Any]]:
    """The entities of what a bot writes, with the commands that its readers can press."""
    marked = [
        {"type": "bot_command", "offset": units(text[: found.start()]), "length": units(found.group())}
        for found in COMMANDS.finditer(text)
        if found.group(1) in known
    ]
    return [*entities, *marked]


def entities_of(text: str) -> list[dict[str, Any]]:
    """Commands at the beginning, mentions and addresses."""
    return [
        {"type": mark.lastgroup, "offset": units(text[: mark.start()]), "length": units(mark.group())}
        for mark in MARKS.finditer(text)
    ]
