"""Which earlier things a message means: one rule for each way of leaning on what was said; the first that fits wins."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.language import split_sentences
from bot.answering.question import Aspect
from bot.conversation import rewriting
from bot.conversation.focus import DRUGS, GIVEN_FOR
from bot.conversation.listed import listed_items, named_by_user
from bot.conversation.phrases import find_documents, find_patient, find_study, names_a_person
from bot.conversation.pointers import ORDINALS, PEOPLE, PERSON, SOURCES, VERBS, Pointer, is_elliptic
from bot.conversation.references import read_message
from bot.conversation.scene import EMPTY_WORDS, Scene
from bot.conversation.standing import SUBJECTS, brings_its_subject, has_an_unknown_subject
from bot.domain.answers import Abstention, Answer
from bot.domain.glossary import TermKind
from bot.domain.text import fold, words

MOST_OF_A_PAIR = 3
WHOLE = 4
"""Words from which a question with a verb and a pronoun is a whole one."""
BESIDE = re.compile(r"\s*\([^()]*\)\W*$")
"""What was put beside a question that didn't say what it was about."""
FEW = 2
"""Telling words of a message that may be about anything that was said."""
LONGEST_CLAIM = 30
"""Words of a claim that is put behind a "why"."""
AUTHORS_DO = re.compile(
    r"\bthey (?:\w+ )?(?:defin|report|say|said|requir|recommend|measur|conclud|includ|exclud|claim|add|use|find"
    r"|found|writ|wrote|mention|list|suggest|study|studied|publish|advis|call|compar|enrol|recruit|show|base)\w*"
    r"|\b(?:do|did|does|have) they (?:\w+ )?(?:defin|report|say|requir|recommend|measur|conclud|includ|exclud"
    r"|claim|add|use|find|write|mention|list|suggest|study|publish|advis|call|compar|enrol|recruit|show|base)\w*",
    re.IGNORECASE,
)
PEOPLE_DO = re.compile(
    r"\bthey (?:still |also |ever )?(?:get|receive|have|need|go|eat|live|play|travel|attend|swim)\b"
    r"|\b(?:vaccinat|born|old|die[ds]?|surviv|weigh|tolerat|attend|hospitali|able|followed|previously treated"
    r"|on steroids)\w*",
    re.IGNORECASE,
)
ABOUT_A_SOURCE = re.compile(
    rf"\b(?:journal|authors?|published|publication|who wrote|written by|doi|pmid|reviewed|(?:last )?updated"
    rf"|up to date|sources?|{SOURCES} (?:is|was) (?:that|this|it))\b",
    re.IGNORECASE,
)
PEOPLE_POINTED = re.compile(rf"\b(?:these|those|such)\s+{PEOPLE}\b", re.IGNORECASE)
ASKS_WHAT_WAS = re.compile(
    r"^(?:(?:how|what|which|when|where|who|why)(?: \w+){0,2} )?(?:was|were|did|had)\b(?! (?:i|we|my|our|you)\b)",
    re.IGNORECASE,
)
"""What was, without a subject of its own, is asked of what was just told of."""
HELD_BY_A_STUDY = re.compile(
    rf"\b(?:how many|how old|which|what)\b.{{0,40}}\b{PEOPLE}\b.{{0,30}}\b(?:in|of) (?P<it>it|that|this)[\s?.!]*$",
    re.IGNORECASE,
)
"""“How many children were in it?”: people are in a study, never in a drug."""
WHAT_HELPS = re.compile(
    r"^(?:(?:and|so|but) )?what (?:else )?(?:helps?|works?|can help)\b",
    re.IGNORECASE,
)
"""It asks for something against a complaint, not for what the drug does that an answer names."""
TOLD = re.compile(r"\b(?:did|was|were|had)\b", re.IGNORECASE)
NUMBERED_SOURCE = re.compile(rf"\b(?P<n>{'|'.join(ORDINALS)})\s+{SOURCES}\b", re.IGNORECASE)
THAT_ONE = re.compile(r"\b(?:that|this|the) one\b", re.IGNORECASE)
AT_THE_START = re.compile(
    r"^(?:(?:is|was|are|were|does|do|did|has|have|can|could|would|will|why (?:is|was)|how (?:is|was|old is"
    r"|recent is)|which \w+ (?:is|was))\s+)(?:this|that|these|those)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Resolution:
    """A message that stands alone. `whole` says that it holds all that was meant of the last question."""

    text: str
    whole: bool


def resolve(scene: Scene) -> Resolution | None:
    """The message rewritten to stand alone; None where it does so already, or can't be."""
    if not scene.turns or scene.reading.switches:
        return None
    said = fold(scene.reading.text).strip("?.! ")
    for rule in (_correction, _place, _swap, _bare_word):
        if (text := rule(scene)) and fold(text).strip("?.! ") != said:
            return Resolution(text=text, whole=True)
    if scene.reading.has(Pointer.OTHER) and all(word in EMPTY_WORDS for word in words(scene.reading.core)):
        return None
    for rule in (_person, _source, _pronoun, _for_what, _ellipsis, _left_out):
        if (text := rule(scene)) and fold(text).strip("?.! ") != fold(scene.reading.core).strip("?.! "):
            return Resolution(text=rewriting.led_in(scene.reading.lead, text), whole=False)
    return None


def _correction(scene: Scene) -> str:
    """`no, I meant infliximab`: the last question with the other thing in it."""
    reading = scene.reading
    if not reading.has(Pointer.CORRECTION):
        return ""
    if reading.replaced and (start := scene.last.lower().find(reading.replaced.lower())) >= 0:
        return rewriting.finish(scene.last[:start] + reading.topic + scene.last[start + len(reading.replaced) :])
    if swapped := rewriting.swap(scene.last, reading.topic, scene.glossary, failed_too=True):
        return swapped
    if len(words(reading.topic)) > 5:
        return rewriting.beside(reading.topic, scene.names(1))
    return rewriting.beside(rewriting.bare(scene.last), [reading.topic])


def _place(scene: Scene) -> str:
    """`the second one`, `the other two`, `which of those two`: what was listed."""
    reading = scene.reading
    replaced = ""
    if reading.has(Pointer.PAIR):
        items = named_by_user(scene.turns, scene.glossary) or listed_items(scene.turns, scene.glossary)
        replaced = rewriting.replace_pair(reading.core, items) if len(items) <= MOST_OF_A_PAIR else ""
    elif reading.has(Pointer.OTHER):
        named = named_by_user(scene.turns, scene.glossary)
        items = named[-1 - rewriting.most_of(reading.core) :] or listed_items(scene.turns, scene.glossary)
        replaced = rewriting.replace_other(reading.core, items, _settled(scene, items))
    elif reading.has(Pointer.PLACE):
        # "and the last one?" after "the first one?" is about the same list.
        listing = [turn for turn in scene.turns if not read_message(turn.question).has(Pointer.PLACE)] or scene.turns
        for end in range(len(listing), 0, -1):
            items = listed_items(listing[:end], scene.glossary)
            if items and (replaced := rewriting.replace_place(reading.core, items)):
                break
    if replaced and rewriting.is_bare_entity(replaced, scene.glossary):
        beside = rewriting.beside(rewriting.bare(scene.last), [replaced.strip("?.! ")])
        return rewriting.swap(scene.last, replaced, scene.glossary) or beside
    return rewriting.finish(replaced)


def _settled(scene: Scene, items: Sequence[str]) -> list[str]:
    """Which of the items the last turn singled out; the first where it didn't."""
    for text in (scene.bottom_line, scene.last):
        named = [item for item in items if fold(item) in fold(text)]
        named += [t.name for t in scene.glossary.terms_in(text) if any(fold(t.name) == fold(item) for item in items)]
        if named and len(set(named)) < len(items):
            return named
    return list(items[:1])


def _swap(scene: Scene) -> str:
    """`and rituximab?`, `step 2?`: the last question about something else."""
    reading = scene.reading
    joined = reading.has(Pointer.SWAP, Pointer.CONNECTIVE)
    if not (joined or reading.has(Pointer.ELLIPSIS)):
        return ""
    fragment = reading.core
    if rewriting.NUMBERED_THING.match(fragment) or rewriting.is_bare_entity(fragment, scene.glossary):
        if swapped := rewriting.swap(scene.last, fragment, scene.glossary):
            return swapped
        if BESIDE.search(scene.last) and is_elliptic(BESIDE.sub("", rewriting.bare(scene.last))):
            return rewriting.beside(fragment, scene.about())
        if scene.glossary.mentions(scene.last):
            return rewriting.beside(rewriting.bare(scene.last), [fragment.strip("?.! ")])
    return ""


def _bare_word(scene: Scene) -> str:
    """`why?`, `in how many?`: the short question before what it asks about."""
    reading = scene.reading
    if not reading.has(Pointer.ELLIPSIS) or reading.has(Pointer.OTHER, Pointer.PLACE):
        return ""
    if any(word not in EMPTY_WORDS for word in words(reading.core)):
        return ""
    if THAT_ONE.search(reading.core) and scene.focus and scene.focus[0].is_drug:
        return ""
    asks_of_it = reading.has(Pointer.PRONOUN) and VERBS.search(reading.core) and len(words(reading.core)) >= WHOLE
    if asks_of_it and scene.focus and scene.focus[0].is_drug:
        return ""
    about = scene.last
    if BESIDE.search(about) and is_elliptic(BESIDE.sub("", rewriting.bare(about))):
        return rewriting.beside(reading.core, scene.about())
    if words(reading.core)[:1] == ["why"] and scene.bottom_line and len(scene.bottom_line.split()) <= LONGEST_CLAIM:
        about = scene.bottom_line
    return rewriting.before(reading.core, about)


def _ellipsis(scene: Scene) -> str:
    """`prospective?`: the focus beside it."""
    reading = scene.reading
    if not reading.has(Pointer.ELLIPSIS):
        return ""
    if (pointed := THAT_ONE.search(reading.core)) and scene.focus and scene.focus[0].is_drug:
        return rewriting.finish(reading.core[: pointed.start()] + scene.focus[0].name + reading.core[pointed.end() :])
    if sum(word not in EMPTY_WORDS for word in words(reading.core)) > 1 and not scene.is_known():
        return ""
    study = find_study(scene.turns[-1:]) if ABOUT_A_SOURCE.search(scene.last) else ""
    about = [study] if study else scene.about()
    if rewriting.asks_of_a_drug(reading.core, scene.glossary):
        return rewriting.in_disease(reading.core, scene.names(1, only=TermKind.DISEASE))
    if WHAT_HELPS.match(reading.core) and scene.focus and scene.focus[0].kind is TermKind.MANIFESTATION:
        about = [scene.focus[0].name]
    if any(item.is_drug and not item.left_behind for item in scene.own):
        # What is given has been named: beside it stands only what it is given for.
        about = [item.name for item in scene.focus if item.kind in GIVEN_FOR and item.name in about]
    return rewriting.beside(reading.core, about) if about and not says_nothing(scene, about) else ""


def _person(scene: Scene) -> str:
    """`she`: the patient that was spoken of; `these kids`: those with the disease."""
    reading = scene.reading
    core = reading.core
    if (these := PEOPLE_POINTED.search(core)) and not scene.own:
        disease = next((item.name for item in scene.focus if item.kind is TermKind.DISEASE), "")
        named = f"{these.group()} with {disease}" if disease else these.group()
        told = rewriting.finish(core[: these.start()] + named + core[these.end() :])
        return rewriting.beside(told, scene.names(1)) if TOLD.search(core) else told
    if not reading.has(Pointer.PERSON) or not (patient := find_patient(scene.turns)):
        return ""
    if (spoken_of := PERSON.search(core)) and names_a_person(core[: spoken_of.start()]):
        return ""
    replaced = rewriting.replace_person(core, patient)
    return rewriting.finish(replaced) if replaced != core else rewriting.beside(core, [patient])


def _source(scene: Scene) -> str:
    """`that study`, `the same page`, `they recommend`: the study as the user called it, or its title."""
    reading = scene.reading
    if numbered := NUMBERED_SOURCE.search(reading.core):
        titles = find_documents(scene.turns[-1:])
        place = ORDINALS[numbered["n"].lower()]
        if len(titles) >= abs(place):
            return rewriting.beside(reading.core, [rewriting.short(titles[place - 1 if place > 0 else place])])
    if (held := HELD_BY_A_STUDY.search(reading.core)) and isinstance(scene.turns[-1].outcome, Answer):
        if study := find_study(scene.turns[-1:]):
            return rewriting.finish(reading.core[: held.start("it")] + study + reading.core[held.end("it") :])
        titles = find_documents(scene.turns[-1:])
        return rewriting.beside(reading.core, [rewriting.short(titles[0])]) if titles else ""
    about_source = bool(ABOUT_A_SOURCE.search(reading.core))
    after_source = bool(ABOUT_A_SOURCE.search(scene.last) and not scene.own)
    if reading.has(Pointer.PRONOUN) and AUTHORS_DO.search(reading.core) and (study := find_study(scene.turns)):
        return rewriting.finish(rewriting.replace_authors(reading.core, study))
    if not (reading.has(Pointer.SOURCE) or (reading.has(Pointer.PRONOUN) and (after_source or about_source))):
        return ""
    titles = find_documents(scene.turns[-1:]) or (find_study(scene.turns),)
    title = titles[0] or "".join(find_documents(scene.turns)[:1])
    return rewriting.beside(reading.core, [rewriting.short(title)]) if title else ""


def _pronoun(scene: Scene) -> str:
    """`is it better than IVIG?`: the pronoun replaced by the focus; beside it where that's unsure."""
    reading = scene.reading
    if not reading.has(Pointer.PRONOUN, Pointer.THING) or scene.has_antecedent():
        return ""
    core = reading.core
    if AT_THE_START.match(core) and scene.focus and scene.focus[0].kind is not None:
        return rewriting.beside(core, [rewriting.bare(scene.last)])
    if not (candidates := scene.candidates()):
        return ""
    asking = split_sentences(core)[-1]
    replaced = asking
    if not (PEOPLE_DO.search(asking) or AUTHORS_DO.search(asking)):
        replaced = rewriting.replace_pronouns(asking, candidates[0])
    if replaced == asking:
        complaint = [candidates[0].name] if candidates[0].kind is TermKind.MANIFESTATION else []
        return rewriting.beside(core, complaint or scene.names(2))
    return rewriting.finish(core[: core.rindex(asking)] + replaced)


def _for_what(scene: Scene) -> str:
    """`does rituximab help?`: in the complaint that the last question was about."""
    named = {item.kind for item in scene.own if not item.left_behind}
    telling = [word for word in words(scene.reading.core) if word not in EMPTY_WORDS]
    if (
        not named
        or not named <= DRUGS
        or len(telling) > FEW
        or Aspect.EFFICACY not in scene.aspects(scene.reading.core)
    ):
        return ""
    complaints = [t.name for t in scene.glossary.terms_in(scene.last) if t.kind is TermKind.MANIFESTATION]
    return rewriting.in_disease(scene.reading.core, complaints) if len(complaints) == 1 else ""


def says_nothing(scene: Scene, names: Sequence[str]) -> bool:
    """Is what would be put beside a question a test or score that has no part in it?

    What to give isn't asked of a score, nor anything of a test that nothing was found about.
    """
    kinds = {item.kind for item in scene.focus if item.name in names}
    nothing_found = isinstance(scene.turns[-1].outcome, Abstention) and not scene.reading.has(Pointer.ELLIPSIS)
    away = nothing_found or Aspect.CHOICE in scene.aspects(scene.reading.core)
    return away and bool(kinds) and kinds <= {TermKind.MEASURE, TermKind.PROCEDURE}


def _left_out(scene: Scene) -> str:
    """`and the dose?`: a question without an entity of its own takes it from the focus."""
    reading = scene.reading
    kinds = {item.kind for item in scene.own if not item.left_behind}
    if kinds & SUBJECTS or scene.has_antecedent() or brings_its_subject(scene):
        return ""
    if has_an_unknown_subject(scene):
        about = scene.given_for()
        return rewriting.beside(reading.core, about) if about and scene.is_known() else ""
    joined = reading.has(Pointer.CONNECTIVE, Pointer.SWAP, Pointer.RETURN, Pointer.COMPARISON)
    asks = bool(scene.aspects(reading.core))
    telling = [word for word in words(reading.core) if word not in EMPTY_WORDS]
    hinted = (
        joined
        or asks
        or bool(PEOPLE_POINTED.search(reading.core))
        or (reading.has(Pointer.DEFINITE) and len(telling) <= FEW)
        or bool(ASKS_WHAT_WAS.match(reading.core))
    )
    if not (joined and asks) and not (hinted and scene.is_known()):
        return ""
    topic = [reading.topic] if reading.topic and reading.topic != reading.core and not kinds else []
    names = scene.about() if rewriting.OF_IT.match(reading.core) else scene.names(1)
    if not joined and says_nothing(scene, names):
        return ""
    return rewriting.beside(reading.core, names or topic) if names or topic else ""
