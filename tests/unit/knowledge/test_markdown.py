from pathlib import Path

from bot.domain.documents import PassageKind
from tests.unit.knowledge.pages import headings, read, sentences, texts

PAGE = """\
# JAK inhibitors

In **25 children** rash improved [1]; see [the paper](https://example.org/x_y "title").

## Dose

| Drug | Dose | Weight |
|---|:---|---|
| tofacitinib | **2.5 mg** twice daily | <25 kg |
| ruxolitinib | 5 mg | ≥25 kg |

### To watch

> Watch for:

- infections:
  - herpes zoster
    (3 of 10)
  - *abscess* in 2/10
- lipids. Check them every 3 months.

1. First `CBC`.

   Then again after 4 weeks.
2. Second

**Limits**

Small &lt;30 series[^1] <sup>2</sup>; 5 m<sup>2</sup>, snake_case and 2\\*3.

<!-- nobody sees this -->

Figure 1. A girl before treatment.

## Sources

1. Ding Y. Ann Rheum Dis 2021.
"""


def test_markdown_is_read_with_its_headings(tmp_path: Path) -> None:
    document = read(tmp_path, PAGE, "a.md")
    assert document.title == "JAK inhibitors"
    assert headings(document) == ["text", "Dose", "Dose > To watch", "Dose > To watch > Limits"]


def test_the_marks_of_markdown_are_not_read(tmp_path: Path) -> None:
    said = texts(read(tmp_path, PAGE, "a.md"))
    assert said[0] == "In 25 children rash improved; see the paper."
    assert said[-1] == "Small <30 series; 5 m2, snake_case and 2*3."


def test_emphasis_is_quoted_as_it_stands_and_a_link_target_is_left_out(tmp_path: Path) -> None:
    first = sentences(read(tmp_path, PAGE, "a.md"))[0]
    assert first.quote == "In **25 children** rash improved … ; see … the paper"


def test_rows_read_with_their_columns(tmp_path: Path) -> None:
    rows = [sentence for sentence in sentences(read(tmp_path, PAGE, "a.md")) if sentence.text.startswith("Drug")]
    assert rows[0].text == "Drug: tofacitinib; Dose: 2.5 mg twice daily; Weight: <25 kg"
    assert rows[1].quote == "ruxolitinib … 5 mg … ≥25 kg"


def test_lists_nest_and_a_new_list_forgets_the_old_lead(tmp_path: Path) -> None:
    leads = {sentence.text: sentence.lead for sentence in sentences(read(tmp_path, PAGE, "a.md")) if sentence.is_item}
    assert leads["herpes zoster (3 of 10)"] == ("Watch for", "infections")
    assert leads["Check them every 3 months."] == ("Watch for",)
    assert leads["Then again after 4 weeks."] == ()


def test_captions_and_sources_are_told_apart(tmp_path: Path) -> None:
    document = read(tmp_path, PAGE, "a.md")
    assert texts(document, PassageKind.CAPTION) == ["A girl before treatment."]
    assert texts(document, PassageKind.METADATA)[-1] == "Reference 1: Ding Y. Ann Rheum Dis 2021."


def test_a_text_file_written_in_markdown_is_read_as_such(tmp_path: Path) -> None:
    assert headings(read(tmp_path, "# Title\n\n## Dose\n\n**Give** 5 mg.\n", "a.txt")) == ["Dose"]


def test_a_first_paragraph_without_a_full_stop_is_not_taken_for_the_title(tmp_path: Path) -> None:
    document = read(tmp_path, "---\ntitle: Told\n---\nRash improved in all\n\nMore words.\n", "a.md")
    assert texts(document) == ["Rash improved in all", "More words."]


def test_a_page_mark_gives_every_passage_the_page_of_its_sentences(tmp_path: Path) -> None:
    text = (
        "# Title\n\n<!-- page 2 -->\n\n## Results\n\nDrug Z helped six of nine children.\n\n"
        "Check before drug Z:\n- blood pressure\n\n<!-- page 3 -->\n\n- liver enzymes\n\n"
        "| Drug | Dose |\n|---|---|\n| Z | 4 mg |\n\n## Safety\n\nNobody left drug Z.\n"
    )
    document = read(tmp_path, text, "page.md")
    found = {s.text: p.locator for p in document.passages if p.kind is PassageKind.BODY for s in p.sentences}
    assert found == {
        "Drug Z helped six of nine children.": "Results, page 2",
        "blood pressure": "Results, page 2",
        "liver enzymes": "Results, page 3",
        "Drug: Z; Dose: 4 mg": "Results, page 3",
        "Nobody left drug Z.": "Safety, page 3",
    }
    liver = next(s for s in sentences(document) if s.text == "liver enzymes")
    assert liver.lead == ("Check before drug Z",)


def test_a_short_document_of_two_pages_has_a_passage_for_each(tmp_path: Path) -> None:
    text = "# Title\n\n<!-- page 1 -->\n\nDrug Z helped.\n\n<!-- page 2 -->\n\nNobody left drug Z.\n"
    pages = [p.page for p in read(tmp_path, text, "page.md").passages if p.kind is PassageKind.BODY]
    assert pages == [1, 2]


def test_another_comment_is_neither_text_nor_a_page(tmp_path: Path) -> None:
    document = read(tmp_path, "# Title\n\n<!-- see page 4 -->\n\nDrug Z helped.\n", "page.md")
    assert [(p.page, p.sentences[0].text) for p in document.passages if p.kind is PassageKind.BODY] == [
        (None, "Drug Z helped.")
    ]
