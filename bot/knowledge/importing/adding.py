"""Adds files to the library as drafts, one after the other; what can't be added is told, and the rest still is."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from bot.domain.documents import CuratedDocument, PassageKind
from bot.domain.errors import ConfigurationError, DocumentError
from bot.knowledge.documents import parse_document, read_library
from bot.knowledge.importing.draft import missing, name_draft, write_draft
from bot.knowledge.importing.duplicates import Known, find_duplicate, known
from bot.knowledge.importing.material import Material, UnreadableError
from bot.knowledge.importing.reading import read_materials
from bot.knowledge.readers import LARGEST

AGAIN = "Nothing was written. Add it with --anyway if it is another publication."


class Status(StrEnum):
    """How adding a publication ended."""

    ADDED = "added"
    DUPLICATE = "duplicate"
    FAULT = "fault"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of one publication of one file. `path` is the draft's, relative to the library."""

    file: str
    status: Status
    path: str = ""
    id: str = ""
    title: str = ""
    to_do: tuple[str, ...] = ()
    warning: str = ""
    problem: str = ""
    remedy: str = ""


def add_files(library: Path, files: Sequence[Path], topic: str, *, anyway: bool = False) -> Iterator[Outcome]:
    """Writes a draft for every publication in the files. Raises `ConfigurationError` for a wrong folder or topic."""
    folder = _folder(topic)
    shelf = _Shelf(library)
    for file in files:
        try:
            materials = _read(file)
        except UnreadableError as error:
            yield Outcome(file=str(file), status=Status.FAULT, problem=error.problem, remedy=error.remedy)
            continue
        for number, material in enumerate(materials, 1):
            label = str(file) if len(materials) == 1 else f"{file}, record {number}"
            try:
                yield shelf.add(material, label, folder, file.stem, anyway=anyway)
            except UnreadableError as error:
                yield Outcome(file=label, status=Status.FAULT, problem=error.problem, remedy=error.remedy)


def _folder(topic: str) -> PurePosixPath:
    folder = PurePosixPath(topic)
    if not folder.parts or folder.is_absolute() or any(part.startswith(".") for part in folder.parts) or "\\" in topic:
        remedy = "Name a folder inside the library, such as jdm/rituximab."
        raise ConfigurationError(f"The topic {topic!r} can't be a folder of the library.", remedy=remedy)
    return folder


def _read(file: Path) -> list[Material]:
    """What a file holds. Broken files make the formats' libraries raise anything; it is a fault of this one file."""
    try:
        return read_materials(file)
    except UnreadableError:
        raise
    except Exception as error:
        remedy = "Save it again or in another format; if it opens elsewhere, please report it."
        raise UnreadableError(f"it can't be read ({type(error).__name__}).", remedy) from error


class _Shelf:
    """The library while it grows."""

    def __init__(self, library: Path) -> None:
        self.library = library
        read = read_library(library)
        self.known: list[Known] = [known(document) for document in read.documents]
        self.ids = {document.id for document in read.documents}

    def add(self, material: Material, label: str, folder: PurePosixPath, stem: str, *, anyway: bool) -> Outcome:
        """Writes the draft of one publication. Raises `UnreadableError` where there is nothing to quote."""
        if not material.pieces and not material.body.strip():
            problem = "it gives no abstract, so there is nothing to quote." if material.excerpt else "it holds no text."
            raise UnreadableError(problem, "Bring in the publication itself.")
        identifier = self._free(name_draft(material, stem), folder)
        path = (folder / f"{identifier}.md").as_posix()
        text = write_draft(material, identifier)
        document = _checked(path, text)
        if not anyway and (same := find_duplicate(document, self.known)):
            problem = f"it is in the library already: {same}."
            return Outcome(file=label, status=Status.DUPLICATE, title=material.title, problem=problem, remedy=AGAIN)
        _write(self.library / path, text)
        self.known.append(known(document))
        self.ids.add(identifier)
        return Outcome(
            file=label,
            status=Status.ADDED,
            path=path,
            id=identifier,
            title=document.title,
            to_do=tuple(missing(material)),
            warning=material.warning,
        )

    def _free(self, wanted: str, folder: PurePosixPath) -> str:
        """The id, or with a number where a document or file has it already."""
        name, number = wanted, 1
        while name in self.ids or (self.library / folder / f"{name}.md").exists():
            number += 1
            name = f"{wanted}-{number}"
        return name


def _checked(path: str, text: str) -> CuratedDocument:
    """The draft as the library will read it."""
    if len(text.encode()) > LARGEST:
        raise UnreadableError(f"its text is larger than {LARGEST // 1_000_000} MB.", "Bring in only what matters.")
    try:
        document = parse_document(path, text)
    except DocumentError as error:
        said = error.problem.removeprefix(f"{path}: ")
        raise UnreadableError(said, error.remedy) from error
    if all(passage.kind is PassageKind.METADATA for passage in document.passages):
        raise UnreadableError("it holds no text to quote.", "Bring in a file with the text in it.")
    return document


def _write(path: Path, text: str) -> None:
    """Writes a new file in one step: its name is taken first, so that no other file is ever replaced."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            fresh.write_text(text, encoding="utf-8", newline="\n")
            path.touch(exist_ok=False)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        problem = f"{path} can't be written ({error.strerror})."
        raise ConfigurationError(problem, remedy="Set FOOTNOTE_KNOWLEDGE to a folder of yours.") from error
