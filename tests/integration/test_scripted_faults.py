"""Right answers of the scripted provider in a wrong form."""

import ast
import re

import pytest

from tests.scripted_provider import FAULTS
from tests.scripted_provider.composing import honest_lines
from tests.scripted_provider.sample import prompt

LINES = honest_lines(prompt())


def values(text: str) -> list[dict[str, object]]:
    """The objects of a text that has one on each line, when single quotes are forgiven."""
    return [ast.literal_eval(line) for line in text.splitlines()]


FORMS = {
    "code_fence": r"```json\n(\{.*\}\n){3}```",
    "array": r"\[\n  \{(.*\n)+\]",
    "object_of_claims": r'\{"claims": \[\{.*\}\]\}',
    "pretty": r'\{\n  "role"(.*\n)+\}',
    "prose_around": r"Sure! .*\n\n(\{.*\}\n){3}\nLet me know .*",
    "trailing_commas": r"(\{.*,\},\n){2}\{.*,\},",
    "single_quotes": r"(\{'role': .*\}\n?){3}",
    "bracketed_ids": r'(\{.*"sources": \["\[\w{4}\]"\].*\}\n?){3}',
    "sources_as_string": r'(\{.*"sources": "\w{4}".*\}\n?){3}',
    "think_block": r"<think>\n.*\n</think>\n(\{.*\}\n?){3}",
    "missing_role": r'(\{"text": .*\}\n?){3}',
    "unknown_role": r'(\{"role": "Key Point".*\}\n?){3}',
    "markdown": r'(\{.*"text": "\*\*.*\*\*".*\}\n?){3}',
    "footnotes_in_text": r'(\{.*"text": "[^"]* \[\w{4}\]".*\}\n?){3}',
    "half_of_the_last_line": r"(\{.*\}\n){2}\{.*[^}]",
    "duplicates": r"(\{.*\}\n?){6}",
    "forty_claims": r"(\{.*\}\n?){40}",
}


def test_every_fault_is_tried_here() -> None:
    assert set(FORMS) == set(FAULTS)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_one_of_form_only(name: str) -> None:
    text = FAULTS[name](LINES)
    assert re.fullmatch(FORMS[name], text)
    assert LINES[0].text in text


def test_python_can_read_what_is_in_single_quotes() -> None:
    assert values(FAULTS["single_quotes"](LINES)) == [line.value for line in LINES]
