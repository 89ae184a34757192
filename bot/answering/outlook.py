"""How a disease goes on: whether it can be cured, comes back, stays or kills; of what a statement tells it.

That calcinosis went away on a drug doesn't say whether the disease does.
"""

import re
from enum import StrEnum
from functools import lru_cache

from bot.answering.failing import ASKS_WHAT_NEXT
from bot.domain.glossary import DRUG_KINDS, Glossary, Term, TermKind
from bot.domain.text import fold


class Course(StrEnum):
    """What can be asked of the course of a disease."""

    ENDING = "whether and when it ends"
    RETURN = "whether it comes back"
    REMISSION = "whether and when it's quiet"
    DEATH = "whether one dies of it"
    CHANGE = "whether it becomes something else"
    GENERAL = "how it goes on"


ASKED: dict[Course, re.Pattern[str]] = {
    Course.ENDING: re.compile(
        r"\b(cur(e|es|ed|able|ing)|(go|goes|going|gone|went) away|ever (go|end|stop|be gone|be over)"
        r"|gr[eo]w(s|ing)? out of|outgrow\w*|disappear\w*|permanent\w*|life-?long|for (life|ever|good)|forever"
        r"|(get|gets|be|become|becomes) (better|well|healthy|normal|ok|okay|all ?right|fine)( again)?"
        r"|(is|are) (better|well|healthy|normal) again"
        r"|the rest of (his|her|my|our|their|the) (life|lives)|how long (does|do|will|is|can|would) (?!(it|this) take)"
        r"[^?.]{1,40}\b(last|ill|sick|go on|continue)|(become|turn|stay|get)s? chronic|(as|an) adults?|adulthood"
        r"|(disease|clinical|chronic|illness) course|course of (the |my \w+'s )?\w+|monocyclic|polycyclic)\b"
    ),
    Course.RETURN: re.compile(
        r"\b((come|comes|coming|came) back|return(s|ed|ing)?|relaps\w*|flar(e|es|ed|ing)([- ]?ups?)?|recur\w*"
        r"|what happens (when|if|after|once)(?=[^?.]*\b(stop\w*|end\w*|discontinu\w*|withdrawn|come off)\b))\b"
    ),
    Course.REMISSION: re.compile(r"\b(remissions?)\b"),
    Course.DEATH: re.compile(
        r"\b(die|dies|died|dying|deaths?|deadly|fatal|lethal|kills?|mortality|surviv(e|es|al|ed|ing)|life expectancy"
        r"|life-?span|shortens? (\w+ )?life|live (long|a (normal|full|long) life))\b"
    ),
    Course.CHANGE: re.compile(r"\b((turn|develop|change|evolve|transform)(s|ed|ing)? into)\b"),
    Course.GENERAL: re.compile(
        r"\b(prognos\w+|outlook|the future|long[- ]term (outcomes?|outlook|effects|consequences|course)"
        r"|what (will|happens to|becomes of|is going to happen)|how (will|does) [^?.]{1,30} (go on|end|develop))\b"
    ),
}
SAYS: dict[Course, re.Pattern[str]] = {
    Course.ENDING: re.compile(
        r"\b(cured?|curable|(goes|went|go|gone) away|(?<!after )remission|monocyclic|polycyclic|chronic|lasts?"
        r"|lasted|recover\w*|permanent|lifelong|many years|adulthood|disappear\w*|resolved|still (active|there))\b"
    ),
    Course.RETURN: re.compile(r"\b((comes?|came) back|return(s|ed)?|relaps\w*|flar(e|es|ed)|recurr?\w*|polycyclic)\b"),
    Course.REMISSION: re.compile(r"\b(remission|inactive|recovered|(went|goes) away|complete (clinical )?response)\b"),
    Course.DEATH: re.compile(r"\b(deaths?|died|die|fatal|mortality|surviv\w+|life expectancy)\b"),
    Course.CHANGE: re.compile(r"\b((turn|develop|change|evolve|transform)(s|ed)? into)\b"),
    Course.GENERAL: re.compile(
        r"\b(prognos\w+|outlook|cured?|curable|remission|monocyclic|chronic course|relaps\w*|mortality|deaths?|died"
        r"|surviv\w+|high-risk|adulthood)\b"
    ),
}
STOPPED = re.compile(
    r"\b(stop\w*|discontinu\w*|withdraw\w*|without|come off|coming off"
    r"|off (all )?(treatment|medicines?|medication|drugs?)|end of treatment|after (the )?treatment)\b"
)
"""A drug that was stopped isn't what the course is asked of."""
PAST_OF_ONE = re.compile(
    r"\b(19|20)\d\d\b"
    r"|\b(which|who|that|this|these|those|the) (stud(y|ies)|trials?|patients?|children|child|boy|girl|series)\b"
)
"""What became of the patients of a study is a result like any other."""
OWN_COURSE = (TermKind.MANIFESTATION, TermKind.ANTIBODY)
"""What a statement begins with of these it is about; the disease goes on by itself."""
GRAVE = frozenset({Course.DEATH, Course.GENERAL})
WHAT_OUGHT_TO_BE = re.compile(r"\bshould\b")
PERSISTS = re.compile(r"(?:n't|\bnot)\b[^?.]*?(?=\b(?:what|which|how|is there|can|should)\b)")
"""“The rash won't go away, what helps?” tells of a complaint that stays."""
RESULTS = frozenset({Course.RETURN, Course.DEATH, Course.REMISSION})
HOW_LIKELY = re.compile(
    r"\b(?:chances?|odds|likel\w+|probab\w+|risks?|percentages?|how (?:often|many|likely|common))\b"
)
DOCUMENTS_SAY = "course, cure, remission, relapse, mortality"
OF_A_DRUG, OF_ONE_PATIENT = 0.85, 0.85
ONE_PATIENT = re.compile(r"\b(?:one|a|an) (?:\w+ )?(?:boy|girl|child|patient|case)\b")


