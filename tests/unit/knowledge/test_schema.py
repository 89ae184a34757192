from pathlib import Path

import jsonschema
import pytest
import yaml

from bot.knowledge.documents import read_library
from bot.knowledge.frontmatter import _Loader
from bot.knowledge.schema import NAME, schema, written
from tests.unit.knowledge.test_frontmatter import FULL

KNOWLEDGE = Path(__file__).parents[3] / "knowledge"


def faults(text: str) -> list[str]:
    """What an editor that knows the schema would underline in a document's front matter."""
    stated = yaml.load(text.split("---\n", 2)[1], Loader=_Loader)
    return [error.message for error in jsonschema.Draft202012Validator(schema()).iter_errors(stated)]


def test_the_committed_schema_is_the_models_own() -> None:
    assert (KNOWLEDGE / NAME).read_text(encoding="utf-8") == written(), "run `python -m bot.knowledge.schema`"


def test_an_editor_finds_no_fault_in_the_shipped_documents() -> None:
    paths = [KNOWLEDGE / document.path for document in read_library(KNOWLEDGE).documents]
    assert {path.name: faults(path.read_text(encoding="utf-8")) for path in paths} == {path.name: [] for path in paths}


def test_an_editor_finds_no_fault_where_every_field_is_filled_in() -> None:
    assert faults(FULL) == []


@pytest.mark.parametrize(
    "line",
    ["auther: me", "kind: novel", "n: 0", "doi: https://doi.org/10.1000/a", "pmid: PMID 1", "doses: [{drug: a}]"],
)
def test_an_editor_finds_what_the_check_finds(line: str) -> None:
    assert len(faults(f"---\n{line}\n---\nText.")) > 0
