"""The guard tells a rewrite that loses, invents or turns over something from one that says what the user said."""

from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from bot.conversation.figures import read_figures
from bot.conversation.guard import check_additions, check_rewrite
from bot.conversation.negation import is_denied
from bot.domain.glossary import Glossary
from bot.knowledge.glossary import load_glossary
from bot.places import shipped
from bot.prompts import load_wording

DATA: dict[str, Any] = yaml.safe_load((Path(__file__).parents[2] / "data" / "rewrites.yaml").read_text("utf-8"))


class Pair(NamedTuple):
    fault: str
    message: str
    rewrite: str
    known: tuple[str, ...]


def pairs(entries: list[dict[str, str]], fault: str) -> list[Pair]:
    topic = load_wording(shipped("prompts")).say("topic")
    return [
        Pair(fault, entry["message"], entry["rewrite"], (topic, *DATA["conversations"][entry["in"]]))
        for entry in entries
    ]


FAITHFUL = pairs(DATA["faithful"], "")
FAULTY = [pair for fault, entries in DATA["faulty"].items() for pair in pairs(entries, fault)]


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return load_glossary(shipped("knowledge") / "glossary.yaml")


def test_there_are_enough_pairs_and_none_stands_twice() -> None:
    assert len(FAULTY) >= 110
    assert len(FAITHFUL) >= 60
    every = [(pair.message, pair.rewrite, pair.known) for pair in FAITHFUL + FAULTY]
    assert len(set(every)) == len(every)


def test_of_the_faulty_rewrites_98_in_100_are_caught(glossary: Glossary) -> None:
    missed = [pair for pair in FAULTY if not check_rewrite(pair.message, pair.rewrite, pair.known, glossary)]
    print(f"caught {len(FAULTY) - len(missed)} of {len(FAULTY)}")
    assert len(missed) <= 0.02 * len(FAULTY), [(pair.fault, pair.message, pair.rewrite) for pair in missed]


def test_of_the_faithful_rewrites_at_most_5_in_100_are_refused(glossary: Glossary) -> None:
    refused = {
        (pair.message, pair.rewrite): reasons
        for pair in FAITHFUL
        if (reasons := check_rewrite(pair.message, pair.rewrite, pair.known, glossary))
    }
    print(f"refused {len(refused)} of {len(FAITHFUL)}")
    assert len(refused) <= 0.05 * len(FAITHFUL), refused


@pytest.mark.parametrize(
    ("message", "rewrite", "says"),
    [
        ("and with MTX?", "What is the dose of rituximab?", "It drops methotrexate."),
        ("and the dose?", "What is the dose of anakinra?", "It brings along anakinra."),
        ("at 5 mg?", "Is 6 mg enough?", "It drops or changes 5 mg."),
        ("is that daily?", "Is it given weekly?", "It brings along “per week”."),
        ("why not?", "Why is rituximab given?", "It drops a negation."),
        ("and then?", "What if it is not given?", "It denies what the message doesn't."),
        ("is it stronger at a higher dose?", "Is it stronger at a lower dose?", "It says the opposite."),
        ("and the dose?", "The dose is as before.", "It is no question."),
        ("and the dose?", "", "It is empty."),
    ],
)
def test_a_refusal_says_why(message: str, rewrite: str, says: str, glossary: Glossary) -> None:
    assert says in check_rewrite(message, rewrite, ["Which dose of rituximab?"], glossary)


def test_brand_abbreviation_and_generic_name_are_one(glossary: Glossary) -> None:
    assert check_rewrite("and Humira with MTX?", "Can adalimumab be given with methotrexate?", [], glossary) == ()


def test_a_drug_that_no_glossary_lists_is_told_by_its_ending(glossary: Glossary) -> None:
    assert check_rewrite("and teplizumab?", "What else is used?", [], glossary) == ("It drops teplizumab.",)


def test_a_number_may_take_its_unit_from_the_conversation(glossary: Glossary) -> None:
    known = ["Infliximab 6 mg/kg is given."]
    assert check_rewrite("what about 10?", "Can infliximab be given at 10 mg/kg?", known, glossary) == ()
    assert check_rewrite("what about 10?", "Can infliximab be given at 10 g?", known, glossary) != ()


def test_an_ordinal_is_no_number_to_keep(glossary: Glossary) -> None:
    known = ["Rituximab or infliximab can be given."]
    assert check_rewrite("option 2?", "When is infliximab used?", known, glossary) == ()
    assert check_rewrite("and the other one?", "And when is infliximab used?", known, glossary) == ()


def test_search_words_may_come_from_the_conversation_only(glossary: Glossary) -> None:
    assert check_additions("infliximab 6 mg/kg", "and the dose?", ["Infliximab 6 mg/kg is given."], glossary) == ()
    assert check_additions("infliximab 9 mg/kg", "and the dose?", ["Infliximab 6 mg/kg is given."], glossary) != ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("an 8-year-old", "she is 8"),
        ("8yo", "aged 8"),
        ("8 y/o", "8 years of age"),
        ("22kg", "22 kilos"),
        ("0.5 g", "500 milligrams"),
        ("5-10 mg", "between 5 and 10 mg"),
        ("more than 40 kg", "above 40 kg"),
        ("2 mg per kg", "2 mg/kg"),
        ("24/25", "24 of 25"),
    ],
)
def test_ways_to_write_a_number_are_one(one: str, other: str) -> None:
    assert [figure.key for figure in read_figures(one)] == [figure.key for figure in read_figures(other)] != []


@pytest.mark.parametrize("text", ["Isn't it dangerous?", "I don't know when it is given", "does it help or not?"])
def test_some_negations_deny_nothing(text: str) -> None:
    assert not is_denied(text)
