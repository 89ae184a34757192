"""What a conversation is about right now: its entities, each with a salience that fades with distance."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answering.language import split_sentences
from bot.conversation.phrases import defined_topic
from bot.domain.answers import Answer
from bot.domain.glossary import Glossary, Mention, TermKind
from bot.domain.messages import Turn
from bot.domain.text import fold

FADE = 0.45
"""What a mention is worth one turn later."""
IN_CLAIM = 0.3
IN_LATER_CLAIM = 0.1
LEFT_BEHIND = 0.3
IN_STORY = 0.6
"""What the story before a question is about counts less where the question itself names what is given."""
CONFIRMED = 0.15
"""What the main statement of an answer names, too, is rather meant than what only the question names."""
ADDED = 0.1
"""What was given last is rather meant than what it was added to."""
CLAIMS = 4
REACH = 180
"""Characters around a term in which its failure is looked for."""
KIND_WORTH = {
    TermKind.DRUG: 1.0,
    TermKind.DRUG_CLASS: 0.95,
    TermKind.ANTIBODY: 0.8,
    TermKind.PROCEDURE: 0.7,
    TermKind.MANIFESTATION: 0.65,
    TermKind.MEASURE: 0.65,
    TermKind.DISEASE: 0.6,
    TermKind.CONCEPT: 0.2,
}
TOPIC_WORTH = 0.8
DRUGS = frozenset({TermKind.DRUG, TermKind.DRUG_CLASS})
GIVEN_FOR = frozenset({TermKind.DISEASE, TermKind.MANIFESTATION, TermKind.ANTIBODY})
"""What treatments are given for."""
# A treatment that is over with isn't what "it" means next: "after JAK inhibitor failure", "methotrexate hasn't worked".
FAILED_BEFORE = re.compile(
    r"\b(?:after|despite|fail(?:s|ed|ing|ure)?(?: (?:of|on|to))?|not (?:responding|improving|respond)(?: (?:to|on"
    r"|with))?|refractory to"
    r"|unresponsive to|instead of|other than|besides|intoleran(?:t|ce) (?:to|of)|contraindicat\w+ (?:to|for)|than"
    r"|stop(?:ped|ping)?|without)\s+"
    r"(?:(?!\b(?:is|are|was|were|should|may|can|could|would|recommend\w*|consider\w*|best|next|add|adding|start"
    r"|use|initiat\w+|what|which|how|why)\b)[^.;:?!]){0,140}$"
)
FAILED_AFTER = re.compile(
    r"^[\s-]*(?:\w+\s+){0,2}(?:fail(?:s|ed|ing|ure)?|(?:has|have|had|did|does|do|was|were|is|are)(?:n't| not"
    r"|nt) (?:work|help|respon|toler|enough|improv)\w*"
    r"|(?:is|are|was|were) (?:contraindicated|unavailable|ineffective)|stopped|can(?:'t|not|t) be (?:used|given|taken))"
)
# Questions whose answer names what comes next: then "it" is what the answer names, not what the question started from.
ASKS_FOR_A_TREATMENT = re.compile(
    r"\b(?:next (?:step|line|option|treatment|move)"
    r"|(?:what|which) (?:else|now|next|(?:should|can|could|would|do(?= (?:you|we|i)\b))"
    r"(?!(?: (?:you|we|i|one|they))? (?:expect|monitor|check|watch|look|know|tell|see|measure|test|screen|mean|avoid"
    r"|happen)))\b|what then"
    r"|how (?:do|should|would|can|to)(?: (?:you|we|i|one|they))? (?:treat|manage)"
    r"|how (?:is|are|should) .{2,60}\b(?:treated|managed)|treatments? (?:of|for)"
    r"|(?:which|what) (?:is|are|would be )?\s?(?:the )?(?:best |preferred |recommended |next |other )*(?:drug"
    r"|biologic|treatment|option|agent|therapy|medicine|choice|alternative)s?"
    r"|best (?:option|choice|treatment)|alternatives?|options)\b"
)
IF_IT_FAILS = re.compile(r"\b(?:what|and|but|or) if\b|^if\b")
WAS_ADDED = re.compile(
    r"\b(?:add(?:ed|ing)?|start(?:ed|ing)?|switch(?:ed|ing)? to|chang(?:ed|ing) to|now on|put on|gave)"
    r"\s+(?:\w+\s+){0,2}$"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Focus:
    """Something a conversation is about. `kind` is None for a topic that the glossary doesn't know."""

    name: str
    key: str
    kind: TermKind | None
    salience: float
    turn: int
    left_behind: bool = False

    @property
    def is_drug(self) -> bool:
        """Something that is given: a drug or a class of drugs."""
        return self.kind in DRUGS


