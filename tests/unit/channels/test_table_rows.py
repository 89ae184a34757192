from dataclasses import replace

import pytest

from bot.channels.rendering import render_telegram
from bot.channels.table_rows import broken_at_cells, row_cells
from tests.unit.channels.test_rendering import WORDING
from tests.unit.stores.replies import a_citation, a_claim, a_reply, an_answer

ROW = "Drug: IVIG; Dose: 2 g/kg; Interval: monthly."
QUOTE = "IVIG … 2 g/kg … monthly"


def test_the_cells_of_a_row_are_found_with_their_labels() -> None:
    assert row_cells(ROW, QUOTE) == (("Drug: ", "IVIG"), ("; Dose: ", "2 g/kg"), ("; Interval: ", "monthly"))
    assert row_cells(f"Doses – {ROW}", QUOTE)[0] == ("Doses – Drug: ", "IVIG")
    assert row_cells("IVIG; Dose: 2 g/kg", "IVIG … 2 g/kg") == (("", "IVIG"), ("; Dose: ", "2 g/kg"))
    assert row_cells("CK: ≤150 U/L", "CK … ≤150 U/L") == (("", "CK"), (": ", "≤150 U/L"))


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("IVIG is given at 2 g/kg.", "IVIG … 2 g/kg"),
        ("Drug: IVIG; Dose: 2 g/kg; and more", "IVIG … 2 g/kg"),
        ("Drug: IVIG; Dose: 2 g/kg", "IVIG … 1 g/kg"),
        ("Drug: IVIG", "IVIG"),
        ("IVIG; 2 g/kg", "IVIG … 2 g/kg"),
        ("", ""),
        ("a; b", " … "),
    ],
)
def test_what_is_no_labelled_row_stays_as_it_is(text: str, quote: str) -> None:
    assert row_cells(text, quote) == ()


def test_a_row_is_shown_with_a_line_for_each_cell_and_its_quotation_to_the_letter() -> None:
    claim, citation = a_claim(ROW), a_citation(quote=QUOTE)

    rich = render_telegram(a_reply(outcome=an_answer(claims=(claim,), citations=(citation,))), WORDING)

    assert rich.text.startswith("Drug: IVIG;\n   Dose: 2 g/kg;\n   Interval: monthly. [1]\n")
    assert f"“{QUOTE}”" in rich.text


def test_a_claim_is_broken_only_at_the_cells_that_it_cites() -> None:
    claim = a_claim(ROW)

    assert broken_at_cells(a_claim("CK: ≤150 U/L"), (a_citation(1, "CK … ≤150 U/L"),)) == "CK: ≤150 U/L"
    assert broken_at_cells(claim, (replace(a_citation(2), quote=QUOTE),)) == ROW
    assert broken_at_cells(claim, (a_citation(1, "IVIG is given monthly."),)) == ROW
