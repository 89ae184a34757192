"""One message in, one reply out: the whole story of a turn on one screen."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.answering.audiences import asked_dose_of
from bot.answering.conclude import (
    conclude_abstention,
    conclude_clarification,
    conclude_direction,
    disclaimer,
    review_notices,
)
from bot.answering.identifiers import IdentifierFinder
from bot.answering.nodes import EXTRACTIVE
from bot.answering.steps import Question
from bot.answering.suggest import NEW_TRIES
from bot.answering.triage import FIXED, Triage, TriageLevel, TriageRules, triage, without_instructions
from bot.answering.triage.likeness import Likeness
from bot.conversation.answering import AnswerMaker, Asked, Made
from bot.conversation.approved import ApprovedAnswers
from bot.conversation.contextualize import Contextualized, contextualize
from bot.conversation.ports import Conversations, Library, Rewriter
from bot.conversation.qualifiers import read_qualifiers
from bot.conversation.reading_message import read_message, without_quote
from bot.conversation.recall import recall, retell
from bot.conversation.urgent import Urgent
from bot.conversation.without_evidence import AFRESH, cautions, red_flags, reply_without_evidence
from bot.domain.answers import Abstention, Answer, Clarification, DirectionKind, Outcome
from bot.domain.errors import StoreError
from bot.domain.glossary import Glossary
from bot.domain.helplines import Helplines
from bot.domain.messages import (
    Audience,
    History,
    IncomingMessage,
    ModelUse,
    Provenance,
    Reply,
)
from bot.domain.progress import Listener
from bot.domain.stages import ended
from bot.prompts import Wording

log = logging.getLogger(__name__)

ASKED_BEFORE = 10
REVIEWED = "reviewed answer"
WRITING = frozenset({"compose", "repair"})
"""The prompts of the model that writes."""
REMEMBERED = 200
"""Turns of a conversation that are looked at."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Meant:
    """How a message was understood and answered."""

    standalone: str
    outcome: Outcome | None = None
    made: Made | None = None
    prompts: Mapping[str, str] = field(default_factory=dict)
    model: str = "fixed wording"


