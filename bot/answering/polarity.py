"""Does the claim deny what the passage says, say the opposite, or turn a comparison round?"""

from collections.abc import Sequence

from bot.answering.compared import CLEARLY, Compared, contradicted, surroundings
from bot.answering.direction import direction, directions
from bot.answering.synonyms import opposites
from bot.answering.tokens import NOT, Kind, Token
from bot.domain.answers import Verdict

DENYING = frozenset(
    """lack lacks lacked lacking absence absent unable failed fails fail failure avoid avoided contraindicated
    ineffective unlikely withheld""".split()
)
SURELY = 1.6
"""How much better a word of the other direction must fit its place, where the two aren't listed as opposites."""
ADVISED_AGAINST = DENYING | {"against"}
"""What a claim may not skip: `advises against vaccines`."""
NEGATION_REACH, DIRECTLY = 8, 2
"""Words that a negation covers at the most, and those that it surely covers."""


def check_negation(it: Compared) -> Verdict | None:
    return _negation_in_place(it) if it.quoting else _negation_around(it)


def _negation_in_place(it: Compared) -> Verdict | None:
    """A claim that quotes denies and affirms where its passage does."""
    for index, theirs, between in it.joints:
        mine = it.claim[index].operators & NOT
        denied: object = theirs & NOT or {it.passage[p].key for p in between[:-1]} & ADVISED_AGAINST
        if (other := _before_its_object(it, index)) is not None:
            denied = it.passage[other].operators & NOT
        if mine and not denied:
            said, there = it.claim[index].key, it.passage[between[-1]].key
            if said != there and {said, there} & DENYING:
                continue
            return contradicted(f"The claim denies what the passage says (“{it.claim[index].written}”).")
        if denied and not mine and it.claim[index - 1].key not in DENYING:
            return contradicted(f"The passage denies what the claim says (“{it.claim[index].written}”).")
    return _denying_word_put_in(it)


def _denying_word_put_in(it: Compared) -> Verdict | None:
    """`failed to improve` for `improved`, also where the passage says `failed` of something else."""
    for index, token in enumerate(it.claim[:-1]):
        at = it.alignment.at(index + 1)
        if token.key not in DENYING or token.operators & NOT or it.alignment.at(index) is not None or at is None:
            continue
        if not it.passage[at].operators & NOT and it.passage[max(0, at - 1)].key not in DENYING:
            return contradicted(f"The claim denies what the passage says (“{it.claim[index + 1].written}”).")
    return None


def _before_its_object(it: Compared, index: int) -> int | None:
    """Of a word that the passage says several times, the place before what the claim says it of, where that is another.

    `X was not linked to age but was linked to sex` denies one of the two.
    """
    chosen, following = it.alignment.at(index), it.alignment.at(index + 1)
    if chosen is None or following is None or it.claim[index + 1].clause != it.claim[index].clause:
        return None
    nearest = max(
        (
            place.at
            for place in it.alignment.options[index]
            if 0 < following - place.at <= NEGATION_REACH
            and it.passage[place.at].key == it.passage[chosen].key
            and it.passage[place.at].sentence == it.passage[following].sentence
        ),
        default=chosen,
    )
    return nearest if nearest != chosen else None


def _negation_around(it: Compared) -> Verdict | None:
    if not any(token.operators & NOT or token.key in DENYING for token in (*it.claim, *it.rests_on)):
        return None
    mine, theirs = negated(it.claim, frozenset()), negated(it.passage, DENYING)
    for index, token in enumerate(it.claim):
        places = it.alignment.options[index]
        chosen = it.alignment.at(index)
        if chosen is None or token.kind in {Kind.SCHEDULE, Kind.AMOUNT} or token.key in DENYING:
            continue
        if not it.alignment.in_place(index):
            continue
        same = [place for place in places if bool(theirs[place.at]) == bool(mine[index])]
        if any(_beside(it, index, place.at) for place in same):
            continue
        if 0 < mine[index] <= DIRECTLY and not theirs[chosen]:
            return contradicted(f"The claim denies what the passage says (“{it.passage[chosen].written}”).")
        if 0 < theirs[chosen] <= DIRECTLY and not mine[index]:
            return contradicted(f"The passage denies what the claim says (“{token.written}”).")
    return None


def negated(tokens: Sequence[Token], denying: frozenset[str]) -> list[int]:
    """For each token, how many words before it a negation of its clause stands; 0 where none does."""
    found: list[int] = []
    since, clause = 0, (-1, -1)
    for token in tokens:
        if (token.sentence, token.clause) != clause:
            since, clause = 0, (token.sentence, token.clause)
        if token.operators & NOT:
            since = 1
        elif since:
            since += 1
        found.append(since if since <= NEGATION_REACH else 0)
        if token.key in denying:
            since = 1
    return found


def _beside(it: Compared, index: int, position: int) -> bool:
    """Does another word of the claim stand near that position as it does in the claim?"""
    return surroundings(it, index, position) >= 0.9


def check_opposites(it: Compared) -> Verdict | None:
    crosses, turned = _crosses(it), directions()
    for index, token in enumerate(it.claim):
        against, sign = opposites().get(token.key, frozenset()), direction(token)
        if crosses or not (against or sign):
            continue
        other_way = turned if sign else {}
        own = it.alignment.passages.own
        keys = [key for key in own if (key in against or other_way.get(key) == -sign) and key not in it.mine]
        found = sorted(position for key in keys for position in own[key])
        rival = max(found, key=lambda position: surroundings(it, index, position), default=None)
        if rival is None:
            continue
        exact = [place.at for place in it.alignment.options[index]]
        here = max((surroundings(it, index, position) for position in exact), default=0.0)
        there = surroundings(it, index, rival)
        listed = it.passage[rival].key in against
        if there > here + (CLEARLY if listed else SURELY) and there > 1.0:
            return contradicted(f"The claim says “{token.written}”, the passage “{it.passage[rival].written}”.")
    return None


def check_comparison(it: Compared) -> Verdict | None:
    """`A more than B` for `B more than A`. With the opposite word (`B less than A`) it is the same again."""
    if _crosses(it) and not _turned_word(it):
        return contradicted("The passage compares them the other way round.")
    return None


def _crosses(it: Compared) -> bool:
    """Do the claim's two sides of `than` stand on the other sides in the passage?"""
    turn = next((i for i, t in enumerate(it.claim) if "than" in t.operators and t.kind is not Kind.AMOUNT), None)
    if not turn:
        return False
    for sentence in it.alignment.sentences():
        inside = it.alignment.passages.sentences[sentence]
        middle = next((p for p in inside if "than" in it.passage[p].operators), None)
        if middle is None:
            continue
        crossed: set[bool] = set()
        kept: set[bool] = set()
        for index in range(max(0, turn - 8), min(len(it.claim), turn + 5)):
            sides = {place.at >= middle for place in it.alignment.options[index] if place.at in inside}
            if len(sides) == 1:
                (kept if sides == {index >= turn} else crossed).add(index >= turn)
        if crossed == {True, False} and True not in kept:
            return True
    return False


def _turned_word(it: Compared) -> bool:
    """Is one word of the claim's comparison the opposite of the passage's?"""
    return any(opposites().get(token.key, frozenset()) & it.theirs - it.mine for token in it.claim)
