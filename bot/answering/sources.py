"""The passages as a language model sees them, and the way back from what it cites to characters of the documents.

Each passage has an id of letters that looks like nothing a paper contains, new for every question, so that a model can
neither mix it up with a reference number in a text nor carry it over from another answer.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.answering.proposals import Proposal
from bot.answering.verify import quotation_stands, squeeze
from bot.domain.answers import DraftClaim, Quotation
from bot.domain.documents import CuratedDocument, Directness, Passage, RetrievedPassage

LETTERS = "bcdfghjkmnpqrstvwxz"
"""Without vowels, so that no id is a word."""
ID_LENGTH = 4
MARKS = re.compile(r"</?\s*passage", re.IGNORECASE)
TRAILING_IDS = re.compile(rf"\s*[\[(]\s*[{LETTERS}]{{{ID_LENGTH}}}(?:\s*[,;]\s*[{LETTERS}]{{{ID_LENGTH}}})*\s*[\])]")
GAP = re.compile(r"\s*(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*")
ABOUT = {
    Directness.JDM: "children with juvenile dermatomyositis",
    Directness.ADULT_DM: "adults with dermatomyositis",
    Directness.OTHER_MYOSITIS: "another myositis",
    Directness.JIA: "juvenile idiopathic arthritis",
    Directness.RA: "rheumatoid arthritis",
    Directness.MECHANISM: "mechanism, not patients",
}


@dataclass(frozen=True)
class Sources:
    """The passages given for one question."""

    question: str
    evidence: tuple[RetrievedPassage, ...]

    @cached_property
    def by_id(self) -> dict[str, RetrievedPassage]:
        """The passages by the ids that the model sees, in order."""
        named: dict[str, RetrievedPassage] = {}
        for item in self.evidence:
            salt = 0
            while (name := _name(self.question, item.passage.id, salt)) in named:
                salt += 1
            named[name] = item
        return named

    @property
    def ids(self) -> str:
        """All valid ids, for the model."""
        return ", ".join(self.by_id)

    @cached_property
    def text(self) -> str:
        """Every passage in its own block, verbatim but for the marks of citations."""
        return "\n\n".join(_block(name, item) for name, item in self.by_id.items())

    def first(self, count: int) -> "Sources":
        """The best passages only, for a model with a small context."""
        return Sources(self.question, self.evidence[:count])

    def locate(self, proposal: Proposal) -> DraftClaim:
        """The proposal as a claim whose quotations are characters of the documents.

        An id that was never given, or a quotation that stands nowhere in its passages, stays as it is: the gate refuses
        it and says why. A passage that is cited without words of its own is quoted by its best sentence.
        """
        cited = [(name, self.by_id.get(name)) for name in proposal.sources]
        quotations = [Quotation(passage=name, quote="", spans=()) for name, item in cited if item is None]
        known = [item for _, item in cited if item is not None]
        quoted: set[str] = set()
        for quote in proposal.quotes:
            place = next(((item, found) for item in known if (found := _find(quote, item.passage))), None)
            if place is None:
                fallback = known[0].passage.id if known else ""
                quotations.append(Quotation(passage=fallback, quote=quote, spans=()))
            else:
                item, indices = place
                quoted.add(item.passage.id)
                quotations.append(_quotation(item.passage, indices))
        if not proposal.quotes and known:
            # The contract asks for one; without it nothing shows where the claim comes from.
            quotations.append(Quotation(passage=known[0].passage.id, quote="", spans=()))
        quotations += [
            _quotation(item.passage, (_likest(proposal.text, item.passage),))
            for item in known
            if proposal.quotes and item.passage.id not in quoted
        ]
        return DraftClaim(
            text=TRAILING_IDS.sub("", proposal.text).strip(),
            role=proposal.role,
            quotations=tuple(dict.fromkeys(quotations)),
        )

    def show_again(self, claim: DraftClaim, problem: str) -> dict[str, object]:
        """A claim that failed, as it's given back to the model."""
        names = {item.passage.id: name for name, item in self.by_id.items()}
        return {
            "role": claim.role.value,
            "text": claim.text,
            "sources": list(dict.fromkeys(names.get(q.passage, q.passage) for q in claim.quotations)),
            "quote": next((q.quote for q in claim.quotations), ""),
            "problem": problem,
        }


def studied(document: CuratedDocument) -> str:
    """Whom a document is about; empty where nobody said."""
    return ABOUT[document.directness] if document.directness else ""


def _name(question: str, passage: str, salt: int) -> str:
    number = int.from_bytes(hashlib.sha256(f"{salt}\0{question}\0{passage}".encode()).digest()[:8])
    letters = []
    for _ in range(ID_LENGTH):
        number, letter = divmod(number, len(LETTERS))
        letters.append(LETTERS[letter])
    return "".join(letters)


def _block(name: str, item: RetrievedPassage) -> str:
    document = item.document
    about = [document.evidence, str(document.year or ""), studied(document)]
    lines = [
        f'<passage id="{name}">',
        f"Document: {document.title} ({'; '.join(part for part in about if part) or 'kind of study not known'})",
        *([f"Section: {' > '.join(item.passage.heading_path)}"] if item.passage.heading_path else []),
        *_lines(item.passage),
        "</passage>",
    ]
    # A document that holds the marks of a passage can't end its own.
    return "\n".join((lines[0], *(MARKS.sub("(passage", line) for line in lines[1:-1]), lines[-1]))


def _lines(passage: Passage) -> Iterator[str]:
    before: tuple[str, ...] = ()
    for sentence in passage.sentences:
        if sentence.lead and sentence.lead != before:
            yield f"{' – '.join(lead.rstrip(': ') for lead in sentence.lead)}:"
        before = sentence.lead
        yield f"- {sentence.text}" if sentence.is_item else sentence.text


def _find(quote: str, passage: Passage) -> tuple[int, ...] | None:
    """The sentences in which the quotation stands, its parts in order; None where one part stands nowhere."""
    found: list[int] = []
    for part in (part for part in GAP.split(quote.strip(" \"'“”‘’")) if squeeze(part)):
        indices = _find_part(part, passage)
        if indices is None:
            return None
        found += [index for index in indices if index not in found]
    return tuple(found) or None


def _find_part(part: str, passage: Passage) -> tuple[int, ...] | None:
    wanted = squeeze(part).lstrip("-•").rstrip(".,;:")
    texts = [squeeze(sentence.text) for sentence in passage.sentences]
    starts = [sum(map(len, texts[:index])) for index in range(len(texts))]
    at = "".join(texts).find(wanted)
    if at < 0 or not wanted:
        # As it stands in the file, with what was taken off for reading.
        return next(((i,) for i, s in enumerate(passage.sentences) if quotation_stands(part, s.quote)), None)
    return tuple(
        index
        for index, (start, text) in enumerate(zip(starts, texts, strict=True))
        if start < at + len(wanted) and at < start + len(text)
    )


def _quotation(passage: Passage, indices: Sequence[int]) -> Quotation:
    sentences = [passage.sentences[index] for index in indices]
    return Quotation(
        passage=passage.id,
        quote=" … ".join(sentence.quote for sentence in sentences),
        spans=tuple(span for sentence in sentences for span in sentence.spans),
    )


def _likest(claim: str, passage: Passage) -> int:
    """The sentence that shares most words with the claim."""
    said = set(re.findall(r"\w+", claim.lower()))
    shared = [len(said & set(re.findall(r"\w+", sentence.text.lower()))) for sentence in passage.sentences]
    return max(range(len(shared)), key=shared.__getitem__)
