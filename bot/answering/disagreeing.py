"""Puts a disagreement into words: who says it on what evidence, and why the sources may differ.

Every reason is a fixed sentence filled from what is known of the documents; where nothing is known, that is said.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from bot.answering.attribution import reports_another
from bot.answering.schemes import basis, routes
from bot.domain.answers import Citation, Disagreement, DraftDisagreement, Matter, Side
from bot.domain.documents import CuratedDocument, DocumentKind, RetrievedPassage, ReviewStatus
from bot.prompts import Wording

SMALL = 30
"""Patients below which chance alone may make the difference."""
YEARS_APART = 8
MOST_REASONS = 3
LONGEST_NAME = 80
INITIALS = re.compile(r"^(?P<last>.+?)\s+(?:[A-Z]{1,4}|(?:[A-Z]\.-?)+)$|^(?:[A-Z]\.\s?-?)+(?P<first>.+)$")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Source:
    """One side with the document it comes from."""

    who: str
    document: CuratedDocument
    quote: str


def explain(
    drafted: DraftDisagreement,
    citations: Mapping[tuple[str, str], Citation],
    evidence: Mapping[str, RetrievedPassage],
    wording: Wording,
) -> Disagreement | None:
    """The disagreement as it is shown; None where fewer than two documents are left.

    `citations` are by passage and quotation, `evidence` by passage.
    """
    sides: list[Side] = []
    sources: list[_Source] = []
    others = [evidence[side.passage].document for side in drafted.sides if side.passage in evidence]
    for drafted_side in drafted.sides:
        citation = citations.get((drafted_side.passage, drafted_side.quote))
        if citation is None:
            continue
        document = evidence[drafted_side.passage].document
        source = _Source(who=_name_apart(document, others), document=document, quote=citation.quote)
        sources.append(source)
        sides.append(
            Side(
                who=source.who,
                evidence=document.evidence,
                directness=wording.say(f"directness.{document.directness.value}") if document.directness else "",
                year=document.year,
                citation=citation.number,
            )
        )
    if len({source.document.path for source in sources}) < 2:
        return None
    known = _reasons(drafted.matter, sources, wording)
    reasons = (*drafted.reasons[:MOST_REASONS], *known[: 1 if drafted.reasons else MOST_REASONS])
    return Disagreement(
        topic=name_topic(drafted, wording),
        sides=tuple(sides),
        reasons=reasons or (wording.say("differ.unknown"),),
    )


def name_topic(drafted: DraftDisagreement, wording: Wording) -> str:
    """What the sources disagree about, in a few words."""
    if drafted.matter is Matter.STATED:
        return drafted.subject
    key = f"differ.topic.{drafted.matter.value}"
    return wording.say(key, subject=drafted.subject) if drafted.subject else wording.say("differ.topic.here")


def name_source(document: CuratedDocument) -> str:
    """The short name: first author and year (`Ding 2021`), else the title up to its first colon."""
    if document.authors:
        match = INITIALS.match(document.authors[0])
        author = (match["last"] or match["first"]) if match else document.authors[0]
        return f"{author} {document.year}" if document.year else author
    return _name_by_title(document)


def _name_by_title(document: CuratedDocument) -> str:
    """The title, where it's long up to its first colon or without what it has in brackets at its end."""
    title = document.title
    if len(title) > LONGEST_NAME:
        title = title.partition(": ")[0]
    if len(title) > LONGEST_NAME:
        title = title.rpartition(" (")[0] or title
    if len(title) > LONGEST_NAME:
        title = f"{title[:LONGEST_NAME].rpartition(' ')[0]} …"
    return f"“{title}”"


def _name_apart(document: CuratedDocument, others: Sequence[CuratedDocument]) -> str:
    """The short name, or the title where another source has the same short name."""
    short = name_source(document)
    alike = any(other.path != document.path and name_source(other) == short for other in others)
    return _name_by_title(document) if alike else short


def _reasons(matter: Matter, sources: Sequence[_Source], wording: Wording) -> list[str]:
    """The sentences that fit, each kind once, the most telling first."""
    found = [_contrast("differ.population", sources, _population, wording)]
    if matter in (Matter.DOSE, Matter.SCHEDULE, Matter.STATED):
        found.append(_contrast("differ.basis", sources, lambda source: _basis(source, wording), wording))
        found.append(_contrast("differ.route", sources, lambda source: _route(source, wording), wording))
    found += [wording.say("differ.unreviewed", who=each.who) for each in sources if _is_unreviewed(each.document)][:1]
    found += [wording.say("differ.reported", who=each.who) for each in sources if _is_reported(each)][:1]
    small = [each for each in sources if each.document.n and each.document.n < SMALL]
    found += [wording.say("differ.small", who=each.who, n=each.document.n) for each in small][:1]
    found += [wording.say("differ.excerpt", who=each.who) for each in sources if each.document.excerpt_only][:1]
    found.append(_contrast("differ.design", sources, _design, wording))
    found += _years(sources, wording)
    return [reason for reason in found if reason]


def _contrast(key: str, sources: Sequence[_Source], tell: Callable[[_Source], str], wording: Wording) -> str:
    """The sentence for the first two sources of which different things are known; empty where there are none."""
    for one, other in combinations(sources, 2):
        this, that = tell(one), tell(other)
        if this and that and this.casefold() != that.casefold():
            return wording.say(key, one=one.who, this=this, other=other.who, that=that)
    return ""


def _population(source: _Source) -> str:
    return source.document.population


def _design(source: _Source) -> str:
    """The design, where the kinds are different things; two reviews in other words aren't."""
    kind = source.document.kind
    return "" if kind is DocumentKind.UNKNOWN else kind.value


def _basis(source: _Source, wording: Wording) -> str:
    found = basis(source.quote)
    return wording.say(f"differ.per.{next(iter(found))}") if len(found) == 1 else ""


def _route(source: _Source, wording: Wording) -> str:
    found = routes(source.quote)
    return wording.say(f"differ.by.{next(iter(found))}") if len(found) == 1 else ""


def _is_reported(source: _Source) -> bool:
    return reports_another(source.quote, source.document)


def _is_unreviewed(document: CuratedDocument) -> bool:
    return document.kind is DocumentKind.WEB_PAGE and document.review_status is not ReviewStatus.APPROVED


def _years(sources: Sequence[_Source], wording: Wording) -> list[str]:
    dated = sorted((each.document.year, each.who) for each in sources if each.document.year)
    if len(dated) < 2 or dated[-1][0] - dated[0][0] < YEARS_APART:
        return []
    years = dated[-1][0] - dated[0][0]
    return [wording.say("differ.years", one=dated[0][1], other=dated[-1][1], years=years)]
