"""What a question denies: its negations, without those that only sound like one ("isn't it …?", "I don't know")."""

import re
from collections.abc import Iterator, Sequence

from bot.answering.language import CLAUSE_BORDER, NEGATIONS, content, stem
from bot.domain.glossary import Glossary
from bot.domain.text import WORD, fold

CUES = NEGATIONS | frozenset(
    """
    nope failure failures failing fail unresponsive nonresponse nonresponder nonresponders intolerant intolerance
    resistant resistance negative impossible forbidden
    """.split()
)
FORWARD = frozenset("not no never without neither nor cannot lacking avoid".split())
NOUNS = frozenset("failure failures resistance intolerance absence lack".split())
"""Cues that deny the word beside them and not their clause: "on steroids after methotrexate failure"."""
NEUTRAL = re.compile(
    r"\b(?:whether )?or not\b|\bnot only\b|\bno matter\b|\bif nothing else\b"
    r"|\b(?:i|we) (?:do not|don't|dont|did not|didn't|cannot|can't|cant)(?: really| quite)? "
    r"(?:know|understand|get|see|remember|find|follow)\b|\b(?:i am|i'm|we're|we are) not (?:really |quite )?sure\b"
    r"|\bnot (?:quite )?(?:sure|clear)\b(?= (?:if|whether|what|why|how|to me))"
    r"|,\s*(?:isn't|aren't|doesn't|don't|wasn't|can't|won't) (?:it|that|they|she|he|you|there)\s*\??$|,\s*no\s*\??$"
)
# A question that starts with a denied verb asks for a yes.
POLITE = re.compile(
    r"^(?:(?:and|but|so|then|ok|okay|well|hm+|why)[\s,]+)?"
    r"(?P<verb>isn't|aren't|wasn't|weren't|doesn't|don't|didn't|can't|couldn't|shouldn't|wouldn't|won't|haven't|hasn't)\b"
)


def is_denied(text: str, *, politely: bool = True) -> bool:
    """Does the text deny something? A polite negative at its start doesn't count, except with `politely=False`."""
    return any(_cues(clause) for clause in _clauses(text, politely=politely))


def first_denied(text: str, glossary: Glossary) -> tuple[str, ...]:
    """The first content word or term after each negation that looks forward."""
    found: list[str] = []
    for clause in _clauses(text, politely=True):
        for match in WORD.finditer(clause):
            if _is_forward(match.group()):
                found += content(clause[match.end() :].strip(), glossary)[:1]
    return tuple(found)


def is_free(word: str, text: str, glossary: Glossary) -> bool:
    """Does a content word stand in the text, but nowhere beside a negation?"""
    holding = [clause for clause in _clauses(text, politely=False) if word in content(clause, glossary)]
    return bool(holding) and not any(set(_cues(clause)) - NOUNS for clause in holding)


def said_before(text: str, earlier: Sequence[str], glossary: Glossary) -> bool:
    """Was everything that the text denies denied before, in the same words and of the same things?"""
    denying = [clause for before in earlier for clause in _clauses(before, politely=False) if _cues(clause)]
    held = {word for clause in denying for word in content(clause, glossary)}
    for clause in _clauses(text, politely=False):
        mine = {_family(cue) for cue in _cues(clause) if not _is_forward(cue)}
        things = {term.id for term in glossary.terms_in(clause)}
        if mine and not any(
            mine <= {_family(cue) for cue in _cues(other)}
            and (not things or things & {term.id for term in glossary.terms_in(other)})
            for other in denying
        ):
            return False
    return bool(denying) and set(first_denied(text, glossary)) <= held


def _family(cue: str) -> str:
    """`failure` and `failed` are one."""
    return stem(cue)[:4]


def _is_forward(cue: str) -> bool:
    return cue in FORWARD or cue.endswith("n't")


def _cues(clause: str) -> list[str]:
    return [word for word in WORD.findall(clause) if word in CUES or word.startswith("non-") or word.endswith("n't")]


def _clauses(text: str, *, politely: bool) -> Iterator[str]:
    folded = NEUTRAL.sub(" ", fold(text)).strip()
    if politely and (match := POLITE.match(folded)) and not folded.startswith("why"):
        folded = folded[: match.start("verb")] + folded[match.end() :]
    for clause in CLAUSE_BORDER.split(folded):
        if clause and clause.strip():
            yield clause
