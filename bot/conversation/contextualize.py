"""From a message and what was said before to a question that stands alone, without a language model."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.answering.language import stem
from bot.conversation.asking_back import answer_to, choices_for, evenly_meant
from bot.conversation.focus import LEFT_BEHIND, Focus, entities, find_focus
from bot.conversation.leaning import FREE, NOWHERE, Leaning, Mixture, lean, says_something
from bot.conversation.pointers import Pointer
from bot.conversation.qualifiers import read_qualifiers
from bot.conversation.references import read_message
from bot.conversation.resolving import Resolution, resolve, says_nothing
from bot.conversation.returning import find_return
from bot.conversation.rewriting import asks_of_something, beside
from bot.conversation.scene import EMPTY_WORDS, Scene
from bot.conversation.standing import has_an_unknown_subject, says_what_about
from bot.domain.answers import Abstention, Clarification, Direction
from bot.domain.documents import SearchQuery
from bot.domain.glossary import DRUG_KINDS, Glossary, TermKind
from bot.domain.messages import History, Turn
from bot.domain.text import fold, words

if TYPE_CHECKING:
    import numpy as np

WINDOW = 8
"""Turns of the present topic that are looked at."""
REACH = 200
"""Turns that a return or a patient qualifier may come from."""
KNOWN = 0.97
"""Share of the highest weight from which a word counts as unknown to the library."""
SHORT = 8
"""Words up to which a message that names nothing of the field is taken to go on about the same."""
QUALIFIER_SHARE = 0.12
NEVER_DOSED = frozenset({TermKind.ANTIBODY, TermKind.MEASURE})
ASKS_HOW_MUCH = re.compile(
    r"\bdos(?:e|es|ed|ing|age)\b"
    r"|\bhow (?:much|many mg|many ml|often)\b.{0,30}\b(?:give[ns]?|giving|take[ns]?|get|inject|receive)\b"
)
ASKS_A_DOSE = re.compile(r"\b(?:dos(?:e|es|ed|ing|age)|how much|mg|milligrams?)\b")


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
    """Resolve what a message leaves out. Pure; 2 ms and at most one text that wasn't embedded before.

    `embed` gives unit vectors (384,), `weight` tells how rare a stem is, `knows` whether the library uses a word,
    `starters` are questions to offer where nothing was said yet that the message could mean.
    """
    mixture = mixture or Mixture()
    recent = history.turns[-REACH:]
    qualifiers = read_qualifiers([*(turn.question for turn in recent), message], glossary)
    reading = read_message(message)
    asked = [turn for turn in recent if not isinstance(turn.outcome, Direction)]
    asked = [turn for turn in asked if not _led_nowhere(turn, glossary)] or asked
    if len(asked) > 1 and isinstance(asked[-1].outcome, Clarification) and asks_of_something(reading.core):
        # “And the monitoring?” answers no question of ours.
        asked = [turn for turn in asked if not isinstance(turn.outcome, Clarification)]
    if asked and isinstance(asked[-1].outcome, Clarification):
        given = Resolution(text=answer_to(message, asked[-1], reading, glossary), whole=True)
        return _contextualized(message, given, qualifiers, context="", leaning=FREE, mixture=mixture)
    returned = find_return(reading.topic, asked, glossary, embed) if reading.has(Pointer.RETURN) else None
    turns = (returned,) if returned else _present_topic(asked)
    scene = Scene(
        reading=reading,
        turns=turns,
        focus=_what_can_be_meant(find_focus(turns, glossary), message),
        own=tuple(entities(reading.core, glossary)),
        glossary=glossary,
        knows=knows or (lambda word: weight(stem(word)) < KNOWN * weight(NOWHERE)),
    )
    resolution = resolve(scene)
    choices, put = () if resolution else choices_for(scene, starters), message
    guessed = resolution is not None and not resolution.whole
    if guessed and ASKS_HOW_MUCH.search(fold(reading.core)) and (alike := evenly_meant(scene)):
        choices = tuple(beside(reading.core, [name]) for name in alike)
        put = beside(reading.core, [" or ".join(alike)])
    if choices:
        alone = SearchQuery(text=put)
        return Contextualized(standalone=put, queries=(alone,), depends=True, choices=choices, qualifiers=qualifiers)
    resolution = _with_drug(resolution or _beside_focus(scene), scene)
    ends = (turns[0], turns[-1]) if turns else ()
    if (resolution and resolution.whole) or (not resolution and says_what_about(scene)):
        leaning = FREE
    else:
        leaning = lean(reading, message, [t.question for t in ends], embed=embed, weight=weight, mixture=mixture)
    asking = resolution.text if resolution else message
    context = " ".join(dict.fromkeys([*(turn.standalone_question or turn.question for turn in ends), asking]))
    return _contextualized(
        message,
        resolution,
        qualifiers,
        context=context,
        leaning=leaning,
        mixture=mixture,
        returns_to=returned.number if returned else None,
    )


def _with_drug(resolution: Resolution | None, scene: Scene) -> Resolution | None:
    """Asked how much to give, without a drug: of the one that is spoken of."""
    text = resolution.text if resolution else scene.reading.text
    names_drug = any(term.kind in DRUG_KINDS for term in scene.glossary.terms_in(text))
    if names_drug or not scene.turns or scene.reading.switches or not ASKS_HOW_MUCH.search(fold(scene.reading.core)):
        return resolution
    drugs = [item.name for item in scene.focus if item.is_drug and item.salience > LEFT_BEHIND]
    return Resolution(text=beside(text, drugs[:1]), whole=False) if drugs else resolution


def _what_can_be_meant(focus: tuple[Focus, ...], message: str) -> tuple[Focus, ...]:
    """Nobody asks for the dose of an antibody or a score: asked for one, only what can be given is in question."""
    if not ASKS_A_DOSE.search(fold(message)):
        return focus
    return tuple(item for item in focus if item.kind not in NEVER_DOSED)


def _beside_focus(scene: Scene) -> Resolution | None:
    """A short message that names nothing of the field goes on about what is spoken of: `p value?`, `and before?`."""
    said = words(scene.reading.core)
    telling = [word for word in said if word not in EMPTY_WORDS]
    firm = [item for item in scene.focus if item.salience > LEFT_BEHIND and item.kind is not None]
    named = [item.name for item in firm if item.kind is not TermKind.CONCEPT]
    if not scene.turns or scene.own or not named or not telling or len(said) > SHORT or scene.reading.switches:
        return None
    if sum(map(scene.knows, telling)) < max(1, len(telling) - 1):
        return None
    if has_an_unknown_subject(scene):
        named = scene.given_for()
    if not named or says_nothing(scene, named[:1]):
        return None
    return Resolution(text=beside(scene.reading.core, named[:1]), whole=False)


def _led_nowhere(turn: Turn, glossary: Glossary) -> bool:
    """Was it a question about another subject, which the library couldn't answer?"""
    left_alone = turn.standalone_question == turn.question
    return isinstance(turn.outcome, Abstention) and left_alone and not glossary.mentions(turn.question)


