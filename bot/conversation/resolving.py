"""Which earlier things a message means. One rule for each way of leaning on what was said; the first that fits wins."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.answering.language import STOP_WORDS, split_sentences, stem
from bot.answering.question import Aspect, parse_question
from bot.conversation import rewriting
from bot.conversation.focus import DRUGS, Focus
from bot.conversation.listed import listed_items
from bot.conversation.phrases import find_document, find_patient, find_study
from bot.conversation.references import ALONE, PRONOUN, Pointer, Reading
from bot.domain.answers import Answer
from bot.domain.glossary import Glossary, TermKind
from bot.domain.messages import Turn
from bot.domain.text import fold, words

if TYPE_CHECKING:
    import numpy as np

EMPTY_WORDS = STOP_WORDS | frozenset("one ones thing things exactly more go details detail really then source sources document documents anywhere everywhere somewhere different kids children patients usual usually".split())
MOST_OF_A_PAIR = 3
LONGEST_CLAIM = 30
"""Words of a claim that is put behind a "why"."""
LIKE_ENOUGH = 0.3
"""Cosine from which an earlier question is about the topic that a user returns to."""
# What happens to something tells what sort of thing it is.
SORTS: tuple[tuple[re.Pattern[str], frozenset[TermKind]], ...] = (
    (
        re.compile(r"\b(?:resolv|c[oa]me back|comes back|recur|relaps|disappear|go away|went away|goes away|visible|be seen|heal|clear|flare|spread|itch|worsen|severe)\w*"),
        frozenset({TermKind.MANIFESTATION, TermKind.DISEASE, TermKind.MEASURE}),
    ),
    (
        re.compile(r"\b(?:inherit|diagnos|caus|symptom|prognos|outlook|curable|contagious|genetic|prevent|worr(?:y|ies|ied|ying)|dangerous)\w*"),
        frozenset({TermKind.DISEASE, TermKind.MANIFESTATION}),
    ),
    (
        re.compile(r"\b(?:fail|work|dos(?:e|ed|ing)|given?|giving|start|stop|taper|tolerat|approv|block|inhibit|tr(?:y|ied)|switch|combin|contraindicat|available|infus|inject|side effect|half-life|take[ns]?|taking)\w*"),
        DRUGS | {TermKind.PROCEDURE},
    ),
)
AUTHORS_DO = re.compile(
    r"\bthey (?:\w+ )?(?:defin|report|say|said|requir|recommend|measur|conclud|includ|exclud|claim|add|use|find|found|writ|wrote|mention|list|suggest|study|studied|publish|advis|call|compar|enrol|recruit|show|base)\w*"
    r"|\b(?:do|did|does|have) they (?:\w+ )?(?:defin|report|say|requir|recommend|measur|conclud|includ|exclud|claim|add|use|find|write|mention|list|suggest|study|publish|advis|call|compar|enrol|recruit|show|base)\w*",
    re.IGNORECASE,
)
PEOPLE_DO = re.compile(r"\b(?:vaccinat|born|old|die[ds]?|surviv|weigh|tolerat|attend|hospitali|able|followed|previously treated|on steroids)\w*", re.IGNORECASE)
AT_THE_START = re.compile(r"^(?:(?:is|was|are|were|does|do|did|has|have|can|could|would|will|why (?:is|was)|how (?:is|was|old is|recent is)|which \w+ (?:is|was))\s+)(?:this|that|these|those)\b", re.IGNORECASE)


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
    for rule in (_person, _source, _pronoun, _ellipsis, _left_out):
        if (text := rule(scene)) and fold(text).strip("?.! ") != said:
            return Resolution(text=text, whole=False)
    return None


def _correction(scene: Scene) -> str:
    """`no, I meant infliximab`: the last question with the other thing in it."""
    reading = scene.reading
    if not reading.has(Pointer.CORRECTION):
        return ""
    if reading.replaced and (start := scene.last.lower().find(reading.replaced.lower())) >= 0:
        return rewriting.finish(scene.last[:start] + reading.topic + scene.last[start + len(reading.replaced) :])
    if swapped := rewriting.swap(scene.last, reading.topic, scene.glossary):
        return swapped
    if len(words(reading.topic)) > 5:
        return rewriting.beside(reading.topic, _names(scene, 1))
    return rewriting.beside(rewriting.bare(scene.last), [reading.topic])


def _place(scene: Scene) -> str:
    """`the second one`, `the other two`, `which of those two`: what was listed."""
    reading = scene.reading
    replaced = ""
    if reading.has(Pointer.PAIR):
        items = listed_items(scene.turns, scene.glossary, comparable=True)
        replaced = rewriting.replace_pair(reading.core, items) if len(items) <= MOST_OF_A_PAIR else ""
    elif reading.has(Pointer.OTHER):
        items = listed_items(scene.turns, scene.glossary, comparable=True) or listed_items(scene.turns, scene.glossary)
        replaced = rewriting.replace_other(reading.core, items, _settled(scene, items))
    elif reading.has(Pointer.PLACE):
        for end in range(len(scene.turns), 0, -1):
            items = listed_items(scene.turns[:end], scene.glossary)
            if items and (replaced := rewriting.replace_place(reading.core, items)):
                break
    if replaced and rewriting.is_bare_entity(replaced, scene.glossary):
        return rewriting.swap(scene.last, replaced, scene.glossary) or rewriting.finish(replaced)
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
        return rewriting.beside(rewriting.bare(scene.last), [fragment.strip("?.! ")])
    return ""


def _bare_word(scene: Scene) -> str:
    """`why?`, `in how many?`: the short question before what it asks about."""
    reading = scene.reading
    if not reading.has(Pointer.ELLIPSIS) or any(word not in EMPTY_WORDS for word in words(reading.core)):
        return ""
    about = scene.last
    if words(reading.core)[:1] == ["why"] and scene.bottom_line and len(scene.bottom_line.split()) <= LONGEST_CLAIM:
        about = scene.bottom_line
    return rewriting.before(reading.core, about)


def _ellipsis(scene: Scene) -> str:
    """`prospective?`: the focus beside it."""
    reading = scene.reading
    if not reading.has(Pointer.ELLIPSIS):
        return ""
    study = find_study(scene.turns[-1:]) if Aspect.PUBLICATION in scene.aspects(scene.last) else ""
    return rewriting.beside(reading.core, [study] if study else _names(scene, 2))


def _person(scene: Scene) -> str:
    """`she`: the patient that was spoken of."""
    reading = scene.reading
    if not reading.has(Pointer.PERSON) or not (patient := find_patient(scene.turns)):
        return ""
    core = reading.core
    replaced = rewriting.replace_person(core, patient)
    return rewriting.finish(replaced) if replaced != core else rewriting.beside(core, [patient])


def _source(scene: Scene) -> str:
    """`that study`, `the same page`, `they recommend`: the study as the user called it, or the cited document's title."""
    reading = scene.reading
    about_source = Aspect.PUBLICATION in scene.aspects(reading.core)
    after_source = Aspect.PUBLICATION in scene.aspects(scene.last) and reading.has(Pointer.PRONOUN) and not scene.own
    if reading.has(Pointer.PRONOUN) and AUTHORS_DO.search(reading.core) and (study := find_study(scene.turns)):
        return rewriting.finish(rewriting.replace_authors(reading.core, study))
    if not (reading.has(Pointer.SOURCE) or after_source or (about_source and reading.has(Pointer.PRONOUN))):
        return ""
    title = find_document(scene.turns[-1:]) or find_study(scene.turns) or find_document(scene.turns)
    return rewriting.beside(reading.core, [rewriting.short(title)]) if title else ""


