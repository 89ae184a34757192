"""Citations in brackets and quotations are read out of a claim, and refused where they are made up."""

import pytest

from bot.answering.verify import Evidence
from bot.answering.written import read_claim, verify_written
from bot.domain.answers import SupportLabel
from tests.fakes import GLOSSARY

PASSAGES = [
    Evidence(id="E1", text="Rituximab was given at 375 mg/m² weekly for 4 weeks [12]."),
    Evidence(id="E2", text="Infliximab improved arthritis in six children."),
]


@pytest.mark.parametrize(
    ("written", "text", "citations"),
    [
        ("Infliximab improved arthritis [E2].", "Infliximab improved arthritis.", ("E2",)),
        ("Infliximab improved arthritis. [E1][E2]", "Infliximab improved arthritis.", ("E1", "E2")),
        ("Infliximab improved arthritis [E1, E2]", "Infliximab improved arthritis", ("E1", "E2")),
        ("Infliximab improved arthritis [E9].", "Infliximab improved arthritis.", ("E9",)),
        ("Infliximab [E2] improved arthritis.", "Infliximab improved arthritis.", ("E2",)),
        ("Infliximab improved arthritis [12].", "Infliximab improved arthritis.", ()),
        ("Infliximab [3-5] improved arthritis [7, 8].", "Infliximab improved arthritis.", ()),
        ("Patients with [NXP2] antibodies improved.", "Patients with [NXP2] antibodies improved.", ()),
        ("It improved [see the appendix].", "It improved [see the appendix].", ()),
    ],
)
def test_brackets_are_citations_only_where_they_hold_ids(written: str, text: str, citations: tuple[str, ...]) -> None:
    claim = read_claim(written, {"E1", "E2"})
    assert (claim.text, claim.citations) == (text, citations)


def test_only_three_words_or_more_in_quotation_marks_are_a_quotation() -> None:
    claim = read_claim('The "gold standard" was “given at 375 mg/m²” and "for 4 weeks".', ())
    assert claim.quotations == ("given at 375 mg/m²", "for 4 weeks")


def test_a_citation_that_does_not_exist_is_refused_with_its_name() -> None:
    verdict = verify_written("Infliximab improved arthritis [E9].", PASSAGES, GLOSSARY)
    assert verdict.support is SupportLabel.NOT_ENOUGH_INFORMATION
    assert verdict.reasons == ("It cites E9, which isn't among the passages.",)


def test_citations_named_apart_are_held_to_the_same() -> None:
    told = "Infliximab improved arthritis in six children."
    assert verify_written(told, PASSAGES, GLOSSARY, citations=["E2"]).support is SupportLabel.SUPPORTED
    assert "E7" in verify_written(told, PASSAGES, GLOSSARY, citations=["E2", "E7"]).reasons[0]


def test_only_the_cited_passages_may_carry_a_claim() -> None:
    assert verify_written("Infliximab improved arthritis [E2].", PASSAGES, GLOSSARY).support is SupportLabel.SUPPORTED
    wrong = verify_written("Infliximab improved arthritis [E1].", PASSAGES, GLOSSARY)
    assert wrong.support is not SupportLabel.SUPPORTED


def test_an_invented_quotation_is_refused_and_a_literal_one_passes() -> None:
    said = "Rituximab “was given at 375 mg/m² weekly”."
    assert verify_written(said, PASSAGES, GLOSSARY).support is SupportLabel.SUPPORTED
    invented = verify_written("Rituximab “was always given weekly for weeks”.", PASSAGES, GLOSSARY)
    assert invented.support is SupportLabel.NOT_ENOUGH_INFORMATION
    assert "quotation" in invented.reasons[0]


def test_no_passages_at_all_carry_nothing() -> None:
    assert verify_written("Rituximab was given.", [], GLOSSARY).support is SupportLabel.NOT_ENOUGH_INFORMATION
