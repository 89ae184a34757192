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
        ("Rituximab was given at 375 mg/m² daily for 4 weeks.", CONTRADICTED, "per week"),
        ("Infliximab is given at 5–5 mg/kg every 4–8 weeks.", CONTRADICTED, "3-5 mg/kg"),
        ("Infliximab is given at 3–5 mg/kg every 4–6 weeks.", CONTRADICTED, "4-8 weeks"),
        ("Infliximab was given at 375 mg/m² weekly for 4 weeks.", CONTRADICTED, "rituximab"),
        ("Adalimumab is given at 3–5 mg/kg every 4–8 weeks.", CONTRADICTED, "infliximab"),
        ("Rituximab was effective for calcinosis.", CONTRADICTED, "denies"),
        ("Rituximab was not given at 375 mg/m² weekly for 4 weeks.", CONTRADICTED, "denies"),
        ("Rituximab must be effective for muscle disease.", UNKNOWN, "must"),
        ("Rituximab cures diabetes in mice within days.", UNKNOWN, "%"),
        ("Complete response was seen in 5/6 patients.", CONTRADICTED, "3/6"),
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


def test_no_words_at_all_are_not_supported() -> None:
    assert verify_claim("It is so.", [PASSAGE], GLOSSARY).support is UNKNOWN
