"""What documents say of each other: ids and publications that stand twice, conflicts that lead nowhere."""

import difflib
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from bot.domain.documents import CuratedDocument
from bot.domain.errors import DocumentError
from bot.knowledge.fields import ConflictEntry
from bot.knowledge.frontmatter import Header
from bot.knowledge.importing.duplicates import Known, alike, known


class File(Protocol):
    """A document as it was examined."""

    @property
    def path(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def header(self) -> Header | None: ...
    @property
    def document(self) -> CuratedDocument | None: ...
    @property
    def is_retired(self) -> bool: ...


def disagreements(files: Sequence[File]) -> Iterator[DocumentError]:
    """What is wrong between documents, each fault told of one of them."""
    current = [file for file in files if not file.is_retired]
    yield from _twice(files, "id", lambda file: file.id, "Give one of them another id or file name.")
    remedy = "Keep one document, or correct the identifier; where both are meant, list the publication under sources."
    unsaid = [file for file in current if not _is_part(file)]
    yield from _twice(unsaid, "doi", lambda file: _identifier(file, "doi"), remedy)
    yield from _twice(unsaid, "pmid", lambda file: _identifier(file, "pmid"), remedy)
    yield from _copies(current)
    yield from _conflicts(current, {file.id: file for file in reversed(files)})


def _is_part(file: File) -> bool:
    """Whether it lists its own publication as a source too: one of several documents about it, each with its part."""
    if file.header is None:
        return False
    values = file.header.values
    own = {values.doi, values.pmid} - {None}
    return any(own & {source.doi, source.pmid} for source in values.sources)


def _identifier(file: File, field: str) -> str:
    stated = getattr(file.header.values, field) if file.header else getattr(file.document, field, "")
    return (stated or "").casefold()


def _twice(files: Sequence[File], field: str, get: Callable[[File], str], remedy: str) -> Iterator[DocumentError]:
    first: dict[str, str] = {}
    for file in files:
        value = get(file)
        if value in first:
            line = file.header.line(field) if file.header and field in file.header.places else None
            problem = f"its {field} {value!r} is already used by {first[value]}."
            yield DocumentError(file.path, problem, line=line, remedy=remedy)
        elif value:
            first[value] = file.path


def _copies(files: Sequence[File]) -> Iterator[DocumentError]:
    seen: list[Known] = []
    for file in files:
        if file.document is None:
            continue
        one = known(file.document)
        copied = next((other.path for other in seen if alike(one, other)), None)
        if copied:
            remedy = "Keep one of them, or set the older one to retired."
            yield DocumentError(file.path, f"it has nearly the same text as {copied}.", remedy=remedy)
        seen.append(one)


def _conflicts(files: Sequence[File], by_id: dict[str, File]) -> Iterator[DocumentError]:
    named = {(file.id, entry.document) for file in by_id.values() for entry in _entries(file)}
    for file in files:
        for at, entry in enumerate(_entries(file)):
            other = by_id.get(entry.document)
            if entry.document == file.id:
                problem, remedy = "names the document itself", "Name the other document."
            elif other is None:
                close = difflib.get_close_matches(entry.document, by_id, n=1)
                problem = f"names {entry.document!r}, which is no document of the library"
                remedy = f"Did you mean {close[0]}?" if close else "Run `footnote knowledge list` for the ids."
            elif other.is_retired:
                problem, remedy = f"names {entry.document}, which is retired", "Take the entry out."
            elif (entry.document, file.id) not in named and not _is_faulty(other):
                problem = f"names {entry.document}, which doesn't name this one back"
                remedy = f"Enter the conflict in {other.path} too."
            else:
                continue
            assert file.header is not None
            line = file.header.line("conflicts_with", at, "document")
            yield DocumentError(file.path, f"conflicts_with.{at} {problem}.", line=line, remedy=remedy)


def _entries(file: File) -> tuple[ConflictEntry, ...]:
    return file.header.values.conflicts_with if file.header else ()


def _is_faulty(file: File) -> bool:
    """Whether its own conflicts couldn't be read, which is told of it already."""
    return file.header is None or ("conflicts_with" in file.header.places and not _entries(file))
