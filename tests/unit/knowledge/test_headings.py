from pathlib import Path

from tests.unit.knowledge.pages import headings, read, texts

NUMBERED = """\
Uveitis clinic handout

METHODS
We included 14 children who were seen on day 1 and after twelve weeks.
RESULTS
The score fell from 21 to 4 in most of the children who were treated.

2.1 Second line
Adalimumab 40 mg is given every 2 weeks in children above 30 kg of weight.

2.2 Third line
Tocilizumab 8 mg/kg every 4 weeks

Comparing the Options

1. Abatacept (Orencia)

  • Given monthly
  • Mild

2. Rituximab

  • Given twice

Rationale for This Order

Both were compared in nobody, so the order follows habit more than evidence.
"""

REPEATED = """\
Two drugs for uveitis

Rituximab

Dosing

375 mg/m2 is given weekly for four weeks in most of the reports that we know.

Safety

Infusion reactions are common and infections happen in some of the children.

Abatacept

Dosing

10 mg/kg is given monthly in children with arthritis of more than one joint.
"""


def test_headings_are_told_by_shape_and_numbering(tmp_path: Path) -> None:
    assert headings(read(tmp_path, NUMBERED)) == [
        "METHODS",
        "RESULTS",
        "Second line",
        "Third line",
        "Comparing the Options > Abatacept (Orencia)",
        "Comparing the Options > Rituximab",
        "Rationale for This Order",
    ]


def test_the_same_heading_below_two_drugs_stays_with_its_drug(tmp_path: Path) -> None:
    assert headings(read(tmp_path, REPEATED)) == ["Rituximab > Dosing", "Rituximab > Safety", "Abatacept > Dosing"]


def test_a_numbered_list_is_not_a_row_of_headings(tmp_path: Path) -> None:
    listed = "Options for uveitis\n\nSecond Line\n\n  1. Rituximab\n  2. Abatacept\n  3. Tocilizumab\n"
    text = f"{listed}\nWhat Comes Then\n\nNobody knows what to do when all of these have failed.\n"
    document = read(tmp_path, text)
    assert headings(document) == ["Second Line", "What Comes Then"]
    assert texts(document)[:3] == ["Rituximab", "Abatacept", "Tocilizumab"]


def test_a_heading_without_content_gives_no_passage(tmp_path: Path) -> None:
    document = read(tmp_path, "# Title\n\n## Empty\n\n## Full\n\nWords.\n\n## Empty too\n", "a.md")
    assert headings(document) == ["Full"]
