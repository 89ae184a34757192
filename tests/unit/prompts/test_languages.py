"""A reader is spoken to in their language, sentence by sentence, and in English where there is none."""

from pathlib import Path

import pytest

from bot.places import shipped
from bot.prompts import check_set, load_set, load_wording
from bot.prompts.wording import VARIABLE
from tests.unit.prompts.folders import bump, copied, edit

WORDS = load_set(shipped("prompts"))


def test_german_is_complete_and_says_everything_in_its_own_words() -> None:
    assert check_set(shipped("prompts")).missing == {"de": ()}
    english, german = WORDS.wording.sentences, WORDS.for_language("de").sentences
    alike = {VARIABLE.sub("", text) for key, text in german.items() if text == english[key]}
    assert [text for text in alike if any(character.isalpha() for character in text)] == []


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("DE", "de"),
        ("de_CH", "de"),
        ("en", "en"),
        ("en-GB", "en"),
        ("fi", "en"),
        ("", "en"),
    ],
)
def test_the_language_is_chosen_by_the_readers_code(code: str, language: str) -> None:
    assert WORDS.for_language(code).language == language


def test_what_a_language_lacks_is_said_in_english_and_told_by_the_check(tmp_path: Path) -> None:
    folder = copied(tmp_path / "prompts")
    edit(folder / "wording" / "de.yaml", '  goodbye: "Auf Wiedersehen."\n', "")
    bump(folder / "wording" / "de.yaml")
    words = load_set(folder)
    assert words.for_language("de").say("terminal.goodbye") == words.wording.say("terminal.goodbye")
    assert check_set(folder).missing == {"de": ("terminal.goodbye",)}


def test_a_region_may_have_words_of_its_own(tmp_path: Path) -> None:
    own = tmp_path / "own"
    (own / "wording").mkdir(parents=True)
    (own / "wording" / "fr.yaml").write_text('terminal:\n  goodbye: "Au revoir."\n', encoding="utf-8")
    words = load_set(shipped("prompts"), own)
    assert words.for_language("fr-CA").say("terminal.goodbye") == "Au revoir."
    assert set(words.for_language("fr").digests) == {"wording/en", "own/wording/fr"}


def test_ones_own_english_shows_where_another_language_is_silent(tmp_path: Path) -> None:
    folder, own = copied(tmp_path / "prompts"), tmp_path / "own"
    (own / "wording").mkdir(parents=True)
    (own / "wording" / "en.yaml").write_text('terminal:\n  goodbye: "See you."\n', encoding="utf-8")
    (folder / "wording" / "de.yaml").unlink()
    (folder / "wording" / "de.yaml").write_text('answer:\n  sources: "Quellen"\n', encoding="utf-8")
    edit(folder / "versions.yaml", "  wording/de:", "  wording/xx:")
    german = load_set(folder, own).for_language("de")
    assert (german.say("terminal.goodbye"), german.say("answer.sources")) == ("See you.", "Quellen")


def test_the_wording_of_one_language_speaks_it_to_everybody() -> None:
    german = load_wording(shipped("prompts"), None, "de")
    assert german.for_language("en") is german
