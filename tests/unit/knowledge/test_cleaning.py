from pathlib import Path

import pytest

from bot.knowledge.cleaning import Vocabulary, mend, split_glued
from bot.knowledge.traced import Traced
from tests.unit.knowledge.pages import read, sentences, texts


def mended(text: str, elsewhere: str = "") -> str:
    return mend(Traced.of(text, 0, len(text)), Vocabulary(f"{text}\n\n{elsewhere}")).text


@pytest.mark.parametrize(
    ("printed", "read_as"),
    [
        ("refrac-\ntory disease", "refractory disease"),
        ("glucocorticoid- \ndependent cases of long- term use", "glucocorticoid-dependent cases of long-term use"),
        ("long- term use", "long-term use"),
        ("Ninety- six per cent", "Ninety-six per cent"),
        ("from 7.0 to 0.0 (0.0–\n1.0)", "from 7.0 to 0.0 (0.0–1.0)"),
        ("3- 5 mg", "3-5 mg"),
        ("cyto-\nmegalovirus", "cytomegalovirus"),
        ("short- and long-term results", "short- and long-term results"),
        ("short-\nand long-term results", "short- and long-term results"),
        ("anti-\nMDA5 and non-\nTNFi and 12-\nweek", "anti-MDA5 and non-TNFi and 12-week"),
        ("long-\nterm", "long-term"),
        ("interferon (IFN)- induced and JAK- STAT", "interferon (IFN)-induced and JAK-STAT"),
        ("tender/\nswollen joints", "tender/swollen joints"),
        ("tapering - Maintain doses", "tapering - Maintain doses"),
        ("one\n  two   three", "one two three"),
    ],
)
def test_what_a_line_end_broke_is_mended(printed: str, read_as: str) -> None:
    assert mended(printed) == read_as


def test_the_documents_own_words_decide_between_joining_and_keeping() -> None:
    assert mended("pre-\ntreatment", elsewhere="pretreatment") == "pretreatment"
    assert mended("care-\ngiver", elsewhere="The care-giver came.") == "care-giver"
    assert mended("steroid-\nfree", elsewhere="free of any steroid") == "steroid-free"


@pytest.mark.parametrize(
    ("glued", "parts"),
    [
        ("Advisory BoardAll articles of our Advisory Board", ["Advisory Board", "All articles of our Advisory Board"]),
        ("Last updated: May 3, 2025View policy", ["Last updated: May 3, 2025", "View policy"]),
        ("Checked for accuracyShare", ["Checked for accuracy", "Share"]),
        ("HbA1c, TNFi, RhoGAM, PubMed and ProDERM", ["HbA1c, TNFi, RhoGAM, PubMed and ProDERM"]),
    ],
)
def test_links_that_ran_together_are_parted_only_where_that_is_certain(glued: str, parts: list[str]) -> None:
    assert [part.text for part in split_glued(Traced.of(glued, 0, len(glued)), Vocabulary(glued))] == parts


def test_hidden_characters_are_not_read_but_a_quotation_stays_literal(tmp_path: Path) -> None:
    text = "Title\n\nMetho\u200btrexate helps. The dose is \u202a5 mg\u202c a week. Folic \u00adacid \x07too."
    document = read(tmp_path, text)
    assert texts(document) == ["Methotrexate helps.", "The dose is 5 mg a week.", "Folic acid too."]
    first, second, third = sentences(document)
    assert first.quote == "Metho\u200btrexate helps."
    assert second.quote == "The dose is … 5 mg … a week."
    assert third.quote == "Folic acid … too."


def test_entities_and_ligatures_are_spelt_out_for_reading_only(tmp_path: Path) -> None:
    [sentence] = sentences(read(tmp_path, "Title\n\nThe ﬁrst dose &lt;25 kg is small."))
    assert sentence.text == "The first dose <25 kg is small."
    assert sentence.quote == "The ﬁrst dose &lt;25 kg is small."
