"""Both sides are told where sources differ, and nothing is called a difference that isn't one."""

from dataclasses import replace

import pytest

from bot.answering.conflicts import concerned, touches
from bot.answering.differences import note_differences
from bot.answering.question import parse_question
from bot.domain.answers import ClaimRole, Draft, DraftClaim, Matter, Quotation
from bot.domain.documents import Conflict, CuratedDocument, DocumentKind, Sentence
from bot.domain.glossary import Glossary, Term, TermKind
from tests.fakes import GLOSSARY, document, passage, sentence
from tests.unit.answering.asking import draft_for, ranked_for, said


def laid_out(*texts: str) -> list[Sentence]:
    """Sentences one after the other."""
    return [sentence(text, start=len(" ".join(texts[:number]))) for number, text in enumerate(texts)]


def first(*texts: str) -> CuratedDocument:
    return document(passage(*laid_out(*texts)), title="First")


def second(*texts: str, headings: tuple[str, ...] = ()) -> CuratedDocument:
    return document(passage(*laid_out(*texts), document="b.md", headings=headings), path="b.md", title="Second")


def sides(draft: Draft) -> list[list[str]]:
    """The quotations that stand against each other."""
    return [[side.quote for side in each.sides] for each in draft.disagreements]


BULLET = document(
    passage(
        sentence("Dosing: 375 mg/m² weekly for 4 consecutive weeks", is_item=True), headings=("Medication", "Rituximab")
    ),
    title="First",
)
OTHER_DOSE = second("Rituximab is given as 1000 mg, two doses 14 days apart.")
DOSE = "What is the dosing of rituximab?"


def test_different_doses_of_one_drug_are_both_said_as_two_sides() -> None:
    draft = draft_for(DOSE, BULLET, OTHER_DOSE)
    told = " ".join(said(draft))
    assert "375 mg/m²" in told
    assert "1000 mg" in told
    (disagreement,) = draft.disagreements
    assert (disagreement.matter, disagreement.subject) == (Matter.DOSE, "rituximab")
    assert {side.passage for side in disagreement.sides} == {"a.md#0", "b.md#0"}


def test_doses_of_three_documents_are_three_sides() -> None:
    third = document(passage("Rituximab is given at 575 mg/m².", document="c.md"), path="c.md", title="Third")
    (quotes,) = sides(draft_for(DOSE, BULLET, OTHER_DOSE, third))
    assert len(quotes) == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rituximab is given at 375 mg/m² weekly for 4 weeks.", "Rituximab: 375 mg/m2 once a week for 4 weeks."),
        ("Rituximab is given at 375 mg/m².", "Infliximab is given at 3 mg/kg."),
        ("Rituximab is given at 375 mg/m².", "Rituximab is given when methotrexate fails."),
        ("Methotrexate is dosed at 15 mg/m².", "Methotrexate is dosed at 15 mg/m², with a maximum of 40 mg."),
        ("Methotrexate is dosed at 15 mg/m².", "Methotrexate is dosed at 15–20 mg/m²."),
        ("Methotrexate is dosed at up to 40 mg.", "Methotrexate is dosed at 15 mg/m²."),
        ("Methotrexate is dosed at 15 mg/m², at most 40 mg.", "Methotrexate is dosed at 40 mg."),
        ("IVIG is dosed at 2 g/kg every 28 days.", "IVIG is dosed at 2 g/kg every 4 weeks."),
        ("IVIG is dosed at 2 g/kg monthly.", "IVIG is dosed at 2 g/kg every 4 weeks."),
        ("IVIG is dosed at 2 g/kg.", "IVIG is dosed at 0.4 g/kg daily for 5 days."),
        ("Ciclosporin is dosed at 4 mg/kg.", "Ciclosporin is dosed at 2 mg/kg twice daily."),
        ("Infliximab is dosed at 3 mg/kg every 4–8 weeks.", "Infliximab is dosed at 3 mg/kg every 6 weeks."),
        ("Rituximab is dosed at 0.5 g.", "Rituximab is dosed at 500 mg."),
        ("Methotrexate is dosed at 20 mg by mouth.", "Methotrexate is dosed at 30 mg subcutaneously."),
        ("Methotrexate starts at a starting dose of 10 mg.", "Methotrexate maintenance dose is 20 mg."),
        ("Ciclosporin is dosed at 4 mg/kg.", "Ciclosporin is tapered to a dose of 1 mg/kg."),
        ("A TNF inhibitor is dosed at 5 mg/kg.", "The infliximab dose is 3 mg/kg."),
        ("In JDM the dose of rituximab is 375 mg/m².", "In IBM the dose of rituximab is 1000 mg."),
        ("The dose of IVIG for calcinosis is 2 g/kg.", "The dose of IVIG for dysphagia is 1 g/kg."),
    ],
    ids=[
        "the same in other words", "another drug", "no dose", "the same with a maximum", "inside a range",
        "a maximum alone", "a maximum as a dose", "28 days and 4 weeks", "a month and 4 weeks", "a course",
        "a day and its halves", "an interval inside a range", "grams",
        "other routes", "other phases", "a taper", "a class and its member", "another disease", "another complaint",
    ],
)  # fmt: skip
def test_these_are_no_disagreement_about_a_dose(one: str, other: str) -> None:
    for drug in ("rituximab", "methotrexate", "IVIG", "ciclosporin", "infliximab", "TNF inhibitor"):
        assert not draft_for(f"What is the dose of {drug}?", first(one), second(other)).disagreements


