"""What weak models write is read all the same, character by character, and nothing they write can stop the reader."""

import json

import pytest

from bot.answering.proposals import (
    LONGEST_CLAIM,
    LONGEST_GAP,
    LONGEST_OBJECT,
    LONGEST_QUOTE,
    MOST_GAPS,
    MOST_QUOTES,
    MOST_SOURCES,
    Line,
    LineReader,
    NoAnswer,
    NotCovered,
    OnlyThought,
    Proposal,
)
from bot.domain.answers import ClaimRole
from tests.scripted_provider.composing import Line as Written
from tests.scripted_provider.faults import CUT_OFF, FAULTS

FIRST = '{"role": "bottom_line", "text": "Rituximab helped.", "sources": ["bcdf"], "quote": "it helped four children"}'
SECOND = '{"role": "dose", "text": "It was given twice.", "sources": ["ghjk"], "quote": "given twice"}'
LINES = (
    Written(role="bottom_line", text="Rituximab helped 4 children.", sources=("bcdf",), quote="helped 4 children"),
    Written(role="dose", text="It was given twice.", sources=("bcdf", "ghjk"), quote="was given twice"),
    Written(role="safety", text="Don't combine “both”.", sources=("ghjk",), quote="do not combine"),
)


def read(*pieces: str) -> tuple[Line, ...]:
    reader = LineReader()
    return tuple(line for piece in pieces for line in reader.feed(piece))


def texts(*pieces: str) -> list[str]:
    return [line.text for line in read(*pieces) if isinstance(line, Proposal)]


def proposal(**keys: object) -> Proposal:
    (line,) = read(json.dumps({"text": "Rituximab helped."} | keys))
    assert isinstance(line, Proposal)
    return line


# Formats


def test_a_line_of_the_contract_is_read_with_all_its_parts() -> None:
    assert read(FIRST) == (
        Proposal(
            text="Rituximab helped.",
            sources=("bcdf",),
            quotes=("it helped four children",),
            role=ClaimRole.BOTTOM_LINE,
        ),
    )


@pytest.mark.parametrize("name", sorted(FAULTS.keys() - CUT_OFF - {"duplicates", "forty_claims"}))
def test_right_claims_in_a_wrong_form_are_read(name: str) -> None:
    found = [line for line in read(FAULTS[name](LINES)) if isinstance(line, Proposal)]
    assert [line.sources for line in found] == [line.sources for line in LINES]
    assert [line.quotes for line in found] == [(line.quote,) for line in LINES]
    if name != "footnotes_in_text":  # their brackets are taken off where the ids are known
        assert [line.text for line in found] == [line.text for line in LINES]


@pytest.mark.parametrize("name", sorted(CUT_OFF))
def test_half_a_line_is_no_claim(name: str) -> None:
    reader = LineReader()
    found = list(reader.feed(FAULTS[name](LINES)))
    assert len(found) == len(LINES) - 1
    assert reader.is_inside


@pytest.mark.parametrize(
    "frame",
    [
        '{"claims": [%s, %s]}',
        '{"question": "Which?", "claims": [%s,\n%s]}',
        '{"statements":\n[\n  %s,\n  %s\n]\n}',
        "[%s,%s]",
        "```json\n[\n  %s,\n  %s\n]\n```",
        "Here you are: %s and also %s. That's all {really}.",
    ],
)
def test_the_lines_in_a_frame_are_read(frame: str) -> None:
    assert texts(frame % (FIRST, SECOND)) == ["Rituximab helped.", "It was given twice."]


@pytest.mark.parametrize("name", ["claims", "answer", "lines", "items", "results"])
def test_lines_in_a_known_frame_are_given_out_before_the_frame_ends(name: str) -> None:
    assert texts(f'{{"{name}": [\n  {FIRST},') == ["Rituximab helped."]
    assert texts(f"{{'{name}': [{FIRST},") == ["Rituximab helped."]


def test_a_line_is_given_out_the_moment_its_object_closes() -> None:
    reader = LineReader()
    assert list(reader.feed(FIRST[:-1])) == []
    assert reader.is_inside
    assert [line.text for line in reader.feed("}") if isinstance(line, Proposal)] == ["Rituximab helped."]
    assert not reader.is_inside


