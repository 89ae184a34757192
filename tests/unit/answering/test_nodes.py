"""The chain with a language model: repaired once, else quoted; told in order, only what passed, and never unjudged."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

import pytest

from bot.answering.compose import ExtractiveComposer
from bot.answering.graph import Answered, build_chain
from bot.answering.judging import Judge
from bot.answering.language_model import Piece
from bot.answering.meanwhile import IsOver
from bot.answering.nodes import Nodes
from bot.answering.rank import Ranked
from bot.answering.steps import Judged, Question, Steps
from bot.domain.answers import Abstention, Answer, ClaimRole, Draft
from bot.domain.documents import CuratedDocument, RetrievedPassage
from bot.domain.errors import ModelError, ModelFault
from bot.domain.progress import ClaimPassed, Event, Stage, StageReached, StartedAfresh
from tests.fake_language_model import Hangs, PlayedModel
from tests.fakes import GLOSSARY, FakeRetriever
from tests.unit.answering.model_answers import (
    ANSWER,
    ASKED,
    BOTTOM,
    COMPOSE,
    DOSE,
    EVIDENCE,
    GIVEN,
    HELPED,
    PAGES,
    RARE,
    REPAIR,
    RISK,
    WORDING,
    Composing,
    asking,
    line,
)

WRONG = line("Rituximab was effective for calcinosis in nine children.", role="bottom_line")
WRONG_DOSE = line("Rituximab for calcinosis was given at 735 mg/m² weekly.", quote=GIVEN, role="dose")
FAULT = ModelError(ModelFault.GONE)
NO_ANSWER = '{"no_answer": true}'


@dataclass
class Told:
    """A chain over these models, and what a listener heard."""

    models: Sequence[PlayedModel]
    judges: tuple[Judge, ...] = ()
    pages: tuple[CuratedDocument, ...] = PAGES
    events: list[Event] = field(default_factory=list)

    @property
    def steps(self) -> Steps:
        composer = Composing(self.models).composer
        return Steps(FakeRetriever(*self.pages), composer, GLOSSARY, WORDING, judges=self.judges)

    async def answer(self, text: str = ASKED) -> Answered:
        return await build_chain(self.steps)(Question(text=text, user="ada"), self.events.append)

    @property
    def claims(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, ClaimPassed)]

    @property
    def stages(self) -> list[Stage]:
        return [event.stage for event in self.events if isinstance(event, StageReached)]


def texts(answered: Answered) -> list[str]:
    assert isinstance(answered.outcome, Answer)
    return [claim.text for claim in answered.outcome.claims]


async def test_a_model_writes_the_answer_and_each_claim_is_told_when_it_has_passed() -> None:
    told = Told([PlayedModel(ANSWER)])
    answered = await told.answer()
    assert texts(answered) == [HELPED, GIVEN, RARE]
    assert told.events == [
        StageReached(stage=Stage.WRITING, passages=len(EVIDENCE)),
        ClaimPassed(text=HELPED, role=ClaimRole.BOTTOM_LINE),
        ClaimPassed(text=GIVEN, role=ClaimRole.DOSE),
        ClaimPassed(text=RARE, role=ClaimRole.SAFETY),
    ]
    assert (answered.model, answered.prompts) == ("first", {"compose": COMPOSE.digest})
    assert list(answered.timings_ms) == ["retrieve", "assess", "compose", "verify", "conclude"]


async def test_what_fails_is_repaired_once_and_never_told() -> None:
    model = PlayedModel(WRONG + WRONG_DOSE + RISK, BOTTOM + DOSE)
    told = Told([model])
    answered = await told.answer()
    assert texts(answered) == [HELPED, GIVEN, RARE]
    assert told.claims == [RARE]
    assert told.stages == [Stage.WRITING, Stage.REPAIRING]
    assert answered.prompts == {"compose": COMPOSE.digest, "repair": REPAIR.digest}
    assert len(model.asked) == 2
    assert isinstance(answered.outcome, Answer)
    assert answered.outcome.withheld == 0


async def test_what_fails_again_is_withheld_and_counted_and_nobody_is_asked_a_third_time() -> None:
    told = Told([PlayedModel(BOTTOM + WRONG_DOSE, WRONG_DOSE)])
    answered = await told.answer()
    assert texts(answered) == [HELPED]
    assert isinstance(answered.outcome, Answer)
    assert answered.outcome.withheld == 1
    assert WORDING.say("notice.withheld_one") in answered.outcome.notices
    assert WORDING.say("notice.model_unchecked") not in answered.outcome.notices


async def test_without_its_main_statement_the_documents_are_quoted_and_the_notice_says_so() -> None:
    told = Told([PlayedModel(WRONG + DOSE, WRONG)])
    answered = await told.answer()
    assert texts(answered)[0] == HELPED
    assert isinstance(answered.outcome, Answer)
    assert WORDING.say("notice.model_unchecked") in answered.outcome.notices
    assert answered.outcome.withheld == 1
    assert told.stages == [Stage.WRITING, Stage.REPAIRING, Stage.QUOTING]
    assert answered.model == "extractive"
    assert answered.prompts == {"compose": COMPOSE.digest, "repair": REPAIR.digest}


async def test_where_nothing_can_be_quoted_the_reply_abstains_and_counts_what_failed() -> None:
    question = "What does rituximab cost in calcinosis?"
    told = Told([PlayedModel(asking(question, WRONG + WRONG_DOSE), NO_ANSWER)])
    answered = await told.answer(question)
    assert isinstance(answered.outcome, Abstention)
    assert answered.outcome.text == WORDING.say("abstention.unverified")
    assert answered.outcome.withheld == 2
    assert told.claims == []


async def test_a_model_that_finds_no_answer_is_believed() -> None:
    model = PlayedModel(NO_ANSWER)
    told = Told([model])
    answered = await told.answer()
    assert isinstance(answered.outcome, Abstention)
    assert answered.outcome.text == WORDING.say("abstention.nothing")
    assert answered.outcome.withheld == 0
    assert (told.stages, answered.model, len(model.asked)) == ([Stage.WRITING], "first", 1)


async def test_a_provider_that_fails_leaves_an_answer_with_a_notice() -> None:
    told = Told([PlayedModel((BOTTOM, FAULT))])
    answered = await told.answer()
    assert texts(answered)[0] == HELPED
    assert isinstance(answered.outcome, Answer)
    assert answered.outcome.notices[0] == WORDING.say("notice.model_failed", reason=WORDING.say("fault.gone"))
    assert answered.model == "extractive"
    assert told.events[:3] == [
        StageReached(stage=Stage.WRITING, passages=len(EVIDENCE)),
        ClaimPassed(text=HELPED, role=ClaimRole.BOTTOM_LINE),
        StartedAfresh(),
    ]
    assert told.claims[1:] == texts(answered)
    assert told.stages == [Stage.WRITING]


async def test_the_next_model_starts_afresh_and_is_believed_as_the_first_would_be() -> None:
    told = Told([PlayedModel((RISK, FAULT)), PlayedModel(BOTTOM + WRONG_DOSE, DOSE, name="second")])
    answered = await told.answer()
    assert texts(answered) == [HELPED, GIVEN]
    assert answered.model == "second"
    assert told.claims == [RARE, HELPED]


class Doubting:
    """Objects to whatever speaks of a dose."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    prompts: ClassVar[Mapping[str, str]] = {}

    async def objects(self, claim: str, passages: Sequence[str], user: str) -> str | None:
        self.asked.append(claim)
        return "No such dose." if "mg" in claim else None


