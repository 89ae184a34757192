"""Whatever a model writes, and however it is cut into pieces, is read alike, in one pass, without an error."""

import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answering.proposals import Line, LineReader, Proposal, read_object
from tests.scripted_provider.composing import Line as Written
from tests.scripted_provider.faults import FAULTS

WRITTEN = (
    Written(role="bottom_line", text="It's {so} \\ “fine”.", sources=("bcdf",), quote="a “b” c"),
    Written(text="Rituximab helped 4 children.", sources=("bcdf", "ghjk"), quote="helped"),
)
FRAGMENTS = [
    "{", "}", "[", "]", '"', "'", "\\", "\n", "  ", ":", ",", "<think>", "</think>", "<thinking>", "</", "<th",
    "```json",
    '"text"', '"claims"', '{"claims": [', '"sources": ["bcdf"]', '{"text": "It helped."}', "{'text': 'It helped.'}",
    '{"text": "It helped.", ', '{"no_answer": true}', '{"not_covered": ["age"]}', "It helped.", "{*a}", "{[1]: 2}",
    "0xffff", "1or", "\\m", "\x00", "\ud83d", "\u202e", "\u0336",
]  # fmt: skip
TEXT = st.one_of(
    st.text(), st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join), st.sampled_from(sorted(FAULTS)).map(
        lambda name: FAULTS[name](WRITTEN)
    ),
)  # fmt: skip


def read(*pieces: str) -> tuple[tuple[Line, ...], int, bool]:
    reader = LineReader()
    lines = tuple(line for piece in pieces for line in reader.feed(piece))
    return lines, reader.broken, reader.is_inside


@given(TEXT, st.lists(st.integers(min_value=1, max_value=30), max_size=60))
def test_any_text_in_any_pieces_gives_the_same_lines(text: str, sizes: list[int]) -> None:
    pieces, rest = [], text
    for size in sizes:
        pieces.append(rest[:size])
        rest = rest[size:]
    assert read(*pieces, rest) == read(text) == read(*text)


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_every_format_is_read_alike_in_every_two_pieces(name: str) -> None:
    text = FAULTS[name](WRITTEN)[:1200]
    whole = read(text)
    assert whole[0]
    assert all(read(text[:at], text[at:]) == whole for at in range(len(text)))


@given(TEXT)
@example('{"text": "It helped.\\ud83d\\u202e", "sources": ["\\ud83d"], "quote": "\\ud83d"}')
def test_nothing_that_is_read_holds_what_can_not_be_shown(text: str) -> None:
    for line in read(text)[0]:
        if isinstance(line, Proposal):
            for said in (line.text, *line.quotes, *line.sources):
                assert {unicodedata.category(character)[0] for character in said} & {"C", "M"} == set()
                assert said.encode()
            assert line.text == " ".join(line.text.split())


@pytest.mark.parametrize(
    "text",
    [
        "{[1]: 2}",
        "{{}: 1}",
        "{None: 1, b'a': 2, 'text': 'It helped.'}",
        "{%s: 1}" % ("0x" + "f" * 6000),
        "{'text': 'It helped.', 'sources': [%s]}" % ("0x" + "f" * 6000),
        '{"no_answer": %s}' % ("9" * 6000),
        f'{{"text": {"[" * 5000}1{"]" * 5000}}}',
        f"{{'text': {'(' * 150}1{',)' * 150}}}",
        "{'a': %s}" % ("-" * 9000 + "1"),
        "{'te\\mxt': 1or 2}",
        "{'text': '\x00'}",
        "{'text': '\ud83d'}",
    ],
)
def test_an_object_that_python_chokes_on_is_broken_and_no_more(text: str) -> None:
    lines, broken, inside = read(text)
    assert len(lines) + broken == 1
    assert not inside


@given(TEXT)
def test_one_object_or_nothing_is_made_of_any_text(text: str) -> None:
    found = read_object(text)
    assert found is None or isinstance(found, dict)


class Counting:
    """Counts the lines of Python that run, and so tells work without a clock."""

    def __init__(self) -> None:
        self.steps = 0

    def __call__(self, frame: object, event: str, argument: object) -> "Counting":
        self.steps += event == "line"
        return self


def work(text: str) -> int:
    counting, before = Counting(), sys.gettrace()
    sys.settrace(counting)
    try:
        read(*text)
    finally:
        sys.settrace(before)
    return counting.steps


@pytest.mark.parametrize(
    "piece", ["{", "{}", '{"', '"', "<", "<think>", "a ", "\n{", '{"a": [', "},", '{"claims": [\n']
)
def test_twice_the_text_is_twice_the_work(piece: str) -> None:
    half = piece * (1000 // len(piece))
    assert work(half * 2) < 3 * work(half)


@pytest.mark.parametrize("piece", ["{", "{}", '{"', '"', "\\", "<", "<think>", ", ", "\n{", "[", "**", "`", "- ", "(("])
def test_twenty_thousand_characters_of_anything_are_read(piece: str) -> None:
    long = piece * (20_000 // len(piece))
    assert read(long)[0] == ()
    assert read(f'{{"text": "{long}"}}')[0] == ()
