"""Quotations of a true claim: exact parts of its passage, and ones that the passage doesn't hold."""

import re
from collections.abc import Iterator, Sequence
from random import Random

from tests.benchmarks.edits.numbers import VALUE, altered, is_a_label
from tests.benchmarks.edits.tails import TAILS

SAME_SENSE = {
    "children": "patients", "patients": "children", "was": "has been", "were": "had been", "improved": "responded",
    "reached": "achieved", "after": "following", "in": "among", "not": "never", "seen": "observed", "gives": "provides",
    "may": "should", "can": "may", "with": "having", "treatment": "therapy", "most": "many", "reported": "described",
    "the": "this", "on": "with", "shows": "demonstrates", "increased": "elevated", "showed": "revealed",
}  # fmt: skip


def quoted_parts(claim: str, sentences: Sequence[str], random: Random) -> Iterator[str]:
    """The sentence without its point, its longest clause, or it and the next one."""
    parts = [claim.removesuffix(".")]
    longest = max(re.split(r"(?<=\w), ", parts[0]), key=len)
    if len(longest.split()) > 7:
        parts.append(longest)
    at = sentences.index(claim)
    if at + 1 < len(sentences):
        parts.append(f"{claim} {sentences[at + 1]}")
    yield from random.sample(parts, len(parts))


def invented_quotations(claim: str, sentences: Sequence[str], half: Sequence[str], random: Random) -> Iterator[str]:
    """One token altered or left out, two sentences spliced, a clause added, or a sentence of somewhere else."""
    made = []
    values = [m for m in VALUE.finditer(claim) if not is_a_label(m[0], claim[: m.start()], claim[m.end() :])]
    if values:
        match = random.choice(values)
        other = altered(match[0], "", set(), random)
        if other:
            made += [claim[: match.start()] + other + claim[match.end() :]] * 2
    words = [match for match in re.finditer(r"\b[a-z]+\b", claim) if match[0] in SAME_SENSE]
    if words:
        match = random.choice(words)
        made.append(claim[: match.start()] + SAME_SENSE[match[0]] + claim[match.end() :])
    inside = claim.split(" ")
    if len(inside) > 8:
        at = random.randrange(2, len(inside) - 2)
        made.append(" ".join(inside[:at] + inside[at + 1 :]))
    following = [sentence for sentence in sentences if sentence != claim and len(sentence.split()) > 8]
    if following:
        other_words = random.choice(following).split(" ")
        made.append(" ".join(inside[: len(inside) // 2] + other_words[len(other_words) // 2 :]))
    made.append(claim.removesuffix(".") + random.choice(TAILS) + ".")
    elsewhere = random.choice(random.choice(half).split(". ")[1:] or [claim])
    if len(elsewhere.split()) > 6:
        made.append(elsewhere.removesuffix(".") + ".")
    yield from random.sample(made, len(made))
