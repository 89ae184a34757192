"""Where sources differ, both sides are said, never one silently and never an average.

Deterministic, and only between different documents: one drug with different doses, a question between two things of
which each document holds one, different recommendations for one situation, an effect or a harm that one reports and
another denies. When the reader asks for a comparison, the best statement of each document is shown.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.answering.candidates import Candidate
from bot.answering.doses import read_doses
from bot.answering.language import content, every_word, read_polarity
from bot.answering.quantities import read_frequencies, read_quantities
from bot.answering.question import Aspect, ParsedQuestion
from bot.answering.rank import Ranked
from bot.answering.reading import family
from bot.answering.statements import SAYS
from bot.domain.answers import ClaimRole, Draft, DraftClaim
from bot.domain.glossary import DRUG_KINDS, Glossary, TermKind
from bot.domain.text import fold

Side = tuple[str, Candidate]
REACH = 0.62
ASKED_REACH = 0.42
CLOSE = 0.78
"""Shares of the best score that a side's statement must reach: less when a comparison was asked for, more where only
the wording tells that two statements differ."""
RECOMMENDS = re.compile(
    r"\b(recommend\w*|prefer\w*|best next step|next step|next line|first choice|most promising"
    r"|next therapeutic option)\b"
)


def note_differences(draft: Draft, question: ParsedQuestion, ranked: Sequence[Ranked], glossary: Glossary) -> Draft:
    """Add the other side where the evidence has one that the draft left out, and name the documents that differ."""
    if not draft.claims or not ranked:
        return draft
    reach = ASKED_REACH if question.compares else REACH
    near = [item.candidate for item in ranked if item.score >= ranked[0].score * reach]
    close = [item.candidate for item in ranked if item.score >= ranked[0].score * max(reach, CLOSE)]
    sides = (
        _doses(question, near, glossary)
        or _alternatives(question, near, glossary)
        or _recommendations(question, near if question.compares else close, glossary)
        or (_effects(question, near, glossary) if question.compares else [])
    )
    if not sides and question.compares:
        sides = _best_of_each(near)
    if len({candidate.document for _, candidate in sides}) < 2:
        return draft
    said = {quotation.quote for claim in draft.claims for quotation in claim.quotations}
    added = tuple(
        DraftClaim(text=c.text, role=ClaimRole.DISAGREEMENT, quotations=(c.quotation,))
        for _, c in sides
        if c.quotation.quote not in said
    )
    titles = dict.fromkeys(f"“{candidate.retrieved.document.title}”" for _, candidate in sides)
    return replace(draft, claims=(*draft.claims, *added), differ=" / ".join(titles))


def _doses(question: ParsedQuestion, near: Sequence[Candidate], glossary: Glossary) -> list[Side]:
    """Statements of the asked drug's dose or schedule that don't say the same."""
    asked = {term.id for term in question.terms if term.kind is TermKind.DRUG}
    if not asked or not (question.wants(Aspect.DOSE) or question.alternatives):
        return []
    found: dict[object, Side] = {}
    for candidate in near:
        if candidate.is_list:
            continue
        mine = [q for owner, q in read_doses(candidate.body, candidate.context, glossary) if owner in asked]
        if not mine or candidate.document in {side.document for _, side in found.values()}:
            continue
        others = [q for q in read_quantities(candidate.body) if q.unit in {"day", "week", "month"}]
        key = (tuple(sorted(str(q.key) for q in (*mine, *others))), tuple(sorted(read_frequencies(candidate.body))))
        found.setdefault(key, (mine[0].written, candidate))
    return list(found.values()) if len(found) > 1 else []


def _alternatives(question: ParsedQuestion, near: Sequence[Candidate], glossary: Glossary) -> list[Side]:
    """For `A or B`: the best statement for each, from different documents."""
    if len(question.alternatives) != 2:
        return []
    held = [(candidate, _every_stem(candidate.text, glossary)) for candidate in near]
    first, second = question.alternatives
    mine, theirs = _every_stem(first, glossary), _every_stem(second, glossary)
    sides: list[Side] = []
    for name, own, other in ((first, mine - theirs, theirs - mine), (second, theirs - mine, mine - theirs)):
        used = {candidate.document for _, candidate in sides}
        fits = [(c, stems) for c, stems in held if own & stems and c.document not in used]
        if not fits:
            return []
        best, _ = min(fits, key=lambda fit: (-len(own & fit[1]) / len(own), len(other & fit[1])))
        sides.append((name, best))
    return sides


def _every_stem(text: str, glossary: Glossary) -> set[str]:
    return {*content(text, glossary), *every_word(text)}


def _recommendations(question: ParsedQuestion, near: Sequence[Candidate], glossary: Glossary) -> list[Side]:
    """Different drugs recommended by different documents for what was asked."""
    if not question.wants(Aspect.CHOICE):
        return []
    given = {term.id for term in question.terms}
    found: list[tuple[set[str], Side]] = []
    for candidate in near:
        if not RECOMMENDS.search(fold(candidate.text)):
            continue
        named = [t for t in glossary.terms_in(candidate.text) if t.kind in DRUG_KINDS and t.id not in given]
        drugs = {t.id for t in named}
        related = drugs | {a.id for t in named for a in glossary.ancestors(t)}
        if not named or any(candidate.document == side.document or related & other for other, (_, side) in found):
            continue
        found.append((drugs, (named[0].name, candidate)))
    return [side for _, side in found[:3]] if len(found) > 1 else []


def _effects(question: ParsedQuestion, near: Sequence[Candidate], glossary: Glossary) -> list[Side]:
    """A benefit or harm of one drug that one document reports and another denies or doubts."""
    subjects = {t.id for t in question.terms if t.kind in DRUG_KINDS}
    aspect = next((aspect for aspect in (Aspect.SAFETY, Aspect.EFFICACY) if question.wants(aspect)), None)
    if aspect is None or not subjects:
        return []
    reports: dict[bool, Candidate] = {}
    for candidate in near:
        if candidate.is_list or not subjects & family(f"{candidate.body} . {candidate.context}", glossary):
            continue
        polarity = read_polarity(candidate.body)
        denied = any(SAYS[aspect].search(word) for word in polarity.negated)
        reported = any(SAYS[aspect].search(word) for word in polarity.affirmed - polarity.negated)
        if denied == reported:
            continue
        other = reports.get(not denied)
        if denied not in reports and (other is None or other.document != candidate.document):
            reports[denied] = candidate
    return [("", reports[True]), ("", reports[False])] if len(reports) == 2 else []


def _best_of_each(near: Sequence[Candidate]) -> list[Side]:
    best: dict[str, Candidate] = {}
    for candidate in near:
        best.setdefault(candidate.document, candidate)
    return [("", candidate) for candidate in best.values()][:3]
