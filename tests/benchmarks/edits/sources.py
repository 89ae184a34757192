"""Where the claims come from: sentences of the shipped library, and of abstracts in the reader's own folder."""

import re
import string
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random

from bot.domain.documents import CuratedDocument
from bot.knowledge.documents import read_library
from bot.places import shipped
from tests.benchmarks.edits.wording import DRUG_LIKE
from tests.benchmarks.retrieval import document_of, lines_of

SETS = ("pubmedqa", "scifact")
ABOUT = "About this document"
DANGLING = re.compile(
    r"^(?:(?:To|This|These|Those|Such|It|Its|They|Their|He|She|His|Her|There|Here|We|Our|Both|Another|Other|All|Neither|"
    r"However|Moreover|Furthermore|Finally|Additionally|Conversely|But|And|Also|Thus|Therefore|Hence|Then|"
    r"The (?:ACR guidance behind|other|same|latter|former|remaining|two|second|authors?|letter|analysis|"
    r"report|earlier|study|results?))\b|\W)"
)
PERSONAL = re.compile(
    r"\b(?:we|our|us|this (?:study|paper|article|report|review)|the present study|herein)\b", re.IGNORECASE
)
CHECKABLE = re.compile(
    r"\d|%|\b(?:not|no|never|without|may|might|could|suggests?|associated|increased?|decreased?|reduced?|improved?|"
    r"higher|lower|more|less|effective|significant(?:ly)?|patients|children|adults|women|men|mice|rats)\b"
)
FINITE = re.compile(r"\b(?:is|are|was|were|has|have|had|may|can|could|did|does|do|will|should|\w{3,}ed)\b")
TELLING = re.compile(
    r"\b(?:daily|weekly|monthly|every \d+|mg|may|might|could|suggest|associated|appears?|in vitro|women|men|children|"
    r"patients|mice|rats|elderly|not|no|without|aspirin|insulin|twice|per day|per week)\b"
)
PER_ABSTRACT = 2


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A passage as the gate is given it."""

    id: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Source:
    """A true claim: a sentence, the passage that holds it, and the other sentences of that passage."""

    document: str
    claim: str
    passage: Shown
    sentences: tuple[str, ...]

    @property
    def half(self) -> str:
        return half_of(self.document)

    @property
    def is_own(self) -> bool:
        """Whether it's from the shipped library, whose words are plain and about one disease."""
        return "/" not in self.document

    def random(self, kind: str) -> Random:
        """The same choices for the same sentence, whatever else the library holds."""
        return Random(f"{kind}|{self.document}|{self.claim}")


@dataclass(frozen=True, kw_only=True)
class Material:
    """All claims, and by document the passages that may be shown beside them."""

    sources: tuple[Source, ...]
    passages: dict[str, tuple[Shown, ...]]


def half_of(document: str) -> str:
    """`tuning` or `test`, decided by the document alone."""
    return "test" if zlib.crc32(f"half {document}".encode()) % 2 else "tuning"


def passage_id(document: str, text: str) -> str:
    """Six letters that tell nothing."""
    digest = sha256(f"{document}\0{text}".encode()).digest()
    return "".join(string.ascii_lowercase[byte % 26] for byte in digest[:6])


def read_shipped() -> Material:
    return gather(read_library(shipped("knowledge")).documents, only=None)


def read_abstracts(folder: Path, count: int) -> Material:
    """Claims from `count` abstracts of each set: `FOLDER/pubmedqa/corpus.jsonl`, `FOLDER/scifact/corpus.jsonl`."""
    documents: list[CuratedDocument] = []
    for name in SETS:
        lines = sorted(lines_of(folder / name / "corpus.jsonl"), key=lambda line: line["_id"])
        chosen = Random(f"abstracts {name}").sample(lines, min(count, len(lines)))
        documents += [document_of(f"{name}/{line['_id']}", line["title"], line["text"]) for line in chosen]
    return gather(documents, only=PER_ABSTRACT)


def gather(documents: Iterable[CuratedDocument], *, only: int | None) -> Material:
    """The sentences that mean something alone, each once, at most `only` of a document."""
    sources: list[Source] = []
    passages: dict[str, tuple[Shown, ...]] = {}
    seen: set[str] = set()
    for document in documents:
        found: list[Source] = []
        shown_here: list[Shown] = []
        for passage in document.passages:
            if ABOUT in passage.heading_path:
                continue
            shown = Shown(id=passage_id(document.id, passage.text), text=passage.text)
            shown_here.append(shown)
            sentences = tuple(sentence.text for sentence in passage.sentences)
            for claim in sentences:
                if claim not in seen and claim in shown.text and stands_alone(claim, strict=only is not None):
                    seen.add(claim)
                    found.append(Source(document=document.id, claim=claim, passage=shown, sentences=sentences))
        if shown_here:
            passages[document.id] = tuple(shown_here)
        sources += found if only is None else most_telling(found, only)
    return Material(sources=tuple(sources), passages=passages)


def most_telling(found: Sequence[Source], count: int) -> list[Source]:
    """The sentences of an abstract with most that can go wrong, since few have a dose or a "may"."""
    told = {source.claim: len({*TELLING.findall(source.claim), *DRUG_LIKE.findall(source.claim)}) for source in found}
    return sorted(found, key=lambda source: (-told[source.claim], source.random("order").random()))[:count]


def stands_alone(claim: str, *, strict: bool) -> bool:
    """Whether a sentence can be judged without the one before it; abstracts are held to more than the library."""
    if DANGLING.search(claim) or not claim.endswith(".") or not 30 <= len(claim) <= 330 or not CHECKABLE.search(claim):
        return False
    if not strict:
        return True
    odd = claim.count("(") != claim.count(")") or ";" in claim or ":" in claim or '"' in claim
    return bool(FINITE.search(claim)) and not (
        odd or PERSONAL.search(claim) or not claim[0].isupper() or len(claim.split()) < 8 or claim[:9].isupper()
    )
