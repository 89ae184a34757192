"""The statement that answers comes first, whatever story the question tells."""

from dataclasses import replace

import pytest

from bot.answering.candidates import list_candidates
from bot.answering.question import Aspect, parse_question
from bot.answering.rank import rank, weigh
from bot.answering.reading import known_in
from bot.answering.subject import belonging, read_subject
from bot.domain.documents import CuratedDocument, DocumentKind, PassageKind, RetrievedPassage, SearchQuery
from bot.domain.glossary import Glossary, Term, TermKind
from tests.fakes import GLOSSARY, FakeRetriever, document, passage, sentence
from tests.unit.answering.asking import every_word_counts_the_same, ranked_for


def scores(question: str, *documents: CuratedDocument) -> dict[str, float]:
    return {item.candidate.body: item.score for item in ranked_for(question, *documents)}


def page(*texts: str, headings: tuple[str, ...] = (), path: str = "a.md") -> CuratedDocument:
    return document(passage(*texts, document=path, headings=headings), path=path)


def test_the_story_around_a_question_counts_less_than_the_question() -> None:
    asked = "My son had surgery, fever and calcinosis. What is the dose of rituximab for muscle weakness?"
    story = "Surgery, fever and calcinosis were seen."
    answer = "Rituximab at a dose of 375 mg/m² improved muscle weakness."
    assert next(iter(scores(asked, page(story, answer)))) == answer
    weights = weigh(parse_question(asked, GLOSSARY), every_word_counts_the_same)
    assert weights["surgeri"] < weights["§rituximab"]


def test_without_a_question_of_its_own_the_story_counts_in_full() -> None:
    weights = weigh(parse_question("My son has calcinosis. Is it dangerous?", GLOSSARY), every_word_counts_the_same)
    assert len(set(weights.values())) == 1


def test_a_statement_about_another_drug_counts_far_less() -> None:
    own, other = "Rituximab was effective for calcinosis.", "Infliximab was effective for calcinosis."
    found = scores("Is rituximab effective for calcinosis?", page(own), page(other, path="b.md"))
    assert found[other] < 0.6 * found[own]


def test_the_heading_may_name_the_drug_for_its_statements() -> None:
    text = "It was effective for calcinosis in six children."
    under_own = scores("Is rituximab effective for calcinosis?", page(text, headings=("Rituximab",)))
    under_other = scores("Is rituximab effective for calcinosis?", page(text, headings=("Infliximab",)))
    assert under_own[text] > under_other[text]


def test_when_a_choice_is_asked_for_other_drugs_are_welcome() -> None:
    evidence = FakeRetriever(page("Infliximab is used.")).retrieve([SearchQuery(text="infliximab")], 1)
    (candidate,) = list_candidates(evidence, GLOSSARY)

    def worth(question: str) -> float:
        subject = read_subject(parse_question(question, GLOSSARY), GLOSSARY)
        return belonging(candidate, known_in(evidence[0].passage, GLOSSARY), subject, GLOSSARY)

    assert worth("Rituximab failed, what is the next option?") > worth("How does rituximab work?")
    assert worth("How does a TNF inhibitor work?") == 1.0
    assert worth("How does it work?") == 1.0


def test_what_becomes_of_the_drug_that_failed_is_not_what_comes_next() -> None:
    lowered, added = "Methotrexate may be lowered on IVIG.", "After methotrexate has failed, IVIG is added."
    found = scores("Methotrexate failed, what next?", page(lowered, added))
    assert found[lowered] < 0.8 * found[added]


def test_a_statement_that_only_repeats_the_question_loses() -> None:
    repeated, new = "Rituximab is effective for calcinosis.", "Rituximab is effective for calcinosis after six months."
    found = scores("Is rituximab effective for calcinosis?", page(repeated, new))
    assert found[repeated] < found[new]


def test_a_question_in_a_document_and_half_a_sentence_are_never_said() -> None:
    assert scores("Is rituximab effective?", page("Is rituximab effective?", "Rituximab effective")) == {}


@pytest.mark.parametrize(
    ("better", "worse"), [("Summary", "Results"), ("Results", "Limitations")], ids=["opening", "reservation"]
)
def test_a_summary_leads_and_reservations_follow(better: str, worse: str) -> None:
    text = "Rituximab was effective for calcinosis in six children."
    asked = "Is rituximab effective for calcinosis?"
    assert scores(asked, page(text, headings=(better,)))[text] > scores(asked, page(text, headings=(worse,)))[text]