def read_courses(asked: str, glossary: Glossary) -> frozenset[Course]:
    """What of the course of a disease is asked, or of the patients on a drug or of a study."""
    asked = PERSISTS.sub(" ", asked)
    courses = frozenset(course for course, pattern in ASKED.items() if pattern.search(asked))
    if WHAT_OUGHT_TO_BE.search(asked) or ASKS_WHAT_NEXT.search(asked):
        return frozenset()
    return courses & RESULTS if of_results(asked, glossary) else courses


def of_results(asked: str, glossary: Glossary) -> bool:
    """Is it asked what became of the patients on a drug or of a study, and not how a disease goes on by itself?"""
    on_drug = any(term.kind in DRUG_KINDS for term in glossary.terms_in(asked)) and not STOPPED.search(asked)
    return on_drug or PAST_OF_ONE.search(asked) is not None


def asking_words(asked: str, courses: frozenset[Course]) -> tuple[str, ...]:
    """The words by which a question asks for them."""
    patterns = (*(ASKED[course] for course in courses), *((HOW_LIKELY,) if courses else ()))
    return tuple(match.group() for pattern in patterns for match in pattern.finditer(asked))


def in_words_of_outlook(question: str) -> str:
    """A question for it as documents say it."""
    return f"{question} ({DOCUMENTS_SAY})"


@lru_cache(maxsize=32_768)
def says_outlook(body: str, courses: frozenset[Course], asked: tuple[Term, ...], glossary: Glossary) -> bool:
    """Does a statement tell of this course, and of the course of what was asked about, not of another complaint?"""
    folded = fold(body)
    if not any(SAYS[course].search(folded) for course in courses):
        return False
    of = {each.id for term in asked if term.kind in OWN_COURSE for each in (term, *glossary.members(term))}
    first = next((term for term in glossary.terms_in(body) if term.kind in (*OWN_COURSE, TermKind.MEASURE)), None)
    if of and courses & GRAVE:
        return any(term.id in of for term in glossary.terms_in(body))
    if of:
        return first is not None and first.id in of
    return (
        first is None
        or first.kind not in OWN_COURSE
        or (first.kind is TermKind.MANIFESTATION and bool(courses & GRAVE))
    )


@lru_cache(maxsize=32_768)
def nearness(body: str, asked: tuple[Term, ...], glossary: Glossary) -> float:
    """1, less for a statement on what happens on a drug that wasn't asked about, or to a single patient."""
    drugs = {term.id for term in asked if term.kind in DRUG_KINDS}
    others = [term for term in glossary.terms_in(body) if term.kind in DRUG_KINDS and term.id not in drugs]
    alone = OF_ONE_PATIENT if ONE_PATIENT.search(fold(body)) else 1.0
    return alone * (OF_A_DRUG if others else 1.0)
