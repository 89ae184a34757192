"""How the lines of a plain text run on: wrapped at a width, or one block a line."""

import re
from collections.abc import Sequence
from itertools import pairwise

from bot.knowledge.lines import Line

WIDEST = 140
ENDED = re.compile(r"[.!?:;][\"'’”)\]]*\d{0,3}$")
SPLIT_WORD = re.compile(r"[^\W\d_][-\u00ad]$")


class Layout:
    """The habits of one text, told from the pairs of lines without a blank line between them."""

    def __init__(self, lines: Sequence[Line]) -> None:
        pairs = [
            (line.text.text, after.text.text)
            for line, after in pairwise(lines)
            if not line.is_blank and not after.is_blank and not after.marker
        ]
        lengths = sorted(len(line) for line, _ in pairs)
        self.width = lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0
        running = sum(runs_on(line, after) for line, after in pairs)
        self.wrapped = self.width <= WIDEST and bool(pairs) and running >= 0.4 * len(pairs)

    def continues(self, before: str, after: str, *, first: bool) -> bool:
        """Whether a line goes on with the paragraph of the one above it, which is the paragraph's `first`."""
        if SPLIT_WORD.search(before) and after[0].islower():
            return True
        if not self.wrapped:
            return runs_on(before, after) and len(before) >= 40 and len(after.split()) > 1
        if runs_on(before, after):
            return True
        if first and looks_like_title(before) and not ENDED.search(before):
            return False
        full = len(before) + 1 + len(after.split(maxsplit=1)[0]) > 0.9 * self.width
        return full or (not ENDED.search(before) and len(before) >= 0.5 * self.width)


def runs_on(before: str, after: str) -> bool:
    """Whether a sentence evidently runs from one line into the next."""
    return not ENDED.search(before) and (after[0].islower() or before[-1] in ",-–/(" or after[0] in ")%,")


def looks_like_title(text: str) -> bool:
    """Whether most longer words are capitalised."""
    longer = [word for word in re.findall(r"[^\W\d_][\w'’-]*", text) if len(word) > 3]
    return bool(longer) and sum(word[0].isupper() for word in longer) >= 0.6 * len(longer) and text[0].isupper()
