"""Whose words a statement holds: its own document's, or what that document says of another source."""

import re
from functools import lru_cache

from bot.answering.candidates import Candidate
from bot.domain.documents import CuratedDocument, PassageKind
from bot.domain.text import fold

NAMES_ANOTHER = re.compile(
    r"\b(another|one|two|both|other) (\w+ ){0,2}(overviews?|websites?|pages?|digests?|reviews?|guidelines?)\b"
    r"|\b(according to|as quoted by|quoted by|cited by|says one|as stated by)\b"
)
ITSELF = re.compile(r"\baccording to (?:an?|the|this) ([a-z-]+(?: [a-z-]+)*)")
STUDY_AND_YEAR = re.compile(r"\b([A-Z][\w’'-]+)(?: et al\.?,?)? \(?((?:19|20)\d\d)\b")
GROUP_SAYS = re.compile(
    r"\b([A-Z][A-Za-z]*[A-Z]{2,}[A-Za-z]*)(?: (?:trial|group|guideline|study|cohort|plans?))?(?: \(\d{4}\))?"
    r" (?:gave|gives|regards|recommends|names|advises|found|reports|proposes|states|prefers|offers|sets|allows?)\b"
)
"""A trial or group by its short name, and what it says: `SHARE recommends`, `The RIM trial gave`."""
MONTHS = re.compile(
    r"^(January|February|March|April|May|June|July|August|September|October|November|December|In|Since|Until)$"
)
WEIGHS = re.compile(r"\b(differ\w*|disagree\w*|controvers\w+|conflicting)\b")
CONTRASTS = re.compile(r"\b(whereas|in contrast|unlike|while (another|others?)|but (another|others?))\b")
NOT_HELD = re.compile(
    r"\b(no|not|nor|neither)\b.{0,80}\b(recorded|stated|held|contained|given|known|reported) (in|by) (this|these)\b"
    r"|\bcan(not|'t) (be )?(show|judged?|tell|say|compared)\b"
)


def is_reported(candidate: Candidate) -> bool:
    """Does the statement report what a source other than its own document says?"""
    return reports_another(candidate.body, candidate.retrieved.document)


def reports_another(text: str, document: CuratedDocument) -> bool:
    """Does this text of the document name another source as the one that says so?"""
    return _reports_another(text, f"{document.title} {' '.join(document.authors)}")


@lru_cache(maxsize=8192)
def _reports_another(text: str, document: str) -> bool:
    own = fold(document)
    if NAMES_ANOTHER.search(ITSELF.sub(lambda named: _unless_own(named, own), fold(text))):
        return True
    studies = [name for name, _ in STUDY_AND_YEAR.findall(text) if not MONTHS.match(name)]
    return any(fold(name) not in own for name in (*studies, *GROUP_SAYS.findall(text)))


def _unless_own(named: re.Match[str], own: str) -> str:
    """What is named as the source; nothing where the document's own title calls it by the same words."""
    titled = set(re.findall(r"[a-z-]+", own))
    return "" if titled.issuperset(named[1].split()) else named[0]


def takes_a_position(candidate: Candidate) -> bool:
    """Is it one thing said of the matter, and no weighing of sources against each other?"""
    return speaks_of_the_matter(candidate) and not weighs_sources(candidate)


def speaks_of_the_matter(candidate: Candidate) -> bool:
    """Is it a statement about the matter, not about the document and what it doesn't hold?"""
    passage = candidate.retrieved.passage
    return passage.kind is not PassageKind.METADATA and not _stands_in(NOT_HELD, candidate.body)


@lru_cache(maxsize=16_384)
def _stands_in(pattern: re.Pattern[str], text: str) -> bool:
    """Is the pattern found in the folded text? Kept: the same statements may be sides of many questions."""
    return pattern.search(fold(text)) is not None


def weighs_sources(candidate: Candidate) -> bool:
    """Does it set sources against each other, by its heading or in itself?"""
    headings = candidate.retrieved.passage.heading_path
    contrasts = _stands_in(CONTRASTS, candidate.body) and is_reported(candidate)
    return contrasts or any(_stands_in(WEIGHS, heading) for heading in headings)
