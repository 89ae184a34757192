"""A model's "sources differ" is believed only where its sides stand apart."""

from dataclasses import replace

from bot.answering.proposed import name_proposed
from bot.answering.question import parse_question
from bot.domain.answers import ClaimRole, Draft, DraftClaim, Matter, Quotation
from bot.domain.documents import RetrievedPassage
from tests.fakes import GLOSSARY, document, passage

LOW = "Rituximab was given at 375 mg/m² weekly for 4 weeks."
HIGH = "Rituximab was given at 1000 mg twice, two weeks apart."
GIVEN = {
    item.id: RetrievedPassage(passage=item, document=document(item, path=item.document), rank=0, score=1.0)
    for item in (passage(LOW, document="a.md"), passage(HIGH, document="b.md"), passage(LOW, document="c.md"))
}
ASKED = parse_question("What is the dose of rituximab?", GLOSSARY)


def side(passage_id: str, text: str = "") -> DraftClaim:
    sentence = GIVEN[passage_id].passage.sentences[0]
    quotation = Quotation(passage=passage_id, quote=sentence.quote, spans=sentence.spans)
    return DraftClaim(text=text or sentence.text, role=ClaimRole.DISAGREEMENT, quotations=(quotation,))


def named(*claims: DraftClaim) -> Draft:
    return name_proposed(Draft(claims=claims, model="any"), ASKED, GIVEN, GLOSSARY)


def test_sides_of_different_documents_that_say_different_things_are_named() -> None:
    (found,) = named(side("a.md#0"), side("b.md#0")).disagreements
    assert found.matter is Matter.DOSE
    assert found.subject == "rituximab"
    assert [each.passage for each in found.sides] == ["a.md#0", "b.md#0"]


def test_sources_that_say_the_same_do_not_differ() -> None:
    draft = named(side("a.md#0"), side("c.md#0"))
    assert draft.disagreements == ()
    assert {claim.role for claim in draft.claims} == {ClaimRole.FINDING}


def test_one_document_has_no_two_sides() -> None:
    draft = named(side("a.md#0"), side("a.md#0", "Rituximab was given weekly."))
    assert draft.disagreements == ()
    assert {claim.role for claim in draft.claims} == {ClaimRole.FINDING}


def test_a_side_that_cites_nothing_known_is_none() -> None:
    lost = replace(side("b.md#0"), quotations=(Quotation(passage="x", quote="", spans=()),))
    assert named(side("a.md#0"), lost).disagreements == ()


def test_other_claims_stay_as_they_are() -> None:
    draft = Draft(claims=(replace(side("a.md#0"), role=ClaimRole.BOTTOM_LINE),), model="any")
    assert name_proposed(draft, ASKED, GIVEN, GLOSSARY) is draft
