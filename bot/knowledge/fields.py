"""The fields of front matter: what a curator may state about a document, and which statements fit together."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ValidationInfo

from bot.domain.documents import Directness, DocumentKind, ReviewStatus

DOI = r"^10\.[0-9]{4,9}/\S+$"
PMID = r"^[0-9]{1,9}$"
URL = r"^https?://[^\s/]+\S*$"
RULE = "rule"
"""The type of pydantic's error where a rule of ours is broken; its context holds `problem`, `remedy` and `beside`."""


class NoticeKind(StrEnum):
    """What became of a publication after it appeared."""

    RETRACTION = "retraction"
    CONCERN = "expression of concern"
    CORRECTION = "correction"


def broken(problem: str, remedy: str, *, beside: str = "") -> PydanticCustomError:
    """A broken rule in words for a curator. `beside`: the field whose line is told where the own one isn't given."""
    return PydanticCustomError(RULE, "{problem}", {"problem": problem, "remedy": remedy, "beside": beside})


def _calendar_day(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return value
    if value is None or isinstance(value, date):
        return value
    raise broken(f"{value!r} is no date", "Write year, month and day, such as 2026-03-31.")


def _no_truth(value: Any) -> Any:
    if isinstance(value, bool):
        raise broken(f"{value} is no number", "Write the number in digits.")
    return value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
DocumentId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
Doi = Annotated[str, StringConstraints(pattern=DOI)]
Pmid = Annotated[
    str, StringConstraints(pattern=PMID), WithJsonSchema({"type": ["string", "integer"], "pattern": PMID, "minimum": 1})
]
Url = Annotated[str, StringConstraints(pattern=URL)]
Publication = Annotated[
    str,
    StringConstraints(pattern=f"{DOI}|{PMID}"),
    WithJsonSchema({"type": ["string", "integer"], "pattern": f"{DOI}|{PMID}"}),
]
Version = Annotated[Text, WithJsonSchema({"type": ["string", "number"]})]
Year = Annotated[int, Field(ge=1800, le=2200), BeforeValidator(_no_truth)]
Count = Annotated[int, Field(ge=1), BeforeValidator(_no_truth)]
Level = Annotated[int, Field(ge=1, le=5), BeforeValidator(_no_truth)]
Day = Annotated[date, BeforeValidator(_calendar_day)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True, use_attribute_docstrings=True)


class Source(_Strict):
    """A publication that a document stands on."""

    title: Text
    doi: Doi | None = None
    pmid: Pmid | None = None
    url: Url | None = None
    year: Year | None = None


class Grade(_Strict):
    """How certain the evidence is, as somebody judged it."""

    level: Text
    """In the words of the judgement, such as `low` or `2B`."""
    by: Text
    """Who judged, such as `ACR 2021 panel, GRADE`."""


class Recommendation(_Strict):
    """One recommendation of the document."""

    situation: Text
    """For whom and when."""
    action: Text
    strength: Text | None = None
    """In the document's own scale."""
    wording: Text | None = None
    """The document's own words, where the licence allows quoting them."""


class Dose(_Strict):
    """One dose, beside its population and its study."""

    drug: Text
    dose: Text
    population: Text
    study: Text


class ConflictEntry(_Strict):
    """Another document that says something else on a topic."""

    document: DocumentId
    """Its id."""
    topic: Text
    reason: Text | None = None
    """Why the two may differ."""


class NoticeEntry(_Strict):
    """A retraction, correction or expression of concern that a curator has dealt with."""

    publication: Publication
    """DOI or PMID of the publication that it is about."""
    kind: NoticeKind
    notice: Publication | None = None
    """DOI or PMID of the notice itself."""
    dated: Day | None = None
    handled: Text
    """What was done about it in this document."""


class FrontMatter(_Strict):
    """What a curator states about a document of the library."""

    id: DocumentId | None = None
    """Lower-case words with hyphens; the file name without `.md`."""
    title: Text | None = None
    kind: DocumentKind = DocumentKind.UNKNOWN
    authors: tuple[Text, ...] = ()
    journal: Text | None = None
    year: Year | None = None
    doi: Doi | None = None
    """Without https://doi.org/."""
    pmid: Pmid | None = None
    url: Url | None = None
    no_identifier: Text | None = None
    """Why there is neither DOI, PMID nor address."""
    population: Text | None = None
    """Who was studied."""
    directness: Directness | None = None
    """Whom the evidence is about."""
    design: Text | None = None
    n: Count | None = None
    """Number of patients."""
    oxford_2011: Level | None = None
    """Level of evidence, Oxford CEBM 2011."""
    grade: Grade | None = None
    questions: tuple[Text, ...] = ()
    """What the document answers, as clinicians and parents would type it."""
    recommendations: tuple[Recommendation, ...] = ()
    doses: tuple[Dose, ...] = ()
    time_to_judge: Text | None = None
    """When the response can be judged."""
    monitoring: tuple[Text, ...] = ()
    screening: tuple[Text, ...] = ()
    """What is looked for before the treatment."""
    pitfalls: tuple[Text, ...] = ()
    if_fails: tuple[Text, ...] = ()
    if_unavailable: tuple[Text, ...] = ()
    conflicts_with: tuple[ConflictEntry, ...] = ()
    sources: tuple[Source, ...] = ()
    """Every publication that the text rests on."""
    notices: tuple[NoticeEntry, ...] = ()
    review_status: ReviewStatus = ReviewStatus.SUBMITTED
    reviewed_by: Annotated[Text | None, Field(validate_default=True)] = None
    reviewed_on: Annotated[Day | None, Field(validate_default=True)] = None
    review_note: Text | None = None
    """What the reviewer wants remembered."""
    review_by: Day | None = None
    """When the next review is due."""
    valid_until: Day | None = None
    """The last day on which it may be quoted."""
    last_updated: Day | None = None
    evidence_searched_until: Day | None = None
    version: Version | None = None
    licence: Text | None = None
    excerpt_only: bool = False
    """Whether only an abstract or part of the source was read."""

    @field_validator("reviewed_by", "reviewed_on")
    @classmethod
    def _approved_by_someone(cls, value: Any, info: ValidationInfo) -> Any:
        if value is None and info.data.get("review_status") is ReviewStatus.APPROVED:
            problem = f"an approved document needs {info.field_name}"
            raise broken(problem, f"Add {info.field_name}, or go back to submitted.", beside="review_status")
        return value

    @field_validator("review_by")
    @classmethod
    def _after_the_approval(cls, value: date | None, info: ValidationInfo) -> date | None:
        """Only of approved documents: a review that was begun, or a document retired, since it was due is no fault."""
        reviewed = info.data.get("reviewed_on")
        approved = info.data.get("review_status") is ReviewStatus.APPROVED
        if approved and value and reviewed and value <= reviewed:
            problem = f"review_by, {value}, isn't after reviewed_on, {reviewed}"
            raise broken(problem, "Enter when the next review is due.")
        return value

    @field_validator("year", "reviewed_on", "last_updated", "evidence_searched_until")
    @classmethod
    def _not_in_the_future(cls, value: Any, info: ValidationInfo) -> Any:
        """Only where the context gives `today`: whether a file is sound doesn't hang on a machine's clock."""
        today: date | None = (info.context or {}).get("today")
        if value and today and (value > today if isinstance(value, date) else value > today.year + 1):
            raise broken(f"{info.field_name}, {value}, lies in the future", "Enter the date that is meant.")
        return value


ENTRIES: dict[str, type[BaseModel]] = {
    "sources": Source,
    "grade": Grade,
    "recommendations": Recommendation,
    "doses": Dose,
    "conflicts_with": ConflictEntry,
    "notices": NoticeEntry,
}
"""What the entries of a list of fields are made of."""