def find_focus(turns: Sequence[Turn], glossary: Glossary) -> tuple[Focus, ...]:
    """What the turns, oldest first, are about, most salient first. Turns about nothing don't count as distance."""
    found: dict[str, Focus] = {}
    fade = 1.0
    for turn in reversed(turns):
        here = _of_turn(turn, glossary, CLAIMS if turn is turns[-1] else 1)
        for item in here:
            later = found.get(item.key)
            gain = item.salience * fade
            found[item.key] = replace(later or item, salience=gain + (later.salience if later else 0.0))
        if here:
            fade *= FADE
    return tuple(sorted(found.values(), key=lambda item: -item.salience))


def _of_turn(turn: Turn, glossary: Glossary, claims: int) -> list[Focus]:
    asked = turn.standalone_question or turn.question
    items = {item.key: item for item in _asked_about(asked, glossary, turn.number)}
    if not isinstance(turn.outcome, Answer):
        return list(items.values())
    present = [item for item in items.values() if item.is_drug and not item.left_behind]
    failing = any(item.left_behind for item in items.values()) and IF_IT_FAILS.search(fold(asked))
    seeking = bool(failing or ASKS_FOR_A_TREATMENT.search(fold(asked))) and len(present) != 1
    if seeking:
        items |= {item.key: replace(item, salience=item.salience * LEFT_BEHIND) for item in present}
    told = False
    for place, claim in enumerate(turn.outcome.claims[:claims]):
        folded = fold(claim.text)
        mentions = glossary.mentions(claim.text)
        open_ = {m.term.id for m in mentions if m.term.kind in DRUGS and not is_left_behind(folded, m)}
        if not place:
            items |= _confirmed(items, open_, glossary)
        for order, mention in enumerate(mentions):
            kind = mention.term.kind
            share = IN_LATER_CLAIM if place else IN_CLAIM
            if seeking and not told and mention.term.id in open_:
                share = 1.0
            gain = share * KIND_WORTH[kind] * (1 - 0.02 * order)
            named = items.get(mention.term.id) or _focus(mention, 0.0, turn.number)
            items[mention.term.id] = replace(named, salience=max(gain, named.salience))
        told = told or bool(open_)
    return list(items.values())


def _confirmed(items: dict[str, Focus], open_: set[str], glossary: Glossary) -> dict[str, Focus]:
    """Those of the drugs asked about that the main statement speaks of, or of their class, with what that is worth."""
    confirmed = {}
    for item in items.values():
        term = glossary.term(item.key) if item.is_drug and not item.left_behind else None
        if term and not open_.isdisjoint({term.id, *(above.id for above in glossary.ancestors(term))}):
            confirmed[item.key] = replace(item, salience=item.salience + CONFIRMED)
    return confirmed


def _asked_about(asked: str, glossary: Glossary, turn: int) -> list[Focus]:
    """What a question is about, its story less than what it asks, and what was added more than what it was added to."""
    folded, found = fold(asked), entities(asked, glossary, turn)
    added = {m.term.id for m in glossary.mentions(asked) if WAS_ADDED.search(folded[: m.start])}
    asking = {term.id for term in glossary.terms_in(split_sentences(asked)[-1])} if asked.strip() else set()
    names_drug = any(item.is_drug and item.key in asking for item in found)
    return [
        replace(
            item,
            salience=item.salience * (IN_STORY if names_drug and item.is_drug and item.key not in asking else 1.0)
            + (ADDED if item.is_drug and item.key in added and not item.left_behind else 0.0),
        )
        for item in found
    ]


def entities(text: str, glossary: Glossary, turn: int = 0) -> list[Focus]:
    """The terms that a text names and, where there is none, the topic that it asks to define; worth between 0 and 1."""
    folded = fold(text)
    mentions = glossary.mentions(text)
    items: list[Focus] = []
    for mention in mentions:
        behind = is_left_behind(folded, mention)
        worth = KIND_WORTH[mention.term.kind] * (LEFT_BEHIND if behind else 1.0)
        items.append(replace(_focus(mention, worth, turn, said_in=text), left_behind=behind))
    topic = defined_topic(text)
    if not topic or any(fold(topic) == folded[m.start : m.end] for m in mentions):
        return items
    named = fold(topic)
    outside = [item for item, m in zip(items, mentions, strict=True) if folded[m.start : m.end] not in named]
    return [*outside, Focus(name=topic, key=named, kind=None, salience=TOPIC_WORTH, turn=turn)]


def _focus(mention: Mention, salience: float, turn: int, *, said_in: str = "") -> Focus:
    """A term under the name that the user gave it, or its own; classes under their own, since that has a plural."""
    term = mention.term
    text = " ".join(said_in.split())
    own = not text or term.kind is TermKind.DRUG_CLASS or len(fold(text)) != len(text)
    name = term.name if own else text[mention.start : mention.end].removesuffix("'s")
    return Focus(name=name, key=term.id, kind=term.kind, salience=salience, turn=turn)


def is_left_behind(folded: str, mention: Mention) -> bool:
    """Is the term mentioned as something that failed or is over with?"""
    before, after = folded[max(0, mention.start - REACH) : mention.start], folded[mention.end : mention.end + REACH]
    return bool(FAILED_BEFORE.search(before) or FAILED_AFTER.search(after))
