"""Being on topic isn't enough: what was asked for must be there, or we don't know."""

from dataclasses import replace

import pytest

from bot.answering.assess import Sufficiency, assess
from bot.answering.candidates import list_candidates
from bot.answering.doses import dose_owners
from bot.answering.question import parse_question
from bot.answering.rank import rank
from bot.domain.documents import CuratedDocument, SearchQuery
from bot.domain.glossary import Glossary, Term, TermKind
from tests.fakes import GLOSSARY, FakeRetriever, document, passage
from tests.unit.answering.asking import every_word_counts_the_same, judged_for, ranked_for

SUFFICIENT, PARTIAL, INSUFFICIENT, OUT_OF_SCOPE = Sufficiency


def page(*texts: str) -> CuratedDocument:
    return document(passage(*texts))


def test_a_statement_that_answers_is_enough() -> None:
    judged = judged_for("Is rituximab effective for calcinosis?", page("Rituximab was effective for calcinosis."))
    assert judged.sufficiency is SUFFICIENT
    assert 0.5 < judged.confidence <= 1.0


def test_without_any_statement_the_question_is_about_something_else() -> None:
    assert judged_for("Who won the match?").sufficiency is OUT_OF_SCOPE


def test_a_question_outside_the_field_is_off_topic_even_when_a_word_is_found() -> None:
    judged = judged_for("Who won the football match yesterday?", page("The match of donor and recipient was good."))
    assert judged.sufficiency is OUT_OF_SCOPE


@pytest.mark.parametrize(("dense", "judgement"), [(0.2, OUT_OF_SCOPE), (0.5, SUFFICIENT)])
def test_everyday_words_make_no_answer_where_nothing_is_near_in_meaning(dense: float, judgement: Sufficiency) -> None:
    text = "When does school start again?"
    found = [
        replace(item, candidate=replace(item.candidate, retrieved=replace(item.candidate.retrieved, dense=dense)))
        for item in ranked_for(text, page("School should start again when the child is well."))
    ]
    question = parse_question(text, GLOSSARY)
    assert assess(question, found, GLOSSARY, every_word_counts_the_same).sufficiency is judgement


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What does IVIG cost?", "IVIG works in juvenile dermatomyositis."),
        ("Is rituximab better than IVIG?", "IVIG works in juvenile dermatomyositis, and so does rituximab."),
    ],
)
def test_a_price_or_a_comparison_that_nothing_states_is_not_known(question: str, text: str) -> None:
    assert judged_for(question, page(text)).sufficiency is INSUFFICIENT


def test_a_statement_that_has_only_the_drugs_name_says_nothing_of_what_is_asked_about_it() -> None:
    evidence = page("Rituximab was given to nine children of a registry, who were treated for muscle disease.")
    assert judged_for("Will she lose her hair from rituximab?", evidence).sufficiency is INSUFFICIENT
    assert judged_for("What do you know about rituximab?", evidence).sufficiency is SUFFICIENT
    assert judged_for("Was rituximab given today?", evidence).sufficiency is SUFFICIENT


def test_shared_words_are_no_answer_where_nothing_is_named_and_nothing_alike_is_meant() -> None:
    evidence = page("Children of the one cohort reached quiet disease later than the children of the other.")
    assert judged_for("Will she be able to have babies later?", evidence).sufficiency is INSUFFICIENT


def test_a_class_stands_for_its_drug_beside_something_of_another_kind_and_not_beside_a_drug_of_that_class() -> None:
    damping = Term(id="damping", name="immunosuppression", kind=TermKind.DRUG_CLASS)
    vaccine = Term(id="mmr", name="MMR", kind=TermKind.DRUG)
    own = {"rituximab": ("damping",), "methotrexate": ("damping",)}
    terms = (replace(term, classes=own.get(term.id, term.classes)) for term in GLOSSARY.terms)
    glossary = Glossary((*terms, damping, vaccine))

    def missing(text: str, said: str) -> tuple[str, ...]:
        question = parse_question(text, glossary)
        found = FakeRetriever(page(said), glossary=glossary).retrieve([SearchQuery(text=text)], 1)
        ranked = rank(question, list_candidates(found, glossary), glossary, every_word_counts_the_same)
        return assess(question, ranked, glossary, every_word_counts_the_same).missing

    assert missing("Is MMR safe on rituximab?", "MMR is not safe on immunosuppression.") == ()
    on_both = missing("Is methotrexate safe with rituximab?", "Methotrexate is safe with other immunosuppression.")
    assert on_both == ("rituximab",)


