"""How a claim speaks: it informs and gives nobody orders, holds no marks, and names nobody whom its source doesn't."""

import re
from collections.abc import Sequence

from bot.answering.compared import unknown
from bot.domain.answers import Verdict
from bot.domain.glossary import Glossary
from bot.domain.orders import is_order
from bot.domain.text import fold, words

VERBS = (
    r"(?:add|adjust|administer|assess|begin|change|check|combine|consider|continue|decrease|discontinue|double|ensure"
    r"|escalate|evaluate|exclude|give|halve|hold|increase|inject|initiate|lower|maintain|measure|monitor|obtain|offer"
    r"|perform|prescribe|raise|reduce|refer|repeat|replace|restart|resume|rule out|screen|skip|start|stop|switch|take"
    r"|taper|treat|try|use|wean|withdraw|withhold)"
)
"""What is done with a treatment. Calling for help or keeping out of the sun isn't among it."""
DIRECTIVE = re.compile(
    r"(?:^|[.!?:;]\s+|\s-\s+)(?:\W*\d+[.)]\s*)?(?:(?:please|always|never|also|then|first|next|do not|don'?t)\s+)*"
    rf"{VERBS}\b"
    r"(?![-/:]| (?:of|in|from|is|was|are|were|has|had|to target)\b)"
    r"|\b(?:you|your (?:child|son|daughter)|parents|famil(?:y|ies)|carers|caregivers)"
    rf" (?:should|must|needs? to|ha(?:ve|s) to|ought to|can|may) (?:\w+ )?{VERBS}\b"
)
TO_ONE = frozenset("you your yours yourself".split())
TAG = re.compile(r"</?[a-z!][^<>]*>|!\[|\]\(", re.IGNORECASE)
SPELT = re.compile(r"(?:(?<!\S)[^\W\d_]\s+){3}[^\W\d_]\b")
CODE = re.compile(r"(?<![\w-])[A-Z]{2,}-?\d+(?![\w-])")
NAMED = re.compile(r"(?<![\w.])[A-Z][a-zà-ÿ]{2,}(?: [A-Z]\.)?(?: (?:van |von |de )?[A-Z][a-zà-ÿ]{2,})+")


def check_speech(claim: str, passages: Sequence[str], glossary: Glossary) -> Verdict | None:
    """Why a claim isn't said in this way, whatever it says; None where nothing is wrong.

    What a passage itself does is no fault of a claim that repeats it: a leaflet says "you".
    """
    if TAG.search(claim):
        return unknown("It holds marks of a page, such as a link or a tag.")
    if is_order(claim):
        return unknown("It speaks to a machine, not to its reader.")
    if TO_ONE.intersection(words(claim)) and TO_ONE.isdisjoint(_all_words(passages)):
        return unknown("It speaks to the reader, and the passage doesn't: say what is known, of whom.")
    orders = [_ordered(fold(claim), match) for match in DIRECTIVE.finditer(fold(claim))]
    if orders and not any(DIRECTIVE.search(fold(text)) or all(o in fold(text) for o in orders) for text in passages):
        return unknown("It gives an order, and the passage doesn't: say what is known or done.")
    if SPELT.search(claim) and not any(map(SPELT.search, passages)):
        return unknown("It spells a word out, and the passage doesn't.")
    for match in CODE.finditer(claim):
        if fold(match.group()) not in fold(" ".join(passages)) and not glossary.terms_in(match.group()):
            return unknown(f"The passage doesn't name {match.group()}.")
    for match in NAMED.finditer(claim):
        written = _all_words(passages)
        strange = [word for word in words(match.group()) if word not in written]
        if len(strange) > 1 and not glossary.terms_in(match.group()):
            return unknown(f"The passage doesn't name {match.group()}.")
    return None


def _all_words(passages: Sequence[str]) -> frozenset[str]:
    return frozenset(word for text in passages for word in words(text))


def _ordered(claim: str, match: re.Match[str]) -> str:
    """What is ordered: the verb with the two words behind it, which a passage may hold at the beginning of a line."""
    verb = match.group().split()[-1]
    return " ".join([verb, *claim[match.end() :].split()[:2]]).rstrip(" .,;:")
