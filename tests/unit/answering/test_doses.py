"""A dose belongs to the drug that it is stated for."""

import pytest

from bot.answering.doses import dose_owners, read_doses
from tests.fakes import GLOSSARY


@pytest.mark.parametrize(
    ("text", "context", "owners"),
    [
        ("Rituximab is given at 375 mg/m² and infliximab at 3 mg/kg.", "", ["rituximab", "infliximab"]),
        ("Dosing: 375 mg/m² weekly", "Treatment . Rituximab", ["rituximab"]),
        ("Dosing: 375 mg/m² weekly", "Methotrexate . Rituximab", ["rituximab"]),
        ("The usual 15 mg of methotrexate", "", ["methotrexate"]),
        ("The usual 15 mg of methotrexate", "Rituximab", ["rituximab"]),
        ("Infliximab or adalimumab was started at 5 mg.", "", ["adalimumab", "infliximab"]),
        ("Infliximab and adalimumab 5 mg were given.", "", ["adalimumab"]),
        ("TNF inhibitors are given at 3 mg/kg.", "", ["tnf-inhibitor"]),
        ("The child weighed 20 kg for 3 months; 2 g/kg were given.", "", []),
        ("Rituximab was given for 4 weeks to 6 patients.", "", []),
    ],
)
def test_a_dose_belongs_to_the_drug_before_it_then_to_its_heading_then_to_the_next(
    text: str, context: str, owners: list[str]
) -> None:
    assert [owner for owner, _ in read_doses(text, context, GLOSSARY)] == owners


def test_the_dose_of_a_class_is_no_members_dose() -> None:
    assert "infliximab" not in dose_owners("TNF inhibitors are given at 3 mg/kg.", "", GLOSSARY)
