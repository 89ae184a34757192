from pathlib import Path

import pytest

from bot.domain.errors import ConfigurationError
from bot.domain.glossary import TermKind
from bot.knowledge.glossary import load_glossary

GOOD = """\
terms:
  - id: tnf-inhibitor
    name: TNF inhibitor
    kind: drug_class
  - id: adalimumab
    name: adalimumab
    kind: drug
    brands: [Humira]
    classes: [tnf-inhibitor]
    plain: an antibody given under the skin
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "glossary.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_terms_are_read_with_all_their_names(tmp_path: Path) -> None:
    glossary = load_glossary(written(tmp_path, GOOD))
    term = glossary.term("adalimumab")
    assert term is not None
    assert (term.kind, term.brands, term.plain) == (TermKind.DRUG, ("Humira",), "an antibody given under the skin")
    assert [above.id for above in glossary.ancestors(term)] == ["tnf-inhibitor"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("terms: [", "isn't valid YAML"),
        ("words: []", "isn't a list of terms"),
        ("terms:\n  - id: a\n    kind: drug\n", "line 2: a has no name"),
        ("terms:\n  - {id: a, name: a, kind: pill}\n", "line 2: a can't be of the kind 'pill', use 'drug'"),
        ("terms:\n  - {id: a, name: a, kind: drug, brand: [b]}\n", "unknown field 'brand', did you mean brands"),
        ("terms:\n  - {id: A b, name: a, kind: drug}\n", "id can't be 'A b'"),
        (
            "terms:\n  - {id: a, name: a, kind: drug}\n  - {id: a, name: b, kind: drug}\n",
            "line 3: the id 'a' is",
        ),
        (
            "terms:\n  - {id: ab, name: a, kind: drug, classes: [abc]}\n",
            "to 'abc', which is no term, did you mean ab",
        ),
        (
            "terms:\n  - {id: cough, name: a, kind: manifestation, signs_of: [lung]}\n",
            "cough is called a sign of 'lung', which is no term",
        ),
        ("terms:\n  - just words\n", "line 2: term 1"),
    ],
)
def test_a_fault_is_told_with_its_line_and_a_hint(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_glossary(written(tmp_path, text))
    assert told in str(caught.value)


def test_several_faults_are_told_at_once(tmp_path: Path) -> None:
    text = "terms:\n  - {id: a, name: a, kind: pill}\n  - {id: b, kind: drug}\n"
    with pytest.raises(ConfigurationError, match=r"line 2: .*; line 3: b has no name"):
        load_glossary(written(tmp_path, text))


def test_a_missing_glossary_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="can't be read"):
        load_glossary(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "terms: " + "[" * 3000,
        "<<: {terms: []}\n",
        "terms: []\nterms: [{id: a}]\n",
        "terms: &a [*a]\n",
        "terms:\n - {id: &a [b], name: *a}\n",
    ],
)
def test_yaml_that_is_nested_repeated_or_merged_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError, match="isn't"):
        load_glossary(written(tmp_path, text))
