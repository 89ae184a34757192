"""What Crossref says of a DOI.

Two fields tell of it, and each knows cases that the other lacks: `updated-by` of the publication's own record, filled
from Retraction Watch as well, and `update-to` of the notice's record, which the publisher deposits.
"""

from collections.abc import Iterator
from typing import Any, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, Field, ValidationError

from bot.knowledge.fields import NoticeKind
from bot.knowledge.registries.asking import Asker
from bot.knowledge.registries.findings import Finding, merged

KINDS = {
    "retraction": NoticeKind.RETRACTION,
    "partial_retraction": NoticeKind.RETRACTION,
    "removal": NoticeKind.RETRACTION,
    "withdrawal": NoticeKind.RETRACTION,
    "expression_of_concern": NoticeKind.CONCERN,
}
TELLERS = {"retraction-watch": "Retraction Watch", "publisher": "publisher"}
MOST_NOTICES = "50"


class _Day(BaseModel):
    parts: list[list[int | None]] = Field(alias="date-parts", min_length=1)

    def __str__(self) -> str:
        given = [part for part in self.parts[0] if part is not None]
        return "-".join(f"{part:02}" for part in given)


class _Update(BaseModel):
    doi: str = Field(alias="DOI")
    type: str
    label: str = ""
    source: str = "publisher"
    updated: _Day | None = None

    def finding(self, *, notice: str, of: str = "") -> Finding:
        """The update in our words."""
        kind = self.type.casefold().replace("-", "_").replace(" ", "_")
        return Finding(
            kind=KINDS.get(kind, NoticeKind.CORRECTION),
            label=(self.label or self.type).replace("_", " ").casefold(),
            notice=notice,
            dated=str(self.updated or ""),
            by=f"Crossref: {TELLERS.get(self.source, self.source)}",
            of=of,
        )


class _Work(BaseModel):
    doi: str = Field(alias="DOI")
    updates: list[_Update] = Field(alias="update-to", default=[])
    updated: list[_Update] = Field(alias="updated-by", default=[])


class _Found(BaseModel):
    message: _Work


class _Items(BaseModel):
    items: list[_Work]


class _Listed(BaseModel):
    message: _Items


Shape = TypeVar("Shape", bound=BaseModel)


class Crossref:
    """Crossref's REST API, `works`."""

    def __init__(self, asker: Asker, mailto: str = "") -> None:
        self._asker = asker
        self._who = {"mailto": mailto} if mailto else {}

    def ask(self, doi: str) -> tuple[Finding, ...]:
        """What happened to the publication. Raises `RegistryError`."""
        place = f"works/{quote(doi, safe='')}"
        found = self._asker.get(place, self._who)
        if found is None:
            return self._elsewhere(place)
        work = self._read(_Found, found).message
        # A comma would end the value of a filter.
        query = self._who | {"filter": f"updates:{doi}", "rows": MOST_NOTICES}
        listed = None if "," in doi else self._asker.get("works", query)
        notices = self._read(_Listed, listed).message.items if listed is not None else []
        return merged(_findings(doi, work, notices))

    def _read(self, shape: type[Shape], reply: Any) -> Shape:
        try:
            return shape.model_validate(reply)
        except ValidationError:
            raise self._asker.malformed() from None

    def _elsewhere(self, place: str) -> tuple[Finding, ...]:
        """A DOI of another agency, such as DataCite, is sound, but nothing can be found out about it here."""
        agency: Any = self._asker.get(f"{place}/agency", self._who)
        return () if agency is not None else (Finding(kind=None, by="Crossref"),)


def _findings(doi: str, work: _Work, notices: list[_Work]) -> Iterator[Finding]:
    for update in work.updated:
        yield update.finding(notice=update.doi)
    for update in work.updates:
        if _same(update.doi, doi):
            yield update.finding(notice=work.doi)
        else:
            yield update.finding(notice="", of=update.doi)
    for notice in notices:
        for update in notice.updates:
            if _same(update.doi, doi):
                yield update.finding(notice=notice.doi)


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