@dataclass(frozen=True, kw_only=True)
class ConversationService:
    """Answers messages. Messages of one conversation must come one after the other (`Dispatcher`)."""

    make: AnswerMaker
    conversations: Conversations
    rules: TriageRules
    glossary: Glossary
    identifiers: IdentifierFinder
    wording: Wording
    library: Library
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    max_length: int = 4000
    policy: str = ""
    helplines: Helplines = field(default_factory=Helplines)
    likeness: Likeness | None = None
    rewriter: Rewriter | None = None
    approved: ApprovedAnswers | None = None
    models: Mapping[str, ModelUse] = field(default_factory=dict)

    async def respond(self, message: IncomingMessage, listener: Listener | None = None) -> Reply:
        """The reply to a message, recorded. Never raises for what a user may send. A listener hears of its making."""
        started = time.perf_counter()
        asked_at = self.now()
        message = replace(message, text=message.text.encode("utf-8", "replace").decode("utf-8"))
        if message.text.strip() == AFRESH:
            await self._start_afresh(message.conversation)
        history, notices = await self._recall(message.conversation)
        if message.delayed:
            notices.insert(0, self.wording.say("notice.delayed"))
        read = read_message(message.text, self.max_length, self.identifiers, self.wording)
        notices += read.notices
        sorted_ = await self._triage(message.text, read.text)
        timings = {"triage": ended("triage", started)}
        outcome = reply_without_evidence(
            read.text,
            sorted_,
            message.audience,
            notices,
            glossary=self.glossary,
            urgent=Urgent(
                wording=self.wording,
                helplines=self.helplines,
                text=message.text,
                language=message.language,
                audience=message.audience,
            ),
            policy=self.policy,
        )
        if outcome is None and self.library.is_empty:
            reason = self.wording.say(
                "abstention.none_admitted" if self.library.is_barred else "abstention.empty_library"
            )
            outcome = conclude_abstention(reason, (), notices, self.wording, message.audience)
        outcome = outcome or await self._recalled(read.text, history, message.audience, notices)
        meant = _Meant(standalone=read.text)
        if outcome is None:
            try:
                meant = await self._answer(
                    replace(message, text=read.text), sorted_, history, listener, notices=notices, timings=timings
                )
                outcome = meant.outcome
            except Exception as error:  # noqa: BLE001 - whatever breaks here, its asker gets a sentence and the next one an answer
                log.error("a question failed: %s", type(error).__name__)  # noqa: TRY400 - a traceback may hold its words
            outcome = outcome or self._failed(message.audience, notices)
        timings["total"] = (time.perf_counter() - started) * 1000
        reply = Reply(
            conversation=message.conversation,
            turn=history.next_turn,
            question=read.text if read.redacted else message.text[: self.max_length],
            standalone_question=meant.standalone,
            outcome=outcome,
            provenance=self._provenance(meant, message.answer_id),
            timings_ms=timings,
        )
        return await self._record(reply, asked_at, message.user)

    async def is_urgent(self, text: str) -> bool:
        """Does a message tell of an emergency or a crisis? Nothing is recorded, and no question answered."""
        read = read_message(text, self.max_length, self.identifiers, self.wording)
        return bool((await self._triage(text, read.text)).levels & FIXED)

    async def _triage(self, text: str, clean: str) -> Triage:
        """What the rules say of a message, and the second reader of what is left without identifiers."""
        judged = triage(text, self.rules)
        if self.likeness is None:
            return judged
        try:
            return await asyncio.to_thread(self.likeness.beside, judged, clean, self.rules)
        except Exception as error:  # noqa: BLE001 - whatever breaks here, the rules have spoken
            log.error("the second reader of red flags failed: %s", type(error).__name__)  # noqa: TRY400 - as below
            return judged

    async def _answer(
        self,
        message: IncomingMessage,
        sorted_: Triage,
        history: History,
        listener: Listener | None,
        *,
        notices: list[str],
        timings: dict[str, float],
    ) -> "_Meant":
        """Understand the message in its conversation and answer it from the library, or ask back."""
        began = time.perf_counter()
        text, audience = message.text, message.audience
        if sorted_.is_(TriageLevel.INJECTION):
            text = without_instructions(text, self.rules) or text
        text = self.library.respell(without_quote(text, self.glossary))
        context, prompts = await self._contextualize(text, history, message.spender)
        timings["contextualize"] = ended("contextualize", began)
        flags = red_flags(sorted_, audience)
        told = [*notices, *cautions(sorted_, self.wording)]
        if context.choices:
            clarified = self._ask_back(context, audience, [*([flags] if flags else []), *told])
            return _Meant(standalone=context.standalone, outcome=clarified, prompts=prompts)
        told += self._patient(context, text)
        if self.approved and not context.qualifiers and not message.detail:
            served = await self.approved.serve(context.standalone, audience, told)
            if served is not None:
                served = replace(served, preface=" ".join(part for part in (flags, served.preface) if part))
                return _Meant(standalone=context.standalone, outcome=served, prompts=prompts, model=REVIEWED)
        question = Question(
            text=context.standalone,
            queries=context.queries,
            audience=audience,
            notices=tuple(told),
            patient=tuple(context.qualifiers),
            user=message.spender,
            detail=message.detail,
            preface=flags,
        )
        before = (context.standalone, *(turn.standalone_question for turn in history.turns[-ASKED_BEFORE:]))
        asked = Asked(question=question, before=before, tries=0 if message.hurried else NEW_TRIES)
        made = await self.make(asked, listener)
        timings |= made.timings_ms
        return _Meant(
            standalone=context.standalone,
            outcome=self._suggested(made.outcome, audience),
            made=made,
            prompts={**prompts, **made.prompts},
        )

    def _failed(self, audience: Audience, notices: Sequence[str]) -> Outcome:
        text = self.wording.say("telegram.failed")
        return conclude_direction(DirectionKind.REFUSAL, text, self.wording, audience, notices)

    async def _start_afresh(self, conversation: str) -> None:
        try:
            await self.conversations.start_afresh(conversation)
        except StoreError as error:
            log.warning("history not cleared: %s", error)

    async def _recall(self, conversation: str) -> tuple[History, list[str]]:
        try:
            return await self.conversations.history(conversation, REMEMBERED), []
        except StoreError as error:
            log.warning("history not available: %s", error)
            return History(), [self.wording.say("notice.no_record")]

    async def _contextualize(self, text: str, history: History, user: str) -> tuple[Contextualized, Mapping[str, str]]:
        """What the message means, and the prompts that had a part in it."""
        embedded = await asyncio.to_thread(
            contextualize,
            text,
            history,
            glossary=self.glossary,
            embed=self.library.embed,
            weight=self.library.weight,
            knows=self.library.knows,
            starters=self.library.starters(),
        )
        better = await self.rewriter.rewrite(text, history, embedded, user) if self.rewriter else None
        return (better, self.rewriter.prompts) if better and self.rewriter else (embedded, {})

    def _suggested(self, outcome: Answer | Abstention, audience: Audience) -> Outcome:
        """The outcome without suggestions that its reader wouldn't get an answer to."""
        if not isinstance(outcome, Answer) or audience is not Audience.FAMILY:
            return outcome
        offered = (one for one in outcome.suggested_questions if not asked_dose_of(one, self.glossary))
        return replace(outcome, suggested_questions=tuple(offered))

    def _ask_back(self, context: Contextualized, audience: Audience, notices: Sequence[str]) -> Clarification:
        text = self.wording.say("clarification.text")
        return conclude_clarification(text, context.choices, self.wording, audience, notices)

    def _patient(self, context: Contextualized, text: str) -> list[str]:
        """What earlier messages said of the patient and is still assumed."""
        here = read_qualifiers([text], self.glossary)
        told = [qualifier for qualifier in context.qualifiers if qualifier not in here]
        return [self.wording.say("notice.patient", patient=", ".join(told))] if told else []

    async def _recalled(
        self, text: str, history: History, audience: Audience, notices: list[str]
    ) -> Answer | Abstention | None:
        """The last answer's quotations again, where they are asked for."""
        asked = recall(text, history)
        if asked is None:
            return None
        present = {citation.passage: self.library.holds(citation.document, citation.passage) for citation in asked}
        claims, citations = retell(asked, present)
        gone = dict.fromkeys(citation.title for citation in asked if not present[citation.passage])
        told = [*notices, *(self.wording.say("notice.changed", title=title) for title in gone)]
        if self.approved:
            last = next(turn for turn in reversed(history.turns) if isinstance(turn.outcome, Answer))
            told += await self.approved.told(last)
        if not claims:
            reason = self.wording.say("abstention.no_such_source")
            return conclude_abstention(reason, (), told, self.wording, audience)
        return Answer(
            claims=claims,
            citations=citations,
            notices=(*told, *review_notices(citations, self.wording, self.now().date())),
            disclaimer=disclaimer(self.wording, audience),
        )

    def _provenance(self, meant: _Meant, answer_id: str) -> Provenance:
        made = meant.made
        told = {name: self.models[name] for name in meant.prompts if name in self.models}
        return Provenance(
            answer_id=answer_id or self.new_id(),
            model=made.model if made else meant.model,
            prompts={**self.wording.digests, **meant.prompts},
            knowledge=self.library.fingerprint,
            retrieved=made.retrieved if made else (),
            models={name: self._used(name, use, made) for name, use in told.items()},
            checked=made.checked if made else (),
        )

    def _used(self, name: str, use: ModelUse, made: Made | None) -> ModelUse:
        """Who was told a prompt: of the writers the one that wrote, where the first one couldn't."""
        writes = name in WRITING and made is not None and made.model != EXTRACTIVE
        return replace(use, model=made.model) if writes and made else use

    async def _record(self, reply: Reply, asked_at: datetime, user: str) -> Reply:
        try:
            await self.conversations.add_turn(reply, asked_at=asked_at, user=user)
        except StoreError as error:
            log.warning("turn not recorded: %s", error)
            outcome = replace(reply.outcome, notices=(*reply.outcome.notices, self.wording.say("notice.no_record")))
            return replace(reply, outcome=outcome)
        return reply
