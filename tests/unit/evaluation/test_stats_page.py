"""Numbers are counted once each, and nothing of a document or question is markup on the page."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

from bot.domain.documents import CuratedDocument, DocumentKind, ReviewStatus
from bot.evaluation.gaps import Gap
from bot.evaluation.page import draw_bars, write_page
from bot.evaluation.stats import Stats, count_library
from tests.fake_embedder import document

TODAY = date(2026, 6, 1)
EVIL = "<script>alert(1)</script> & \"quotes\" 'n' ]]>"


def library() -> list[CuratedDocument]:
    return [
        replace(document("a.md", title="A"), kind=DocumentKind.TRIAL, year=2013, level=2),
        replace(document("b.md", title="B"), kind=DocumentKind.TRIAL, year=2025),
        replace(document("c.md", title=EVIL, status=ReviewStatus.SUBMITTED), last_updated=date(2023, 1, 1)),
        document("d.md", title="D", status=ReviewStatus.RETIRED),
    ]


def counted() -> Stats:
    return count_library(library(), {"b.md": 1, "a.md": 3, "old.md": 2}, TODAY)


def test_documents_are_counted_by_what_is_known_of_them() -> None:
    stats = counted()
    assert (stats.documents, stats.passages, stats.gone) == (4, 4, 2)
    assert stats.kinds == (("trial", 2), ("unknown", 2))
    assert stats.statuses == (("approved", 2), ("retired", 1), ("submitted", 1))
    assert stats.levels == (("2", 1), ("not known", 3))
    assert stats.ages == (("up to 1 year", 1), ("2 to 3 years", 1), ("over 10 years", 1), ("not known", 1))
    assert stats.citations == (("A", 3), ("B", 1))
    assert stats.never_cited == (EVIL,)


def test_a_plot_holds_every_label_and_number_and_the_longest_bar_fits() -> None:
    drawn = ET.fromstring(draw_bars(EVIL, (("first", 4), (EVIL * 5, 1))))
    assert [text.text for text in drawn.iter("text")][:2] == ["first", "4"]
    widths = [int(bar.attrib["width"]) for bar in drawn.iter("rect")]
    assert widths[0] == 4 * widths[1] or abs(widths[0] - 4 * widths[1]) <= 2
    assert all(int(bar.attrib["x"]) + int(bar.attrib["width"]) < 900 for bar in drawn.iter("rect"))


def test_the_page_needs_nothing_else_and_runs_nothing() -> None:
    gap = Gap(question=EVIL, others=(EVIL,), count=2, last_asked=datetime(2026, 5, 1, tzinfo=UTC), nearest=(EVIL,))
    page = write_page(counted(), [gap], TODAY)
    assert not re.search(r"<script|<link|<img|\bsrc=|\bhref=|url\(|@import|https?:|\son\w+=", page)
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp;") >= 4
    assert page.count("<svg") == 6


def test_an_empty_library_has_a_page_too() -> None:
    page = write_page(count_library([], {}, TODAY), [], TODAY)
    assert "0 documents, 0 passages." in page
    assert "<svg" not in page
