"""A document and a passage come back from the index's store as they were."""

from dataclasses import replace
from datetime import date

from bot.domain.documents import (
    Conflict,
    CuratedDocument,
    Directness,
    DocumentKind,
    PassageKind,
    Sentence,
    Span,
)
from bot.knowledge.records import decode_document, decode_passage, encode_document, encode_passage
from tests.fake_embedder import document, passage


def test_a_document_comes_back_as_it_was() -> None:
    whole = replace(
        document("a.md"),
        kind=DocumentKind.CONSENSUS,
        authors=("Å. Müller", "B. Other"),
        year=2020,
        directness=Directness.JDM,
        n=25,
        questions=("What dose?",),
        reviewed_on=date(2026, 1, 2),
        excerpt_only=True,
        conflicts_with=(
            Conflict(document="b", topic="dose", reason="Nobody knows."),
            Conflict(document="c", topic="x"),
        ),
    )
    assert decode_document(encode_document(whole)) == replace(whole, passages=())
    bare = CuratedDocument(path="b", id="b", title="B")
    assert decode_document(encode_document(bare)) == bare


def test_a_passage_comes_back_as_it_was() -> None:
    sentences = (
        Sentence(text="Split words", quote="Split… words", spans=(Span(start=1, end=3), Span(start=5, end=9))),
        Sentence(
            text="Same", quote="Same", spans=(Span(start=9, end=12),), lead=("For skin", "For calcinosis"), is_item=True
        ),
    )
    whole = replace(passage("a.md", headings=("One", "Two")), sentences=sentences, kind=PassageKind.CAPTION, page=3)
    assert decode_passage(whole.id, "a.md", encode_passage(whole)) == whole
