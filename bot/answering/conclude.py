"""The end of every way: footnotes numbered, notices and the disclaimer attached, here and only here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.answering.assess import Assessment
from bot.answering.disagreeing import explain, name_topic
from bot.domain.answers import (
    Abstention,
    Answer,
    Citation,
    Claim,
    ClaimRole,
    Clarification,
    Direction,
    DirectionKind,
    Disagreement,
    DraftClaim,
    DraftDisagreement,
    Quotation,
    SupportLabel,
    Verdict,
)
from bot.domain.documents import RetrievedPassage, ReviewStatus
from bot.domain.messages import Audience
from bot.domain.text import INVISIBLE
from bot.prompts import Wording

NEAREST = 3
URGENT = frozenset({DirectionKind.EMERGENCY, DirectionKind.CRISIS})


def conclude_answer(
    judged: Sequence[tuple[DraftClaim, Verdict]],
    evidence: Mapping[str, RetrievedPassage],
    assessment: Assessment,
    *,
    notices: Sequence[str],
    wording: Wording,
    audience: Audience,
    today: date,
    disagreements: Sequence[DraftDisagreement] = (),
    withheld: int = 0,
) -> Answer | Abstention:
    """Supported claims become the answer; what failed is withheld and counted; nothing left means an abstention.

    `withheld` are claims that failed before, in a draft that this one replaced. A disagreement of which one side alone
    is left isn't shown as one, and a notice says that a source is missing.
    """
    passed = [claim for claim, verdict in judged if verdict.support is SupportLabel.SUPPORTED]
    withheld += len(judged) - len(passed)
    if not passed:
        text = wording.say("abstention.unverified")
        return conclude_abstention(text, list(evidence.values()), notices, wording, audience, withheld=withheld)
    claims, citations = _number(passed, evidence)
    claims, shown, differing = _explain(claims, citations, evidence, disagreements, wording)
    gaps = [wording.say("notice.gap", missing=name) for name in assessment.missing]
    gaps += [wording.say("notice.unanswered", part=part) for part in assessment.unanswered]
    gaps += [wording.say("notice.no_dose", drug=name) for name in assessment.no_dose]
    told = [*notices, *differing, *gaps]
    if withheld:
        told.append(wording.say("notice.withheld_one" if withheld == 1 else "notice.withheld_many", count=withheld))
    told += review_notices(citations, wording, today)
    return Answer(
        claims=claims,
        citations=citations,
        notices=tuple(told),
        disclaimer=disclaimer(wording, audience),
        withheld=withheld,
        gaps=tuple(gaps),
        disagreements=shown,
    )


def conclude_abstention(
    text: str,
    nearest: Sequence[RetrievedPassage],
    notices: Sequence[str],
    wording: Wording,
    audience: Audience,
    *,
    withheld: int = 0,
) -> Abstention:
    """Not knowing, said plainly, with the documents that come closest."""
    titles = tuple(dict.fromkeys(item.document.title for item in nearest))[:NEAREST]
    return Abstention(
        text=text,
        nearest=titles,
        notices=(*notices, wording.say("review.no_source")),
        disclaimer=disclaimer(wording, audience),
        withheld=withheld,
    )


def conclude_direction(
    kind: DirectionKind, text: str, wording: Wording, audience: Audience, notices: Sequence[str] = ()
) -> Direction:
    """A reply in fixed words."""
    return Direction(
        kind=kind,
        text=text,
        notices=tuple(notices),
        disclaimer=wording.say("disclaimer.urgent") if kind in URGENT else disclaimer(wording, audience),
    )


def conclude_clarification(
    text: str, choices: Sequence[str], wording: Wording, audience: Audience, notices: Sequence[str] = ()
) -> Clarification:
    """A question back."""
    return Clarification(
        text=text,
        choices=tuple(choices),
        notices=tuple(notices),
        disclaimer=disclaimer(wording, audience),
    )


def disclaimer(wording: Wording, audience: Audience) -> str:
    """The disclaimer for this reader."""
    return wording.say(f"disclaimer.{audience.value}")


def review_notices(citations: Sequence[Citation], wording: Wording, today: date) -> tuple[str, ...]:
    """How many of the cited documents have been reviewed, and whether one should have been read again by now."""
    cited = {citation.document: citation for citation in citations}
    due = [one.review_by for one in cited.values() if one.review_by is not None and one.review_by < today]
    told = [_statuses([one.review_status for one in cited.values()], wording)]
    if due:
        key = "review.overdue_one" if len(due) == 1 else "review.overdue_many"
        told.append(wording.say(key, count=len(due), since=min(due)))
    return tuple(told)


def _statuses(statuses: Sequence[ReviewStatus], wording: Wording) -> str:
    """The weakest status, and how many have it or wait for a review otherwise."""
    total = len(statuses)
    waiting = [status for status in statuses if status is not ReviewStatus.APPROVED]
    if not waiting:
        return wording.say("review.one_approved" if total == 1 else "review.all_approved")
    weakest = "under_review" if set(waiting) == {ReviewStatus.UNDER_REVIEW} else "not_approved"
    if total == 1:
        return wording.say(f"review.one_{weakest}")
    if weakest == "under_review":
        return wording.say("review.some_under_review", pending=len(waiting), total=total)
    key = "review.none_approved" if len(waiting) == total else "review.some_approved"
    return wording.say(key, pending=len(waiting), total=total)


def _explain(
    claims: tuple[Claim, ...],
    citations: Sequence[Citation],
    evidence: Mapping[str, RetrievedPassage],
    drafted: Sequence[DraftDisagreement],
    wording: Wording,
) -> tuple[tuple[Claim, ...], tuple[Disagreement, ...], tuple[str, ...]]:
    """The claims, the disagreements that both sides are left of, and what to tell of them."""
    by_quotation = {(citation.passage, citation.quote): citation for citation in citations}
    shown: list[Disagreement] = []
    notices: list[str] = []
    alone: set[int] = set()
    for each in drafted:
        topic = name_topic(each, wording)
        left = [by_quotation[key] for side in each.sides if (key := (side.passage, side.quote)) in by_quotation]
        disagreement = explain(each, by_quotation, evidence, wording)
        if disagreement is None:
            alone |= {citation.number for citation in left}
        else:
            shown.append(disagreement)
            notices.append(wording.say("notice.differ", topic=topic))
        if len(left) < len(each.sides):
            notices.append(wording.say("notice.differ_withheld", topic=topic))
    alone -= {side.citation for disagreement in shown for side in disagreement.sides}
    return tuple(_as_finding(claim, alone) for claim in claims), tuple(shown), tuple(notices)


def _as_finding(claim: Claim, alone: set[int]) -> Claim:
    """A side whose other side is gone disagrees with nothing that is shown."""
    is_side = claim.role is ClaimRole.DISAGREEMENT and set(claim.citations) <= alone
    return replace(claim, role=ClaimRole.FINDING) if is_side else claim


def _number(
    passed: Sequence[DraftClaim], evidence: Mapping[str, RetrievedPassage]
) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
    """Claims with footnotes numbered by first use; one quotation has one number."""
    citations: dict[tuple[str, str], Citation] = {}
    claims = []
    for draft in passed:
        keys = dict.fromkeys((quotation.passage, quotation.quote) for quotation in draft.quotations)
        for quotation in draft.quotations:
            key = (quotation.passage, quotation.quote)
            if key not in citations:
                citations[key] = cite(len(citations) + 1, quotation, evidence[quotation.passage])
        marks = tuple(citations[key].number for key in keys)
        claims.append(Claim(text=draft.text, role=draft.role, support=SupportLabel.SUPPORTED, citations=marks))
    return tuple(claims), tuple(citations.values())


def cite(number: int, quotation: Quotation, retrieved: RetrievedPassage) -> Citation:
    """The footnote for a quotation, with what is known of its document."""
    document, passage = retrieved.document, retrieved.passage
    return Citation(
        number=number,
        document=document.path,
        title=document.title,
        quote=INVISIBLE.sub("", quotation.quote),
        start=min(span.start for span in quotation.spans),
        end=max(span.end for span in quotation.spans),
        locator=passage.locator,
        evidence=document.evidence,
        year=document.year,
        review_status=document.review_status,
        passage=passage.id,
        review_by=document.review_by,
    )
