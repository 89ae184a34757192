"""One source of an answer: what it is, and its passage with the exact quotation bold where it stands."""

from itertools import zip_longest

from bot.channels.rendering import about_source
from bot.channels.rich_text import EntityKind, RichText, RichTextBuilder
from bot.channels.table_rows import INDENT, row_cells
from bot.channels.telegram.keyboards import MOST_COPIED
from bot.domain.answers import Citation
from bot.domain.documents import CuratedDocument, RetrievedPassage, Sentence
from bot.prompts import Wording

GAP = " … "
"""What stands between the sentences of a quotation."""


def source_page(citation: Citation, held: RetrievedPassage | None, wording: Wording) -> RichText:
    """The page of one citation. `held` is its passage in the library of today; None where it's gone or changed."""
    page = RichTextBuilder()
    page.line(wording.say("source.head", number=citation.number), EntityKind.BOLD)
    page.line(about_source(citation, wording))
    page.line()
    found = None if held is None else quoted_sentences(citation.quote, held)
    if held is None or found is None:
        page.line(wording.say("source.changed"))
        with page.block(EntityKind.BLOCKQUOTE):
            page.add(f"“{citation.quote}”", EntityKind.BOLD)
        return page.build()
    with page.block(EntityKind.BLOCKQUOTE):
        _add_passage(page, held.passage.sentences, found)
    return page.build()


def quoted_sentences(quote: str, held: RetrievedPassage) -> dict[int, str] | None:
    """By place in the passage, what of each sentence is quoted; None where the quotation doesn't stand there.

    A quotation holds whole sentences joined by `…`, or a part of one.
    """
    sentences = held.passage.sentences
    for first, sentence in enumerate(sentences):
        if not quote.startswith(sentence.quote):
            continue
        rest = quote
        found: dict[int, str] = {}
        for place, each in enumerate(sentences[first:], first):
            if rest == each.quote:
                return {**found, place: each.quote}
            if rest.startswith(each.quote + GAP):
                found[place] = each.quote
                rest = rest[len(each.quote + GAP) :]
    parts = [(place, quote) for place, sentence in enumerate(sentences) if quote.strip() and quote in sentence.quote]
    return dict(parts[:1]) or None


def copyable(citation: Citation, document: CuratedDocument | None = None) -> str:
    """`Authors. Title. Year. DOI or address`, as a reference list wants it, in the 256 characters that a button copies.

    What has to give way is the end of the authors, then of the title; never the identifier.
    """
    link = link_to(document)
    year = str(citation.year) if citation.year else ""
    fixed = "".join(f" {part}" for part in (f"{year}." if year else "", link) if part)
    if len(fixed) > MOST_COPIED // 2:  # An address as long as that is for its own button.
        fixed = f" {year}." if year else ""
    room = MOST_COPIED - len(fixed)
    title = _ended(citation.title)
    authors = _ended(", ".join(document.authors)) if document is not None and document.authors else ""
    if authors and len(authors) + 1 + len(title) > room:
        authors = _ended(f"{document.authors[0]}, et al") if document is not None else ""
    head = f"{authors} {title}" if authors and len(authors) + 1 + len(title) <= room else title
    return (_cut(head, room) + fixed).strip()


def link_to(document: CuratedDocument | None) -> str:
    """Where the publication itself stands: by DOI, by PubMed number, by its own address; empty where none is known."""
    if document is None:
        return ""
    if document.doi:
        return f"https://doi.org/{document.doi}"
    if document.pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{document.pmid}/"
    return document.url if document.url.startswith(("https://", "http://")) else ""


def _add_passage(page: RichTextBuilder, sentences: tuple[Sentence, ...], quoted: dict[int, str]) -> None:
    """The passage in the document's characters: running text in lines, items and rows on lines of their own."""
    before: tuple[str, ...] = ()
    in_text = False
    for place, sentence in enumerate(sentences):
        leads = [lead for depth, lead in enumerate(sentence.lead) if before[depth : depth + 1] != (lead,)]
        before = sentence.lead
        if place and (sentence.is_item or leads or not in_text):
            page.line()
        elif place:
            page.add(" ")
        for lead in leads:
            page.line(f"{lead.rstrip(':')}:")
        in_text = not sentence.is_item
        if sentence.is_item:
            page.add("• ")
        _add_sentence(page, sentence, quoted.get(place, ""))


def _add_sentence(page: RichTextBuilder, sentence: Sentence, quoted: str) -> None:
    cells = row_cells(sentence.text, sentence.quote) if quoted in ("", sentence.quote) else ()
    if cells:
        kind = EntityKind.BOLD if quoted else None
        for label, cell in cells:
            page.add(f"\n{INDENT}{label.removeprefix('; ')}" if label.startswith("; ") else label)
            page.add(cell, kind)
        return
    before, mark, after = sentence.quote.partition(quoted) if quoted else (sentence.quote, "", "")
    for text, kind in zip_longest((before, mark, after), (None, EntityKind.BOLD)):
        page.add(text, kind)


def _ended(text: str) -> str:
    text = " ".join(text.split())
    return text if not text or text[-1] in ".?!" else f"{text}."


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 2].rpartition(' ')[0] or text[: room - 2]} …"