@pytest.mark.parametrize(
    ("one", "other", "matter"),
    [
        ("The dose of IVIG is 2 g/kg.", "The dose of IVIG is 1 g/kg.", Matter.DOSE),
        ("The dose of IVIG is 1–2 g/kg.", "The dose of IVIG is 3–4 g/kg.", Matter.DOSE),
        ("The dose of IVIG is 2 g/kg every 4 weeks.", "The dose of IVIG is 2 g/kg every 2 weeks.", Matter.SCHEDULE),
        ("The dose of IVIG is 2 g/kg, 14 days apart.", "The dose of IVIG is 2 g/kg every 8 weeks.", Matter.SCHEDULE),
        ("The IVIG dose is 1 g/kg daily for 2 days.", "The IVIG dose is 0.4 g/kg daily for 5 days.", Matter.SCHEDULE),
        ("The dose of IVIG is 2 g/kg over 2 days.", "The dose of IVIG is 2 g/kg over 5 days.", Matter.SCHEDULE),
    ],
)
def test_what_can_not_be_put_into_each_other_is_a_disagreement(one: str, other: str, matter: Matter) -> None:
    draft = draft_for("What is the dose of IVIG?", first(one), second(other))
    assert [each.matter for each in draft.disagreements] == [matter]


def test_two_documents_that_split_one_scheme_by_weight_agree() -> None:
    small, large = "Ciclosporin below 25 kg has a dose of 50 mg.", "Ciclosporin above 25 kg has a dose of 100 mg."
    assert not draft_for("What is the dose of ciclosporin?", first(small, large), second(large, small)).disagreements


def test_two_doses_inside_one_document_are_no_disagreement_between_sources() -> None:
    page = first("Rituximab is given at 375 mg/m² weekly.", "Rituximab is given at 1000 mg twice.")
    assert not draft_for(DOSE, page).disagreements


def test_a_sentence_that_weighs_other_sources_is_nobodys_side() -> None:
    weighing = "One web overview gives rituximab at a dose of 1000 mg, whereas another gives 500 mg."
    assert not draft_for(DOSE, BULLET, second(weighing)).disagreements
    headed = second("Rituximab is given at a dose of 1000 mg.", headings=("Where sources differ",))
    assert not draft_for(DOSE, BULLET, headed).disagreements


def test_a_question_between_two_things_gets_the_statement_for_each_and_names_no_disagreement() -> None:
    draft = draft_for(
        "Is rituximab given alone or in combination?",
        first("Rituximab was given alone in juvenile dermatomyositis."),
        second("Rituximab was given in combination with methotrexate."),
    )
    assert len(said(draft)) == 2
    assert not draft.disagreements


def test_whoever_asks_whether_sources_agree_between_two_things_gets_both_as_sides() -> None:
    draft = draft_for(
        "Is rituximab given alone or in combination? Do the sources agree?",
        first("Rituximab was given alone in juvenile dermatomyositis."),
        second("Rituximab was given in combination with methotrexate."),
    )
    assert [(each.matter, each.subject) for each in draft.disagreements] == [(Matter.ANSWER, "rituximab")]


def test_one_document_that_holds_both_alternatives_differs_from_nobody() -> None:
    page = first("Rituximab was given alone.", "Rituximab was given in combination.")
    assert not draft_for("Is rituximab given alone or in combination?", page).disagreements


