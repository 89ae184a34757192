"""Names that were probably meant to be others."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches

ALIKE = 0.85
"""Share of the letters that two names have in common, in order. What orchestrators set by themselves stays below."""


def misspelt(names: Iterable[str], known: Collection[str]) -> dict[str, str]:
    """Each of the names that isn't known and is nearly one that is, with that one."""
    return {
        name: near[0]
        for name in names
        if name not in known and (near := get_close_matches(name, known, n=1, cutoff=ALIKE))
    }
