"""What only one kind of statement answers: whether a drug is licensed, what a word means, how a disease goes on.

However close another statement's words are, it answers another question.
"""

import re
from collections.abc import Iterator

from bot.answering.candidates import Candidate
from bot.answering.meanings import in_words_of_meaning, only_explains, says_meaning
from bot.answering.outlook import ASKED, WHAT_OUGHT_TO_BE, in_words_of_outlook, nearness, of_results, says_outlook
from bot.answering.question import Aspect, ParsedQuestion
from bot.answering.reading import family
from bot.answering.regulatory import tells_status
from bot.domain.glossary import DRUG_KINDS, Glossary
from bot.domain.text import fold

DEMANDING = frozenset({Aspect.REGULATORY_STATUS, Aspect.MEANING, Aspect.OUTLOOK})
NOT_MET, BESIDE_A_MEANING = 0.6, 0.72
BELOW = 0.9
"""What doesn't meet the demand never leads where something does."""
ONLY_EXPLAINS = 0.78
"""Who doesn't ask what something is seldom wants to be told."""
IS_IT_ONE = re.compile(r"^(?:is|are)\b[^?]*\b(?:an?|kinds?|types?|same)\b")
NOT_A_TARGET = 0.75
"""Asked how it should go, what became of patients is no answer."""
A_TARGET = re.compile(r"\b(?:should|targets?|goal|expect\w*|advis\w+|recommend\w*|suggest\w*|aims?)\b")


def demands(question: ParsedQuestion) -> bool:
    """Does only one kind of statement answer this question?"""
    return not question.aspects.isdisjoint(DEMANDING)


def meets(candidate: Candidate, question: ParsedQuestion, glossary: Glossary) -> bool:
    """Is the statement of every kind that is demanded?"""
    if question.wants(Aspect.MEANING) and not says_meaning(candidate.body, question.meant, glossary):
        return False
    if question.wants(Aspect.OUTLOOK) and not _tells_outlook(candidate, question, glossary):
        return False
    return not question.wants(Aspect.REGULATORY_STATUS) or tells_status(candidate, question, glossary)


def _tells_outlook(candidate: Candidate, question: ParsedQuestion, glossary: Glossary) -> bool:
    if not says_outlook(candidate.body, question.courses, question.terms, glossary):
        return False
    drugs = {term.id for term in question.terms if term.kind in DRUG_KINDS}
    if not of_results(fold(question.text), glossary):
        return True
    return not drugs or bool(drugs & family(f"{candidate.context} . {candidate.body}", glossary))


def fitness(candidate: Candidate, question: ParsedQuestion, glossary: Glossary) -> float:
    """1 for a statement of the kind that is asked for, less for one of another kind."""
    if demands(question):
        if not meets(candidate, question, glossary):
            return BESIDE_A_MEANING if question.meant else NOT_MET
        if not question.courses or of_results(fold(question.text), glossary):
            return 1.0
        told = ONLY_EXPLAINS if only_explains(candidate.body, glossary) else 1.0
        return told * nearness(candidate.body, question.terms, glossary)
    asked, body = fold(question.text), fold(candidate.body)
    explains = question.wants(Aspect.MECHANISM) or IS_IT_ONE.search(asked)
    if not explains and only_explains(candidate.body, glossary):
        return ONLY_EXPLAINS
    ought = WHAT_OUGHT_TO_BE.search(asked) and any(pattern.search(asked) for pattern in ASKED.values())
    return NOT_A_TARGET if ought and not A_TARGET.search(body) else 1.0


def in_words_of_demand(question: ParsedQuestion, glossary: Glossary) -> Iterator[str]:
    """What is to be explained, or the course of a disease, as documents put it: searched beside the question."""
    if question.wants(Aspect.MEANING):
        yield in_words_of_meaning(question.meant, glossary)
    if question.wants(Aspect.OUTLOOK) and not of_results(fold(question.text), glossary):
        yield in_words_of_outlook(question.text)
