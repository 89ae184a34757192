"""Reads the library: the documents of a folder, cleaned and cut into quotable passages; what can't be read is named."""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.domain.documents import CuratedDocument
from bot.domain.errors import ConfigurationError, DocumentError, FootnoteError
from bot.domain.orders import is_order
from bot.knowledge.addressed import without_orders
from bot.knowledge.citations import without_citations
from bot.knowledge.cleaning import Vocabulary
from bot.knowledge.facts import Stated, read_facts
from bot.knowledge.headings import mark_headings
from bot.knowledge.lines import repeated_lines
from bot.knowledge.markdown import read_markdown
from bot.knowledge.passages import cut_passages
from bot.knowledge.plain import read_plain
from bot.knowledge.readers import READER_VERSION, SUFFIXES, decode, read_bytes
from bot.knowledge.sections import cut_sections

NOT_DOCUMENTS = frozenset(
    {"README.md", "policy.md", "glossary.yaml", "triage.yaml", "helplines.yaml", "front-matter.schema.json"}
)
MARKDOWN_HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Library:
    """What a folder holds: its documents in the order of their paths, and what is wrong with the others.

    `unchanged` are the paths of those that were not read again. `repeated` identifies the lines that several of its
    plain texts share, which belong to none of them; empty where the plain texts were not read again.
    """

    documents: tuple[CuratedDocument, ...]
    faults: tuple[DocumentError, ...] = ()
    unchanged: tuple[str, ...] = ()
    repeated: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What need not be read again: the ids of documents by path, and `repeated` as it was then.

    `gone` are paths of files that were there and no longer are.
    """

    ids: Mapping[str, str] = field(default_factory=dict)
    repeated: str = ""
    gone: AbstractSet[str] = frozenset()


def read_library(folder: Path, known: Known | None = None) -> Library:
    """Reads every document below a folder but known ones. Raises `ConfigurationError` if there is no such folder."""
    if not folder.is_dir():
        problem = f"{folder} isn't a folder." if folder.exists() else f"the library folder {folder} doesn't exist."
        raise ConfigurationError(problem, remedy="Set FOOTNOTE_KNOWLEDGE to the folder of your documents.")
    known = known or Known()
    faults: list[DocumentError] = []
    files = {path.relative_to(folder).as_posix(): path for path in library_files(folder, faults)}
    ids = {name: known.ids[name] for name in files if name in known.ids}
    lines, repeated = _lines_of_plain_texts(files, ids, known)
    if repeated and repeated != known.repeated:
        ids = {name: held for name, held in ids.items() if _is_named_markdown(name)}
    documents: list[CuratedDocument] = []
    paths: dict[str, str] = {}
    unchanged: list[str] = []
    for name, path in files.items():
        document, found = (None, ()) if name in ids else _read(path, name, lines)
        faults += found
        held = ids.get(name) or (document.id if document else "")
        if held in paths:
            problem = f"its id {held!r} is already used by {paths[held]}."
            faults.append(DocumentError(name, problem, remedy="Give one of them another id or file name."))
        elif held:
            paths[held] = name
            if document:
                documents.append(document)
            else:
                unchanged.append(name)
    return Library(documents=tuple(documents), faults=tuple(faults), unchanged=tuple(unchanged), repeated=repeated)


def _lines_of_plain_texts(
    files: Mapping[str, Path], ids: Mapping[str, str], known: Known
) -> tuple[AbstractSet[str], str]:
    """The lines that several plain texts share, and what identifies them; nothing where no such file has changed."""
    plain = [name for name in files if not _is_named_markdown(name)]
    if known.repeated and all(name in ids for name in plain) and all(map(_is_named_markdown, known.gone)):
        return frozenset(), ""
    texts = []
    for name in plain:
        with suppress(DocumentError):  # it's told when the file is read
            text = open_document(files[name], name)[1]
            if not is_markdown(name, text):
                texts.append(text)
    lines = repeated_lines(texts)
    return lines, hashlib.sha256("\n".join(sorted(lines)).encode("utf-8", "surrogatepass")).hexdigest()


def _read(path: Path, name: str, repeated: AbstractSet[str]) -> tuple[CuratedDocument | None, Sequence[DocumentError]]:
    try:
        data, text = open_document(path, name)
    except DocumentError as fault:
        return None, (fault,)
    return _parse(name, data, text, repeated)


def read_document(path: Path, root: Path) -> CuratedDocument:
    """One document. Raises `DocumentError` with the first fault. Lines that other documents share aren't known here."""
    name = path.relative_to(root).as_posix()
    data, text = open_document(path, name)
    document, faults = _parse(name, data, text, frozenset())
    if document is None:
        raise faults[0]
    return document


def find_document(folder: Path, identifier: str) -> CuratedDocument:
    """The document with this id or path. Raises FootnoteError, with its fault where the file can't be read."""
    library = read_library(folder)
    document = next((one for one in library.documents if identifier in {one.id, one.path}), None)
    if document is not None:
        return document
    for fault in library.faults:
        if fault.path == identifier or Path(fault.path).stem == identifier:
            raise fault
    remedy = "Run `footnote knowledge list` for the ids."
    raise FootnoteError(f"The library has no document {identifier!r}.", remedy=remedy)


