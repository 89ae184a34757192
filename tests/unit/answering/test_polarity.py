"""What a passage denies is denied of the same thing in the claim, and nothing else is."""

import pytest

from bot.answering.verify import Evidence, verify_claim
from bot.domain.answers import SupportLabel
from tests.fakes import GLOSSARY

LINKED = "Survival was not associated with age, but it was associated with lung disease."
FOOD = "Drug levels are not affected by food, age or sex, but they are affected by renal function."
VACCINES = "The committee advises against live vaccines while the drug is given."
TITRE = "The antibody titre hardly changed during follow-up."
MANY = " ".join(
    f"Mycophenolate was {what}."
    for what in (
        "well tolerated", "withdrawn in three", "cheap", "combined with steroids", "started late", "measured in blood",
        "chosen by parents", "given at night", "stopped after a year",
    )
)  # fmt: skip
"""Sentences that begin with the name of the next one."""
STRENGTH = "Mycophenolate did not improve strength, whereas it cleared the rash in half."


@pytest.mark.parametrize(
    ("passage", "claim"),
    [
        (LINKED, LINKED),
        (LINKED, "Survival was not associated with age."),
        (LINKED, "Survival was associated with lung disease."),
        (FOOD, "Drug levels are affected by renal function."),
        (FOOD, "Drug levels are not affected by age, food or sex."),
        (VACCINES, "While the drug is given, the committee advises against live vaccines."),
        (TITRE, "During follow-up the antibody titre hardly changed."),
        (f"{MANY} {STRENGTH}", STRENGTH),
        ("Neither the rash nor the weakness improved.", "Neither the rash nor the weakness improved."),
    ],
)
def test_a_claim_that_denies_what_its_passage_denies_passes(passage: str, claim: str) -> None:
    verdict = verify_claim(claim, [Evidence(id="E1", text=passage)], GLOSSARY)
    assert verdict.support is SupportLabel.SUPPORTED, verdict.reasons


@pytest.mark.parametrize(
    ("passage", "claim"),
    [
        (LINKED, "Survival was associated with age."),
        (LINKED, "Survival was not associated with age, and it was not associated with lung disease."),
        (FOOD, "Drug levels are not affected by renal function."),
        (VACCINES, "The committee advises live vaccines while the drug is given."),
        (TITRE, "The antibody titre changed during follow-up."),
        (f"{MANY} {STRENGTH}", "Mycophenolate did improve strength, whereas it cleared the rash in half."),
        ("Neither the rash nor the weakness improved.", "The rash and the weakness improved."),
    ],
)
def test_a_claim_that_turns_a_denial_round_is_stopped(passage: str, claim: str) -> None:
    verdict = verify_claim(claim, [Evidence(id="E1", text=passage)], GLOSSARY)
    assert verdict.support is not SupportLabel.SUPPORTED
