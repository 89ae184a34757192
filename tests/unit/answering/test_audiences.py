"""Who reads changes what is said and in which words, never a fact; a family gets no directive and no dose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.audiences import Reading, asked_dose_of, is_for_families, put_for
from bot.answering.compose import ExtractiveComposer
from bot.answering.graph import build_chain
from bot.answering.steps import Question, Steps
from bot.domain.answers import Abstention, Answer
from bot.domain.documents import CuratedDocument
from bot.domain.messages import Audience
from bot.places import shipped
from bot.prompts import load_set
from tests.fake_language_model import PlayedModel
from tests.fakes import GLOSSARY, FakeRetriever, document, passage
from tests.unit.answering.model_answers import ASKED, BOTTOM, DOSE, HELPED, RARE, RISK, WORDING
from tests.unit.answering.test_nodes import NO_ANSWER, Told, texts

FAMILY = Reading(audience=Audience.FAMILY)
SPECIALIST = document(
    passage(
        "Rituximab was given to nine children at 375 mg/m² weekly.",
        "Rituximab is a treatment option for refractory juvenile dermatomyositis.",
        "Rituximab helped muscle weakness in 3 of 6 children, because it removes B cells.",
        "Monitor rituximab with blood counts.",
        headings=("Rituximab",),
    ),
    title="Rituximab for specialists",
)
LEAFLET = document(
    passage("Rituximab helped muscle weakness in some children.", document="b.md", headings=("Rituximab",)),
    path="b.md",
    title="Rituximab for families",
)


async def answer(text: str, audience: Audience, *documents: CuratedDocument, detail: bool = False) -> Answer:
    steps = Steps(FakeRetriever(*documents), ExtractiveComposer(GLOSSARY), GLOSSARY, WORDING)
    outcome = (await build_chain(steps)(Question(text=text, audience=audience, detail=detail))).outcome
    assert isinstance(outcome, Answer), outcome
    return outcome


@pytest.mark.parametrize(
    "directive",
    [
        "Give rituximab to the child.",
        "Rituximab – Monitoring: Check blood counts.",
        "Rituximab helps. Do not stop methotrexate.",
        "You should reduce prednisone slowly.",
        "Your child can take methotrexate with food.",
        "Parents must not skip doses.",
        "1. Switch to a TNF inhibitor.",
        "For skin disease: Consider infliximab.",
    ],
)
def test_a_family_is_never_told_what_to_do(directive: str) -> None:
    assert FAMILY.objection(directive, (), GLOSSARY)
    for audience in set(Audience) - {Audience.FAMILY}:
        assert Reading(audience=audience).objection(directive, (), GLOSSARY) is None


@pytest.mark.parametrize(
    "information",
    [
        "Steroids were stopped in two children.",
        "Use of rituximab was associated with improvement.",
        "Increase in muscle strength was seen in five children.",
        "SHARE advises considering stronger treatment within 12 weeks.",
        "The doctors may switch to rituximab.",
        "A worried family should call the treating team.",
        "Treat-to-target was tried in 20 children.",
        "Screening for tuberculosis is advised.",
    ],
)
def test_a_family_is_told_what_is_known_and_done(information: str) -> None:
    assert FAMILY.objection(information, (), GLOSSARY) is None


def test_a_dose_is_told_to_a_family_only_from_a_document_for_families() -> None:
    dose = "Rituximab was given at 375 mg/m² weekly."
    assert FAMILY.objection(dose, (SPECIALIST,), GLOSSARY)
    assert FAMILY.objection(dose, (LEAFLET,), GLOSSARY) is None
    assert FAMILY.objection(dose, (LEAFLET, SPECIALIST), GLOSSARY)
    assert is_for_families(LEAFLET)
    assert not is_for_families(SPECIALIST)


@pytest.mark.parametrize(
    ("question", "drugs"),
    [
        ("How much rituximab does my son need?", ["rituximab"]),
        ("What is the dose of MTX and infliximab?", ["methotrexate", "infliximab"]),
        ("rituximab dose", ["rituximab"]),
        ("What if we missed a dose of methotrexate?", []),
        ("Is rituximab safe?", []),
        ("What dose does he need?", []),
    ],
)
def test_which_dose_is_asked(question: str, drugs: list[str]) -> None:
    assert [term.id for term in asked_dose_of(question, GLOSSARY)] == drugs


def test_the_question_of_anybody_else_stays_as_it_is() -> None:
    question = "What is the dose of rituximab?"
    for audience in set(Audience) - {Audience.FAMILY}:
        assert put_for(audience, question, GLOSSARY, WORDING).text == question
    put = put_for(Audience.FAMILY, question, GLOSSARY, WORDING)
    assert (put.text != question, put.brief) == (True, True)
    often = put_for(Audience.FAMILY, "How often is rituximab given?", GLOSSARY, WORDING)
    assert (often.text, often.brief) == ("How often is rituximab given?", False)
    assert put.preface == often.preface == WORDING.say("family.dose", drug="rituximab")


def test_what_is_searched_instead_of_a_dose_is_english_whatever_the_reader_reads() -> None:
    question, german = "What is the dose of rituximab?", load_set(shipped("prompts")).for_language("de")
    put = put_for(Audience.FAMILY, question, GLOSSARY, german)
    assert put.text == put_for(Audience.FAMILY, question, GLOSSARY, WORDING).text
    assert put.preface == german.say("family.dose", drug="rituximab")


async def test_a_family_that_asks_for_a_dose_hears_who_sets_it_and_what_the_drug_is_for() -> None:
    family = await answer("What is the dose of rituximab?", Audience.FAMILY, SPECIALIST)
    assert family.preface == WORDING.say("family.dose", drug="rituximab")
    assert len(family.claims) == 1
    assert "mg" not in family.claims[0].text
    clinician = await answer("What is the dose of rituximab?", Audience.CLINICIAN, SPECIALIST)
    assert "375 mg/m²" in clinician.claims[0].text
    assert clinician.preface == ""


async def test_where_only_advice_to_doctors_is_left_a_family_is_sent_to_the_team() -> None:
    page = document(passage("Monitor rituximab with blood counts.", headings=("Rituximab",)))
    steps = Steps(FakeRetriever(page), ExtractiveComposer(GLOSSARY), GLOSSARY, WORDING)
    question = Question(text="Which blood counts on rituximab?", audience=Audience.FAMILY)
    outcome = (await build_chain(steps)(question)).outcome
    assert isinstance(outcome, Abstention)
    assert outcome.text == f"{WORDING.say('family.for_the_team')} {WORDING.say('family.ask')}"


async def test_what_was_written_for_families_comes_first_for_them() -> None:
    adults = document(passage("Rituximab helped muscle weakness in some adults.", headings=("Rituximab",)))
    question = "Does rituximab help muscle weakness?"
    assert (await answer(question, Audience.FAMILY, adults, LEAFLET)).citations[0].document == "b.md"
    assert (await answer(question, Audience.OTHER, adults, LEAFLET)).citations[0].document == "a.md"


@given(
    st.sampled_from(["Does rituximab help?", "What is the dose of rituximab?", "How is rituximab monitored?"]),
    st.sampled_from(Audience),
    st.booleans(),
)
def test_whoever_reads_the_quotations_are_the_documents_own(text: str, audience: Audience, detail: bool) -> None:
    steps = Steps(FakeRetriever(SPECIALIST, LEAFLET), ExtractiveComposer(GLOSSARY), GLOSSARY, WORDING)
    question = steps.for_reader(Question(text=text, audience=audience, detail=detail))
    parsed, ranked, _ = steps.assess(question, steps.retrieve(question))
    held = {sentence.text for page in (SPECIALIST, LEAFLET) for part in page.passages for sentence in part.sentences}
    draft = steps.composer.choose(parsed, ranked, audience=audience, share=question.share)  # type: ignore[attr-defined]
    for claim in draft.claims:
        assert {quotation.quote for quotation in claim.quotations} <= held
        assert FAMILY.objection(claim.text, (SPECIALIST,), GLOSSARY) is None or audience is not Audience.FAMILY


async def test_a_models_dose_goes_back_to_it_with_the_reason_and_never_reaches_a_family() -> None:
    model = PlayedModel(BOTTOM + DOSE + RISK, NO_ANSWER)
    told = Told([model])
    answered = await build_chain(told.steps)(Question(text=ASKED, audience=Audience.FAMILY, user="ada"))
    assert texts(answered) == [HELPED, RARE]
    assert "It states a dose" in model.asked[1][1]


async def reply(text: str, audience: Audience, *documents: CuratedDocument) -> Abstention:
    steps = Steps(FakeRetriever(*documents), ExtractiveComposer(GLOSSARY), GLOSSARY, WORDING)
    outcome = (await build_chain(steps)(Question(text=text, audience=audience))).outcome
    assert isinstance(outcome, Abstention), outcome
    return outcome


async def test_what_a_family_asks_of_its_own_child_is_never_called_off_the_subject() -> None:
    off_topic = WORDING.say("abstention.off_topic", topic=WORDING.say("topic"))
    page = document(passage("The match of donor and recipient was good."))
    of_child = await reply("Can she watch the football match with her friends?", Audience.FAMILY, page)
    assert of_child.text == f"{WORDING.say('abstention.nothing')} {WORDING.say('family.ask')}"
    assert (await reply("Who won the football match yesterday?", Audience.FAMILY, page)).text == off_topic


async def test_what_the_library_tells_of_another_drug_is_not_said_to_be_nowhere_in_it() -> None:
    relapses = document(passage("A relapse on methotrexate was common."), path="c.md", title="Relapses")
    elsewhere = await reply("Is a relapse common on rituximab?", Audience.CLINICIAN, SPECIALIST, relapses)
    assert elsewhere.text == WORDING.say("abstention.nothing")