CHOICE = "What is recommended after methotrexate fails?"


def test_different_recommendations_for_one_situation_are_both_said() -> None:
    draft = draft_for(
        CHOICE,
        first("IVIG is recommended after methotrexate fails."),
        second("Rituximab is recommended after methotrexate fails."),
    )
    assert said(draft) == [
        "IVIG is recommended after methotrexate fails.",
        "Rituximab is recommended after methotrexate fails.",
    ]
    assert draft.claims[1].role is ClaimRole.DISAGREEMENT
    assert [each.matter for each in draft.disagreements] == [Matter.CHOICE]


@pytest.mark.parametrize(
    "other",
    [
        "IVIG is recommended after methotrexate fails, as before.",
        "IVIG or rituximab is recommended after methotrexate fails.",
        "Calcinosis after methotrexate fails is recommended.",
        "Rituximab is not recommended after methotrexate fails.",
        "Screening before rituximab is recommended after methotrexate fails.",
        "Rituximab is recommended for calcinosis after methotrexate fails.",
        "Rituximab is recommended after ciclosporin fails, not methotrexate.",
        "Rituximab is recommended after IVIG and methotrexate failed.",
    ],
    ids=["same", "a subset", "no drug", "refused", "a test", "another complaint", "another step", "the next step"],
)
def test_these_are_no_disagreement_about_a_recommendation(other: str) -> None:
    page = first("IVIG is recommended after methotrexate fails.")
    assert not draft_for(CHOICE, page, second(other)).disagreements


def test_recommendations_after_different_drugs_are_for_different_patients() -> None:
    draft = draft_for(
        "What is recommended next in juvenile dermatomyositis?",
        first("In juvenile dermatomyositis IVIG is recommended after methotrexate."),
        second("In juvenile dermatomyositis rituximab is recommended after ciclosporin."),
    )
    assert not draft.disagreements


def test_a_class_and_its_member_are_not_two_recommendations() -> None:
    draft = draft_for(
        CHOICE,
        first("A TNF inhibitor is recommended after methotrexate fails."),
        second("Infliximab is recommended after methotrexate fails."),
    )
    assert not draft.disagreements


def test_who_asks_about_a_named_drug_is_not_told_of_other_choices() -> None:
    draft = draft_for(
        "Is rituximab recommended in juvenile dermatomyositis?",
        first("IVIG is recommended in juvenile dermatomyositis rather than rituximab."),
        second("Methotrexate is recommended in juvenile dermatomyositis with rituximab."),
    )
    assert not draft.disagreements


EFFECT = "Is rituximab effective for calcinosis?"


@pytest.mark.parametrize(
    ("question", "one", "other", "matter"),
    [
        (EFFECT, "Rituximab was effective in calcinosis.", "Rituximab was not effective in calcinosis.", Matter.EFFECT),
        (EFFECT, "Calcinosis improved on rituximab.", "Calcinosis improved on rituximab in 0/6.", Matter.EFFECT),
        (
            "Is rituximab safe?",
            "Rituximab caused infections in children.",
            "Rituximab caused no infections in children.",
            Matter.SAFETY,
        ),
    ],
)
def test_what_one_reports_and_another_denies_is_shown_from_both(
    question: str, one: str, other: str, matter: Matter
) -> None:
    draft = draft_for(question, first(one), second(other))
    assert {one, other} <= set(said(draft))
    assert [(each.matter, each.subject) for each in draft.disagreements] == [(matter, "rituximab")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rituximab was effective for calcinosis.", "Infliximab was not effective for calcinosis."),
        ("Rituximab was effective for calcinosis.", "Rituximab was not effective for dysphagia."),
        ("Rituximab was effective for calcinosis.", "Rituximab cleared no calcinosis."),
        ("Rituximab was effective for calcinosis in JDM.", "Rituximab was not effective for calcinosis in IBM."),
        ("Rituximab was effective for calcinosis.", "Rituximab may not be effective for calcinosis."),
        ("Rituximab was effective for calcinosis.", "For calcinosis, improvement on rituximab did not differ."),
        ("Rituximab was effective for calcinosis.", "Rituximab was effective for calcinosis, but not effective later."),
        ("A biologic was effective for calcinosis.", "Rituximab was not effective for calcinosis."),
    ],
    ids=["drug", "complaint", "outcome", "disease", "hedged", "a comparison", "both", "a class and its member"],
)
def test_these_are_no_disagreement_about_an_effect(one: str, other: str) -> None:
    assert not draft_for(EFFECT, first(one), second(other)).disagreements


