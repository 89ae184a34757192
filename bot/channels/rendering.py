"""A reply as text with entities: the words go out exactly as they are, and nothing of them is ever parsed as markup."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from bot.domain.answers import Abstention, Answer, Citation, Claim, ClaimRole, Clarification, Direction, DirectionKind
from bot.domain.messages import Reply

HEADINGS = {
    ClaimRole.FINDING: "answer.found",
    ClaimRole.DOSE: "answer.dose",
    ClaimRole.SAFETY: "answer.safety",
    ClaimRole.DISAGREEMENT: "answer.disagreement",
    ClaimRole.CAVEAT: "answer.caveat",
}
LABELS = (
    *HEADINGS.values(),
    "answer.sources",
    "answer.understood",
    "answer.ask_next",
    "abstention.nearest",
    "status.submitted",
    "status.under_review",
    "status.approved",
    "status.retired",
)
URGENT = (DirectionKind.EMERGENCY, DirectionKind.CRISIS)


class EntityKind(StrEnum):
    """How a stretch of text is shown, in the names of the Bot API."""

    BOLD = "bold"
    ITALIC = "italic"
    EXPANDABLE_BLOCKQUOTE = "expandable_blockquote"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entity:
    """A stretch of a text. `offset` and `length` count UTF-16 units."""

    kind: EntityKind
    offset: int
    length: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RichText:
    """A text and how its parts are shown."""

    text: str
    entities: tuple[Entity, ...] = ()


def utf16_length(text: str) -> int:
    """How many UTF-16 units a text has; the messenger counts in them."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class RichTextBuilder:
    """Puts a text together piece by piece and knows where each entity belongs."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._entities: list[Entity] = []
        self._length = 0

    def add(self, text: str, kind: EntityKind | None = None) -> None:
        """Append a text. What no message can hold is replaced: carriage returns, NULs, halves of characters."""
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        start = self._length
        self._pieces.append(text)
        self._length += utf16_length(text)
        self._mark(kind, start, blank=not text.strip())

    def line(self, text: str = "", kind: EntityKind | None = None) -> None:
        """Append a text and end the line."""
        self.add(text, kind)
        self.add("\n")

    @contextmanager
    def block(self, kind: EntityKind) -> Iterator[None]:
        """Wrap everything that is added inside in one entity."""
        start, first = self._length, len(self._pieces)
        yield
        self._mark(kind, start, blank=not "".join(self._pieces[first:]).strip())

    def build(self) -> RichText:
        """The text, outer entities before inner ones."""
        ordered = sorted(self._entities, key=lambda entity: (entity.offset, -entity.length))
        return RichText(text="".join(self._pieces), entities=tuple(ordered))

    def _mark(self, kind: EntityKind | None, start: int, *, blank: bool) -> None:
        if kind is not None and not blank:
            self._entities.append(Entity(kind=kind, offset=start, length=self._length - start))


def render_telegram(reply: Reply, labels: Mapping[str, str]) -> RichText:
    """The reply as one message of any length. `labels` are the wording's sentences; `LABELS` names those it needs."""
    page = RichTextBuilder()
    if _differs(reply.standalone_question, reply.question):
        page.line(_fill(labels["answer.understood"], question=reply.standalone_question), EntityKind.ITALIC)
        page.line()
    outcome = reply.outcome
    match outcome:
        case Answer():
            _add_answer(page, outcome, labels)
        case Abstention():
            page.line(outcome.text, EntityKind.BOLD)
            if outcome.nearest:
                page.line(_fill(labels["abstention.nearest"], titles="; ".join(outcome.nearest)))
            _add_list(page, labels["answer.ask_next"], outcome.suggested_questions)
        case Clarification():
            page.line(outcome.text)
            _add_bullets(page, outcome.choices)
        case Direction():
            page.line(outcome.text, EntityKind.BOLD if outcome.kind in URGENT else None)
            _add_list(page, labels["answer.ask_next"], outcome.suggested_questions)
        case _:
            assert_never(outcome)
    page.line()
    for notice in outcome.notices:
        if not (isinstance(outcome, Answer) and notice in outcome.gaps):  # said with the claims already
            page.line(notice)
    page.add(outcome.disclaimer, EntityKind.ITALIC)
    return page.build()


def _add_answer(page: RichTextBuilder, answer: Answer, labels: Mapping[str, str]) -> None:
    for claim in answer.claims:
        if claim.role is ClaimRole.BOTTOM_LINE:
            page.line(_with_marks(claim), EntityKind.BOLD)
    for role, heading in HEADINGS.items():
        _add_list(page, labels[heading], [_with_marks(claim) for claim in answer.claims if claim.role is role])
    if answer.gaps:
        page.line()
        for gap in answer.gaps:
            page.line(gap)
    _add_list(page, labels["answer.ask_next"], answer.suggested_questions)
    page.line()
    with page.block(EntityKind.EXPANDABLE_BLOCKQUOTE):
        page.line(labels["answer.sources"], EntityKind.BOLD)
        page.add("\n".join(_source(citation, labels) for citation in answer.citations))
    page.line()


def _add_list(page: RichTextBuilder, heading: str, items: Sequence[str]) -> None:
    if items:
        page.line()
        page.line(heading, EntityKind.BOLD)
        _add_bullets(page, items)


def _add_bullets(page: RichTextBuilder, items: Sequence[str]) -> None:
    for item in items:
        page.line(f"• {item}")


def _with_marks(claim: Claim) -> str:
    return f"{claim.text} {''.join(f'[{number}]' for number in claim.citations)}"


def _source(citation: Citation, labels: Mapping[str, str]) -> str:
    status = labels[f"status.{citation.review_status.value}"]
    about = (citation.title, str(citation.year or ""), citation.evidence, citation.locator, status)
    return f"[{citation.number}] “{citation.quote}” — {', '.join(part for part in about if part)}"


def _differs(understood: str, asked: str) -> bool:
    return bool(understood.strip()) and understood.split() != asked.split()


def _fill(sentence: str, **values: str) -> str:
    for name, value in values.items():
        sentence = sentence.replace("{{" + name + "}}", value)
    return sentence
