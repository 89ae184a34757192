"""What Telegram marks by itself in what people write."""

import re
from typing import Any

from bot.demo.limits import units

MARKS = re.compile(r"(?P<bot_command>^/\w+(?:@\w+)?)|(?P<mention>(?<!\w)@\w{3,})|(?P<url>https?://\S+)")


def entities_of(text: str) -> list[dict[str, Any]]:
    """Commands at the beginning, mentions and addresses."""
    return [
        {"type": mark.lastgroup, "offset": units(text[: mark.start()]), "length": units(mark.group())}
        for mark in MARKS.finditer(text)
    ]
