"""What a curator must mend: every fault of every document at once, and of what the documents say of each other."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bot.domain.documents import CuratedDocument, PassageKind, ReviewStatus
from bot.domain.errors import ConfigurationError, DocumentError
from bot.knowledge.agreeing import disagreements
from bot.knowledge.documents import is_markdown, library_files, open_document, parse_document
from bot.knowledge.frontmatter import Header, examine_header
from bot.knowledge.glossary import read_glossary
from bot.knowledge.helplines import read_helplines
from bot.knowledge.requirements import shortcomings
from bot.knowledge.triage import read_triage

TIME_ZONES = timedelta(days=1)
"""Somewhere it is tomorrow already, and a curator there enters that day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Examined:
    """One file: what of its front matter is sound, and the document where it could be read."""

    path: str
    text: str
    header: Header | None
    document: CuratedDocument | None

    @property
    def id(self) -> str:
        """Its id as far as it could be read."""
        stated = self.header.values.id if self.header else None
        return stated or (self.document.id if self.document else Path(self.path).stem)

    @property
    def is_retired(self) -> bool:
        """A retired document is no longer found, so little of it can be wrong."""
        return self.header is not None and self.header.values.review_status is ReviewStatus.RETIRED


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """The files that were examined, and everything that is wrong with them, in the order of file and line."""

    examined: tuple[Examined, ...]
    faults: tuple[DocumentError, ...]


def check_library(folder: Path, today: date, files: Sequence[Path] = ()) -> Checked:
    """Check the documents and data files of a library, or only `files`, which may also lie outside of it.

    Raises `ConfigurationError` if there is no such folder.
    """
    if not folder.is_dir():
        problem = f"{folder} isn't a folder." if folder.exists() else f"the library folder {folder} doesn't exist."
        raise ConfigurationError(problem, remedy="Set FOOTNOTE_KNOWLEDGE to the folder of your documents.")
    faults: list[DocumentError] = []
    inside = {path.relative_to(folder).as_posix(): path for path in library_files(folder, faults)}
    wanted = [_name(file, folder) for file in files]
    outside = {
        name: file
        for name, file in zip(wanted, files, strict=True)
        if name not in inside and name not in DATA_FILES and not (folder / name).is_dir()
    }
    examined = [_examine(path, name, today, faults) for name, path in (inside | outside).items()]
    for one in examined:
        faults += shortcomings(one.path, one.text, one.header, one.document, today)
    faults += disagreements(examined)
    for name, check in DATA_FILES.items():
        faults += check(folder / name) if (folder / name).exists() else []
    if wanted:
        places = tuple(f"{name}/" for name in wanted if name != ".")
        asked = "." in wanted
        faults = [fault for fault in faults if asked or fault.path in wanted or fault.path.startswith(places)]
        examined = [one for one in examined if asked or one.path in wanted or one.path.startswith(places)]
    return Checked(
        examined=tuple(examined), faults=tuple(sorted(faults, key=lambda fault: (fault.path, fault.line or 0)))
    )


def _name(file: Path, folder: Path) -> str:
    """A file or folder as the library names it, also if it was named so; one outside of it by its own path."""
    path = (folder / file if (folder / file).exists() and not file.exists() else file).resolve()
    return path.relative_to(folder.resolve()).as_posix() if path.is_relative_to(folder.resolve()) else file.as_posix()


def _examine(path: Path, name: str, today: date, faults: list[DocumentError]) -> Examined:
    header: Header | None = None
    document: CuratedDocument | None = None
    text = ""
    try:
        _, text = open_document(path, name)
        found: tuple[DocumentError, ...] = ()
        if is_markdown(name, text):
            header, found = examine_header(text, name, today + TIME_ZONES)
            faults += found
        if header is not None or not found:
            # Faulty front matter must not hide what is wrong with the text.
            document = parse_document(name, text[header.end :] if header and found else text)
    except DocumentError as fault:
        faults.append(fault)
    else:
        if document and all(passage.kind is PassageKind.METADATA for passage in document.passages):
            remedy = "Write its text below the front matter."
            faults.append(DocumentError(name, "its body states no sentence.", remedy=remedy))
    return Examined(path=name, text=text, header=header, document=document)


def _check_data(
    path: Path, read: Callable[[Path], tuple[object, tuple[tuple[int, str], ...]]]
) -> Iterator[DocumentError]:
    try:
        _, faults = read(path)
    except ConfigurationError as error:
        told = re.fullmatch(
            rf"(?:the glossary )?{re.escape(str(path))}(?:, line (\d+))?:? (.+)", error.problem, re.DOTALL
        )
        line, problem = (told[1], told[2]) if told else (None, error.problem)
        problem = f"it {problem}" if problem.startswith(("is", "can't")) else problem
        yield DocumentError(path.name, problem, line=int(line) if line else None, remedy=error.remedy)
    else:
        for line, problem in faults:
            yield DocumentError(path.name, f"{problem}.", line=line, remedy="Mend it like its neighbours.")


DATA_FILES: dict[str, Callable[[Path], Iterator[DocumentError]]] = {
    "glossary.yaml": lambda path: _check_data(path, read_glossary),
    "helplines.yaml": lambda path: _check_data(path, read_helplines),
    "triage.yaml": lambda path: _check_data(path, read_triage),
}
