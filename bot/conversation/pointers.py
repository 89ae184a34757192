"""The ways in which a message leans on what was said before, told by its words alone. English, no model."""

import re
from enum import StrEnum

from bot.answering.language import STOP_WORDS
from bot.domain.text import words


class Pointer(StrEnum):
    """A way in which a message leans on what was said before."""

    PRONOUN = "pronoun"
    PERSON = "person"
    THING = "this thing"
    SOURCE = "this source"
    PLACE = "position in a list"
    OTHER = "the other one"
    PAIR = "those two"
    CONNECTIVE = "and …"
    SWAP = "what about …"
    CORRECTION = "no, I meant …"
    RETURN = "back to …"
    ELLIPSIS = "no full question"
    COMPARISON = "better, else, instead"
    DEFINITE = "the …"
    SAID = "you said …"


SAID = re.compile(
    r"\b(?:you|we) (?:just |already |also )?(?:said|mentioned|wrote|listed|named|told|talked about|suggested"
    r"|recommended)|\b(?:did|do|have) (?:you|we) (?:just |already )?(?:say|mention|write|list|name|mean|suggest"
    r"|recommend)"
    r"|\b(?:mentioned|listed|named) (?:above|before|earlier)\b",
    re.IGNORECASE,
)
PRONOUN = re.compile(
    r"\b(?:it|its|it's|they|their|theirs|them|they're|(?<!by )itself|(?<!by )themselves)\b", re.IGNORECASE
)
EXPLETIVE = re.compile(
    r"\bit\s+(?:\w+\s+)?(?:possible|true|necessary|ok|okay|recommended|known|clear|likely|normal|common|important"
    r"|advisable|reasonable|appropriate|safe|better|best|early|late|soon|wise|risky|dangerous|useful|allowed"
    r"|worth|sensible|time|take|takes|took|matter|depend|depends|mean|come|possible)\b(?=\s+(?:to|that|for|if"
    r"|until|before|when|whether|on)\b)"
    r"|\bit(?:'s| is| was)\s+(?:\w+\s+)?(?:possible|true|necessary|known|clear|likely|important|said)\s+(?:to|that"
    r"|for|if)\b"
    r"|\b(?:it'?s|it is) (?:an?|the)\b",
    re.IGNORECASE,
)
PERSON = re.compile(r"\b(?:she|her|hers|he|him|his)\b", re.IGNORECASE)
PEOPLE = (
    r"(?:patients?|child(?:ren)?|kids?|girls?|boys?|babies|baby|infants?|teens?|teenagers?|adolescents?|people|persons?"
    r"|cases?|participants?|adults?|wom[ae]n|m[ae]n|families|parents)"
)
DRUGS = (
    r"(?:drugs?|medicines?|medications?|meds?|agents?|biologics?|treatments?|therap(?:y|ies)|options?|substances?"
    r"|compounds?|inhibitors?|blockers?)"
)
DISEASES = r"(?:diseases?|conditions?|disorders?|syndromes?|illness(?:es)?|problems?|symptoms?)"
SOURCES = (
    r"(?:study|studies|trials?|papers?|articles?|pages?|documents?|sources?|guidelines?|letters?|reports?|series|authors?"
    r"|publications?|references?|cohorts?|abstracts?|websites?|reviews?)"
)
POINTING = r"(?:this|that|these|those|the same|such(?: an?)?|the said)"
# "the JAKi study" and "the page about IVIG" say themselves which one they mean.
SOURCE = re.compile(
    rf"\b(?:(?:{POINTING})\s+(?:second |other |last |first )?{SOURCES}|the\s+(?:second |other |last "
    rf"|first )?{SOURCES}(?!\s+(?:with|about|on|of|from|by|that|which|where|in)\b))\b",
    re.IGNORECASE,
)
POINTED = re.compile(
    rf"\b(?P<how>{POINTING})\s+(?:(?P<people>{PEOPLE})|(?P<drugs>{DRUGS})|(?P<diseases>{DISEASES})"
    rf"|(?P<sources>{SOURCES}))\b",
    re.IGNORECASE,
)
# "this" or "that" standing alone: after a word that takes an object and before the end or a verb, so that neither
# "a test that shows …" nor "I heard that …" counts.
ALONE = re.compile(
    r"(?:^|\b(?:is|are|was|were|does|do|did|can|could|will|would|should|about|of|for|with|by|to|from|on|in|why"
    r"|like|if|than|how|and|when|after"
    r"|but|without|before|at|into|all|know|tell|explain|mean|say|base|try|use|stop|give|treat|diagnose|prevent"
    r"|avoid|measure|check|confirm|call"
    r"|define|have|get|take|doing|increase|reduce|balance|related)\s+)(?P<it>this|that|these|those)"
    r"(?=\s*(?:[?.!,;)]|$)|'s\b|\s+(?:is|are|was|were|has|have|had|do|does|did|can|could|will|would|should|may"
    r"|might|means?|works?|worked|helps?"
    r"|helped|happens?|happened|compares?|differ|apply|applies|fails?|failed|affects?|causes?|for|in|with|on|at|to"
    r"|from|than|too|also|so|be|not"
    r"|come|go|take|inherited|treated|given|used|bad|good|safe|common|serious|dangerous|effective|better|worse|and"
    r"|or|if|when|true|important|based|enough)\b)",
    re.IGNORECASE,
)
ANY_POINTING = re.compile(
    r"\b(?:this|these|those|the same|such)\s+\w+|\b(?:which|what|any|some|none|all|each|either|neither|both|one"
    r"|two|some) of (?:these|those|them)\b",
    re.IGNORECASE,
)
NUMBERED = re.compile(
    r"\b(?:the\s+)?(?:option|number|no\.?|nr\.?|item|point|choice|answer|claim|#)\s*(?P<n>[1-9])\b", re.IGNORECASE
)
ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "fifth": 5,
    "5th": 5,
    "last": -1,
    "former": 1,
    "latter": -1,
}
PLACE = re.compile(
    rf"\b(?:the|your|that) (?:very )?(?P<n>{'|'.join(ORDINALS)})(?:\s+(?P<head>ones?|options?|choices?|drugs?"
    rf"|treatments?|points?|items?|two|three|{DRUGS}))?(?=\s*(?:[?.!,;:]|$)|\s+(?:is|are|was|were|has|have|do|does"
    rf"|did|can|could|should|would|for|in|with|on|given|used|work|works|based|look|mean|means|if|when|say|says"
    rf"|from|or|and|better|worse|instead)\b)",
    re.IGNORECASE,
)
OTHER = re.compile(
    r"\bthe other (?:one|option|drug|treatment|two|three|ones|options|drugs|treatments|side|medicine|biologic)\b"
    r"|\bthe others?(?=\s*(?:[?.!,;]|$)|\s+(?:is|are|was|were|for|in)\b)|\bthe (?:alternatives?"
    r"|remaining ones?)(?=\s*(?:[?.!,;]|$))",
    re.IGNORECASE,
)
PAIR = re.compile(
    r"\b(?:(?:of |between )?(?:those|these|the) (?:two|three)(?: of them)?(?=\s*(?:[?.!,;:]|$)|\s+(?:is|are|was"
    r"|were|has|have|do|does|did|can|could|should|would|for|in|with|on|work|works|together|first)\b)"
    r"|(?:both |either |neither )?of (?:them|these|those)(?: two)?(?=\s*(?:[?.!,;]|$)|\s+(?:is|are|was|were|has|have"
    r"|do|does|did|can|could|should|would|works?|helps?)\b)|(?:both|either|neither)(?=\s*(?:[?.!,;]|$)"
    r"|\s+(?:be|have|has|is|are|work|help|at|together)\b))",
    re.IGNORECASE,
)
COMPARISON = re.compile(
    r"\b(?:else|instead|other|another|alternatives?|better|worse|safer|faster|cheaper|stronger|higher|lower|more"
    r"|less|different|differences?|compared?|same|similar|too|either|then|still|again)\b",
    re.IGNORECASE,
)
DEFINITE = re.compile(r"\b(?:the|these|those|this|that|its|their|such)\s+(?:\w+\s+)?(?P<head>[\w-]+)", re.IGNORECASE)
QUESTION_WORDS = frozenset("who what when where why which how whose whom".split())
VERBS = re.compile(
    r"\b(?:is|are|was|were|do|does|did|can|could|should|would|will|has|have|had|may|might|must|am|be|been|tell"
    r"|explain|show|give|list|compare|describe|'s|whats|hows)\b",
    re.IGNORECASE,
)
BARE = re.compile(
    r"^(?:(?:in|for|of|by|with|at|from|to|on|after|since|until)\s+)?(?:why|how|when|where|who|whom|which|what"
    r"|how (?:many|much|often|long|so|come|old|soon|fast|high|low|come)|which ones?|what kind|what (?:dose|age"
    r"|else|then|now|next|if|for)|why (?:not|so|that(?: one)?)|since when|from what to what|by (?:how much|whom)|"
    r"for (?:how long|whom|what)|really|such as|e\.?g\.?|like what|meaning|says who|source|sources|evidence|proof"
    r"|more|go on|and then|examples?|details?)\b[\s?.!]*$",
    re.IGNORECASE,
)
OWN_SUBJECT = re.compile(
    r"^(?:does|do|did|is|are|can|could|should|will|would)\s+"
    rf"(?P<subject>(?!(?:the|this|that|these|those|it|they|he|she|we|i|you|my|our|there|{PEOPLE})\b)"
    r"[\w-]+(?:\s+[\w-]+){0,2}?)\s+"
    r"(?:help|work|matter|cause|improve|make|play|have|affect|worsen|prevent|cure|change)s?\b",
    re.IGNORECASE,
)
"""What a question is about by its grammar alone: the `diet` of “does diet help”."""


