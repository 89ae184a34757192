"""Where in its passages each word of a claim stands: the dearest way through them that keeps neighbours together."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, cached_property
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from bot.answering.language import stem
from bot.answering.quantities import COUNTED, TIME_UNITS
from bot.answering.synonyms import opposites, same_as
from bot.answering.tokens import Kind, Token, all_words, telling
from bot.domain.glossary import PART, Glossary, Term, TermKind
from bot.domain.text import fold, words

EXACT, INFLECTED, SYNONYM = 1.0, 0.95, 0.8
BEGINNING, IN_COMMON = 4, 0.7
"""Letters that two stems of one family share at least, and the share of the longer one that must be the same."""
STATES = 16
"""Ways kept at each word: of a name that begins many sentences of an abstract, the best way may be the twelfth."""
NEXT, NEAR, SAME_SENTENCE, BACKWARDS, ELSEWHERE = 1.0, 0.6, 0.2, 0.05, -0.35
SKIPPED, TWICE = -0.1, -0.8
HOLDING = frozenset({Kind.TERM, Kind.AMOUNT})
SHORTEST_ABBREVIATION = 3
REACH = 4
FIRST = itemgetter(0)


class Place(NamedTuple):
    """A position in the passage, and how well its word fits, from 0 to 1."""

    at: int
    fit: float


Way: TypeAlias = "tuple[Place | None, Way] | None"
"""The places of a claim's words, the last one first."""


