"""Reads a web page: trafilatura tells its main content from navigation, banners, adverts and comments."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from bot.domain.errors import DocumentError
from bot.knowledge.blocks import CAPTION, BlockKind
from bot.knowledge.importing.material import Material, Piece, UnreadableError, find_doi, find_year, rows, tidy
from bot.knowledge.importing.trees import name, text_of
from bot.knowledge.readers import decode

if TYPE_CHECKING:
    from lxml.etree import _Element

CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)"
    r"|font-size\s*:\s*0(?:\.0+)?\s*(?:[a-z%]+)?\s*(?:;|$)|(?<!-)color\s*:\s*(?:transparent|white|#fff(?:fff)?)\b(?!.*background)"
    r"|(?:text-indent|left|top)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
MEDIA = re.compile(r"@[^{}]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
RULE = re.compile(r"(?<![^{}])([^{}]+)\{([^{}]*)\}")
SIMPLE = re.compile(r"(?:[a-z]\w*)?([.#])([\w-]+)", re.IGNORECASE)
NESTED = frozenset({"list", "table"})


def read_web_page(data: bytes) -> Material:
    """The main content of a web page. Raises `UnreadableError` where there is none."""
    import lxml.html
    from lxml.etree import ParserError
    from trafilatura import bare_extraction

    nothing = UnreadableError(
        "it has no main text: only navigation, or a page that a script fills.",
        "Open the page in a browser and save or print it from there, or paste its text into a .txt file.",
    )
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", _decode(data))
    try:
        root = lxml.html.document_fromstring(text)
    except (ParserError, ValueError) as error:
        raise nothing from error
    said = _stated(root)
    _drop_hidden(root)
    _unfold(root)
    _keep_raised(root)
    found = bare_extraction(
        root, include_comments=False, include_tables=True, include_formatting=True, favor_recall=True
    )
    if found is None or isinstance(found, dict) or found.body is None:
        raise nothing
    pieces = list(_pieces(found.body))
    if not any(piece.kind is not BlockKind.HEADING for piece in pieces):
        raise nothing
    return _described(said, pieces)


def _decode(data: bytes) -> str:
    """By its byte order mark, UTF-8, what the page says, or Windows-1252, as browsers do."""
    declared = CHARSET.search(data[:4096])
    encoding = declared[1].decode().casefold() if declared else ""
    try:
        if encoding and encoding not in {"utf-8", "iso-8859-1", "us-ascii"} and not data.startswith((b"\xff", b"\xfe")):
            return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        pass
    try:
        return decode(data, "")
    except DocumentError as error:
        raise UnreadableError(error.problem.removeprefix(": "), "Save the page again as UTF-8.") from error


def _stated(root: "_Element") -> dict[str, list[str]]:
    """What the page says of itself in its head, for readers and search engines."""
    said: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        key, value = (meta.get("name") or meta.get("property") or "").casefold(), tidy(meta.get("content") or "")
        if key and value:
            said.setdefault(key, []).append(value)
    for link in root.iter("link"):
        if link.get("rel") == "canonical" and link.get("href"):
            said["canonical"] = [tidy(link.get("href", ""))]
        if link.get("rel") == "license" and link.get("href"):
            said["licence"] = [tidy(link.get("href", ""))]
    titled = root.find(".//title")
    said["title"] = [text_of(titled)] if titled is not None else []
    said["h1"] = [text_of(heading) for heading in root.iter("h1") if text_of(heading)]
    return said


def _described(said: dict[str, list[str]], pieces: list[Piece]) -> Material:
    def first(*keys: str) -> str:
        return next((said[key][0] for key in keys if said.get(key)), "")

    alone = said["h1"][0] if len(said["h1"]) == 1 else ""
    title = first("citation_title", "dc.title") or alone or first("og:title", "title")
    pieces = [piece for piece in pieces if not (piece.kind is BlockKind.HEADING and piece.text in {title, alone})]
    shallowest = min((piece.depth for piece in pieces if piece.kind is BlockKind.HEADING), default=1)
    raised = [_raised(piece, shallowest - 1) for piece in pieces]
    address = first("canonical", "og:url")
    return Material(
        title=title,
        authors=tuple(said.get("citation_author") or said.get("dc.creator") or said.get("author") or ()),
        journal=first("citation_journal_title"),
        year=find_year(first("citation_publication_date", "citation_date", "dc.date", "article:published_time")),
        doi=find_doi(first("citation_doi", "dc.identifier", "prism.doi")),
        pmid=first("citation_pmid"),
        url=address if address.startswith(("https://", "http://")) else "",
        licence=first("licence", "dc.rights"),
        pieces=tuple(raised),
    )


def _raised(piece: Piece, levels: int) -> Piece:
    if piece.kind is not BlockKind.HEADING:
        return piece
    return Piece(kind=piece.kind, text=piece.text, depth=max(1, piece.depth - levels))


def _drop_hidden(root: "_Element") -> None:
    """Takes out what a reader of the page doesn't see."""
    hidden: set[tuple[str, str]] = set()
    for sheet in root.iter("style"):
        for selectors, rule in RULE.findall(MEDIA.sub("", sheet.text or "")):
            if HIDING.search(rule):
                matches = (SIMPLE.fullmatch(one.strip()) for one in selectors.split(","))
                hidden |= {(match[1], match[2]) for match in matches if match}
    for element in list(root.iter()):
        if element.getparent() is None or name(element) in {"body", "html"}:
            continue
        marks = {(".", word) for word in (element.get("class") or "").split()} | {("#", element.get("id") or "")}
        unseen = element.get("hidden") is not None or element.get("aria-hidden") == "true"
        if (
            name(element) in {"template", "noscript"}
            or unseen
            or HIDING.search(element.get("style") or "")
            or marks & hidden
        ):
            element.drop_tree()


