"""A reply as text with entities: the words go out exactly as they are, and nothing of them is ever parsed as markup."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import assert_never

from bot.channels.differing import NUMBER, claims_elsewhere, head, reasons, side_lines, why
from bot.channels.rich_text import (
    EntityKind,
    RichText,
    RichTextBuilder,
    utf16_length,
    visible_length,
)
from bot.channels.table_rows import broken_at_cells
from bot.domain.answers import (
    Abstention,
    Answer,
    Citation,
    Claim,
    ClaimRole,
    Clarification,
    Direction,
    DirectionKind,
    Outcome,
)
from bot.domain.messages import Audience, Reply
from bot.domain.progress import StageReached
from bot.domain.text import fold
from bot.prompts import Wording

HEADINGS = {
    ClaimRole.FINDING: "answer.found",
    ClaimRole.DOSE: "answer.dose",
    ClaimRole.SAFETY: "answer.safety",
    ClaimRole.DISAGREEMENT: "answer.disagreement",
    ClaimRole.CAVEAT: "answer.caveat",
}
URGENT = (DirectionKind.EMERGENCY, DirectionKind.CRISIS)
VISIBLE = 1200
"""UTF-16 units that a reader sees before unfolding anything, where that can be had."""
FOLDED = (ClaimRole.FINDING, ClaimRole.CAVEAT)
"""The roles whose later claims may be folded away; doses, harms and disagreements never are."""
KEPT = 2
"""Claims of each of these roles that stay."""


def render_telegram(
    reply: Reply,
    wording: Wording,
    *,
    audience: Audience | None = None,
    as_of: date | None = None,
    answered_on: date | None = None,
) -> RichText:
    """The reply as one message of any length: what counts first, quotations folded away, the disclaimer last.

    Below what came from the library stands for whom it was written and as of which day, so that a forwarded answer has
    both: `as_of` is the date of the library's newest document, `answered_on` that of the answer, where it's not known.
    Suggested questions are left to the buttons.
    """
    outcome = reply.outcome
    foot = _footer(wording, audience, as_of, answered_on) if isinstance(outcome, Answer | Abstention) else ""
    rich = _render(reply, wording, foot)
    if isinstance(outcome, Answer) and (excess := visible_length(rich) - VISIBLE) > 0:
        return _render(reply, wording, foot, _to_fold(outcome, excess))
    return rich


def _to_fold(answer: Answer, excess: int) -> list[Claim]:
    """The claims to fold away so that the page loses so many units: the least ones first, never a dose or a harm."""
    folded: list[Claim] = []
    claims = claims_elsewhere(answer)
    kept = KEPT - bool(answer.disagreements)
    for role in FOLDED:
        for claim in reversed([claim for claim in claims if claim.role is role][kept:]):
            if excess > 0:
                folded.append(claim)
                excess -= utf16_length(claim.text)
    return folded


def _render(reply: Reply, wording: Wording, foot: str, folded: Sequence[Claim] | None = None) -> RichText:
    """The page; `folded` are the claims that a page too long folds away, with the reasons after the first."""
    page = RichTextBuilder()
    outcome = reply.outcome
    if not isinstance(outcome, Direction) and _plain(reply.standalone_question) != _plain(reply.question):
        page.line(wording.say("answer.understood", question=reply.standalone_question), EntityKind.ITALIC)
        page.line()
    match outcome:
        case Answer():
            _add_answer(page, outcome, wording, folded)
        case Abstention():
            page.line(outcome.text, EntityKind.BOLD)
            if outcome.nearest:
                titles = "; ".join(f"“{title}”" for title in outcome.nearest)
                page.line(wording.say("abstention.nearest", titles=titles))
        case Clarification():
            page.line(outcome.text)
            _add_bullets(page, outcome.choices)
        case Direction():
            page.line(outcome.text, EntityKind.BOLD if outcome.kind in URGENT else None)
        case _:
            assert_never(outcome)
    page.line()
    for notice in _notices(outcome, wording):
        page.line(notice)
    with page.tail():
        page.add(outcome.disclaimer, EntityKind.ITALIC)
        if foot:
            page.add(f"\n{foot}")
    return page.build()


def _plain(question: str) -> str:
    """What of a question tells whether it was understood as typed: not its capitals, spaces or question mark."""
    return fold(question).rstrip("?.! ")


def _notices(outcome: Outcome, wording: Wording) -> Iterator[str]:
    """What isn't said above already: with the claims, or by a block on a disagreement."""
    told: set[str] = set()
    if isinstance(outcome, Answer):
        told |= set(outcome.gaps)
        told |= {wording.say("notice.differ", topic=disagreement.topic) for disagreement in outcome.disagreements}
    return (notice for notice in outcome.notices if notice not in told)


