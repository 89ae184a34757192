"""A document is looked at for review, and what was decided is recorded in its front matter."""

import difflib
import os
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.domain.documents import CuratedDocument, PassageKind, ReviewStatus
from bot.domain.errors import DocumentError, FootnoteError
from bot.domain.text import fold
from bot.knowledge.documents import find_document, is_markdown, parse_document
from bot.knowledge.fields import Source
from bot.knowledge.frontmatter import read_header
from bot.knowledge.readers import decode, read_bytes
from bot.knowledge.review.editing import set_fields
from bot.knowledge.review.history import Past, read_past
from bot.knowledge.review.transitions import Action, next_status


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What somebody decides about a document, on a day. `review_by`: when it has to be read again."""

    action: Action
    on: date
    by: str = ""
    note: str = ""
    review_by: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Dossier:
    """What a reviewer wants to see. `diff` are the lines of a unified diff since the last approval."""

    document: CuratedDocument
    sources: tuple[Source, ...]
    note: str
    past: Past | None
    diff: tuple[str, ...]


def open_dossier(folder: Path, identifier: str) -> Dossier:
    """Everything about one document, by id or path. Raises FootnoteError for an unknown one."""
    document = find_document(folder, identifier)
    path = folder / document.path
    text = decode(read_bytes(path, document.path), document.path)
    header, _ = read_header(text, document.path)
    past = read_past(path)
    return Dossier(
        document=document,
        sources=header.values.sources if header else (),
        note=(header.values.review_note or "") if header else "",
        past=past,
        diff=_diff(past, text),
    )


def decide(folder: Path, identifier: str, decision: Decision) -> CuratedDocument:
    """Record the decision in the file and give the document as it then is. Raises FootnoteError."""
    document = find_document(folder, identifier)
    status = next_status(document.review_status, decision.action)
    path = Path(os.path.realpath(folder / document.path))
    if decision.action is Action.APPROVE:
        _may_approve(decision, read_past(path))
    elif decision.review_by is not None:
        raise FootnoteError("--review-by belongs to an approval.", remedy="Give it together with --approve.")
    data = read_bytes(path, document.path)
    changed = set_fields(data, _fields(status, decision), document.path)
    recorded = _read(changed, document)
    _replace(path, changed)
    return recorded


def _may_approve(decision: Decision, past: Past | None) -> None:
    if not decision.by.strip():
        raise FootnoteError("An approval needs a name.", remedy='Add --by "Your Name".')
    if decision.review_by is not None and decision.review_by <= decision.on:
        raise FootnoteError("--review-by must be a day to come.", remedy="Name the day of the next review.")
    if past is not None and _plain(decision.by) in {_plain(writer) for writer in past.writers}:
        raise FootnoteError(
            f"{decision.by} wrote on this text since the last approval, and nobody approves their own text.",
            remedy="Ask somebody else to review it.",
        )


def _plain(name: str) -> str:
    return " ".join(fold(name).split())


def _fields(status: ReviewStatus, decision: Decision) -> dict[str, str | None]:
    """The fields of the front matter after the decision; what an earlier one said is taken out, since Git keeps it."""
    fields: dict[str, str | None] = {
        "review_status": status.value,
        "reviewed_by": decision.by.strip() or None,
        "reviewed_on": decision.on.isoformat(),
        "review_note": decision.note.strip() or None,
    }
    if decision.action is Action.SUBMIT:
        fields["reviewed_on"] = None if not decision.by.strip() else fields["reviewed_on"]
    if decision.action in {Action.APPROVE, Action.SUBMIT}:
        fields["review_by"] = decision.review_by.isoformat() if decision.review_by else None
    return fields


def _read(changed: bytes, before: CuratedDocument) -> CuratedDocument:
    """The document as the library will read it; a file that would be read otherwise than meant is refused."""
    text = decode(changed, before.path)
    document = parse_document(before.path, text) if is_markdown(before.path, text) else None
    if document is not None and document.id == before.id and _body(document) == _body(before):
        return document
    remedy = "Enter review_status in its front matter by hand; only Markdown files have one."
    raise DocumentError(before.path, "the decision can't be recorded in this file.", remedy=remedy)


def _body(document: CuratedDocument) -> list[str]:
    return [one.text for one in document.passages if one.kind is PassageKind.BODY]


def _replace(path: Path, data: bytes) -> None:
    """Put the new content in place in one step, with the rights of the old file."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        fresh = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            fresh.chmod(path.stat().st_mode & 0o7777)
            fresh.replace(path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
    except OSError as error:
        problem = f"it can't be written ({error.strerror})."
        raise DocumentError(path.name, problem, remedy="Check the rights on the file and its folder.") from error


def _diff(past: Past | None, text: str) -> tuple[str, ...]:
    if past is None or past.approved is None:
        return ()
    old = past.approved.text.splitlines()
    label = f"approved ({past.approved.commit[:10]})"
    return tuple(difflib.unified_diff(old, text.splitlines(), label, "now", lineterm=""))