class Passages:
    """The tokens of all passages of a claim, ready to be asked where a token stands."""

    def __init__(self, tokens: Sequence[Token], glossary: Glossary) -> None:
        self.tokens = tokens
        self._glossary = glossary
        self._by_key: dict[str, list[int]] = {}
        for position, token in enumerate(tokens):
            self._by_key.setdefault(token.key, []).append(position)
            if token.kind in {Kind.TERM, Kind.AMOUNT}:
                for part in _parts_of(token):
                    self._by_key.setdefault(part, []).append(position)

    @cached_property
    def sentences(self) -> Mapping[int, range]:
        """By number of the sentence, the positions of its tokens."""
        found: dict[int, range] = {}
        start = 0
        for position in range(1, len(self.tokens) + 1):
            if position == len(self.tokens) or self.tokens[position].sentence != self.tokens[start].sentence:
                found[self.tokens[start].sentence] = range(start, position)
                start = position
        return found

    @cached_property
    def sentence_of(self) -> Sequence[int]:
        """By position, the number of its sentence."""
        return [token.sentence for token in self.tokens]

    @cached_property
    def own(self) -> Mapping[str, Sequence[int]]:
        """By key, the positions of its tokens; of parts of a token none."""
        found: dict[str, list[int]] = {}
        for position, token in enumerate(self.tokens):
            found.setdefault(token.key, []).append(position)
        return found

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the passages, and of the full names that they abbreviate."""
        names = " ".join(token.term.name for token in self.tokens if token.term is not None)
        return all_words(self.tokens) | set(words(names))

    @cached_property
    def _amounts(self) -> list[int]:
        return [position for position, token in enumerate(self.tokens) if token.kind is Kind.AMOUNT]

    @cached_property
    def _by_beginning(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for key in self._by_key:
            found.setdefault(key[:3], []).append(key)
        return found

    def places(self, token: Token) -> tuple[Place, ...]:
        """Every place where the passages say it, the exact word or one that means the same."""
        found = dict.fromkeys(self._by_key.get(token.key, ()), EXACT)
        if token.kind is Kind.WORD:
            found |= self._relatives(token.key, set(found))
        elif token.kind is Kind.AMOUNT:
            for position in self._amounts:
                if position not in found and same_amount(token, self.tokens[position]):
                    found[position] = EXACT
        elif token.kind is Kind.TERM:
            found |= self._members(token)
            if not found:
                found |= self._in_other_words(token)
        elif token.kind is Kind.NAME and not found:
            found |= self._spelt_apart(token.key)
        return tuple(Place(at=position, fit=fit) for position, fit in found.items())

    def _relatives(self, word: str, known: set[int]) -> dict[int, float]:
        found: dict[int, float] = {}
        against = opposites().get(word, frozenset())
        mine = stem(word)
        for key in self._by_beginning.get(word[:3], ()):
            if key != word and key not in against and _one_family(mine, stem(key)):
                found |= dict.fromkeys(self._by_key[key], INFLECTED)
        for other in same_as().get(mine, ()):
            for key in self._by_beginning.get(other[:3], ()):
                if key != word and key not in against and key[0].isalpha() and stem(key) == other:
                    for position in self._by_key[key]:
                        found.setdefault(position, SYNONYM)
        return {position: fit for position, fit in found.items() if position not in known}

    def _members(self, token: Token) -> dict[int, float]:
        """Members of the class of drugs that the claim names carry it. One disease never stands for a wider one."""
        if token.term is None or token.term.kind is TermKind.DISEASE:
            return {}
        return dict.fromkeys(self._by_class.get(token.term.id, ()), SYNONYM)

    @cached_property
    def _by_class(self) -> Mapping[str, Sequence[int]]:
        """By id of a class, the positions of its members."""
        found: dict[str, list[int]] = {}
        for position, other in enumerate(self.tokens):
            for above in () if other.term is None else self._glossary.ancestors(other.term):
                found.setdefault(above.id, []).append(position)
        return found

    def narrower(self, term: Term, said: AbstractSet[str]) -> tuple[Place, ...]:
        """Where a name says this term and more (`high-risk JDM`), all of which the claim says, too."""
        names = [fold(name) for name in term.all_names]
        found = []
        for position, other in enumerate(self.tokens):
            name = next((name for name in names if f" {name} " in f" {other.written} "), "")
            if other.term is not None and name:
                more = set(PART.findall(other.written)) - set(PART.findall(name))
                if all(part in said for part in more if telling(part)):
                    found.append(Place(at=position, fit=SYNONYM))
        return tuple(found)

    def _in_other_words(self, token: Token) -> dict[int, float]:
        """All words of its name near each other, as in `varicella (chickenpox) vaccination`."""
        parts = [part for part in PART.findall(token.written) if telling(part)]
        if len(parts) < 2:
            return {}
        each = [{*self._by_key.get(part, ()), *self._relatives(part, set())} for part in parts]
        starts = [
            position
            for position in each[0]
            if all(any(abs(other - position) <= len(parts) for other in others) for others in each[1:])
        ]
        return dict.fromkeys(starts, SYNONYM)

    def spelt_out(self, token: Token) -> tuple[Place, ...]:
        """Words of the passage that an abbreviation shortens: `CHD` for `coronary heart disease`."""
        letters = token.key.removesuffix("s")
        if not letters.isalpha() or len(letters) < SHORTEST_ABBREVIATION:
            return ()
        initials = self._initials
        start = initials.find(letters)
        return () if start < 0 else (Place(at=start + len(letters) - 1, fit=SYNONYM),)

    @cached_property
    def _initials(self) -> str:
        return "".join(token.key[0] if token.key[0].isalpha() else token.written[0] for token in self.tokens)

    def _spelt_apart(self, name: str) -> dict[int, float]:
        """`il6` for `il-6`, and the plural of an abbreviation."""
        bare = name.replace("-", "").replace("/", "").removesuffix("s")
        return {
            position: INFLECTED
            for key in self._by_beginning.get(name[:3], self._by_beginning.get(name[:2], ()))
            if key.replace("-", "").replace("/", "").removesuffix("s") == bare
            for position in self._by_key[key]
        }


def _parts_of(token: Token) -> tuple[str, ...]:
    """Words inside a token that a claim may say apart: those of a term, and what an amount counts."""
    if token.kind is Kind.TERM:
        return tuple(part for part in PART.findall(token.written) if telling(part) and len(part) < len(token.written))
    if token.kind is Kind.AMOUNT and token.unit in COUNTED:
        return (token.unit,)
    return ()


def same_amount(mine: Token, theirs: Token) -> bool:
    """One number with one unit; a bare count may name what it counts."""
    if mine.kind is not Kind.AMOUNT or theirs.kind is not Kind.AMOUNT:
        return False
    if mine.key == theirs.key:
        return True
    if mine.quantity is None or theirs.quantity is None or mine.quantity.values != theirs.quantity.values:
        return False
    if mine.key.rpartition("|")[2] != theirs.key.rpartition("|")[2]:
        return False
    units = {mine.unit, theirs.unit}
    return "" in units and units <= {"", *COUNTED, *TIME_UNITS}


def _one_family(one: str, other: str) -> bool:
    """`fail` and `failur`, `wors` and `worsen`: two stems with one long common beginning."""
    if one == other:
        return True
    if min(len(one), len(other)) < BEGINNING or one[:BEGINNING] != other[:BEGINNING]:
        return False
    shared = _needed(max(len(one), len(other)))
    return one[:shared] == other[:shared]


@cache
def _needed(longest: int) -> int:
    """Letters that two stems must share where the longer one has so many."""
    return next(letters for letters in range(longest + 1) if letters / longest >= IN_COMMON)


@dataclass(frozen=True, kw_only=True)
class Alignment:
    """For each token of the claim its place in the passages, None where they don't say it."""

    claim: Sequence[Token]
    passages: Passages
    options: Sequence[Sequence[Place]]
    chosen: Sequence[Place | None]

    @property
    def tokens(self) -> Sequence[Token]:
        """The tokens of the passages."""
        return self.passages.tokens

    def at(self, index: int) -> int | None:
        """Position of the claim's token in the passages; None out of range, too."""
        return self._positions[index] if 0 <= index < len(self._positions) else None

    @cached_property
    def _positions(self) -> Sequence[int | None]:
        return [None if place is None else place.at for place in self.chosen]

    def near(self, one: int, other: int) -> bool:
        """Do two of the claim's tokens stand near each other in one sentence of the passages?"""
        here, there = self.at(one), self.at(other)
        if here is None or there is None:
            return False
        sentence_of = self.passages.sentence_of
        return abs(here - there) <= REACH and sentence_of[here] == sentence_of[there]

    def in_place(self, index: int) -> bool:
        """Does it stand in the passages as it stands in the claim, beside one of its neighbours?"""
        return self.near(index, index - 1) or self.near(index, index + 1)

    def sentences(self) -> Iterable[int]:
        """Numbers of the sentences that the claim rests on."""
        return {self.tokens[place.at].sentence for place in self.chosen if place is not None}


