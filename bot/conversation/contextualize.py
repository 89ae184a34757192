"""From a message and what was said before to a question that stands alone, without a language model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.answering.language import STOP_WORDS, stem
from bot.conversation import rewriting
from bot.conversation.focus import Focus, entities, find_document, find_focus, find_person
from bot.conversation.listed import listed_items
from bot.conversation.qualifiers import read_qualifiers
from bot.conversation.references import Pointer, Reading, read_message
from bot.domain.answers import Answer, Clarification, Direction
from bot.domain.documents import SearchQuery
from bot.domain.glossary import Glossary, TermKind
from bot.domain.messages import History, Turn
from bot.domain.text import fold, words

if TYPE_CHECKING:
    import numpy as np

WINDOW = 8
"""Turns that are looked at for the focus; older ones only for a return."""
REACH = 100
"""Turns that a return or a qualifier may come from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contextualized:
    """What a message means in its conversation.

    `standalone` is the question as a person would write it, equal to the message when it stands alone. `queries` are
    searched together, the first being `standalone`. `choices` isn't empty when asking back is better than guessing.
    `qualifiers` are what the user said of the patient. `returns_to` is the number of the turn that was picked up again.
    """

    standalone: str
    queries: tuple[SearchQuery, ...]
    depends: bool = False
    choices: tuple[str, ...] = ()
    qualifiers: tuple[str, ...] = ()
    returns_to: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Mixture:
    """How much of the earlier turns is searched beside the question: weights among the vectors and among the words."""

    last_dense: float = 0.3
    last_lexical: float = 0.2
    earlier: float = 0.5
    qualifier: float = 0.15


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Everything that a rewrite may look at."""

    reading: Reading
    turns: tuple[Turn, ...]
    focus: tuple[Focus, ...]
    own: tuple[Focus, ...]
    glossary: Glossary

    @property
    def last(self) -> str:
        """The last question, standing alone."""
        return self.turns[-1].standalone_question or self.turns[-1].question

    @property
    def bottom_line(self) -> str:
        """The first claim of the last answer; empty where it wasn't one."""
        outcome = self.turns[-1].outcome
        return outcome.claims[0].text if isinstance(outcome, Answer) else ""


def contextualize(
    message: str,
    history: History,
    *,
    glossary: Glossary,
    embed: "Callable[[str], np.ndarray]",
    weight: Callable[[str], float],
    starters: Sequence[str] = (),
    mixture: Mixture | None = None,
) -> Contextualized:
    """Resolve what the message leaves out. Pure; `weight` tells how rare a stem is, `starters` are questions to offer."""
    mixture = mixture or Mixture()
    told = [turn.question for turn in history.turns[-REACH:]] + [message]
    qualifiers = read_qualifiers(told, glossary)
    reading = read_message(message)
    asked = [turn for turn in history.turns[-REACH:] if not isinstance(turn.outcome, Direction)]
    own = tuple(item for item in entities(reading.core, glossary, weight) if item.kind is not TermKind.CONCEPT)
    if asked and isinstance(asked[-1].outcome, Clarification):
        return _with_queries(_answer_to(message, asked[-1], reading, glossary), message, asked[:-1], qualifiers, mixture)
    turns = tuple(asked[-WINDOW:])
    returns_to = None
    if reading.has(Pointer.RETURN) and (found := find_return(reading.topic, asked, glossary)):
        turns, returns_to = (found,), found.number
    scene = Scene(reading=reading, turns=turns, focus=find_focus(turns, glossary, weight), own=own, glossary=glossary)
    standalone = resolve(scene) if turns else ""
    if not standalone and not _stands_alone(scene):
        choices = _choices(scene, starters)
        if choices and not (history.turns and isinstance(history.turns[-1].outcome, Clarification)):
            return Contextualized(
                standalone=message,
                queries=(SearchQuery(text=message),),
                depends=True,
                choices=choices,
                qualifiers=qualifiers,
            )
    context = Contextualized(
        standalone=standalone or message, queries=(), depends=bool(standalone), returns_to=returns_to
    )
    return _with_queries(context, message, turns if not reading.switches else (), qualifiers, mixture)


def resolve(scene: Scene) -> str:
    """The message rewritten to stand alone; empty where it does so already or can't be."""
    for rule in (_correction, _place, _swap, _ellipsis, _pronoun, _definite):
        if rewritten := rule(scene):
            return rewritten
    return ""


