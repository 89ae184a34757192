"""Going back to an earlier topic."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.answering.language import stem
from bot.conversation.scene import EMPTY_WORDS
from bot.domain.glossary import Glossary
from bot.domain.messages import Turn
from bot.domain.text import fold, words

if TYPE_CHECKING:
    import numpy as np

NEAR = 20
"""Turns whose likeness is looked at where no word of the topic was said."""
LIKE_ENOUGH = 0.3
"""Cosine from which a question is about the topic."""


def find_return(
    topic: str, turns: Sequence[Turn], glossary: Glossary, embed: "Callable[[str], np.ndarray]"
) -> Turn | None:
    """The earlier turn that a user returns to: by its terms and words, the latest of equals; otherwise by likeness."""
    names = [[fold(name) for name in term.all_names] for term in glossary.terms_in(topic)]
    stems = {stem(word) for word in words(topic) if word not in EMPTY_WORDS}
    best: Turn | None = None
    most = 0
    for turn in turns:
        asked = fold(f"{turn.question} {turn.standalone_question}")
        score = 2 * sum(any(name in asked for name in its) for its in names)
        score += len(stems & {stem(word) for word in words(asked)})
        if score and score >= most:
            best, most = turn, score
    if best is not None or not turns or not stems:
        return best
    vector = embed(topic)
    likeness, nearest = max(
        ((float(vector @ embed(turn.question)), turn) for turn in turns[-NEAR:]), key=lambda p: p[0]
    )
    return nearest if likeness >= LIKE_ENOUGH else None
