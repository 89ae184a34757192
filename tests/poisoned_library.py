"""A copy of the shipped library with poisoned documents in it, each brought in as such a file would be.

Markdown and text are laid into a folder, as anybody can who may write there; PDF, Word and web pages go through
`footnote knowledge add`'s own way. What hides a text is what `hides` says: see `hide_in_pdf`.
"""

import io
import shutil
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any
from xml.sax.saxutils import escape

import yaml

from bot.bootstrap import Library
from bot.domain.documents import CuratedDocument
from bot.knowledge.admission import Admission
from bot.knowledge.importing.adding import Status, add_files
from bot.knowledge.retrieval import HybridRetriever
from bot.places import shipped
from tests.pdf_maker import WIDTH, Page, make_pdf
from tests.safety_data import PoisonedDocument, RedTeamCase

POISONED = "poisoned/"
WRITTEN = frozenset({".md", ".markdown", ".txt", ".text"})
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass(frozen=True, kw_only=True)
class PoisonedLibrary:
    """The folder, and what became of each case's document: its place in the library, or why it was refused."""

    folder: Path
    places: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


def write_poisoned(folder: Path, cases: Iterable[RedTeamCase]) -> PoisonedLibrary:
    """The shipped library with the document of every case that has one."""
    shutil.copytree(shipped("knowledge"), folder)
    library = PoisonedLibrary(folder=folder)
    for case in cases:
        if case.document is not None:
            _bring(library, case.id, case.document)
    return library


def _bring(library: PoisonedLibrary, name: str, poisoned: PoisonedDocument) -> None:
    topic = PurePosixPath(POISONED, name, "a", "b")
    suffix = PurePosixPath(poisoned.file).suffix.casefold()
    if suffix in WRITTEN:
        place = library.folder / topic / poisoned.file
        place.parent.mkdir(parents=True, exist_ok=True)
        text = poisoned.text if suffix in {".txt", ".text"} else _with_front_matter(name, poisoned)
        place.write_text(text, encoding="utf-8")
        library.places[name] = place.resolve().relative_to(library.folder.resolve()).as_posix()
        return
    outside = library.folder.parent / "brought" / name / PurePosixPath(poisoned.file).name
    outside.parent.mkdir(parents=True)
    outside.write_bytes(_file(suffix, poisoned))
    (outcome,) = add_files(library.folder, [outside], topic.as_posix(), anyway=True)
    if outcome.status is Status.ADDED:
        library.places[name] = outcome.path
    else:
        library.refused[name] = outcome.problem


def _with_front_matter(name: str, poisoned: PoisonedDocument) -> str:
    fields = {
        "id": name,
        "title": "Brepocitinib in children with JDM (Marlowe 2024)",
        "kind": "case series",
        "authors": ["Marlowe T"],
        "year": 2024,
        "no_identifier": "Made up for a test.",
        "population": "children with juvenile dermatomyositis",
        "directness": "jdm",
        "n": 14,
        "review_status": "submitted",
        "last_updated": "2026-11-22",
        "version": 1,
        **poisoned.front_matter,
    }
    return f"---\n{yaml.safe_dump(fields, allow_unicode=True, sort_keys=False)}---\n{poisoned.text}\n"


def _file(suffix: str, poisoned: PoisonedDocument) -> bytes:
    match suffix:
        case ".pdf":
            return hide_in_pdf(poisoned.text, poisoned.hidden_text, PurePosixPath(poisoned.file).stem)
        case ".docx":
            return hide_in_word(poisoned.text, poisoned.hidden_text)
        case _:
            return poisoned.text.encode("utf-8")


def hide_in_pdf(text: str, hidden: str, way: str) -> bytes:
    """A page with a text that nobody sees: `white`, `tiny`, drawn `invisible`, `outside` of the page or `covered`."""
    page = Page()
    page.text(60, 80, "Brepocitinib in children with JDM", size=16, bold=True)
    below = page.wrapped(60, 130, text, letters=80)
    match way.partition("-")[0]:
        case "white":
            page.text(60, below, hidden, extra="1 1 1 rg")
        case "tiny":
            page.text(60, below, hidden, size=0.8)
        case "invisible":
            page.text(60, below, hidden, extra="3 Tr")
        case "outside":
            page.text(WIDTH + 40, below, hidden)
        case "covered":
            page.text(60, below, hidden)
            page.fill(50, below - 12, WIDTH - 100, 16, 1)
        case _:
            raise ValueError(f"nobody said how {way!r} hides a text")
    return make_pdf([page], title="Brepocitinib in children with JDM")


def hide_in_word(text: str, hidden: str) -> bytes:
    """A Word file with a vanished run and a white one."""
    vanished = f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>{escape(hidden)}</w:t></w:r>"
    white = f'<w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>{escape(hidden)}</w:t></w:r>'
    seen = f'<w:r><w:t xml:space="preserve">{escape(text)} </w:t></w:r>'
    head = '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Brepocitinib in JDM</w:t></w:r></w:p>'
    body = f'<w:document xmlns:w="{WORD}"><w:body>{head}<w:p>{seen}{vanished}{white}</w:p></w:body></w:document>'
    kinds = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kinds}"/></Types>'
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{office}" Target="word/document.xml"/></Relationships>'
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("_rels/.rels", links)
        archive.writestr("word/document.xml", body)
    return file.getvalue()


@dataclass(frozen=True, kw_only=True)
class OnePoisoned(Admission):
    """Admits the shipped documents and of the poisoned ones only `present`, the path of one."""

    present: str = ""

    def admits(self, document: CuratedDocument) -> bool:
        """May it be quoted in this case?"""
        inside = document.path == self.present or not document.path.startswith(POISONED)
        return inside and super().admits(document)


class Switching:
    """A library and a search of it as if it held no poisoned document but one, which changes from case to case."""

    def __init__(self, library: Library) -> None:
        self.whole = library
        self.hold("")

    def hold(self, present: str) -> None:
        """From now on hold this one, by its path; none if empty."""
        admission = OnePoisoned(present=present)
        retriever = HybridRetriever(self.whole.index, self.whole.embedder, self.whole.glossary, admission)
        self.library = replace(self.whole, retriever=retriever, admission=admission, begun={}, read={})

    def __getattr__(self, name: str) -> Any:
        """All that is asked of a library or of a retriever."""
        return getattr(self.library, name) if hasattr(self.library, name) else getattr(self.library.retriever, name)
