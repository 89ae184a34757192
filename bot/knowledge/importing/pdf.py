"""Reads PDFs through PDFium: headings, paragraphs and tables, each with its page."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from bot.knowledge.authors import read_authors
from bot.knowledge.blocks import Block, BlockKind
from bot.knowledge.cleaning import Vocabulary, mend
from bot.knowledge.facts import VOLUME, read_facts
from bot.knowledge.headings import TOPICS
from bot.knowledge.importing.material import Material, Piece, UnreadableError, find_doi, rows, tidy
from bot.knowledge.importing.pdf_layout import ENDED, Paragraph, read_paragraphs, without_furniture
from bot.knowledge.importing.pdf_text import Sheet, read_sheet
from bot.knowledge.sentences import split_sentences
from bot.knowledge.traced import Traced

MOST_PAGES = 1_000
A_FEW = 20
HEAD = 12
SHORT = 14
FILE_NAME = re.compile(r"\.(?:docx?|pdf|indd|tex|qxd)$|^microsoft word", re.IGNORECASE)
Style = tuple[float, bool, bool]


def read_pdf(data: bytes) -> Material:
    """A PDF. Raises `UnreadableError` for one that is encrypted, damaged, or only pictures."""
    sheets, told = _sheets(data)
    letters = [sum(len(run.text) for run in sheet.runs) for sheet in sheets]
    if sum(letters) < A_FEW * len(sheets) and (sum(letters) < A_FEW or any(sheet.pictured for sheet in sheets)):
        problem = "it holds hardly any text, only pictures of pages (a scan)."
        raise UnreadableError(problem, "Run text recognition (OCR) over it, or get the publisher's PDF.")
    paragraphs = [part for sheet, runs in without_furniture(sheets) for part in read_paragraphs(sheet, runs)]
    pieces, title = _pieces(paragraphs, told)
    return replace(_described(pieces, title, [run.text for run in sheets[0].runs]), warning=_warning(sheets, letters))


def _sheets(data: bytes) -> tuple[list[Sheet], str]:
    """The pages, and the title that the file's properties give."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(data) as document:
            if len(document) > MOST_PAGES:
                problem = f"it has {len(document)} pages, and {MOST_PAGES} are read."
                raise UnreadableError(problem, "Bring in only the pages that matter.")
            told = document.get_metadata_value("Title")
            sheets = [read_sheet(document[index], index + 1) for index in range(len(document))]
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).casefold():
            remedy = "Open it with its password and save it without one."
            raise UnreadableError("it is encrypted and opens only with a password.", remedy) from error
        raise UnreadableError("it is damaged or cut off.", "Download it again.") from error
    if not sheets:
        raise UnreadableError("it has no pages.", "Download it again.")
    return sheets, tidy(told)


def _warning(sheets: Sequence[Sheet], letters: Sequence[int]) -> str:
    empty = [str(sheet.number) for sheet, count in zip(sheets, letters, strict=True) if not count and sheet.pictured]
    recognised = [str(sheet.number) for sheet in sheets if sheet.recognised]
    said = [
        f"page {', '.join(empty)}: only a picture, nothing was read" if empty else "",
        f"page {', '.join(recognised)}: text recognised in a scan, read it against the page" if recognised else "",
    ]
    return "; ".join(part for part in said if part)


def _described(pieces: list[Piece], title: str, first: list[str]) -> Material:
    """What the first page says of the publication; lines that say only that move to the front matter."""
    heading = [Block(kind=BlockKind.HEADING, text=_traced(title), depth=1)] if title else []
    head = [piece for piece in pieces if piece.page == 1 and piece.text and piece.kind is not BlockKind.ROW][:HEAD]
    stated = read_facts([*heading, *(Block(kind=BlockKind.PARAGRAPH, text=_traced(piece.text)) for piece in head)])
    byline = (
        next((piece for piece in head if read_authors(piece.text) == stated.authors), None) if stated.authors else None
    )
    issue = next((match for line in first if len(line.split()) <= SHORT and (match := VOLUME.search(line))), None)
    own = [one for one in head if len(one.text.split()) <= SHORT and (find_doi(one.text) or VOLUME.search(one.text))]
    return Material(
        title=title,
        authors=tuple(re.sub(r"[⁰¹²³⁴-⁹]+", "", name).strip() for name in stated.authors),
        journal=stated.journal or (issue["journal"].strip(" .,") if issue else ""),
        year=stated.year or (int(issue["year"]) if issue else None),
        doi=find_doi("\n".join(first)) or stated.doi,
        pmid=stated.pmid,
        pieces=tuple(piece for piece in pieces if piece is not byline and piece not in own),
    )


def _traced(text: str) -> Traced:
    return Traced.of(text, 0, len(text))


