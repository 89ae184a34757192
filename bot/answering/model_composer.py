"""A language model writes the draft, from verbatim passages, within limits; when it can't, the documents are quoted.

A provider that is down, slow, refusing or talking nonsense costs nobody an answer: a call is repeated where that may
help, then the fallback model is asked, then the extractive composer answers, and the draft says why.
"""

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import ClassVar

from bot.answering.allowance import Allowance, is_unpaid
from bot.answering.compose import ExtractiveComposer
from bot.answering.composing import HandOver, Task, in_order
from bot.answering.language_model import LanguageModel, count_tokens
from bot.answering.proposals import MOST_GAPS, Line, LineReader, NoAnswer, NotCovered, OnlyThought, Proposal
from bot.answering.sources import Sources, without_marks
from bot.domain.answers import ClaimRole, Draft, DraftClaim, Verdict
from bot.domain.errors import ModelError, ModelFault
from bot.prompts import Prompt, Wording

log = logging.getLogger(__name__)

MOST_CLAIMS = 10
"""Claims of one draft that are read. A model that goes on and on is stopped there."""
ATTEMPTS = 2
AGAIN = frozenset(
    {
        ModelFault.RATE_LIMITED,
        ModelFault.SERVER,
        ModelFault.UNREACHABLE,
        ModelFault.CUT,
        ModelFault.EMPTY,
        ModelFault.MALFORMED,
        ModelFault.TOO_LONG,
        ModelFault.OTHER,
    }
)
"""Faults after which the same model is asked once more. A time-out isn't one: its reader has waited already."""
BRIEFLY_S, LONGEST_WAIT_S = 0.5, 5.0
"""Seconds before a second attempt, and the most that a provider may ask us to wait."""
ANSWER_TOKENS = 700
"""About what an answer costs beside its prompt, for asking whether it's still within the limits."""
FEWER, MOST_THEN = 2, 12
"""A prompt that is too long is tried again with the passages divided by this, and at most so many."""


