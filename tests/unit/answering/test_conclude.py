"""Footnotes, notices and the disclaimer are attached at the end, the same way for every reply."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from bot.answering.assess import Assessment, Sufficiency
from bot.answering.conclude import (
    conclude_abstention,
    conclude_answer,
    conclude_clarification,
    conclude_direction,
    review_notices,
)
from bot.domain.answers import (
    Abstention,
    Answer,
    ClaimRole,
    Clarification,
    Direction,
    DirectionKind,
    DraftClaim,
    Quotation,
    SupportLabel,
    Verdict,
)
from bot.domain.documents import RetrievedPassage, ReviewStatus
from bot.domain.messages import Audience
from bot.places import shipped
from bot.prompts import load_wording
from tests.fakes import document, passage

WORDING = load_wording(shipped("prompts"))
CLINICIAN = Audience.CLINICIAN
ENOUGH = Assessment(sufficiency=Sufficiency.SUFFICIENT, confidence=0.9)
PASSED = Verdict(support=SupportLabel.SUPPORTED, reasons=("The passage says so.",))
FAILED = Verdict(support=SupportLabel.CONTRADICTED, reasons=("It says otherwise.",))
APPROVED, SUBMITTED, UNDER_REVIEW = ReviewStatus.APPROVED, ReviewStatus.SUBMITTED, ReviewStatus.UNDER_REVIEW
TODAY = date(2026, 6, 1)


def found(path: str, *texts: str, status: ReviewStatus = SUBMITTED) -> RetrievedPassage:
    page = replace(document(passage(*texts, document=path), path=path, title=f"On {path}"), review_status=status)
    return RetrievedPassage(passage=page.passages[0], document=page, rank=1, score=1.0)


def claim(*sources: RetrievedPassage) -> DraftClaim:
    return DraftClaim(
        text=" ".join(source.passage.sentences[0].text for source in sources),
        role=ClaimRole.FINDING,
        quotations=tuple(
            Quotation(
                passage=source.passage.id,
                quote=source.passage.sentences[0].quote,
                spans=source.passage.sentences[0].spans,
            )
            for source in sources
        ),
    )


def concluded(
    judged: Sequence[tuple[DraftClaim, Verdict]], *evidence: RetrievedPassage, assessment: Assessment = ENOUGH
) -> Answer | Abstention:
    by_id = {item.passage.id: item for item in evidence}
    return conclude_answer(
        judged, by_id, assessment, notices=["Mind this."], wording=WORDING, audience=CLINICIAN, today=TODAY
    )


def answered(
    judged: Sequence[tuple[DraftClaim, Verdict]], *evidence: RetrievedPassage, assessment: Assessment = ENOUGH
) -> Answer:
    outcome = concluded(judged, *evidence, assessment=assessment)
    assert isinstance(outcome, Answer)
    return outcome


A, B = found("a.md", "Rituximab helps."), found("b.md", "IVIG helps.")


def test_footnotes_are_numbered_by_first_use_and_one_quotation_has_one_number() -> None:
    answer = answered([(claim(B), PASSED), (claim(A, B), PASSED), (claim(A, A), PASSED)], A, B)
    assert [one.citations for one in answer.claims] == [(1,), (2, 1), (2,)]
    assert [(one.number, one.document) for one in answer.citations] == [(1, "b.md"), (2, "a.md")]


@pytest.mark.parametrize(("failed", "says"), [(1, "One statement was withheld"), (2, "2 statements were withheld")])
def test_what_failed_is_withheld_and_counted(failed: int, says: str) -> None:
    answer = answered([(claim(A), PASSED), *[(claim(B), FAILED)] * failed], A, B)
    assert answer.withheld == failed
    assert [one.document for one in answer.citations] == ["a.md"]
    assert any(says in notice for notice in answer.notices)


def test_when_everything_failed_nothing_is_said_but_that() -> None:
    outcome = concluded([(claim(A), FAILED), (claim(B), FAILED)], A, B)
    assert isinstance(outcome, Abstention)
    assert outcome.text == WORDING.say("abstention.unverified")
    assert outcome.withheld == 2
    assert outcome.nearest == ("On a.md", "On b.md")


def test_gaps_are_named_and_make_the_answer_a_partial_one() -> None:
    partial = Assessment(sufficiency=Sufficiency.PARTIAL, confidence=0.5, missing=("anti-MDA5",), no_dose=("IVIG",))
    answer = answered([(claim(A), PASSED)], A, assessment=partial)
    assert answer.kind == "partial_answer"
    assert [("anti-MDA5" in gap, "IVIG" in gap) for gap in answer.gaps] == [(True, False), (False, True)]
    assert set(answer.gaps) <= set(answer.notices)


@pytest.mark.parametrize(
    ("statuses", "key"),
    [
        ([SUBMITTED], "review.one_not_approved"),
        ([APPROVED], "review.one_approved"),
        ([SUBMITTED, SUBMITTED], "review.none_approved"),
        ([APPROVED, UNDER_REVIEW, SUBMITTED], "review.some_approved"),
        ([APPROVED, UNDER_REVIEW, APPROVED], "review.some_under_review"),
        ([UNDER_REVIEW], "review.one_under_review"),
        ([APPROVED, APPROVED], "review.all_approved"),
    ],
)
def test_the_review_notice_counts_documents(statuses: list[ReviewStatus], key: str) -> None:
    sources = [found(f"{number}.md", "It helps.", status=status) for number, status in enumerate(statuses)]
    answer = answered([(claim(source), PASSED) for source in (*sources, *sources)], *sources)
    pending = sum(status is not APPROVED for status in statuses)
    values = {"pending": pending, "total": len(statuses)}
    assert review_notices(answer.citations, WORDING, TODAY) == (WORDING.say(key, **values),)
    assert answer.notices == ("Mind this.", WORDING.say(key, **values))


@pytest.mark.parametrize(
    ("due", "told"),
    [
        ([date(2026, 6, 1), None], []),
        ([date(2026, 3, 1), None], ["The review of 1 source is overdue since 2026-03-01."]),
        ([date(2026, 3, 1), date(2025, 3, 1)], ["The review of 2 sources is overdue, of the first since 2025-03-01."]),
    ],
)
def test_an_overdue_review_is_told(due: list[date | None], told: list[str]) -> None:
    pages = [found(f"{number}.md", "It helps.", status=APPROVED) for number in range(len(due))]
    sources = [
        replace(page, document=replace(page.document, review_by=day)) for page, day in zip(pages, due, strict=True)
    ]
    answer = answered([(claim(source), PASSED) for source in sources], *sources)
    assert answer.notices == ("Mind this.", WORDING.say("review.all_approved"), *told)


def test_an_abstention_names_three_documents_at_the_most_and_each_once() -> None:
    evidence = [found(f"{number}.md", "It helps.") for number in (1, 1, 2, 3, 4)]
    abstention = conclude_abstention("I don't know.", evidence, ["Mind this."], WORDING, CLINICIAN)
    assert abstention.nearest == ("On 1.md", "On 2.md", "On 3.md")
    assert abstention.notices[0] == "Mind this."


@pytest.mark.parametrize("audience", list(Audience))
def test_every_reply_carries_its_readers_disclaimer(audience: Audience) -> None:
    replies: list[Abstention | Clarification | Direction] = [
        conclude_abstention("I don't know.", (), (), WORDING, audience),
        conclude_direction(DirectionKind.SMALL_TALK, "Hello.", WORDING, audience),
        conclude_clarification("Which one?", ["A", "B"], WORDING, audience, ["Mind this."]),
    ]
    assert {reply.disclaimer for reply in replies} == {WORDING.say(f"disclaimer.{audience.value}")}


def test_only_who_looked_for_a_source_says_that_there_is_none() -> None:
    no_source = WORDING.say("review.no_source")
    assert conclude_abstention("I don't know.", (), (), WORDING, CLINICIAN).notices == (no_source,)
    assert conclude_clarification("Which one?", ["A"], WORDING, CLINICIAN, ["Mind this."]).notices == ("Mind this.",)
    for kind in DirectionKind:
        assert conclude_direction(kind, "Hello.", WORDING, CLINICIAN, ["Mind this."]).notices == ("Mind this.",)


@pytest.mark.parametrize("kind", [DirectionKind.EMERGENCY, DirectionKind.CRISIS])
def test_an_emergency_never_sends_its_reader_to_talk_first(kind: DirectionKind) -> None:
    reply = conclude_direction(kind, "Call now.", WORDING, Audience.FAMILY)
    assert reply.disclaimer == WORDING.say("disclaimer.urgent")