def _pieces(paragraphs: list[Paragraph], told: str) -> tuple[list[Piece], str]:
    """The pieces without the title, and the title."""
    sizes: Counter[float] = Counter()
    bold: Counter[bool] = Counter()
    for paragraph in paragraphs:
        sizes[round(paragraph.size * 2) / 2] += len(paragraph.text)
        bold[paragraph.bold] += len(paragraph.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    emphatic = bold[False] >= bold[True]
    titled = _title(paragraphs, body)
    title = titled.text if titled else "" if FILE_NAME.search(told) or len(told.split()) < 3 else told
    paragraphs = [paragraph for paragraph in paragraphs if paragraph is not titled]
    headed = [paragraph for paragraph in paragraphs if _is_heading(paragraph, body, emphatic=emphatic)]
    levels = {style: level for level, style in enumerate(sorted({_style(one) for one in headed}), 1)}
    headings = {id(paragraph): levels[_style(paragraph)] for paragraph in headed}
    joined = _join(paragraphs, headings)
    vocabulary = Vocabulary("\n".join("\n".join(text for _, text in paragraph.lines) for paragraph in joined))
    pieces = [piece for paragraph in joined for piece in _made(paragraph, headings.get(id(paragraph), 0), vocabulary)]
    return pieces, tidy(title)


def _title(paragraphs: Sequence[Paragraph], body: float) -> Paragraph | None:
    """The largest print of the first page that reads like one; a logo or the name of a journal is shorter."""
    large = [one for one in paragraphs if one.page == 1 and one.size > 1.12 * body and one.marker is None]
    largest = max((one.size for one in large), default=0.0)
    named = [
        one
        for one in large
        if len(one.text.split()) >= (2 if one.size == largest else 3)
        and not re.search(r"@|https?:|www\.|^\d+\.\d", one.text)
    ]
    return max(named, key=lambda one: one.size, default=None)


def _is_heading(paragraph: Paragraph, body: float, *, emphatic: bool) -> bool:
    text = paragraph.text
    numbered = paragraph.marker is not None and paragraph.marker["number"]
    if paragraph.grid or paragraph.caption or (paragraph.marker and not numbered) or len(paragraph.lines) > 3:
        return False
    if len(text.split()) > 18 or text[-1:] in ".,;" or not any(character.isalpha() for character in text):
        return False
    large, bold = paragraph.size > 1.1 * body, paragraph.bold and emphatic
    topic = len(text.split()) <= 3 and text[:1].isupper() and TOPICS.match(text) and len(paragraph.lines) == 1
    return large or bold or _is_capital(text) or bool(topic)


def _is_capital(text: str) -> bool:
    return text.isupper() and len(text.split()) <= 8 and sum(character.isalpha() for character in text) >= 6


def _style(paragraph: Paragraph) -> Style:
    """How a heading looks; larger, capital and bold ones come first."""
    return -round(paragraph.size * 2) / 2, not _is_capital(paragraph.text), not paragraph.bold


def _join(paragraphs: Sequence[Paragraph], headings: dict[int, int]) -> list[Paragraph]:
    """A paragraph that goes on in the next column or page is one again, also around tables and captions."""
    joined: list[Paragraph] = []
    for paragraph in paragraphs:
        plain = not (paragraph.grid or paragraph.caption or id(paragraph) in headings)
        if paragraph.first and plain and paragraph.marker is None:
            small = 0.92 * paragraph.size  # a footnote at the end of the column before
            back = (one for one in reversed(joined) if not (one.grid or one.caption or one.size < small))
            before = next(back, None)
            if before is not None and id(before) not in headings and _is_open(before, paragraph):
                before.lines += paragraph.lines
                continue
        joined.append(paragraph)
    return joined


def _is_open(before: Paragraph, paragraph: Paragraph) -> bool:
    """Whether a text goes on: it stops in the middle of a sentence, and it was long enough to be cut, or must go on."""
    same = abs(before.size - paragraph.size) <= 0.08 * before.size and paragraph.page - before.page <= 1
    cut = len(before.lines) > 2 or paragraph.text[:1].islower() or before.text.endswith("-")
    return same and cut and not ENDED.search(before.text)


def _made(paragraph: Paragraph, heading: int, vocabulary: Vocabulary) -> Iterator[Piece]:
    """The pieces of a paragraph: one for each page that its sentences begin on."""
    if paragraph.grid:
        yield from rows(*paragraph.grid, page=paragraph.page)
        return
    if heading:
        number = paragraph.marker.group() if paragraph.marker else ""
        yield Piece(kind=BlockKind.HEADING, text=tidy(number + paragraph.text), depth=heading, page=paragraph.page)
        return
    kind = BlockKind.ITEM if paragraph.marker else BlockKind.CAPTION if paragraph.caption else BlockKind.PARAGRAPH
    numbered = paragraph.marker is not None and paragraph.marker["number"] is not None
    pages: list[int] = []
    for page, line in paragraph.lines:
        pages += [page] * (len(line) + 1)
    whole = mend(_traced("\n".join(line for _, line in paragraph.lines)), vocabulary)
    if len({page for page, _ in paragraph.lines}) == 1:
        yield Piece(kind=kind, text=tidy(whole.text), numbered=numbered, page=paragraph.page)
        return
    sentences = [(pages[next(at for at in part.origins if at >= 0)], part.text) for part in split_sentences(whole)]
    for page, parts in groupby(sentences, key=lambda sentence: sentence[0]):
        text = tidy(" ".join(text for _, text in parts))
        yield Piece(kind=kind, text=text, numbered=numbered, page=page)
        kind, numbered = BlockKind.PARAGRAPH, False
