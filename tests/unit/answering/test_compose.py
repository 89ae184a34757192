"""Statements read alone, the best leads, and both sides are told where sources differ."""

from bot.answering.assess import Sufficiency, assess
from bot.answering.candidates import list_candidates
from bot.answering.compose import ExtractiveComposer
from bot.answering.differences import note_differences
from bot.answering.question import Aspect, parse_question
from bot.answering.rank import Ranked, rank
from bot.domain.answers import ClaimRole, Draft
from bot.domain.documents import CuratedDocument, SearchQuery
from tests.fakes import GLOSSARY, FakeRetriever, document, passage, sentence

RITUXIMAB = passage(
    sentence("Dosing: 375 mg/m² weekly for 4 consecutive weeks", is_item=True),
    sentence("Monitor for infusion reactions", is_item=True),
    headings=("Specific medication", "1. Rituximab"),
)
FEATURES = passage(
    *(
        sentence(text, lead=("Assess predominant features:",))
        for text in ("Skin involvement", "Muscle weakness", "Calcinosis", "Major organ involvement")
    ),
    headings=("Algorithm", "Step 1: Evaluate"),
    number=1,
)
OTHER = document(
    passage("Rituximab is given as 1000 mg, two doses 14 days apart.", document="b.md", headings=("If IVIG fails",)),
    path="b.md",
    title="Refractory juvenile dermatomyositis",
)


def ranked_for(text: str, *documents: CuratedDocument) -> tuple[Ranked, ...]:
    evidence = FakeRetriever(*documents).retrieve([SearchQuery(text=text)], 10)
    return rank(parse_question(text, GLOSSARY), list_candidates(evidence, GLOSSARY), GLOSSARY, lambda _: 1.0)


def draft_for(text: str, *documents: CuratedDocument) -> Draft:
    found, question = ranked_for(text, *documents), parse_question(text, GLOSSARY)
    return note_differences(ExtractiveComposer(GLOSSARY).compose(question, found), question, found, GLOSSARY)


def test_a_bare_bullet_gets_the_drug_of_its_heading() -> None:
    draft = draft_for("What is the dosing of rituximab?", document(RITUXIMAB))
    assert draft.claims[0].text == "Rituximab – Dosing: 375 mg/m² weekly for 4 consecutive weeks."
    assert draft.claims[0].role is ClaimRole.BOTTOM_LINE


def test_short_items_of_a_list_are_one_statement_with_every_item_quoted() -> None:
    draft = draft_for("Which predominant features should I assess?", document(FEATURES))
    expected = "Assess predominant features: Skin involvement; Muscle weakness; Calcinosis; Major organ involvement."
    assert draft.claims[0].text == expected
    assert (
        draft.claims[0].quotations[0].quote
        == "Skin involvement … Muscle weakness … Calcinosis … Major organ involvement"
    )


def test_different_doses_of_one_drug_are_both_said() -> None:
    draft = draft_for("What is the dosing of rituximab?", document(RITUXIMAB), OTHER)
    said = " ".join(claim.text for claim in draft.claims)
    assert "375 mg/m²" in said
    assert "1000 mg" in said
    assert draft.differ


def test_one_dose_in_one_document_is_no_disagreement() -> None:
    assert not draft_for("What is the dosing of rituximab?", document(RITUXIMAB)).differ


def test_nothing_found_makes_an_empty_draft() -> None:
    assert draft_for("zebra") == Draft(claims=())


def test_a_question_says_what_it_wants() -> None:
    assert Aspect.DOSE in parse_question("how much IVIG is given?", GLOSSARY).aspects
    assert Aspect.SAFETY in parse_question("what should I watch for?", GLOSSARY).aspects
    assert parse_question("alone or in combination?", GLOSSARY).alternatives == ("alone", "in combination")


def test_a_drug_without_a_stated_dose_is_named_as_missing() -> None:
    question = parse_question("What is the dose of adalimumab?", GLOSSARY)
    evidence = document(passage("Adalimumab may be considered when arthritis is prominent."), RITUXIMAB)
    judged = assess(question, ranked_for(question.text, evidence), GLOSSARY, lambda _: 1.0)
    assert judged.sufficiency is Sufficiency.INSUFFICIENT
    assert judged.no_dose == ("adalimumab",)


def test_a_disease_that_nothing_names_is_missing() -> None:
    question = parse_question("Does IVIG work in inclusion body myositis?", GLOSSARY)
    evidence = document(passage("IVIG works in juvenile dermatomyositis."))
    judged = assess(question, ranked_for(question.text, evidence), GLOSSARY, lambda _: 1.0)
    assert judged.missing == ("inclusion body myositis",)
