"""How suitable a statement is by what kind of statement it is, whatever its words: factors of its score.

Who says it, where it stands, of which stage of the disease it is, whether it gives the one thing that was asked for.
"""

import re
from functools import lru_cache

from bot.answering.attribution import is_reported
from bot.answering.candidates import Candidate
from bot.answering.demanded import fitness
from bot.answering.doses import dose_owners
from bot.answering.question import Aspect, ParsedQuestion
from bot.answering.stages import Stage, names_drug, read_stage, stage_asked
from bot.answering.statements import REQUIRED, fulfilled
from bot.domain.documents import DocumentKind, PassageKind
from bot.domain.glossary import DRUG_KINDS, Glossary, TermKind
from bot.domain.text import fold

SUMMARY = re.compile(r"(summary|abstract|overview|key (points|messages)|bottom line|in brief|conclusions?)\b")
RESERVATIONS = re.compile(r"\b(limits?|limitations?|caveats?|differ|disagree|controvers\w+|caution)\b")
ABSENCE = re.compile(
    r"\b(no|not|neither|none)\b.*\b(recorded|covered|explained|stated|held|contained|given|known|available"
    r"|reported) (in|by) (?:the sources of )?(this"
    r"|these|the) (\w+ )?(documents?|library|text|excerpt|abstract|page)"
)
LACKING = 0.6
"""What a statement counts that says only what its document doesn't tell."""
NO_HARM = re.compile(
    r"^(no|neither|without)\b.{0,60}\b(side effects?|adverse|toxicity|harms?|thrombo\w+|clots?|infections?|safety)\b"
)
UNHARMED = 0.9
"""To a question on safety, what was not seen comes after what was seen: small studies see few harms."""
OTHER_STAGE, AFTER_THE_START, UNSAID_STAGE = 0.85, 0.7, 0.9
"""What helps at the start of a disease is seldom the answer for one that has resisted treatment, and the reverse."""
WEIGHED = frozenset({Aspect.EFFICACY, Aspect.SAFETY})
SECOND_HAND, TRIED, INCONCLUSIVE, HARMS_UNKNOWN, OF_ANOTHERS = 0.94, 1.05, 0.85, 0.97, 0.8
DOSED_BY_A_PAGE = 0.96
"""A dose that nobody vouches for comes after one from a study or guideline."""
TELLS_LITTLE = re.compile(
    r"\btoo (small|few|short|early)\b|\bno conclusions?\b"
    r"|\bcan(no|')t (be )?(show|judge|tell|say|measure|prove|exclude)\w*"
)
NOT_OF_KIND = {Aspect.MONITORING: 0.65, Aspect.SAFETY: 0.85}
"""Asked for nothing but one of these, a statement without it is beside the point, whatever else it names."""
BEFOREHAND = re.compile(r"\b(before|prior to|pre-?treatment|baseline|screen\w*)\b")
AFTERWARDS = 0.75
"""For a test that isn't said to be made beforehand, where that was asked for."""
FORETELLS = re.compile(r"\bpredict")


def suitability(question: ParsedQuestion, candidate: Candidate, aspect: float, glossary: Glossary) -> float:
    """The factor of a statement's score; `aspect` is the share of what is wanted that it gives (`suits`)."""
    return (
        fitness(candidate, question, glossary)
        * _evidence(question, candidate)
        * _dosed(question, candidate, glossary)
        * _stage(question, candidate)
        * _place(question, candidate)
        * _one_thing(question, aspect)
        * _beforehand(question, candidate)
    )


def suits(question: ParsedQuestion, candidate: Candidate) -> float:
    """Share of what the question wants that the statement can give; half where a wanted number is lacking."""
    wanted = question.aspects - {Aspect.PUBLICATION}
    suits = fulfilled(wanted, candidate.text)
    needed = wanted & REQUIRED
    if needed and not fulfilled(needed, candidate.body):
        suits *= 0.5
    return suits


def sort_fit(question: ParsedQuestion, candidate: Candidate) -> float:
    """Facts about a document answer only when asked for."""
    metadata = candidate.retrieved.passage.kind is PassageKind.METADATA
    if metadata == question.wants(Aspect.PUBLICATION):
        return 1.0
    return 0.45 if metadata else 0.8


