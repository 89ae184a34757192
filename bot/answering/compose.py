"""The extractive composer: an answer made of the documents' own sentences, chosen for this question.

It leads with the statement that answers most directly, adds what else bears on the question, and stops. A language
model isn't needed; whatever it says goes through the same gate as a model's words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from bot.answering.candidates import Candidate
from bot.answering.composing import HandOver, Task, in_order
from bot.answering.doses import dose_owners
from bot.answering.language import content
from bot.answering.matching import ALIKE
from bot.answering.question import Aspect, ParsedQuestion
from bot.answering.rank import Ranked
from bot.answering.reading import count_words, figures, said
from bot.answering.statements import gives
from bot.domain.answers import ClaimRole, Draft, DraftClaim, Verdict
from bot.domain.errors import ModelFault
from bot.domain.glossary import DRUG_KINDS, Glossary
from bot.domain.messages import Audience

RELATIVE_FLOOR = 0.76
"""A further statement must score this share of the best one."""
BRIEF, BRIEF_FLOOR = 30, 0.66
"""Below so many words an answer also takes a little less fitting statements of its first document."""
LIKE_THE_BEST, BESIDE_FLOOR = 0.85, 0.55
AS_GOOD = 0.98
BESIDE_THE_POINT = 0.85
"""A statement that is less about what was asked has no place beside one that is."""
SAME = 0.7
"""A statement of whose content words another holds this share, and all numbers, says nothing new."""
SAME_FIGURES = 0.5
"""The same for statements with the very same figures, of which there are several."""
MOST_CLAIMS = 7
DETAIL_FLOOR = 0.62
"""In more detail a statement may score a little less."""
ADDED_FLOOR = 0.5
"""The share of the best score that a statement needs which gives a kind of thing that was asked for and is lacking."""


@dataclass(frozen=True)
class ExtractiveComposer:
    """Quotes. `answer_words` is about how many words of claims an answer has."""

    glossary: Glossary
    answer_words: int = 170
    judges_evidence: ClassVar[bool] = False

    async def compose(self, task: Task, hand_over: HandOver) -> Draft:
        """The draft, all at once."""
        draft = self.quote(task)
        for claim in draft.claims:
            hand_over(claim)
        return draft

    def quote(self, task: Task) -> Draft:
        """The same at once."""
        if not task.quotable:
            return Draft(claims=())
        return self.choose(task.question, task.ranked, audience=task.audience, share=task.share)

    async def try_out(self) -> ModelFault | None:
        """Nothing can be wrong here."""
        return None

    async def repair(self, task: Task, draft: Draft, failed: Sequence[tuple[DraftClaim, Verdict]]) -> Draft:  # noqa: ARG002
        """A document's own sentence can't be put better."""
        return draft

    def choose(
        self,
        question: ParsedQuestion,
        ranked: Sequence[Ranked],
        *,
        audience: Audience = Audience.CLINICIAN,
        share: float = 1.0,
    ) -> Draft:
        """Choose the statements: best first, each different, until the answer is long enough or nothing else fits.

        More detail gives every kind of thing that was asked for; a trainee gets a reason where the documents have one.
        """
        if not ranked:
            return Draft(claims=())
        chosen = self._choose(self._to_the_point(question, ranked), share)
        wanted = [aspect for aspect in Aspect if question.wants(aspect)] if share > 1 else []
        if audience is Audience.TRAINEE:
            wanted.append(Aspect.REASON)
        for aspect in dict.fromkeys(wanted):
            chosen += self._lacking(aspect, chosen, ranked)
        claims = [
            DraftClaim(
                text=item.candidate.text,
                role=ClaimRole.BOTTOM_LINE if place == 0 else _role(item.candidate, question, self.glossary),
                quotations=(item.candidate.quotation,),
            )
            for place, item in enumerate(chosen)
        ]
        return Draft(claims=in_order(claims))

    def _to_the_point(self, question: ParsedQuestion, ranked: Sequence[Ranked]) -> list[Ranked]:
        """Where a drug's dose was asked for, without the doses of others: they could be mistaken for it."""
        drugs = [term for term in question.terms if term.kind in DRUG_KINDS]
        if not drugs or not question.wants(Aspect.DOSE):
            return list(ranked)
        related = (drugs, *(self.glossary.ancestors(t) for t in drugs), *(self.glossary.members(t) for t in drugs))
        kin = {term.id for terms in related for term in terms}
        doses = [dose_owners(item.candidate.body, item.candidate.context, self.glossary) for item in ranked]
        pairs = zip(ranked, doses, strict=True)
        return [item for place, (item, owners) in enumerate(pairs) if not place or not owners or owners & kin]

    def _lacking(self, aspect: Aspect, chosen: Sequence[Ranked], ranked: Sequence[Ranked]) -> list[Ranked]:
        """The best statement of this kind, where none that was chosen is one and there is one to the point."""
        if any(gives(item.candidate.body, aspect) for item in chosen):
            return []
        best = ranked[0]
        fitting = (
            item
            for item in ranked
            if gives(item.candidate.body, aspect)
            and item.score >= best.score * ADDED_FLOOR
            and item.about >= min(best.about, BESIDE_THE_POINT)
            and not any(self._same(item.candidate, other.candidate) for other in chosen)
        )
        return list(islice(fitting, 1))

    def _choose(self, ranked: Sequence[Ranked], share: float) -> list[Ranked]:
        best = ranked[0]
        most, most_words = round(MOST_CLAIMS * share), self.answer_words * share
        chosen: list[Ranked] = []
        length = 0
        for item in ranked:
            if item.score < best.score * self._floor(item, best, length, share) or len(chosen) == most:
                continue
            if item.about < BESIDE_THE_POINT <= best.about:
                continue
            size = count_words(item.candidate.text)
            if chosen and length + size > most_words:
                continue
            if any(self._same(item.candidate, other.candidate) for other in chosen):
                continue
            fuller = self._with_what_belongs(item, ranked)
            chosen = [
                *chosen[:1],
                *(old for old in chosen[1:] if not self._same(old.candidate, fuller.candidate)),
                fuller,
            ]
            length = sum(count_words(one.candidate.text) for one in chosen)
        return chosen

    def _floor(self, item: Ranked, best: Ranked, length: int, share: float) -> float:
        """The share of the best score that a further statement needs."""
        mine, first = item.candidate, best.candidate
        beside = mine.is_item and first.is_item and mine.context == first.context
        if beside and (mine.has_lead or item.coverage >= best.coverage * LIKE_THE_BEST):
            # What was asked for stands above the list: its items answer together.
            return BESIDE_FLOOR
        brief = length < BRIEF and mine.document == first.document
        if share > 1:
            return DETAIL_FLOOR
        return BRIEF_FLOOR if brief else RELATIVE_FLOOR

    def _with_what_belongs(self, item: Ranked, ranked: Sequence[Ranked]) -> Ranked:
        """The pair of sentences instead of one of them, where the pair fits as well: the second may hold the answer."""
        candidate = item.candidate
        for other in ranked:
            pair = other.candidate
            if (
                pair.retrieved.passage.id == candidate.retrieved.passage.id
                and not pair.is_list
                and set(candidate.indices) < set(pair.indices)
                and other.score >= item.score * AS_GOOD
            ):
                return other
        return item

    def _same(self, one: Candidate, other: Candidate) -> bool:
        """Does the other statement already say what this one says, numbers included?"""
        if one.retrieved.passage.id == other.retrieved.passage.id and set(one.indices) & set(other.indices):
            return True
        numbers, known = figures(one.body), figures(other.body)
        if not numbers <= known:
            return False
        theirs = said(other.body, self.glossary)
        mine = set(content(one.body, self.glossary))
        share = SAME_FIGURES if len(numbers) > 1 and numbers == known else SAME
        return sum(theirs.credit(item) >= ALIKE for item in mine) >= share * len(mine)


def _role(candidate: Candidate, question: ParsedQuestion, glossary: Glossary) -> ClaimRole:
    if dose_owners(candidate.body, candidate.context, glossary):
        return ClaimRole.DOSE
    if gives(candidate.body, Aspect.SAFETY) and not question.wants(Aspect.EFFICACY):
        return ClaimRole.SAFETY
    # A title ("… (unreviewed)") tells of the whole document; only a heading tells that its limits stand below.
    place = " . ".join((*candidate.retrieved.passage.heading_path, *_lead(candidate)))
    if gives(place, Aspect.LIMITS) and not question.wants(Aspect.LIMITS):
        return ClaimRole.CAVEAT
    return ClaimRole.FINDING


def _lead(candidate: Candidate) -> Sequence[str]:
    """The lines that introduce it."""
    return candidate.retrieved.passage.sentences[candidate.indices[-1]].lead
