"""The curators' triage file: signs are read with their words, and a fault is told with its place."""

from pathlib import Path

import pytest
import yaml

from bot.answering.triage import SMALL_TALK, FirstAid, RedFlagAdvice, TriageLevel, triage
from bot.answering.triage.frames import LISTS
from bot.domain.errors import ConfigurationError
from bot.knowledge.triage import load_triage
from bot.places import shipped

SIGN = {
    "id": "rash",
    "level": "same_day",
    "why": "An example.",
    "first_aid": "airway",
    "found": ["{fresh} rash"],
    "say": {"family": "Call the team today.", "clinician": "See the child today."},
}


def written(folder: Path, *, words: dict[str, list[str]] | None = None, **sign: object) -> Path:
    lists = {**{name: ["zzz"] for name in LISTS}, "own": ["she"], "fresh": ["new"]} if words is None else words
    changed = {key: value for key, value in {**SIGN, **sign}.items() if value is not None}
    path = folder / "triage.yaml"
    file = {
        "words": lists,
        "measures": [{"id": "heat", "names": ["temp"], "least": 38, "most": 42}],
        "signs": [changed],
    }
    path.write_text(yaml.safe_dump(file), encoding="utf-8")
    return path


def test_a_sign_is_read_with_its_words_its_advice_and_its_first_aid(tmp_path: Path) -> None:
    rules = load_triage(written(tmp_path))
    (sign,) = rules.signs
    assert sign.say == RedFlagAdvice(family="Call the team today.", clinician="See the child today.")
    assert sign.first_aid is FirstAid.AIRWAY
    assert triage("She has a new rash", rules).is_(TriageLevel.SAME_DAY)
    assert triage("She has a rash", rules).levels == frozenset()


def test_a_sign_may_be_a_reading_and_say_nothing(tmp_path: Path) -> None:
    rules = load_triage(written(tmp_path, say=None, sure=["{heat}"]))
    assert rules.signs[0].say is None
    assert triage("temp 39.5", rules).is_(TriageLevel.SAME_DAY)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"say": {"family": "Call."}}, r"signs\.0\.say\.clinician: field required"),
        ({"level": "panic"}, r"signs\.0\.level"),
        ({"found": ["{frehs} rash"]}, r"names \{frehs\}, which is neither under words nor under measures"),
        ({"found": None}, "has neither found nor sure"),
        ({"found": ["!?"]}, "has no word"),
        ({"first_aid": "prayer"}, r"signs\.0\.first_aid"),
        ({"words": {"own": ["she"], "fresh": ["new"]}}, "the list 'past' is missing"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, change: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told) as caught:
        load_triage(written(tmp_path, **change))  # type: ignore[arg-type]
    assert "line " in str(caught.value)


@pytest.mark.parametrize("pattern", ["a{4294967296}", "(" * 3000 + "a" + ")" * 3000, "("])
def test_a_pattern_that_python_can_not_compile_is_told_with_its_line(tmp_path: Path, pattern: str) -> None:
    path = written(tmp_path)
    rules = {"rules": [{"id": "order", "level": "injection", "why": "An example.", "groups": [[pattern]]}]}
    path.write_text(path.read_text(encoding="utf-8") + yaml.safe_dump(rules, width=10**6), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"line \d+: .* isn't a pattern"):
        load_triage(path)


def test_rules_that_are_nested_too_deeply_are_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "triage.yaml"
    path.write_text("rules: " + "[" * 3000, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="isn't valid YAML"):
        load_triage(path)


@pytest.mark.parametrize(
    ("message", "level"),
    [
        ("mein Kind bekommt keine Luft", TriageLevel.EMERGENCY),
        ("sie bekommt schlecht Luft", TriageLevel.EMERGENCY),
        ("Mein Sohn ringt nach Luft", TriageLevel.EMERGENCY),
        ("mein Kind röchelt", TriageLevel.EMERGENCY),
        ("Er erstickt", TriageLevel.EMERGENCY),
        ("er wacht nicht auf", TriageLevel.EMERGENCY),
        ("meine Tochter hat Blut gespuckt", TriageLevel.EMERGENCY),
        ("Ist es schlimm, wenn ein Kind Blut hustet?", None),
        ("Er wacht nicht mehr so oft auf wie früher", None),
        ("Was tun, wenn er erstickt?", None),
    ],
)
def test_emergencies_told_in_german_are_read_by_the_shipped_rules(message: str, level: TriageLevel | None) -> None:
    rules = load_triage(shipped("knowledge") / "triage.yaml")
    assert triage(message, rules).levels == ({level} if level else set())


@pytest.mark.parametrize(
    ("level", "messages"),
    [
        ("emergency", ["emergency", "SOS!!", "Notfall", "help, call an ambulance"]),
        ("greeting", ["good morning dr footnote", "I have a question", "hello, can you help me with my child?"]),
        (
            "thanks",
            ["thanks, that was very helpful!", "🙏 thank you", "👍", "Thank you so much, you helped us a lot today"],
        ),
        (
            "about",
            ["Is this ChatGPT?", "can I talk to a human?", "do you speak Spanish?", "what documents do you have?"],
        ),
        ("about", ["who are you and what can you do?", "do you remember me?", "help me", "menu"]),
        (
            "data",
            ["delete my data", "please delete everything you know about me", "STOP", "what do you know about me?"],
        ),
        ("worry", ["I am so scared", "I'm really worried", "we are having a hard time"]),
        (
            "unreadable",
            [
                "Can I send you a photo?",
                "here is a picture of the rash",
                "[sticker]",
                "Dear Dr X, please find attached the report.",
            ],
        ),
        ("complaint", ["that's wrong", "I disagree", "this is bullshit, you are useless"]),
        ("nothing", ["never mind", "sorry, wrong chat", "test 1 2 3", "hahaha", "I love you"]),
    ],
)
def test_messages_that_are_no_question_are_told_by_the_shipped_rules(level: str, messages: list[str]) -> None:
    rules = load_triage(shipped("knowledge") / "triage.yaml")
    assert {message: triage(message, rules).levels for message in messages} == {
        message: {level} for message in messages
    }


@pytest.mark.parametrize(
    "message",
    [
        "thanks, is it good for me?", "thanks, and the dose?", "Thanks, but what about calcinosis", "is it safe?",
        "is this safe?", "options?", "stop it?", "stop methotrexate", "can I stop it", "test dose of rituximab",
        "help with methotrexate dosing", "urgent: dose of IVIG", "what do you know about rituximab?", "nothing works",
        "photosensitivity in JDM", "can you help him sleep on prednisone?", "do you speak of remission at CK 150?",
        "I am worried about infections on tofacitinib", "thank you. what is the next step",
        "what can I do about the rash", "delete methotrexate from the plan?",
        "Please find attached her labs, what is next on methotrexate?", "is it an emergency if CK rises?",
        "who can read the MRI?",
    ],
)  # fmt: skip
def test_questions_that_begin_like_small_talk_are_questions(message: str) -> None:
    levels = triage(message, load_triage(shipped("knowledge") / "triage.yaml")).levels
    assert not levels & SMALL_TALK
    assert not levels & {TriageLevel.EMERGENCY}
