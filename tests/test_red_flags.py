"""Red flags are told from textbook questions: measured on the test half, which no rule or weight was made with."""

import yaml

from bot.answering.triage import URGENT, ends_of, triage
from bot.answering.triage.likeness import WEIGHTS
from bot.knowledge.documents import read_library
from bot.places import shipped
from tests.benchmarks.likeness import DATA
from tests.benchmarks.red_flags import URGENT_LEVELS, interval, is_right, milliseconds, shipped_rules, told
from tests.safety_data import Half, Level, TriageMessage, triage_messages

CAUGHT = 0.98
LET_THROUGH = 0.97


def half(which: Half, *levels: Level) -> list[TriageMessage]:
    return [message for message in triage_messages() if message.half is which and message.level in levels]


def share(messages: list[TriageMessage]) -> float:
    return sum(map(is_right, messages)) / len(messages)


def test_emergencies_and_crises_are_caught() -> None:
    assert share(half(Half.TEST, *URGENT_LEVELS)) >= CAUGHT


def test_ordinary_questions_are_let_through() -> None:
    assert share(half(Half.TEST, Level.NONE)) >= LET_THROUGH


def test_no_emergency_of_the_tuning_half_is_missed() -> None:
    assert not [message.text for message in half(Half.TUNING, *URGENT_LEVELS) if not is_right(message)]


def test_no_ordinary_word_is_read_as_a_mistyped_sign() -> None:
    words = "bread breeding brother clots drum spoon swallows choice smoking stool cooking fitting weekly".split()
    lexicon = shipped_rules().lexicon
    assert lexicon is not None
    assert {word for word in words if lexicon.mended(word) != word} == set()


def test_every_level_of_red_flags_has_signs() -> None:
    assert {sign.level for sign in shipped_rules().signs} == set(URGENT)


def test_a_long_message_is_read_to_its_end() -> None:
    told = triage(
        "We have been in hospital for long and like it there. " * 100 + "Now she can't breathe.", shipped_rules()
    )
    assert told.levels == {URGENT[0]}


def test_of_a_very_long_message_beginning_and_end_are_read() -> None:
    rest = "We have been in hospital for long and like it there. " * 400
    assert triage(f"She can't breathe. {rest}", shipped_rules()).levels == {URGENT[0]}
    assert triage(f"{rest} Now she can't breathe.", shipped_rules()).levels == {URGENT[0]}
    assert len(ends_of(rest)) <= 5002


def test_no_question_that_the_documents_answer_is_an_emergency() -> None:
    asked = [question for document in read_library(shipped("knowledge")).documents for question in document.questions]
    assert len(asked) > 50
    assert [text for text in asked if told(text) in URGENT_LEVELS] == []


def test_the_second_reader_was_fitted_on_none_of_the_messages_that_it_is_measured_on() -> None:
    groups = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    fitted = {line.casefold() for kinds in groups.values() for lines in kinds.values() for line in lines.splitlines()}
    assert set(groups) == {level.value for level in Level}
    assert len(fitted) > 1300
    shared = sum(message.text.casefold() in fitted for message in triage_messages())
    assert shared == 0  # a number only: messages of the test half are never shown
    assert WEIGHTS.stat().st_size < 60_000


def test_an_interval_holds_its_share() -> None:
    low, high = interval(9, 10)
    assert 0.59 < low < 0.9 < high < 0.99
    assert interval(0, 0) == (0.0, 1.0)
    assert len(milliseconds(["hello"])) == 1
