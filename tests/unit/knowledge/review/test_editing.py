"""A decision changes the lines that hold it, and no other byte of the file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import DocumentError
from bot.knowledge.frontmatter import read_header
from bot.knowledge.review.editing import set_fields

FILE = b"""---
id: a   # the file's name
title: "A: on drugs"
review_status: submitted # for now
reviewed_by:
questions:
  - "what?"
---
## Text\t
Its own  spaces.\x0c
"""


def test_only_the_named_fields_change() -> None:
    changed = set_fields(
        FILE, {"review_status": "approved", "reviewed_by": "Dr. Ada: A", "reviewed_on": "2026-01-02"}, "a.md"
    )
    assert changed == FILE.replace(b"status: submitted", b"status: approved").replace(
        b"reviewed_by:\n", b"reviewed_by: 'Dr. Ada: A'\nreviewed_on: 2026-01-02\n"
    )
    back = set_fields(changed, {"review_status": "submitted", "reviewed_by": None, "reviewed_on": None}, "a.md")
    assert back == FILE.replace(b"reviewed_by:\n", b"")


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_mark_stay(start: bytes) -> None:
    file = start + FILE.replace(b"\n", b"\r\n")
    changed = set_fields(file, {"review_status": "retired", "review_note": "Too old."}, "a.md")
    assert changed == file.replace(b"submitted # for now\r\n", b"retired # for now\r\nreview_note: Too old.\r\n")


def test_front_matter_is_made_where_there_is_none() -> None:
    assert set_fields(b"# A\n\nText.\n", {"review_status": "retired", "reviewed_by": None}, "a.md") == (
        b"---\nreview_status: retired\n---\n# A\n\nText.\n"
    )


def test_a_value_over_several_lines_is_replaced_whole() -> None:
    file = b"---\nreview_note: >\n  It was\n  long.\nid: a\n---\nText.\n"
    assert set_fields(file, {"review_note": "Short."}, "a.md") == b"---\nreview_note: Short.\nid: a\n---\nText.\n"
    assert set_fields(file, {"review_note": None}, "a.md") == b"---\nid: a\n---\nText.\n"


@given(st.text(min_size=1, max_size=60).filter(lambda text: text.split() and text.isprintable()))
def test_whatever_is_written_is_read_again(note: str) -> None:
    changed = set_fields(FILE, {"review_note": note, "reviewed_by": note}, "a.md").decode()
    header, faults = read_header(changed, "a.md")
    assert header is not None, faults
    assert (header.values.review_note, header.values.reviewed_by) == (" ".join(note.split()),) * 2
    assert changed.endswith("## Text\t\nIts own  spaces.\x0c\n")


def test_a_file_in_another_encoding_is_refused() -> None:
    with pytest.raises(DocumentError, match="Save it as UTF-8"):
        set_fields("---\nid: a\n---\nÄ\n".encode("latin-1"), {"review_status": "retired"}, "a.md")