def _correction(scene: Scene) -> str:
    reading = scene.reading
    if not reading.has(Pointer.CORRECTION):
        return ""
    if reading.replaced and fold(reading.replaced) in fold(scene.last):
        start = fold(scene.last).index(fold(reading.replaced))
        return rewriting.finish(scene.last[:start] + reading.topic + scene.last[start + len(reading.replaced) :])
    if swapped := rewriting.swap(scene.last, reading.topic, scene.glossary):
        return swapped
    if len(words(reading.topic)) > 5:
        return rewriting.beside(reading.topic, _names(scene, 1))
    return rewriting.beside(rewriting.bare(scene.last), [reading.topic])


def _place(scene: Scene) -> str:
    reading = scene.reading
    if reading.has(Pointer.PAIR):
        items = listed_items(scene.turns, scene.glossary, comparable=True)
        return rewriting.finish(rewriting.replace_pair(reading.core, items))
    if reading.has(Pointer.OTHER):
        items = listed_items(scene.turns, scene.glossary, comparable=True) or listed_items(scene.turns, scene.glossary)
        return rewriting.finish(rewriting.replace_other(reading.core, items, _settled(scene, items)))
    if reading.has(Pointer.PLACE):
        for turns in (scene.turns, scene.turns[:-1]):
            items = listed_items(turns, scene.glossary)
            if items and (named := rewriting.replace_place(reading.core, items)):
                return rewriting.finish(named)
    return ""


def _settled(scene: Scene, items: Sequence[str]) -> list[str]:
    """Which of the items the last turn singled out."""
    for text in (scene.bottom_line, scene.last):
        named = [item for item in items if fold(item) in fold(text)]
        named += [t.name for t in scene.glossary.terms_in(text) if any(fold(t.name) == fold(item) for item in items)]
        if named and len(set(named)) < len(items):
            return named
    return list(items[:1])


def _swap(scene: Scene) -> str:
    reading = scene.reading
    joined = reading.has(Pointer.SWAP, Pointer.CONNECTIVE)
    if not (joined or reading.has(Pointer.ELLIPSIS)):
        return ""
    fragment = reading.core
    named = rewriting.NUMBERED_THING.match(fragment.strip())
    if named or rewriting.is_bare_entity(fragment, scene.glossary):
        if swapped := rewriting.swap(scene.last, fragment, scene.glossary):
            return swapped
        if joined or len(words(fragment)) <= 3:
            return rewriting.beside(rewriting.bare(scene.last), [fragment.strip("?.! ")])
    return ""


def _ellipsis(scene: Scene) -> str:
    reading = scene.reading
    if not reading.has(Pointer.ELLIPSIS):
        return ""
    telling = [word for word in words(reading.core) if word not in STOP_WORDS]
    if not telling:
        about = scene.last
        if words(reading.core)[:1] == ["why"] and scene.bottom_line and len(scene.bottom_line.split()) <= 30:
            about = scene.bottom_line
        return rewriting.before(reading.core, about)
    return rewriting.beside(reading.core, _names(scene, 2))


def _pronoun(scene: Scene) -> str:
    reading = scene.reading
    core = reading.core
    if reading.has(Pointer.PERSON) and (person := find_person(scene.turns)):
        replaced = rewriting.replace_person(core, person)
        if replaced != core:
            return rewriting.finish(replaced)
        return rewriting.beside(core, [person])
    if reading.has(Pointer.SOURCE) and (title := find_document(scene.turns)):
        return rewriting.beside(core, [rewriting.short(title)])
    if not reading.has(Pointer.PRONOUN, Pointer.THING, Pointer.PERSON, Pointer.SAID):
        return ""
    candidates = [item for item in scene.focus if all(item.key != mine.key for mine in scene.own)]
    if not candidates:
        return ""
    replaced = rewriting.replace_pronouns(core, candidates[0])
    return rewriting.finish(replaced) if replaced != core else rewriting.beside(core, _names(scene, 2))


def _definite(scene: Scene) -> str:
    """A question without an entity of its own, or joined to the last one, takes what it leaves out from the focus."""
    reading = scene.reading
    kinds = {item.kind for item in scene.own if item.kind is not None}
    if reading.switches or kinds & {TermKind.DRUG, TermKind.DRUG_CLASS, TermKind.DISEASE, TermKind.ANTIBODY}:
        return ""
    if not (reading.has(Pointer.CONNECTIVE, Pointer.SWAP, Pointer.RETURN, Pointer.COMPARISON) or not kinds):
        return ""
    names = [reading.topic] if reading.topic and reading.topic != reading.core else []
    return rewriting.beside(reading.core, [*names, *_names(scene, 2)]) if names or _names(scene, 2) else ""