def parse_document(name: str, text: str) -> CuratedDocument:
    """The document that a text would be as the file `name` of a library. Raises `DocumentError`."""
    document, faults = _parse(name, text.encode("utf-8", "surrogatepass"), text, frozenset())
    if document is None:
        raise faults[0]
    return document


def stated_fields(folder: Path, document: CuratedDocument) -> dict[str, Any]:
    """All that the front matter of a document in this library states, also what answers make no use of."""
    from bot.knowledge.frontmatter import read_header

    path = folder / document.path
    text = decode(read_bytes(path, document.path), document.path)
    header = read_header(text, document.path)[0] if is_markdown(document.path, text) else None
    return header.values.model_dump(mode="json", exclude_unset=True) if header else {}


def library_files(folder: Path, faults: list[DocumentError]) -> Iterator[Path]:
    """The files of a library in the order of their paths; hidden ones and the curators' own are passed over."""

    def unreadable(error: OSError) -> None:
        name = Path(str(error.filename)).relative_to(folder).as_posix()
        remedy = "Check the permissions of the folder."
        faults.append(DocumentError(name, f"the folder can't be opened ({error.strerror}).", remedy=remedy))

    above: dict[str, frozenset[str]] = {str(folder): frozenset({os.path.realpath(folder)})}
    for place, folders, names in os.walk(folder, onerror=unreadable, followlinks=True):
        inside = []
        for name in sorted(folders):
            path = Path(place, name)
            real = os.path.realpath(path)
            if name.startswith("."):
                continue
            if real in above[place]:
                shown = path.relative_to(folder).as_posix()
                faults.append(DocumentError(shown, "the link leads back into itself.", remedy="Remove the link."))
                continue
            above[str(path)] = above[place] | {real}
            inside.append(name)
        folders[:] = inside
        for name in sorted(names):
            if not name.startswith(".") and not (Path(place) == folder and name in NOT_DOCUMENTS):
                yield Path(place, name)


def open_document(path: Path, name: str) -> tuple[bytes, str]:
    """The bytes of a document and its text. Raises `DocumentError`."""
    data = read_bytes(path, name)
    text = decode(data, name)
    if path.suffix.casefold() not in SUFFIXES:
        remedy = "Save it as .md or .txt, or move it out of the library."
        raise DocumentError(name, f"files of the kind {path.suffix or 'without an ending'} aren't read.", remedy=remedy)
    return data, text


def is_markdown(name: str, text: str) -> bool:
    """Whether a text is read as Markdown: by its file's name, or by its headings."""
    return _is_named_markdown(name) or len(MARKDOWN_HEADING.findall(text)) >= 2


def _is_named_markdown(name: str) -> bool:
    return name.casefold().endswith((".md", ".markdown"))


def _parse(
    name: str, data: bytes, text: str, repeated: AbstractSet[str]
) -> tuple[CuratedDocument | None, tuple[DocumentError, ...]]:
    vocabulary = Vocabulary(text)
    if is_markdown(name, text):
        from bot.knowledge.curated import describe
        from bot.knowledge.frontmatter import read_header

        header, faults = read_header(text, name)
        if faults:
            return None, faults
        blocks = read_markdown(text, header.end if header else 0, vocabulary)
        stated = read_facts(blocks, told=header is not None)
        document = _described(name, stated)
        if header is not None:
            document, facts = describe(document, header, text)
            stated.facts = facts if header.values.title else [*stated.facts, *facts]
        dropped: list[str] = []
    else:
        blocks = read_plain(text, vocabulary, repeated)
        dropped = [block.text.text for block in blocks if block.repeated]
        stated = read_facts(blocks)
        stated.blocks = mark_headings(stated.blocks)
        document = _described(name, stated)
    if is_order(document.title):
        remedy = "Give the document a title for people, or its file another name."
        return None, (DocumentError(name, "its title speaks to the program that reads it.", remedy=remedy),)
    stated.blocks = without_orders(stated.blocks, text)
    cleaned = without_citations([block.text for block in stated.blocks], len(stated.references))
    body = [block.having(line) for block, line in zip(stated.blocks, cleaned, strict=True)]
    sections = cut_sections(body, guessed=not is_markdown(name, text))
    passages = cut_passages(document.id, text, sections, [*stated.facts, *stated.references])
    if not passages:
        return None, (
            DocumentError(name, "it holds no text to quote.", remedy="Write the document, or delete the file."),
        )
    digest = hashlib.sha256(data + "\0".join([READER_VERSION, name, *dropped]).encode("utf-8", "surrogatepass"))
    placed = tuple(replace(passage, document=name) for passage in passages)
    return replace(document, passages=placed, digest=digest.hexdigest()), ()


def _described(name: str, stated: Stated) -> CuratedDocument:
    """What is known of a document from its own text and its file name alone."""
    stem = Path(name).stem
    slug = re.sub(r"[^a-z0-9]+", "-", stem.casefold()).strip("-")
    return CuratedDocument(
        path=name,
        id=slug or hashlib.sha256(stem.encode()).hexdigest()[:12],
        title=stated.title or re.sub(r"[-_]+", " ", stem).strip() or name,
        authors=stated.authors,
        journal=stated.journal,
        year=stated.year,
        doi=stated.doi,
        pmid=stated.pmid,
        design=stated.design,
        n=stated.n,
        questions=stated.questions,
        last_updated=stated.last_updated,
    )
