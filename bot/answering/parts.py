"""A message that asks several things: each part put as a question of its own, so that one without an answer shows.

"Does abatacept help, and what does it cost?" has an answer to its first half only. Weighed as one question it would be
answered as if nothing were missing, or not at all.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answering.language import content
from bot.domain.documents import RetrievedPassage
from bot.domain.glossary import DRUG_KINDS, Glossary, Mention, Term, TermKind
from bot.domain.text import fold, words

ASKING = (
    r"(?:(?:at|in|of|for|with|to|by|after|over|within) )?"
    r"(?:what|which|how|when|why|who|where|whether)\b"
    r"|(?:is|are|was|were|does|do|did|can|could|should|will|would|has|have) (?!not\b)\w+"
)
JOINT = re.compile(
    rf"(?:\?|[,;]| -+)?\s+(?:and|but|plus|also|as well as)(?: also)?\s+(?=(?:{ASKING}))|\?\s+(?=(?:{ASKING}))"
)
OPENS = re.compile(rf"^(?:\W*\w+,\s*)?(?:{ASKING})")
AFTER_A_STORY = re.compile(rf"[:.;!]\s+(?=(?:{ASKING}))")
COORDINATE = re.compile(r"^\s*(?:,|/|or|and|,\s*(?:or|and))\s*(?:the\s+)?$")
CARRIED = frozenset(TermKind) - {TermKind.DISEASE, TermKind.MANIFESTATION}
LEAST_WORDS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One thing that a message asks: in its own words (`asked`), and so that it stands alone (`text`)."""

    asked: str
    text: str


def split_parts(text: str, glossary: Glossary) -> tuple[Part, ...]:
    """The questions that a message joins, each with what the first one is about; empty where it asks one thing."""
    plain = " ".join(text.split())
    folded = fold(plain)
    if len(folded) != len(plain):
        return ()
    told = "" if OPENS.match(folded) else _told_before(plain, folded)
    if not (told or OPENS.match(folded)):
        return ()
    plain, folded = plain[len(told) :], folded[len(told) :]
    cuts = [match.span() for match in JOINT.finditer(folded)]
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(plain)]
    asked = [plain[start:end].strip(" ,;?.!") for start, end in zip(starts, ends, strict=True)]
    if len(asked) == 1 or any(len(words(part)) < LEAST_WORDS for part in asked):
        return ()
    return tuple(Part(asked=part, text=f"{told}{_carry(part, asked[0], glossary)}") for part in asked)


def _told_before(plain: str, folded: str) -> str:
    """What is told of a patient before the first question; empty where nothing is asked after it."""
    begins = AFTER_A_STORY.search(folded)
    return plain[: begins.end()] if begins else ""


def _carry(part: str, first: str, glossary: Glossary) -> str:
    """A part, and in brackets what the first one is about, where the part doesn't name anything of that sort itself."""
    own = {_sort(term) for term in glossary.terms_in(part)}
    folded = fold(first)
    lacking = [mention for mention in glossary.mentions(first) if mention.term.kind in CARRIED]
    names = dict.fromkeys(folded[m.start : m.end] for m in lacking if _sort(m.term) not in own)
    return f"{part} ({', '.join(names)})?" if names and part != first else f"{part}?"


def _sort(term: Term) -> TermKind:
    return TermKind.DRUG if term.kind in DRUG_KINDS else term.kind


def at_their_best(found: Sequence[RetrievedPassage], more: Sequence[RetrievedPassage]) -> tuple[RetrievedPassage, ...]:
    """The passages of two searches, each as near as it came in either of them; those of the first keep their order."""
    again = {item.passage.id: item for item in more}
    known = {item.passage.id for item in found}
    both = (_better(item, again[item.passage.id]) if item.passage.id in again else item for item in found)
    return (*both, *(item for item in more if item.passage.id not in known))


def _better(one: RetrievedPassage, other: RetrievedPassage) -> RetrievedPassage:
    return replace(
        one,
        score=max(one.score, other.score),
        dense=max(one.dense, other.dense),
        lexical=max(one.lexical, other.lexical),
        similarities=tuple(max(pair) for pair in zip(one.similarities, other.similarities, strict=False)),
    )


def without(text: str, missing: Sequence[str], glossary: Glossary) -> str:
    """A question without the drugs of these names, where each stands in a row with others; empty where one doesn't."""
    mentions = [mention for mention in glossary.mentions(text) if mention.term.kind in DRUG_KINDS]
    folded = fold(text)
    for place in reversed(range(len(mentions))):
        mention = mentions[place]
        if mention.term.name not in missing:
            continue
        cut = _cut(folded, mentions, place)
        if cut is None:
            return ""
        folded = f"{folded[: cut[0]]} {folded[cut[1] :]}"
        del mentions[place]
    return " ".join(folded.split()) if content(folded, glossary) else ""


def _cut(folded: str, mentions: Sequence[Mention], place: int) -> tuple[int, int] | None:
    """From where to where a member of a row is taken out, together with what joins it."""
    mine = mentions[place]
    if place and COORDINATE.match(folded[mentions[place - 1].end : mine.start]):
        return mentions[place - 1].end, mine.end
    if place + 1 < len(mentions) and COORDINATE.match(folded[mine.end : mentions[place + 1].start]):
        return mine.start, mentions[place + 1].start
    return None
