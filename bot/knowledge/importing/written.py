"""Reads Markdown and plain text that somebody brings in."""

from dataclasses import replace

import yaml

from bot.domain.errors import DocumentError
from bot.knowledge.blocks import Block, BlockKind
from bot.knowledge.cleaning import Vocabulary
from bot.knowledge.facts import Stated, read_facts
from bot.knowledge.frontmatter import read_header
from bot.knowledge.headings import mark_headings
from bot.knowledge.importing.material import Material, Piece, UnreadableError, tidy
from bot.knowledge.markdown import read_markdown
from bot.knowledge.plain import read_plain
from bot.knowledge.readers import decode
from bot.knowledge.traced import HIDDEN

REVIEWED = frozenset({"id", "review_status", "reviewed_by", "reviewed_on", "review_note", "review_by", "valid_until"})


def read_markdown_file(data: bytes) -> Material:
    """Markdown is taken over as it stands; what its front matter says is kept, but for the review."""
    text = HIDDEN.sub("", _decode(data))
    header, faults = read_header(text, "")
    if faults:
        raise UnreadableError(str(faults[0]).removeprefix(": ").removeprefix(", "), "Correct it, then bring it in.")
    if header is None:
        blocks = read_markdown(text, 0, Vocabulary(text))
        return replace(_described(read_facts(blocks)), body=text)
    said = yaml.safe_load(text[: header.end].strip().strip("-"))
    fields = {name: value for name, value in said.items() if value is not None and name not in REVIEWED}
    values = header.values
    return Material(
        title=values.title or "",
        authors=values.authors,
        journal=values.journal or "",
        year=values.year,
        doi=values.doi or "",
        pmid=values.pmid or "",
        url=values.url or "",
        excerpt=values.excerpt_only,
        body=text[header.end :],
        fields=fields,
    )


def read_text_file(data: bytes) -> Material:
    """Plain text: its headings are told by their shape, its pages by form feeds."""
    text = _decode(data)
    stated = read_facts(read_plain(text, Vocabulary(text)))
    pieces = [_piece(block) for block in mark_headings(stated.blocks)]
    if stated.references:
        pieces.append(Piece(kind=BlockKind.HEADING, text="References", depth=1, page=pieces[-1].page if pieces else 1))
        entries = (" ".join(part.text for part in fact.parts) for fact in stated.references)
        pieces += [Piece(kind=BlockKind.ITEM, text=tidy(entry), numbered=True) for entry in entries]
    return replace(_described(stated), pieces=tuple(pieces))


def _decode(data: bytes) -> str:
    try:
        return decode(data, "")
    except DocumentError as error:
        raise UnreadableError(error.problem.removeprefix(": "), error.remedy) from error


def _described(stated: Stated) -> Material:
    return Material(
        title=tidy(stated.title),
        authors=stated.authors,
        journal=stated.journal,
        year=stated.year,
        doi=stated.doi,
        pmid=stated.pmid,
    )


def _piece(block: Block) -> Piece:
    if block.kind is BlockKind.ROW:
        cells = tuple(tidy(cell) for cell in block.text.text.split("\n"))
        return Piece(kind=BlockKind.PARAGRAPH, text=_labelled(cells, block.labels), page=block.page)
    numbered = block.marker[:1].isdigit()
    depth = max(block.depth, 1) if block.kind is BlockKind.HEADING else block.depth
    return Piece(kind=block.kind, text=tidy(block.text.text), depth=depth, numbered=numbered, page=block.page)


def _labelled(cells: tuple[str, ...], labels: tuple[str, ...]) -> str:
    pairs = zip(labels or [""] * len(cells), cells, strict=False)
    return "; ".join(f"{label}: {cell}" if label else cell for label, cell in pairs if cell)
