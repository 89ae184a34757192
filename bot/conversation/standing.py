"""Whether a message brings its own subject, so that nothing of what was said before has to be put beside it."""

import re

from bot.conversation.focus import DRUGS
from bot.conversation.pointers import OWN_SUBJECT, Pointer
from bot.conversation.scene import Scene
from bot.domain.glossary import TermKind
from bot.domain.text import fold, words

LEANING = (
    Pointer.PRONOUN,
    Pointer.PERSON,
    Pointer.THING,
    Pointer.SOURCE,
    Pointer.PLACE,
    Pointer.OTHER,
    Pointer.PAIR,
    Pointer.CONNECTIVE,
    Pointer.SWAP,
    Pointer.CORRECTION,
    Pointer.RETURN,
    Pointer.ELLIPSIS,
)
SUBJECTS = frozenset({*DRUGS, TermKind.DISEASE, TermKind.ANTIBODY})
THINGS = frozenset({TermKind.MANIFESTATION, TermKind.MEASURE, TermKind.PROCEDURE})
A_STUDY = re.compile(r"\b(?:trial|study|cohort|registry|surveillance|criteria)\b", re.IGNORECASE)
# What may be asked of a symptom or a score by itself; whether it got better is asked of a treatment.
ASKS_OF_A_THING = re.compile(
    r"\b(?:how (?:is|are|do|does|can|could|should|to)\b.{0,60}\b(?:treat|prevent|manag|measur|assess|scor|defin|diagnos"
    r"|classif|monitor)\w*"
    r"|what (?:is|are) (?:an? )?(?!the\b)|what (?:to do|helps|causes|(?:can|should) (?:be done|i do|we do))\b"
    r"|(?:what|which) (?:drugs?|treatments?|medicines?|medications?|therap(?:y|ies)|options?|biologics?)\b"
    r"|(?:treatments?|options?|therap(?:y|ies)) (?:for|of|against)\b|\b(?:can|does|do|could)\b.{0,40}\bprevent\w*)"
)


def has_an_unknown_subject(scene: Scene) -> bool:
    """“Does diet help” names what it is about, though the glossary doesn't know it."""
    found = OWN_SUBJECT.match(scene.reading.core)
    return found is not None and not scene.glossary.mentions(found["subject"])


def brings_its_subject(scene: Scene) -> bool:
    """Is this a whole question about something that it names itself? A drug that has failed is a subject, too."""
    reading = scene.reading
    if reading.has(*LEANING):
        return False
    mentions = scene.glossary.mentions(reading.core)
    kinds = {mention.term.kind for mention in mentions}
    if kinds & SUBJECTS or _names_a_disease(scene):
        return True
    folded = fold(reading.core)
    concepts = (mention.term for mention in mentions if mention.term.kind is TermKind.CONCEPT)
    if any(A_STUDY.search(name) for term in concepts for name in term.all_names):
        return True
    return bool(kinds & THINGS and ASKS_OF_A_THING.search(folded))


def says_what_about(scene: Scene) -> bool:
    """Does it also say in which disease, or a drug and what for? Then the questions before it have no part in it."""
    kinds = {mention.term.kind for mention in scene.glossary.mentions(scene.reading.core)}
    whole = bool(kinds & DRUGS and kinds & THINGS) or _names_a_disease(scene)
    return whole and not scene.reading.has(Pointer.COMPARISON) and brings_its_subject(scene)


def _names_a_disease(scene: Scene) -> bool:
    """A disease may stand within a longer term: “refractory JDM”."""
    padded = f" {' '.join(words(scene.reading.core))} "
    diseases = (term for term in scene.glossary.terms if term.kind is TermKind.DISEASE)
    return any(f" {' '.join(words(name))} " in padded for term in diseases for name in term.all_names)
