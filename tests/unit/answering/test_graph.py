"""The whole chain: what passes is said, what doesn't is withheld and counted, and not knowing is an answer too."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import pytest

from bot.answering import graph
from bot.answering.compose import ExtractiveComposer
from bot.answering.composing import Composer, HandOver, Task
from bot.answering.graph import Answered, build_chain
from bot.answering.steps import Question, Steps
from bot.domain.answers import Abstention, Answer, ClaimRole, Draft, DraftClaim, Quotation, Verdict
from bot.domain.documents import Conflict, CuratedDocument, RetrievedPassage, SearchQuery
from bot.domain.errors import ModelFault
from bot.places import shipped
from bot.prompts import load_wording
from tests.fakes import GLOSSARY, FakeRetriever, document, passage

WORDING = load_wording(shipped("prompts"))
PAGE = document(
    passage(
        "Rituximab was effective for calcinosis in four children.",
        "Rituximab for calcinosis was given at 375 mg/m² weekly.",
    )
)
ASKED = "Is rituximab effective for calcinosis?"


@dataclass(frozen=True)
class WithAddedClaims:
    """A composer that adds claims to what the documents say, or says them alone."""

    added: tuple[DraftClaim, ...]
    alone: bool = False

    judges_evidence: ClassVar[bool] = False

    async def compose(self, task: Task, hand_over: HandOver) -> Draft:
        honest = ExtractiveComposer(GLOSSARY).quote(task)
        return replace(honest, claims=self.added if self.alone else (*honest.claims, *self.added), model="imaginative")

    async def try_out(self) -> ModelFault | None:
        return None

    async def repair(self, task: Task, draft: Draft, failed: Sequence[tuple[DraftClaim, Verdict]]) -> Draft:
        return draft

    def quote(self, task: Task) -> Draft:
        return Draft(claims=())


def claim(text: str, quote: str, passage_id: str = "a.md#0") -> DraftClaim:
    spans = PAGE.passages[0].sentences[0].spans
    return DraftClaim(
        text=text, role=ClaimRole.FINDING, quotations=(Quotation(passage=passage_id, quote=quote, spans=spans),)
    )


INVENTED = claim("Rituximab was effective for calcinosis.", "Rituximab cures calcinosis in every child")
FALSIFIED = claim("Rituximab was given at 735 mg/m² weekly.", PAGE.passages[0].sentences[1].quote)
UNFOUND = claim("Rituximab was effective for calcinosis.", PAGE.passages[0].sentences[0].quote, "nowhere.md#9")


async def answer(text: str, *documents: CuratedDocument, composer: Composer | None = None) -> Answered:
    steps = Steps(FakeRetriever(*documents), composer or ExtractiveComposer(GLOSSARY), GLOSSARY, WORDING)
    return await build_chain(steps)(Question(text=text, notices=("Mind this.",)))


async def test_a_question_is_answered_with_quotations_of_the_document() -> None:
    answered = await answer(ASKED, PAGE)
    assert isinstance(answered.outcome, Answer)
    assert answered.outcome.claims[0].text == PAGE.passages[0].sentences[0].text
    assert answered.outcome.notices[0] == "Mind this."
    assert answered.model == "extractive"
    assert list(answered.timings_ms) == ["retrieve", "assess", "compose", "verify", "conclude"]


@pytest.mark.parametrize("bad", [INVENTED, FALSIFIED, UNFOUND], ids=["quotation", "number", "passage"])
async def test_a_claim_that_fails_is_withheld_and_counted_and_the_rest_is_said(bad: DraftClaim) -> None:
    answered = await answer(ASKED, PAGE, composer=WithAddedClaims((bad,)))
    assert isinstance(answered.outcome, Answer)
    assert answered.outcome.withheld == 1
    assert bad.text not in [one.text for one in answered.outcome.claims]
    assert WORDING.say("notice.withheld_one") in answered.outcome.notices
    assert answered.model == "imaginative"


async def test_when_every_claim_fails_the_reply_says_so_and_nothing_else() -> None:
    answered = await answer(ASKED, PAGE, composer=WithAddedClaims((INVENTED, FALSIFIED), alone=True))
    assert isinstance(answered.outcome, Abstention)
    assert answered.outcome.text == WORDING.say("abstention.unverified")
    assert answered.outcome.withheld == 2


async def test_only_what_takes_the_processor_goes_to_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, sent = asyncio.get_running_loop(), list[str]()
    to_thread = loop.run_in_executor

    def counted(executor: None, call: Callable[..., object], *given: object) -> object:
        sent.append(str(getattr(call, "args", [call])[0]))
        return to_thread(executor, call, *given)

    monkeypatch.setattr(loop, "run_in_executor", counted)

    assert isinstance((await answer(ASKED, PAGE)).outcome, Answer)

    # LangGraph sends whatever isn't a coroutine there, too, be it one comparison.
    assert ["retrieve" in sent[0], "assess" in sent[1]] == [True, True]
    assert len(sent) == 2


async def test_a_step_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    free = threading.Event()

    class Hanging(FakeRetriever):
        def retrieve(self, queries: Sequence[SearchQuery], top_k: int) -> tuple[RetrievedPassage, ...]:
            free.wait()
            return super().retrieve(queries, top_k)

    monkeypatch.setattr(graph, "COMPUTING_S", 0.01)
    try:
        with pytest.raises(TimeoutError):
            await build_chain(Steps(Hanging(PAGE), ExtractiveComposer(GLOSSARY), GLOSSARY, WORDING))(
                Question(text=ASKED)
            )
    finally:
        free.set()


SECOND = document(
    passage("Rituximab for calcinosis was given as 1000 mg twice.", document="b.md"), path="b.md", title="Second"
)


async def test_sources_that_differ_are_shown_side_by_side_and_told_in_a_notice() -> None:
    answered = await answer("What is the dose of rituximab for calcinosis?", PAGE, SECOND)
    assert isinstance(answered.outcome, Answer)
    (disagreement,) = answered.outcome.disagreements
    assert disagreement.topic == "dose of rituximab"
    assert [side.who for side in disagreement.sides] == [f"“{PAGE.title}”", "“Second”"]
    assert WORDING.say("notice.differ", topic="dose of rituximab") in answered.outcome.notices


async def test_the_other_document_of_a_curated_conflict_is_fetched_where_the_search_did_not_find_it() -> None:
    conflict = Conflict(document="b", topic="response to rituximab", reason="They counted different things.")
    here = replace(PAGE, conflicts_with=(conflict,))
    there = document(
        passage("Nobody responded in that series of four.", document="b.md"), path="b.md", title="On MabThera"
    )

    class FindsOne(FakeRetriever):
        def retrieve(self, queries: Sequence[SearchQuery], top_k: int) -> tuple[RetrievedPassage, ...]:
            found = super().retrieve(queries, top_k)
            return tuple(item for item in found if item.document.path == "a.md")

    steps = Steps(FindsOne(here, there), ExtractiveComposer(GLOSSARY), GLOSSARY, WORDING)
    answered = await build_chain(steps)(Question(text=ASKED.replace(" for calcinosis", "")))
    assert isinstance(answered.outcome, Answer)
    (disagreement,) = answered.outcome.disagreements
    assert [side.who for side in disagreement.sides] == [f"“{PAGE.title}”", "“On MabThera”"]
    assert disagreement.reasons[0] == "They counted different things."


@pytest.mark.parametrize(
    ("question", "key", "values", "near"),
    [
        ("What is the price of a zebra?", "abstention.nothing", {}, False),
        ("What won in 2 or four mountains of Peru?", "abstention.off_topic", {"topic": WORDING.say("topic")}, False),
        ("Is adalimumab effective for calcinosis?", "abstention.unanswered", {"missing": "adalimumab"}, True),
        (
            "Are adalimumab and infliximab effective for calcinosis?",
            "abstention.unanswered",
            {"missing": "adalimumab or infliximab"},
            True,
        ),
        ("What does rituximab cost in calcinosis?", "abstention.nothing", {}, True),
    ],
)
async def test_not_knowing_names_its_reason(question: str, key: str, values: dict[str, str], *, near: bool) -> None:
    answered = await answer(question, PAGE)
    assert isinstance(answered.outcome, Abstention)
    assert answered.outcome.text == WORDING.say(key, **values)
    assert bool(answered.outcome.nearest) is near
    assert answered.model == "extractive"


async def test_only_of_what_the_library_never_names_it_is_said_that_nothing_is_about_it() -> None:
    class Knowing(FakeRetriever):
        def is_foreign(self, word: str) -> bool:
            return word in {"adalimumab", "humira"}

    steps = Steps(Knowing(PAGE), ExtractiveComposer(GLOSSARY), GLOSSARY, WORDING)
    for drug, key in (("adalimumab", "abstention.missing"), ("infliximab", "abstention.unanswered")):
        answered = await build_chain(steps)(Question(text=f"Is {drug} effective for calcinosis?"))
        assert isinstance(answered.outcome, Abstention)
        assert answered.outcome.text == WORDING.say(key, missing=drug)


async def test_a_dose_that_is_nowhere_stated_is_named() -> None:
    page = document(passage("The dose of rituximab depends on the child.", "Infliximab: 3 mg/kg"))
    answered = await answer("What is the dose of rituximab?", page)
    assert isinstance(answered.outcome, Abstention)
    assert answered.outcome.text == WORDING.say("abstention.no_dose", drug="rituximab")


async def test_all_queries_are_searched_and_the_text_alone_without_any() -> None:
    retriever = FakeRetriever(PAGE)
    chain = build_chain(Steps(retriever, ExtractiveComposer(GLOSSARY), GLOSSARY, WORDING))
    queries = (SearchQuery(text=ASKED), SearchQuery(text="rituximab", dense=0.5))
    await chain(Question(text=ASKED, queries=queries))
    await chain(Question(text=ASKED))
    assert retriever.asked == [queries, (SearchQuery(text=ASKED),)]


def test_a_term_weighs_as_much_as_the_rarest_word_of_its_most_common_name() -> None:
    class Rarities(FakeRetriever):
        def weight(self, word: str) -> float:
            return float(len(word))

    steps = Steps(Rarities(), ExtractiveComposer(GLOSSARY), GLOSSARY, WORDING)
    assert steps.weigh("§ivig") == len("IVIG")
    assert steps.weigh("§anti-mda5") == len("anti-MDA5")
    assert steps.weigh("skin") == 4
    assert steps.weigh("§unheard-of") == len("§unheard-of")
