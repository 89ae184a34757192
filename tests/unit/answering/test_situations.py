"""Statements about other patients, or after other drugs, can't disagree."""

from dataclasses import replace

import pytest

from bot.answering.candidates import Candidate, list_candidates
from bot.answering.situations import one_disease, one_indication, tried_and_named
from bot.domain.documents import Directness, RetrievedPassage
from bot.domain.glossary import Glossary, Term, TermKind
from tests.fakes import document, passage


def disease(name: str, *classes: str) -> Term:
    return Term(id=name.replace(" ", "-"), name=name, kind=TermKind.DISEASE, classes=classes)


GLOSSARY = Glossary(
    (
        disease("juvenile dermatomyositis", "dermatomyositis"),
        disease("adult dermatomyositis", "dermatomyositis"),
        disease("dermatomyositis"),
        Term(id="ra", name="rheumatoid arthritis", kind=TermKind.DISEASE),
        *(Term(id=name, name=name, kind=TermKind.DRUG) for name in ("rituximab", "methotrexate", "tofacitinib")),
    )
)


def candidate(text: str, directness: Directness | None = None, title: str = "A page") -> Candidate:
    page = replace(document(passage(text), title=title), directness=directness)
    found = RetrievedPassage(passage=page.passages[0], document=page, rank=1, score=1.0)
    return list_candidates([found], GLOSSARY)[0]


JUVENILE = candidate("In juvenile dermatomyositis it is 5 mg.")


def test_adults_and_children_with_one_disease_have_doses_to_compare_but_two_diseases() -> None:
    adult = candidate("In adult dermatomyositis it is 6 mg.")
    assert one_indication(JUVENILE, adult, GLOSSARY)
    assert not one_disease(JUVENILE, adult, GLOSSARY)


def test_a_disease_and_its_class_are_one() -> None:
    assert one_disease(JUVENILE, candidate("In dermatomyositis it is 6 mg."), GLOSSARY)


@pytest.mark.parametrize(
    "other",
    [
        candidate("In rheumatoid arthritis it is 6 mg."),
        candidate("It is 6 mg.", title="On rheumatoid arthritis"),
        candidate("It is 6 mg.", Directness.RA),
    ],
    ids=["in the sentence", "in the title", "in the front matter"],
)
def test_another_disease_is_another_indication(other: Candidate) -> None:
    assert not one_indication(JUVENILE, other, GLOSSARY)


def test_where_no_disease_is_named_the_same_may_be_meant() -> None:
    assert one_indication(JUVENILE, candidate("It is 6 mg."), GLOSSARY)


@pytest.mark.parametrize(
    ("text", "tried", "named"),
    [
        ("Rituximab is next after methotrexate.", ["methotrexate"], ["rituximab"]),
        ("If methotrexate fails, rituximab is next.", ["methotrexate"], ["rituximab"]),
        ("Despite methotrexate and tofacitinib, rituximab helps.", ["methotrexate", "tofacitinib"], ["rituximab"]),
        ("After methotrexate, tofacitinib or both.", ["methotrexate", "tofacitinib"], []),
        (
            "Despite 4 doses of methotrexate, and tapering oral tofacitinib, the best step is rituximab.",
            ["methotrexate", "tofacitinib"],
            ["rituximab"],
        ),
        ("Rituximab or tofacitinib.", [], ["rituximab", "tofacitinib"]),
        ("Still weak on methotrexate.", ["methotrexate"], []),
    ],
)
def test_what_was_tried_is_told_from_what_is_proposed(text: str, tried: list[str], named: list[str]) -> None:
    found = tried_and_named(text, GLOSSARY)
    assert [[term.id for term in terms] for terms in found] == [tried, named]
