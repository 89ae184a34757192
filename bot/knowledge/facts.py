"""What a document without front matter says of itself: title, authors, journal, dates, review, references.

Everything is taken from plain statements; what is in doubt stays empty.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.knowledge.blocks import Block, BlockKind, Fact
from bot.knowledge.boilerplate import find_boilerplate, is_boilerplate, is_boilerplate_heading
from bot.knowledge.plain import REFERENCES
from bot.knowledge.traced import Traced

MONTHS = "January February March April May June July August September October November December".split()
MONTH = rf"(?:{'|'.join(f'{month}|{month[:3]}' for month in MONTHS)})\.?"
DATE = rf"(?:(?:{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+|\d{{1,2}}\s+{MONTH}\s+|{MONTH}\s+)(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d)"
DATED = re.compile(
    rf"(?:(?P<label>(?:last|page|content|article|first|date)?\s*(?:updated|revised|modified|reviewed|published|created|posted|accessed)"
    rf"(?:\s+(?:online|first))?(?:\s+on)?|publication date|date)\s*[:–-]?\s*)(?P<date>{DATE})",
    re.IGNORECASE,
)
ISSUE = re.compile(rf"(?P<journal>[A-Z][\w&.’' -]{{2,60}}?)\s*[|•·]\s*(?P<date>{DATE}|(?:19|20)\d\d)")
VOLUME = re.compile(
    r"(?P<journal>[A-Z][\w&.’' -]{2,60}?)[.,]?\s+\(?(?P<year>(?:19|20)\d\d)(?:\s\w{3,9}(?:\s\d+)?)?\)?\s*;\s*\d+"
)
DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]*[^\s\"<>.,;)\]]")
PMID = re.compile(r"\bPMID:?\s*(\d{4,9})\b", re.IGNORECASE)
NAME = r"(?:[A-Z][\w’'-]*|de|van|von|der|den|di|da|la|le|el|al|bin)"
INITIALS_LAST = re.compile(rf"{NAME}(?:\s{NAME}){{0,3}}\s[A-Z]{{1,4}}(?:\s(?:Jr|Sr|II|III))?\.?\d*")
INITIALS_FIRST = re.compile(rf"(?:[A-Z]\.\s?-?){{1,3}}\s?{NAME}(?:[\s-]{NAME}){{0,2}}")
RAISED = re.compile(r"(?<=[^\W\d_])(?:,?\s?(?:\d{1,2}|[⁰¹²³⁴-⁹]+|[*†‡§]))+(?=[\s,;]|$)")
GIVEN_FIRST = re.compile(rf"[A-Z][\w’'.-]*(?:\s(?:[A-Z]\.?|{NAME})){{1,4}}\d*")
BYLINE = re.compile(
    r"(?:(?:medically |clinically )?(?:written|reviewed|authored|edited|verified) by|authors?:|by(?=\s[A-Z]))", re.I
)
REVIEW = re.compile(
    r"review status|pending (?:\w+ )?review|reviewed (?:for|by)\b|peer[- ]review|not (?:yet )?(?:been )?reviewed", re.I
)
NOTE = re.compile(
    r"(?:correspondence|contributors|funding|financial support|competing interests?|conflicts? of interest|disclosures?|patient consent"
    r"|ethics approval|provenance and peer review|received|accepted|keywords?|handling editor|author contributions|acknowledge?ments?"
    r"|data availability|open access|to cite|cite this|citation|how to cite|version|evidence (?:searched|search)|guideline status)\b",
    re.IGNORECASE,
)
AFTER_REFERENCES = re.compile(
    r"(?:appendix|supplement|tables?|figures?|figure legends?|abbreviations|glossary)\b", re.IGNORECASE
)
DESIGN = (
    r"(?:(?:[a-z]+-)?(?:multi|single|mono)[- ]?cent(?:er|re|ric)|retrospective|prospective|open[- ]label|double[- ]blind|placebo[- ]controlled|randomi[sz]ed|controlled"
    r"|observational|cross[- ]sectional|phase (?:[1-4]|I{1,3}V?)|pilot|systematic|national|international|population[- ]based|,|and|\s)*"
    r"(?:case series|case report|case[- ]control study|cohort study|cohort|clinical trial|trial|systematic review|meta-analysis|chart review|retrospective study"
    r"|prospective study|observational study|registry study|survey)"
)
OWN_DESIGN = re.compile(
    rf"(?:this (?:is|was|study is|study was) (?:the |a |an |our )?(?:first |largest )?|we (?:conducted|performed|undertook|report|present|carried out) (?:the |a |an |our )?(?:first )?)"
    rf"(?P<design>{DESIGN})",
    re.IGNORECASE,
)
TITLE_DESIGN = re.compile(rf":\s+(?:an? )?(?P<design>{DESIGN})\.?$", re.IGNORECASE)
GROUP = re.compile(
    r"\b(?:among(?: the)?|the|all|these|our|of|included|enrolled|total of)\s+(?P<n>\d{1,5})\s+(?:[\w-]+\s){0,3}?(?:patients|cases|children|participants|subjects|individuals|infants|adults)\b",
    re.IGNORECASE,
)
HEAD = 20


@dataclass(slots=True)
class Stated:
    """What was found; `blocks` is the page without it."""

    blocks: list[Block]
    facts: list[Fact]
    title: str = ""
    authors: tuple[str, ...] = ()
    journal: str = ""
    year: int | None = None
    doi: str = ""
    pmid: str = ""
    last_updated: date | None = None
    design: str = ""
    n: int | None = None
    questions: tuple[str, ...] = ()
    references: int = 0


def read_facts(blocks: Sequence[Block], *, told: bool = False) -> Stated:
    """Takes what a page says of itself, its reference list and its boilerplate out of its blocks.

    `told`: front matter has said it all, so only the references are looked for.
    """
    stated = Stated(blocks=[], facts=[])
    rest = _references(blocks, stated)
    boilerplate = find_boilerplate(rest)
    start = _body_start(rest)
    index = 0
    while index < len(rest):
        taken = 0 if told else _fact(rest, index, stated, in_head=index < start)
        if not taken and index not in boilerplate:
            stated.blocks.append(rest[index])
        index += taken or 1
    _take_title(stated)
    if not told:
        _identifiers(stated)
        _study(stated)
    return stated


def _take_title(stated: Stated) -> None:
    """Finds the title: the first line, or, where that is a question, the headline below it that answers to it."""
    blocks = stated.blocks
    if not blocks or not _may_be_title(blocks[0]) or len(blocks) < 2:
        return
    first = blocks.pop(0)
    stated.title = first.text.text
    if stated.title.endswith("?"):
        for index, block in enumerate(blocks[:4]):
            if block.kind not in (BlockKind.PARAGRAPH, BlockKind.HEADING) or not _may_be_title(block):
                break
            if len(_long_words(block.text.text) & _long_words(stated.title)) >= 2:
                stated.questions = (stated.title,)
                stated.title = block.text.text
                stated.facts.insert(0, Fact(text=f"Question: {first.text.text}", parts=(first.text,)))
                first = blocks.pop(index)
                break
    ending = "" if stated.title[-1] in "?!" else "."
    stated.facts.insert(0, Fact(text=f"Title: {stated.title}{ending}", parts=(first.text,)))


def _may_be_title(block: Block) -> bool:
    text = block.text.text
    return (
        block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)
        and block.words <= 60
        and text[-1] not in ".;:,!"
        and (text[-1] == "?" or block.words <= 40)
    )


def _long_words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{4,}", text.casefold())) | set(re.findall(r"\b[A-Z]{2,}\b", text))


def _body_start(blocks: Sequence[Block]) -> int:
    """The index of the first block that is running text."""
    for index, block in enumerate(blocks[:HEAD]):
        if block.kind is BlockKind.ITEM or (block.words >= 8 and re.search(r"[.!]\W*\d{0,3}$", block.text.text)):
            if not _is_statement(block):
                return index
    return min(len(blocks), HEAD)


def _is_statement(block: Block) -> bool:
    text = block.text.text
    return bool(
        NOTE.match(text) or DATED.match(text) or REVIEW.search(text) or VOLUME.search(text) or BYLINE.match(text)
    )


def _references(blocks: Sequence[Block], stated: Stated) -> list[Block]:
    rest: list[Block] = []
    entries: list[Traced] = []
    pending: list[Traced] = []
    inside = False
    for block in blocks:
        text = block.text.text
        titled = block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)
        if titled and REFERENCES.fullmatch(text):
            inside = True
            continue
        ends = is_boilerplate_heading(block) or (titled and block.words <= 6 and AFTER_REFERENCES.match(text))
        if inside and (ends or block.kind is BlockKind.HEADING):
            inside = False
        if not inside:
            rest.append(block)
            continue
        if is_boilerplate(block):
            continue
        if block.kind is BlockKind.ITEM and pending:
            entries.append(Traced.joined(pending, "\n"))
            pending = []
        pending.append(block.text)
        if re.search(r"(?:19|20)\d\d\W*$", text) or (block.words >= 8 and re.search(r"(?:19|20)\d\d", text)):
            entries.append(Traced.joined(pending, "\n"))
            pending = []
    if pending:
        entries.append(Traced.joined(pending, "\n"))
    stated.references = len(entries)
    for number, entry in enumerate(entries, 1):
        reading = ". ".join(line.strip(" .") for line in entry.text.split("\n")) + "."
        stated.facts.append(
            Fact(text=f"Reference {number}: {reading}", parts=(entry.collapsed(),), lead=("References",))
        )
    return rest


def _fact(blocks: Sequence[Block], index: int, stated: Stated, *, in_head: bool) -> int:
    """Takes the fact that starts at a block; how many blocks it takes, 0 where there is none."""
    block = blocks[index]
    text = block.text.text
    if block.kind not in (BlockKind.PARAGRAPH, BlockKind.HEADING) or block.words > 90:
        return 0
    if dated := DATED.search(text):
        if block.words <= 25 and (dated.start() == 0 or in_head):
            _take_date(dated, stated)
            if BYLINE.match(text) or re.search(r"\b(?:written|reviewed) by\b", text, re.IGNORECASE):
                _add(stated, f"{text}.", block.text)
                return 1
            part = block.text.part(dated.start(), dated.end())
            _add(stated, f"{part.text}.", part)
            return 1
    if block.words <= 40 and REVIEW.search(text) and (in_head or block.words <= 15):
        return _take_review(blocks, index, stated)
    if NOTE.match(text) and (not in_head or block.words <= 40) and text[0].isupper() and _is_note(text):
        _add(stated, text, block.text)
        return 1
    if block.words <= 30 and (VOLUME.search(text) or (DOI.search(text) and block.words <= 12) or PMID.match(text)):
        _take_issue(VOLUME.search(text), stated)
        _add(stated, f"Published in: {text}" if VOLUME.search(text) else text, block.text)
        return 1
    if not in_head:
        if INITIALS_FIRST.match(text) and (names := _authors(text)):
            stated.authors = stated.authors or names
            _add(stated, f"Authors: {', '.join(names)}.", block.text)
            return 1
        return 0
    if (issue := ISSUE.fullmatch(text)) is not None:
        _take_issue(issue, stated)
        _add(stated, "Published in: " + re.sub(r"\s*[|•·]\s*", ", ", text) + ".", block.text)
        return 1
    if stated.journal and text.startswith(stated.journal) and block.words <= 12:
        _add(stated, f"Published in: {text}.", block.text)
        return 1
    if stated.blocks and (names := _authors(text)):
        stated.authors = stated.authors or names
        _add(stated, f"Authors: {', '.join(names)}.", block.text)
        return 1
    return 0


def _is_note(text: str) -> bool:
    """`Funding None declared.`, `Correspondence to …`, not a sentence that happens to begin so."""
    match = NOTE.match(text)
    following = text[match.end() :].lstrip() if match else ""
    return following[:1] in ":(" or following[:1].isupper() or following.startswith(("to ", "statement", "©"))


def _add(stated: Stated, reading: str, *parts: Traced) -> None:
    reading = re.sub(r"([.?!])\.$", r"\1", " ".join(reading.split()))
    references = [fact for fact in stated.facts if fact.lead]
    stated.facts.insert(len(stated.facts) - len(references), Fact(text=reading, parts=parts))


def _take_review(blocks: Sequence[Block], index: int, stated: Stated) -> int:
    """A line on the review; the short steps below a status heading belong to it."""
    text = blocks[index].text
    borders = [0, *(match.end() for match in re.finditer(r"\s[•|·]\s", text.text))]
    match = REVIEW.search(text.text)
    start = max(border for border in borders if match is not None and border <= match.start())
    end = next(
        (found.start() for found in re.finditer(r"\s[•|·]\s", text.text) if found.start() > start), len(text.text)
    )
    part = text.part(start, end)
    if not re.search(r"status\W*$", part.text, re.IGNORECASE):
        _add(stated, part.text if part.text.endswith(".") else f"{part.text}.", part)
        return 1
    taken = 1
    while index + taken < len(blocks) and blocks[index + taken].words <= 3 and not blocks[index + taken].alone:
        taken += 1
    steps = [block.text for block in blocks[index + 1 : index + taken]]
    reading = part.text.rstrip(" :") + (": " + ", ".join(step.text for step in steps) if steps else "") + "."
    _add(stated, reading, Traced.joined([part, *steps], "\n").collapsed())
    return taken


def _take_date(match: re.Match[str], stated: Stated) -> None:
    found = parse_date(match["date"])
    label = match["label"].casefold()
    if re.search(r"updated|revised|modified", label):
        stated.last_updated = stated.last_updated or found
    elif "publi" in label and found is not None:
        stated.year = stated.year or found.year


def _take_issue(match: re.Match[str] | None, stated: Stated) -> None:
    if match is None:
        return
    stated.journal = stated.journal or match["journal"].strip(" .,")
    year = re.search(r"(?:19|20)\d\d", match.group()[match.end("journal") - match.start() :])
    stated.year = stated.year or (int(year.group()) if year else None)


def _authors(text: str) -> tuple[str, ...]:
    bylined = BYLINE.match(text)
    listed = RAISED.sub(",", text[bylined.end() if bylined else 0 :])
    names = [name.strip(" .*†‡") for name in re.split(r"(?:[,;]\s*)+(?:and\s+)?|\s+and\s+|\s+&\s+", listed)]
    names = [name for name in names if name and not re.fullmatch(r"(?:M\.?D|Ph\.?D|MBBS|RN|MSc|MPH|FRCP\w*)\.?", name)]
    shapes = (INITIALS_LAST, INITIALS_FIRST, GIVEN_FIRST)
    fitting = [name for name in names if any(shape.fullmatch(name) for shape in shapes)]
    if not names or len(fitting) < len(names) or (len(names) < 2 and not bylined):
        return ()
    if not bylined and all(GIVEN_FIRST.fullmatch(name) for name in names) and len(names) < 3:
        return ()
    return tuple(names)


def _identifiers(stated: Stated) -> None:
    for fact in stated.facts:
        if fact.lead:
            continue
        text = " ".join(part.text for part in fact.parts)
        if not stated.doi and (doi := DOI.search(text)):
            stated.doi = doi.group()
        if not stated.pmid and (pmid := PMID.search(text)):
            stated.pmid = pmid[1]


def _study(stated: Stated) -> None:
    """Design and number of patients, only where the document says them of its own study."""
    if titled := TITLE_DESIGN.search(stated.title):
        stated.design = titled["design"]
    for block in stated.blocks:
        text = block.text.text
        found = OWN_DESIGN.search(text)
        if found and not stated.design:
            stated.design = " ".join(found["design"].split()).strip(" ,")
    if not stated.design:
        return
    counts: dict[int, int] = {}
    for block in stated.blocks:
        for match in GROUP.finditer(block.text.text):
            counts[int(match["n"])] = counts.get(int(match["n"]), 0) + 1
    often = [n for n, count in counts.items() if count >= 2]
    if often and max(often) == max(counts):
        stated.n = max(often)


def parse_date(written: str) -> date | None:
    """A calendar date from `September 18, 2025`, `18 Sep 2025` or `2025-09-18`; the first of a month without a day."""
    if iso := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", written):
        year, month, day = (int(number) for number in iso.groups())
    else:
        name = re.search(r"[A-Za-z]{3}", written)
        number = re.search(r"\b\d{1,2}(?=\D|$)(?!\d)", written)
        month = 1 + [m[:3].casefold() for m in MONTHS].index(name.group().casefold()) if name else 1
        year, day = int(written[-4:]), int(number.group()) if number else 1
    try:
        return date(year, month, day)
    except ValueError:
        return None
