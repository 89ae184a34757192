"""What a rewrite may look at: the message, the turns before it, and what they were about."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.answering.language import STOP_WORDS
from bot.answering.question import Aspect, parse_question
from bot.conversation.focus import DRUGS, GIVEN_FOR, Focus
from bot.conversation.pointers import ALONE, PRONOUN
from bot.conversation.references import Reading
from bot.domain.answers import Answer
from bot.domain.glossary import Glossary, TermKind
from bot.domain.messages import Turn
from bot.domain.text import fold, words

EMPTY_WORDS = STOP_WORDS | frozenset(
    """one ones thing things exactly more go details detail really then source sources document documents anywhere
    everywhere somewhere different kids children patients usual usually""".split()
)
# What happens to something tells what sort of thing it is.
SORTS: tuple[tuple[re.Pattern[str], frozenset[TermKind]], ...] = (
    (
        re.compile(
            r"\b(?:resolv|c[oa]me back|comes back|recur|relaps|disappear|go away|went away|goes away|visible"
            r"|be seen|heal|clear|flare|spread|itch|worsen|severe)\w*"
        ),
        frozenset({TermKind.MANIFESTATION, TermKind.DISEASE}),
    ),
    (
        re.compile(
            r"\b(?:inherit|diagnos|caus|symptom|prognos|outlook|curable|contagious|genetic|prevent|worr(?:y|ies"
            r"|ied|ying)|dangerous|treated|treatable)\w*"
        ),
        frozenset({TermKind.DISEASE, TermKind.MANIFESTATION}),
    ),
    (
        re.compile(
            r"\b(?:fail|work|dos(?:e|ed|ing)|given?|giving|start|stop|taper|tolerat|approv|block|inhibit|tr(?:y"
            r"|ied)|switch|combin|contraindicat|help|reliev|safe|licen[cs]|available|infus|inject"
            r"|side effect|half-life|take[ns]?|taking)\w*"
        ),
        DRUGS | {TermKind.PROCEDURE},
    ),
)
IT_IS = re.compile(r"\bit(?:'s| is| was)(?: really| truly| still)? (?:an? |the )?")
FITTING = 4.0
"""How much more likely something of the fitting sort is meant."""
STRONG_ENOUGH = 0.4
"""Share of the top salience from which something is named beside a message."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Everything that a rewrite may look at."""

    reading: Reading
    turns: tuple[Turn, ...]
    focus: tuple[Focus, ...]
    own: tuple[Focus, ...]
    glossary: Glossary
    knows: Callable[[str], bool]

    @property
    def last(self) -> str:
        """The last question, standing alone."""
        return self.turns[-1].standalone_question or self.turns[-1].question

    @property
    def bottom_line(self) -> str:
        """The first claim of the last answer; empty where it wasn't one."""
        outcome = self.turns[-1].outcome
        return outcome.claims[0].text if isinstance(outcome, Answer) else ""

    def aspects(self, text: str) -> frozenset[Aspect]:
        """What a question asks for."""
        return parse_question(text, self.glossary).aspects

    def has_antecedent(self) -> bool:
        """Does the message itself name what its pronoun stands for, before it?"""
        folded = fold(self.reading.core)
        found = PRONOUN.search(folded) or ALONE.search(folded)
        named = self.glossary.mentions(self.reading.core)
        if said := IT_IS.search(folded):  # "how do they know that it is JDM"
            return any(m.start == said.end() and m.term.kind is TermKind.DISEASE for m in named)
        return bool(found and any(m.end <= found.start() and m.term.kind is not TermKind.CONCEPT for m in named))

    def candidates(self) -> list[Focus]:
        """What a pronoun may stand for, the likeliest first: salient, of a fitting sort, not named in it."""
        mine = {item.key for item in self.own}
        candidates = [
            item
            for item in self.focus
            if item.key not in mine and item.kind is not TermKind.CONCEPT and not item.left_behind
        ]
        asked = fold(self.reading.core)
        fitting = next((kinds for pattern, kinds in SORTS if pattern.search(asked)), frozenset())
        return sorted(candidates, key=lambda item: -item.salience * (FITTING if item.kind in fitting else 1.0))

    def is_known(self) -> bool:
        """Does the library know the message's words? Small talk and other subjects mustn't be drawn into the topic."""
        telling = [word for word in words(self.reading.core) if word not in EMPTY_WORDS]
        return any(item.kind is not None for item in self.own) or all(self.knows(word) for word in telling)

    def about(self) -> list[str]:
        """The thing in focus and the disease."""
        names = self.names(1)
        return names + [name for name in self.names(1, only=TermKind.DISEASE) if name not in names]

    def given_for(self) -> list[str]:
        """What treatments are given for: the likeliest complaint or disease that is spoken of."""
        return [item.name for item in self.focus if item.kind in GIVEN_FOR][:1]

    def names(self, limit: int, *, only: TermKind | None = None) -> list[str]:
        """What the focus adds to a message: entities of kinds that it doesn't name itself, a drug first."""
        mine = {item.key for item in self.own}
        kinds = {item.kind for item in self.own if not item.left_behind}
        top = self.focus[0].salience if self.focus else 0.0
        chosen: list[Focus] = []
        for item in self.focus:
            taken = {other.kind for other in chosen} | kinds
            if (
                item.key in mine
                or item.left_behind
                or item.kind in {None, TermKind.CONCEPT}
                or item.kind in taken
                or (item.is_drug and taken & DRUGS)
            ):
                continue
            if only in {None, item.kind} and item.salience >= STRONG_ENOUGH * top:
                chosen.append(item)
        chosen.sort(key=lambda item: not item.is_drug)
        return [item.name for item in chosen[:limit]]
