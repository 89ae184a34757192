"""The statements weighed for a message that may ask several things: what can be answered of it, and what not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.answering.assess import Assessment, Sufficiency
from bot.answering.candidates import Candidate
from bot.answering.parts import split_parts, without
from bot.answering.question import ParsedQuestion
from bot.answering.rank import Ranked
from bot.domain.glossary import Glossary


@dataclass(frozen=True, kw_only=True, slots=True)
class Weighed:
    """A question as it was read, the statements ranked for it, and whether they are enough."""

    parsed: ParsedQuestion
    ranked: tuple[Ranked, ...]
    assessment: Assessment


Weigh = Callable[[str, Sequence[Candidate]], Weighed]


def weigh_parts(text: str, candidates: Sequence[Candidate], weigh: Weigh, glossary: Glossary) -> Weighed:
    """The whole question as `weigh` sees it, or what of it can be answered."""
    whole = weigh(text, candidates)
    if parts := split_parts(text, glossary):
        return _join(whole, [(part.asked, weigh(part.text, candidates)) for part in parts])
    missing = whole.assessment.missing
    rest = without(text, missing, glossary) if missing and not whole.assessment.is_enough else ""
    if not rest:
        return whole
    answered = weigh(rest, candidates)
    if not answered.assessment.is_enough:
        return whole
    told = (*answered.assessment.missing, *missing)
    partial = replace(answered.assessment, sufficiency=Sufficiency.PARTIAL, missing=told)
    return Weighed(parsed=whole.parsed, ranked=answered.ranked, assessment=partial)


def _join(whole: Weighed, parts: Sequence[tuple[str, Weighed]]) -> Weighed:
    """What the answered parts say, each statement at its best, and what the others lack."""
    answered = [part for _, part in parts if part.assessment.is_enough]
    if not answered:
        return whole
    best: dict[int, Ranked] = {}
    for part in answered if len(answered) < len(parts) else [whole, *answered]:
        for item in part.ranked:
            known = best.get(item.candidate.order)
            if known is None or item.score > known.score:
                best[item.candidate.order] = item
    judged = [part.assessment for _, part in parts]
    missing = tuple(dict.fromkeys(name for assessment in judged for name in assessment.missing))
    no_dose = tuple(dict.fromkeys(name for assessment in judged for name in assessment.no_dose))
    unanswered = tuple(
        asked
        for asked, part in parts
        if not (part.assessment.is_enough or part.assessment.missing or part.assessment.no_dose)
    )
    return Weighed(
        parsed=whole.parsed,
        ranked=tuple(sorted(best.values(), key=lambda item: (-item.score, item.candidate.order))),
        assessment=Assessment(
            sufficiency=Sufficiency.PARTIAL if missing or no_dose or unanswered else Sufficiency.SUFFICIENT,
            confidence=min(part.assessment.confidence for part in answered),
            missing=missing,
            no_dose=no_dose,
            unanswered=unanswered,
        ),
    )
