"""Which drug a stated dose belongs to: the one named last before it, in its own clause first."""

from bot.answering.quantities import Quantity, read_quantities
from bot.answering.question import DOSE_UNITS
from bot.domain.glossary import Glossary, TermKind


def read_doses(text: str, context: str, glossary: Glossary) -> tuple[tuple[str, Quantity], ...]:
    """Pairs of a drug's id and an amount that the text states for it. `context` (headings) serves where the text names none."""
    named = [mention for mention in glossary.mentions(text) if mention.term.kind in {TermKind.DRUG, TermKind.DRUG_CLASS}]
    around = [term.id for term in glossary.terms_in(context) if term.kind in {TermKind.DRUG, TermKind.DRUG_CLASS}]
    found = []
    for quantity in read_quantities(text):
        if not DOSE_UNITS.match(quantity.unit):
            continue
        before = [mention for mention in named if mention.end <= quantity.start]
        after = [mention for mention in named if mention.start > quantity.start]
        if before:
            owner = before[-1].term
        elif around:
            found += [(owner_id, quantity) for owner_id in around[-1:]]
            continue
        elif after:
            owner = after[0].term
        else:
            continue
        found.append((owner.id, quantity))
    return tuple(found)


def dose_owners(text: str, context: str, glossary: Glossary) -> frozenset[str]:
    """Ids of the drugs (or classes) that the text states a dose of. A class's dose is no member's dose."""
    return frozenset(owner for owner, _ in read_doses(text, context, glossary))