def _pronoun(scene: Scene) -> str:
    """`is it better than IVIG?`: the pronoun replaced by what the conversation is about; beside it where that's unsure."""
    reading = scene.reading
    if not reading.has(Pointer.PRONOUN, Pointer.THING) or _has_antecedent(scene):
        return ""
    core = reading.core
    if AT_THE_START.match(core) and scene.focus and scene.focus[0].kind is not None:
        return rewriting.beside(core, [rewriting.bare(scene.last)])
    if not (candidates := _candidates(scene)):
        return ""
    asking = split_sentences(core)[-1]
    replaced = asking
    if not (PEOPLE_DO.search(asking) or AUTHORS_DO.search(asking)):
        replaced = rewriting.replace_pronouns(asking, candidates[0])
    if replaced == asking:
        return rewriting.beside(core, _names(scene, 2))
    return rewriting.finish(core[: core.rindex(asking)] + replaced)


def _has_antecedent(scene: Scene) -> bool:
    """Does the message itself name what its pronoun stands for, before it?"""
    folded = fold(scene.reading.core)
    found = PRONOUN.search(folded) or ALONE.search(folded)
    named = scene.glossary.mentions(scene.reading.core)
    return bool(found and any(m.end <= found.start() and m.term.kind is not TermKind.CONCEPT for m in named))


