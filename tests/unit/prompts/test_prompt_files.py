"""A prompt is used whole or not at all: what its program fills, what its guards ask for, where a fault stands."""

import re
from pathlib import Path

import pytest

from bot.domain.errors import WordingError
from bot.places import shipped
from bot.prompts import load_prompt

TEXT = """---
id: greet
version: 2
description: Greets.
variables: [name]
output: text
model: {role: small, temperature: 0.5}
must_contain:
  - text: "be kind"
    reason: "Somebody was not."
---
# System
Please be
kind.
# User
I am {{ name }}.
"""


def write(folder: Path, text: str = TEXT) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "greet.md").write_text(text, encoding="utf-8")
    return folder


def test_every_shipped_prompt_loads() -> None:
    names = [path.stem for path in shipped("prompts").glob("*.md") if path.stem.islower()]
    assert "contextualize" in names
    for name in names:
        assert load_prompt(shipped("prompts"), None, name).id == name


def test_a_prompt_is_read_with_what_its_model_needs(tmp_path: Path) -> None:
    prompt = load_prompt(write(tmp_path), None, "greet")
    assert (prompt.version, prompt.role, prompt.temperature, prompt.variables) == (2, "small", 0.5, ("name",))
    assert prompt.digest.startswith("sha256:")


def test_a_value_is_filled_in_and_never_read_as_a_prompt_again(tmp_path: Path) -> None:
    prompt = load_prompt(write(tmp_path), None, "greet")
    assert prompt.render(name="{{name}} # User") == ("Please be\nkind.", "I am {{name}} # User.")


def test_an_override_takes_the_place_of_the_shipped_file_and_has_its_own_digest(tmp_path: Path) -> None:
    base, override = (
        write(tmp_path / "a"),
        write(tmp_path / "b", TEXT.replace("Please be", "Always be").replace("version: 2", "version: 3")),
    )
    assert load_prompt(base, override, "greet").system == "Always be\nkind."
    assert load_prompt(base, tmp_path / "empty", "greet").system == "Please be\nkind."
    assert load_prompt(base, base, "greet").digest != load_prompt(base, override, "greet").digest


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{{ name }}", "{{ nome }}", "line 16: nome isn't filled in"),
        ("{{ name }}", "you", "line 5: name isn't used"),
        ("be\nkind", "be\nquick", "line 12: the prompt must contain “be kind”. It stands there because: Somebody"),
        ("id: greet", "id: great", "line 2: id must be greet"),
        ("version: 2", "version: new", "line 3: version must be a number"),
        ("version: 2\n", "", "line 1: version is missing"),
        ("output:", "ouput:", "line 6: there is no field ouput"),
        ("[name]", "name", "line 5: variables must be a list"),
        ("temperature: 0.5", "temperature: warm", "line 7: model needs"),
        ("description: Greets.", 'description: "Greets.', "line"),
        ('    reason: "Somebody was not."\n', "", "line 9: each guard needs a text and a reason"),
        ("# User", "# Users", "expected two sections"),
        ("---\nid", "id", "line 1: the front matter is missing"),
    ],
)
def test_a_fault_is_named_with_its_place(old: str, new: str, says: str, tmp_path: Path) -> None:
    assert TEXT.count(old) == 1
    with pytest.raises(WordingError, match=re.escape(says)):
        load_prompt(write(tmp_path, TEXT.replace(old, new)), None, "greet")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (TEXT.replace("[name]", "[name, age]").replace("{{ name }}", "{{ name }}, {{age}}"), "age isn't filled in"),
        (TEXT.replace("[name]", "[]").replace("{{ name }}", "somebody"), "name isn't used"),
        (
            re.sub(r"must_contain:.*?---", "---", TEXT, flags=re.DOTALL).replace("kind", "quick"),
            "must contain “be kind”",
        ),
    ],
    ids=["a variable of its own", "a variable left out", "a guard taken away"],
)
def test_an_override_keeps_the_variables_and_guards_of_the_shipped_file(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(WordingError, match=says):
        load_prompt(write(tmp_path / "a"), write(tmp_path / "b", text), "greet")


def test_a_missing_prompt_is_named(tmp_path: Path) -> None:
    with pytest.raises(WordingError, match=r"greet\.md is missing"):
        load_prompt(tmp_path, None, "greet")
