"""What Footnote says: claims that stand on citations, and the honest alternatives to an answer.

`Outcome` is a closed union; every reader of it uses `match` with `assert_never`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.domain.documents import ReviewStatus, Span
from bot.domain.errors import ModelFault

EXTRACTIVE, REVIEWED, FIXED_WORDING = "extractive", "reviewed answer", "fixed wording"
"""Who writes where no language model does: the documents are quoted, a reviewer has approved it, or it's our own."""


class SupportLabel(StrEnum):
    """Does the passage carry the claim? (The labels of FEVER and SciFact.)"""

    SUPPORTED = "SUPPORTED"
    CONTRADICTED = "CONTRADICTED"
    NOT_ENOUGH_INFORMATION = "NOT_ENOUGH_INFORMATION"


class ClaimRole(StrEnum):
    """What a claim does in its answer."""

    BOTTOM_LINE = "bottom_line"
    FINDING = "finding"
    DOSE = "dose"
    SAFETY = "safety"
    DISAGREEMENT = "disagreement"
    CAVEAT = "caveat"


@dataclass(frozen=True, kw_only=True, slots=True)
class Quotation:
    """Characters of a passage that a drafted claim points at."""

    passage: str
    quote: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftClaim:
    """A claim that a composer proposes; nobody has checked it yet."""

    text: str
    role: ClaimRole
    quotations: tuple[Quotation, ...]


class Matter(StrEnum):
    """What sources disagree about; `STATED` is a topic in a curator's own words."""

    DOSE = "dose"
    SCHEDULE = "schedule"
    CHOICE = "choice"
    EFFECT = "effect"
    SAFETY = "safety"
    ANSWER = "answer"
    STATED = "stated"


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftSide:
    """The quotation that one side of a disagreement stands on."""

    passage: str
    quote: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftDisagreement:
    """Sides that a draft holds and that say different things. `subject` is what the matter is about: a drug's name.

    `reasons` are a curator's own sentences why the sources may differ.
    """

    matter: Matter
    subject: str
    sides: tuple[DraftSide, ...]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What a composer proposes, and where its sources disagree; `model` is who wrote it.

    `not_covered`: words of the question that a model found nothing about; `no_answer`: it found nothing at all.
    `fault` says why a model that should have written this didn't, `prompts` which words it was told (digests by name).
    `unchecked`: it stands in place of a model's draft whose main statement failed the gate.
    """

    claims: tuple[DraftClaim, ...]
    disagreements: tuple[DraftDisagreement, ...] = ()
    model: str = EXTRACTIVE
    not_covered: tuple[str, ...] = ()
    no_answer: bool = False
    fault: ModelFault | None = None
    prompts: Mapping[str, str] = field(default_factory=dict)
    unchecked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What the gate says of one claim, with its reasons in words."""

    support: SupportLabel
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """A numbered footnote: an exact quotation with its place and its source. `start`, `end`: characters of the file.

    `review_by`: when the document should be read again.
    """

    number: int
    document: str
    title: str
    quote: str
    start: int
    end: int
    locator: str
    evidence: str
    year: int | None
    review_status: ReviewStatus
    passage: str = ""
    review_by: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """One sentence of an answer. It can't be made without support and a footnote."""

    text: str
    role: ClaimRole
    support: SupportLabel
    citations: tuple[int, ...]

    def __post_init__(self) -> None:
        """Refuse an unsupported or uncited claim."""
        if self.support is not SupportLabel.SUPPORTED:
            raise ValueError(f"only a supported claim may be said, this one is {self.support}")
        if not self.citations:
            raise ValueError("a claim needs at least one citation")


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """One side of a disagreement: a source by its short name, how good its evidence is, and where it says so.

    `evidence` is kind of study and number of patients, `directness` whom it is about, in words; both may be empty.
    `citation` is the number of the footnote that holds what this side says.
    """

    who: str
    evidence: str
    directness: str
    year: int | None
    citation: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Disagreement:
    """Sources that say different things about one matter ("dose of infliximab"), and why they may do so."""

    topic: str
    sides: tuple[Side, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """A hard word of an answer, as the answer writes it, and what it means in plain words."""

    term: str
    plain: str


def _require_disclaimer(disclaimer: str) -> None:
    if not disclaimer.strip():
        raise ValueError("every reply carries a disclaimer")


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """Checked claims with their citations. `gaps` isn't empty when only a part of the question is covered.

    `preface` is a sentence of ours that stands above the claims (who sets a dose), `explained` the hard words of the
    claims for a reader without medical training; both are most often empty.
    """

    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    notices: tuple[str, ...]
    disclaimer: str
    withheld: int = 0
    gaps: tuple[str, ...] = ()
    suggested_questions: tuple[str, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    preface: str = ""
    explained: tuple[Explained, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an answer without claims, with a dangling footnote, one side alone, or without its disclaimer."""
        _require_disclaimer(self.disclaimer)
        if not self.claims:
            raise ValueError("an answer needs at least one claim; without one it is an Abstention")
        numbers = {citation.number for citation in self.citations}
        for claim in self.claims:
            if missing := set(claim.citations) - numbers:
                raise ValueError(f"a claim points at footnotes that don't exist: {sorted(missing)}")
        documents = {citation.number: citation.document for citation in self.citations}
        for disagreement in self.disagreements:
            named = {side.citation for side in disagreement.sides}
            if missing := named - numbers:
                raise ValueError(f"a side points at footnotes that don't exist: {sorted(missing)}")
            if len({documents[number] for number in named}) < 2:
                raise ValueError("a disagreement needs sides from at least two documents")

    @property
    def kind(self) -> str:
        """`answer`, or `partial_answer` where something asked isn't covered."""
        return "partial_answer" if self.gaps else "answer"


@dataclass(frozen=True, kw_only=True, slots=True)
class Abstention:
    """The library doesn't answer this; `nearest` names the documents that come closest."""

    text: str
    nearest: tuple[str, ...]
    notices: tuple[str, ...]
    disclaimer: str
    withheld: int = 0
    suggested_questions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an abstention without its disclaimer."""
        _require_disclaimer(self.disclaimer)

    @property
    def kind(self) -> str:
        """Always `abstention`."""
        return "abstention"


@dataclass(frozen=True, kw_only=True, slots=True)
class Clarification:
    """A question back, with the choices to answer it by."""

    text: str
    choices: tuple[str, ...]
    notices: tuple[str, ...]
    disclaimer: str

    def __post_init__(self) -> None:
        """Refuse a clarification without its disclaimer."""
        _require_disclaimer(self.disclaimer)

    @property
    def kind(self) -> str:
        """Always `clarification`."""
        return "clarification"


class DirectionKind(StrEnum):
    """Replies in fixed words that no evidence is needed for."""

    EMERGENCY = "emergency"
    CRISIS = "crisis"
    REFUSAL = "refusal"
    SMALL_TALK = "small_talk"


@dataclass(frozen=True, kw_only=True, slots=True)
class Direction:
    """A reply in the curators' fixed words: an emergency, a crisis, a refusal, small talk."""

    kind: DirectionKind
    text: str
    notices: tuple[str, ...]
    disclaimer: str
    suggested_questions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a direction without its disclaimer."""
        _require_disclaimer(self.disclaimer)


Outcome = Answer | Abstention | Clarification | Direction
