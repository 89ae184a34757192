"""Replies of every kind: one small honest example, and Hypothesis strategies for arbitrary ones."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from bot.domain.answers import (
    Abstention,
    Answer,
    Citation,
    Claim,
    ClaimRole,
    Clarification,
    Direction,
    DirectionKind,
    Disagreement,
    Side,
    SupportLabel,
)
from bot.domain.documents import ReviewStatus
from bot.domain.messages import CheckedClaim, ModelUse, Provenance, Reply, RetrievedNote

DISCLAIMER = "Information from the cited documents; the treating team decides."


def a_citation(number: int = 1, quote: str = "Rituximab was given at 750 mg/m2.") -> Citation:
    return Citation(
        number=number,
        document="jdm/rim.md",
        title="Rituximab in myositis",
        quote=quote,
        start=10,
        end=10 + len(quote),
        locator="Treatment > Dosing",
        evidence="trial, n=200",
        year=2013,
        review_status=ReviewStatus.SUBMITTED,
        passage="p1",
    )


def a_claim(text: str = "Rituximab was given at 750 mg/m2.", role: ClaimRole = ClaimRole.BOTTOM_LINE) -> Claim:
    return Claim(text=text, role=role, support=SupportLabel.SUPPORTED, citations=(1,))


def an_answer(**changes: Any) -> Answer:
    answer = Answer(
        claims=(a_claim(),), citations=(a_citation(),), notices=("Not reviewed yet.",), disclaimer=DISCLAIMER
    )
    return replace(answer, **changes)


def a_reply(conversation: str = "c1", turn: int = 1, **changes: Any) -> Reply:
    reply = Reply(
        conversation=conversation,
        turn=turn,
        question="How much rituximab?",
        standalone_question="How much rituximab?",
        outcome=an_answer(),
        provenance=Provenance(
            answer_id=f"{conversation}-{turn}",
            model="extractive",
            prompts={"wording": "sha256:00"},
            knowledge="sha256:11",
            retrieved=(RetrievedNote(document="jdm/rim.md", passage="p1", score=0.5),),
        ),
        timings_ms={"total": 12.5},
    )
    return replace(reply, **changes)


text = st.text(max_size=80)
said = st.text(min_size=1, max_size=80).filter(str.strip)
texts = st.lists(text, max_size=3).map(tuple)
score = st.floats(min_value=0, max_value=1)


@st.composite
def citations(draw: st.DrawFn, number: int) -> Citation:
    return Citation(
        number=number,
        document=draw(text),
        title=draw(text),
        quote=draw(text),
        start=draw(st.integers(0, 10**6)),
        end=draw(st.integers(0, 10**6)),
        locator=draw(text),
        evidence=draw(text),
        year=draw(st.none() | st.integers(1900, 2100)),
        review_status=draw(st.sampled_from(ReviewStatus)),
        passage=draw(text),
        review_by=draw(st.none() | st.dates()),
    )


@st.composite
def disagreements(draw: st.DrawFn, cited: tuple[Citation, ...]) -> Disagreement:
    """Sides that point at all of these citations."""
    sides = (
        Side(
            who=draw(said),
            evidence=draw(text),
            directness=draw(text),
            year=draw(st.none() | st.integers(1900, 2100)),
            citation=citation.number,
        )
        for citation in cited
    )
    return Disagreement(topic=draw(said), sides=tuple(sides), reasons=draw(texts))


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    numbers = range(1, draw(st.integers(1, 6)) + 1)
    claim = st.builds(
        Claim,
        text=said,
        role=st.sampled_from(ClaimRole),
        support=st.just(SupportLabel.SUPPORTED),
        citations=st.lists(st.sampled_from(numbers), min_size=1, max_size=3, unique=True).map(tuple),
    )
    cited = tuple(draw(citations(number)) for number in numbers)
    differ = len({citation.document for citation in cited}) > 1
    return Answer(
        claims=tuple(draw(st.lists(claim, min_size=1, max_size=12))),
        citations=cited,
        disagreements=tuple(draw(st.lists(disagreements(cited), max_size=2))) if differ else (),
        notices=draw(texts),
        disclaimer=draw(said),
        withheld=draw(st.integers(0, 5)),
        gaps=draw(texts),
        suggested_questions=draw(texts),
    )


abstentions = st.builds(
    Abstention,
    text=said,
    nearest=texts,
    notices=texts,
    disclaimer=said,
    withheld=st.integers(0, 5),
    suggested_questions=texts,
)
clarifications = st.builds(Clarification, text=said, choices=texts, notices=texts, disclaimer=said)
directions = st.builds(
    Direction,
    kind=st.sampled_from(DirectionKind),
    text=said,
    notices=texts,
    disclaimer=said,
    suggested_questions=texts,
)
notes = st.builds(RetrievedNote, document=text, passage=text, score=score)
mappings: st.SearchStrategy[Mapping[str, str]] = st.dictionaries(text, text, max_size=3)
uses = st.builds(ModelUse, model=text, temperature=score, max_tokens=st.none() | st.integers(1, 10**6))
checked = st.builds(CheckedClaim, text=text, support=st.sampled_from(SupportLabel), reasons=texts)
provenances = st.builds(
    Provenance,
    answer_id=said,
    model=text,
    prompts=mappings,
    knowledge=text,
    retrieved=st.lists(notes, max_size=3).map(tuple),
    models=st.dictionaries(text, uses, max_size=3),
    checked=st.lists(checked, max_size=3).map(tuple),
)
replies = st.builds(
    Reply,
    conversation=said,
    turn=st.integers(1, 10**6),
    question=text,
    standalone_question=text,
    outcome=answers() | abstentions | clarifications | directions,
    provenance=provenances,
    timings_ms=st.dictionaries(text, st.floats(min_value=0, max_value=1e9), max_size=4),
)
