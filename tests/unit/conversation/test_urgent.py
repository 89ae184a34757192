"""In an emergency or crisis the number comes first, in the reader's country and language; nothing delays help."""

import pytest

from bot.answering.triage import FirstAid, Triage, TriageLevel
from bot.conversation.urgent import Urgent
from bot.domain.messages import Audience
from bot.knowledge.helplines import load_helplines
from bot.places import shipped
from bot.prompts import load_set

HELPLINES = load_helplines(shipped("knowledge") / "helplines.yaml")
WORDS = load_set(shipped("prompts"), shipped("prompts"))


def urgent(text: str = "he cant breathe", language: str = "en", audience: Audience = Audience.FAMILY) -> Urgent:
    wording = WORDS.for_language(language)
    return Urgent(wording=wording, helplines=HELPLINES, text=text, language=language, audience=audience)


def emergency(first_aid: FirstAid | None = None) -> Triage:
    return Triage(levels=frozenset({TriageLevel.EMERGENCY}), first_aid=first_aid)


@pytest.mark.parametrize(
    ("language", "first"),
    [
        ("en-GB", "This can be an emergency. Call 999 now"),
        ("en", "This can be an emergency. Call the emergency number now (112 in Europe, 911"),
        ("de", "Das kann ein Notfall sein. Wählen Sie jetzt den Notruf (112"),
        ("de-AT", "Das kann ein Notfall sein. Wählen Sie jetzt 144"),
    ],
)
def test_the_first_line_says_whom_to_call(language: str, first: str) -> None:
    assert urgent(language=language).emergency(emergency()).startswith(first)


@pytest.mark.parametrize("first_aid", [None, *FirstAid])
@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("language", ["en", "de"])
def test_an_emergency_text_stays_short_and_names_no_dose(
    first_aid: FirstAid | None, audience: Audience, language: str
) -> None:
    text = urgent(language=language, audience=audience).emergency(emergency(first_aid))
    assert len(text.splitlines()) <= 5
    assert len(text) < 900
    assert "mg" not in text.split()


def test_a_message_in_another_language_gets_a_sentence_of_its_own_beside_the_english_one() -> None:
    text = urgent("mi hijo no puede respirar").emergency(emergency())
    assert "This can be an emergency" in text
    assert "Puede ser una urgencia" in text


def test_a_foreign_message_in_a_german_chat_gets_english_too() -> None:
    text = urgent("oğlum nefes alamıyor", "de").emergency(emergency())
    assert "Das kann ein Notfall sein" in text
    assert "hemen acil numarayı arayın" in text
    assert "call the emergency number now" in text


def test_a_crisis_gets_sympathy_a_line_and_a_trusted_adult() -> None:
    text = urgent("i want to die", "en-GB").crisis()
    assert text.startswith("I am sorry")
    assert "999" in text
    assert "116 123 (Samaritans)" in text
    assert "an adult you trust" in text
    assert "For professionals" not in text


def test_a_professional_also_reads_what_to_do_in_a_crisis() -> None:
    text = urgent("pt wants to die", audience=Audience.CLINICIAN).crisis()
    assert "988 in the US and Canada" in text
    assert "safeguarding" in text


def test_a_line_for_the_young_is_told_where_there_is_one() -> None:
    assert "147 (Rat auf Draht)" in urgent("ich will sterben", "de-AT").crisis()
