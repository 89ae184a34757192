"""Statements that could be said: every sentence or short list of the evidence, put so that it reads alone.

A bare bullet ("Dosing: 375 mg/m² weekly") gets the words that its place gives it ("Rituximab – Dosing: …"). Nothing
else is added, and no character of the document is changed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.domain.answers import Quotation
from bot.domain.documents import PassageKind, RetrievedPassage, Sentence
from bot.domain.glossary import Glossary, TermKind
from bot.domain.text import words

SUBJECTS = {TermKind.DRUG, TermKind.DRUG_CLASS, TermKind.ANTIBODY, TermKind.DISEASE, TermKind.MANIFESTATION}
SHORT_ITEM, LONGEST_ITEM = 5, 9
"""Words; a list whose items have at most these on average and each reads as one sentence."""
LABELLED = re.compile(r"^[^:]{1,40}:\s|^(?:consider|evaluate|monitor|add|assess|maintain|screen|check|use|continue|give|avoid|start|stop)\b", re.IGNORECASE)
NUMBERING = re.compile(r"^\s*(?:step\s+)?[\divxIVX]{1,3}[.):]\s*|^\s*[•◦\-*✓]\s*")
DANGLING = re.compile(
    r"^(it|they|this|these|those|such|he|she|his|her|its|their|both|the former|the latter)\b", re.I
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """One statement with the passage it stands in. `text` is what would be said, `body` the document's words alone.

    `similarity` is the best cosine between the question and its sentences; `order` its place in the evidence.
    """

    text: str
    body: str
    context: str
    retrieved: RetrievedPassage
    quotation: Quotation
    indices: tuple[int, ...]
    similarity: float
    order: int

    @property
    def document(self) -> str:
        """Path of the document."""
        return self.retrieved.document.path

    @property
    def is_list(self) -> bool:
        """Several short items said as one sentence."""
        return len(self.indices) > 1 and self.retrieved.passage.sentences[self.indices[0]].is_item


def list_candidates(evidence: Sequence[RetrievedPassage], glossary: Glossary) -> tuple[Candidate, ...]:
    """Every statement of the evidence, in its order."""
    found: list[Candidate] = []
    for retrieved in evidence:
        found += _of_passage(retrieved, glossary, len(found))
    return tuple(found)


def _of_passage(retrieved: RetrievedPassage, glossary: Glossary, start: int) -> Iterator[Candidate]:
    passage = retrieved.passage
    if passage.kind is PassageKind.METADATA:
        headings: tuple[str, ...] = ()
    else:
        headings = tuple(NUMBERING.sub("", heading).strip() for heading in passage.heading_path)
    numbered = list(enumerate(passage.sentences))
    order = start
    for index, sentence in numbered:
        if DANGLING.match(sentence.text) and not sentence.lead and index and not sentence.is_item:
            # What "she" or "this" stands for was said just before.
            before = passage.sentences[index - 1]
            both = f"{before.text} {sentence.text}"
            yield _candidate(retrieved, headings, (index - 1, index), sentence.lead, both, order, glossary)
        else:
            yield _candidate(retrieved, headings, (index,), sentence.lead, sentence.text, order, glossary)
        order += 1
    for (lead, is_item), run in groupby(numbered, key=lambda pair: (pair[1].lead, pair[1].is_item)):
        items = list(run)
        if is_item and _is_short_list([sentence for _, sentence in items]):
            joined = "; ".join(_unfinished(sentence) for _, sentence in items)
            yield _candidate(retrieved, headings, tuple(i for i, _ in items), lead, joined, order, glossary)
            order += 1


def _is_short_list(items: Sequence[Sentence]) -> bool:
    lengths = [len(words(sentence.text)) for sentence in items]
    if len(items) < 2 or max(lengths) > LONGEST_ITEM or sum(lengths) > SHORT_ITEM * len(items):
        return False
    return not any(LABELLED.match(sentence.text) for sentence in items)


def _unfinished(sentence: Sentence) -> str:
    return sentence.text.strip().rstrip(".;")


def _candidate(
    retrieved: RetrievedPassage,
    headings: tuple[str, ...],
    indices: tuple[int, ...],
    lead: tuple[str, ...],
    body: str,
    order: int,
    glossary: Glossary,
) -> Candidate:
    sentences = [retrieved.passage.sentences[index] for index in indices]
    similarities = [retrieved.similarities[i] for i in indices if i < len(retrieved.similarities)]
    return Candidate(
        text=_readable(headings, lead, body, sentences, glossary),
        body=body,
        context=" . ".join((retrieved.document.title, *headings, *lead)),
        retrieved=retrieved,
        quotation=Quotation(
            passage=retrieved.passage.id,
            quote=" … ".join(sentence.quote for sentence in sentences),
            spans=tuple(span for sentence in sentences for span in sentence.spans),
        ),
        indices=indices,
        similarity=max(similarities, default=0.0),
        order=order,
    )


def _readable(
    headings: tuple[str, ...], lead: tuple[str, ...], body: str, sentences: Sequence[Sentence], glossary: Glossary
) -> str:
    said = NUMBERING.sub("", body).strip()
    is_item = sentences[0].is_item
    prefix = lead[-1].rstrip(": ").strip() if lead else ""
    prefix = NUMBERING.sub("", prefix)
    subject = ""
    if is_item and headings:
        own = {t.id for t in glossary.terms_in(f"{prefix} . {said}") if t.kind in SUBJECTS}
        nearest = next((h for h in reversed(headings) if _subject_ids(h, glossary)), "")
        if not prefix:
            subject = headings[-1]
        elif not own and nearest:
            subject = nearest
        if subject and _subject_ids(subject, glossary) and _subject_ids(subject, glossary) <= own and prefix:
            subject = ""
        if (
            subject
            and not prefix
            and subject is headings[-1]
            and not _subject_ids(subject, glossary)
            and nearest
            and not own
        ):
            prefix, subject = subject, nearest
    if subject and prefix:
        said = f"{subject} – {prefix}: {said}"
    elif prefix:
        said = f"{prefix}: {said}"
    elif subject and words(subject) != words(said)[: len(words(subject))]:
        said = f"{subject} – {said}" if ":" in said[:40] else f"{subject}: {said}"
    said = said.rstrip(" ;,:")
    return said if said.endswith((".", "!", "?", "”", '."')) else f"{said}."


def _subject_ids(text: str, glossary: Glossary) -> set[str]:
    return {term.id for term in glossary.terms_in(text) if term.kind in SUBJECTS}
