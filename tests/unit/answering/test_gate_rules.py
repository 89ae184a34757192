"""Edits of a true sentence are stopped, faithful forms of it pass: one passage, kind by kind."""

import pytest

from bot.answering.verify import Evidence, verify_claim
from bot.domain.answers import SupportLabel
from tests.fakes import GLOSSARY

TRIAL = Evidence(
    id="E1",
    text=(
        "Women with breast cancer were assigned to palbociclib plus letrozole or placebo plus letrozole. "
        "Median survival was 24.8 months in the palbociclib group, as compared with 14.5 months in the placebo group. "
        "Neutropenia (66% vs. 1%) and leukopenia (25% vs. 0%) were the most common events. "
        "Palbociclib was given orally at 125 mg once daily for 3 weeks, followed by 1 week off. "
        "Dose reductions may be needed in women older than 65 years. "
        "These results suggest that palbociclib could delay progression in postmenopausal women. "
        "Mean cost was higher in the palbociclib group than in the placebo group. "
        "Anaemia was associated with older age. "
        "Fever did not occur in 12 of 20 patients with diabetes."
    ),
)
SUPPORTED, CONTRADICTED, UNKNOWN = SupportLabel


@pytest.mark.parametrize(
    "claim",
    [
        "Palbociclib was given orally at 125 mg once daily for 3 weeks, followed by 1 week off.",
        "Palbociclib was given orally at 125 mg/day for three weeks, followed by 1 week off.",
        "Palbociclib was administered orally at 0.125 g once a day for 3 wk, followed by 1 week off.",
        "For 3 weeks, palbociclib was given orally at 125 mg once daily, followed by 1 week off.",
        "Neutropenia (66 per cent vs. 1 per cent) and leukopenia (25% vs. 0%) were the most common events.",
        "Neutropenia and leukopenia were the most common events.",
        "Dose reductions may be required in women over 65 years.",
        "Mean cost was lower in the placebo group than in the palbociclib group.",
        "Anaemia was linked to older age.",
        "Fever did not occur in 12/20 people with diabetes.",
        "Median survival was 24.8 months with palbociclib and 14.5 months with placebo.",
    ],
)
def test_faithful_forms_pass(claim: str) -> None:
    verdict = verify_claim(claim, [TRIAL], GLOSSARY)
    assert verdict.support is SUPPORTED, verdict.reasons


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("Palbociclib was given orally at 250 mg once daily for 3 weeks, followed by 1 week off.", "125 mg"),
        ("Palbociclib was given orally at 125 mcg once daily for 3 weeks, followed by 1 week off.", "125 mg"),
        ("Palbociclib was given orally at 125 mg once daily for 3 months, followed by 1 week off.", "3 weeks"),
        ("Palbociclib was given orally at 125 mg once weekly for 3 weeks, followed by 1 week off.", "daily"),
        ("Ribociclib was given orally at 125 mg once daily for 3 weeks, followed by 1 week off.", "palbociclib"),
        ("Palbociclib was given intravenously at 125 mg once daily for 3 weeks.", "orally"),
        ("Median survival was 14.5 months in the palbociclib group.", "placebo"),
        ("Median survival was 24.8 months with placebo.", "palbociclib"),
        ("Neutropenia (25% vs. 1%) and leukopenia (66% vs. 0%) were the most common events.", "25%"),
        ("Neutropenia was seen in 66 patients.", "66"),
        ("Dose reductions are needed in women older than 65 years.", "may"),
        ("Dose reductions may be needed in women.", "65"),
        ("Dose reductions may be needed in patients older than 65 years.", "women"),
        ("These results prove that palbociclib could delay progression in postmenopausal women.", "suggest"),
        ("These results suggest that palbociclib could delay progression in premenopausal women.", "postmenopausal"),
        ("These results suggest that palbociclib could delay progression in women.", "postmenopausal"),
        ("Mean cost was higher in the placebo group than in the palbociclib group.", "other way"),
        ("Mean cost was lower in the palbociclib group than in the placebo group.", "higher"),
        ("Anaemia was caused by older age.", "associated"),
        ("Fever did occur in 12 of 20 patients with diabetes.", "denies"),
        ("Fever did not occur in 20 of 12 patients with diabetes.", "12"),
        ("Palbociclib was given orally at 125 mg once daily, which also prevents flares.", "prevents flares"),
        ("Neutropenia (66% vs. 1%) and jaundice (25% vs. 0%) were the most common events.", "jaundice"),
    ],
)
def test_edits_are_stopped_and_the_reason_names_what_differs(claim: str, said: str) -> None:
    verdict = verify_claim(claim, [TRIAL], GLOSSARY)
    assert verdict.support is not SUPPORTED
    assert said in verdict.reasons[0]