def _unfold(root: "_Element") -> None:
    """What folds out becomes paragraphs of its own, apart from the line that one taps."""
    for summary in list(root.iter("summary")):
        inside = summary.makeelement("p", {})
        inside.text, summary.tail = summary.tail, None
        summary.tag = "p"
        summary.addnext(inside)


def _keep_raised(root: "_Element") -> None:
    """Digits set high or low become such characters, since the text that trafilatura finds has only plain ones."""
    for element in root.iter("sup", "sub"):
        said = text_of(element)
        for child in list(element):
            element.remove(child)
        element.text = said


def _pieces(body: Iterable["_Element"]) -> Iterator[Piece]:
    for part in body:
        match name(part):
            case "head":
                level = re.sub(r"\D", "", part.get("rend") or "") or "2"
                if said := text_of(part):
                    yield Piece(kind=BlockKind.HEADING, text=said, depth=int(level))
            case "list":
                yield from _items(part, 0, numbered=part.get("rend") == "ol")
            case "table":
                yield from _rows(part)
            case "quote" | "div" if any(name(inner) in {"p", "head"} for inner in part):
                yield from _pieces(part)
            case "p" | "quote" | "code" | "item" | "div" | "hi":
                if said := text_of(part, lambda inner: name(inner) in NESTED):
                    yield Piece(kind=BlockKind.CAPTION if CAPTION.match(said) else BlockKind.PARAGRAPH, text=said)
                yield from (piece for inner in part if name(inner) in NESTED for piece in _pieces([inner]))
            case _:
                pass


def _items(listed: "_Element", depth: int, *, numbered: bool) -> Iterator[Piece]:
    for item in listed:
        if name(item) != "item":
            continue
        if said := text_of(item, lambda child: name(child) == "list"):
            yield Piece(kind=BlockKind.ITEM, text=said, depth=depth, numbered=numbered)
        for inner in item:
            if name(inner) == "list":
                yield from _items(inner, depth + 1, numbered=inner.get("rend") == "ol")


def _rows(table: "_Element") -> Iterator[Piece]:
    lines = [line for line in table.iter() if name(line) == "row"]
    grid = [[text_of(cell) for cell in line if name(cell) == "cell"] for line in lines]
    heads = 0
    while heads < len(lines) and all(cell.get("role") == "head" for cell in lines[heads] if name(cell) == "cell"):
        heads += 1
    yield from rows(grid, heads if heads < len(lines) else 0)
