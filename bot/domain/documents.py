"""What the library holds: documents, their passages, and the sentences that can be quoted.

Everything that a reader may be shown keeps the way back to the characters of its file.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class ReviewStatus(StrEnum):
    """Where a document stands in its life. Retired documents are never indexed."""

    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    APPROVED = "approved"
    RETIRED = "retired"


class DocumentKind(StrEnum):
    """What sort of publication a document is."""

    GUIDELINE = "guideline"
    CONSENSUS = "consensus"
    TRIAL = "trial"
    COHORT = "cohort"
    CASE_SERIES = "case series"
    REVIEW = "review"
    LABEL = "label"
    SAFETY_NOTICE = "safety notice"
    WEB_PAGE = "web page"
    UNKNOWN = "unknown"


class Directness(StrEnum):
    """Whom the evidence is about, seen from juvenile dermatomyositis."""

    JDM = "jdm"
    ADULT_DM = "adult_dm"
    OTHER_MYOSITIS = "other_myositis"
    JIA = "jia"
    RA = "ra"
    MECHANISM = "mechanism"


class PassageKind(StrEnum):
    """Which part of a document a passage is."""

    BODY = "body"
    CAPTION = "caption"
    METADATA = "metadata"


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Characters `start` to `end` (exclusive) of a file's decoded text."""

    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """One sentence, list item or table row.

    `text` is for reading: split words joined, citation marks gone. `quote` is the characters of the file at `spans`
    with white space and line-end hyphens normalised; where something between two spans is left out it says `…`.
    `lead` holds the lines that introduce a list item, outermost first ("For predominant skin disease").
    """

    text: str
    quote: str
    spans: tuple[Span, ...]
    lead: tuple[str, ...] = ()
    is_item: bool = False

    @property
    def start(self) -> int:
        """First character in the file."""
        return self.spans[0].start

    @property
    def end(self) -> int:
        """One past the last character in the file."""
        return self.spans[-1].end


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A piece of a document that is searched and quoted from.

    `id` is unique in the library and changes with the content. `heading_path` runs from the outermost heading inwards,
    without the document's title.
    """

    id: str
    document: str
    heading_path: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    kind: PassageKind = PassageKind.BODY
    page: int | None = None

    @property
    def locator(self) -> str:
        """Where in the document, for a reader: its headings and the page."""
        headings = " > ".join(self.heading_path)
        page = f"page {self.page}" if self.page else ""
        return ", ".join(part for part in (headings, page) if part) or "text"

    @property
    def lines(self) -> tuple[str, ...]:
        """What the passage says piece by piece: its headings, then the lines that introduce others, and sentences."""
        headings = ". ".join(self.heading_path)
        lines = [f"{headings}."] if headings else []
        before: tuple[str, ...] = ()
        for sentence in self.sentences:
            fresh = [lead for depth, lead in enumerate(sentence.lead) if before[depth : depth + 1] != (lead,)]
            lines += [f"{lead.rstrip(':')}:" for lead in fresh]
            lines.append(sentence.text)
            before = sentence.lead
        return tuple(lines)

    @property
    def text(self) -> str:
        """The passage for reading, headings and introducing lines included."""
        return " ".join(self.lines)


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """That a document says something else than another one (by id) on a topic, as a curator found, and why if known."""

    document: str
    topic: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CuratedDocument:
    """A document of the library: what is known about it, and its passages. `path` is relative to the library."""

    path: str
    id: str
    title: str
    passages: tuple[Passage, ...] = ()
    kind: DocumentKind = DocumentKind.UNKNOWN
    authors: tuple[str, ...] = ()
    journal: str = ""
    year: int | None = None
    doi: str = ""
    pmid: str = ""
    url: str = ""
    population: str = ""
    directness: Directness | None = None
    design: str = ""
    n: int | None = None
    level: int | None = None
    questions: tuple[str, ...] = ()
    review_status: ReviewStatus = ReviewStatus.SUBMITTED
    reviewed_by: str = ""
    reviewed_on: date | None = None
    review_by: date | None = None
    valid_until: date | None = None
    last_updated: date | None = None
    excerpt_only: bool = False
    conflicts_with: tuple[Conflict, ...] = ()
    digest: str = field(default="", compare=False)

    @property
    def evidence(self) -> str:
        """Kind of study and number of patients: `case series, n=25`; empty where neither is known."""
        kind = self.design or ("" if self.kind is DocumentKind.UNKNOWN else self.kind.value)
        return ", ".join(part for part in (kind, f"n={self.n}" if self.n else "") if part)


@dataclass(frozen=True, kw_only=True, slots=True)
class RetrievedPassage:
    """A passage that a search found. Scores are in [0, 1]; `similarities` holds one cosine a sentence."""

    passage: Passage
    document: CuratedDocument
    rank: int
    score: float
    dense: float = 0.0
    lexical: float = 0.0
    similarities: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchQuery:
    """One of the texts that are searched together: its weight among the vectors and among the words."""

    text: str
    dense: float = 1.0
    lexical: float = 1.0
