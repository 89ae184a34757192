"""Numbers with their units are read as a clinician reads them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.quantities import read_frequencies, read_quantities


def keys(text: str) -> list[object]:
    return [quantity.key for quantity in read_quantities(text)]


@pytest.mark.parametrize(
    ("text", "values", "unit", "relation"),
    [
        ("375 mg/m² weekly", ["375"], "mg/m2", ""),
        ("2g/kg", ["2"], "g/kg", ""),
        ("3–5 mg/kg", ["3", "5"], "mg/kg", "range"),
        ("3 to 5 mg/kg", ["3", "5"], "mg/kg", "range"),
        ("18.6±15.0", ["18.6", "15.0"], "", "spread"),
        ("24/25", ["24", "25"], "", "fraction"),
        ("ninety-six per cent", ["96"], "%", ""),
        ("<25 kg", ["25"], "kg", "<"),
        ("1,000 mg", ["1000"], "mg", ""),
        ("two patients", ["2"], "patient", ""),
        ("6 months", ["6"], "month", ""),
    ],
)
def test_a_quantity_keeps_value_unit_and_relation(text: str, values: list[str], unit: str, relation: str) -> None:
    (quantity,) = read_quantities(text)
    assert [str(value) for value in quantity.values] == values
    assert (quantity.unit, quantity.relation) == (unit, relation)


@pytest.mark.parametrize("name", ["IL-6", "anti-MDA5", "CD20", "COVID-19", "NXP2", "MMT8"])
def test_a_number_inside_a_name_is_no_quantity(name: str) -> None:
    assert read_quantities(f"the {name} result") == ()


@pytest.mark.parametrize(
    ("one", "other"), [("0.5 g", "500 mg"), ("1 g", "1000 mg"), ("6 months", "six months"), ("20 %", "20 percent")]
)
def test_listed_conversions_are_equal(one: str, other: str) -> None:
    assert keys(one) == keys(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5 mg", "5 mg/kg"),
        ("5 mg/kg", "5 mg/m2"),
        ("2.5 mg", "25 mg"),
        ("4 weeks", "4 months"),
        ("3-5 mg", "5-5 mg"),
        ("<25 kg", ">25 kg"),
    ],
)
def test_different_doses_are_never_equal(one: str, other: str) -> None:
    assert keys(one) != keys(other)


def test_how_often_has_one_form() -> None:
    assert read_frequencies("5 mg twice daily, then bid") == ("2 per day", "2 per day")
    assert read_frequencies("every 4–8 weeks") == ("every 4-8 week",)
    assert read_frequencies("weekly, not daily") == ("per week", "per day")


@given(
    st.decimals(min_value=0, max_value=9999, places=2, allow_nan=False),
    st.sampled_from(["mg", "mg/kg", "weeks", "%", "mg/m2"]),
)
def test_every_written_amount_is_read_back(value: Decimal, unit: str) -> None:
    (quantity,) = read_quantities(f"a dose of {value} {unit} was used")
    assert quantity.values == (value,)


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text: str) -> None:
    for quantity in read_quantities(text):
        assert quantity.values
    read_frequencies(text)