SIMPLE: tuple[tuple[re.Pattern[str], Pointer], ...] = (
    (PERSON, Pointer.PERSON),
    (SOURCE, Pointer.SOURCE),
    (NUMBERED, Pointer.PLACE),
    (PLACE, Pointer.PLACE),
    (OTHER, Pointer.OTHER),
    (PAIR, Pointer.PAIR),
    (COMPARISON, Pointer.COMPARISON),
    (DEFINITE, Pointer.DEFINITE),
    (SAID, Pointer.SAID),
)


def find_pointers(core: str) -> frozenset[Pointer]:
    """How a message, its lead-in taken off, leans on what was said."""
    found = {pointer for pattern, pointer in SIMPLE if pattern.search(core)}
    if PRONOUN.search(EXPLETIVE.sub(" ", core)) or ALONE.search(core):
        found.add(Pointer.PRONOUN)
    for match in POINTED.finditer(core):
        found.add(Pointer.PERSON if match["people"] else Pointer.SOURCE if match["sources"] else Pointer.THING)
    if ANY_POINTING.search(core) and found <= {Pointer.COMPARISON, Pointer.DEFINITE, Pointer.SAID, Pointer.PLACE}:
        found.add(Pointer.THING)
    if is_elliptic(core):
        found.add(Pointer.ELLIPSIS)
    return frozenset(found)


def is_elliptic(core: str) -> bool:
    """No full question: a bare question word, a single phrase without a verb, or no telling word at all."""
    said = words(core)
    telling = [word for word in said if word not in STOP_WORDS]
    if BARE.match(core) or not telling:
        return True
    if said[0] in QUESTION_WORDS and len(telling) > 2:
        return False
    return len(said) <= 5 and not VERBS.search(core)
