"""A block on a disagreement says each thing once."""

from dataclasses import replace

import pytest

from bot.channels.differing import reasons, side_lines
from bot.domain.answers import Answer, ClaimRole, Disagreement, Side
from tests.unit.channels.test_rendering import WORDING
from tests.unit.stores.replies import a_citation, a_claim, an_answer

TITLE = "“Web overview on what comes after methotrexate”"


def a_side(citation: int = 1, **changes: object) -> Side:
    side = Side(who="Oddis 2013", evidence="trial, n=200", directness="children", year=2013, citation=citation)
    return replace(side, **changes)  # type: ignore[arg-type]


def an_answer_saying(*said: str) -> Answer:
    return an_answer(
        claims=tuple(
            replace(a_claim(text, ClaimRole.DISAGREEMENT), citations=(number,)) for number, text in enumerate(said, 1)
        ),
        citations=tuple(replace(a_citation(number), document=f"{number}.md") for number in range(1, len(said) + 1)),
    )


def lines(*pairs: tuple[Side, str]) -> list[str]:
    sides = tuple(replace(side, citation=number) for number, (side, _) in enumerate(pairs, 1))
    answer = an_answer_saying(*(said for _, said in pairs))
    return side_lines(Disagreement(topic="dose", sides=sides, reasons=()), answer, WORDING)


def test_whom_it_is_about_is_told_only_where_the_sides_differ_in_it() -> None:
    one, other = (a_side(), "It helped."), (a_side(who="Ding 2021", evidence=""), "It did not.")
    adults = (a_side(who="Ding 2021", evidence="", directness="adults"), "It did not.")

    assert lines(one, other) == [
        "Oddis 2013 (trial, n=200): It helped. [1]",
        "Ding 2021 (2013): It did not. [2]",
    ]
    assert lines(one, adults) == [
        "Oddis 2013 (trial, n=200, children): It helped. [1]",
        "Ding 2021 (adults, 2013): It did not. [2]",
    ]


@pytest.mark.parametrize(
    ("evidence", "said", "shown"),
    [
        ("survey of clinicians, n=121", "In a survey of 121 clinicians it was preferred.", ""),
        ("survey of clinicians, n=121", "In a survey of clinicians it was preferred.", " (n=121)"),
        ("trial, n≥121", "In a trial of 121 children it helped.", " (n≥121)"),
        ("double-blind trial", "It helped.", " (double-blind trial)"),
        ("randomised trial", "In a trial it helped.", " (randomised trial)"),
        ("series without control group", "In a series it helped.", " (without control group)"),
        ("series without control group", "In a series without any control group it helped.", ""),
        ("not a systematic review", "A systematic review found it.", " (not a systematic review)"),
    ],
)
def test_evidence_that_the_sentence_tells_is_not_told_twice(evidence: str, said: str, shown: str) -> None:
    assert lines((a_side(evidence=evidence), said), (a_side(), "No."))[0] == f"Oddis 2013{shown}: {said} [1]"


def test_a_long_title_is_left_to_the_footnote_where_the_sentence_says_what_it_is() -> None:
    said = "IVIG is next, says an unreviewed web overview (2025)."
    page = a_side(who=TITLE, evidence="unreviewed web overview", year=2025)

    assert lines((page, said), (a_side(), "No."))[0] == f"{said} [1]"
    unnamed = replace(page, evidence="unreviewed web overview without named authors")
    assert lines((unnamed, said), (a_side(), "No."))[0] == f"{said} [1] (without named authors)"
    assert lines((page, "IVIG is next."), (a_side(), "No."))[0].startswith(f"{TITLE} (unreviewed web overview, 2025):")
    numbered = replace(page, who="“Web overviews of two centuries, 1990 to 2025”")
    assert lines((numbered, said), (a_side(), "No."))[0] == f"{numbered.who}: {said} [1]"


def told(*given: str) -> list[str]:
    sides = (a_side(1, who=TITLE), a_side(2))
    said = ["IVIG is next for weakness after methotrexate [1]", "JAK inhibitors are next for children with a rash [2]"]
    return reasons(Disagreement(topic="dose", sides=sides, reasons=given), said)


def test_a_reason_names_a_long_title_by_its_footnote() -> None:
    assert told(f"{TITLE} is a web page, Oddis 2013 a trial.") == ["[1] is a web page, Oddis 2013 a trial."]


def test_a_reason_that_says_what_the_sides_said_is_left_out_but_for_the_first() -> None:
    again = "One is for weakness after methotrexate, the other for children with a rash."
    first = "Nobody has compared them."

    assert told(first, again) == [first]
    assert told(first, first) == [first]
    assert told(again) == [again]


def test_a_reason_with_a_number_or_with_news_is_kept() -> None:
    first, number = "Nobody has compared them.", "One is for weakness after methotrexate in 48 children."
    news = "Only an excerpt of the second publication was read."

    assert told(first, number, news) == [first, number, news]