def _present_topic(asked: Sequence[Turn]) -> tuple[Turn, ...]:
    """The last turns, back to where the user announced another topic."""
    turns: list[Turn] = []
    for turn in reversed(asked[-WINDOW:]):
        turns.insert(0, turn)
        if read_message(turn.question).switches:
            break
    return tuple(turns)


def _contextualized(
    message: str,
    resolution: Resolution | None,
    qualifiers: tuple[str, ...],
    *,
    context: str,
    leaning: Leaning,
    mixture: Mixture,
    returns_to: int | None = None,
) -> Contextualized:
    """The result, with what is searched together: the question, the message as put, both in their context, the patient.

    A guess at a pronoun's meaning shares its weight with the message as put, so that a wrong one does little harm.
    """
    standalone = resolution.text if resolution else message
    guessed = resolution is not None and not resolution.whole
    share = mixture.rewritten if guessed and says_something(message) else 1.0
    alone = 1.0 - leaning.dense
    queries = [SearchQuery(text=standalone, dense=share * alone, lexical=share)]
    if share < 1.0:
        queries.append(SearchQuery(text=message, dense=(1.0 - share) * alone, lexical=1.0 - share))
    if not leaning.is_free:
        queries.append(SearchQuery(text=context, dense=leaning.dense, lexical=leaning.lexical))
    if qualifiers:
        queries.append(SearchQuery(text=", ".join(qualifiers), dense=QUALIFIER_SHARE, lexical=QUALIFIER_SHARE))
    return Contextualized(
        standalone=standalone,
        queries=tuple(queries),
        depends=standalone != message,
        qualifiers=qualifiers,
        returns_to=returns_to,
    )
