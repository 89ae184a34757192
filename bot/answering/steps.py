"""The steps of one answer, each a small function over our own values. `graph.py` says in which order they run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.answering.assess import Assessment, Sufficiency, assess
from bot.answering.audiences import ANYBODY, Reading, asked_dose_of, asks_of_a_child, put_for, send_to_team
from bot.answering.candidates import Candidate, list_candidates
from bot.answering.compared import unknown
from bot.answering.composing import LESS, MORE, Composer, HandOver, Task
from bot.answering.conclude import conclude_abstention, conclude_answer
from bot.answering.conflicts import concerned
from bot.answering.demanded import in_words_of_demand
from bot.answering.differences import note_differences
from bot.answering.explaining import explain_words
from bot.answering.failing import in_words_of_classes, read_failed, with_classes, without_failures
from bot.answering.judging import Given, Judge, judge_claim, lower
from bot.answering.language import content, every_word
from bot.answering.parts import at_their_best, split_parts
from bot.answering.proposed import name_proposed
from bot.answering.question import OF_ONE, Aspect, ParsedQuestion, parse_question
from bot.answering.rank import Ranked, rank
from bot.answering.regulatory import in_words_of_status
from bot.answering.retriever import Retriever
from bot.answering.stages import PAST_THE_START, Stage, in_words_of_start, names_drug, stage_asked
from bot.answering.unstated import tell_unstated
from bot.answering.weighing import Weighed, weigh_parts
from bot.domain.answers import Abstention, Answer, Draft, DraftClaim, Quotation, SupportLabel, Verdict
from bot.domain.days import today_utc
from bot.domain.documents import RetrievedPassage, SearchQuery
from bot.domain.glossary import Glossary
from bot.domain.messages import Audience
from bot.domain.text import fold, words
from bot.prompts import Wording

TESTS_ARE_CALLED = "(monitored by blood tests, screened for)"
TOP_K = 12
"""Passages that the composer sees."""
AT_A_GLANCE = 5
"""Passages that are enough to tell whether there is an answer."""
JOINING = frozenset("a an and as at by for from in of on or the to with".split())
"""Words that may join the question's own words in what a model found nothing about."""
OF_EACH_PART = 6
"""And of those found for each part of a question that asks several things."""
OF_EACH_SIDE = 6
"""And of each document that is known to contradict another one on what is asked."""
Judged = tuple[tuple[DraftClaim, Verdict], ...]
Key = tuple[str, tuple[Quotation, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What goes into the chain: the standalone question, what to search for, who reads, and who is spoken of.

    `queries` is empty where the text alone is searched; its first entry is the one that statements are compared with.
    `user` is who asks, for the limits of what a language model may cost. `detail`: about twice as long an answer is
    wanted, `brief`: a short one. `preface` is what is said above the answer.
    """

    text: str
    queries: tuple[SearchQuery, ...] = ()
    audience: Audience = Audience.CLINICIAN
    notices: tuple[str, ...] = ()
    patient: tuple[str, ...] = ()
    user: str = ""
    detail: bool = False
    brief: bool = False
    preface: str = ""

    @property
    def reading(self) -> Reading:
        """What its reader may be told."""
        return Reading(audience=self.audience)

    @property
    def share(self) -> float:
        """How long its answer is to be, compared with a common one."""
        return (MORE if self.detail else 1.0) * (LESS if self.brief else 1.0)


@dataclass(frozen=True)
class Steps:
    """The steps with what they need from outside.

    `whole` gives every passage of a library that a language model may read at once; `judges` may lower a verdict.
    """

    retriever: Retriever
    composer: Composer
    glossary: Glossary
    wording: Wording
    whole: Callable[[], tuple[RetrievedPassage, ...]] | None = None
    judges: tuple[Judge, ...] = ()
    today: Callable[[], date] = today_utc

    def for_reader(self, question: Question) -> Question:
        """The question as it is answered for this reader."""
        put = put_for(question.audience, question.text, self.glossary, self.wording)
        queries = question.queries if put.text == question.text else ()
        preface = " ".join(part for part in (question.preface, put.preface) if part)
        return replace(question, text=put.text, queries=queries, preface=preface, brief=put.brief)

    def glance(self, question: Question) -> tuple[RetrievedPassage, ...]:
        """The few best passages, which tell whether there is an answer; whoever asks gets more."""
        return self.retriever.retrieve(self._queries(question), AT_A_GLANCE)

    def retrieve(self, question: Question) -> tuple[RetrievedPassage, ...]:
        """Passages for the question and what belongs to it, and of documents that are known to contradict them here."""
        queries = self._queries(question)
        found = self.retriever.retrieve(queries, TOP_K)
        for part in split_parts(question.text, self.glossary):
            found = at_their_best(found, self.retriever.retrieve([SearchQuery(text=part.text)], OF_EACH_PART))
        asked = parse_question(question.text, self.glossary)
        for put in in_words_of_demand(asked, self.glossary):
            found = at_their_best(found, self.retriever.retrieve([SearchQuery(text=put)], OF_EACH_PART))
        documents = concerned(asked, self.retriever.contested() if found else (), self.glossary)
        if not documents:
            return found
        held = {item.passage.id for item in found}
        more = self.retriever.retrieve_from(documents, queries, OF_EACH_SIDE)
        return (*found, *(item for item in more if item.passage.id not in held))

    def _queries(self, question: Question) -> tuple[SearchQuery, ...]:
        """What is searched; each question also as documents put it: for a failed drug its class."""
        first, *others = question.queries or (SearchQuery(text=question.text),)
        named = replace(first, text=with_classes(first.text, self.glossary))
        asked = parse_question(first.text, self.glossary)
        by_class = replace(first, text=with_classes(first.text, self.glossary, instead=True))
        put = [by_class] if by_class != named else []
        if stage_asked(asked) is Stage.START:
            put.append(SearchQuery(text=in_words_of_start(asked)))
        if asked.aspects & OF_ONE and (alone := without_failures(first.text, self.glossary)):
            put.append(SearchQuery(text=alone))
        if asked.wants(Aspect.MONITORING) and names_drug(asked):
            put.append(SearchQuery(text=f"{in_words_of_classes(first.text, self.glossary)} {TESTS_ARE_CALLED}"))
        if PAST_THE_START.search(fold(first.text)) and not names_drug(asked):
            put.append(SearchQuery(text=PAST_THE_START.sub("second-line treatment", fold(first.text))))
        if asked.wants(Aspect.REGULATORY_STATUS):
            put.append(SearchQuery(text=in_words_of_status(asked, self.glossary)))
        if asked.wants(Aspect.MEANING):
            put += [SearchQuery(text=text) for text in in_words_of_demand(asked, self.glossary)]
        return (named, *put, *others)

    def give(self, evidence: tuple[RetrievedPassage, ...]) -> tuple[RetrievedPassage, ...]:
        """What the composer may read: the passages found, and the rest of the library where it's given whole."""
        if self.whole is None:
            return evidence
        found = {item.passage.id for item in evidence}
        return (*evidence, *(item for item in self.whole() if item.passage.id not in found))

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
        """Rank the statements of the evidence and judge whether they are enough, for each part of the question."""
        weighed = weigh_parts(question.text, list_candidates(evidence, self.glossary), self._weigh, self.glossary)
        assessment = weighed.assessment
        if self.composer.judges_evidence:
            # Whether a part has no answer is only likely here; a language model reads better, and says so.
            assessment = replace(assessment, unanswered=())
        return weighed.parsed, question.reading.choose(weighed.ranked, self.glossary), assessment

    def _weigh(self, text: str, candidates: Sequence[Candidate]) -> Weighed:
        parsed = self._parse(text)
        ranked = rank(parsed, candidates, self.glossary, self.weigh)
        assessment = assess(parsed, ranked, self.glossary, self.weigh, self._is_foreign)
        return Weighed(parsed=parsed, ranked=ranked, assessment=assessment)

    def _parse(self, text: str) -> ParsedQuestion:
        """The question, a failed drug standing behind its class: what follows the class follows the drug."""
        failed = read_failed(text, self.glossary)
        parsed = parse_question(with_classes(text, self.glossary), self.glossary)
        classes = {term.id for term in parsed.terms}
        behind = (term for term in parsed.terms if term.id in failed and classes & set(term.classes))
        background = parsed.background | {f"§{term.id}" for term in behind}
        return replace(parsed, text=text, failed=failed, background=background)

    def is_worth_composing(self, assessment: Assessment) -> bool:
        """Is there enough to answer from, or a composer that can tell by itself?

        That a drug or a dose is nowhere named is certain. That no sentence looks like an answer is only likely, and a
        language model reads better.
        """
        if assessment.is_enough:
            return True
        uncertain = assessment.sufficiency is Sufficiency.INSUFFICIENT and not (
            assessment.missing or assessment.no_dose
        )
        return self.composer.judges_evidence and uncertain

    async def compose(self, task: Task, hand_over: HandOver) -> Draft:
        """Draft the claims, both sides where sources differ."""
        draft = await self.composer.compose(task, hand_over)
        if task.share < 1:
            return draft
        given = {item.passage.id: item for item in task.evidence}
        proposed = name_proposed(draft, task.question, given, self.glossary)
        return note_differences(proposed, task.question, task.ranked, self.glossary)

    async def repair(self, task: Task, draft: Draft, judged: Judged) -> Draft:
        """The draft with its failed claims corrected by whoever wrote them, as far as that can be done."""
        return await self.composer.repair(
            task,
            draft,
            [(claim, verdict) for claim, verdict in judged if verdict.support is not SupportLabel.SUPPORTED],
        )

    def quote(self, task: Task) -> Draft:
        """The documents' own statements, without asking a language model."""
        draft = self.composer.quote(task)
        return note_differences(draft, task.question, task.ranked, self.glossary) if task.share >= 1 else draft

    def judge(self, claim: DraftClaim, given: Given, reading: Reading = ANYBODY) -> Verdict:
        """One claim through the gate, whoever wrote it; what its reader may not be told doesn't pass either."""
        verdict = judge_claim(claim, given, self.glossary)
        if verdict.support is not SupportLabel.SUPPORTED:
            return verdict
        documents = [given[quotation.passage].document for quotation in claim.quotations]
        objection = reading.objection(claim.text, documents, self.glossary)
        return unknown(objection) if objection else verdict

    def verify(
        self,
        draft: Draft,
        given: Given,
        known: Mapping[Key, Verdict] | None = None,
        reading: Reading = ANYBODY,
    ) -> Judged:
        """Every claim with its verdict; `known` are those that were judged while they were written."""
        verdicts = known or {}
        return tuple(
            (claim, verdicts.get(identify(claim)) or self.judge(claim, given, reading)) for claim in draft.claims
        )

    async def ask_judges(self, judged: Judged, given: Given, user: str) -> Judged:
        """What passed the gate, past every judge: each can only lower a verdict."""
        return await lower(judged, given, self.judges, user) if self.judges else judged

    def conclude(
        self,
        question: Question,
        evidence: Sequence[RetrievedPassage],
        assessment: Assessment,
        draft: Draft | None,
        judged: Judged,
        *,
        withheld: int = 0,
    ) -> Answer | Abstention:
        """The answer with its footnotes and notices, or the abstention with its reason."""
        notices = list(question.notices)
        if draft is not None and draft.fault is not None:
            notices.append(
                self.wording.say("notice.model_failed", reason=self.wording.say(f"fault.{draft.fault.value}"))
            )
        if draft is None or not draft.claims:
            failed = draft is not None and draft.unchecked
            off_topic = assessment.sufficiency is Sufficiency.OUT_OF_SCOPE
            of_a_child = question.audience is Audience.FAMILY and asks_of_a_child(question.text)
            why = replace(assessment, sufficiency=Sufficiency.INSUFFICIENT) if off_topic and of_a_child else assessment
            reason = self.wording.say("abstention.unverified") if failed else self._why_not(why, evidence)
            if question.audience is Audience.FAMILY and why.sufficiency is not Sufficiency.OUT_OF_SCOPE:
                reason = send_to_team(reason, self.wording, unsuited=draft is not None and assessment.is_enough)
            elif question.preface:
                reason = self.wording.say("abstention.nothing_more")
            reason = " ".join(part for part in (question.preface, reason) if part)
            near = () if off_topic else evidence
            return conclude_abstention(reason, near, notices, self.wording, question.audience, withheld=withheld)
        if draft.unchecked:
            notices.append(self.wording.say("notice.model_unchecked"))
        by_id: Mapping[str, RetrievedPassage] = {item.passage.id: item for item in evidence}
        outcome = conclude_answer(
            judged,
            by_id,
            self._with_gaps(assessment, draft, judged, question),
            notices=notices,
            wording=self.wording,
            audience=question.audience,
            today=self.today(),
            withheld=withheld,
            disagreements=draft.disagreements,
        )
        return self._completed(outcome, question, evidence) if isinstance(outcome, Answer) else outcome

    def _completed(self, answer: Answer, question: Question, evidence: Sequence[RetrievedPassage]) -> Answer:
        """The answer with what its reader needs beside the claims."""
        if question.audience is Audience.FAMILY:
            said = [claim.text for claim in answer.claims]
            hard = explain_words(said, self.wording.say("topic"), self.glossary, self.retriever.is_common)
            return replace(answer, preface=question.preface, explained=hard)
        answer = replace(answer, preface=question.preface)
        if question.audience is Audience.OTHER:
            return answer
        told = tell_unstated(answer, asked_dose_of(question.text, self.glossary), evidence, self.glossary, self.wording)
        before = len(question.notices)
        return replace(answer, notices=(*answer.notices[:before], *told, *answer.notices[before:]))

    def _with_gaps(self, assessment: Assessment, draft: Draft, judged: Judged, question: Question) -> Assessment:
        """What a model found nothing about is told where these are the question's own words and no claim says them."""
        asked = {*content(question.text, self.glossary), *every_word(question.text)}
        own_words = {*words(question.text), *JOINING}
        said = {
            stem
            for claim, verdict in judged
            if verdict.support is SupportLabel.SUPPORTED
            for stem in content(claim.text, self.glossary)
        }
        gaps = [
            gap
            for gap in draft.not_covered
            if (own := set(content(gap, self.glossary)))
            and own <= asked
            and not own <= said
            # Words without content count, too: “not” and “should” say a lot.
            and all(word in own_words or set(every_word(word)) & asked for word in words(gap))
        ]
        known = {name.lower() for name in assessment.missing}
        return replace(assessment, missing=(*assessment.missing, *(gap for gap in gaps if gap.lower() not in known)))

    def _is_unheard_of(self, name: str) -> bool:
        """Does the library know a thing by none of its names?"""
        names = {each for term in self.glossary.terms_in(name) for each in term.all_names} or {name}
        return all(any(self.retriever.is_foreign(word) for word in words(each)) for each in names)

    def _why_not(self, assessment: Assessment, evidence: Sequence[RetrievedPassage]) -> str:
        if not evidence:
            return self.wording.say("abstention.nothing")
        if assessment.sufficiency is Sufficiency.OUT_OF_SCOPE:
            return self.wording.say("abstention.off_topic", topic=self.wording.say("topic"))
        if assessment.no_dose:
            return self.wording.say("abstention.no_dose", drug=_list(assessment.no_dose))
        if not assessment.missing:
            return self.wording.say("abstention.nothing")
        if nowhere := [name for name in assessment.missing if self._is_unheard_of(name)]:
            return self.wording.say("abstention.missing", missing=_list(nowhere))
        return self.wording.say("abstention.unanswered", missing=_list(assessment.missing))


def identify(claim: DraftClaim) -> Key:
    """A claim whatever its role, which may still change."""
    return claim.text, claim.quotations


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
