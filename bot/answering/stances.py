"""What a statement recommends, and whether it reports or denies an effect or a harm of a drug."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.answering.candidates import Candidate
from bot.answering.quantities import read_quantities
from bot.answering.question import Aspect
from bot.answering.situations import apart, manifestations, one_disease, tried_and_named
from bot.domain.glossary import DRUG_KINDS, Glossary, Term, TermKind
from bot.domain.text import fold

RECOMMENDS = re.compile(
    r"\b(recommend\w*|prefer(s|red|able)?|propos(es?|ed)|advis(es?|ed)|favou?rs?|best next step|next step|next line"
    r"|next option|first choice|most promising|next therapeutic option|treatment of choice)\b"
)
REFUSES = re.compile(
    r"\b(not|never|no longer|against)( \w+){0,2} (recommend\w*|prefer\w*|propos\w*|advis\w*|favou?r\w*)\b"
)
PROCEEDS = re.compile(r"\b(assess\w*|screen\w*|monitor\w*|watch\w*|check\w*|follow\w*|judg\w*|tests?)\b")
"""Advice on looking, not on treating."""
HEDGED = re.compile(
    r"\b(may|might|can|could|should|would|if|risks?|monitor\w*|screen\w*|watch\w*|warn\w*|avoid\w*|prevent\w*|advis\w*"
    r"|propos\w*|recommend\w*|expect\w*|unless|whether|counts? as)\b"
)
"""No report of what happened."""

EFFECTS: Mapping[str, re.Pattern[str]] = {
    "improved": re.compile(
        r"\b(improv\w+|better|benefi\w+|respon(d|ds|ded|se|ses|ders?)|effective|worked|helped|help)\b"
    ),
    "cleared": re.compile(r"\b(clear(s|ed|ance)|resol\w+|disappear\w*|remission|inactive disease)\b"),
}
HARMS: Mapping[str, re.Pattern[str]] = {
    "side effects": re.compile(r"\b(side[- ]effects?|adverse (events?|effects?|reactions?)|toxicit\w+)\b"),
    "infections": re.compile(r"\binfections?\b"),
    "zoster": re.compile(r"\b(zoster|shingles)\b"),
    "clots": re.compile(r"\b(thromb\w+|blood clots?)\b"),
    "deaths": re.compile(r"\b(deaths?|died)\b"),
    "cancers": re.compile(r"\b(malignan\w+|cancers?)\b"),
    "worse": re.compile(r"\b(worse|worsen\w*|deteriorat\w+)\b"),
}
KINDS = {Aspect.EFFICACY: EFFECTS, Aspect.SAFETY: HARMS}
DENIES_BEFORE = re.compile(
    r"\b(no|not|never|without|none|neither|nor|didn't|doesn't|wasn't|isn't|weren't|hardly|failed to|ineffective)\b"
    r"[^.;:]{0,40}$"
)
DENIES_AFTER = re.compile(r"^\W*(\w+\W+){0,4}(not|no|never|neither|nor|less|absent)\b")
BORDER = re.compile(r"[;:]|,(?=\s)|\b(?:but|however|although|though|whereas|while|yet|and then)\b")
IN_NOBODY = re.compile(r"\b(in|by) (none|no (patients?|children|child|one))\b|\b0\s?%")
NOT_MEASURED = re.compile(
    r"\b(no|not|without) (control|comparison|trial|study|studies|data|evidence|source|document)\b"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Advice:
    """A recommendation: what for, and after which drugs."""

    candidate: Candidate
    drugs: tuple[Term, ...]
    tried: tuple[Term, ...]


def read_advice(candidate: Candidate, glossary: Glossary) -> Advice | None:
    """What a statement recommends as treatment; None where it recommends no drug."""
    folded = fold(candidate.body)
    if not RECOMMENDS.search(folded) or REFUSES.search(folded) or PROCEEDS.search(folded):
        return None
    tried, named = tried_and_named(candidate.text, glossary)
    return Advice(candidate=candidate, drugs=named, tried=tried) if named else None


def advise_differently(one: Advice, other: Advice, given: frozenset[str], glossary: Glossary) -> bool:
    """Do two recommendations name unrelated drugs for one situation? `given` are drugs that the question has named."""
    mine, theirs = _with_classes(one.drugs, given, glossary), _with_classes(other.drugs, given, glossary)
    if not mine or not theirs or mine & theirs:
        return False
    if any(_names(a.tried) & _with_classes(b.drugs, frozenset(), glossary) for a, b in ((one, other), (other, one))):
        return False  # the next step after the other's
    if one.tried and other.tried and not _names(one.tried) & _names(other.tried):
        return False
    return one_disease(one.candidate, other.candidate, glossary) and not apart(one.candidate, other.candidate, glossary)


def _names(terms: tuple[Term, ...]) -> set[str]:
    return {term.id for term in terms}


def _with_classes(terms: tuple[Term, ...], given: frozenset[str], glossary: Glossary) -> set[str]:
    fresh = [term for term in terms if term.id not in given]
    return {term.id for term in fresh} | {above.id for term in fresh for above in glossary.ancestors(term)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """That a drug had, or hadn't, an effect of some kind on some complaint. `outcomes` maps each kind to "it had"."""

    candidate: Candidate
    drug: str
    about: frozenset[str]
    outcomes: Mapping[str, bool]


def read_report(candidate: Candidate, aspect: Aspect, glossary: Glossary) -> Report | None:
    """What a statement reports of a drug's effects or harms; None where it reports neither or hedges."""
    folded = fold(candidate.body)
    if candidate.is_list or HEDGED.search(folded) or NOT_MEASURED.search(folded):
        return None
    outcomes = {kind: had for kind, pattern in KINDS[aspect].items() if (had := _had(pattern, folded)) is not None}
    drugs = _drugs(candidate.body, glossary) or _drugs(candidate.context, glossary)
    if not outcomes or len(drugs) != 1:
        return None  # of several drugs nobody can tell which one is meant
    about = manifestations(candidate.body, glossary) | _measures(candidate.body, glossary)
    return Report(candidate=candidate, drug=next(iter(drugs)), about=about, outcomes=outcomes)


def _drugs(text: str, glossary: Glossary) -> frozenset[str]:
    return frozenset(term.id for term in glossary.terms_in(text) if term.kind in DRUG_KINDS)


def _measures(text: str, glossary: Glossary) -> frozenset[str]:
    return frozenset(term.id for term in glossary.terms_in(text) if term.kind is TermKind.MEASURE)


@lru_cache(maxsize=16_384)
def _had(pattern: re.Pattern[str], folded: str) -> bool | None:
    """True where the text says that it was so, False where that it wasn't, None for neither or both."""
    said: set[bool] = set()
    for clause in BORDER.split(folded):
        for match in pattern.finditer(clause):
            nobody = IN_NOBODY.search(clause) or any(
                q.relation == "fraction" and q.values[0] == 0 for q in read_quantities(clause)
            )
            if DENIES_AFTER.match(clause[match.end() :]):
                return None  # "improvement did not differ" tells of a comparison, not of an effect
            said.add(not (nobody or DENIES_BEFORE.search(clause[: match.start()])))
    return said.pop() if len(said) == 1 else None


def contradict(one: Report, other: Report, glossary: Glossary) -> str | None:
    """The kind of effect or harm that one reports and the other denies, of the same drug, complaint and disease."""
    if one.drug != other.drug or one.about != other.about:
        return None
    if not one_disease(one.candidate, other.candidate, glossary):
        return None
    opposite = (k for k, had in one.outcomes.items() if k in other.outcomes and other.outcomes[k] is not had)
    return next(opposite, None)
