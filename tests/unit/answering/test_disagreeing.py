"""Who says it on what evidence, and why sources may differ, from what is known of the documents."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.answering.assess import Assessment, Sufficiency
from bot.answering.conclude import conclude_answer
from bot.answering.disagreeing import name_source
from bot.domain.answers import (
    Answer,
    ClaimRole,
    DraftClaim,
    DraftDisagreement,
    DraftSide,
    Matter,
    Quotation,
    SupportLabel,
    Verdict,
)
from bot.domain.documents import Directness, DocumentKind, RetrievedPassage
from bot.domain.messages import Audience
from bot.places import shipped
from bot.prompts import load_wording
from tests.fakes import document, passage

WORDING = load_wording(shipped("prompts"))
ENOUGH = Assessment(sufficiency=Sufficiency.SUFFICIENT, confidence=0.9)
PASSED = Verdict(support=SupportLabel.SUPPORTED, reasons=())
FAILED = Verdict(support=SupportLabel.CONTRADICTED, reasons=("It says otherwise.",))


def source(path: str, text: str = "It helped.", **known: Any) -> RetrievedPassage:
    page = replace(document(passage(text, document=path), path=path, title=f"On {path}"), **known)
    return RetrievedPassage(passage=page.passages[0], document=page, rank=1, score=1.0)


def claim(said: RetrievedPassage, role: ClaimRole = ClaimRole.DISAGREEMENT) -> DraftClaim:
    sentence = said.passage.sentences[0]
    quotation = Quotation(passage=said.passage.id, quote=sentence.quote, spans=sentence.spans)
    return DraftClaim(text=sentence.text, role=role, quotations=(quotation,))


def drafted(*sources: RetrievedPassage, matter: Matter = Matter.EFFECT, reasons: tuple[str, ...] = ()) -> Any:
    sides = tuple(DraftSide(passage=s.passage.id, quote=s.passage.sentences[0].quote) for s in sources)
    return DraftDisagreement(matter=matter, subject="rituximab", sides=sides, reasons=reasons)


def concluded(*sources: RetrievedPassage, failed: tuple[RetrievedPassage, ...] = (), **how: Any) -> Answer:
    judged = [(claim(each), FAILED if each in failed else PASSED) for each in sources]
    answer = conclude_answer(
        judged,
        {each.passage.id: each for each in sources},
        ENOUGH,
        notices=(),
        wording=WORDING,
        audience=Audience.CLINICIAN,
        today=date(2026, 6, 1),
        disagreements=(drafted(*sources, **how),),
    )
    assert isinstance(answer, Answer)
    return answer


def reasons(*sources: RetrievedPassage, **how: Any) -> tuple[str, ...]:
    return concluded(*sources, **how).disagreements[0].reasons


def test_a_side_says_who_on_what_evidence_about_whom_and_where() -> None:
    ding = source(
        "a.md", authors=("Ding Y", "Huang B"), year=2021, design="case series", n=25, directness=Directness.JDM
    )
    answer = concluded(ding, source("b.md"))
    (disagreement,) = answer.disagreements
    one, other = disagreement.sides
    assert disagreement.topic == "effect of rituximab"
    assert (one.who, one.evidence, one.year) == ("Ding 2021", "case series, n=25", 2021)
    assert one.directness == WORDING.say("directness.jdm")
    assert (other.who, other.evidence, other.directness, other.year) == ("“On b.md”", "", "", None)
    assert [one.citation, other.citation] == [1, 2]
    assert WORDING.say("notice.differ", topic="effect of rituximab") in answer.notices


@pytest.mark.parametrize(
    ("known", "who"),
    [
        ({"authors": ("Ding Y",), "year": 2021}, "Ding 2021"),
        ({"authors": ("Bellutti Enders F", "et al."), "year": 2017}, "Bellutti Enders 2017"),
        ({"authors": ("A. B. Miller",), "year": 2001}, "Miller 2001"),
        ({"authors": ("US Food and Drug Administration",), "year": 2021}, "US Food and Drug Administration 2021"),
        ({"authors": ("Ding Y",)}, "Ding"),
        ({"title": "JAK inhibitors: reviews"}, "“JAK inhibitors: reviews”"),
        ({"title": "JAK inhibitors in children: " + "a long list " * 9}, "“JAK inhibitors in children”"),
        (
            {"title": "Treatment of children " * 3 + "(seen in September 2025)"},
            "“" + ("Treatment of children " * 3).strip() + "”",
        ),
        ({"title": "word " * 40}, "“" + "word " * 16 + "…”"),
    ],
)
def test_a_source_has_a_short_name(known: dict[str, Any], who: str) -> None:
    assert name_source(source("a.md", **known).document) == who


def test_sources_with_one_short_name_are_told_apart_by_their_titles() -> None:
    known: dict[str, Any] = {"authors": ("Ding Y",), "year": 2021}
    alike = [source(f"{name}.md", **known) for name in "ab"]
    assert [side.who for side in concluded(*alike).disagreements[0].sides] == ["“On a.md”", "“On b.md”"]
    apart = [alike[0], source("b.md", authors=("Le Voyer T",), year=2021)]
    assert [side.who for side in concluded(*apart).disagreements[0].sides] == ["Ding 2021", "Le Voyer 2021"]


def test_where_nothing_is_known_that_is_said() -> None:
    assert reasons(source("a.md"), source("b.md")) == (WORDING.say("differ.unknown"),)


@pytest.mark.parametrize(
    ("one", "other", "matter", "told"),
    [
        ({"population": "children"}, {"population": "adults"}, Matter.EFFECT, "is about children, “Two” about adults."),
        ({"kind": DocumentKind.TRIAL}, {"kind": DocumentKind.COHORT}, Matter.EFFECT, "is a trial, “Two” a cohort."),
        ({"n": 9}, {"n": 200}, Matter.EFFECT, "has only 9 patients"),
        ({"excerpt_only": True}, {}, Matter.EFFECT, "Only an excerpt of “One” was read."),
        ({"kind": DocumentKind.WEB_PAGE}, {}, Matter.EFFECT, "is a web page that nobody has reviewed."),
        ({"year": 2010}, {"year": 2018}, Matter.EFFECT, "“One” and “Two” lie 8 years apart."),
        ({"text": "5 mg/kg."}, {"text": "9 mg/m²."}, Matter.DOSE, "by body weight, “Two” by body surface."),
        ({"text": "5 mg."}, {"text": "9 mg/m²."}, Matter.DOSE, "“One” gives the dose as a fixed amount"),
        ({"text": "5 mg by mouth."}, {"text": "5 mg subcutaneously."}, Matter.DOSE, "by mouth, “Two” under the skin."),
        ({"text": "According to SHARE it helped."}, {}, Matter.EFFECT, "“One” reports what another source says"),
    ],
    ids=["population", "design", "few", "excerpt", "web page", "years", "weight", "fixed", "route", "reported"],
)
def test_why_they_may_differ_is_told_from_the_documents(
    one: dict[str, Any], other: dict[str, Any], matter: Matter, told: str
) -> None:
    found = reasons(source("a.md", title="One", **one), source("b.md", title="Two", **other), matter=matter)
    assert any(told in reason for reason in found), found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"population": "Children"}, {"population": "children"}),
        ({"population": "children"}, {}),
        ({"kind": DocumentKind.TRIAL}, {"kind": DocumentKind.TRIAL}),
        ({"n": 30}, {"n": 200}),
        ({"year": 2010}, {"year": 2017}),
        ({"text": "It is 5 mg/kg."}, {"text": "It is 9 mg/m²."}),
    ],
)
def test_what_is_alike_or_unknown_is_no_reason(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert reasons(source("a.md", **one), source("b.md", **other)) == (WORDING.say("differ.unknown"),)


def test_a_curators_reason_comes_first_and_only_one_more_follows() -> None:
    one, other = source("a.md", population="children", n=9), source("b.md", population="adults", n=8)
    found = reasons(one, other, reasons=("They counted different things.",))
    assert found[0] == "They counted different things."
    assert len(found) == 2


def test_a_curated_topic_is_shown_in_the_curators_words() -> None:
    answer = concluded(source("a.md"), source("b.md"), matter=Matter.STATED)
    assert answer.disagreements[0].topic == "rituximab"


def test_when_one_side_is_withheld_the_block_falls_away_and_a_notice_says_so() -> None:
    one, other = source("a.md"), source("b.md")
    answer = concluded(one, other, failed=(other,))
    assert not answer.disagreements
    assert [each.role for each in answer.claims] == [ClaimRole.FINDING]
    assert WORDING.say("notice.differ_withheld", topic="effect of rituximab") in answer.notices
    assert WORDING.say("notice.differ", topic="effect of rituximab") not in answer.notices


def test_when_one_of_three_sides_is_withheld_two_are_shown_and_the_third_is_told_to_be_missing() -> None:
    sources = (source("a.md"), source("b.md"), source("c.md"))
    answer = concluded(*sources, failed=sources[2:])
    assert len(answer.disagreements[0].sides) == 2
    assert WORDING.say("notice.differ_withheld", topic="effect of rituximab") in answer.notices


def test_two_sides_of_one_document_are_no_disagreement() -> None:
    page = replace(document(passage("Yes."), passage("No.", number=1)), title="One")
    found = [RetrievedPassage(passage=part, document=page, rank=1, score=1.0) for part in page.passages]
    assert not concluded(*found).disagreements