def test_a_true_sentence_of_another_passage_is_not_carried_by_this_one() -> None:
    other = Evidence(id="E2", text="Influenza vaccination was offered to nurses of a rural hospital in winter.")
    claim = "Mean cost was higher in the palbociclib group than in the placebo group."
    assert verify_claim(claim, [other], GLOSSARY).support is not SUPPORTED


def test_one_disease_never_stands_for_a_wider_group_of_patients() -> None:
    passage = Evidence(id="E1", text="Rituximab improved the rash in children with JDM.")
    assert verify_claim("Rituximab improved the rash in children with JDM.", [passage], GLOSSARY).support is SUPPORTED
    wider = verify_claim("Rituximab improved the rash in all patients.", [passage], GLOSSARY)
    assert wider.support is not SUPPORTED


def test_a_name_that_the_glossary_does_not_know_may_not_be_exchanged() -> None:
    passage = Evidence(id="E1", text="Deletion of KLF2 in myeloid cells increased inflammation, and STAT3 was silent.")
    claim = "Deletion of {} in myeloid cells increased inflammation."
    assert verify_claim(claim.format("KLF2"), [passage], GLOSSARY).support is SUPPORTED
    for other in ("STAT3", "FOXP3"):
        assert verify_claim(claim.format(other), [passage], GLOSSARY).support is not SUPPORTED


def test_an_abbreviation_that_the_passage_only_spells_out_is_understood() -> None:
    passage = Evidence(id="E1", text="Patients with coronary heart disease were followed for ten years in Sweden.")
    claim = "Patients with CHD were followed for ten years in Sweden."
    assert verify_claim(claim, [passage], GLOSSARY).support is SUPPORTED


def test_line_ends_that_were_written_out_separate_sentences() -> None:
    passage = Evidence(id="E1", text="AIM To study rash. \\n RESULTS Rash improved in most children of the cohort.")
    assert verify_claim("Rash improved in most children of the cohort.", [passage], GLOSSARY).support is SUPPORTED


def test_a_word_that_denies_by_its_prefix_needs_a_denial_in_the_passage() -> None:
    text = "Home monitoring of blood pressure found hypertension as well as monitoring in the clinic did."
    claim = "Measuring blood pressure at home is inaccurate for hypertension."
    verdict = verify_claim(claim, [Evidence(id="E1", text=text)], GLOSSARY)
    assert verdict.support is not SupportLabel.SUPPORTED


ARMS = Evidence(
    id="E1",
    text=(
        "On methotrexate alone, 29% of the children with uveitis improved by week 20. "
        "On methotrexate plus ciclosporin, 41% of the children with uveitis improved by week 20. "
        "On methotrexate plus infliximab, 63% of the children with uveitis improved by week 20. "
        "Infliximab is added to methotrexate because more children improved with it: 63% against 29% on methotrexate. "
        "All of them were treated off-label."
    ),
)


@pytest.mark.parametrize("number", ["41%", "29%", "20%"])
def test_the_number_of_another_sentence_is_no_number_of_this_one(number: str) -> None:
    claim = "On methotrexate plus infliximab, 63% of the children with uveitis improved by week 20."
    assert verify_claim(claim, [ARMS], GLOSSARY).support is SUPPORTED
    assert verify_claim(claim.replace("63%", number), [ARMS], GLOSSARY).support is CONTRADICTED


def test_a_number_of_two_drugs_is_no_number_of_one_of_them_with_a_third() -> None:
    said = verify_claim("With infliximab added to methotrexate, 41% improved.", [ARMS], GLOSSARY)
    assert said.support is not SUPPORTED


def test_on_label_is_not_off_label() -> None:
    assert verify_claim("All of them were treated off-label.", [ARMS], GLOSSARY).support is SUPPORTED
    assert verify_claim("All of them were treated on-label.", [ARMS], GLOSSARY).support is not SUPPORTED


def test_a_claim_of_a_hundred_numbers_is_no_claim() -> None:
    said = verify_claim(f"Cost was {' 63% '.join(['41%'] * 60)}.", [ARMS], GLOSSARY)
    assert said.support is UNKNOWN
    assert "more than 60 numbers" in said.reasons[0]


def test_a_denying_word_that_the_passage_says_of_something_else_may_not_be_put_in() -> None:
    told = Evidence(
        id="E1",
        text=(
            "Uveitis improved on infliximab in 75% of the children, whereas one review names rituximab or ciclosporin "
            "for uveitis after methotrexate has failed."
        ),
    )
    claim = "Uveitis improved on infliximab in 75% of the children."
    assert verify_claim(claim, [told], GLOSSARY).support is SUPPORTED
    assert verify_claim(claim.replace("improved", "failed to improve"), [told], GLOSSARY).support is not SUPPORTED
