"""Numbers with their units and how often something is given: the same, in the same place, of the same drug."""

import re
from collections.abc import Sequence

from bot.answering.alignment import same_amount
from bot.answering.compared import CLEARLY, Compared, contradicted, slot, surroundings, unknown
from bot.answering.quantities import TIME_UNITS
from bot.answering.tokens import Kind, Token
from bot.domain.answers import Verdict
from bot.domain.glossary import Term, TermKind

YEAR = re.compile(r"(?:19|20)\d\d")
COUNTED = frozenset({Kind.AMOUNT, Kind.SCHEDULE})
ARMS = frozenset("placebo control controls comparator sham".split())


def check_amounts(it: Compared) -> Verdict | None:
    """Each amount and schedule of the claim stands in the passages, and about the same thing."""
    if objection := _changed_in_copy(it):
        return objection
    for index, token in enumerate(it.claim):
        if token.kind not in COUNTED:
            continue
        own = [place.at for place in it.alignment.options[index]]
        if objection := _moved(it, index, own) if own else _missing(it, index):
            return objection
    return None


def _rival(it: Compared, index: int, own: Sequence[int]) -> int | None:
    """The other amount of the passages that stands most as this one does in the claim."""
    token = it.claim[index]
    rivals = (
        position
        for position, other in enumerate(it.passage)
        if other.kind is token.kind and position not in own and _comparable(token, other)
    )
    return max(rivals, key=lambda position: surroundings(it, index, position), default=None)


def _changed_in_copy(it: Compared) -> Verdict | None:
    """A claim that is a sentence of the passages but for its amounts must have that sentence's amounts."""
    told = None
    for positions in it.alignment.passages.sentences.values():
        if len(positions) != len(it.claim):
            continue
        pairs = [(mine, it.passage[position]) for mine, position in zip(it.claim, positions, strict=True)]
        if not all(
            mine.kind is theirs.kind and (mine.kind in COUNTED or mine.key == theirs.key) for mine, theirs in pairs
        ):
            continue
        changed = [(mine, theirs) for mine, theirs in pairs if mine.key != theirs.key and not same_amount(mine, theirs)]
        if not changed:
            return None
        told = told or changed[0]
    return contradicted(f"There the passage says {told[1].written}, the claim {told[0].written}.") if told else None


def _missing(it: Compared, index: int) -> Verdict | None:
    """The passages don't state the amount."""
    token = it.claim[index]
    if token.written == "one" or (token.kind is Kind.AMOUNT and _written_in_name(token, it)):
        return None
    rival = _rival(it, index, ())
    if rival is not None and (surroundings(it, index, rival) > 0 or it.passage[rival] in it.rests_on):
        return contradicted(f"The passage says {it.passage[rival].written}, the claim {token.written}.")
    if said := _same_value(token, it.rests_on):
        return contradicted(f"The passage says {said}, the claim {token.written}.")
    return unknown(f"The passage doesn't state {token.written} there.")


def _moved(it: Compared, index: int, own: Sequence[int]) -> Verdict | None:
    """The passages state it of something else."""
    token = it.claim[index]
    if owner := _owner(own, it):
        return contradicted(f"In the passage {token.written} belongs to {owner.name}.")
    if (other := _of_another(it, index, own)) is not None:
        return contradicted(f"In the passage {token.written} belongs to {it.passage[other].written}.")
    beside, instead = slot(it, index)
    if instead is not None and not _comparable(token, it.passage[instead]):
        instead = None
    if it.quoting and instead is not None and not beside:
        return contradicted(f"There the passage says {it.passage[instead].written}, the claim {token.written}.")
    if (other := _turned_round(it, index)) is not None:
        said = it.passage[other].written
        return contradicted(f"The passage says {token.written} after {said}, the claim before it.")
    if beside and instead is None:
        return None
    rival = _rival(it, index, own)
    if rival is None:
        return None
    here = max(surroundings(it, index, position) for position in own)
    if surroundings(it, index, rival) > here + CLEARLY:
        return contradicted(f"There the passage says {it.passage[rival].written}, the claim {token.written}.")
    return None


