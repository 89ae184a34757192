"""Documents and passages as JSON, for the passage store."""

import json
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from bot.domain.documents import (
    Conflict,
    CuratedDocument,
    Directness,
    DocumentKind,
    Passage,
    PassageKind,
    ReviewStatus,
    Sentence,
    Span,
)

METADATA = tuple(field.name for field in fields(CuratedDocument) if field.name != "passages")
DATES = ("reviewed_on", "review_by", "valid_until", "last_updated")


def encode_document(document: CuratedDocument) -> str:
    """All that is known of a document, without its passages."""
    values = {name: getattr(document, name) for name in METADATA}
    values["conflicts_with"] = [asdict(conflict) for conflict in document.conflicts_with]
    return json.dumps(values, default=str, ensure_ascii=False)


def decode_document(record: str) -> CuratedDocument:
    """The document without its passages."""
    values: dict[str, Any] = json.loads(record)
    values["kind"] = DocumentKind(values["kind"])
    values["review_status"] = ReviewStatus(values["review_status"])
    values["directness"] = Directness(values["directness"]) if values["directness"] else None
    values["authors"] = tuple(values["authors"])
    values["questions"] = tuple(values["questions"])
    values["conflicts_with"] = tuple(Conflict(**conflict) for conflict in values["conflicts_with"])
    for name in DATES:
        values[name] = date.fromisoformat(values[name]) if values.get(name) else None
    return CuratedDocument(**values)


def encode_passage(passage: Passage) -> str:
    """A passage with its sentences; a quotation equal to its text is written once."""
    sentences = [
        [s.text, None if s.quote == s.text else s.quote, [[p.start, p.end] for p in s.spans], s.lead, s.is_item]
        for s in passage.sentences
    ]
    values = [passage.heading_path, passage.kind, passage.page, sentences]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def decode_passage(name: str, document: str, record: str) -> Passage:
    """The passage with this id, of the document with this path."""
    headings, kind, page, sentences = json.loads(record)
    return Passage(
        id=name,
        document=document,
        heading_path=tuple(headings),
        kind=PassageKind(kind),
        page=page,
        sentences=tuple(
            Sentence(
                text=text,
                quote=text if quote is None else quote,
                spans=tuple(Span(start=start, end=end) for start, end in spans),
                lead=tuple(lead),
                is_item=is_item,
            )
            for text, quote, spans, lead, is_item in sentences
        ),
    )
