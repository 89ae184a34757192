"""The steps of one answer, each a small function over our own values. `graph.py` says in which order they run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.answering.assess import Assessment, Sufficiency, assess
from bot.answering.candidates import list_candidates
from bot.answering.compose import Composer
from bot.answering.conclude import conclude_abstention, conclude_answer
from bot.answering.conflicts import concerned
from bot.answering.differences import note_differences
from bot.answering.question import ParsedQuestion, parse_question
from bot.answering.rank import Ranked, rank
from bot.answering.verify import Evidence, verify_claim
from bot.domain.answers import Abstention, Answer, Draft, DraftClaim, Verdict
from bot.domain.documents import RetrievedPassage, SearchQuery
from bot.domain.glossary import Glossary
from bot.domain.messages import Audience
from bot.prompts import Wording

TOP_K = 12
"""Passages that the composer sees."""
OF_EACH_SIDE = 6
"""And of each document that is known to contradict another one on what is asked."""


class Retriever(Protocol):
    """The search that answering needs."""

    def retrieve(self, queries: Sequence[SearchQuery], top_k: int) -> tuple[RetrievedPassage, ...]:
        """The passages that fit the queries best, fused; similarities are those of the first query."""
        ...

    def retrieve_from(
        self, documents: Sequence[str], queries: Sequence[SearchQuery], top_k: int
    ) -> tuple[RetrievedPassage, ...]:
        """Of each of these documents, by id, the passages that fit best; none of one that the library doesn't hold."""
        ...

    def is_foreign(self, word: str) -> bool:
        """Is it a rare word that the library never uses?"""
        ...

    def weight(self, word: str) -> float:
        """How much a word tells about what is asked; rare words more. Zero or more."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What goes into the chain: the standalone question, what to search for, and who reads.

    `queries` is empty where the text alone is searched; its first entry is the one that statements are compared with.
    """

    text: str
    queries: tuple[SearchQuery, ...] = ()
    audience: Audience = Audience.CLINICIAN
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Steps:
    """The steps with what they need from outside."""

    retriever: Retriever
    composer: Composer
    glossary: Glossary
    wording: Wording

    def retrieve(self, question: Question) -> tuple[RetrievedPassage, ...]:
        """Passages for the question and what belongs to it, and of documents that are known to contradict them here."""
        queries = question.queries or (SearchQuery(text=question.text),)
        found = self.retriever.retrieve(queries, TOP_K)
        documents = concerned(parse_question(question.text, self.glossary), found, self.glossary)
        if not documents:
            return found
        held = {item.passage.id for item in found}
        more = self.retriever.retrieve_from(documents, queries, OF_EACH_SIDE)
        return (*found, *(item for item in more if item.passage.id not in held))

    def weigh(self, item: str) -> float:
        """Informativeness of a stem or, for a term of the glossary, of the name by which the library knows it best."""
        term = self.glossary.term(item[1:]) if item.startswith("§") else None
        if term is None:
            return self.retriever.weight(item)
        return min(max(self.retriever.weight(word) for word in name.split()) for name in term.all_names)

    def _is_foreign(self, item: str) -> bool:
        return not item.startswith("§") and item.isalpha() and self.retriever.is_foreign(item)

    def assess(
        self, question: Question, evidence: Sequence[RetrievedPassage]
    ) -> tuple[ParsedQuestion, tuple[Ranked, ...], Assessment]:
        """Rank the statements of the evidence and judge whether they are enough."""
        parsed = parse_question(question.text, self.glossary)
        ranked = rank(parsed, list_candidates(evidence, self.glossary), self.glossary, self.weigh)
        return parsed, ranked, assess(parsed, ranked, self.glossary, self.weigh, self._is_foreign)

    def compose(self, parsed: ParsedQuestion, ranked: Sequence[Ranked]) -> Draft:
        """Draft the claims, both sides where sources differ."""
        return note_differences(self.composer.compose(parsed, ranked), parsed, ranked, self.glossary)

    def verify(self, draft: Draft, evidence: Sequence[RetrievedPassage]) -> tuple[tuple[DraftClaim, Verdict], ...]:
        """Every claim through the gate, whoever wrote it."""
        by_id = {item.passage.id: item for item in evidence}
        judged = []
        for claim in draft.claims:
            cited = dict.fromkeys(quotation.passage for quotation in claim.quotations)
            # A passage that nobody found can't be checked: then the claim has no evidence at all.
            seen = [_as_evidence(by_id[passage]) for passage in cited] if cited.keys() <= by_id.keys() else []
            quotes = [quotation.quote for quotation in claim.quotations]
            judged.append((claim, verify_claim(claim.text, seen, self.glossary, quotes)))
        return tuple(judged)

    def conclude(
        self,
        question: Question,
        evidence: Sequence[RetrievedPassage],
        assessment: Assessment,
        draft: Draft | None,
        judged: Sequence[tuple[DraftClaim, Verdict]],
    ) -> Answer | Abstention:
        """The answer with its footnotes and notices, or the abstention with its reason."""
        notices = list(question.notices)
        if draft is None:
            reason = self._why_not(assessment, evidence)
            near = () if assessment.sufficiency is Sufficiency.OUT_OF_SCOPE else evidence
            return conclude_abstention(reason, near, notices, self.wording, question.audience)
        by_id: Mapping[str, RetrievedPassage] = {item.passage.id: item for item in evidence}
        return conclude_answer(
            judged,
            by_id,
            assessment,
            notices=notices,
            wording=self.wording,
            audience=question.audience,
            disagreements=draft.disagreements,
        )

    def _why_not(self, assessment: Assessment, evidence: Sequence[RetrievedPassage]) -> str:
        if not evidence:
            return self.wording.say("abstention.nothing")
        if assessment.sufficiency is Sufficiency.OUT_OF_SCOPE:
            return self.wording.say("abstention.off_topic", topic=self.wording.say("topic"))
        if assessment.no_dose:
            return self.wording.say("abstention.no_dose", drug=_list(assessment.no_dose))
        if assessment.missing:
            return self.wording.say("abstention.missing", missing=_list(assessment.missing))
        return self.wording.say("abstention.nothing")


def _as_evidence(item: RetrievedPassage) -> Evidence:
    sentences = item.passage.sentences
    lines = (": ".join((*(lead.rstrip(": ") for lead in sentence.lead), sentence.text)) for sentence in sentences)
    return Evidence(
        id=item.passage.id,
        text="\n".join(lines),
        context=" . ".join((item.document.title, *item.passage.heading_path)),
        source="\n".join(sentence.quote for sentence in sentences),
    )


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
