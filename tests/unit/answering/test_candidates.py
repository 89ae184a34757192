"""Every statement reads alone, with the words that its place gives it and no others."""

from dataclasses import replace

import pytest

from bot.answering.candidates import Candidate, list_candidates
from bot.domain.documents import Passage, PassageKind, RetrievedPassage, Sentence
from tests.fakes import GLOSSARY, document, passage, sentence


def candidates_of(part: Passage, similarities: tuple[float, ...] = ()) -> tuple[Candidate, ...]:
    page = document(part)
    found = RetrievedPassage(passage=part, document=page, rank=1, score=1.0, similarities=similarities)
    return list_candidates([found], GLOSSARY)


@pytest.mark.parametrize(
    ("headings", "item", "expected"),
    [
        (("Medication", "1. Rituximab"), sentence("Dosing: 375 mg/m²", is_item=True), "Rituximab – Dosing: 375 mg/m²."),
        (("Rituximab", "Monitoring"), sentence("Blood counts", is_item=True), "Rituximab – Monitoring: Blood counts."),
        (("Rituximab",), sentence("Rituximab clears calcinosis", is_item=True), "Rituximab clears calcinosis."),
        (("Rituximab",), sentence("Calcinosis responds", is_item=True), "Rituximab: Calcinosis responds."),
        (("Skin",), sentence("• Photoprotection;", is_item=True), "Skin: Photoprotection."),
        ((), sentence("Blood counts", is_item=True), "Blood counts."),
        (("Rituximab",), sentence("2. Test it", lead=("Before use:",)), "Rituximab – Before use: Test it."),
        (("Rituximab",), sentence("IVIG", lead=("Add one of:",)), "Add one of: IVIG."),
        (("Rituximab",), sentence("A full sentence needs nothing."), "A full sentence needs nothing."),
    ],
)
def test_an_item_is_said_with_what_introduces_it(headings: tuple[str, ...], item: Sentence, expected: str) -> None:
    (candidate,) = candidates_of(passage(item, headings=headings))
    assert candidate.text == expected
    assert candidate.body == item.text


def test_a_sentence_that_points_back_is_said_with_the_one_before() -> None:
    one, pair = candidates_of(passage("Rituximab was given.", "It cleared calcinosis."), (0.2, 0.6))
    assert one.indices == (0,)
    assert pair.text == "Rituximab was given. It cleared calcinosis."
    assert pair.quotation.quote == "Rituximab was given. … It cleared calcinosis."
    assert pair.similarity == 0.6
    assert not pair.is_list


def test_a_short_list_is_also_said_as_one_statement_and_each_item_alone() -> None:
    items = (sentence(text, lead=("Assess:",)) for text in ("Skin;", "Muscle.", "Joints"))
    *alone, whole = candidates_of(passage(*items))
    assert [candidate.text for candidate in alone] == ["Assess: Skin.", "Assess: Muscle.", "Assess: Joints."]
    assert whole.text == "Assess: Skin; Muscle; Joints."
    assert whole.is_list
    assert [candidate.order for candidate in (*alone, whole)] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "texts",
    [
        ("Dose: 5 mg", "Route: oral"),
        ("Monitor the lipids", "Check the liver"),
        ("An item that is told in more than nine words is no keyword", "Skin"),
        ("Skin",),
    ],
    ids=["labelled", "orders", "long", "single"],
)
def test_these_items_are_not_joined(texts: tuple[str, ...]) -> None:
    found = candidates_of(passage(*(sentence(text, lead=("Then:",)) for text in texts)))
    assert len(found) == len(texts)


def test_facts_about_a_document_stand_under_no_heading() -> None:
    part = Passage(
        id="a", document="a.md", heading_path=("Metadata",), sentences=(sentence("Published 2021.", is_item=True),),
        kind=PassageKind.METADATA,
    )  # fmt: skip
    (candidate,) = candidates_of(part)
    assert candidate.text == "Published 2021."
    assert candidate.context == "Treatment of juvenile dermatomyositis"


def test_passages_with_one_id_are_never_taken_for_each_other() -> None:
    before, after = passage("Rituximab clears calcinosis."), passage("Rituximab clears no calcinosis.")
    assert before.id == after.id
    for part in (before, after, before):
        (candidate,) = candidates_of(part)
        assert candidate.body == part.sentences[0].text


def test_what_is_kept_of_a_passage_keeps_neither_question_nor_title() -> None:
    part = passage("Rituximab clears calcinosis.")
    (one,), (other,) = candidates_of(part, (0.2,)), candidates_of(part, (0.7,))
    assert (one.similarity, other.similarity) == (0.2, 0.7)
    (here,) = list_candidates([RetrievedPassage(passage=part, document=document(part), rank=1, score=1.0)], GLOSSARY)
    renamed = replace(document(part), title="Another title")
    (there,) = list_candidates([RetrievedPassage(passage=part, document=renamed, rank=1, score=1.0)], GLOSSARY)
    assert here.context != there.context
    assert there.context.startswith("Another title")
