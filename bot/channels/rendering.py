"""A reply as text with entities: the words go out exactly as they are, and nothing of them is ever parsed as markup."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from bot.channels.differing import claims_elsewhere, head, side_lines, why
from bot.domain.answers import Abstention, Answer, Citation, Claim, ClaimRole, Clarification, Direction, DirectionKind
from bot.domain.messages import Reply
from bot.domain.progress import StageReached
from bot.prompts import Wording

HEADINGS = {
    ClaimRole.FINDING: "answer.found",
    ClaimRole.DOSE: "answer.dose",
    ClaimRole.SAFETY: "answer.safety",
    ClaimRole.DISAGREEMENT: "answer.disagreement",
    ClaimRole.CAVEAT: "answer.caveat",
}
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


def render_telegram(reply: Reply, wording: Wording) -> RichText:
    """The reply as one message of any length: what counts first, quotations folded away, the disclaimer last."""
    page = RichTextBuilder()
    outcome = reply.outcome
    if not isinstance(outcome, Direction) and reply.standalone_question.split() != reply.question.split():
        page.line(wording.say("answer.understood", question=reply.standalone_question), EntityKind.ITALIC)
        page.line()
    match outcome:
        case Answer():
            _add_answer(page, outcome, wording)
        case Abstention():
            page.line(outcome.text, EntityKind.BOLD)
            if outcome.nearest:
                titles = "; ".join(f"“{title}”" for title in outcome.nearest)
                page.line(wording.say("abstention.nearest", titles=titles))
            _add_list(page, wording.say("answer.ask_next"), outcome.suggested_questions)
        case Clarification():
            page.line(outcome.text)
            _add_bullets(page, outcome.choices)
        case Direction():
            page.line(outcome.text, EntityKind.BOLD if outcome.kind in URGENT else None)
            _add_list(page, wording.say("answer.ask_next"), outcome.suggested_questions)
        case _:
            assert_never(outcome)
    page.line()
    for notice in outcome.notices:
        if not (isinstance(outcome, Answer) and notice in outcome.gaps):  # said with the claims already
            page.line(notice)
    page.add(outcome.disclaimer, EntityKind.ITALIC)
    return page.build()


def _add_answer(page: RichTextBuilder, answer: Answer, wording: Wording) -> None:
    claims = claims_elsewhere(answer)
    for claim in claims:
        if claim.role is ClaimRole.BOTTOM_LINE:
            page.line(_with_marks(claim), EntityKind.BOLD)
    for disagreement in answer.disagreements:
        _add_list(page, head(disagreement, wording), side_lines(disagreement, answer, wording))
        page.line(why(disagreement, wording), EntityKind.ITALIC)
    for role, heading in HEADINGS.items():
        _add_list(page, wording.say(heading), [_with_marks(claim) for claim in claims if claim.role is role])
    if answer.gaps:
        page.line()
        for gap in answer.gaps:
            page.line(gap)
    _add_list(page, wording.say("answer.ask_next"), answer.suggested_questions)
    page.line()
    with page.block(EntityKind.EXPANDABLE_BLOCKQUOTE):
        page.line(wording.say("answer.sources"), EntityKind.BOLD)
        page.add("\n".join(_source(citation, wording) for citation in answer.citations))
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


def _source(citation: Citation, wording: Wording) -> str:
    status = wording.say(f"status.{citation.review_status.value}")
    about = (citation.title, str(citation.year or ""), citation.evidence, citation.locator, status)
    return f"[{citation.number}] “{citation.quote}” — {', '.join(part for part in about if part)}"


def render_stage(event: StageReached, wording: Wording) -> str:
    """What is being done, in a sentence."""
    return wording.say(f"progress.{event.stage.value}", count=event.passages)
