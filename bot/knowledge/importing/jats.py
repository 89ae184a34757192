"""Reads a JATS article: sections, tables, figures and references."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.knowledge.blocks import BlockKind
from bot.knowledge.importing.material import Material, Piece, find_doi, find_year, rows, tidy
from bot.knowledge.importing.trees import grid_of, name, text_of

if TYPE_CHECKING:
    from lxml.etree import _Element

LINK = "{http://www.w3.org/1999/xlink}href"
SKIPPED = frozenset({"fn", "table-wrap-foot", "object-id", "graphic", "media", "alt-text", "tex-math", "permissions"})
OWN = frozenset({"p", "list", "def-list", "table-wrap", "fig", "boxed-text", "disp-quote", "sec", "table"})
SECTIONS = frozenset({"sec", "app", "ack", "boxed-text", "notes"})


def read_article(article: "_Element") -> Material:
    """One `article`. Footnotes and the marks that point to references are left out."""

    def first(*paths: str) -> str:
        found = (text_of(element, _is_mark) for path in paths for element in article.iterfind(path))
        return next((said for said in found if said), "")

    meta = "{*}front/{*}article-meta"
    body = [piece for part in article.iterfind("{*}body") for piece in _section(part, 0)]
    back = [piece for part in article.iterfind("{*}back") for piece in _section(part, 0)]
    abstracts = article.iterfind(f"{meta}/{{*}}abstract")
    abstract = [piece for part in abstracts if part.get("abstract-type") != "graphical" for piece in _abstract(part)]
    return Material(
        title=first(f"{meta}/{{*}}title-group/{{*}}article-title"),
        authors=tuple(_authors(article, meta)),
        journal=first("{*}front/{*}journal-meta//{*}journal-title", "{*}front/{*}journal-meta/{*}journal-id"),
        year=find_year(first(*(f"{meta}/{{*}}pub-date{kind}/{{*}}year" for kind in _dates()))),
        doi=find_doi(first(f"{meta}/{{*}}article-id[@pub-id-type='doi']")),
        pmid=first(f"{meta}/{{*}}article-id[@pub-id-type='pmid']"),
        licence=_licence(article, meta),
        excerpt=not body,
        pieces=(*abstract, *body, *back, *_references(article)),
    )


def _dates() -> tuple[str, ...]:
    """Which of several dates of publication counts, the first of these that is given."""
    kinds = ("pub-type='ppub'", "pub-type='collection'", "date-type='collection'", "pub-type='epub'", "date-type='pub'")
    return (*(f"[@{kind}]" for kind in kinds), "")


def _authors(article: "_Element", meta: str) -> Iterator[str]:
    for contributor in article.iterfind(f"{meta}/{{*}}contrib-group/{{*}}contrib"):
        if contributor.get("contrib-type", "author") != "author":
            continue
        family, given = (tidy(contributor.findtext(f".//{{*}}{tag}") or "") for tag in ("surname", "given-names"))
        initials = given if given.isupper() and len(given) <= 4 else "".join(word[0] for word in given.split())
        group = contributor.find("{*}collab")
        said = f"{family} {initials}".strip() or (text_of(group) if group is not None else "")
        if said:
            yield said


def _licence(article: "_Element", meta: str) -> str:
    licence = article.find(f"{meta}/{{*}}permissions/{{*}}license")
    if licence is None:
        return ""
    return tidy(licence.get(LINK) or text_of(licence))[:200]


def _abstract(abstract: "_Element") -> Iterator[Piece]:
    pieces = list(_section(abstract, 1))
    titled = next((text_of(part) for part in abstract if name(part) == "title"), "") or "Abstract"
    yield Piece(kind=BlockKind.HEADING, text=titled, depth=1)
    yield from (piece for piece in pieces if not (piece.kind is BlockKind.HEADING and piece.text == titled))


def _section(section: "_Element", depth: int) -> Iterator[Piece]:
    """What stands in a section; its own heading has level `depth`."""
    for part in section:
        match name(part):
            case "title" if depth and (said := text_of(part, _is_mark)):
                yield Piece(kind=BlockKind.HEADING, text=said, depth=depth)
            case kind if kind in SECTIONS:
                yield from _section(part, depth + 1)
            case "app-group" | "glossary":
                yield from _section(part, depth)
            case kind if kind in OWN:
                yield from _block(part)
            case _:
                pass


def _block(part: "_Element", depth: int = 0) -> Iterator[Piece]:
    match name(part):
        case "p" | "disp-quote":
            if said := text_of(part, lambda child: _is_mark(child) or name(child) in OWN - {"p"}):
                yield Piece(kind=BlockKind.PARAGRAPH, text=said)
            for inner in part:
                if name(inner) in OWN - {"p"}:
                    yield from _block(inner, depth)
        case "list" | "def-list":
            yield from _items(part, depth)
        case "table-wrap" | "table":
            yield from _caption(part)
            for table in [part] if name(part) == "table" else part.iterfind(".//{*}table"):
                yield from rows(*grid_of(table, _is_mark))
        case "fig":
            yield from _caption(part)
        case _:
            yield from _section(part, 2)


def _items(listed: "_Element", depth: int) -> Iterator[Piece]:
    numbered = listed.get("list-type") in {"order", "arabic", "roman-lower", "roman-upper"}
    for item in listed:
        if name(item) not in {"list-item", "def-item"}:
            continue
        if said := text_of(item, lambda child: _is_mark(child) or name(child) in {"list", "label"}):
            yield Piece(kind=BlockKind.ITEM, text=said, depth=depth, numbered=numbered)
        for inner in item.iter():
            if name(inner) == "list" and inner.getparent().getparent() in {item, item.getparent()}:
                yield from _items(inner, depth + 1)


def _caption(part: "_Element") -> Iterator[Piece]:
    label, caption = (part.find(f"{{*}}{tag}") for tag in ("label", "caption"))
    said = " ".join(text_of(found, _is_mark) for found in (caption,) if found is not None)
    named = text_of(label).rstrip(".:") if label is not None else ""
    if said:
        yield Piece(kind=BlockKind.CAPTION, text=f"{named}. {said}" if named else said)


def _references(article: "_Element") -> Iterator[Piece]:
    entries = [text_of(entry, lambda child: name(child) == "label") for entry in article.iterfind("{*}back//{*}ref")]
    entries = [entry for entry in entries if entry]
    if entries:
        yield Piece(kind=BlockKind.HEADING, text="References", depth=1)
    yield from (Piece(kind=BlockKind.ITEM, text=entry, numbered=True) for entry in entries)


def _is_mark(element: "_Element") -> bool:
    """Whether an element only points to a reference, or isn't part of the text."""
    return name(element) in SKIPPED or (
        name(element) == "xref" and element.get("ref-type") in {"bibr", "fn", "table-fn"}
    )
