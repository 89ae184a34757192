"""Statements that could be said: every sentence or short list of the evidence, put so that it reads alone.

A bare bullet ("Dosing: 375 mg/m² weekly") gets the words that its place gives it ("Rituximab – Dosing: …"). Nothing
else is added, and no character of the document is changed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from bot.answering.reading import PASSAGES_KEPT, Same
from bot.domain.answers import Quotation
from bot.domain.documents import Passage, PassageKind, RetrievedPassage, Sentence
from bot.domain.glossary import DRUG_KINDS, Glossary, TermKind
from bot.domain.text import words

SUBJECTS = DRUG_KINDS | {TermKind.ANTIBODY, TermKind.DISEASE, TermKind.MANIFESTATION}
SHORT_ITEM, LONGEST_ITEM = 5, 9
"""Words; a list whose items have at most these on average and each reads as one sentence."""
LABELLED = re.compile(
    r"^[^:]{1,40}:\s|^(?:consider|evaluate|monitor|add|assess|maintain|screen|check|use|continue|give|avoid"
    r"|start|stop)\b",
    re.IGNORECASE,
)
NUMBERING = re.compile(r"^\s*(?:step\s+)?[\divxIVX]{1,3}[.):]\s*|^\s*[•◦\-*✓]\s*")
DANGLING = re.compile(
    r"^(it|they|this|these|those|such|he|she|his|her|its|their|both|the former|the latter)\b", re.IGNORECASE
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
    def is_item(self) -> bool:
        """One item of a list."""
        return len(self.indices) == 1 and self.retrieved.passage.sentences[self.indices[0]].is_item

    @property
    def has_lead(self) -> bool:
        """Does a line of its own introduce it?"""
        return bool(self.retrieved.passage.sentences[self.indices[0]].lead)

    @property
    def is_list(self) -> bool:
        """Several short items said as one sentence."""
        return len(self.indices) > 1 and self.retrieved.passage.sentences[self.indices[0]].is_item


def list_candidates(evidence: Sequence[RetrievedPassage], glossary: Glossary) -> tuple[Candidate, ...]:
    """Every statement of the evidence, in its order."""
    found: list[Candidate] = []
    for retrieved in evidence:
        similarities = retrieved.similarities
        for stated in _read(Same(retrieved.passage), retrieved.document.title, glossary):
            found.append(
                Candidate(
                    text=stated.text,
                    body=stated.body,
                    context=stated.context,
                    retrieved=retrieved,
                    quotation=stated.quotation,
                    indices=stated.indices,
                    similarity=max((similarities[i] for i in stated.indices if i < len(similarities)), default=0.0),
                    order=len(found),
                )
            )
    return tuple(found)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stated:
    """What a statement is whatever is asked."""

    text: str
    body: str
    context: str
    quotation: Quotation
    indices: tuple[int, ...]


@lru_cache(maxsize=PASSAGES_KEPT)
def _read(of: Same[Passage], title: str, glossary: Glossary) -> tuple[_Stated, ...]:
    """The statements of a passage in a document of this title, kept: passages are found again and again."""
    passage = of.value
    place = _Place(passage=passage, title=title, headings=_headings(passage), glossary=glossary)
    return tuple(place.stated(indices, body) for indices, body in _statements(passage))


def _headings(passage: Passage) -> tuple[str, ...]:
    """The headings as they are said: without their numbers, and none for facts about a document."""
    if passage.kind is PassageKind.METADATA:
        return ()
    return tuple(NUMBERING.sub("", heading).strip() for heading in passage.heading_path)


def _statements(passage: Passage) -> Iterator[tuple[tuple[int, ...], str]]:
    """Indices of sentences, and the words that they make: each sentence, then each short list as one."""
    for index, sentence in enumerate(passage.sentences):
        if DANGLING.match(sentence.text) and not sentence.lead and index and not sentence.is_item:
            # What "she" or "this" stands for was said just before.
            yield (index - 1, index), f"{passage.sentences[index - 1].text} {sentence.text}"
        else:
            yield (index,), sentence.text
    for (_, is_item), run in groupby(enumerate(passage.sentences), key=lambda pair: (pair[1].lead, pair[1].is_item)):
        items = dict(run)
        if is_item and _is_short_list(tuple(items.values())):
            yield tuple(items), "; ".join(sentence.text.strip().rstrip(".;") for sentence in items.values())


def _is_short_list(items: Sequence[Sentence]) -> bool:
    lengths = [len(words(sentence.text)) for sentence in items]
    if len(items) < 2 or max(lengths) > LONGEST_ITEM or sum(lengths) > SHORT_ITEM * len(items):
        return False
    return not any(LABELLED.match(sentence.text) for sentence in items)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """Where statements stand, and what their place adds to them."""

    passage: Passage
    title: str
    headings: tuple[str, ...]
    glossary: Glossary

    def stated(self, indices: tuple[int, ...], body: str) -> _Stated:
        """The statement that these sentences make."""
        passage = self.passage
        sentences = [passage.sentences[index] for index in indices]
        last = sentences[-1]
        return _Stated(
            text=_closed(self._readable(last, body, is_item=sentences[0].is_item)),
            body=body,
            context=" . ".join((self.title, *self.headings, *last.lead)),
            quotation=Quotation(
                passage=passage.id,
                quote=" … ".join(sentence.quote for sentence in sentences),
                spans=tuple(span for sentence in sentences for span in sentence.spans),
            ),
            indices=indices,
        )

    def _readable(self, sentence: Sentence, body: str, *, is_item: bool) -> str:
        said = NUMBERING.sub("", body).strip()
        prefix = NUMBERING.sub("", sentence.lead[-1].rstrip(": ").strip()) if sentence.lead else ""
        subject = ""
        if is_item and self.headings:
            own = self._names_subject(f"{prefix} . {said}")
            nearest = next((heading for heading in reversed(self.headings) if self._names_subject(heading)), "")
            if prefix:
                subject = "" if own else nearest
            else:
                subject = self.headings[-1]
                if subject and nearest and not own and not self._names_subject(subject):
                    prefix, subject = subject, nearest
        if subject and prefix:
            return f"{subject} – {prefix}: {said}"
        if prefix:
            return f"{prefix}: {said}"
        if subject and words(subject) != words(said)[: len(words(subject))]:
            return f"{subject} – {said}" if ":" in said[:40] else f"{subject}: {said}"
        return said

    def _names_subject(self, text: str) -> bool:
        """Does the text name something that a statement can be about?"""
        return any(term.kind in SUBJECTS for term in self.glossary.terms_in(text))


def _closed(said: str) -> str:
    said = said.rstrip(" ;,:")
    return said if said.endswith((".", "!", "?", "”", '."')) else f"{said}."
