"""Finds superscript citation marks that text extraction turned into numbers, and takes them out.

Nothing is a mark on its looks alone: a bare number must stand where marks stand, and such numbers of the document must
count up from one as citations do. In doubt a number stays.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.knowledge.traced import Traced

LARGEST = 300
LIST = r"\d{1,3}(?:\s?[,–‑-]\s?\d{1,3})*"
DASH = r"\s?[–‐‑-]\s?"
RAISED_DIGITS = "[⁰¹²³⁴-⁹]"
BRACKETED = re.compile(rf"(?P<mark>\s?\[(?:\^[^\]\s]{{1,20}}|{LIST}(?:\s?;\s?{LIST})*)\])(?!\()")
RAISED = re.compile(
    rf"(?<=[^\W\d_]|[.,;:)\]\"'’”%])(?P<mark>{RAISED_DIGITS}{{1,3}}(?:\s?[,–-]\s?{RAISED_DIGITS}{{1,3}})*)(?![\w⁻])"
)
GLUED = re.compile(rf"(?:[^\W\d_]{{2}}|[)\]%”\"])(?P<stop>[.,])(?P<mark>{LIST})(?=$|\s+(?P<next>\S+))")
FUSED = re.compile(r"(?<=[a-z]{4})(?P<mark>\d{1,2}(?:,\d{1,2}|[–-]\d{1,2})*)(?=[\s.,;:)]|$)")
SPACED = re.compile(rf"(?<=[^\W_]|[)\]%”\"’])(?P<mark>\s{LIST})(?=$|\.(?:\s|$)|,\s(?!(?:and|or|to|&)\s\d)(?=[^\W\d_]))")
COMPARED = re.compile(r"\s?[=<>≤≥]")
LAST_WORD = re.compile(r"([^\W\d_]+)[^\w]*$")
ACRONYM = re.compile(r"\b[A-Z][\w-]*[A-Z]\b(?!\s?\d)")
INTERVAL = re.compile(r"(?:\d|\b(?:range|iqr|ci|interval|median|mean)|\d\s?[^\W\d_%/]{1,8})\W*$", re.IGNORECASE)
UNITS = frozenset("m cm mm km dm nm µm μm in ft s h l ml dl x r i t kg g u chi χ co o spo sao pao fio vo pco".split())
ABBREVIATED = frozenset("al approx ca cf dr e.g eq fig figs ie no nos p pp ref refs resp sec st tab v vol vs".split())
COUNTED = frozenset(
    """a about above after age aged all and anti apoe appendix approximately april arm as at august average be before
    below between box but by case category cd channel chapter ci class cohort consecutive course cov covid
    criterion cycle day december dose dropped each eight eq equals every exactly exon experiment factor february
    fell fig figure five for four from gave grade group had has have hepatitis hla hour if il in increased
    interleukin interval iqr is item jan january jo july june least less level line lot march maximum may mean
    median mi minimum minute month more most n nine no nor nos not november number numbered october of omega on
    one only or order over p page panel part patient per phase plus protein question range ranged ranging reached
    ref refs remained rose roughly sample sars score scored scores season section seed september serotype seven
    severity since site six stage step study subgroup subtype syndrome table ten than that the then these this
    those three through till times to total totalled trial two type under until up version versus vertebra visit
    vitamin volume vs was week were with within year zone""".split()
)
SEVERAL = frozenset(
    "ages arms categories cohorts cycles days grades groups hours levels lines minutes months pages parts"
    " phases sites stages steps tables types visits weeks years".split()
)
MEASURED = frozenset("mg g kg µg mcg ml l iu u mm cm days day weeks week months month years year hours h of %".split())


def without_citations(texts: Sequence[Traced], references: int = 0) -> list[Traced]:
    """The texts of one document without its citation marks; `references` is the length of its reference list."""
    found = [mark for pattern in (BRACKETED, RAISED, GLUED, FUSED, SPACED) for mark in _marks(texts, pattern)]
    series = _named_in_series(texts, found)
    found = [mark for mark in found if mark.pattern is not SPACED or _two_words(texts, mark) not in series]
    found.sort(key=lambda mark: (mark.text, mark.span))
    counting = list(_counting_up(found))
    raised = {number for mark in counting if mark.pattern in (GLUED, FUSED) for number in mark.numbers}
    spaced = [mark for mark in counting if mark.pattern is SPACED]
    believed = {BRACKETED, RAISED, GLUED}
    if len(raised) > 1:
        believed.add(FUSED)
    closing = [mark for mark in spaced if mark.closes]
    if closing and (references or len(closing) > 2 or len({n for mark in closing for n in mark.numbers}) > 1):
        believed.add(SPACED)
    cuts: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for mark in counting:
        if mark.pattern in believed:
            cuts[mark.text].append(mark.span)
    return [text.edited(_merged(cuts[index])) if index in cuts else text for index, text in enumerate(texts)]


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where a mark may stand: which text, which characters, which numbers; whether it ends a sentence or line."""

    pattern: re.Pattern[str]
    text: int
    span: tuple[int, int]
    numbers: tuple[int, ...]
    closes: bool


