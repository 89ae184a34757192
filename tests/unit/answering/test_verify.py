"""The gate passes what the passage says and stops what it doesn't, with the reason in words."""

import pytest

from bot.answering.verify import Evidence, quotation_stands, verify_claim
from bot.domain.answers import SupportLabel
from tests.fakes import GLOSSARY

PASSAGE = Evidence(
    id="E1",
    context="Treatment of juvenile dermatomyositis . Biologics",
    text=(
        "Rituximab was given at 375 mg/m² weekly for 4 consecutive weeks.\n"
        "Rituximab may be effective for muscle disease.\n"
        "Rituximab was not effective for calcinosis.\n"
        "Infliximab is given at 3–5 mg/kg every 4–8 weeks.\n"
        "Complete response was seen in 3/6 patients."
    ),
)
SUPPORTED, CONTRADICTED, UNKNOWN = SupportLabel


@pytest.mark.parametrize(
    "claim",
    [
        "Rituximab was given at 375 mg/m² weekly for 4 consecutive weeks.",
        "MabThera was given at 375 mg/m2 weekly for 4 weeks.",
        "Infliximab is given at 3 to 5 mg/kg every 4 to 8 weeks.",
        "Rituximab was not effective for calcium deposits.",
        "Rituximab may be effective for muscle disease and was not effective for calcinosis.",
        "A complete response was seen in 3/6 patients.",
    ],
)
def test_faithful_claims_pass(claim: str) -> None:
    assert verify_claim(claim, [PASSAGE], GLOSSARY).support is SUPPORTED


@pytest.mark.parametrize(
    ("claim", "label", "reason"),
    [
        ("Rituximab was given at 735 mg/m² weekly for 4 weeks.", CONTRADICTED, "375 mg/m2"),
        ("Rituximab was given at 375 mg/kg weekly for 4 weeks.", CONTRADICTED, "mg/kg"),
        ("Rituximab was given at 375 mg/m² daily for 4 weeks.", CONTRADICTED, "weekly"),
        ("Infliximab is given at 5–5 mg/kg every 4–8 weeks.", CONTRADICTED, "3-5 mg/kg"),
        ("Infliximab is given at 3–5 mg/kg every 4–6 weeks.", CONTRADICTED, "4-8 weeks"),
        ("Infliximab was given at 375 mg/m² weekly for 4 weeks.", CONTRADICTED, "rituximab"),
        ("Adalimumab is given at 3–5 mg/kg every 4–8 weeks.", CONTRADICTED, "infliximab"),
        ("Rituximab was effective for calcinosis.", CONTRADICTED, "denies"),
        ("Rituximab was not given at 375 mg/m² weekly for 4 weeks.", CONTRADICTED, "denies"),
        ("Rituximab must be effective for muscle disease.", UNKNOWN, "must"),
        ("Rituximab cures diabetes in mice within days.", UNKNOWN, "diabetes"),
        ("Complete response was seen in 5/6 patients.", CONTRADICTED, "3/6"),
        ("Infliximab is given at 3–5 mg/kg every 9 weeks.", CONTRADICTED, "4-8 weeks"),
        ("Complete response was seen in 44 % of patients.", UNKNOWN, "44 %"),
        ("Complete response was seen in patients daily.", UNKNOWN, "daily"),
        ("Rituximab was effective for muscle disease in JDM and IBM.", UNKNOWN, "inclusion body myositis"),
        ("Complete response was seen in all patients.", UNKNOWN, "all"),
        ("Complete response was seen in adult patients.", UNKNOWN, "adults"),
    ],
)
def test_changed_claims_are_stopped_with_their_reason(claim: str, label: SupportLabel, reason: str) -> None:
    verdict = verify_claim(claim, [PASSAGE], GLOSSARY)
    assert verdict.support is label
    assert reason in verdict.reasons[0]


def test_a_claim_without_a_passage_is_not_supported() -> None:
    assert verify_claim("Rituximab was given.", [], GLOSSARY).support is UNKNOWN


def test_an_invented_quotation_is_stopped_even_when_the_claim_is_true() -> None:
    claim = "Rituximab was not effective for calcinosis."
    verdict = verify_claim(claim, [PASSAGE], GLOSSARY, ["Rituximab never works for calcinosis"])
    assert verdict.support is UNKNOWN
    assert "quotation" in verdict.reasons[0]


def test_a_quotation_stands_across_white_space_and_gaps_only() -> None:
    source = "Ninety- six per cent (24/25) had rash when JAKi was\nadded, and all showed improved rashes."
    assert quotation_stands("Ninety-six per cent (24/25) had rash … all showed improved rashes", source)
    assert not quotation_stands("Ninety-five per cent (24/25) had rash", source)
    assert not quotation_stands("…", source)
    assert not quotation_stands("rash", source)


def test_an_opposite_contradicts() -> None:
    verdict = verify_claim(
        "Muscle strength decreased.", [Evidence(id="E1", text="Muscle strength increased.")], GLOSSARY
    )
    assert verdict.support is CONTRADICTED
    assert verdict.reasons == ("The claim says “decreased”, the passage “increased”.",)


def test_a_claim_may_not_deny_what_the_passage_asserts() -> None:
    verdict = verify_claim(
        "Muscle strength did not improve.", [Evidence(id="E1", text="Muscle strength improves.")], GLOSSARY
    )
    assert verdict.support is CONTRADICTED


def test_a_count_may_name_what_it_counts() -> None:
    passage = Evidence(id="E1", text="Of the patients with calcinosis, 11 responded (n=11).")
    assert verify_claim("Calcinosis responded in 11 patients.", [passage], GLOSSARY).support is SUPPORTED
    assert verify_claim("Calcinosis responded in 11 % of patients.", [passage], GLOSSARY).support is not SUPPORTED


def test_the_heading_may_name_the_drug_that_a_number_belongs_to() -> None:
    passage = Evidence(id="E1", text="Dosing: 375 mg/m² weekly", context="Medication . Rituximab")
    assert verify_claim("Rituximab – Dosing: 375 mg/m² weekly", [passage], GLOSSARY).support is SUPPORTED
    other = verify_claim("Infliximab – Dosing: 375 mg/m² weekly", [passage], GLOSSARY)
    assert other.support is CONTRADICTED


def test_a_member_carries_a_claim_about_its_class_but_not_the_other_way_round() -> None:
    member = Evidence(id="E1", text="Infliximab improved arthritis.")
    group = Evidence(id="E2", text="TNF inhibitors improved arthritis.")
    assert verify_claim("A TNF inhibitor improved arthritis.", [member], GLOSSARY).support is SUPPORTED
    assert verify_claim("Infliximab improved arthritis.", [group], GLOSSARY).support is not SUPPORTED


def test_a_claim_may_rest_on_several_sentences_of_several_passages() -> None:
    passages = [
        Evidence(id="E1", text="Rituximab improved skin rash."),
        Evidence(id="E2", text="Fever was common. Infliximab improved arthritis."),
    ]
    claim = "Rituximab improved skin rash and infliximab improved arthritis."
    assert verify_claim(claim, passages, GLOSSARY).support is SUPPORTED


def test_what_is_far_too_long_for_a_claim_is_refused_unread() -> None:
    verdict = verify_claim("Rituximab was not effective for calcinosis. " * 3000, [PASSAGE] * 50, GLOSSARY)
    assert verdict.support is UNKNOWN
    assert "characters" in verdict.reasons[0]


def test_no_words_at_all_are_not_supported() -> None:
    assert verify_claim("It is so.", [PASSAGE], GLOSSARY).support is UNKNOWN
