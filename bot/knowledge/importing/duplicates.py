"""Tells whether a publication is in the library already: by its identifiers, or by its words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.documents import CuratedDocument, PassageKind

SHINGLE = 5
FEWEST = 12
SAME = 0.85


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A document of the library as it is compared: every five of its words that follow each other."""

    path: str
    doi: str
    pmid: str
    shingles: frozenset[int]


def known(document: CuratedDocument) -> Known:
    """What is compared of a document."""
    said = " ".join(
        sentence.text
        for passage in document.passages
        if passage.kind is not PassageKind.METADATA
        for sentence in passage.sentences
    )
    words = re.findall(r"\w+", said.casefold())
    shingles = (hash(tuple(words[at : at + SHINGLE])) for at in range(len(words) - SHINGLE + 1))
    return Known(path=document.path, doi=_plain(document.doi), pmid=document.pmid, shingles=frozenset(shingles))


def find_duplicate(document: CuratedDocument, library: Iterable[Known]) -> str:
    """What the document has in common with which one of the library; empty where it is new."""
    new = known(document)
    for other in library:
        if new.doi and new.doi == other.doi:
            return f"{other.path} has the same DOI ({new.doi})"
        if new.pmid and new.pmid == other.pmid:
            return f"{other.path} has the same PMID ({new.pmid})"
        if alike(new, other):
            return f"{other.path} has nearly the same text"
    return ""


def alike(one: Known, other: Known) -> bool:
    """Whether two documents have nearly the same text."""
    fewer = min(len(one.shingles), len(other.shingles))
    return fewer >= FEWEST and len(one.shingles & other.shingles) >= SAME * fewer


def _plain(doi: str) -> str:
    return re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", doi.strip(), flags=re.IGNORECASE).casefold()
