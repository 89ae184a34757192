"""What a message leans on is told by its words."""

import pytest

from bot.conversation.pointers import Pointer
from bot.conversation.references import read_message


@pytest.mark.parametrize(
    ("message", "pointer"),
    [
        ("is it safe?", Pointer.PRONOUN),
        ("what about their growth", Pointer.PRONOUN),
        ("why is that?", Pointer.PRONOUN),
        ("how long was she on it", Pointer.PERSON),
        ("were these children vaccinated?", Pointer.PERSON),
        ("what is the dose of this drug?", Pointer.THING),
        ("who wrote that study?", Pointer.SOURCE),
        ("how do I check the second one?", Pointer.PLACE),
        ("dose of the first?", Pointer.PLACE),
        ("tell me more about option 2", Pointer.PLACE),
        ("why not the other one?", Pointer.OTHER),
        ("which of those two is safer?", Pointer.PAIR),
        ("and the dose?", Pointer.CONNECTIVE),
        ("what about infliximab?", Pointer.SWAP),
        ("and for calcinosis?", Pointer.SWAP),
        ("no, I meant infliximab", Pointer.CORRECTION),
        ("not rituximab, infliximab", Pointer.CORRECTION),
        ("back to the IVIG question", Pointer.RETURN),
        ("in how many?", Pointer.ELLIPSIS),
        ("prospective?", Pointer.ELLIPSIS),
        ("5 mg?", Pointer.ELLIPSIS),
        ("is rituximab better?", Pointer.COMPARISON),
        ("which drugs did you mention?", Pointer.SAID),
    ],
)
def test_each_way_of_leaning_is_recognised(message: str, pointer: Pointer) -> None:
    assert read_message(message).has(pointer)


@pytest.mark.parametrize(
    "message",
    [
        "How long does it take to work?",
        "Is it safe to give rituximab?",
        "Which test shows that the muscle is weak?",
        "a study that compares rituximab and infliximab",
    ],
)
def test_idle_words_are_no_pronouns(message: str) -> None:
    assert not read_message(message).has(Pointer.PRONOUN)


@pytest.mark.parametrize("message", ["who wrote the JAKi study?", "what does the page about IVIG say?"])
def test_a_source_that_is_named_is_not_pointed_at(message: str) -> None:
    assert not read_message(message).has(Pointer.SOURCE)


def test_courtesies_and_joining_words_are_taken_off() -> None:
    reading = read_message("ok, thanks. And what about the dose?")
    assert (reading.core, reading.lead) == ("the dose?", "What about")


def test_an_announced_switch_is_noticed() -> None:
    assert read_message("by the way, what is JDM?").switches
    assert not read_message("what is JDM?").switches


def test_a_correction_says_what_replaces_what() -> None:
    reading = read_message("not rituximab, infliximab")
    assert (reading.replaced, reading.topic) == ("rituximab", "infliximab")


def test_a_return_names_its_topic_and_keeps_the_question() -> None:
    reading = read_message("back to the swallowing thing, why does it worry people")
    assert (reading.topic, reading.core) == ("swallowing", "why does it worry people")
