"""Whether two statements speak of the same patients in the same situation; else they can't disagree."""

import re
from functools import lru_cache

from bot.answering.candidates import Candidate
from bot.domain.documents import Directness
from bot.domain.glossary import DRUG_KINDS, Glossary, Term, TermKind
from bot.domain.text import fold

OF_ANOTHER_KIND = {Directness.RA: "ra", Directness.JIA: "jia"}
BEFORE = re.compile(
    r"\b(after|despite|following|on|failed|fails?|failing|not respond\w* to|resist\w*|refractory to|beyond|stopped"
    r"|instead of|rather than|over|than|behind|without)[^\w,;:.]+(\w+[^\w,;:.]+){0,3}$"
)
LISTED = re.compile(r"^\W*(?P<join>and|or|plus|/|,)(\W+and|\W+or)?\W+(\w+\W+){0,4}$|^/$")
GOES_ON = re.compile(r"^\s*(,|and\b|or\b)")
ANEW = re.compile(
    r"\b(is|are|was|were|be|the|next|best|should|may|can|could|recommend\w*|consider\w*|initiat\w*|start\w*|add\w*"
    r"|us(e|es|ed|ing)|propos\w*|advis\w*|prefer\w*|help\w*|failed|fails?|after)\b"
)
"""What begins a new thought and doesn't go on with a list."""
AFTERWARDS = re.compile(
    r"^\W*(\w+\W+){0,2}(failed|fails?|failure|(did|does|do|is|are|was|were|has|have)(n't| not)|not)\b"
)


def diseases(candidate: Candidate, glossary: Glossary) -> tuple[Term, ...]:
    """The diseases that a statement is about: its own, else those of its headings and title."""
    for text in (candidate.body, candidate.context):
        named = tuple(term for term in glossary.terms_in(text) if term.kind is TermKind.DISEASE)
        if named:
            return named
    stated = OF_ANOTHER_KIND.get(candidate.retrieved.document.directness or Directness.JDM)
    term = glossary.term(stated) if stated else None
    return (term,) if term else ()


def one_indication(one: Candidate, other: Candidate, glossary: Glossary) -> bool:
    """May doses for the one be held against those for the other? Adults and children with one disease, yes."""
    return _compatible(diseases(one, glossary), diseases(other, glossary), glossary, siblings=True) and not apart(
        one, other, glossary
    )


def one_disease(one: Candidate, other: Candidate, glossary: Glossary) -> bool:
    """Are both about the same disease, where the form in children and that in adults are two?"""
    return _compatible(diseases(one, glossary), diseases(other, glossary), glossary, siblings=False)


def _compatible(mine: tuple[Term, ...], theirs: tuple[Term, ...], glossary: Glossary, *, siblings: bool) -> bool:
    if not mine or not theirs:
        return True
    return any(_related(one, other, glossary, siblings=siblings) for one in mine for other in theirs)


def _related(one: Term, other: Term, glossary: Glossary, *, siblings: bool) -> bool:
    above = {term.id for term in glossary.ancestors(one)} | {one.id}
    below = {term.id for term in glossary.ancestors(other)} | {other.id}
    return one.id in below or other.id in above or (siblings and bool({*one.classes} & {*other.classes}))


@lru_cache(maxsize=16_384)
def manifestations(text: str, glossary: Glossary) -> frozenset[str]:
    """Ids of the complaints and organs that a text names."""
    return frozenset(term.id for term in glossary.terms_in(text) if term.kind is TermKind.MANIFESTATION)


def apart(one: Candidate, other: Candidate, glossary: Glossary) -> bool:
    """Does each name a complaint, and none that the other names too?"""
    mine, theirs = manifestations(one.body, glossary), manifestations(other.body, glossary)
    return bool(mine and theirs) and not mine & theirs


def tried_and_named(text: str, glossary: Glossary) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """The drugs that a statement takes as tried, failed or ranked behind, and those that it's about."""
    folded = fold(text)
    tried: list[Term] = []
    named: list[Term] = []
    before_is_tried, end = False, 0
    for mention in glossary.mentions(text):
        if mention.term.kind not in DRUG_KINDS:
            continue
        between, rest = folded[end : mention.start], folded[mention.end :]
        joined = LISTED.match(between) if end else None
        goes_on = (
            joined and not ANEW.search(between) and (joined["join"] != "," or "and" in between or GOES_ON.match(rest))
        )
        if not goes_on:
            before_is_tried = bool(BEFORE.search(folded[: mention.start]) or AFTERWARDS.match(rest))
        (tried if before_is_tried else named).append(mention.term)
        end = mention.end
    return tuple(dict.fromkeys(tried)), tuple(dict.fromkeys(named))
