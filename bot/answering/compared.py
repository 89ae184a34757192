"""A claim beside what it is held against, word by word, and the questions that the rules of the gate ask of the two."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.answering.alignment import Alignment
from bot.answering.tokens import Kind, Token, all_words
from bot.domain.answers import SupportLabel, Verdict

AROUND, FAR = 4, 6
Joint = tuple[int, frozenset[str], Sequence[int]]
"""The second one's index, the operators that the passage has between the two, and the positions there."""
CLEARLY = 0.5
"""How much better the surroundings of another number must fit before a number counts as moved."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A claim beside what it is held against.

    `alignment` says where the claim's words stand. `quoting` is whether it mostly repeats the passage's own words; then
    what it adds, drops or exchanges must be harmless. `said` and `written` are all words of the claim and of its
    passages, those included that tell nothing of a topic.
    """

    alignment: Alignment
    quoting: bool
    said: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()

    @cached_property
    def claim(self) -> Sequence[Token]:
        """Its tokens."""
        return self.alignment.claim

    @cached_property
    def passage(self) -> Sequence[Token]:
        """The tokens of all passages, their titles and headings last."""
        return self.alignment.tokens

    @cached_property
    def fits(self) -> Sequence[Mapping[int, float]]:
        """For each token of the claim its places in the passages, and how well it fits there."""
        return [{place.at: place.fit for place in places} for places in self.alignment.options]

    @cached_property
    def joints(self) -> Sequence[Joint]:
        """Where two neighbours of the claim stand near each other in the passage, in order."""
        return tuple(_joints(self))

    @cached_property
    def around(self) -> dict[tuple[int, int], float]:
        """What `surroundings` has found so far."""
        return {}

    @cached_property
    def mine(self) -> frozenset[str]:
        """Every word of the claim, operators included."""
        return all_words(self.claim)

    @cached_property
    def rests_on(self) -> Sequence[Token]:
        """The tokens of the sentences that the claim rests on."""
        sentences = self.alignment.sentences()
        return [token for token in self.passage if token.sentence in sentences]

    @cached_property
    def theirs(self) -> frozenset[str]:
        """Every word of the sentences that the claim rests on."""
        return all_words(self.rests_on)

    @cached_property
    def whole(self) -> frozenset[str]:
        """Every word of the passages, and of the full names that they abbreviate."""
        return self.alignment.passages.words

    @cached_property
    def people(self) -> frozenset[str]:
        """The claim's words outside of the names of diseases and drugs (`juvenile dermatomyositis` names no child)."""
        return all_words([token for token in self.claim if token.term is None])


def unknown(reason: str) -> Verdict:
    """The passages don't carry the claim."""
    return Verdict(support=SupportLabel.NOT_ENOUGH_INFORMATION, reasons=(reason,))


def contradicted(reason: str) -> Verdict:
    """A passage says otherwise."""
    return Verdict(support=SupportLabel.CONTRADICTED, reasons=(reason,))


def surroundings(it: Compared, index: int, position: int) -> float:
    """How well the words around a place of the passage fit those around a token of the claim."""
    known = it.around.get((index, position))
    if known is None:
        known = it.around[index, position] = _surroundings(it, index, position)
    return known


def _surroundings(it: Compared, index: int, position: int) -> float:
    total = 0.0
    all_fits, passages = it.fits, it.alignment.passages
    sentence = passages.sentences[passages.sentence_of[position]]
    first, last = max(sentence.start, position - FAR), min(sentence.stop - 1, position + FAR)
    for other in range(max(0, index - AROUND), min(len(all_fits), index + AROUND + 1)):
        fits = all_fits[other]
        if other == index or not fits:
            continue
        best = 0.0
        # A word that stands everywhere is looked for only nearby.
        for at in fits if len(fits) <= 2 * FAR else range(first, last + 1):
            if at == position or not first <= at <= last or at not in fits:
                continue
            apart = at - position
            same_side = (apart > 0) == (other > index)
            best = max(best, fits[at] * (1.0 if same_side else 0.4) / (1 + 0.2 * (abs(apart) - 1)))
        total += best / (1 + 0.25 * (abs(other - index) - 1))
    return total


def slot(it: Compared, index: int) -> tuple[bool, int | None]:
    """Whether the amount stands beside the same neighbour as in the passage, and which other amount stands there."""
    token, beside, instead = it.claim[index], False, None
    for step in (-1, 1):
        neighbour = index + step
        at = it.alignment.at(neighbour)
        if at is None or it.claim[neighbour].clause != token.clause or not 0 <= at - step < len(it.passage):
            continue
        if it.passage[at].kind is token.kind is Kind.AMOUNT is not it.claim[neighbour].kind:
            continue  # the neighbour is what another amount counts
        other = it.passage[at - step]
        if other.sentence != it.passage[at].sentence or other.clause != it.passage[at].clause:
            continue
        if any(place.at == at - step for place in it.alignment.options[index]):
            beside = True
        elif other.kind is token.kind and it.claim[neighbour].kind not in {Kind.AMOUNT, Kind.SCHEDULE}:
            instead = at - step
    return beside, instead


def gaps(it: Compared) -> Iterator[tuple[int, range]]:
    """Where the claim goes on within a sentence of the passage: its index there, and what it skips."""
    last: int | None = None
    for index in range(len(it.claim)):
        here = it.alignment.at(index)
        if here is None:
            continue
        if last is not None and it.passage[last].sentence == it.passage[here].sentence and 0 < here - last <= FAR:
            yield index, range(last + 1, here)
        last = here


def _joints(it: Compared) -> Iterator[Joint]:
    for index in range(len(it.claim)):
        here, before = it.alignment.at(index), it.alignment.at(index - 1)
        if here is None:
            continue
        if (
            before is not None
            and it.passage[before].sentence == it.passage[here].sentence
            and 0 < here - before <= AROUND
        ):
            between = range(before + 1, here + 1)
        elif it.alignment.near(index, index + 1) and (
            index == 0 or it.claim[index].clause != it.claim[index - 1].clause
        ):
            between = range(here, here + 1)
        else:
            continue
        # What stands in brackets or in a clause of its own between them governs neither.
        around = {it.passage[between.start - 1].clause, it.passage[here].clause}
        between_them = [p for p in between if p == here or it.passage[p].clause in around]
        yield index, frozenset[str]().union(*(it.passage[p].operators for p in between_them)), between_them


def says_exactly(it: Compared, index: int) -> bool:
    """Does the passage say the very word in the claim's place?"""
    at = it.alignment.at(index)
    return at is not None and it.alignment.in_place(index) and it.passage[at].key == it.claim[index].key


def place_of(it: Compared, index: int) -> range:
    """Positions of the passage where a word of the claim would stand, going by its neighbours."""
    before = next((p for k in (index - 1, index - 2) if (p := it.alignment.at(k)) is not None), None)
    after = next((p for k in (index + 1, index + 2) if (p := it.alignment.at(k)) is not None), None)
    if before is not None and after is not None and 0 < after - before <= FAR:
        return range(before + 1, after)
    if (
        before is not None
        and before + 1 < len(it.passage)
        and it.passage[before].sentence == it.passage[before + 1].sentence
    ):
        return range(before + 1, min(len(it.passage), before + 3))
    if after is not None and after > 0:
        return range(max(0, after - 2), after)
    return range(0)
