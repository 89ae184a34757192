"""Red flags: a sign, that it happens now to a person, and what speaks against it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.answering.triage.frames import Frames
from bot.answering.triage.lexicon import Lexicon, Span, Written, gaps, hull
from bot.answering.triage.readings import Measure, has_number

REACH = 4
"""Other words that may stand between the parts of one sign."""
MOST = 60
"""Ways to put a sign's parts together that are looked at."""


class TriageLevel(StrEnum):
    """What a message needs, most urgent first."""

    EMERGENCY = "emergency"
    CRISIS = "crisis"
    SAME_DAY = "same_day"
    SOON = "soon"
    PRESCRIPTION = "prescription"
    INJECTION = "injection"
    GREETING = "greeting"
    THANKS = "thanks"
    ABOUT = "about"
    DATA = "data"
    WORRY = "worry"
    UNREADABLE = "unreadable"
    COMPLAINT = "complaint"
    NOTHING = "nothing"


URGENT = (TriageLevel.EMERGENCY, TriageLevel.CRISIS, TriageLevel.SAME_DAY, TriageLevel.SOON)
"""The levels of red flags, most urgent first."""
SMALL_TALK = frozenset(list(TriageLevel)[6:])
"""What a message that is no question may be as a whole."""


class FirstAid(StrEnum):
    """A line that helps until help comes."""

    AIRWAY = "airway"
    SEIZURE = "seizure"
    COLLAPSE = "collapse"
    POISON = "poison"
    STEROIDS = "steroids"
    ALLERGY = "allergy"
    BELLY = "belly"


@dataclass(frozen=True, kw_only=True, slots=True)
class RedFlagAdvice:
    """What one red flag means and calls for, in a sentence for a family and one for a clinician."""

    family: str
    clinician: str


Parts = tuple[str, ...]
"""The lists of words that have to stand near each other."""


@dataclass(frozen=True, kw_only=True)
class Sign:
    """One red flag.

    It is told by one of `found`, if it happens now to a person; one of `sure` is told only where it happens. Of every
    group in `needs` one must be in the message too; none of `unless` may be in the sentence. A `firm` sign counts in a
    question or behind an "if" too.
    """

    id: str
    level: TriageLevel
    found: tuple[Parts, ...] = ()
    sure: tuple[Parts, ...] = ()
    needs: tuple[tuple[Parts, ...], ...] = ()
    unless: tuple[Parts, ...] = ()
    reach: int = REACH
    firm: bool = False
    say: RedFlagAdvice | None = None
    first_aid: FirstAid | None = None
    _by_list: Mapping[str, Sequence[tuple[bool, Parts]]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_list: dict[str, list[tuple[bool, Parts]]] = {}
        for certain, told in ((True, self.sure), (False, self.found)):
            for parts in told:
                by_list.setdefault(parts[0], []).append((certain, parts))
        object.__setattr__(self, "_by_list", by_list)

    def ways(self, spans: Mapping[str, Sequence[Span]]) -> list[tuple[bool, Parts]]:
        """The parts of which a message has words in each list, and whether they are told wherever they happen."""
        lists = spans.keys()
        return [way for name in self._by_list.keys() & lists for way in self._by_list[name] if lists >= set(way[1])]


def signs_in(written: Written, signs: Iterable[Sign], lexicon: Lexicon, measures: Iterable[Measure]) -> list[Sign]:
    """The red flags of a message, most urgent first."""
    spans: dict[str, Sequence[Span]] = {**lexicon.spans(written)}
    for measure in measures if has_number(written) else ():
        if read := list(measure.found(written)):
            spans[measure.id] = [*spans.get(measure.id, ()), *read]
    frames = Frames.of(written, spans, frozenset(measure.id for measure in measures))
    found = [sign for sign in signs if _is_told(sign, written, spans, frames)]
    return sorted(found, key=lambda sign: URGENT.index(sign.level))


def _is_told(sign: Sign, written: Written, spans: Mapping[str, Sequence[Span]], frames: Frames) -> bool:
    ways = sign.ways(spans)
    if not ways:
        return False
    for group in sign.needs:
        if not any(_occurs(parts, sign.reach, written, spans, frames) for parts in group):
            return False
    return any(
        not any(True for parts in sign.unless for other in _places(parts, sign.reach, written, spans)
                if written.tokens[other.start].sentence == written.tokens[place.start].sentence)
        and frames.allow(place, certain=certain, firm=sign.firm)
        for certain, parts in ways
        for place in _places(parts, sign.reach, written, spans)
    )  # fmt: skip


def _occurs(parts: Parts, reach: int, written: Written, spans: Mapping[str, Sequence[Span]], frames: Frames) -> bool:
    return any(not frames.is_denied(place) for place in _places(parts, reach, written, spans))


def _places(parts: Parts, reach: int, written: Written, spans: Mapping[str, Sequence[Span]]) -> Iterator[Span]:
    """Where these parts stand near each other, in any order, in one sentence."""
    if any(part not in spans for part in parts):
        return
    ways: list[tuple[Span, ...]] = [(span,) for span in spans[parts[0]]]
    for part in parts[1:]:
        ways = [
            (*way, span)
            for way in ways
            for span in spans[part]
            if written.tokens[span.start].sentence == written.tokens[way[0].start].sentence
            and _near((*way, span), reach, last=part is parts[-1])
        ][:MOST]
    yield from dict.fromkeys(hull(way) for way in ways)


def _near(way: tuple[Span, ...], reach: int, *, last: bool) -> bool:
    """Do the spans stand apart, and near enough? Parts that come later may fill a gap."""
    widest = gaps(way)
    return widest >= 0 and widest <= (reach if last else 3 * reach)
