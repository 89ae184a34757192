"""The maintainers' words are loaded whole or not at all, and faults are named with their place."""

from pathlib import Path

import pytest

from bot.domain.errors import WordingError
from bot.places import shipped
from bot.prompts import Wording, load_wording


def write(folder: Path, text: str) -> Path:
    (folder / "wording").mkdir()
    (folder / "wording" / "en.yaml").write_text(text, encoding="utf-8")
    return folder


def test_the_shipped_wording_loads_and_has_a_digest() -> None:
    wording = load_wording(shipped("prompts"))
    assert wording.say("abstention.nearest", titles="A") == "Closest documents: A."
    assert wording.digest.startswith("sha256:")


def test_an_override_replaces_single_sentences_and_changes_the_digest(tmp_path: Path) -> None:
    folder = write(tmp_path, 'terminal:\n  goodbye: "See you."\n')
    shipped_wording, wording = load_wording(shipped("prompts")), load_wording(shipped("prompts"), folder)
    assert wording.say("terminal.goodbye") == "See you."
    assert wording.say("answer.sources") == shipped_wording.say("answer.sources")
    assert wording.digest != shipped_wording.digest


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('terminal:\n  goodbye: ""\n', "line 2: terminal.goodbye is empty"),
        ('terminal:\n  farewell: "x"\n', "no sentence called terminal.farewell"),
        ('terminal:\n  goodbye: "Bye {{name}}"\n', "uses name"),
        ('terminal:\n  goodbye: "Bye\n', "line"),
        ("just words", "expected keys"),
    ],
)
def test_a_broken_override_is_named_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(WordingError, match=says):
        load_wording(shipped("prompts"), write(tmp_path, text))


def test_an_emptied_disclaimer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WordingError, match=r"disclaimer\.family is empty"):
        load_wording(shipped("prompts"), write(tmp_path, 'disclaimer:\n  family: " "\n'))


def test_a_missing_or_unreadable_file_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WordingError, match=r"en\.yaml is missing\. Restore it"):
        load_wording(tmp_path)
    write(tmp_path, "")
    (tmp_path / "wording" / "en.yaml").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(WordingError, match="UTF-8"):
        load_wording(tmp_path)


def test_a_fault_in_a_sentence_of_a_nested_key_names_the_line_of_the_key(tmp_path: Path) -> None:
    with pytest.raises(WordingError, match=r"line 3: answer\.dose"):
        load_wording(shipped("prompts"), write(tmp_path, 'answer:\n  found: "x"\n  dose: "{{x}}"\n'))


def test_variables_are_filled_wherever_they_stand() -> None:
    wording = Wording({"a": "{{ x }} and {{x}} of {{y}}"}, "en", "")
    assert wording.say("a", x=1, y="two") == "1 and 1 of two"