def _evidence(question: ParsedQuestion, candidate: Candidate) -> float:
    """Asked whether something helps or harms, what a study or guideline says itself comes before what is told of it."""
    if question.compares:
        return 1.0
    kind = candidate.retrieved.document.kind
    if question.wants(Aspect.DOSE):
        return DOSED_BY_A_PAGE if kind is DocumentKind.WEB_PAGE else 1.0
    if question.aspects.isdisjoint(WEIGHED):
        return 1.0
    if kind is DocumentKind.WEB_PAGE or is_reported(candidate):
        return SECOND_HAND
    if not question.wants(Aspect.LIMITS) and stands_in(TELLS_LITTLE, candidate.body):
        return INCONCLUSIVE if question.wants(Aspect.EFFICACY) else HARMS_UNKNOWN
    by_whom = stands_in(FORETELLS, question.text) or any(t.kind is TermKind.ANTIBODY for t in question.terms)
    if question.wants(Aspect.EFFICACY) and stands_in(FORETELLS, candidate.body) and not by_whom:
        return INCONCLUSIVE
    body = candidate.retrieved.passage.kind is not PassageKind.METADATA
    return TRIED if kind is DocumentKind.TRIAL and body else 1.0


def _dosed(question: ParsedQuestion, candidate: Candidate, glossary: Glossary) -> float:
    """Asked for the dose of a drug, amounts of another one in a statement are no answer, whatever else it names."""
    asked = {term.id for term in question.terms if term.kind in DRUG_KINDS}
    if not asked or not question.wants(Aspect.DOSE):
        return 1.0
    owners = dose_owners(candidate.body, candidate.context, glossary)
    related = {
        above.id for owner in map(glossary.term, owners) if owner for above in (owner, *glossary.ancestors(owner))
    }
    return OF_ANOTHERS if owners and asked.isdisjoint(related) else 1.0


def _beforehand(question: ParsedQuestion, candidate: Candidate) -> float:
    """Asked for the tests before a treatment, those during it come after."""
    if not question.wants(Aspect.MONITORING) or not stands_in(BEFOREHAND, question.text):
        return 1.0
    return 1.0 if stands_in(BEFOREHAND, candidate.body) else AFTERWARDS


def _one_thing(question: ParsedQuestion, aspect: float) -> float:
    """What a statement loses that doesn't give the one thing that was asked for."""
    if aspect or len(question.aspects) != 1:
        return 1.0
    return NOT_OF_KIND.get(next(iter(question.aspects)), 1.0)


def _stage(question: ParsedQuestion, candidate: Candidate) -> float:
    """What is done at another stage of the disease than the one asked about comes later."""
    asked = stage_asked(question)
    told = read_stage(candidate.body, candidate.context) if asked else None
    if asked is Stage.LATER:
        return OTHER_STAGE if told is Stage.START else 1.0
    if asked is None or names_drug(question):
        return 1.0
    return {Stage.START: 1.0, Stage.LATER: AFTER_THE_START, None: UNSAID_STAGE}[told]


def _place(question: ParsedQuestion, candidate: Candidate) -> float:
    """A document's opening or summary says what it is about; its limits and what it lacks are seldom what was asked."""
    passage = candidate.retrieved.passage
    factor = 1.0
    heading = passage.heading_path[-1] if passage.heading_path else ""
    if SUMMARY.match(fold(heading)):
        factor *= 1.06
    elif stands_in(RESERVATIONS, heading) and not question.wants(Aspect.LIMITS) and not question.compares:
        factor *= 0.88
    if is_absence(candidate):
        factor *= LACKING
    if question.wants(Aspect.SAFETY) and stands_in(NO_HARM, candidate.body):
        factor *= UNHARMED
    return factor * (0.97 if passage.kind is PassageKind.CAPTION else 1.0)


def is_absence(candidate: Candidate) -> bool:
    """Does the statement say that its document doesn't tell something?"""
    return stands_in(ABSENCE, candidate.body)


@lru_cache(maxsize=32_768)
def stands_in(pattern: re.Pattern[str], text: str) -> bool:
    """Is the pattern found in the folded text? Kept: the same statements are weighed for many questions."""
    return pattern.search(fold(text)) is not None
