"""At which stage of a disease something is done: from its start on, or once what was tried first wasn't enough.

What follows first-line treatment is no answer to the question what first-line treatment is, however often it says
"first-line".
"""

import re
from enum import StrEnum
from functools import lru_cache

from bot.answering.language import content, split_sentences
from bot.answering.question import ParsedQuestion
from bot.domain.glossary import DRUG_KINDS, Glossary
from bot.domain.text import fold

TREATMENT = r"(?:treatments?|therap(?:y|ies)|management|drugs?|medicines?|medications?|agents?|regimens?|combinations?)"
FIRST = r"(?:first[- ]line|front[- ]?line|first|initial|standard initial|early|usual|standard)"
FROM_THE_START = re.compile(
    r"\b(?:from the (?:start|beginning|outset)|at (?:disease )?(?:onset|diagnosis)|from diagnosis"
    r"|first[- ]line|front[- ]?line|initially|newly[- ]diagnosed|just (?:been )?diagnosed|new(?:ly)?[- ]onset"
    r"|recent[- ]onset|new (?:case|diagnosis)|(?:treatment|therapy|drugs?|medicines?) (?:first|initially)"
    rf"|(?:(?:standard|usual) )?(?:initial|first|early)(?: \w+)? {TREATMENT}|treatment[- ]na(?:i|ï)ve|untreated)\b"
)
BEGINS = re.compile(
    r"\b(?:(?:start|begin)(?: \w+)? with"
    r"|(?:how|what|which \w+)(?: (?:do|does|should|would|can|to))?(?: (?:i|we|you|one|they))? (?:start|begin)"
    r"|(?:what|which \w+) (?:is|are|do|should)(?: \w+){0,3} given first)\b"
)
"""Of a question: that it wants to know what treatment begins with."""
OF_TREATMENT = re.compile(
    r"\b(?:treat\w*|therap\w+|manag\w+|drugs?|medicines?|medications?|meds|giv\w+|gets?|tak\w+|start\w*|begin\w*|prescri\w+"
    r"|options?|used?|lines?|recommend\w*)\b"
)
"""A question that asks for nothing of the kind may be told at any stage: an outlook, a test."""
PAST_THE_START = re.compile(
    r"\b(?:after|beyond|despite|following|on top of|when|if|once|where|fail\w*|not respon\w+|resist\w*|refractory"
    r"|respon\w+ (?:badly|poorly|inadequately))(?: (?:of|to|on|the|all|any|standard|usual|conventional|failed))*"
    rf" {FIRST}(?: {TREATMENT})?\b"
    rf"|\b{FIRST}(?: {TREATMENT})? (?:(?:has|have|had|is|are|was|were|does|did|do|alone|itself) ?)*"
    r"(?:fail\w*|not|n't|isn't|doesn't|didn't|hasn't|wasn't|ineffective|inadequate|insufficient)"
)
"""“After first-line treatment” names what is over with."""
LATER = re.compile(
    r"\b(?:refractory|resistant|resists?|persist\w*|despite|fail\w*|not (?:\w+ )?(?:respond\w*|improv\w+|work\w*"
    r"|controlled|enough)|relaps\w*|(?:second|third)[- ]line|inadequate\w*|stepp?(?:ed|ing|s)?[- ](?:it |treatment )?up"
    r"|escalat\w+|intensif\w+|(?:stronger|rescue) (?:treatment|therapy)|isn't enough|aren't enough)\b"
)
ASKS_LATER = re.compile(
    r"\b(?:refractory|resistant|persist\w*|despite|fail\w*|not (?:responding|improving|working)|relaps\w*"
    r"|second[- ]line|after|next|still)\b"
)
DOCUMENTS_SAY = "first treatment, newly diagnosed, new-onset"
CLAUSE = re.compile(r"[;:]|,\s(?=and|but|or|whereas|while)|\s(?:whereas|but|although)\s")


class Stage(StrEnum):
    """When in the course of a disease."""

    START = "from the start"
    LATER = "when the first treatment wasn't enough"


def stage_asked(question: ParsedQuestion) -> Stage | None:
    """The stage that a question is about; None where it names none, or both. Each drug has a beginning of its own."""
    return _stage_asked(question.text, of_a_drug=names_drug(question))


def names_drug(question: ParsedQuestion) -> bool:
    """Is a drug or a class of drugs named?"""
    return any(term.kind in DRUG_KINDS for term in question.terms)


def words_of_start(question: ParsedQuestion, glossary: Glossary) -> frozenset[str]:
    """The content words by which a question says that it is about the start; none where it isn't."""
    if stage_asked(question) is not Stage.START:
        return frozenset()
    return frozenset(item for said in _says_start(question.text) for item in content(said, glossary))


def in_words_of_start(question: ParsedQuestion) -> str:
    """A question about the start in the words that documents have for it.

    A title may say "after first-line treatment", and what is given first stands under "newly diagnosed".
    """
    folded = fold(question.text)
    for said in _says_start(question.text):
        folded = folded.replace(said, " ")
    return f"{' '.join(folded.split())} ({DOCUMENTS_SAY})"


@lru_cache(maxsize=1024)
def _stage_asked(question: str, *, of_a_drug: bool) -> Stage | None:
    folded = fold(question)
    rest = PAST_THE_START.sub(" ", folded)
    first = bool(FROM_THE_START.search(rest) or (BEGINS.search(rest) and not of_a_drug))
    first = first and bool(OF_TREATMENT.search(split_sentences(folded)[-1]))
    later = rest != folded or bool(ASKS_LATER.search(rest))
    if first == later:
        return None
    return Stage.START if first else Stage.LATER


def _says_start(question: str) -> tuple[str, ...]:
    folded = fold(question)
    return tuple(match.group() for pattern in (FROM_THE_START, BEGINS) for match in pattern.finditer(folded))


def read_stage(body: str, context: str) -> Stage | None:
    """The stage that a statement is about; where it doesn't say, that of its headings and title."""
    return _stage_of(body) or _stage_of(context)


@lru_cache(maxsize=32_768)
def _stage_of(text: str) -> Stage | None:
    """One clause that is only about the start is enough, the others tell how it goes on; else the first one tells."""
    clauses = CLAUSE.split(fold(text))
    rests = [PAST_THE_START.sub(" ", clause) for clause in clauses]
    later = [rest != clause or bool(LATER.search(rest)) for rest, clause in zip(rests, clauses, strict=True)]
    if any(FROM_THE_START.search(rest) and not late for rest, late in zip(rests, later, strict=True)):
        return Stage.START
    return Stage.LATER if later[0] else None
