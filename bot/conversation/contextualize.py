"""From a message and what was said before to a question that stands alone, without a language model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.answering.language import stem
from bot.conversation.asking_back import answer_to, choices_for
from bot.conversation.focus import entities, find_focus
from bot.conversation.leaning import NOWHERE, Mixture, lean
from bot.conversation.qualifiers import read_qualifiers
from bot.conversation.references import Pointer, Reading, read_message
from bot.conversation.resolving import Resolution, Scene, find_return, resolve
from bot.domain.answers import Clarification, Direction
from bot.domain.documents import SearchQuery
from bot.domain.glossary import Glossary
from bot.domain.messages import History, Turn

if TYPE_CHECKING:
    import numpy as np

WINDOW = 8
"""Turns of the present topic that are looked at."""
REACH = 200
"""Turns that a return or a patient qualifier may come from."""
QUALIFIER_SHARE = 0.12


@dataclass(frozen=True, kw_only=True, slots=True)
class Contextualized:
    """What a message means in its conversation.

    `standalone` is the question as a person would write it, equal to the message when it stands alone. `queries` are
    searched together, the first being `standalone`. `depends` says that the message was rewritten or asked back about.
    `choices` isn't empty when asking back is better than guessing. `qualifiers` are what the user said of the patient.
    `returns_to` is the number of the turn that was picked up again.
    """

    standalone: str
    queries: tuple[SearchQuery, ...]
    depends: bool = False
    choices: tuple[str, ...] = ()
    qualifiers: tuple[str, ...] = ()
    returns_to: int | None = None


def contextualize(
    message: str,
    history: History,
    *,
    glossary: Glossary,
    embed: "Callable[[str], np.ndarray]",
    weight: Callable[[str], float],
    knows: Callable[[str], bool] | None = None,
    starters: Sequence[str] = (),
    mixture: Mixture | None = None,
) -> Contextualized:
    """Resolve what a message leaves out. Pure.

    `embed` gives unit vectors (384,), `weight` tells how rare a stem is, `knows` whether the library uses a word,
    `starters` are questions to offer where nothing was said yet that the message could mean.
    """
    mixture = mixture or Mixture()
    recent = history.turns[-REACH:]
    qualifiers = read_qualifiers([*(turn.question for turn in recent), message], glossary)
    reading = read_message(message)
    asked = [turn for turn in recent if not isinstance(turn.outcome, Direction)]
    if asked and isinstance(asked[-1].outcome, Clarification):
        standalone = answer_to(message, asked[-1], reading, glossary)
        given = Resolution(text=standalone, whole=True)
        return Contextualized(
            standalone=standalone,
            queries=_queries(message, reading, given, (), qualifiers, embed, weight, mixture),
            depends=standalone != message,
            qualifiers=qualifiers,
        )
    turns = _present_topic(asked)
    returned = find_return(reading.topic, asked, glossary, embed) if reading.has(Pointer.RETURN) else None
    if returned is not None:
        turns = (returned,)
    scene = Scene(
        reading=reading,
        turns=turns,
        focus=find_focus(turns, glossary),
        own=tuple(entities(reading.core, glossary)),
        glossary=glossary,
        knows=knows or (lambda word: weight(stem(word)) < 0.97 * weight(NOWHERE)),
    )
    resolution = resolve(scene)
    if not resolution and (choices := choices_for(scene, starters)):
        alone = SearchQuery(text=message)
        return Contextualized(standalone=message, queries=(alone,), depends=True, choices=choices, qualifiers=qualifiers)
    return Contextualized(
        standalone=resolution.text if resolution else message,
        queries=_queries(message, reading, resolution, turns, qualifiers, embed, weight, mixture),
        depends=resolution is not None,
        qualifiers=qualifiers,
        returns_to=returned.number if returned else None,
    )


def _present_topic(asked: Sequence[Turn]) -> tuple[Turn, ...]:
    """The last turns, back to where the user announced another topic."""
    turns: list[Turn] = []
    for turn in reversed(asked[-WINDOW:]):
        turns.insert(0, turn)
        if read_message(turn.question).switches:
            break
    return tuple(turns)


def _queries(
    message: str,
    reading: Reading,
    resolution: Resolution | None,
    turns: Sequence[Turn],
    qualifiers: Sequence[str],
    embed: "Callable[[str], np.ndarray]",
    weight: Callable[[str], float],
    mixture: Mixture,
) -> tuple[SearchQuery, ...]:
    """What is searched together: the question, the message as it was put, both among their context, and the patient."""
    first, last = (turns[0], turns[-1]) if turns else (None, None)
    asked = [turn.question for turn in (first, last) if turn is not None]
    told = [turn.standalone_question or turn.question for turn in (first, last) if turn is not None]
    standalone = resolution.text if resolution else message
    if resolution and resolution.whole:
        queries = [SearchQuery(text=standalone)]
    else:
        leaning = lean(reading, message, tuple(dict.fromkeys(asked)), embed=embed, weight=weight, mixture=mixture)
        share = mixture.rewritten if resolution else 1.0
        queries = [SearchQuery(text=standalone, dense=share * (1 - leaning.dense), lexical=share)]
        if resolution:
            queries.append(SearchQuery(text=message, dense=(1 - share) * (1 - leaning.dense), lexical=1 - share))
        if not leaning.is_free:
            text = " ".join(dict.fromkeys([*told, message]))
            queries.append(SearchQuery(text=text, dense=leaning.dense, lexical=leaning.lexical))
    if qualifiers:
        queries.append(SearchQuery(text=", ".join(qualifiers), dense=QUALIFIER_SHARE, lexical=QUALIFIER_SHARE))
    return tuple(queries)