def test_reservations_are_as_good_as_others_when_they_are_asked_for() -> None:
    text = "Rituximab was tried in six children."
    asked = "What are the limitations of the data on rituximab?"
    limits, results = (scores(asked, page(text, headings=(h,)))[text] for h in ("Caution", "Results"))
    assert limits == results


def test_what_a_document_says_it_lacks_is_seldom_the_answer() -> None:
    held, lacked = "The dose of rituximab is 375 mg/m².", "The dose of rituximab is not stated in this document."
    found = scores("What is the dose of rituximab?", page(held, lacked))
    assert found[lacked] < found[held]


def test_a_statement_without_the_number_asked_for_is_worth_half() -> None:
    asked = parse_question("How many patients responded?", GLOSSARY)
    evidence = FakeRetriever(page("Patients responded well.", "Of patients, 4 responded.")).retrieve(
        [SearchQuery(text=asked.text)], 5
    )
    with_number, without = rank(asked, list_candidates(evidence, GLOSSARY), GLOSSARY, every_word_counts_the_same)
    assert asked.wants(Aspect.COUNT)
    assert with_number.candidate.body == "Of patients, 4 responded."
    assert without.aspect <= 0.5 * with_number.aspect


def test_facts_about_a_document_answer_only_when_asked_for() -> None:
    facts = passage("Rituximab in calcinosis, published in the Journal of Skin.")
    metadata = document(replace(facts, kind=PassageKind.METADATA))
    body = document(facts)
    text = facts.sentences[0].text
    asked = "In which journal was rituximab in calcinosis published?"
    assert scores(asked, metadata)[text] > scores(asked, body)[text]
    other = "Is rituximab helpful in calcinosis?"
    assert scores(other, metadata)[text] < scores(other, body)[text]


def test_a_list_answers_when_its_introduction_is_asked_for_and_an_item_when_the_item_is() -> None:
    items = ("Methotrexate 15 mg weekly", "Infliximab 3 mg/kg monthly", "IVIG 2 g/kg monthly")
    drugs = document(passage(*(sentence(item, lead=("Drugs for severe disease:",)) for item in items)))
    whole, one = "; ".join(items), items[0]
    introduced = scores("Which drugs are for severe disease?", drugs)
    asked_for = scores("What is the dose of methotrexate?", drugs)
    assert introduced[whole] > introduced[one]
    assert asked_for[one] > asked_for[whole]


def test_words_found_nowhere_are_reported() -> None:
    (found,) = ranked_for("Is rituximab effective for wheelchairs?", page("Rituximab was effective."))
    assert found.missing == ("wheelchair",)


def test_nothing_to_rank_is_no_error() -> None:
    assert rank(parse_question("dose?", GLOSSARY), (), GLOSSARY, every_word_counts_the_same) == ()


def test_of_equals_the_one_found_first_stands_first() -> None:
    text = "Rituximab was effective for calcinosis."
    one, other = (page(text, path=path) for path in ("a.md", "b.md"))
    evidence = [
        RetrievedPassage(passage=doc.passages[0], document=doc, rank=rank, score=1.0)
        for rank, doc in enumerate((one, other), 1)
    ]
    asked = parse_question("Is rituximab effective?", GLOSSARY)
    ranked = rank(asked, list_candidates(evidence, GLOSSARY), GLOSSARY, every_word_counts_the_same)
    assert [item.candidate.document for item in ranked] == ["a.md", "b.md"]


def test_two_forms_of_one_drug_answer_for_each_other() -> None:
    glossary = Glossary(
        (
            Term(id="forms", name="prednisone group", kind=TermKind.DRUG),
            Term(id="prednisone", name="prednisone", kind=TermKind.DRUG, classes=("forms",)),
            Term(id="prednisolone", name="prednisolone", kind=TermKind.DRUG, classes=("forms",)),
        )
    )
    source = document(passage("Prednisone was lowered within 2 months."))
    evidence = FakeRetriever(source, glossary=glossary).retrieve([SearchQuery(text="lowered prednisone")], 5)
    question = parse_question("how was prednisolone lowered?", glossary)
    (best,) = rank(question, list_candidates(evidence, glossary), glossary, lambda _: 1.0)
    assert best.missing == ()


