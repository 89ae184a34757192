"""What a document says of itself: title, authors, journal, dates, review, funding, references.

Everything is taken from plain statements; what is in doubt stays empty, and stays text.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.knowledge.authors import BYLINE, INITIALS_FIRST, read_authors
from bot.knowledge.blocks import Block, BlockKind, Fact
from bot.knowledge.boilerplate import find_boilerplate
from bot.knowledge.dates import DATE, DATED, YEAR, parse_date
from bot.knowledge.references import take_references
from bot.knowledge.study import read_study
from bot.knowledge.traced import Traced

HEAD = 20
JOURNAL = r"(?P<journal>[A-Z][\w&.’' -]{2,60}?)"
ISSUE = re.compile(rf"{JOURNAL}\s*[|•·]\s*(?P<date>{DATE}|{YEAR})")
VOLUME = re.compile(rf"{JOURNAL}[.,]?\s+\(?(?P<year>{YEAR})(?:\s\w{{3,9}}(?:\s\d+)?)?\)?\s*;\s*\d+")
DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]*[^\s\"<>.,;)\]]")
PMID = re.compile(r"\bPMID:?\s*(\d{4,9})\b", re.IGNORECASE)
REVIEW = re.compile(
    r"review status|pending (?:\w+ )?review|peer[- ]review|not (?:yet )?(?:been )?reviewed"
    r"|^(?:medically |clinically |peer[- ])?reviewed (?:for|by)\b"
    r"|\b(?:articles?|pages?|contents?|information|answers?)\b[^.]{0,40}\breviewed (?:for|by)\b|\bAI[- ]generated\b",
    re.IGNORECASE,
)
REVIEW_LINE = re.compile(
    r"(?:\w+ )?review status|.{0,60}pending (?:\w+ )?review|(?:medically |clinically |peer[- ])?reviewed (?:for|by)\b",
    re.IGNORECASE,
)
BYLINE_INSIDE = re.compile(r"\b(?:written|reviewed) by\b", re.IGNORECASE)
NOTE = re.compile(
    r"(?:correspondence|contributors|funding|financial support|competing interests?|conflicts? of interest|disclosures?"
    r"|patient consent(?: for publication)?|ethics approval|provenance and peer review|received|accepted|keywords?"
    r"|handling editor|author contributions|acknowledge?ments?|data availability(?: statement)?|open access|to cite"
    r"|cite this|how to cite|citation|version|evidence search(?:ed)?)\b",
    re.IGNORECASE,
)
DIVIDER = re.compile(r"\s[•|·]\s")


@dataclass(slots=True)
class Stated:
    """What was found; `blocks` is the page without it."""

    blocks: list[Block] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    references: list[Fact] = field(default_factory=list)
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

    def add(self, reading: str, part: Traced) -> None:
        """Notes a fact, its reading closed by a full stop."""
        reading = " ".join(reading.split())
        self.facts.append(Fact(text=reading if reading[-1] in ".?!" else f"{reading}.", parts=(part,)))


def read_facts(blocks: Sequence[Block], *, told: bool = False) -> Stated:
    """Takes what a page says of itself, its reference list and its boilerplate out of its blocks.

    `told`: front matter has said it all, so only the references and the title are looked for.
    """
    stated = Stated()
    stated.references, rest = take_references(blocks)
    boilerplate = find_boilerplate(rest)
    start = _body_start(rest)
    index = 0
    while index < len(rest):
        taken = 0 if told else _take(rest[index : index + HEAD], stated, in_head=index < start)
        if not taken and index not in boilerplate:
            stated.blocks.append(rest[index])
        index += taken or 1
    _take_title(stated, told=told)
    if not told:
        stated.design, stated.n = read_study(stated.title, (block.text.text for block in stated.blocks))
    return stated


def _body_start(blocks: Sequence[Block]) -> int:
    """The index of the first block that is running text or a list."""
    for index, block in enumerate(blocks[:HEAD]):
        text = block.text.text
        closed = block.words >= 6 and re.search(r"[.!]\W*\d{0,3}$", text)
        own = (
            any(pattern.match(text) for pattern in (NOTE, DATED, BYLINE)) or REVIEW.search(text) or VOLUME.search(text)
        )
        if block.kind is BlockKind.ITEM or (closed and not own):
            return index
    return min(len(blocks), HEAD)


def _take(blocks: Sequence[Block], stated: Stated, *, in_head: bool) -> int:
    """Takes the fact with which these blocks start; how many of them it takes, 0 where there is none."""
    first = blocks[0]
    if first.kind not in (BlockKind.PARAGRAPH, BlockKind.HEADING) or first.words > 90:
        return 0
    takers: tuple[Callable[..., int], ...] = (_take_date, _take_review, _take_note, _take_issue, _take_authors)
    return next((taken for take in takers if (taken := take(blocks, stated, in_head=in_head))), 0)


def _take_date(blocks: Sequence[Block], stated: Stated, *, in_head: bool) -> int:
    text = blocks[0].text
    dated = DATED.search(text.text) if blocks[0].words <= 25 else None
    if dated is None or (dated.start() and not in_head):
        return 0
    found = parse_date(dated["date"])
    if re.search(r"updated|revised|modified", dated["label"], re.IGNORECASE):
        stated.last_updated = stated.last_updated or found
    elif "publi" in dated["label"].casefold() and found is not None:
        stated.year = stated.year or found.year
    part = text if BYLINE_INSIDE.search(text.text) else text.part(dated.start(), dated.end())
    stated.add(part.text, part)
    return 1


def _take_review(blocks: Sequence[Block], stated: Stated, *, in_head: bool) -> int:
    """A line on the review; the short steps below a status heading belong to it."""
    text = blocks[0].text
    match = REVIEW.search(text.text) if blocks[0].words <= 40 else None
    fits = in_head or (blocks[0].words <= 15 and REVIEW_LINE.match(text.text))
    if match is None or not fits:
        return 0
    dividers = [divider.span() for divider in DIVIDER.finditer(text.text)]
    start = max((end for _, end in dividers if end <= match.start()), default=0)
    part = text.part(start, min((begin for begin, _ in dividers if begin >= match.end()), default=None))
    steps: list[Traced] = []
    if re.search(r"status\W*$", part.text, re.IGNORECASE):
        for block in blocks[1:]:
            if block.words > 3 or block.alone:
                break
            steps.append(block.text)
    listed = ", ".join(step.text for step in steps)
    reading = f"{part.text.rstrip(' :')}: {listed}" if steps else part.text
    stated.add(reading, Traced.joined([part, *steps], "\n").collapsed())
    return 1 + len(steps)


def _take_note(blocks: Sequence[Block], stated: Stated, *, in_head: bool) -> int:
    """`Funding None declared.`, `Correspondence to …`, not a sentence that happens to begin so."""
    text = blocks[0].text.text
    match = NOTE.match(text)
    if match is None or not text[0].isupper() or (in_head and blocks[0].words > 40):
        return 0
    following = text[match.end() :].lstrip()
    if match.group().casefold() in ("received", "accepted"):
        fits = re.match(rf":?\s*{DATE}", following) is not None
    else:
        fits = following[:1] in (":", "(") or following[:1].isupper() or following.startswith(("to ", "statement"))
    if not fits:
        return 0
    _identify(text, stated)
    stated.add(text, blocks[0].text)
    return 1


def _take_issue(blocks: Sequence[Block], stated: Stated, *, in_head: bool) -> int:
    """Journal, volume, DOI, PMID on a line of their own."""
    block = blocks[0]
    text = block.text.text
    issue = VOLUME.search(text) if block.words <= 30 else None
    if in_head and issue is None:
        issue = ISSUE.fullmatch(text)
    if issue is not None:
        stated.journal = stated.journal or issue["journal"].strip(" .,")
        year = re.search(YEAR, text[issue.end("journal") :])
        stated.year = stated.year or (int(year.group()) if year else None)
    own = bool(stated.journal) and in_head and text.startswith(stated.journal) and block.words <= 12
    identified = block.words <= 12 and (DOI.search(text) or PMID.match(text))
    if issue is None and not own and not identified:
        return 0
    _identify(text, stated)
    reading = re.sub(r"\s+[|•·]\s+", ", ", text)
    stated.add(f"Published in: {reading}" if issue is not None or own else reading, block.text)
    return 1


def _take_authors(blocks: Sequence[Block], stated: Stated, *, in_head: bool) -> int:
    text = blocks[0].text
    if (not in_head and not INITIALS_FIRST.match(text.text)) or not stated.blocks:
        return 0
    names = read_authors(text.text)
    if not names:
        return 0
    stated.authors = stated.authors or names
    stated.add(f"Authors: {', '.join(names)}", text)
    return 1


def _identify(text: str, stated: Stated) -> None:
    doi, pmid = DOI.search(text), PMID.search(text)
    stated.doi = stated.doi or (doi.group() if doi else "")
    stated.pmid = stated.pmid or (pmid[1] if pmid else "")


def _take_title(stated: Stated, *, told: bool) -> None:
    """Finds the title: the first line, or, where that is a question, the headline below it that answers to it.

    Where headings are marked, or front matter has told the title, only a heading is one.
    """
    blocks = stated.blocks
    marked = told or any(block.kind is BlockKind.HEADING for block in blocks)
    if len(blocks) < 2 or not _may_be_title(blocks[0]) or (marked and blocks[0].depth != 1):
        return
    title = blocks.pop(0).text
    if title.text.endswith("?") and (headline := _headline(blocks, title.text)) is not None:
        stated.questions = (title.text,)
        stated.facts.insert(0, Fact(text=f"Question: {title.text}", parts=(title,)))
        title = blocks.pop(headline).text
    stated.title = title.text
    ending = "" if title.text[-1] in "?!" else "."
    stated.facts.insert(0, Fact(text=f"Title: {title.text}{ending}", parts=(title,)))


def _headline(blocks: Sequence[Block], question: str) -> int | None:
    for index, block in enumerate(blocks[:4]):
        if not _may_be_title(block):
            return None
        if len(_long_words(block.text.text) & _long_words(question)) >= 2:
            return index
    return None


def _may_be_title(block: Block) -> bool:
    text = block.text.text
    short = block.words <= (60 if text[-1] == "?" else 40)
    return block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING) and short and text[-1] not in ".;:,!"


def _long_words(text: str) -> set[str]:
    return {word[:5] for word in re.findall(r"[^\W\d_]{4,}", text.casefold())} | set(re.findall(r"\b[A-Z]{2,}\b", text))
