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
