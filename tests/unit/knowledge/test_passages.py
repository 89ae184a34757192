import operator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.documents import CuratedDocument, PassageKind
from bot.domain.errors import DocumentError
from bot.knowledge.documents import read_document
from bot.knowledge.readers import decode
from bot.knowledge.traced import squeeze
from tests.unit.knowledge.pages import ABSTRACT, LETTER, WEB_PAGE, read
from tests.unit.knowledge.test_frontmatter import FULL
from tests.unit.knowledge.test_markdown import PAGE
from tests.unit.knowledge.test_plain import PRINTED

FRAGMENTS = [
    "refrac-\ntory", "glucocorticoid- \ndependent", "long- term", "(0.0–\n1.0)", "Figure 1 A girl.", "figure 1 shows",
    "# Heading", "**bold** text", "*x*", "`c`", "[link](http://x.y/z_w)", "| a | b |\n|---|---|\n| 1 | 2 |",
    "a\tb\n1\t2",
    "• item 1", "  ◦ sub 2", "1. One", "- two:", "References", "1 Smith A. Foo 2020.", "rashes.1 Clinically",
    "JDM.3–5", "cases 1, 2", "disease 1.", "[12]", "¹", "m²", "DAY 1", "p<0.05.", "e.g. this", "et al. The", "\f", "12",
    "\u200b", "\u202e", "\u00ad", "\ufeff", "…", " … ", "...", "&lt;5", "---", "title: x", "ﬁrst", "e\u0301", "\u0301",
    "\u3099", "🙂", "BoardAll", "2025View more", "Last updated: May 3, 2020", "Rheumatology | May 2, 2021",
    "Ding Y, Duffy D", "Share", "Disclaimer", "short- and long-term", "\\*", "<sup>1</sup>", "<!-- c -->", "½", "Ⅳ",
    "ß",
    "İ", "\x07", "\x85", "\u2028", "✓", "–", "\u0338", "ᄀ", "ᅡ", "The dose was 5 mg.", "patients improved",
]  # fmt: skip
PIECES = st.one_of(st.sampled_from(FRAGMENTS), st.text(alphabet="ab cD. ,-:()0129\n", max_size=12), st.text(max_size=4))
GLUE = st.sampled_from([" ", " ", "\n", "\n", "\n\n", "\n  ", "", "- "])
MIXTURES = st.lists(st.builds(operator.add, PIECES, GLUE), min_size=1, max_size=20).map("".join)


def check_quotations(document: CuratedDocument, text: str) -> None:
    """Each part of a quotation is in the file, at its span."""
    whole = squeeze(text)
    for sentence in (sentence for passage in document.passages for sentence in passage.sentences):
        parts = sentence.quote.split(" … ")
        assert len(parts) == len(sentence.spans)
        for part, span in zip(parts, sentence.spans, strict=True):
            assert 0 <= span.start < span.end <= len(text)
            assert squeeze(part) in whole
            assert squeeze(part) == squeeze(text[span.start : span.end])


@pytest.mark.parametrize("text", [WEB_PAGE, LETTER, ABSTRACT, PRINTED, PAGE, FULL])
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_every_quotation_is_literally_in_the_file(tmp_path: Path, text: str, name: str) -> None:
    check_quotations(read(tmp_path, text, name), text)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=MIXTURES, name=st.sampled_from(["a.txt", "a.md"]))
def test_every_quotation_of_any_mixture_is_literally_in_the_file(tmp_path: Path, text: str, name: str) -> None:
    (tmp_path / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        document = read_document(tmp_path / name, tmp_path)
    except DocumentError:
        return
    check_quotations(document, decode((tmp_path / name).read_bytes(), name))
    assert all(passage.sentences and all(s.text for s in passage.sentences) for passage in document.passages)
    ids = [passage.id for passage in document.passages]
    assert len(set(ids)) == len(ids)


def test_no_word_of_a_clean_page_is_lost(tmp_path: Path) -> None:
    text = "Title\n\n" + "\n\n".join(f"Sentence {n} says that {n} mg is given. It is so." for n in range(1, 30))
    document = read(tmp_path, text)
    said = " ".join(s.text for p in document.passages if p.kind is PassageKind.BODY for s in p.sentences)
    assert said.split() == text.removeprefix("Title").split()


def test_long_sections_are_cut_at_borders_into_pieces_of_a_good_length(tmp_path: Path) -> None:
    paragraph = "The children were seen every month by the same doctor and her team. " * 6
    text = "Title\n\n" + f"{paragraph}\n\n" * 8
    sizes = [len(p.text.split()) for p in read(tmp_path, text).passages if p.kind is PassageKind.BODY]
    assert all(120 <= size <= 200 for size in sizes[:-1])
    assert max(sizes) <= 200


def test_a_paragraph_longer_than_a_passage_is_cut_between_sentences(tmp_path: Path) -> None:
    text = "Title\n\n" + "The children were seen every month by the same doctor and her team. " * 40
    passages = [p for p in read(tmp_path, text).passages if p.kind is PassageKind.BODY]
    assert len(passages) == 3
    assert all(150 <= len(p.text.split()) <= 200 for p in passages)


def test_a_list_is_never_without_its_lead(tmp_path: Path) -> None:
    items = "\n".join(f"  • Item number {n} is something to look at with great care" for n in range(40))
    text = f"Title\n\n{'Words that fill. ' * 55}\n\nBefore treatment, check:\n\n{items}\n"
    listed = [s for p in read(tmp_path, text).passages for s in p.sentences if s.is_item]
    assert len(listed) == 40
    assert all(sentence.lead == ("Before treatment, check",) for sentence in listed)


def test_ids_are_stable_and_change_with_the_content(tmp_path: Path) -> None:
    first = read(tmp_path, "Title\n\nRash improved.").passages[0]
    assert first.id == read(tmp_path, "Title\n\nRash  improved.").passages[0].id
    assert first.id != read(tmp_path, "Title\n\nRash did not improve.").passages[0].id
    assert first.id.startswith("page#")


def test_the_same_passage_twice_gets_two_ids(tmp_path: Path) -> None:
    text = "# Title\n\n## Dose\n\nGive 5 mg.\n\n## Dose\n\nGive 5 mg.\n"
    ids = [passage.id for passage in read(tmp_path, text, "a.md").passages]
    assert len(set(ids)) == len(ids)
