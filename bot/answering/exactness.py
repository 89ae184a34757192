"""What a claim may add to the words that it repeats: nothing that says more.

A claim that mostly quotes is held to its passage word by word: what it exchanges must mean the same.
"""

from functools import lru_cache

from bot.answering.compared import Compared, contradicted, unknown
from bot.answering.polarity import DENYING
from bot.answering.population import PEOPLE, POPULATION
from bot.answering.synonyms import opposites
from bot.answering.tokens import Kind, Token
from bot.domain.answers import Verdict
from bot.domain.text import words

RUN, QUOTING = 4, 0.5
"""A claim quotes when half of its words or more stand in the passage in runs of at least four, function words included.
A fabricated sentence is an edit of a true one and keeps such runs; who puts it in his own words breaks them."""
HARMLESS = frozenset(
    """
    administered received employed employ employs employing utilised utilized utilises utilizes observed found
    seen noted reported shown performed carried conducted occurred occurs described obtained present also further
    authors study
    """.split()
)
"""Words that a sentence may gain without saying more."""
DENYING_PREFIXES = ("un", "in", "im", "ir", "il", "non", "non-", "dis")
SHORTEST_DENIED = 3
MOSTLY = 0.8
"""Share of a claim's beginning that stands in the passage where its end does not."""


def is_quoting(claim: str, passages: str) -> bool:
    """Does the claim mostly repeat its passages word by word?"""
    mine = words(claim)
    size = min(RUN, len(mine))
    theirs = words_in_row(passages)
    held: set[int] = set()
    for start in range(len(mine) - size + 1):
        if f" {' '.join(mine[start : start + size])} " in theirs:
            held.update(range(start, start + size))
    return len(held) >= QUOTING * len(mine)


@lru_cache(maxsize=256)
def words_in_row(text: str) -> str:
    """The words of a text with one space around each."""
    return f" {' '.join(words(text))} "


def check_exactness(it: Compared) -> Verdict | None:
    """Nothing exchanged, nothing added; None where a claim that quotes says what its passage says."""
    return check_exchanges(it) or check_partial_names(it) or check_leftovers(it)


def check_exchanges(it: Compared) -> Verdict | None:
    """A word that stands where the passage has another one, which the claim doesn't mean by it."""
    used = {place.at for place in it.alignment.chosen if place is not None}
    for index, token in enumerate(it.claim):
        position, sure = _only_place(it, index)
        if position is None or any(place.at == position for place in it.alignment.options[index]):
            continue
        other = it.passage[position]
        both_names = _is_name(token) and _is_name(other)
        if not (sure or both_names) and any(abs(p.at - position) <= 3 for p in it.alignment.options[index]):
            continue
        named = _is_name(token) or _is_name(other)
        excludes = (
            other.key in opposites().get(token.key, ())
            or _denied_within(token.key, other.key)
            or (token.key in PEOPLE and other.key in POPULATION)
        )
        borrowed = bool(it.alignment.options[index]) and position not in used
        if token.kind is Kind.AMOUNT or other.kind is Kind.AMOUNT or {token.key, other.key} & DENYING:
            continue
        if named or excludes or borrowed:
            return contradicted(f"There the passage says “{other.written}”, the claim “{token.written}”.")
    return None


def check_partial_names(it: Compared) -> Verdict | None:
    """A part of a name, joined with another word than in the passage (`JDM inhibitor` for `JAK inhibitor`)."""
    for index, token in enumerate(it.claim):
        at = it.alignment.at(index)
        if at is None or token.kind is not Kind.WORD or it.passage[at].kind is not Kind.TERM:
            continue
        if index and _is_name(it.claim[index - 1]) and not token.operators and _is_strange(it, index - 1, index, at):
            said = it.claim[index - 1].written
            return contradicted(f"There the passage speaks of {it.passage[at].written}, the claim of {said}.")
        inside = set(it.passage[at].written.split())
        for other in (index - 1, index + 1):
            excluded = 0 <= other < len(it.claim) and opposites().get(it.claim[other].key, frozenset()) & inside
            if excluded and _is_strange(it, other, index, at):
                said = it.claim[other].written
                return contradicted(f"There the passage speaks of {it.passage[at].written}, the claim of {said}.")
    return None


