from pathlib import Path

from bot.domain.documents import PassageKind
from tests.unit.knowledge.pages import LETTER, WEB_PAGE, headings, read, sentences, texts

PRINTED = """\
Letters to the editor
Drug Z in refractory childhood~
uveitis: one centre

Children with uveitis who do not respond to metho-
trexate are difficult to treat, and the choice is small. They were
seen monthly. Non-responders had less than 20%
improvement in three measures after six months of

J Rare Dis 2021;12:101–102                                    101
~
102
Letters to the editor

continuous treatment. In 9 of 12 children (75%) the score rose
by at least 8 points (p=0.02). One stopped (Hb 7.9 g/dL).

Correspondence to Dr A B Miller, Department of Paediatrics
Funding None declared.

REFERENCES
1 Brown A, Green B. Uveitis today. Lancet 2019;393:1–10.
2 White C, et al. Long-term outcome of uveitis in~
children. Rheumatology 2018;57:12–20.
""".replace("~", " ")


def test_wrapped_lines_become_sentences(tmp_path: Path) -> None:
    said = texts(read(tmp_path, LETTER))
    assert said[0] == "Childhood vasculitis is a rare disease with weakness and skin rashes."
    assert "The harm of long-term steroids is severe; the (IFN)-driven JAK-STAT pathway was described." in said
    assert "Short- and long-term results of 25 refractory children are shared here." in said
    assert "No cytomegalovirus disease was seen in another study." in said


def test_a_caption_in_the_middle_of_a_sentence_is_lifted_out(tmp_path: Path) -> None:
    document = read(tmp_path, LETTER)
    [broken] = [sentence for sentence in sentences(document) if sentence.text.startswith("Ninety-six")]
    assert broken.text == (
        "Ninety-six per cent (24/25) had rash when DrugX was added, "
        "and the score fell from 7.0 (3.0–10.0) to 0.0 (0.0–1.0) (p<0.001)."
    )
    assert broken.quote == (
        "Ninety-six per cent (24/25) had rash when … DrugX was added, "
        "and the score fell from 7.0 (3.0–10.0) to 0.0 (0.0–1.0) (p<0.001)."
    )
    [caption] = [passage for passage in document.passages if passage.kind is PassageKind.CAPTION]
    assert caption.heading_path == ("Figure 1",)
    assert [sentence.text for sentence in caption.sentences] == [
        "A typical case of a girl >25 kg who received 5 mg twice daily.",
        "(A) Skin before treatment.",
        "(B) Skin after treatment.",
    ]
    assert "figure 1 shows a girl whose refractory rash went." in texts(document)


def test_items_know_the_lines_that_introduce_them(tmp_path: Path) -> None:
    document = read(tmp_path, WEB_PAGE)
    leads = {sentence.text: sentence.lead for sentence in sentences(document) if sentence.is_item}
    assert leads["Arthritis"] == ("Check first",)
    assert leads["Adalimumab (never alone)"] == ("For active arthritis",)
    assert leads["Ask a specialist"] == ("For high eye pressure",)
    assert leads["Dosing: 20 mg every 2 weeks below 30 kg"] == ()
    assert "Check first:" not in texts(document)


def test_nested_leads_stand_outermost_first(tmp_path: Path) -> None:
    text = "Title\n\nBefore treatment, check:\n\n• Blood:\n   ◦ count\n   ◦ lipids\n• Eyes\n  1) left\n  2) right\n"
    leads = {sentence.text: sentence.lead for sentence in sentences(read(tmp_path, text))}
    assert leads == {
        "count": ("Before treatment, check", "Blood"),
        "lipids": ("Before treatment, check", "Blood"),
        "left": ("Before treatment, check", "Eyes"),
        "right": ("Before treatment, check", "Eyes"),
    }


def test_an_item_may_run_over_several_lines_and_ticks_are_no_words(tmp_path: Path) -> None:
    text = "Title\n\n  • Monitor cells;\n    stop below 500 cells/mm³.\n  • Methotrexate (4 doses) ✓\n✓ Folic acid\n"
    said = texts(read(tmp_path, text))
    assert said == ["Monitor cells; stop below 500 cells/mm³.", "Methotrexate (4 doses)", "Folic acid"]


def test_a_list_on_one_line_is_a_list(tmp_path: Path) -> None:
    said = texts(read(tmp_path, "Title\n\nWatch for: - Fever - Rash - Pain\n\nFever • Rash • Pain"))
    assert said == ["Fever", "Rash", "Pain", "Fever", "Rash", "Pain"]


def test_page_numbers_and_running_heads_do_not_break_a_sentence(tmp_path: Path) -> None:
    document = read(tmp_path, PRINTED)
    assert document.title == "Drug Z in refractory childhood uveitis: one centre"
    assert (
        "Non-responders had less than 20% improvement in three measures after six months of continuous treatment."
        in texts(document)
    )
    assert not any("101" in text or "Letters" in text for text in texts(document))


def test_form_feeds_count_pages(tmp_path: Path) -> None:
    text = (
        "Title\n\nThe first page says this.\n\n"
        + "Words fill the page here. " * 60
        + "\f\nThe second page says that. "
        + "More. " * 80
    )
    pages = [passage.page for passage in read(tmp_path, text).passages if passage.kind is PassageKind.BODY]
    assert pages[0] == 1
    assert pages[-1] == 2


def test_tables_become_rows_that_name_their_columns(tmp_path: Path) -> None:
    text = "Title\n\nDrug\tDose\nX\t3.2 mg\nY\t5 mg\n\nTest | When\n--- | ---\nCBC | weekly\n"
    rows = sentences(read(tmp_path, text))
    assert [row.text for row in rows] == ["Drug: X; Dose: 3.2 mg", "Drug: Y; Dose: 5 mg", "Test: CBC; When: weekly"]
    assert rows[2].quote == "CBC … weekly"


def test_a_table_without_names_of_columns_is_read_as_pairs(tmp_path: Path) -> None:
    rows = texts(read(tmp_path, "Title\n\nRoute\toral\nInterval\tweekly\nDose\t5 mg\n"))
    assert rows == ["Route: oral", "Interval: weekly", "Dose: 5 mg"]


def test_sections_of_two_drugs_never_share_a_passage(tmp_path: Path) -> None:
    assert headings(read(tmp_path, WEB_PAGE)) == [
        "text",
        "Choosing a Drug > Step 1: Look At The Whole Child",
        "Choosing a Drug > Step 2: Decide",
        "Specific Drugs > Adalimumab",
        "Specific Drugs > Tocilizumab",
        "text",
    ]


def test_a_closing_paragraph_does_not_belong_to_the_last_list(tmp_path: Path) -> None:
    document = read(tmp_path, WEB_PAGE)
    closing = [passage for passage in document.passages if passage.kind is PassageKind.BODY][-1]
    assert closing.heading_path == ()
    assert closing.sentences[0].text.startswith("Early referral")


def test_a_repeated_line_with_nothing_but_blank_lines_behind_it_is_read(tmp_path: Path) -> None:
    assert texts(read(tmp_path, "a\n" + 'c: "place of IVIG in treatment"\n' * 10 + "\n" * 4))
