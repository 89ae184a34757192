"""Text that remembers where each of its characters stands in the file.

Cleaning only ever removes characters or turns white space into a space, so the way back is never lost; a sentence is
quoted by following it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.domain.documents import Span
from bot.domain.text import DASHES, DOUBLE_QUOTES, SINGLE_QUOTES

SPACE = re.compile(r"\s+")
FAINT = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
GAP = "…"
UNBROKEN = re.compile(r"[^\s…](?:[^…]*[^\s…])?")
EMPHASIS = re.compile(r"\s*[*_`~\\]+\s*")
MARKS = re.compile(r"[*_`~]")
MARKUP_BEFORE = re.compile(r"[*_`~]+$")
MARKUP_AFTER = re.compile(r"[*_`~]+")
HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)


@dataclass(frozen=True, slots=True)
class Traced:
    """`text`, and for each of its characters the offset in the file."""

    text: str
    origins: Sequence[int]

    @classmethod
    def of(cls, source: str, start: int, end: int) -> "Traced":
        """Characters `start` to `end` of a file, without control and invisible characters."""
        traced = cls(source[start:end], range(start, end))
        return traced.edited((match.start(), match.end(), "") for match in HIDDEN.finditer(traced.text))

    @classmethod
    def joined(cls, parts: Sequence["Traced"], separator: str) -> "Traced":
        """The parts one after the other, `separator` (white space) in between."""
        if len(parts) == 1:
            return parts[0]
        origins: list[int] = []
        for number, part in enumerate(parts):
            if number:
                origins += [-1] * len(separator)
            origins += part.origins
        return cls(separator.join(part.text for part in parts), origins)

    def part(self, start: int, end: int | None = None) -> "Traced":
        """Characters `start` to `end` of this text, without the white space around them."""
        text = self.text[start:end]
        first = start + len(text) - len(text.lstrip())
        text = text.strip()
        return Traced(text, self.origins[first : first + len(text)])

    def edited(self, edits: Iterable[tuple[int, int, str]]) -> "Traced":
        """With each range (ascending, apart from each other) replaced by white space or nothing."""
        pieces: list[str] = []
        origins: list[int] = []
        done = 0
        for start, end, filler in edits:
            pieces += (self.text[done:start], filler)
            origins += self.origins[done:start]
            origins += [-1] * len(filler)
            done = end
        if not pieces:
            return self
        origins += self.origins[done:]
        return Traced("".join((*pieces, self.text[done:])), origins)

    def collapsed(self) -> "Traced":
        """With every run of white space as one space, none at the ends."""
        edits = [(match.start(), match.end(), " ") for match in SPACE.finditer(self.text) if match.group() != " "]
        return self.edited(edits).part(0)


def squeeze(text: str) -> str:
    """The form in which a quotation is compared with its file.

    NFKC, soft hyphens out, dashes and quotation marks unified, white space and hyphens out, casefolded.
    """
    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "")
    text = DASHES.sub("-", SINGLE_QUOTES.sub("'", DOUBLE_QUOTES.sub('"', text)))
    return re.sub(r"[\s-]+", "", text).casefold()


def quote(traced: Traced, source: str) -> tuple[str, tuple[Span, ...]]:
    """The characters of the file behind a text, and where they stand; ` … ` between what isn't continuous.

    An ellipsis of the file itself is shown as such a gap. A last part that is only punctuation (a full stop after a
    citation mark) is left away.
    """
    parts: list[str] = []
    spans: list[Span] = []
    before = 0
    for start, end, apart in _runs(_with_outer_markup(traced, source)):
        filler = _bridge(source[before:start], source[start]) if parts else None
        if filler is None:
            parts.append(source[start:end])
            spans.append(Span(start=start, end=end))
        else:
            space = " " if apart and not SPACE.search(filler) else ""
            parts[-1] += filler + space + source[start:end]
            spans[-1] = Span(start=spans[-1].start, end=end)
        before = end
    while len(parts) > 1 and not any(character.isalnum() for character in parts[-1]):
        parts.pop()
        spans.pop()
    return f" {GAP} ".join(parts), tuple(spans)


def _runs(traced: Traced) -> Iterator[tuple[int, int, bool]]:
    """Start and end in the file of each stretch without a break; whether the text has white space before it.

    White space and ellipses at its ends are left away.
    """
    origins = traced.origins
    breaks = [at for at, (one, other) in enumerate(pairwise(origins), 1) if other != one + 1]
    for begin, end in pairwise([0, *breaks, len(origins)]):
        for match in UNBROKEN.finditer(traced.text, begin, end):
            first, last = match.start(), match.end() - 1
            yield origins[first], origins[last] + 1, first > 0 and traced.text[first - 1].isspace()


def _with_outer_markup(traced: Traced, source: str) -> Traced:
    """Emphasis that ends inside a quotation also starts inside it: `**Dose:** 5 mg`, not `Dose:** 5 mg`."""
    if isinstance(traced.origins, range) or not traced.text:
        return traced
    if not MARKS.search(source, max(0, traced.origins[0]), traced.origins[-1] + 1):
        return traced
    shown = [(character, origin) for character, origin in zip(traced.text, traced.origins, strict=True) if origin >= 0]
    if not shown:
        return traced
    before = MARKUP_BEFORE.search(source, max(0, shown[0][1] - 3), shown[0][1])
    after = MARKUP_AFTER.match(source, shown[-1][1] + 1)
    inside = any(b > a + 1 and EMPHASIS.fullmatch(source, a + 1, b) for (_, a), (_, b) in pairwise(shown))
    if not inside or not (before or after):
        return traced
    head, tail = before.group() if before else "", after.group() if after else ""
    start, end = shown[0][1], shown[-1][1]
    origins = [*range(start - len(head), start), *traced.origins, *range(end + 1, end + 1 + len(tail))]
    return Traced(head + traced.text + tail, origins)


def _bridge(gap: str, following: str) -> str | None:
    """What a quotation shows for characters that reading left out; None where they can't be passed over in silence."""
    if gap.isspace():
        return " " if unicodedata.combining(following) else ""
    if EMPHASIS.fullmatch(gap):
        return SPACE.sub(" ", gap)
    faint = "".join(FAINT.findall(gap.replace("\u00ad", "")))
    if squeeze(FAINT.sub("", gap)):
        return None
    if unicodedata.combining(following):
        return SPACE.sub(" ", gap)
    return faint