def _denied_within(one: str, other: str) -> bool:
    """Is one word the other with a prefix that denies it (`known`, `unknown`)?"""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) > SHORTEST_DENIED and any(longer == prefix + shorter for prefix in DENYING_PREFIXES)


def _is_strange(it: Compared, other: int, index: int, at: int) -> bool:
    """Does a neighbour of the claim's word not stand at its place in the passage?"""
    near = any(abs(at - place.at) <= 2 for place in it.alignment.options[other] if other < index)
    same = any(place.at == at for place in it.alignment.options[other])
    return it.claim[other].clause == it.claim[index].clause and not near and not same


def _only_place(it: Compared, index: int) -> tuple[int | None, bool]:
    """The one position between the places of both neighbours, or (unsure) beside the only neighbour."""
    before, after = _neighbour(it, index, -1), _neighbour(it, index, 1)
    if before is not None and after is not None:
        return (before + 1 if after - before == 2 and _together(it, before, after) else None), True
    ends = index + 1 == len(it.claim) or it.claim[index + 1].clause != it.claim[index].clause
    begins = index == 0 or it.claim[index - 1].clause != it.claim[index].clause
    if before is not None and ends and before + 1 < len(it.passage) and _one_clause(it, before, before + 1):
        return before + 1, False
    if after is not None and begins and after > 0 and _one_clause(it, after - 1, after):
        return after - 1, False
    return None, False


def _neighbour(it: Compared, index: int, step: int) -> int | None:
    """Where the claim's next word of the same clause stands."""
    at = it.alignment.at(index + step)
    return at if at is not None and it.claim[index + step].clause == it.claim[index].clause else None


def _one_clause(it: Compared, one: int, other: int) -> bool:
    return _together(it, one, other) and it.passage[one].clause == it.passage[other].clause


def _together(it: Compared, one: int, other: int) -> bool:
    return it.passage[one].sentence == it.passage[other].sentence


def _is_name(token: Token) -> bool:
    return token.kind in {Kind.NAME, Kind.TERM}


def check_leftovers(it: Compared) -> Verdict | None:
    """What the claim says beyond its passage; None where that is nothing but words of reporting."""
    run: list[int] = []
    for index in range(len(it.claim) + 1):
        if index < len(it.claim) and not it.alignment.in_place(index) and not _is_short(it):
            run.append(index)
            continue
        lost = [i for i in run if not it.alignment.options[i] and it.claim[i].key not in HARMLESS]
        said = " ".join(it.claim[i].written for i in run)
        if lost:
            return unknown(f"The passage doesn't say “{said}”.")
        if len(run) > 2:
            return unknown(f"The passage doesn't say “{said}” there.")
        run = []
    return None


def _is_clause(it: Compared, run: list[int]) -> bool:
    """Do these words make a clause of their own at the end (`, which also prevents flares`)?"""
    begins = run[0] > 0 and it.claim[run[0]].clause != it.claim[run[0] - 1].clause
    return begins and run[-1] == len(it.claim) - 1


def check_tail(it: Compared) -> Verdict | None:
    """A last clause of which no two words stand together in the passages is made up, whoever wrote the rest."""
    last = len(it.claim)
    while last > 1 and it.claim[last - 1].clause == it.claim[-1].clause and not it.alignment.in_place(last - 1):
        last -= 1
    run = list(range(last, len(it.claim)))
    rest = [it.alignment.in_place(index) for index in range(last)]
    if len(run) < 2 or not _is_clause(it, run) or sum(rest) < MOSTLY * len(rest):
        return None
    said = " ".join(it.claim[index].written for index in run)
    return unknown(f"The passage doesn't say “{said}”.")


def _is_short(it: Compared) -> bool:
    return len(it.claim) < 2