async def test_with_a_judge_nothing_is_told_before_it_has_spoken() -> None:
    judge = Doubting()
    told = Told([PlayedModel(ANSWER + WRONG_DOSE, DOSE)], judges=(judge,))
    answered = await told.answer()
    assert texts(answered) == [HELPED, RARE]
    assert told.claims == []
    assert isinstance(answered.outcome, Answer)
    assert answered.outcome.withheld == 2
    assert judge.asked[:3] == [HELPED, GIVEN, RARE]


async def test_a_listener_that_fails_ends_the_call_of_the_model() -> None:
    model = PlayedModel([BOTTOM, Hangs()])

    def listen(event: Event) -> None:
        if isinstance(event, ClaimPassed):
            raise OSError("The messenger is away.")

    with pytest.raises(OSError, match="messenger"):
        await build_chain(Told([model]).steps)(Question(text=ASKED), listen)
    assert model.closed == 1


async def test_a_claim_that_never_reached_the_gate_is_a_bug_and_says_nothing() -> None:
    class Smuggling(Steps):
        def verify(self, draft: Draft, *args: object, **kwargs: object) -> Judged:
            return super().verify(replace(draft, claims=draft.claims[:1]), *args, **kwargs)  # type: ignore[arg-type]

    honest = Told([PlayedModel(ANSWER)]).steps
    steps = Smuggling(honest.retriever, honest.composer, GLOSSARY, WORDING)
    with pytest.raises(AssertionError, match="never reached the gate"):
        await build_chain(steps)(Question(text=ASKED))