def test_to_a_question_on_safety_harms_that_were_seen_come_before_harms_that_were_not() -> None:
    seen, not_seen = "Side effects were seen on rituximab.", "No side effects were seen on rituximab."
    found = scores("What are the side effects of rituximab?", page(not_seen), page(seen, path="b.md"))
    assert found[seen] > found[not_seen]


def test_a_statement_that_passes_a_drug_over_is_hardly_about_it() -> None:
    own, passed_over = "Infliximab and rituximab are effective.", "Infliximab rather than rituximab is effective."
    found = scores("Is rituximab effective?", page(passed_over), page(own, path="b.md"))
    assert found[own] > found[passed_over]


def test_asked_for_the_next_step_what_was_done_from_the_start_comes_later() -> None:
    early, late = "Rituximab from the start helped calcinosis.", "Rituximab helped calcinosis."
    found = scores("What helps refractory calcinosis?", page(early), page(late, path="b.md"))
    assert found[early] < found[late]
    either = scores("What helps calcinosis?", page(early), page(late, path="b.md"))
    assert found[early] / found[late] < either[early] / either[late]


def test_a_proposal_for_other_complaints_than_those_asked_about_comes_later() -> None:
    other, own = "For weakness, rituximab is an option.", "For calcinosis, infliximab is an option."
    found = scores("Which options are there for calcinosis?", page(other), page(own, path="b.md"))
    assert found[other] < found[own]


def test_how_long_is_said_by_a_time_without_the_word() -> None:
    (timed,) = ranked_for("How long is IVIG given?", page("IVIG is given for 6 months."))
    (other,) = ranked_for("How long is IVIG given?", page("IVIG is given for calcinosis."))
    assert timed.coverage > other.coverage


def test_how_a_drug_works_is_no_answer_to_whether_it_works() -> None:
    how, whether = "Rituximab works by removing B cells.", "Rituximab helped most of 20 children."
    (by_removing,) = ranked_for("Does rituximab work?", page(how))
    (helped,) = ranked_for("Does rituximab work?", page(whether))
    assert by_removing.aspect < helped.aspect
    asked = parse_question("How does rituximab work?", GLOSSARY).aspects
    assert Aspect.MECHANISM in asked
    assert Aspect.EFFICACY not in asked


def test_asked_whether_a_drug_helps_what_it_does_for_one_complaint_comes_later() -> None:
    one, whole = "Rituximab did not improve calcinosis.", "Rituximab improved the children."
    general = scores("Does rituximab help?", page(one), page(whole, path="b.md"))
    particular = scores("Does rituximab help calcinosis?", page(one), page(whole, path="b.md"))
    assert general[one] < general[whole]
    assert particular[one] > particular[whole]


def test_a_trial_comes_before_what_is_told_of_another_source() -> None:
    own, told = "Rituximab improved the rash.", "Rituximab improved the rash, according to another overview."
    trial = replace(page(own), kind=DocumentKind.TRIAL)
    found = scores("Does rituximab help the rash?", page(told, path="b.md"), trial)
    assert found[own] > scores("Does rituximab help the rash?", page(own))[own] > found[told]


def test_a_sign_is_read_as_what_it_may_come_from() -> None:
    cause = Term(id="ild", name="lung disease", kind=TermKind.MANIFESTATION)
    sign = Term(id="cough", name="cough", kind=TermKind.MANIFESTATION, signs_of=("ild",))
    glossary = Glossary((*GLOSSARY.terms, cause, sign))
    lungs, throat = "For lung disease, infliximab is an option.", "For dysphagia, rituximab is an option."
    evidence = FakeRetriever(page(lungs), page(throat, path="b.md"), glossary=glossary).retrieve(
        [SearchQuery(text="option")], 2
    )
    question = parse_question("She has a cough. Which options are there?", glossary)
    ranked = rank(question, list_candidates(evidence, glossary), glossary, every_word_counts_the_same)
    assert [item.candidate.body for item in ranked] == [lungs, throat]
    assert "§cough" not in ranked[0].missing
    assert "§cough" in ranked[1].missing


