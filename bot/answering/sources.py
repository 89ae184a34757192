"""The passages as a language model sees them, and the way back from what it cites to characters of the documents.

Each passage has an id of letters that looks like nothing a paper contains, new for every question, so that a model can
neither mix it up with a reference number in a text nor carry it over from another answer.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.answering.proposals import Proposal, visible
from bot.answering.verify import SHORTEST_QUOTE, squeeze
from bot.domain.answers import DraftClaim, Quotation
from bot.domain.documents import CuratedDocument, Directness, Passage, RetrievedPassage

LETTERS = "bcdfghjkmnpqrstvwxz"
PLACES = ("qxz", LETTERS, "jqwxz", LETTERS)
"""The letters of an id by their places: no vowel, so that it's no word, and rare ones, so that it's no abbreviation."""
MARKS = re.compile(r"[<＜‹〈⟨][\s/\\]*passage", re.IGNORECASE)
AN_ID = "".join(f"[{letters}]" for letters in PLACES)
TRAILING_IDS = re.compile(rf"\s*[\[(]\s*{AN_ID}(?:\s*[,;]\s*{AN_ID})*\s*[\])]")
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
    name = ""
    for letters in PLACES:
        number, at = divmod(number, len(letters))
        name += letters[at]
    return name


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
    return "\n".join((lines[0], *map(without_marks, lines[1:-1]), lines[-1]))


def without_marks(text: str) -> str:
    """The text without what would end a passage or open another, or hide that it does."""
    shown = visible(text)
    return MARKS.sub("(passage", shown) if MARKS.search(shown) else text


def _lines(passage: Passage) -> Iterator[str]:
    for index, text in _rows(passage):
        is_item = index is not None and passage.sentences[index].is_item
        yield f"- {text}" if is_item else text


def _rows(passage: Passage) -> Iterator[tuple[int | None, str]]:
    """The rows of a passage: each sentence with its index, and before a list the line that introduces it, without."""
    before: tuple[str, ...] = ()
    for index, sentence in enumerate(passage.sentences):
        if sentence.lead and sentence.lead != before:
            yield None, f"{' – '.join(lead.rstrip(': ') for lead in sentence.lead)}:"
        before = sentence.lead
        yield index, sentence.text


def _find(quote: str, passage: Passage) -> tuple[int, ...] | None:
    """The sentences in which the quotation stands, in the document's order; None where a part stands nowhere."""
    found: list[int] = []
    parts = [part for part in map(_literal, GAP.split(quote.strip(" \"'“”‘’"))) if part]
    is_short = sum(map(len, parts)) < SHORTEST_QUOTE
    for part in parts:
        indices = _find_short(part, passage) if is_short else _find_part(part, passage)
        if indices is None:
            return None
        found += [index for index in indices if index not in found]
    return tuple(sorted(found)) or None


def _literal(part: str) -> str:
    return squeeze(part).lstrip("•").rstrip(".,;:")


def _find_short(part: str, passage: Passage) -> tuple[int, ...] | None:
    """A quotation that is too short to mean anything inside other words must be a whole sentence or item."""
    return next(((i,) for i, s in enumerate(passage.sentences) if part in {_literal(s.text), _literal(s.quote)}), None)


def _find_part(part: str, passage: Passage) -> tuple[int, ...] | None:
    """As the model saw it, or else as it stands in the file, with what was taken off for reading."""
    shown = list(_rows(passage))
    plain = [row for row in shown if row[0] is not None]
    in_file = [(index, sentence.quote) for index, sentence in enumerate(passage.sentences)]
    places = (_find_in(rows, part) for rows in (shown, plain, in_file))
    return next((found for found in places if found), None)


def _find_in(rows: Sequence[tuple[int | None, str]], part: str) -> tuple[int, ...]:
    """The sentences among these rows over which the part reaches."""
    texts = [squeeze(text) for _, text in rows]
    at = "".join(texts).find(part)
    end, start = at + len(part), 0
    found = []
    for (index, _), text in zip(rows, texts, strict=True):
        if index is not None and start < end and at < start + len(text):
            found.append(index)
        start += len(text)
    return tuple(found) if at >= 0 else ()


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
