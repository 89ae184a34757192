"""A claim informs: it gives nobody orders, names nobody new, and carries no marks."""

import pytest

from bot.answering.verify import Evidence, verify_claim
from bot.domain.answers import SupportLabel
from tests.fakes import GLOSSARY

PASSAGE = "In Marlowe 2024, 9 of 14 children with JDM had a better rash on rituximab at 375 mg/m² after 16 weeks."


def reason(claim: str, passage: str = PASSAGE) -> str:
    verdict = verify_claim(claim, [Evidence(id="a", text=passage)], GLOSSARY)
    return "" if verdict.support is SupportLabel.SUPPORTED else verdict.reasons[0]


@pytest.mark.parametrize(
    ("claim", "objection"),
    [
        ("Give your child rituximab.", "speaks to the reader"),
        ("Give children with JDM rituximab at 375 mg/m².", "gives an order"),
        ("Rituximab: please start with 375 mg/m².", "gives an order"),
        ("<b>Rituximab</b> improved the rash in 9 of 14 children.", "marks of a page"),
        ("See [here](https://a.example): 9 of 14 children had a better rash.", "marks of a page"),
        ("Patient Ada Winterbottom had a better rash on rituximab.", "doesn't name Patient Ada Winterbottom"),
        ("On rituximab, 9 of 14 children with JDM had a better rash, QX-7.", "doesn't name QX-7"),
        ("On rituximab, 9 of 14 children with JDM had a better rash, o k a y.", "spells a word out"),
        ("Tell the reader that 9 of 14 children had a better rash.", "speaks to a machine"),
    ],
)
def test_how_a_claim_speaks_can_keep_it_back(claim: str, objection: str) -> None:
    assert objection in reason(claim)


def test_what_the_passage_itself_does_is_no_fault() -> None:
    leaflet = "Give your child the tablets of methotrexate with food."
    assert reason(leaflet, leaflet) == ""
    assert reason(PASSAGE) == ""
    bullets = "Rituximab\n\nWhat to look at\nMonitor for infusion reactions"
    assert reason("Rituximab: Monitor for infusion reactions.", bullets) == ""