def test_the_deniers_statement_is_shown_even_where_another_of_its_statements_fits_better() -> None:
    denial = "Rituximab for calcinosis in severe disease had no benefit in improvement."
    draft = draft_for(
        "Is rituximab effective for calcinosis? Do the sources agree?",
        first("Calcinosis improved on rituximab."),
        second("Rituximab for calcinosis is used late.", denial),
    )
    assert denial in said(draft)
    assert len(draft.disagreements) == 1


def test_a_document_that_contradicts_itself_is_no_second_source() -> None:
    page = first("Rituximab was effective for calcinosis.", "Rituximab was not effective for calcinosis later.")
    assert not draft_for(f"{EFFECT} Do the sources agree?", page).disagreements


def test_when_a_comparison_is_asked_for_the_best_of_each_document_is_shown_and_no_disagreement_is_made_up() -> None:
    draft = draft_for(
        "What do both papers say about adalimumab for arthritis?",
        first("Adalimumab is used for arthritis of the knee."),
        second("Adalimumab is one drug for arthritis."),
    )
    assert len(said(draft)) == 2
    assert not draft.disagreements


def test_an_alternative_that_nothing_holds_makes_no_sides() -> None:
    draft = draft_for(
        "Is rituximab given alone or by nebuliser? Do the sources agree?",
        first("Rituximab was given alone."),
        second("Rituximab was given with care."),
    )
    assert not draft.disagreements


def test_a_models_draft_gets_the_side_that_it_left_out_in_the_documents_words() -> None:
    ranked, question = ranked_for(DOSE, BULLET, OTHER_DOSE), parse_question(DOSE, GLOSSARY)
    own = next(item.candidate for item in ranked if item.candidate.document == "a.md")
    written = DraftClaim(
        text="The dose is 375 mg/m² weekly for 4 weeks.", role=ClaimRole.BOTTOM_LINE, quotations=(own.quotation,)
    )
    draft = note_differences(Draft(claims=(written,), model="a-model"), question, ranked, GLOSSARY)
    assert draft.claims[0] is written
    assert said(draft)[1:] == ["Rituximab is given as 1000 mg, two doses 14 days apart."]
    assert draft.claims[1].role is ClaimRole.DISAGREEMENT
    assert draft.model == "a-model"
    assert own.quotation.quote in sides(draft)[0]


def test_a_models_claim_without_the_number_is_no_side_and_the_sentence_is_added() -> None:
    ranked, question = ranked_for(DOSE, BULLET, OTHER_DOSE), parse_question(DOSE, GLOSSARY)
    own = next(item.candidate for item in ranked if item.candidate.document == "a.md")
    part = Quotation(passage=own.quotation.passage, quote="Dosing", spans=own.quotation.spans)
    vague = DraftClaim(text="Rituximab is dosed by body surface.", role=ClaimRole.BOTTOM_LINE, quotations=(part,))
    draft = note_differences(Draft(claims=(vague,)), question, ranked, GLOSSARY)
    assert any("375 mg/m²" in text for text in said(draft))


REASON = "They counted different things."


def conflicting(*others: str, topic: str) -> tuple[CuratedDocument, CuratedDocument]:
    here = first("Calcinosis improved on rituximab in 2 of 4 children.")
    there = second(*others)
    return (
        replace(here, conflicts_with=(Conflict(document="b", topic=topic, reason=REASON),)),
        replace(there, conflicts_with=(Conflict(document="a", topic=topic, reason=REASON),)),
    )


def test_what_a_curator_wrote_down_is_shown_from_both_with_the_reason() -> None:
    other = "Of 9 children on rituximab, 1 reached remission."
    draft = draft_for("Does rituximab work?", *conflicting(other, topic="response to rituximab"))
    (disagreement,) = draft.disagreements
    assert (disagreement.matter, disagreement.subject) == (Matter.STATED, "response to rituximab")
    assert disagreement.reasons == (REASON,)
    assert sides(draft) == [["Calcinosis improved on rituximab in 2 of 4 children.", other]]


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Does rituximab work?", "dose of rituximab"),
        ("Does rituximab work?", "response to infliximab"),
        ("What is the dose of rituximab?", "response to rituximab"),
        ("Does rituximab work for dysphagia?", "response to rituximab"),
    ],
    ids=["another kind of statement", "another drug", "an exact want", "another complaint"],
)
def test_a_curated_conflict_that_is_not_asked_about_is_not_shown(question: str, topic: str) -> None:
    pair = conflicting("Of 9 children on rituximab, 1 reached remission.", topic=topic)
    assert not draft_for(question, *pair).disagreements