def test_the_age_of_a_patient_is_sought_in_no_statement() -> None:
    stems = parse_question("12yo with calcinosis, a 6-year-old sister. Which dose for a 30 kg child?", GLOSSARY).stems
    assert not {item for item in stems if "12" in item or item.startswith(("6", "year", "old"))}
    assert "30" in stems


def test_that_something_cannot_be_told_comes_after_what_is_told() -> None:
    told, untold = "Rituximab improved the rash of two children.", "Rituximab had too few children to show improvement."
    found = scores("Does rituximab improve the rash?", page(untold), page(told, path="b.md"))
    assert found[told] > found[untold]


def test_who_responds_is_another_question_than_whether_it_works() -> None:
    who, whether = "Age predicted a response to rituximab.", "Children had a response to rituximab."
    general = scores("Is there a response to rituximab?", page(who), page(whether, path="b.md"))
    asked = scores("What predicts a response to rituximab?", page(who), page(whether, path="b.md"))
    assert general[who] < general[whether]
    assert asked[who] / asked[whether] > general[who] / general[whether]


def test_the_amount_of_another_drug_is_not_the_dose_that_was_asked_for() -> None:
    own, other = "Rituximab: 375 mg/m² weekly.", "Methotrexate fell to 10 mg/m² weekly on rituximab."
    found = scores("What is the dose of rituximab?", page(other), page(own, path="b.md"))
    assert found[own] > found[other]
    assert scores("Which dose of methotrexate?", page(other))[other] > found[other]


def test_who_asks_for_tests_is_told_tests_and_those_before_a_treatment_first() -> None:
    studied = "Rituximab was tested in one randomised trial."
    before = "Before rituximab, lab tests for infections are advised."
    during = "On rituximab, lab tests of blood counts are advised."
    found = list(scores("What lab tests before rituximab?", page(studied, during, before)))
    assert found[0] == before
    assert found[-1] == studied


def test_a_rate_is_answered_by_a_share_and_not_by_any_number() -> None:
    judged, share = (
        "At week 16 some children had a response to IVIG.",
        "12 of 18 children had a response to IVIG.",
    )
    assert next(iter(scores("IVIG - what response rate?", page(judged, share)))) == share


def test_what_helped_the_complaint_is_an_option_once_other_drugs_have_failed() -> None:
    helped = "Infliximab helped calcinosis."
    other = "Rituximab is recommended as an option."
    assert next(iter(scores("Calcinosis despite methotrexate, options?", page(helped, other)))) == helped


def test_how_a_trial_was_made_is_told_from_what_it_found() -> None:
    found, made = "Antibodies told of a response in the RIM study.", "The RIM study randomised 200 patients."
    assert next(iter(scores("RIM study design?", page(found, made)))) == made


def test_a_name_that_is_only_known_by_its_capitals_is_no_common_word() -> None:
    share = Term(id="share", name="SHARE recommendations", kind=TermKind.CONCEPT, exact=("SHARE",))
    assert parse_question("What does SHARE say?", Glossary((share,))).stems[0] == "§share"


def test_the_doses_of_drugs_that_failed_are_not_asked_for() -> None:
    asked = parse_question("Failed methotrexate. Want to start rituximab. Dose?", GLOSSARY)
    assert [term.id for term in asked.terms] == ["rituximab"]
    assert "§methotrexate" in asked.background


def test_what_follows_first_line_treatment_is_second_line_treatment() -> None:
    second, other = "Second-line treatment is IVIG or rituximab.", "If IVIG fails, rituximab is an option."
    assert "second" in " ".join(parse_question("What comes after first-line fails?", GLOSSARY).stems)
    assert next(iter(scores("What comes after first-line fails?", page(second, other)))) == second


def test_a_drug_that_is_reserved_for_some_comes_after_what_is_for_all() -> None:
    some, everyone = "As second-line drug, rituximab is reserved for some.", "As second-line drug, IVIG is an option."
    assert next(iter(scores("Which second-line drug next?", page(some, everyone)))) == everyone


def test_the_best_evidence_is_that_something_helped() -> None:
    helped, lacks = "Infliximab helped calcinosis in 54%.", "IVIG for calcinosis has no evidence."
    assert next(iter(scores("Calcinosis - what has best evidence?", page(lacks, helped)))) == helped