def test_braces_and_quotes_inside_strings_end_nothing() -> None:
    text = 'He said "no {really}" } and \\ {'
    assert texts(json.dumps({"text": text}) + SECOND) == [text, "It was given twice."]


@pytest.mark.parametrize(
    "broken",
    [
        '{"role": "finding", "text": "never ended, "sources": ["bcdf"',
        '{"role": "finding", "text": "no closing brace", "sources": ["bcdf"]',
        '{"role": "finding", "text": "an odd " quote", "sources": ["bcdf"]}',
        "{'text': 'a 5\" needle', 'sources': ['bcdf']}",
        '{"role": "finding", "text": "half',
        '{"role": "finding", "text": "and a comma",',
        "{",
        "{{{{",
    ],
)
def test_a_broken_object_does_not_swallow_those_after_it(broken: str) -> None:
    assert texts(f"{broken}\n{SECOND}\n")[-1:] == ["It was given twice."]
    assert texts(f"[\n  {broken},\n  {SECOND}\n]")[-1:] == ["It was given twice."]


def test_broken_objects_are_counted() -> None:
    reader = LineReader()
    lines = list(reader.feed(f'{{half\n{{"text": 5}}\n{{"nothing": 1}}\n{{really}}\n{FIRST}'))
    assert [type(line) for line in lines] == [Proposal]
    assert reader.broken == 4


def test_an_object_that_never_ends_is_given_up() -> None:
    reader = LineReader()
    assert list(reader.feed('{"text": "' + "a" * LONGEST_OBJECT)) == []
    assert not reader.is_inside
    assert [type(line) for line in reader.feed(FIRST)] == [Proposal]


def test_a_value_on_a_line_of_its_own_begins_no_other_object() -> None:
    nested = (
        '{"text": "Rituximab helped.", "about":\n  {"a": 1},\n"parts": [\n{"b": 2},\n{"c": 3}\n], "sources": "bcdf"}'
    )
    (line,) = read(nested)
    assert isinstance(line, Proposal)
    assert line.sources == ("bcdf",)


# Thoughts


@pytest.mark.parametrize("tag", ["think", "thinking"])
def test_thoughts_are_nobodys_claim(tag: str) -> None:
    assert texts(f"<{tag}>I'd say {SECOND}\n{{ </{tag}>\n{FIRST}") == ["Rituximab helped."]
    assert texts(f"{FIRST}<{tag}>{SECOND}</{tag}>") == ["Rituximab helped."]


def test_a_thought_that_never_ends_holds_no_claim() -> None:
    reader = LineReader()
    assert list(reader.feed(f"<think>{FIRST}\n{SECOND}")) == []
    assert reader.is_inside


def test_a_thought_of_which_only_the_end_is_marked_takes_back_what_came_before() -> None:
    kinds = [type(line) for line in read(f"Maybe {SECOND} fits.\n</think>\n{FIRST}")]
    assert kinds == [Proposal, OnlyThought, Proposal]


def test_a_sentence_may_speak_of_tags() -> None:
    assert texts('{"text": "The <think> tag and </think>."}') == ["The <think> tag and </think>."]


@pytest.mark.parametrize("ending", [" <", "\n<", "<thin", " </s>", "<|im_end|>", "```"])
def test_what_stands_after_the_last_line_keeps_no_line_back(ending: str) -> None:
    assert texts(FIRST + ending) == ["Rituximab helped."]


# The parts of a claim


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ("bcdf", ("bcdf",)),
        ("bcdf, ghjk; bcdf", ("bcdf", "ghjk")),
        ("[bcdf][ghjk]", ("bcdf", "ghjk")),
        (["bcdf, ghjk"], ("bcdf", "ghjk")),
        (["BCDF", "id=ghjk", 'passage id="wxyz"'.replace("xyz", "xxz")], ("bcdf", "ghjk", "wxxz")),
        ([{"id": "bcdf", "quote": "something"}], ("bcdf",)),
        (["", "[]", '""', None][:3], ()),
        (None, ()),
        (7, ()),
        ({"id": "bcdf"}, ()),
        ([f"id{n}" for n in range(40)], tuple(f"id{n}" for n in range(MOST_SOURCES))),
    ],
)
def test_ids_are_read_in_every_spelling(sources: object, expected: tuple[str, ...]) -> None:
    assert proposal(sources=sources).sources == expected