def _candidates(scene: Scene) -> list[Focus]:
    """What a pronoun may stand for, the likeliest first: salient, of a fitting sort, and not named in the message."""
    mine = {item.key for item in scene.own}
    candidates = [item for item in scene.focus if item.key not in mine and item.kind is not TermKind.CONCEPT]
    asked = fold(scene.reading.core)
    fitting = next((kinds for pattern, kinds in SORTS if pattern.search(asked)), frozenset())
    return sorted(candidates, key=lambda item: -item.salience * (4.0 if item.kind in fitting else 1.0))


def _left_out(scene: Scene) -> str:
    """`and the dose?`: a question without an entity of its own takes it from the focus."""
    reading = scene.reading
    kinds = {item.kind for item in scene.own if not item.left_behind}
    if kinds & {*DRUGS, TermKind.DISEASE, TermKind.ANTIBODY} or _has_antecedent(scene):
        return ""
    hinted = reading.has(Pointer.CONNECTIVE, Pointer.SWAP, Pointer.RETURN, Pointer.COMPARISON, Pointer.DEFINITE)
    if not (hinted or scene.aspects(reading.core)) or not _is_known(scene):
        return ""
    topic = [reading.topic] if reading.topic and reading.topic != reading.core and not kinds else []
    names = _names(scene, 1 if topic else 2)
    return rewriting.beside(reading.core, names or topic) if names or topic else ""


def _is_known(scene: Scene) -> bool:
    """Does the library know the message's words? Small talk and other subjects mustn't be drawn into the topic."""
    telling = [word for word in words(scene.reading.core) if word not in EMPTY_WORDS]
    return bool(scene.own) or all(scene.knows(word) for word in telling)


def _names(scene: Scene, limit: int) -> list[str]:
    """What the focus adds to a message: entities of kinds that it doesn't name itself, the most salient first."""
    mine = {item.key for item in scene.own}
    kinds = {item.kind for item in scene.own if not item.left_behind}
    top = scene.focus[0].salience if scene.focus else 0.0
    chosen: list[Focus] = []
    for item in scene.focus:
        taken = {other.kind for other in chosen} | kinds
        if item.key in mine or item.kind in {None, TermKind.CONCEPT} or item.kind in taken or (item.is_drug and taken & DRUGS):
            continue
        if item.salience >= 0.4 * top:
            chosen.append(item)
    return [item.name for item in chosen[:limit]]


def find_return(
    topic: str, turns: Sequence[Turn], glossary: Glossary, embed: "Callable[[str], np.ndarray]"
) -> Turn | None:
    """The earlier turn that a user returns to: by its terms and words, otherwise by likeness."""
    wanted = {term.id for term in glossary.terms_in(topic)}
    stems = {stem(word) for word in words(topic) if word not in EMPTY_WORDS}
    best: tuple[float, Turn] | None = None
    for turn in turns:
        text = f"{turn.question} {turn.standalone_question}"
        score = 2.0 * len(wanted & {term.id for term in glossary.terms_in(text)})
        score += len(stems & {stem(word) for word in words(text)})
        if score and (best is None or score >= best[0]):
            best = (score, turn)
    if best is None and turns and stems:
        vector = embed(topic)
        likeness = [(float(vector @ embed(turn.question)), turn) for turn in turns[-20:]]
        nearest = max(likeness, key=lambda pair: pair[0])
        best = nearest if nearest[0] >= LIKE_ENOUGH else None
    return best[1] if best else None