def _marks(texts: Sequence[Traced], pattern: re.Pattern[str]) -> Iterator[_Mark]:
    acronyms: Counter[str] | None = None
    for index, text in enumerate(texts):
        for match in pattern.finditer(text.text):
            numbers = _numbers(unicodedata.normalize("NFKC", match["mark"]).strip(" []"))
            word = _last_word(text.text, match)
            if pattern is BRACKETED:
                fits = _is_bracket_mark(text.text, match)
            elif pattern is RAISED:
                fits = word not in UNITS
            elif pattern is GLUED:
                fits = bool(numbers) and _is_glued_mark(word, match)
            else:
                fits = bool(numbers) and not _takes_numbers(word, numbers)
            if fits and pattern is SPACED:
                before = text.text[max(0, match.start() - 60) : match.start()]
                named = re.search(r"[^\W\d_][\w-]*$", before)
                fits = not re.search(r"(?:^|[^\w-])[\d.,/–-]*\d$", before)
                if fits and named and ACRONYM.fullmatch(named.group()):
                    acronyms = acronyms or Counter(found for other in texts for found in ACRONYM.findall(other.text))
                    fits = acronyms[named.group()] > 1
            if fits:
                yield _Mark(
                    pattern, index, match.span("mark"), numbers, text.text[match.end() : match.end() + 1] != ","
                )


def _takes_numbers(word: str, numbers: Sequence[int]) -> bool:
    return word in COUNTED or (word in SEVERAL and len(numbers) > 1)


def _named_in_series(texts: Sequence[Traced], marks: Sequence[_Mark]) -> set[str]:
    """The two words before bare numbers that take several numbers: `experiment mode 1`, `experiment mode 2`."""
    numbers: dict[str, set[tuple[int, ...]]] = defaultdict(set)
    for mark in marks:
        if mark.pattern is SPACED:
            numbers[_two_words(texts, mark)].add(mark.numbers)
    return {words for words, taken in numbers.items() if len(taken) > 1}


def _two_words(texts: Sequence[Traced], mark: _Mark) -> str:
    return " ".join(texts[mark.text].text[max(0, mark.span[0] - 60) : mark.span[0]].casefold().split()[-2:])


def _counting_up(marks: Iterable[_Mark]) -> Iterator[_Mark]:
    """Those marks that continue the count: a number seen before, or the next one. An excerpt may start anywhere.

    Brackets and raised digits are marks wherever they stand; they only help to know how far the count has come.
    """
    highest = -1
    for mark in marks:
        if not mark.numbers:
            yield mark
            continue
        least = min(mark.numbers)
        if highest < 0 and mark.pattern in (BRACKETED, RAISED, GLUED):
            highest = least
        if least <= max(highest, 0) + 2 or mark.pattern in (BRACKETED, RAISED):
            highest = max(highest, *mark.numbers)
            yield mark


def _is_glued_mark(word: str, match: re.Match[str]) -> bool:
    if word in ABBREVIATED:
        return False
    following = match["next"] or ""
    if match["stop"] == ".":
        return not following or following[0].isupper() or not following[0].isalpha()
    return bool(following) and following[0].isalpha() and following.casefold().rstrip(".,;") not in MEASURED


def _is_bracket_mark(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 60) : match.start()]
    if not before.strip() or before.rstrip()[-1].isdigit() or re.search(r"(?:^|\W)[^\W\d_]\s?$", before):
        return False
    if COMPARED.match(text, match.end()):
        return False
    return not (re.search(r"\d\s?[–‑-]", match.group()) and INTERVAL.search(before))


def _last_word(text: str, match: re.Match[str]) -> str:
    word = LAST_WORD.search(text[max(0, match.start("mark") - 40) : match.start("mark")])
    return word[1].casefold() if word else ""


def _numbers(written: str) -> tuple[int, ...]:
    """The numbers of a mark, ranges filled in: `1, 3–5` is 1, 3, 4, 5. Empty if it can't be a mark."""
    numbers: list[int] = []
    for piece in re.split(r"\s?[,;]\s?", written):
        if not re.fullmatch(rf"\d{{1,3}}(?:{DASH}\d{{1,3}})?", piece):
            return ()
        ends = [int(end) for end in re.split(DASH, piece)]
        if not 1 <= ends[0] <= ends[-1] <= LARGEST:
            return ()
        numbers += range(ends[0], ends[-1] + 1)
    return tuple(numbers) if numbers == sorted(set(numbers)) else ()


def _merged(cuts: Iterable[tuple[int, int]]) -> list[tuple[int, int, str]]:
    merged: list[tuple[int, int, str]] = []
    for start, end in sorted(cuts):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]), "")
        else:
            merged.append((start, end, ""))
    return merged
