"""Makes text as it comes from the world readable: split words joined, glued links parted, white space evened."""

import re
from collections import Counter

from bot.knowledge.traced import Traced

LONGEST_WORD = 60
FIRST_WORD = re.compile(r"[^\W_]+")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
COMPOUND = re.compile(r"(?<![\w-])[^\W_]+(?:-[^\W_]+)+")
SPLIT = re.compile(r"(?<!\w)\w*[-\u00ad\u2010]\s*\n\s*\w*")
LINE_END_HYPHEN = re.compile(r"(?<=[\w)\]])([-\u2010\u2011])([^\S\n]*)\n\s*(?=[^\W_])")
LOOSE_HYPHEN = re.compile(r"(?<=[\w)\]])[-\u2010\u2011][ \u00a0]+(?=[^\W_(])")
BROKEN_RANGE = re.compile(r"(?<=\d)([-\u2010-\u2015\u2212])(?:[^\S\n]*\n\s*|[ \u00a0]+)(?=\d)")
BROKEN_SLASH = re.compile(r"(?<=\w)/[^\S\n]*\n\s*(?=\w)")
SUSPENDED = frozenset("and or to und oder nor versus vs but as through by".split())
PREFIXES = frozenset(
    "all anti co cross double ex follow full half high late life long low mid multi near new non off old on one open "
    "over part post pre quasi self semi short side single six ten three time two up well year add age dose drug "
    "evidence first second third disease steroid weight".split()
)
GLUED = re.compile(r"(?<=[a-z]{4}|(?:19|20)\d\d)(?=[A-Z][a-z]+\b)")
BUTTONS = frozenset("Download Print Share Subscribe View".split())
LINK_WORDS = frozenset(
    "About All Click Download Edit Get How Last Learn Log More Our Print Published Read Reviewed Save See Share Show "
    "Sign Subscribe The This Updated View What When Who Why Written".split()
)


class Vocabulary:
    """The words of one document: they decide how a word that was split at a line end is written."""

    def __init__(self, text: str) -> None:
        whole = SPLIT.sub(" ", text)
        self._words = Counter(word.casefold() for word in WORD.findall(whole))
        self._compounds = {match.casefold() for match in COMPOUND.findall(whole.replace("- ", "-"))}
        self.spaces_follow_hyphens = bool(re.search(r"[^\W\d_]- (?!(?:and|or|to)\b)[a-z]", text))

    def knows(self, word: str) -> bool:
        """Whether the document writes this word in one piece."""
        return self._words[word.casefold()] > 0

    def knows_compound(self, word: str) -> bool:
        """Whether the document writes this word with a hyphen within a line."""
        return word.casefold() in self._compounds


def mend(text: Traced, vocabulary: Vocabulary) -> Traced:
    """Glued lines as running text: `refrac-⏎tory` becomes refractory, `long- term` long-term, `(0.0–⏎1.0)` whole."""
    if "\n" in text.text or "- " in text.text:
        edits: dict[int, tuple[int, str]] = {}
        for match in BROKEN_RANGE.finditer(text.text):
            edits[match.end(1)] = (match.end(), "")
        for match in LINE_END_HYPHEN.finditer(text.text):
            start, filler = _hyphenated(text.text, match, vocabulary)
            edits.setdefault(start, (match.end(), filler))
        for match in LOOSE_HYPHEN.finditer(text.text):
            if not _is_suspended(text.text, match.end()):
                edits.setdefault(match.start() + 1, (match.end(), ""))
        for match in BROKEN_SLASH.finditer(text.text):
            edits.setdefault(match.start() + 1, (match.end(), ""))
        text = text.edited(_apart(edits))
    return text.collapsed()


def _apart(edits: dict[int, tuple[int, str]]) -> list[tuple[int, int, str]]:
    kept: list[tuple[int, int, str]] = []
    for start, (end, filler) in sorted(edits.items()):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, filler))
    return kept


def _hyphenated(text: str, match: re.Match[str], vocabulary: Vocabulary) -> tuple[int, str]:
    """Where the cut starts (at the hyphen, or after it) and what fills it, for a hyphen at a line end."""
    left = re.search(r"[^\W_]*$", text[max(0, match.start() - LONGEST_WORD) : match.start()])
    right = FIRST_WORD.match(text, match.end())
    before, after = left.group() if left else "", right.group() if right else ""
    keep, join = (match.end(1), ""), (match.start(), "")
    if not before or before[-1].isdigit() or not after[0].islower() or not before[-1].islower():
        return keep
    if vocabulary.knows(before + after):
        return join
    if _is_suspended(text, match.end()):
        return match.end(1), " "
    if vocabulary.knows_compound(f"{before}-{after}"):
        return keep
    if match.group(2) and vocabulary.spaces_follow_hyphens:
        return keep
    if before.casefold() in PREFIXES or (vocabulary.knows(before) and vocabulary.knows(after) and len(before) > 2):
        return keep
    return join


def _is_suspended(text: str, position: int) -> bool:
    following = FIRST_WORD.match(text, position)
    return following is not None and following.group() in SUSPENDED


def split_glued(text: Traced, vocabulary: Vocabulary) -> list[Traced]:
    """Parts a line where two links ran together (`BoardAll articles`, `2025View`), and only where that's certain."""
    borders = [0]
    for match in GLUED.finditer(text.text):
        at = match.start()
        right = FIRST_WORD.match(text.text, at)
        left = re.search(r"\w+$", text.text[max(0, at - LONGEST_WORD) : at])
        word, before = right.group() if right else "", left.group() if left else ""
        known = before.isdigit() or word in BUTTONS or vocabulary.knows(before)
        if known and (word in LINK_WORDS or before.isdigit() or (vocabulary.knows(word) and len(word) > 3)):
            borders.append(at)
    parts = [text.part(start, end) for start, end in zip(borders, [*borders[1:], None], strict=True)]
    return [part for part in parts if part.text]
