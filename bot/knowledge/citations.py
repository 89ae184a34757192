"""Finds superscript citation marks that text extraction turned into numbers, and takes them out.

Nothing is a mark on its looks alone: a bare number must stand where marks stand, and such numbers of the document must
count up from one as citations do. In doubt a number stays.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from bot.knowledge.traced import Traced

LARGEST = 300
LIST = r"\d{1,3}(?:\s?[,–‑-]\s?\d{1,3})*"
RAISED_DIGITS = "[⁰¹²³⁴-⁹]"
BRACKETED = re.compile(rf"(?P<mark>\s?\[(?:\^[^\]\s]{{1,20}}|{LIST}(?:\s?;\s?{LIST})*)\])(?!\()")
RAISED = re.compile(
    rf"(?<=[^\W\d_]|[.,;:)\]\"'’”%])(?P<mark>{RAISED_DIGITS}{{1,3}}(?:\s?[,–-]\s?{RAISED_DIGITS}{{1,3}})*)(?![\w⁻])"
)
GLUED = re.compile(rf"(?:[^\W\d_]{{2}}|[)\]%”\"])(?P<stop>[.,])(?P<mark>{LIST})(?=$|\s+(?P<next>\S+))")
FUSED = re.compile(r"(?<=[a-z]{4})(?P<mark>\d{1,2}(?:,\d{1,2}|[–-]\d{1,2})*)(?=[\s.,;:)]|$)")
SPACED = re.compile(rf"(?<=[^\W\d_]|[)\]%”\"’])(?P<mark>\s{LIST})(?=$|[.;:](?:\s|$)|,\s(?=[^\W\d_]))")
LAST_WORD = re.compile(r"([^\W\d_]+)[^\w]*$")
ACRONYM = re.compile(r"\b[A-Z][\w-]*[A-Z]\b(?!\s?\d)")
INTERVAL = re.compile(r"(?:\d|\b(?:range|iqr|ci|interval|median|mean)|\d\s?[^\W\d_%/]{1,8})\W*$", re.IGNORECASE)
UNITS = frozenset("m cm mm km dm nm µm μm in ft s h l ml dl x r i t kg g u chi χ co o spo sao pao fio vo pco".split())
ABBREVIATED = frozenset("al approx ca cf dr e.g eq fig figs ie no nos p pp ref refs resp sec st tab v vol vs".split())
COUNTED = frozenset(
    """a about above after age aged ages all and anti apoe appendix approximately april arm as at august average be
    before below between box but by case category cd channel chapter class cohort consecutive course cov covid
    criterion cycle day days december dose dropped each eight every eq equals exactly exon factor february fell fig
    figure five for four from gave grade grades group groups had has have hepatitis hla hour hours if il in increased
    interleukin is item jan january jo july june least less level levels line lines lot march maximum may mean
    median mi minimum minute minutes month months more most n nine no nor nos not november number numbered october of
    omega on one only or order over p page pages panel part patient patients per phase phases plus protein question
    reached ref refs remained roughly rose sample sars score scored scores season section seed september serotype seven
    severity since site six stage stages step steps study subgroup subtype syndrome table ten than that the then these
    this those three through till times to total totalled trial two type types under until up version versus vertebra
    visit vitamin volume vs was week weeks were with within year years zone""".split()
)
MEASURED = frozenset("mg g kg µg mcg ml l iu u mm cm days day weeks week months month years year hours h of %".split())


def without_citations(texts: Sequence[Traced], references: int = 0) -> list[Traced]:
    """The texts of one document without its citation marks; `references` is the length of its reference list."""
    spaced, fused = set(_counting_up(_marks(texts, SPACED))), set(_counting_up(_marks(texts, FUSED)))
    glued = set(_counting_up(_marks(texts, GLUED), anywhere=True))
    if len({number for *_, numbers in spaced for number in numbers}) < 2 and len(spaced) < 3 and not references:
        spaced = set()
    if len({number for *_, numbers in fused for number in numbers}) < 2:
        fused = set()
    accepted = spaced | fused | glued
    cleaned = []
    for index, text in enumerate(texts):
        cuts = [span for at, span, _ in accepted if at == index]
        cuts += [match.span("mark") for match in BRACKETED.finditer(text.text) if _is_bracket_mark(text.text, match)]
        cuts += [match.span("mark") for match in RAISED.finditer(text.text) if _last_word(text.text, match) not in UNITS]
        cleaned.append(text.edited(_merged(cuts)) if cuts else text)
    return cleaned


Mark = tuple[int, tuple[int, int], tuple[int, ...]]


def _marks(texts: Sequence[Traced], pattern: re.Pattern[str]) -> Iterator[Mark]:
    """Where a mark of this sort may stand: which text, which characters, which numbers."""
    acronyms: Counter[str] | None = None
    for index, text in enumerate(texts):
        for match in pattern.finditer(text.text):
            word, numbers = _last_word(text.text, match), _numbers(match["mark"].strip())
            if not numbers or word in COUNTED:
                continue
            if pattern is GLUED and not _is_glued_mark(word, match):
                continue
            named = re.search(r"[^\W\d_][\w-]*$", text.text[: match.start("mark")])
            if named and pattern is SPACED and ACRONYM.fullmatch(named.group()):
                acronyms = acronyms or Counter(found for other in texts for found in ACRONYM.findall(other.text))
                if acronyms[named.group()] < 2:
                    continue
            yield index, match.span("mark"), numbers


def _counting_up(marks: Iterable[Mark], *, anywhere: bool = False) -> Iterator[Mark]:
    """Those marks that continue the count: a number seen before, or the next one. An excerpt may start `anywhere`."""
    highest = -1 if anywhere else 0
    for mark in marks:
        numbers = mark[2]
        highest = numbers[0] if highest < 0 else highest
        if min(numbers) <= highest + 2:
            highest = max(highest, *numbers)
            yield mark


def _is_glued_mark(word: str, match: re.Match[str]) -> bool:
    if word in ABBREVIATED:
        return False
    following = match["next"] or ""
    if match["stop"] == ".":
        return not following or following[0].isupper() or not following[0].isalpha()
    return bool(following) and following[0].isalpha() and following.casefold().rstrip(".,;") not in MEASURED


def _is_bracket_mark(text: str, match: re.Match[str]) -> bool:
    before = text[: match.start()]
    if not before.strip() or before.rstrip()[-1].isdigit():
        return False
    return not (re.search(r"\d\s?[–‑-]", match.group()) and INTERVAL.search(before))


def _last_word(text: str, match: re.Match[str]) -> str:
    word = LAST_WORD.search(text[max(0, match.start("mark") - 40) : match.start("mark")])
    return word[1].casefold() if word else ""


def _numbers(written: str) -> tuple[int, ...]:
    """The numbers of a mark, ranges filled in: `1, 3–5` is 1, 3, 4, 5. Empty if it can't be a mark."""
    numbers: list[int] = []
    for piece in re.split(r"\s?,\s?", written):
        ends = [int(end) for end in re.split(r"\s?[–‑-]\s?", piece)]
        if len(ends) > 2 or not 1 <= ends[0] <= ends[-1] <= LARGEST:
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