async def test_the_verdicts_of_a_draft_that_was_given_up_are_forgotten() -> None:
    nodes = Nodes(Told([PlayedModel((RISK + BOTTOM, FAULT)), PlayedModel(BOTTOM, name="second")]).steps)
    question = Question(text=ASKED)
    parsed, ranked, assessment = nodes.steps.assess(question, EVIDENCE)
    state = await nodes.compose(
        {"question": question, "evidence": EVIDENCE, "parsed": parsed, "ranked": ranked, "assessment": assessment},
        lambda event: None,
    )
    assert [text for text, _ in state["verdicts"]] == [HELPED]


@pytest.mark.parametrize(
    ("gap", "shown"),
    [
        ("price", True),
        ("the price of rituximab", True),
        ("Price", True),
        ("price of infliximab", False),
        ("you should not take rituximab", False),
        ("price, see evil.com", False),
        ("rituximab", False),  # a claim speaks of it
        ("of the", False),
        ("", False),
    ],
)
async def test_a_gap_is_told_only_in_the_questions_own_words(gap: str, shown: bool) -> None:
    question = "Is rituximab effective for calcinosis, and what is its price?"
    model = PlayedModel(asking(question, f'{BOTTOM}{{"not_covered": ["{gap}"]}}{{"not_covered": ["{gap}"]}}'))
    answered = await Told([model]).answer(question)
    assert isinstance(answered.outcome, Answer)
    told = [notice for notice in answered.outcome.gaps if notice == WORDING.say("notice.gap", missing=gap)]
    assert len(told) == int(shown)


async def test_while_a_model_writes_what_follows_is_prepared_and_a_quoting_answer_waits_for_nothing() -> None:
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()
    prepared: list[tuple[str, int]] = []

    def look_ahead(asked: str, ranked: Sequence[Ranked], evidence: Sequence[RetrievedPassage], is_over: IsOver) -> None:
        prepared.append((asked, len(evidence)))
        assert ranked
        assert not is_over()
        loop.call_soon_threadsafe(begun.set)

    class Writes(PlayedModel):
        async def stream(self, system: str, user: str) -> AsyncGenerator[Piece]:
            await begun.wait()
            async for piece in super().stream(system, user):
                yield piece

    answered = await build_chain(Told([Writes(ANSWER)]).steps, look_ahead)(Question(text=ASKED))
    assert texts(answered) == [HELPED, GIVEN, RARE]
    assert prepared == [(ASKED, len(EVIDENCE))]
    quoting = Steps(FakeRetriever(*PAGES), ExtractiveComposer(GLOSSARY), GLOSSARY, WORDING)
    await build_chain(quoting, look_ahead)(Question(text=ASKED))
    assert len(prepared) == 1
