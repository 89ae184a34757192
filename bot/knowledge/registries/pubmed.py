"""What PubMed says of a PMID: the summaries of its E-utilities name notices among a record's references."""

import re
from collections.abc import Iterator, Sequence

from pydantic import BaseModel, Field, ValidationError

from bot.knowledge.fields import NoticeKind
from bot.knowledge.registries.asking import Asker
from bot.knowledge.registries.findings import Finding, merged

AT_ONCE = 100
KINDS = {
    "retraction in": NoticeKind.RETRACTION,
    "partial retraction in": NoticeKind.RETRACTION,
    "retracted and republished in": NoticeKind.RETRACTION,
    "expression of concern in": NoticeKind.CONCERN,
    "erratum in": NoticeKind.CORRECTION,
    "corrected and republished in": NoticeKind.CORRECTION,
}
RETRACTED = "retracted publication"
DATE = re.compile(r"\b(?:19|20)\d\d(?: [A-Z][a-z]{2}(?: \d{1,2})?)?\b")


class _Reference(BaseModel):
    type: str = Field(alias="reftype", default="")
    source: str = Field(alias="refsource", default="")
    pmid: int | str | None = None


class _Summary(BaseModel):
    types: list[str] = Field(alias="pubtype", default=[])
    references: list[_Reference] = []
    error: str = ""


class _Reply(BaseModel):
    result: dict[str, _Summary | list[str]]


class PubMed:
    """PubMed's E-utilities, `esummary`."""

    def __init__(self, asker: Asker, mailto: str = "") -> None:
        self._asker = asker
        self._who = {"tool": "footnote"} | ({"email": mailto} if mailto else {})

    def ask(self, pmids: Sequence[str]) -> dict[str, tuple[Finding, ...]]:
        """What happened to these publications, at most `AT_ONCE`. Raises `RegistryError`."""
        query = {"db": "pubmed", "retmode": "json", "id": ",".join(pmids)}
        reply = self._asker.get("esummary.fcgi", query | self._who)
        try:
            result = _Reply.model_validate(reply).result
        except ValidationError:
            raise self._asker.malformed() from None
        return {pmid: merged(_findings(result.get(pmid))) for pmid in pmids}


def _findings(summary: _Summary | list[str] | None) -> Iterator[Finding]:
    if not isinstance(summary, _Summary) or summary.error:
        yield Finding(kind=None, by="PubMed")
        return
    told = False
    for reference in summary.references:
        kind = KINDS.get(reference.type.casefold())
        if kind is None:
            continue
        told = told or kind is NoticeKind.RETRACTION
        date = DATE.search(reference.source)
        yield Finding(
            kind=kind,
            label=reference.type.casefold().removesuffix(" in"),
            notice=str(reference.pmid or ""),
            dated=date.group() if date else "",
            by="PubMed",
        )
    if not told and RETRACTED in (kind.casefold() for kind in summary.types):
        yield Finding(kind=NoticeKind.RETRACTION, label="retraction", by="PubMed")
