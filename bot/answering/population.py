"""Of whom does the claim speak: no other people, and no more of them, than its passage."""

from collections.abc import Sequence

from bot.answering.compared import Compared, gaps, place_of, says_exactly, unknown
from bot.answering.tokens import Kind, all_words
from bot.domain.answers import Verdict

CHILDREN = frozenset(
    """child children childhood pediatric paediatric juvenile adolescent adolescents infant infants girl girls boy boys
    newborn newborns neonate neonates toddler toddlers schoolchildren""".split()
)
ADULTS = frozenset("adult adults adulthood elderly".split())
FEMALE = frozenset("woman women female females girl girls mother mothers pregnant maternal".split())
MALE = frozenset("man men male males boy boys father fathers".split())
GROUPS = ((CHILDREN, "children"), (ADULTS, "adults"), (FEMALE, "women"), (MALE, "men"))
PEOPLE = frozenset(
    "patient patients people person persons individual individuals subject subjects participant participants human "
    "humans everyone case cases".split()
)
ANIMALS = frozenset(
    "mouse mice murine rat rats animal animals rabbit rabbits pig pigs dog dogs monkey monkeys zebrafish".split()
)
POPULATION = CHILDREN | ADULTS | FEMALE | MALE | ANIMALS
QUALIFIERS = POPULATION | frozenset(
    """refractory resistant severe severely mild moderate active inactive chronic acute early late new-onset newly
    untreated pregnant healthy obese diabetic premenopausal postmenopausal hospitalised hospitalized symptomatic
    asymptomatic selected some relapsed relapsing metastatic advanced recurrent persistent primary secondary preterm
    immunocompromised ill few rare rarely""".split()
)
"""Words that say of whom or what a statement holds: left out, it holds of more."""
RELATION_WORDS = {">": "over", "<": "under", ">=": "of at least", "<=": "of at most"}
AGED = frozenset("aged age ages older younger".split())


def check_population(it: Compared) -> Verdict | None:
    for who, name in GROUPS:
        if it.people & who and not it.whole & who:
            return unknown(f"The passage doesn't speak of {name}.")
    if it.mine & PEOPLE and it.theirs & ANIMALS and not it.whole & (PEOPLE | CHILDREN | ADULTS | FEMALE | MALE):
        return unknown(f"The passage speaks of {min(it.theirs & ANIMALS)}, not of people.")
    return _left_out(it) or _widened(it) if it.quoting else None


def _left_out(it: Compared) -> Verdict | None:
    """A qualifier or an age that the passage sets and the claim passes over."""
    said = {token.key for token in it.claim}
    for token, place in zip(it.claim, it.alignment.chosen, strict=True):
        if place is None or token.key not in POPULATION | PEOPLE or place.at + 1 >= len(it.passage):
            continue
        after = it.passage[place.at + 1]
        bound = after.kind is Kind.AMOUNT and after.unit == "year" and after.relation
        if bound and after.clause == it.passage[place.at].clause and after.key not in said:
            return unknown(f"The passage says so only of those {RELATION_WORDS[after.relation]} {after.written}.")
    for _, skipped in gaps(it):
        for position in skipped:
            other = it.passage[position]
            if other.key in QUALIFIERS and other.key not in it.mine and _governs(it, position, skipped.stop):
                return unknown(f"The passage says so only of “{_phrase(it, position)}”.")
            aged = other.clause == it.passage[skipped.stop].clause and other.unit in {"year", "month"}
            if aged and other.kind is Kind.AMOUNT and _of_age(it, position):
                return unknown(f"The claim leaves out the age that the passage names ({other.written}).")
    return None


def _widened(it: Compared) -> Verdict | None:
    """People in general where the passage speaks of children, women or animals."""
    for index, token in enumerate(it.claim):
        at = it.alignment.at(index)
        places: Sequence[int] = ()
        if token.unit in PEOPLE and at is not None and at + 1 < len(it.passage) and not it.passage[at].unit:
            places = [at + 1] if it.passage[at + 1].clause == it.passage[at].clause else []
        elif token.key in PEOPLE and not says_exactly(it, index):
            places = place_of(it, index)
        for position in places:
            other = it.passage[position]
            if other.key in POPULATION and other.key not in it.mine:
                return unknown(f"The passage speaks of {other.written}, the claim of {token.written}.")
    return None


def _governs(it: Compared, position: int, following: int) -> bool:
    """Does the skipped word stand right before what the claim takes up again, in one clause?"""
    one, other = it.passage[position], it.passage[following]
    return following - position <= 2 and one.clause == other.clause


def _phrase(it: Compared, position: int) -> str:
    return " ".join(token.written for token in it.passage[position : position + 2])


def _of_age(it: Compared, position: int) -> bool:
    near = it.passage[max(0, position - 2) : position + 3]
    return bool(all_words(near) & AGED) and not all_words(near) & {"mean", "median", "average"} and not it.mine & AGED
