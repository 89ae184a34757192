"""Which drug a stated dose belongs to: the one named last before it, else that of its headings, else the next one.

“A or B was started at 5 mg” states it for both.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from bot.answering.quantities import DOSE_UNITS, Quantity, read_quantities
from bot.domain.glossary import DRUG_KINDS, Glossary, Mention


def read_doses(text: str, context: str, glossary: Glossary) -> tuple[tuple[str, Quantity], ...]:
    """Pairs of a drug's id and an amount that the text states for it; `context` are its headings and title."""
    named = [mention for mention in glossary.mentions(text) if mention.term.kind in DRUG_KINDS]
    around = [term.id for term in glossary.terms_in(context) if term.kind in DRUG_KINDS]
    found = []
    for quantity in read_quantities(text):
        if not DOSE_UNITS.match(quantity.unit):
            continue
        before = [mention for mention in named if mention.end <= quantity.start]
        after = [mention.term.id for mention in named if mention.start > quantity.start]
        owners = _either(before, text) or around[-1:] or after[:1]
        found += [(owner, quantity) for owner in owners]
    return tuple(found)


def _either(before: Sequence[Mention], text: str) -> list[str]:
    """The drug named last, and those named with it as its alternatives: “A or B was started at …”."""
    owners = [mention.term.id for mention in before[-1:]]
    for earlier, later in pairwise(reversed(before)):
        if text[later.end : earlier.start].strip() != "or":
            break
        owners.append(later.term.id)
    return owners


@lru_cache(maxsize=8192)
def dose_owners(text: str, context: str, glossary: Glossary) -> frozenset[str]:
    """Ids of the drugs (or classes) that the text states a dose of. A class's dose is no member's dose."""
    return frozenset(owner for owner, _ in read_doses(text, context, glossary))