def _footer(wording: Wording, audience: Audience | None, as_of: date | None, answered_on: date | None) -> str:
    parts = [] if audience is None else [wording.say(f"answer.footer.{audience}")]
    if as_of is not None:
        parts.append(wording.say("answer.as_of", date=as_of.isoformat()))
    elif answered_on is not None:
        parts.append(wording.say("answer.answered_on", date=answered_on.isoformat()))
    return " · ".join(parts)


def _add_answer(page: RichTextBuilder, answer: Answer, wording: Wording, folded: Sequence[Claim] | None) -> None:
    claims, sources = claims_elsewhere(answer), answer.citations
    shown = [claim for claim in claims if claim not in (folded or ())]
    more = [_with_marks(claim, sources) for claim in claims if claim not in shown]
    if answer.preface:
        page.line(answer.preface)
        page.line()
    for claim in shown:
        if claim.role is ClaimRole.BOTTOM_LINE:
            page.line(_with_marks(claim, sources), EntityKind.BOLD)
    for disagreement in answer.disagreements:
        lines = side_lines(disagreement, answer, wording)
        _add_list(page, head(disagreement, wording), lines)
        told = reasons(disagreement, lines)
        most = len(told) if folded is None else 1
        page.line(why(told[:most], wording), EntityKind.ITALIC)
        more += told[most:]
    for role, heading in HEADINGS.items():
        _add_list(page, wording.say(heading), [_with_marks(claim, sources) for claim in shown if claim.role is role])
    if answer.explained:
        hard = [f"{each.term}: {each.plain}" for each in answer.explained]
        _add_list(page, wording.say("explain.heading"), hard)
    if answer.gaps:
        page.line()
        for gap in answer.gaps:
            page.line(gap)
    if more:
        page.line()
        with page.block(EntityKind.EXPANDABLE_BLOCKQUOTE):
            page.add(wording.say("answer.more"), EntityKind.BOLD)
            page.add("".join(f"\n• {line}" for line in more))
        page.line()
    page.line()
    with page.block(EntityKind.EXPANDABLE_BLOCKQUOTE):
        page.add(wording.say("answer.sources"), EntityKind.BOLD)
        _add_sources(page, answer.citations, wording)
    page.line()


def _add_sources(page: RichTextBuilder, citations: Sequence[Citation], wording: Wording) -> None:
    """Each quotation under its source; a document that was named already is pointed at."""
    first: dict[Citation, int] = {}
    for citation in citations:
        page.add("\n")
        page.add(f"[{citation.number}]", EntityKind.BOLD)
        document = replace(citation, number=0, quote="", start=0, end=0, locator="", passage="")
        number = first.setdefault(document, citation.number)
        if number == citation.number:
            page.add(f" {about_source(citation, wording)}")
        else:
            page.add(f" {_joined(wording.say('answer.as_first', number=number), citation.locator)}")
        page.add(f"\n“{citation.quote}”")


def about_source(citation: Citation, wording: Wording) -> str:
    """`Title (year, kind of study, n) · section, page · review status`; what isn't known leaves no hole."""
    year = "" if citation.year is None or str(citation.year) in NUMBER.findall(citation.title) else str(citation.year)
    about = ", ".join(part for part in (year, citation.evidence) if part)
    title = f"{citation.title} ({about})" if about else citation.title
    return _joined(title, citation.locator, wording.say(f"status.{citation.review_status.value}"))


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _add_list(page: RichTextBuilder, heading: str, items: Sequence[str]) -> None:
    if items:
        page.line()
        page.line(heading, EntityKind.BOLD)
        _add_bullets(page, items)


def _add_bullets(page: RichTextBuilder, items: Sequence[str]) -> None:
    for item in items:
        page.line(f"• {item}")


def _with_marks(claim: Claim, citations: tuple[Citation, ...]) -> str:
    return f"{broken_at_cells(claim, citations)} {''.join(f'[{number}]' for number in claim.citations)}"


def render_stage(event: StageReached, wording: Wording) -> str:
    """What is being done, in a sentence."""
    return wording.say(f"progress.{event.stage.value}", count=event.passages)
