"""Reads Word files (.docx) through python-docx: headings, paragraphs, lists and tables in their order."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.knowledge.blocks import CAPTION, BlockKind
from bot.knowledge.importing.material import LOWERED, RAISED, Material, Piece, UnreadableError, find_doi, rows, tidy

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph

LARGEST_UNPACKED = 200_000_000
LARGEST_TEXT = 50_000_000
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TINY_HALF_POINTS = 4
AGAIN = "Open it in a word processor and save it again as .docx."


def read_word(data: bytes) -> Material:
    """A Word file. Hidden, white or deleted text, comments and footnotes are left out. Raises `UnreadableError`."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import XMLSyntaxError

    _weigh(data)
    try:
        document = docx.Document(io.BytesIO(data))
        pieces = list(_pieces(document))
        properties = document.core_properties
        told, authors = tidy(properties.title or ""), tidy(properties.author or "")
    except (
        PackageNotFoundError,
        XMLSyntaxError,
        KeyError,
        ValueError,
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
    ) as error:
        raise UnreadableError("its inside is broken.", AGAIN) from error
    title, pieces = _title(pieces, told)
    head = " ".join(piece.text for piece in pieces[:12])
    names = tuple(tidy(name) for name in authors.split(";") if name.strip() and name != "python-docx")
    return Material(title=title, authors=names, doi=find_doi(head), pieces=tuple(pieces))


def _weigh(data: bytes) -> None:
    """Refuses an archive that would unpack to more than a document can hold."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        raise UnreadableError("it is cut off or damaged.", "Download it again, or save it again as .docx.") from error
    texts = [part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))]
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED or max(texts, default=0) > LARGEST_TEXT:
        raise UnreadableError("it unpacks to far more than a document holds (a zip bomb?).", AGAIN)


def _pieces(document: "Document") -> Iterator[Piece]:
    from docx.table import Table

    for part in document.iter_inner_content():
        if isinstance(part, Table):
            yield from _table(part)
        elif piece := _piece(part):
            yield piece


def _piece(paragraph: "Paragraph") -> Piece | None:
    said = _text(paragraph)
    if not said:
        return None
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    if style in {"Title", "Subtitle"}:
        return Piece(kind=BlockKind.HEADING, text=said, depth=0 if style == "Title" else 1)
    if heading := re.fullmatch(r"[Hh]eading (\d)", style):
        return Piece(kind=BlockKind.HEADING, text=said, depth=int(heading[1]))
    numbering = paragraph._p.find(f"{WORD}pPr/{WORD}numPr")  # noqa: SLF001 (python-docx has no other way to lists)
    if numbering is not None or style.startswith("List "):
        nesting = numbering.find(f"{WORD}ilvl") if numbering is not None else None
        level = int(nesting.get(f"{WORD}val", "0")) if nesting is not None else 0
        nested = re.search(r"\d$", style)
        depth = level or (int(nested.group()) - 1 if nested else 0)
        return Piece(kind=BlockKind.ITEM, text=said, depth=depth, numbered="Number" in style)
    return Piece(kind=BlockKind.CAPTION if CAPTION.match(said) else BlockKind.PARAGRAPH, text=said)


def _text(paragraph: "Paragraph") -> str:
    """The words of a paragraph, insertions and links included."""
    parts = []
    for run in paragraph._p.iter(f"{WORD}r"):  # noqa: SLF001 (`runs` leaves tracked insertions out)
        look = run.find(f"{WORD}rPr")
        if (look is not None and _is_hidden(look)) or any(_is_gone(above.tag) for above in run.iterancestors()):
            continue
        said = "".join(_SIGNS.get(part.tag.removeprefix(WORD), part.text or "") for part in run if part.tag in _READ)
        place = look.find(f"{WORD}vertAlign") if look is not None else None
        align = place.get(f"{WORD}val") if place is not None else ""
        if align in {"superscript", "subscript"} and re.fullmatch(r"[\d+−-]{1,4}", said):
            said = said.translate(RAISED if align == "superscript" else LOWERED)
        parts.append(said)
    return tidy("".join(parts))


_SIGNS = {"tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-"}
_READ = {f"{WORD}{tag}" for tag in ("t", *_SIGNS)}


def _is_gone(tag: object) -> bool:
    return tag in {f"{WORD}del", f"{WORD}moveFrom"}


def _is_hidden(look: object) -> bool:
    def value(tag: str) -> str | None:
        found = look.find(f"{WORD}{tag}")  # type: ignore[attr-defined]
        return None if found is None else str(found.get(f"{WORD}val", "true")).casefold()

    size = value("sz") or ""
    tiny = size.isdigit() and int(size) <= TINY_HALF_POINTS
    white = value("color") == "ffffff" and value("shd") is None and value("highlight") is None
    return value("vanish") not in {None, "0", "false"} or tiny or white


def _table(table: "Table") -> Iterator[Piece]:
    grid = [[" ".join(_text(paragraph) for paragraph in cell.paragraphs) for cell in row.cells] for row in table.rows]
    yield from rows(grid, 1 if len(grid) > 1 else 0)


def _title(pieces: list[Piece], told: str) -> tuple[str, list[Piece]]:
    """The title, and the pieces without it: a paragraph styled so, the first outermost heading, or the properties."""
    styled = next((piece for piece in pieces[:5] if piece.kind is BlockKind.HEADING and not piece.depth), None)
    outer = [piece for piece in pieces if piece.kind is BlockKind.HEADING and piece.depth == 1]
    if styled is None and len(outer) == 1 and pieces and pieces[0] is outer[0]:
        styled = outer[0]
    if styled is not None:
        return styled.text, [piece for piece in pieces if piece is not styled]
    return told, pieces