@pytest.mark.parametrize("key", ["sources", "source", "ids", "id", "passages", "citations", "cites", " Sources "])
def test_ids_may_stand_under_another_key(key: str) -> None:
    assert proposal(**{key: ["bcdf"]}).sources == ("bcdf",)


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("it helped", ("it helped",)),
        (["it helped", " ", "and more"], ("it helped", "and more")),
        ("", ()),
        (None, ()),
        (5, ()),
        ("a" * 2000, ("a" * LONGEST_QUOTE,)),
        (["a"] * 40, ("a",) * MOST_QUOTES),
    ],
)
def test_quotations_are_one_or_several(quote: object, expected: tuple[str, ...]) -> None:
    assert proposal(quote=quote).quotes == expected


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("Bottom Line", ClaimRole.BOTTOM_LINE),
        ("bottom-line", ClaimRole.BOTTOM_LINE),
        ("DOSE", ClaimRole.DOSE),
        ("key point", ClaimRole.FINDING),
        (None, ClaimRole.FINDING),
        (["dose"], ClaimRole.FINDING),
    ],
)
def test_a_role_that_nobody_knows_is_a_finding(role: object, expected: ClaimRole) -> None:
    assert proposal(role=role).role is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Rituximab** `helped`.", "Rituximab helped."),
        ("- Rituximab helped.", "Rituximab helped."),
        ("## Rituximab\n\thelped.", "Rituximab helped."),
        ("Rituximab\u2028helped\x85it.", "Rituximab helped it."),
        ("375\u202e mg\u202c, \u200bnot\ufeff 5", "375 mg, not 5"),
        ("\x1b[31mRed\x00\x07\x7f", "[31mRed"),
        ("h\u0336elped\ud83d.", "helped."),
        ("Sjo\u0308gren, ≥ 5 mg/m² of TNF-α", "Sjögren, ≥ 5 mg/m² of TNF-α"),
        (" " * 900 + "Rituximab helped.", "Rituximab helped."),
    ],
)
def test_a_claim_is_one_line_of_text_that_shows_what_it_says(text: str, expected: str) -> None:
    assert proposal(text=text).text == expected


@pytest.mark.parametrize("text", ["", "ab", "****", "\u200b" * 20, "a" * (LONGEST_CLAIM + 1), None, 5, ["a claim"]])
def test_what_is_no_sentence_is_no_claim(text: object) -> None:
    reader = LineReader()
    assert list(reader.feed(json.dumps({"text": text}))) == []
    assert reader.broken == 1


@pytest.mark.parametrize("value", ["true", '"true"', '"yes"', "1", '"The passages say nothing about it."'])
def test_no_answer_is_understood(value: str) -> None:
    assert read(f'{{"no_answer": {value}}}') == (NoAnswer(),)


@pytest.mark.parametrize("value", ["false", '"false"', '"No"', "null", "0", '""'])
def test_a_claim_that_denies_having_no_answer_is_a_claim(value: str) -> None:
    assert texts(f'{{"no_answer": {value}}}{FIRST[:-1]}, "no_answer": {value}}}') == ["Rituximab helped."]


def test_what_is_not_covered_is_read() -> None:
    assert read('{"not_covered": ["the  price\u202e", "the price", ""]}{"not_covered": "age"}{"not_covered": 5}') == (
        NotCovered(not_covered=("the price",)),
        NotCovered(not_covered=("age",)),
        NotCovered(not_covered=()),
    )
    (many,) = read(json.dumps({"not_covered": [f"{n} " + "a" * 200 for n in range(40)]}))
    assert isinstance(many, NotCovered)
    assert [len(gap) for gap in many.not_covered] == [LONGEST_GAP] * MOST_GAPS