def _names(scene: Scene, limit: int) -> list[str]:
    """What the focus adds to a message: entities of kinds that it doesn't name itself, the most salient first."""
    mine = {item.key for item in scene.own}
    kinds = {item.kind for item in scene.own if item.kind is not None}
    top = scene.focus[0].salience if scene.focus else 0.0
    chosen: list[Focus] = []
    for item in scene.focus:
        taken = {other.kind for other in chosen} | kinds
        if item.key in mine or item.kind is TermKind.CONCEPT or (item.kind is not None and item.kind in taken):
            continue
        if item.salience >= 0.4 * top:
            chosen.append(item)
    return [item.name for item in chosen[:limit]]


def find_return(topic: str, turns: Sequence[Turn], glossary: Glossary) -> Turn | None:
    """The latest earlier turn that is about the topic."""
    wanted = {term.id for term in glossary.terms_in(topic)}
    stems = {stem(word) for word in words(topic) if word not in STOP_WORDS}
    best: tuple[float, Turn] | None = None
    for turn in turns:
        text = f"{turn.question} {turn.standalone_question}"
        score = 2.0 * len(wanted & {term.id for term in glossary.terms_in(text)})
        score += len(stems & {stem(word) for word in words(text)})
        if score and (best is None or score >= best[0]):
            best = (score, turn)
    return best[1] if best else None


def _stands_alone(scene: Scene) -> bool:
    """Can the message be searched as it is? Without anything to search for, it can't."""
    reading = scene.reading
    if scene.own or reading.has(Pointer.CORRECTION):
        return True
    telling = [word for word in words(reading.core) if word not in STOP_WORDS]
    leaning = reading.has(Pointer.PRONOUN, Pointer.PLACE, Pointer.OTHER, Pointer.PAIR, Pointer.CONNECTIVE, Pointer.SWAP)
    return bool(telling) and not (leaning or (reading.has(Pointer.ELLIPSIS) and len(telling) <= 1))


def _choices(scene: Scene, starters: Sequence[str]) -> tuple[str, ...]:
    """What the message may have meant, as questions that can be sent as they are."""
    named = [item for item in scene.focus if item.kind is not None and item.kind is not TermKind.CONCEPT]
    if len(named) > 1:
        return tuple(rewriting.beside(scene.reading.core, [item.name]) for item in named[:3])
    return tuple(starters[:3])


def _answer_to(message: str, turn: Turn, reading: Reading, glossary: Glossary) -> Contextualized:
    """What a message means after we asked back: a choice, or the missing part of the question before."""
    outcome = turn.outcome
    assert isinstance(outcome, Clarification)
    for choice in outcome.choices:
        if fold(message).strip("?.! ") == fold(choice).strip("?.! "):
            return Contextualized(standalone=choice, queries=(), depends=True)
    if reading.has(Pointer.PLACE) or message.strip().isdigit():
        core = message if not message.strip().isdigit() else f"number {message.strip()}"
        if chosen := rewriting.replace_place(core, outcome.choices):
            return Contextualized(standalone=rewriting.finish(chosen), queries=(), depends=True)
    if rewriting.is_bare_entity(reading.core, glossary) or len(words(reading.core)) <= 3:
        given = Focus(name=reading.core.strip("?.! "), key="", kind=None, salience=1.0, turn=turn.number)
        replaced = rewriting.replace_pronouns(turn.question, given)
        if replaced == turn.question:
            replaced = rewriting.beside(turn.question, [given.name])
        return Contextualized(standalone=rewriting.finish(replaced), queries=(), depends=True)
    return Contextualized(standalone=message, queries=())


def _with_queries(
    context: Contextualized,
    message: str,
    turns: Sequence[Turn],
    qualifiers: tuple[str, ...],
    mixture: Mixture,
) -> Contextualized:
    queries = [SearchQuery(text=context.standalone)]
    if context.depends:
        share = 1.0
        for turn in reversed(turns):
            text = turn.standalone_question or turn.question
            if share > 0.1 and text not in {query.text for query in queries}:
                dense, lexical = mixture.last_dense * share, mixture.last_lexical * share
                queries.append(SearchQuery(text=text, dense=dense, lexical=lexical))
            share *= mixture.earlier
    if qualifiers:
        queries.append(SearchQuery(text=", ".join(qualifiers), dense=mixture.qualifier, lexical=mixture.qualifier))
    return replace(context, queries=tuple(queries), qualifiers=qualifiers)