@pytest.mark.parametrize(
    ("question", "topic", "shown"),
    [
        ("What is used next after IVIG fails?", "next treatment after IVIG", True),
        ("When is IVIG added to rituximab?", "next treatment after IVIG", False),
        ("What is used if IVIG fails?", "place of IVIG", False),
        ("When is IVIG used?", "place of IVIG", True),
        ("When is IVIG used with infliximab?", "place of IVIG", False),
        ("How does IVIG work?", "place of IVIG", False),
    ],
    ids=["tried", "not tried", "tried, not asked about", "asked about", "another drug as well", "another want"],
)
def test_a_curated_choice_is_shown_for_the_step_that_is_asked_about(question: str, topic: str, *, shown: bool) -> None:
    conflict = Conflict(document="b", topic=topic, reason=REASON)
    here = replace(first("After IVIG, rituximab is recommended next."), conflicts_with=(conflict,))
    there = second("After IVIG, methotrexate is recommended next.")
    matters = [each.matter for each in draft_for(question, here, there).disagreements]
    assert (Matter.STATED in matters) is shown


def test_a_document_speaks_for_itself_before_it_reports_or_weighs_others() -> None:
    own = "A response to rituximab was seen in 1 of 9 children."
    reported = "According to another review, a response to rituximab was seen in 2 of 9 children."
    pair = conflicting(reported, own, topic="response to rituximab")
    (quotes,) = sides(draft_for("Does rituximab work?", *pair))
    assert own in quotes
    assert reported not in quotes


def test_a_review_is_asked_last_and_for_what_the_study_does_not_say() -> None:
    repeated, own = "Calcinosis improved on rituximab in 2 of 4 children.", "Rituximab works in most, with remission."
    here, there = conflicting(repeated, own, topic="response to rituximab")
    pair = (replace(there, kind=DocumentKind.REVIEW), replace(here, kind=DocumentKind.COHORT))
    assert sides(draft_for("Does rituximab work?", *pair))[0] == [
        "Calcinosis improved on rituximab in 2 of 4 children.",
        own,
    ]


def test_a_curated_choice_is_spoken_for_by_who_recommends_a_treatment_and_not_by_who_advises_a_test() -> None:
    test, treatment = "Assessing the place of IVIG is advised.", "IVIG is proposed as the next step."
    topic = "place of IVIG"
    here = replace(
        first("IVIG is recommended as an add-on."),
        conflicts_with=(Conflict(document="b", topic=topic, reason=REASON),),
    )
    (quotes,) = sides(draft_for("When should IVIG be used?", here, second(test, treatment)))
    assert quotes == ["IVIG is recommended as an add-on.", treatment]


def test_a_sentence_that_weighs_both_stands_for_its_document_only_where_nothing_else_does() -> None:
    weighing = "One web overview found a response to rituximab, whereas another found none."
    (quotes,) = sides(draft_for("Does rituximab work?", *conflicting(weighing, topic="response to rituximab")))
    assert weighing in quotes


def test_of_two_topics_the_one_that_names_more_of_what_is_asked_is_shown() -> None:
    here, there = conflicting("Calcinosis showed no response to rituximab.", topic="response to rituximab")
    narrow = Conflict(document="b", topic="response of calcinosis to rituximab", reason=REASON)
    draft = draft_for(
        "Does rituximab work for calcinosis?", replace(here, conflicts_with=(*here.conflicts_with, narrow)), there
    )
    assert draft.disagreements[0].subject == narrow.topic


def test_a_curated_conflict_is_shown_even_where_the_answer_cites_another_document() -> None:
    here, there = conflicting("Of 9 children on rituximab, 1 reached remission.", topic="response to rituximab")
    third = document(passage("Rituximab does work.", document="c.md"), path="c.md", title="Third")
    question = "Does rituximab work?"
    ranked = ranked_for(question, here, there, third)
    cited = next(item.candidate for item in ranked if item.candidate.document == "c.md")
    draft = Draft(claims=(DraftClaim(text=cited.text, role=ClaimRole.BOTTOM_LINE, quotations=(cited.quotation,)),))
    (quotes,) = sides(note_differences(draft, parse_question(question, GLOSSARY), ranked, GLOSSARY))
    assert len(quotes) == 2


