"""Red flags are told from textbook questions: measured on the test half, which no rule was made with."""

from bot.answering.triage import URGENT, triage
from tests.benchmarks.red_flags import URGENT_LEVELS, interval, is_right, milliseconds, shipped_rules
from tests.safety_data import Half, Level, TriageMessage, triage_messages

CAUGHT = 0.91
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


def test_an_interval_holds_its_share() -> None:
    low, high = interval(9, 10)
    assert 0.59 < low < 0.9 < high < 0.99
    assert interval(0, 0) == (0.0, 1.0)
    assert len(milliseconds(["hello"])) == 1
