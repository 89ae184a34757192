"""What the last answers listed, so that "the second one" and "the other two" mean something."""

import re
from collections.abc import Sequence

from bot.answering.language import STOP_WORDS, stem
from bot.answering.question import parse_question
from bot.conversation.focus import is_left_behind
from bot.domain.answers import Answer, Clarification
from bot.domain.glossary import Glossary, TermKind
from bot.domain.messages import Turn
from bot.domain.text import fold, words

COMPARABLE = frozenset({TermKind.DRUG, TermKind.DRUG_CLASS, TermKind.ANTIBODY, TermKind.PROCEDURE, TermKind.DISEASE})
SORTS = (
    frozenset({TermKind.DRUG, TermKind.DRUG_CLASS}),
    frozenset({TermKind.ANTIBODY}),
    frozenset({TermKind.PROCEDURE}),
    frozenset({TermKind.DISEASE}),
)
"""What is listed and compared together."""
RECENT = 4
"""Turns in which things to compare are looked for."""
ITEM = r"[^,;:.()]{2,60}?"
ENUMERATION = re.compile(
    rf"(?P<items>(?:{ITEM},\s+)+(?:and\s+|or\s+|and/or\s+)?[^,;:.()]{{2,60}}|{ITEM}\s+(?:and"
    rf"|or)\s+[^,;:.()]{{2,60}})(?=[).;:]|$)"
)
BEFORE_LIST = re.compile(
    r"^.*\b(?:are|is|include|includes|including|especially|particularly|namely|monitoring|assess|assessing"
    r"|consider|considering|either|with|of|for|to|on|in|e\.g|like|monitor)\s+",
    re.IGNORECASE,
)
AFTER_LIST = re.compile(
    r"(?<!\s)\s+(?:is|are|was|were|may|can|should|could|involvement|in|for|with|to|as|after|when|if|based|which|that|has"
    r"|have)\b.*$",
    re.IGNORECASE,
)


def listed_items(turns: Sequence[Turn], glossary: Glossary) -> tuple[str, ...]:
    """The things that were listed last: a question's alternatives, an answer's enumeration, or its claims in order."""
    for turn in reversed(turns[-4:]):
        if isinstance(turn.outcome, Clarification) and turn.outcome.choices:
            return turn.outcome.choices
        if isinstance(turn.outcome, Answer):
            items = _members(turn, glossary) or enumerated(turn.outcome.claims[0].text, glossary)
            items = items or _named_alternatives(turn, glossary)
            items = _under_one_heading(turn, turn.outcome) or items
            if not items and len(turn.outcome.claims) > 1:
                items = tuple(claim.text for claim in turn.outcome.claims)
            if len(items) > 1:
                return items
    return ()


def enumerated(text: str, glossary: Glossary) -> tuple[str, ...]:
    """The items of the longest list inside a sentence: `cardiac, pulmonary, and GI`, or its terms of one kind."""
    best: tuple[str, ...] = ()
    for match in ENUMERATION.finditer(text):
        parts = [
            part.strip()
            for part in re.split(r",\s*(?:and/or|and|or)?\s+|\s+(?:and/or|and|or)\s+", match["items"])
            if part.strip()
        ]
        if len(parts) > 1:
            parts[0] = BEFORE_LIST.sub("", parts[0]).strip() or parts[0]
            parts[-1] = AFTER_LIST.sub("", parts[-1]).strip() or parts[-1]
            parts = [re.sub(r"^(?:an?|the|either|both)\s+", "", part) for part in parts]
        if len(parts) > len(best) and all(len(part.split()) <= 8 for part in parts):
            best = tuple(parts)
    folded = fold(text)
    terms = [m.term for m in glossary.mentions(text) if m.term.kind in COMPARABLE and not is_left_behind(folded, m)]
    above = {term.id for named in terms for term in glossary.ancestors(named)}
    for kinds in SORTS[:-1]:
        names = tuple(dict.fromkeys(term.name for term in terms if term.kind in kinds and term.id not in above))
        if len(names) > 1 and len(names) >= len(best):
            return names
    return best if len(best) > 1 else ()


def _under_one_heading(turn: Turn, answer: Answer) -> tuple[str, ...]:
    """The claims under the heading that was asked for (`Pitfalls to avoid: …`), each up to its explanation."""
    lead, colon, _ = answer.claims[0].text.partition(": ")
    asked = {stem(word) for word in words(turn.question) if word not in STOP_WORDS}
    if not colon or asked.isdisjoint(stem(word) for word in words(lead)):
        return ()
    rest = [claim.text.removeprefix(f"{lead}: ") for claim in answer.claims if claim.text.startswith(f"{lead}: ")]
    return tuple(re.split(r"\s[-–—]\s", item)[0].rstrip(".") for item in rest) if len(rest) > 1 else ()


def _members(turn: Turn, glossary: Glossary) -> tuple[str, ...]:
    """The members of a class that the question asked about, as the answer names them in one sentence."""
    asked = [
        term
        for term in glossary.terms_in(turn.standalone_question or turn.question)
        if term.kind is TermKind.DRUG_CLASS
    ]
    if not isinstance(turn.outcome, Answer):
        return ()
    for term in asked:
        belonging = {member.id for member in glossary.members(term)}
        for claim in turn.outcome.claims:
            named = tuple(term.name for term in glossary.terms_in(claim.text) if term.id in belonging)
            if len(named) > 1:
                return named
    return ()


def _named_alternatives(turn: Turn, glossary: Glossary) -> tuple[str, ...]:
    parsed = parse_question(turn.standalone_question or turn.question, glossary)
    terms = [term for term in parsed.terms if term.kind in COMPARABLE]
    return tuple(term.name for term in terms) if parsed.alternatives and len(terms) > 1 else ()


def named_by_user(turns: Sequence[Turn], glossary: Glossary) -> tuple[str, ...]:
    """What can be compared in the user's own words of the last turns, all of the sort named last, earliest first."""
    seen: dict[str, tuple[str, frozenset[TermKind]]] = {}
    for turn in reversed(turns[-RECENT:]):
        text = turn.standalone_question or turn.question
        folded = fold(text)
        for mention in reversed(glossary.mentions(text)):
            sort = next((kinds for kinds in SORTS if mention.term.kind in kinds), None)
            if sort and not is_left_behind(folded, mention):
                seen.setdefault(mention.term.id, (mention.term.name, sort))
    for sort in dict.fromkeys(sort for _, sort in seen.values()):
        names = [name for name, its in seen.values() if its == sort]
        if len(names) > 1:
            return tuple(reversed(names))
    return ()