def test_who_only_tells_what_others_say_is_left_out_where_two_speak_for_themselves() -> None:
    here, there = conflicting("Of 9 children on rituximab, 1 reached remission.", topic="response to rituximab")
    report = "According to another review, rituximab works in 7 of 8 children."
    third = replace(
        document(passage(report, document="c.md"), path="c.md", title="Third"), conflicts_with=there.conflicts_with
    )
    (quotes,) = sides(draft_for("Does rituximab work?", here, there, third))
    assert report not in quotes


def test_a_question_for_a_whole_class_is_not_about_what_one_part_of_it_is_contested_for() -> None:
    pair = conflicting("Infliximab improved 1 of 9 children.", topic="benefit of TNF inhibitors")
    assert not sides(draft_for("What is the benefit of biologics?", *pair))


def test_a_curated_conflict_is_not_shown_where_no_side_speaks_of_what_is_asked_beside_it() -> None:
    pair = conflicting("Of 9 children on rituximab, 1 reached remission.", topic="response to rituximab")
    assert not sides(draft_for("Does rituximab work in anti-MDA5 disease?", *pair))


def test_of_an_effect_a_statement_that_says_in_how_many_stands_for_its_document() -> None:
    early, many = "Rituximab was effective after 4 weeks.", "Rituximab was effective in 7/9 children."
    (quotes,) = sides(draft_for("What effect has rituximab?", *conflicting(early, many, topic="effect of rituximab")))
    assert many in quotes
    assert early not in quotes


def test_a_turn_of_phrase_asks_for_the_topic_that_it_means() -> None:
    glossary = Glossary(
        (*GLOSSARY.terms, Term(id="tapering", name="tapering", kind=TermKind.CONCEPT, names=("taper",)))
    )
    question = parse_question("Can we come down on ciclosporin?", glossary)
    assert touches(question, "tapering ciclosporin", glossary)
    assert not touches(parse_question("Can we start ciclosporin?", glossary), "tapering ciclosporin", glossary)


def test_two_documents_that_both_contradict_a_third_are_no_two_sides() -> None:
    here, there = conflicting("Of 9 children on rituximab, 1 reached remission.", topic="response to rituximab")
    ally = document(passage("Rituximab was effective in 7/8 children.", document="c.md"), path="c.md", title="Third")
    silent = replace(there, passages=(passage("Nothing was measured.", document="b.md"),))
    both = (here, replace(ally, conflicts_with=here.conflicts_with))
    assert not sides(draft_for("Does rituximab work?", *both, silent))
    assert len(sides(draft_for("Does rituximab work?", *both, there))[0]) == 3


def test_documents_that_stand_against_each_other_already_are_not_set_apart_a_second_time() -> None:
    here = replace(BULLET, conflicts_with=(Conflict(document="b", topic="dose of rituximab", reason=REASON),))
    third = document(passage("Rituximab is given at 575 mg/m².", document="c.md"), path="c.md", title="Third")
    (disagreement,) = draft_for(DOSE, here, OTHER_DOSE, third).disagreements
    assert disagreement.matter is Matter.STATED


def test_what_counts_as_failing_is_no_report_of_an_effect() -> None:
    defined = second("IVIG counts as failed without response after 3 cycles.")
    assert not sides(draft_for("Does IVIG work?", first("IVIG improved 12 of 18 children."), defined))


def test_the_conflicts_of_a_large_library_are_told_in_its_own_order() -> None:
    names = ("rituximab", "infliximab", "steroids")
    glossary = Glossary(tuple(Term(id=name, name=name, kind=TermKind.DRUG) for name in names))

    def held(name: str, topic: str) -> CuratedDocument:
        conflict = Conflict(document=f"{name}-other", topic=topic)
        return CuratedDocument(path=f"{name}.md", id=name, title=name, conflicts_with=(conflict,))

    topics = ("dose of rituximab", "dose of infliximab", "tapering steroids", "dose of rituximab")
    contested = tuple(held(f"d{number}", topics[number % 4]) for number in range(40))
    found = concerned(parse_question("What is the dose of rituximab?", glossary), contested, glossary)
    named = [f"d{number}" for number in range(40) if number % 4 in {0, 3}]
    assert found == tuple(name for one in named for name in (one, f"{one}-other"))
    assert concerned(parse_question("Who wrote the guideline?", glossary), contested, glossary) == ()
