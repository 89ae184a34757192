"""Finds what identifies a person in a message and takes it out before anything else sees it.

Age, weight, antibodies, laboratory values and drugs stay: they are needed and identify nobody. Deterministic and
cautious; it can't find every name.
"""

from bot.answering.identifiers.embedded import EmbeddedFinder
from bot.answering.identifiers.found import FinderTogether, Found, IdentifierFinder, IdentifierKind, apart
from bot.answering.identifiers.gazetteer import Gazetteer
from bot.answering.identifiers.masking import mask
from bot.answering.identifiers.redacting import REMOVED, Redacted, redact

__all__ = [
    "REMOVED",
    "EmbeddedFinder",
    "FinderTogether",
    "Found",
    "Gazetteer",
    "IdentifierFinder",
    "IdentifierKind",
    "Redacted",
    "apart",
    "mask",
    "redact",
]