def _of_another(it: Compared, index: int, own: Sequence[int]) -> int | None:
    """The name beside the amount in the passage, where the claim's own name stands beside another such amount."""
    named = _arm_beside(it.claim, index)
    here = _arm_beside(it.passage, own[0])
    if named is None or here is None or len(own) != 1 or it.passage[here].key in {token.key for token in it.claim}:
        return None
    for position in it.alignment.passages.sentences[it.passage[own[0]].sentence]:
        other = it.passage[position]
        if position == own[0] or other.kind is not Kind.AMOUNT or other.unit != it.claim[index].unit:
            continue
        there = _arm_beside(it.passage, position)
        if there is not None and it.passage[there].key == it.claim[named].key:
            return here
    return None


def _arm_beside(tokens: Sequence[Token], position: int) -> int | None:
    """The nearest name of a treatment or group within two words, behind the amount first."""
    for other in (position + 1, position + 2, position - 1, position - 2):
        if 0 <= other < len(tokens) and tokens[other].sentence == tokens[position].sentence and _is_arm(tokens[other]):
            return other
    return None


def _is_arm(token: Token) -> bool:
    return token.key in ARMS or _is_drug(token) or token.kind is Kind.NAME


def _turned_round(it: Compared, index: int) -> int | None:
    """Where the passage says two amounts that follow each other in the other order: the place of the second."""
    if index + 1 >= len(it.claim) or it.claim[index + 1].kind is not Kind.AMOUNT:
        return None
    one, other = ({place.at for place in it.alignment.options[i]} for i in (index, index + 1))
    if not one or not other or any(p in one and q in other and q > p for p in one for q in other if q - p <= 2):
        return None
    return next((q for p in one for q in other if 0 < p - q <= 2), None)


def _comparable(token: Token, other: Token) -> bool:
    if token.kind is Kind.SCHEDULE or token.unit == other.unit or {token.unit, other.unit} <= TIME_UNITS:
        return True
    if token.relation != other.relation or _is_year(token) != _is_year(other):
        return False
    return "" in {token.unit, other.unit} and "%" not in {token.unit, other.unit} and "/" not in token.unit + other.unit


def _is_year(token: Token) -> bool:
    return not token.unit and YEAR.fullmatch(token.written) is not None


def _same_value(token: Token, tokens: Sequence[Token]) -> str:
    """How the passage writes the claim's number, with another unit."""
    if token.quantity is None:
        return ""
    mine = set(token.quantity.values)
    return next((t.written for t in tokens if t.quantity is not None and mine & set(t.quantity.values)), "")


def _written_in_name(token: Token, it: Compared) -> bool:
    """Is the number part of a name of the passage (`type 2` beside `T2DM`)? Only where it has no unit."""
    return not token.unit and not it.quoting and any(token.written in t.key for t in it.passage if t.kind is Kind.NAME)


def _owner(own: Sequence[int], it: Compared) -> Term | None:
    """Another drug that the amount belongs to in the passage; None when it may be the claim's."""
    claimed = {token.term.id for token in it.claim if _is_drug(token) and token.term}
    if not claimed:
        return None
    stranger: Term | None = None
    for position in own:
        sentence = it.passage[position].sentence
        around = [t.term for t in it.passage if t.sentence == sentence and t.term and _is_drug(t)]
        if not around:
            before = [t for t in it.passage[:position] if _is_drug(t)]
            around = [t.term for t in before if t.sentence == before[-1].sentence and t.term]
        named = {term.id for term in around}
        if claimed <= named or named <= claimed:
            return None
        stranger = next(term for term in around if term.id not in claimed)
    return stranger


def _is_drug(token: Token) -> bool:
    return token.term is not None and token.term.kind is TermKind.DRUG