@dataclass(frozen=True, kw_only=True)
class LanguageModelComposer:
    """Asks the models in order; `last` answers when none could. `answer_words`: about how long an answer is,
    `time_limit`: the seconds after which no model is waited for any more.
    """

    models: Sequence[LanguageModel]
    compose_prompt: Prompt
    repair_prompt: Prompt
    last: ExtractiveComposer
    wording: Wording
    allowance: Allowance | None = None
    answer_words: int = 170
    time_limit: float = 80.0
    repair_limit: float = 30.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    judges_evidence: ClassVar[bool] = True

    async def compose(self, task: Task, hand_over: HandOver) -> Draft:
        """The draft of the first model that gives one, or of the extractive composer with the reason."""
        sources = Sources(task.question.text, task.evidence)
        fault = ModelFault.OTHER
        try:
            async with asyncio.timeout(self.time_limit):
                for model in self.models:
                    try:
                        return await self._persist(model, task, sources, hand_over)
                    except ModelError as error:
                        fault = error.fault
                        log.warning("%s gave no answer: %s", model.name, fault.value)
                        if fault is ModelFault.SPENT:
                            break
        except TimeoutError:
            fault = ModelFault.TIMEOUT
            log.warning("no model answered within %g seconds", self.time_limit)
            hand_over(None)
        return replace(await self.last.compose(task, hand_over), fault=fault)

    def quote(self, task: Task) -> Draft:
        """What the extractive composer says."""
        return self.last.quote(task)

    async def try_out(self) -> ModelFault | None:
        """Ask the first model for a word."""
        try:
            async with aclosing(self.models[0].stream("Answer with one word.", "Are you there?")) as pieces:
                async for _ in pieces:
                    pass
        except ModelError as error:
            return error.fault
        return None

    async def repair(self, task: Task, draft: Draft, failed: Sequence[tuple[DraftClaim, Verdict]]) -> Draft:
        """Ask the draft's own model once to correct what failed. What it leaves out stays, and fails again."""
        model = next((model for model in self.models if model.name == draft.model), None)
        if model is None:
            return draft
        sources = Sources(task.question.text, task.evidence)
        again = (sources.show_again(claim, " ".join(verdict.reasons)) for claim, verdict in failed)
        failures = "\n".join(json.dumps(record, ensure_ascii=False) for record in again)
        told = self.repair_prompt.render(**self._about(task, sources), failed=failures)
        try:
            async with asyncio.timeout(self.repair_limit):
                written = await self._ask(model, task, sources, told, _ignore)
        except (ModelError, TimeoutError) as error:
            fault = error.fault if isinstance(error, ModelError) else ModelFault.TIMEOUT
            log.warning("%s corrected nothing: %s", model.name, fault.value)
            return draft
        claims = _corrected(draft.claims, [claim for claim, _ in failed], written.claims)
        prompts = {**draft.prompts, self.repair_prompt.id: self.repair_prompt.digest}
        return replace(draft, claims=in_order(claims), prompts=prompts)

    async def _persist(self, model: LanguageModel, task: Task, sources: Sources, hand_over: HandOver) -> Draft:
        """What this model writes, asked again where that may help. Raises ModelError."""
        for attempt in range(1, ATTEMPTS + 1):
            values = self._about(task, sources)
            patient = without_marks(" ".join(", ".join(task.patient).split())) or "nothing"
            told = self.compose_prompt.render(
                **values, patient=patient, words=str(round(self.answer_words * task.share))
            )
            try:
                return await self._ask(model, task, sources, told, hand_over)
            except ModelError as error:
                hand_over(None)
                if attempt == ATTEMPTS or error.fault not in AGAIN:
                    raise
                if error.fault is ModelFault.TOO_LONG:
                    sources = sources.first(max(1, min(MOST_THEN, len(sources.evidence) // FEWER)))
                else:
                    await self._wait(error)
                log.info("asking %s again: %s", model.name, error.fault.value)
        raise AssertionError("unreachable")

    async def _wait(self, error: ModelError) -> None:
        if error.fault in {ModelFault.EMPTY, ModelFault.MALFORMED}:
            return
        pause = BRIEFLY_S if error.retry_after is None else error.retry_after
        if pause > LONGEST_WAIT_S:
            raise error
        await self.sleep(pause)

    async def _ask(
        self, model: LanguageModel, task: Task, sources: Sources, told: tuple[str, str], hand_over: HandOver
    ) -> Draft:
        """One call, read while it is written. Raises ModelError."""
        if self.allowance and not await self.allowance.permits(task.user, count_tokens(*told) + ANSWER_TOKENS):
            raise ModelError(ModelFault.SPENT)
        reader, draft = LineReader(), _Draft(sources, hand_over)
        written, counted, ended, unpaid = 0, 0, False, False
        try:
            async with aclosing(model.stream(*told)) as pieces:
                async for piece in pieces:
                    written += len(piece.text)
                    counted, ended = counted + piece.tokens, ended or piece.ended
                    for line in reader.feed(piece.text):
                        draft.add(line)
                    if len(draft.claims) >= MOST_CLAIMS:
                        ended = True
                        break
        except ModelError as error:
            unpaid = is_unpaid(error.fault, written)
            raise
        finally:
            if self.allowance and not unpaid:
                await self.allowance.record(task.user, counted or count_tokens(*told, " " * written))
        if reader.is_inside and not ended:
            raise ModelError(ModelFault.CUT)
        found_nothing = draft.no_answer or (draft.not_covered and not reader.broken)
        if not draft.claims and not found_nothing:
            raise ModelError(ModelFault.MALFORMED)
        return Draft(
            claims=in_order(_with_one_bottom_line(draft.claims)),
            model=model.name,
            not_covered=tuple(dict.fromkeys(draft.not_covered))[:MOST_GAPS],
            no_answer=not draft.claims,
            prompts={self.compose_prompt.id: self.compose_prompt.digest},
        )

    def _about(self, task: Task, sources: Sources) -> Mapping[str, str]:
        return {
            "topic": self.wording.english.say("topic"),
            "reader": self.wording.english.say(f"reader.{task.audience.value}"),
            "question": without_marks(" ".join(task.question.text.split())),
            "passages": sources.text,
            "ids": sources.ids,
        }


class _Draft:
    """Claims as they come in; one that was said already doesn't count."""

    def __init__(self, sources: Sources, hand_over: HandOver) -> None:
        self.claims: list[DraftClaim] = []
        self.not_covered: list[str] = []
        self.no_answer = False
        self._sources = sources
        self._hand_over = hand_over
        self._said: set[str] = set()

    def add(self, line: Line) -> None:
        match line:
            case OnlyThought():
                if self.claims:
                    self._hand_over(None)
                self.claims.clear()
                self.not_covered.clear()
                self._said.clear()
                self.no_answer = False
            case NoAnswer():
                self.no_answer = True
            case NotCovered():
                self.not_covered += line.not_covered
            case Proposal():
                key = _spoken(line.text)
                if key in self._said or len(self.claims) >= MOST_CLAIMS:
                    return
                self._said.add(key)
                claim = self._sources.locate(line)
                self.claims.append(claim)
                self._hand_over(claim)


def _ignore(_: DraftClaim | None) -> None:
    """A corrected claim is handed over once it is known what it replaces."""


def _with_one_bottom_line(claims: Sequence[DraftClaim]) -> tuple[DraftClaim, ...]:
    """The first claim that calls itself so, or else the first, is the bottom line; no other is."""
    leads = next((i for i, claim in enumerate(claims) if claim.role is ClaimRole.BOTTOM_LINE), 0)
    roles = (
        ClaimRole.BOTTOM_LINE if i == leads else ClaimRole.FINDING if c.role is ClaimRole.BOTTOM_LINE else c.role
        for i, c in enumerate(claims)
    )
    return tuple(replace(claim, role=role) for claim, role in zip(claims, roles, strict=True))


def _corrected(
    claims: Sequence[DraftClaim], failed: Sequence[DraftClaim], written: Sequence[DraftClaim]
) -> list[DraftClaim]:
    """The claims with each correction in the place of the failed one that it is most like; that one's role stays.

    What wasn't corrected stays as it was. A correction that says what another claim says already is none.
    """
    said = {_spoken(claim.text) for claim in claims if claim not in failed}
    new = [claim for claim in written if _spoken(claim.text) not in said]
    places = [place for place, claim in enumerate(claims) if claim in failed]
    pairs = [(place, number) for place in places for number in range(len(new))]
    pairs.sort(key=lambda pair: _likeness(claims[pair[0]].text, new[pair[1]].text), reverse=True)
    chosen: dict[int, int] = {}
    for place, number in pairs:
        if place not in chosen and number not in chosen.values():
            chosen[place] = number
    return [
        replace(new[chosen[place]], role=claim.role) if place in chosen else claim for place, claim in enumerate(claims)
    ]


def _spoken(text: str) -> str:
    """A claim's words, by which a repetition is told."""
    return re.sub(r"\W+", " ", text.lower()).strip()


def _likeness(text: str, other: str) -> float:
    mine, theirs = (set(re.findall(r"\w+", one.lower())) for one in (text, other))
    return len(mine & theirs) / (len(mine | theirs) or 1)
