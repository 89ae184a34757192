"""Writes the draft of a document: front matter with what could be read, and the text as Markdown below it."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import yaml

from bot.knowledge.blocks import BlockKind
from bot.knowledge.fields import DOI, PMID, URL
from bot.knowledge.importing.material import Material, Piece, tidy
from bot.knowledge.markup import MARKUP

DUMPER: type[Any] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""The fast writer, where PyYAML was built with it."""
TO_FILL = ("kind", "population", "directness", "design", "n", "questions", "licence")
IDENTIFIERS = ("doi", "pmid", "url", "no_identifier")
SHAPES = {"doi": DOI, "pmid": PMID, "url": URL}
"""What a file gives as an identifier and isn't one stays out of the draft, and is named as missing."""
OWN_WORDS = "the text in your own words"
LINE_START = re.compile(
    r"[#>|<]|[-+*](?=\s|$)|(?P<number>\d{1,9})(?=[.)](?:\s|$))|`{3}|~{3}|=+$|\[[^\]]+\]:"
    r"|(?P<bar>[-*_])(?:\s*(?P=bar)){2,}$"
)
SMALL_WORDS = frozenset("a an and as at by for from in into of on or the to with without".split())
LONGEST_ID = 60
BACKSLASH = "\\"


def write_draft(material: Material, identifier: str) -> str:
    """The file's whole text."""
    written = yaml.dump(
        _fields(material, identifier), Dumper=DUMPER, sort_keys=False, allow_unicode=True, width=100_000
    )
    note = tidy(f"# A draft. Still to do: {'; '.join(missing(material))}.") + "\n"
    body = material.body.strip() if material.body else "\n\n".join(_paragraphs(material.pieces))
    return f"---\n{written}{note}---\n{body}\n"


def missing(material: Material) -> list[str]:
    """What a curator must still fill in, in the order of the front matter."""
    known = _fields(material, "-")
    read = ("title", "authors", "journal", "year")
    todo = [name for name in (*read, *TO_FILL) if not known.get(name)]
    if not any(known.get(name) for name in IDENTIFIERS):
        todo.append("doi, pmid or url (or no_identifier with the reason)")
    if material.licence and "licence" in todo:
        todo[todo.index("licence")] = f"licence (the source says: {material.licence})"
    return [*todo, OWN_WORDS]


def name_draft(material: Material, stem: str) -> str:
    """An id from the first author, the year and the title: `oddis-2013-rituximab-refractory-myositis`."""
    names = material.authors[0].replace(",", " ").split() if material.authors else []
    family = next((part for part in names if len(part) > 2 and not part.isupper()), "")
    if len(names) > 1 and not re.fullmatch(r"[A-Z]{1,4}\.?", names[-1]) and "," not in material.authors[0]:
        family = names[-1]
    words = [word for word in _slug(material.title or stem).split("-") if word not in SMALL_WORDS]
    name = "-".join(part for part in (_slug(family), str(material.year or ""), *words) if part)
    return name[: LONGEST_ID + 1].rpartition("-")[0] if len(name) > LONGEST_ID else name or "document"


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _fields(material: Material, identifier: str) -> dict[str, object]:
    read: dict[str, object] = {
        "id": identifier,
        "title": material.title,
        "authors": list(material.authors),
        "journal": material.journal,
        "year": material.year,
        "doi": material.doi,
        "pmid": material.pmid,
        "url": material.url,
    }
    fields = {
        name: value
        for name, value in read.items()
        if value and (name not in SHAPES or re.search(SHAPES[name], str(value)))
    }
    fields |= {name: value for name, value in material.fields.items() if name not in fields}
    fields["review_status"] = "submitted"
    if material.excerpt:
        fields["excerpt_only"] = True
    return fields


def _paragraphs(pieces: Sequence[Piece]) -> Iterator[str]:
    """The paragraphs of the Markdown text; lists and tables as one each, a mark where a page begins."""
    page: int | None = None
    names: Piece | None = None
    for (number, kind), group in groupby(pieces, lambda piece: (piece.page, piece.kind)):
        if number != page and number is not None:
            yield f"<!-- page {number} -->"
        page = number
        match kind:
            case BlockKind.ITEM:
                yield "\n".join(_item(piece) for piece in group)
            case BlockKind.ROW:
                listed = list(group)
                yield from _tables(listed, names)
                names = next((piece for piece in reversed(listed) if piece.names), names)
            case BlockKind.HEADING:
                yield from (f"{'#' * min(piece.depth + 1, 6)} {escape(piece.text)}" for piece in group)
            case _:
                yield from (escape(piece.text) for piece in group)


def _item(piece: Piece) -> str:
    return f"{'   ' * piece.depth}{'1.' if piece.numbered else '-'} {escape(piece.text)}"


def _tables(pieces: Sequence[Piece], names: Piece | None) -> Iterator[str]:
    """The tables of neighbouring rows; `names` are the columns of a table that goes on from the page before."""
    table: list[str] = []
    for piece in pieces:
        if piece.names or not table:
            if table:
                yield "\n".join(table)
            head = piece if piece.names or names is None else names
            table = [_row(head.cells), _row(["---"] * len(head.cells))]
        if not piece.names:
            table.append(_row(piece.cells))
    if table:
        yield "\n".join(table)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_without_marks(cell).replace('|', BACKSLASH + '|') for cell in cells)} |"


def escape(text: str) -> str:
    """A paragraph whose characters Markdown would take for marks, with a backslash before them."""
    text = _without_marks(text)
    start = LINE_START.match(text)
    if start is None:
        return text
    at = start.end("number") if start["number"] else 0
    return f"{text[:at]}{BACKSLASH}{text[at:]}"


def _without_marks(text: str) -> str:
    done = 0
    while (match := MARKUP.search(text, done)) is not None:
        text = f"{text[: match.start()]}{BACKSLASH}{text[match.start() :]}"
        done = match.start() + 2
    return text
