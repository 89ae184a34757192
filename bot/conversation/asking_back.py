"""When guessing would be wrong: what to offer instead, and what an answer to the offer means."""

import re
from collections.abc import Sequence

from bot.answering.question import ASKED, Aspect
from bot.answering.stages import FROM_THE_START
from bot.conversation import rewriting
from bot.conversation.focus import Focus
from bot.conversation.listed import listed_items
from bot.conversation.pointers import OTHER, Pointer
from bot.conversation.references import Reading, read_message
from bot.conversation.scene import EMPTY_WORDS, Scene
from bot.domain.answers import Clarification
from bot.domain.glossary import DRUG_KINDS, Glossary, TermKind
from bot.domain.messages import Turn
from bot.domain.text import fold, words

MOST = 3
SPOKEN_OF, EVEN = 0.5, 0.98
"""How much a drug must have been spoken of, and how near to the most, so that it may be meant as well."""
MEANING = re.compile(r"\b(?:i (?:mean|meant|was thinking of)|sorry|no|yes|the one (?:about|on))\b", re.IGNORECASE)
MEASURES = frozenset("maximum minimum max min limit usual normal best first next til till long".split())
"""Words that ask for a measure of something without saying of what."""


def choices_for(scene: Scene, starters: Sequence[str]) -> tuple[str, ...]:
    """What a message that can't stand alone may have meant, as questions to send; empty where it can be searched."""
    if not _is_empty(scene):
        return ()
    if scene.reading.has(Pointer.OTHER) and (items := listed_items(scene.turns, scene.glossary)):
        return tuple(rewriting.finish(OTHER.sub(item, scene.reading.core, count=1)) for item in items[:MOST])
    named = [item for item in scene.focus if item.kind is not None and item.kind is not TermKind.CONCEPT]
    if len(named) > 1:
        return tuple(rewriting.beside(scene.reading.core, [item.name]) for item in named[:MOST])
    return _suited(scene, starters)


def evenly_meant(scene: Scene) -> tuple[str, ...]:
    """The drugs that were just spoken of alike, where a dose is asked for without a drug; else empty.

    The dose of the wrong drug does harm, and one more question none.
    """
    if scene.reading.switches or any(item.is_drug for item in scene.own):
        return ()
    drugs = [item for item in scene.focus if item.is_drug and not item.left_behind and item.salience >= SPOKEN_OF]
    alike = [item.name for item in drugs if item.salience >= EVEN * drugs[0].salience][:MOST]
    return tuple(alike) if len(alike) > 1 else ()


def _suited(scene: Scene, starters: Sequence[str]) -> tuple[str, ...]:
    """Questions that want what the message wants, each about another drug."""
    wanted = scene.aspects(scene.reading.core)
    chosen: list[str] = []
    drugs: set[str] = set()
    for question in sorted(starters, key=lambda question: -len(wanted & scene.aspects(question))):
        named = {term.id for term in scene.glossary.terms_in(question) if term.kind in DRUG_KINDS}
        if len(chosen) < MOST and not named & drugs:
            chosen.append(question)
            drugs |= named
    return tuple(chosen)


def _is_empty(scene: Scene) -> bool:
    """Is there nothing in the message to search for?"""
    reading = scene.reading
    if Aspect.MEANING in scene.aspects(reading.core):
        return False
    core = _without_wishes(reading.core)
    asks_only = not scene.turns and set(words(core)) <= EMPTY_WORDS | MEASURES
    # Without a conversation, “the dose” and “the side effects” are what is wanted and not of what.
    own = [item for item in scene.own if not asks_only or words(_without_wishes(item.name))]
    if own or reading.has(Pointer.CORRECTION) or FROM_THE_START.search(fold(reading.core)):
        return False  # "what comes after first-line fails" says at which stage
    if asks_only:
        return True
    if not reading.pointers:
        return False
    telling = [word for word in words(reading.core) if word not in EMPTY_WORDS]
    if not telling:
        return True
    leaning = reading.has(
        Pointer.PRONOUN, Pointer.PLACE, Pointer.OTHER, Pointer.PAIR, Pointer.CONNECTIVE, Pointer.SWAP, Pointer.ELLIPSIS
    )
    return leaning and len(telling) <= 2 and not scene.turns


def _without_wishes(text: str) -> str:
    """A text without the words that say what kind of answer is wanted."""
    folded = fold(text)
    for pattern in ASKED.values():
        folded = pattern.sub(" ", folded)
    return folded


def _only_names(core: str, glossary: Glossary) -> bool:
    """Does the message say nothing but names of the field?"""
    folded = fold(core)
    for mention in reversed(glossary.mentions(core)):
        folded = f"{folded[: mention.start]} {folded[mention.end :]}"
    return set(words(folded)) <= EMPTY_WORDS


def answer_to(message: str, turn: Turn, reading: Reading, glossary: Glossary) -> str:
    """What a message means after we asked back: a choice, the missing part of the question before, or itself."""
    outcome = turn.outcome
    assert isinstance(outcome, Clarification)
    said = fold(message).strip("?.! ")
    for choice in outcome.choices:
        if said == fold(choice).strip("?.! "):
            return choice
    if reading.has(Pointer.PLACE) or said.isdigit():
        core = f"number {said}" if said.isdigit() else message
        if chosen := rewriting.replace_place(core, outcome.choices):
            return rewriting.finish(chosen)
    core = MEANING.sub(" ", reading.core).strip(" ,?.!")
    if rewriting.is_bare_entity(core, glossary) or len(words(core)) <= 3 or _only_names(core, glossary):
        given = Focus(name=core, key="", kind=None, salience=1.0, turn=turn.number)
        open_question = read_message(turn.question)
        completed = rewriting.replace_pronouns(open_question.core, given)
        if completed == open_question.core:
            completed = rewriting.beside(completed, [given.name])
        return rewriting.led_in(open_question.lead, rewriting.finish(completed))
    return message
