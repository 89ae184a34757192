"""Reads a record of PubMed's XML: bibliography and abstract."""

from typing import TYPE_CHECKING

from bot.knowledge.blocks import BlockKind
from bot.knowledge.importing.material import Material, Piece, find_doi, find_year
from bot.knowledge.importing.tagged import structured
from bot.knowledge.importing.trees import text_of

if TYPE_CHECKING:
    from lxml.etree import _Element


def read_record(record: "_Element") -> Material:
    """One `PubmedArticle`."""

    def first(path: str) -> str:
        return next((said for element in record.iterfind(path) if (said := text_of(element))), "")

    doi = first(".//ELocationID[@EIdType='doi']") or first("./PubmedData/ArticleIdList/ArticleId[@IdType='doi']")
    return Material(
        title=first(".//ArticleTitle").rstrip(".").strip("[]"),
        authors=tuple(name for author in record.iterfind(".//AuthorList/Author") if (name := _author(author))),
        journal=first(".//Journal/Title") or first(".//MedlineTA"),
        year=find_year(first(".//JournalIssue/PubDate") or first(".//ArticleDate")),
        doi=find_doi(doi),
        pmid=first(".//PMID"),
        licence=first(".//Abstract/CopyrightInformation"),
        excerpt=True,
        pieces=tuple(_abstract(record)),
    )


def _abstract(record: "_Element") -> list[Piece]:
    parts = [(part.get("Label") or "", text_of(part)) for part in record.iterfind(".//Article/Abstract/AbstractText")]
    parts = [(label, said) for label, said in parts if said]
    if len(parts) == 1 and not parts[0][0]:
        return structured(parts[0][1])
    pieces = [Piece(kind=BlockKind.HEADING, text="Abstract", depth=1)] if parts else []
    for label, said in parts:
        pieces += [Piece(kind=BlockKind.HEADING, text=label.capitalize(), depth=2)] if label else []
        pieces.append(Piece(kind=BlockKind.PARAGRAPH, text=said))
    return pieces


def _author(author: "_Element") -> str:
    family, initials = (author.findtext(tag) or "" for tag in ("LastName", "Initials"))
    return f"{family} {initials}".strip() or (author.findtext("CollectiveName") or "").strip()
