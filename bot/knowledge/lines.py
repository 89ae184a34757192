"""The lines of a plain text, and which of them are only the furniture of a printed page."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.knowledge.traced import Traced

ZONE = 12
BREAK = re.compile("[\n\v\f\x85\u2028\u2029]")
BULLET = re.compile(r"(?P<marker>[•◦▪▫‣⁃∙·●○■□➢➤►▶→✓✔☑✅]|[-*+–—](?=\s))\s*(?=\S)")
TYPED_BULLET = re.compile(r"(?P<marker>o)\s+(?=[A-Z])")
NUMBER = re.compile(r"(?P<marker>\d{1,2}[.)](?=\s)|\(\d{1,2}\)|\(?[a-h]\)|\(?[ivx]{1,4}\))\s+(?=\S)")
PAGE_NUMBER = re.compile(r"(?:page\s*)?[-–—|]?\s*\d{1,4}\s*[-–—|]?(?:\s*(?:of|/)\s*\d{1,4})?", re.IGNORECASE)
STAMP = re.compile(
    r"downloaded from\b|protected by copyright|for personal use only|by guest\b|^copyright\b|^©|all rights reserved"
    r"|first published as|^https?://\S+$|^www\.\S+$",
    re.IGNORECASE,
)
OPEN_END = re.compile(r"[^.!?:;]$|\b(?:vs|e\.g|i\.e|al|Fig)\.$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its indentation. `page` counts form feeds from 1."""

    text: Traced
    indent: int
    page: int

    @property
    def marker(self) -> re.Match[str] | None:
        """The bullet or number in front of a list item."""
        typed = TYPED_BULLET.match(self.text.text) if self.indent else None
        return typed or BULLET.match(self.text.text) or NUMBER.match(self.text.text)

    @property
    def is_blank(self) -> bool:
        """Whether nothing visible stands on it."""
        return not self.text.text


def read_lines(source: str) -> list[Line]:
    """All lines of a text, the blank ones too."""
    lines = []
    page = 1
    start = 0
    for end in [*(match.start() for match in BREAK.finditer(source)), len(source)]:
        whole = Traced.of(source, start, end)
        indent = len(whole.text.expandtabs(4)) - len(whole.text.expandtabs(4).lstrip())
        lines.append(Line(whole.part(0), indent, page))
        page += source[end : end + 1] == "\f"
        start = end + 1
    return lines


def page_furniture(lines: Sequence[Line]) -> set[int]:
    """The indices of running heads, page numbers and download stamps."""
    numbers = {index for index in range(len(lines)) if _is_page_number(lines, index)}
    stamps = {index for index, line in enumerate(lines) if len(line.text.text) < 200 and STAMP.search(line.text.text)}
    furniture = numbers | stamps
    alike: dict[str, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        if 3 < len(line.text.text) <= 110 and index not in furniture and not line.marker:
            alike[re.sub(r"\d+", "#", line.text.text)].append(index)
    breaks = {index for index, line in enumerate(lines) if index and line.page != lines[index - 1].page} | furniture
    for places in alike.values():
        if sum(_is_at_page_border(lines, place, breaks) for place in places) >= 2:
            furniture.update(place for place in places if _is_at_page_border(lines, place, breaks))
    return furniture | _interruptions(lines, furniture)


def _interruptions(lines: Sequence[Line], furniture: set[int]) -> set[int]:
    """Lone lines beside a page number in the middle of a sentence: the foot of one page, the head of the next."""
    found: set[int] = set()
    for index in furniture:
        first = last = index
        while first > max(0, index - ZONE) and _is_lone(lines, first - 1, furniture):
            first -= 1
        while last + 1 < min(len(lines), index + ZONE) and _is_lone(lines, last + 1, furniture):
            last += 1
        if first > 0 and last + 1 < len(lines):
            cut, rest = lines[first - 1].text.text, lines[last + 1].text.text
            if len(cut) > 30 and OPEN_END.search(cut) and rest[:1].islower():
                found.update(place for place in range(first, last + 1) if not lines[place].is_blank)
    return found


def _is_lone(lines: Sequence[Line], index: int, furniture: set[int]) -> bool:
    """Blank, furniture, or a line with no text right above or below it."""
    if lines[index].is_blank or index in furniture:
        return True
    around = [place for place in (index - 1, index + 1) if 0 <= place < len(lines)]
    return len(lines[index].text.text) <= 110 and all(lines[place].is_blank or place in furniture for place in around)


def _is_page_number(lines: Sequence[Line], index: int) -> bool:
    if not PAGE_NUMBER.fullmatch(lines[index].text.text):
        return False
    around = [lines[place] for place in (index - 1, index + 1) if 0 <= place < len(lines)]
    return len(around) < 2 or any(line.is_blank or line.page != lines[index].page for line in around)


def _is_at_page_border(lines: Sequence[Line], index: int, breaks: set[int]) -> bool:
    """Beside a page break or page number, or in the middle of a sentence."""
    before, after = _neighbour(lines, index, -1), _neighbour(lines, index, 1)
    if before is None:
        return True
    if breaks & {index, before, after} or (after is not None and lines[after].page != lines[index].page):
        return True
    if after is None:
        return False
    cut, rest = lines[before].text.text, lines[after].text.text
    return len(cut) > 30 and bool(OPEN_END.search(cut)) and rest[:1].islower() and not lines[index].text.text.islower()


def _neighbour(lines: Sequence[Line], index: int, step: int) -> int | None:
    index += step
    while 0 <= index < len(lines):
        if not lines[index].is_blank:
            return index
        index += step
    return None


def repeated_lines(texts: Sequence[str], least: int = 3) -> frozenset[str]:
    """Lines that stand identically in at least three texts; copies of one text don't count as several."""
    inside = [{line.strip() for line in text.splitlines() if line.strip()} for text in texts]
    counts = Counter(line for lines in inside for line in lines)
    several = [
        lines
        for lines in inside
        if sum(len(line) for line in lines if counts[line] >= least) <= 0.6 * sum(len(line) for line in lines)
    ]
    counts = Counter(line for lines in several for line in lines)
    return frozenset(line for line, count in counts.items() if count >= least)