def align(claim: Sequence[Token], passages: Passages) -> Alignment:
    """The best way of the claim through its passages."""
    options = [passages.places(token) for token in claim]
    for index, token in enumerate(claim):
        if token.kind is Kind.NAME and not options[index]:
            options[index] = _spelt_out(index, claim, options) or passages.spelt_out(token)
        elif token.term is not None and not options[index]:
            options[index] = passages.narrower(token.term, {other.key for other in claim})
    # Position of the last word found -> (worth, the way there, its last place first).
    ways: dict[int, tuple[float, Way]] = {-1: (0.0, None)}
    for places in options:
        reached: dict[int, tuple[float, Way]] = {
            last: (worth + SKIPPED, (None, way)) for last, (worth, way) in ways.items()
        }
        for place in places:
            here, fit = place
            last, step = _best_step(ways, here, passages)
            worth, way = ways[last]
            total = worth + fit + step
            if here not in reached or total > reached[here][0]:
                reached[here] = (total, (place, way))
        ways = dict(sorted(reached.items(), key=_worth, reverse=True)[:STATES]) if len(reached) > 1 else reached
    _, way = max(ways.values(), key=FIRST)
    return Alignment(claim=claim, passages=passages, options=options, chosen=tuple(_unwound(way))[::-1])


def _worth(way: tuple[int, tuple[float, Way]]) -> float:
    return way[1][0]


def _unwound(way: Way) -> Iterator[Place | None]:
    while way is not None:
        place, way = way
        yield place


def _spelt_out(index: int, claim: Sequence[Token], options: Sequence[Sequence[Place]]) -> tuple[Place, ...]:
    """The place of the words that the claim itself abbreviates right before: `stroke volume (SV)`."""
    letters = claim[index].key.removesuffix("s")
    before = claim[max(0, index - len(letters)) : index]
    spelt = "".join(token.written[0] for token in before)
    if len(letters) < 2 or not before or not (spelt.endswith(letters) or _inside(letters, before)):
        return ()
    return tuple(Place(at=place.at, fit=SYNONYM) for place in options[index - 1])


def _inside(letters: str, before: Sequence[Token]) -> bool:
    """Do the letters stand in these words in order, the first at the beginning of one?"""
    text = " ".join(token.written for token in before)
    at = next((i for i, c in enumerate(text) if c == letters[0] and (i == 0 or text[i - 1] == " ")), -1)
    for letter in letters:
        at = text.find(letter, at) + 1 if at >= 0 else 0
        if not at:
            return False
    return True


def _best_step(ways: Mapping[int, tuple[float, Way]], here: int, passages: Passages) -> tuple[int, float]:
    """From which of the last positions to go on to this one, the first of equals, and what that step is worth."""
    sentence_of = passages.sentence_of
    sentence = sentence_of[here]
    most, best = -math.inf, (-1, 0.0)
    for last, (worth, _) in ways.items():
        if last < 0:
            step = 0.0
        elif last == here:
            # One token of the passage holds both: a term of several words, or an amount with what it counts.
            step = NEAR if passages.tokens[here].kind in HOLDING else TWICE
        elif sentence_of[last] != sentence:
            step = ELSEWHERE
        elif here < last:
            step = BACKWARDS
        else:
            step = NEXT if here == last + 1 else NEAR if here - last <= REACH else SAME_SENTENCE
        if worth + step > most:
            most, best = worth + step, (last, step)
    return best