def test_how_a_drug_failed_need_not_be_named_where_it_is_asked_what_comes_next() -> None:
    evidence = page("After rituximab has failed in juvenile dermatomyositis, IVIG is an option.")
    judged = judged_for("Juvenile dermatomyositis relapsed after rituximab, which options are left?", evidence)
    assert (judged.sufficiency, judged.missing) == (SUFFICIENT, ())
    alone = judged_for("How often is there a relapse on rituximab?", evidence)
    assert alone.missing == ("relapse",)


def test_a_stated_comparison_answers_a_comparison() -> None:
    judged = judged_for("Is rituximab better than IVIG?", page("Rituximab was superior to IVIG."))
    assert judged.sufficiency is SUFFICIENT


def test_a_drug_without_a_stated_dose_is_named_as_missing() -> None:
    evidence = page("Adalimumab may be considered when arthritis is prominent.", "Infliximab: 3 mg/kg")
    judged = judged_for("What is the dose of adalimumab?", evidence)
    assert judged.sufficiency is INSUFFICIENT
    assert judged.no_dose == ("adalimumab",)


def test_a_form_of_a_drug_has_its_dose() -> None:
    form = Term(id="pulse", name="rituximab pulse", kind=TermKind.DRUG, classes=("rituximab",))
    glossary = Glossary((*GLOSSARY.terms, form))
    question = parse_question("What is the dose of rituximab?", glossary)
    evidence = FakeRetriever(page("A rituximab pulse has a dose of 375 mg/m²."), glossary=glossary)
    candidates = list_candidates(evidence.retrieve([SearchQuery(text=question.text)], 1), glossary)
    ranked = rank(question, candidates, glossary, every_word_counts_the_same)
    assert assess(question, ranked, glossary, every_word_counts_the_same).no_dose == ()


def test_of_two_drugs_the_one_with_a_dose_is_answered_and_the_other_named() -> None:
    evidence = page("Rituximab: a dose of 375 mg/m² weekly.", "The dose of adalimumab depends on arthritis.")
    judged = judged_for("What is the dose of rituximab and of adalimumab?", evidence)
    assert judged.sufficiency is PARTIAL
    assert judged.no_dose == ("adalimumab",)
    assert dose_owners("Rituximab: a dose of 375 mg/m² weekly.", "", GLOSSARY) == {"rituximab"}


@pytest.mark.parametrize(
    ("question", "text", "missing"),
    [
        (
            "Does IVIG work in inclusion body myositis?",
            "IVIG works in juvenile dermatomyositis.",
            "inclusion body myositis",
        ),
        ("Is rituximab effective in anti-MDA5 disease?", "Rituximab was effective for calcinosis.", "anti-MDA5"),
        ("Is adalimumab effective?", "Infliximab was effective for arthritis.", "adalimumab"),
    ],
)
def test_a_drug_disease_or_antibody_that_nothing_names_is_missing(question: str, text: str, missing: str) -> None:
    judged = judged_for(question, page(text))
    assert judged.sufficiency is INSUFFICIENT
    assert judged.missing == (missing,)


def test_a_class_is_named_by_its_member_but_a_member_not_by_its_class() -> None:
    member, whole = page("Infliximab was effective."), page("TNF inhibitors were effective.")
    assert judged_for("Are TNF inhibitors effective?", member).missing == ()
    assert judged_for("Is infliximab effective?", whole).missing == ("infliximab",)


def test_a_manifestation_may_be_named_in_other_words_elsewhere_in_the_passage() -> None:
    evidence = page("Rituximab was effective in six children.", "All had deposits of calcium.")
    assert judged_for("Is rituximab effective for calcinosis?", evidence).missing == ()


def test_when_one_of_two_drugs_is_missing_the_other_is_answered_in_part() -> None:
    evidence = page("Rituximab was effective for calcinosis.")
    judged = judged_for("Is rituximab or adalimumab effective for calcinosis?", evidence)
    assert judged.sufficiency is PARTIAL
    assert judged.missing == ("adalimumab",)


def test_a_statement_that_hardly_fits_is_not_enough() -> None:
    question = "How often were long-term wheelchairs needed by children with calcinosis according to registry data?"
    judged = judged_for(question, page("Calcinosis was seen."))
    assert judged.sufficiency is INSUFFICIENT
    assert judged.confidence < 0.2


def judged_as(text: str, *statements: tuple[str, str, float]) -> Sufficiency:
    """The judgement on these statements, each with its document's title and its score, all with a low cosine."""
    question = parse_question(text, GLOSSARY)
    pages = [
        document(passage(said, document=f"{n}.md"), path=f"{n}.md", title=title)
        for n, (said, title, _) in enumerate(statements)
    ]
    scores = {said: score for said, _, score in statements}
    ranked = [
        replace(item, score=scores[item.candidate.body], candidate=replace(item.candidate, similarity=0.4))
        for item in ranked_for(text, *pages)
    ]
    ranked.sort(key=lambda item: -item.score)
    return assess(question, ranked, GLOSSARY, lambda stem: 0.1 if stem == "§jdm" else 2.0).sufficiency


def test_what_is_said_of_another_drug_answers_nothing_about_the_one_that_was_asked() -> None:
    asked = "What are the side effects of methotrexate?"
    of_another = ("Side effects of infliximab are infections.", "Infliximab", 0.6)
    named_in_title = ("Side effects are judged at 3 months.", "Treatment after methotrexate", 0.4)
    assert judged_as(asked, of_another, named_in_title) is INSUFFICIENT
    assert judged_as(asked, ("Side effects of methotrexate are rare.", "Methotrexate", 0.7), of_another) is SUFFICIENT


def test_words_that_tell_a_question_from_others_must_stand_somewhere() -> None:
    asked = "Can children with juvenile dermatomyositis swim?"
    subject = ("Juvenile dermatomyositis is a rare disease of children.", "Juvenile dermatomyositis", 0.6)
    assert judged_as(asked, subject) is INSUFFICIENT
    answer = ("Swimming is possible for children with juvenile dermatomyositis.", "Juvenile dermatomyositis", 0.6)
    assert judged_as(asked, answer, subject) is SUFFICIENT


def test_what_holds_nearly_all_of_a_question_answers_it_in_spite_of_a_word() -> None:
    asked = "What happened to the calcinosis, strength and rash of children on rituximab?"
    told = page("Calcinosis, strength and rash of children improved on rituximab.")
    assert judged_for(asked, told).sufficiency is SUFFICIENT


def test_what_is_only_to_be_learned_by_it_needs_no_words_of_its_own() -> None:
    told = page("Muscle strength is measured on IVIG.")
    assert judged_for("What is measured to see whether IVIG pulls its weight?", told).sufficiency is SUFFICIENT
    assert judged_for("What is measured where IVIG pulls its weight?", told).sufficiency is INSUFFICIENT


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("What is the level of evidence on rituximab?", "The evidence on rituximab is one series of nine children."),
        ("What is checked before escalating treatment?", "Before treatment is stepped up, the dose is checked."),
        ("What counts as remission?", "Remission means that no sign of the disease is left without treatment."),
    ],
)
def test_questions_are_met_in_the_words_of_documents(question: str, statement: str) -> None:
    assert judged_for(question, page(statement)).sufficiency is SUFFICIENT


def test_where_a_document_says_that_it_lacks_what_was_asked_it_is_not_known() -> None:
    lacking = "The side effects of rituximab are not recorded in this document."
    judged = judged_for("Which side effects does rituximab have?", page(lacking, "Rituximab was given to children."))
    assert judged.sufficiency is INSUFFICIENT


def test_what_is_asked_for_must_be_named_somewhere() -> None:
    assert (
        judged_for("Which diet is best with rituximab?", page("Rituximab is the best drug.")).sufficiency
        is INSUFFICIENT
    )


def test_what_is_only_told_of_the_patient_may_be_named_nowhere() -> None:
    told = judged_for(
        "6 y, anti-MDA5: is rituximab effective for calcinosis?", page("Rituximab was effective for calcinosis.")
    )
    assert told.sufficiency is PARTIAL
    assert told.missing == ("anti-MDA5",)


def test_who_asks_for_harms_alone_gets_no_other_statement_about_the_drug() -> None:
    told = page("Rituximab was given to nine children.", "The harms of rituximab are not recorded in this document.")
    assert judged_for("Any harm of rituximab?", told).sufficiency is INSUFFICIENT
    assert judged_for("Any harm of rituximab?", page("Rituximab caused infections.")).sufficiency is SUFFICIENT


def test_tests_that_are_told_of_a_class_hold_for_its_members() -> None:
    told = page("Tests before a TNF inhibitor are those for tuberculosis.")
    assert judged_for("What tests before infliximab?", told).sufficiency is SUFFICIENT
    assert (
        judged_for("What dose of infliximab?", page("A TNF inhibitor is dosed at 5 mg/kg.")).sufficiency is INSUFFICIENT
    )
