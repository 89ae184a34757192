"""Who is reading: what may be said to whom, and what is asked on a reader's behalf. The facts are the same for all.

A family gets information and no directive: no sentence that tells the reader to change a treatment, and no doses but
those of a document that was written for families. Who writes the answer makes no difference.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.answering.doses import dose_owners
from bot.answering.question import Aspect, parse_question
from bot.answering.rank import Ranked
from bot.answering.speaking import DIRECTIVE
from bot.domain.documents import CuratedDocument
from bot.domain.glossary import DRUG_KINDS, Glossary, Term
from bot.domain.messages import Audience
from bot.domain.text import fold
from bot.prompts import Wording

MOST_DRUGS = 2
"""Drugs of one question that a family is told about."""
WRITTEN_FOR_THEM = 1.1
"""What a statement of a document that was written for families counts more to them."""
STILL_AN_ANSWER = 0.76
"""Share of the best score below which what is left for a family no longer answers."""
FAMILIES = re.compile(r"\b(famil(y|ies)|parents?|carers?|caregivers?)\b")
A_DOSE_GIVEN = re.compile(
    r"\b(miss\w*|skip\w*|forg[eo]t\w*|late|extra|doubl\w*|next|first|last|vomit\w*|after|high|low|lower\w*|reduc\w*"
    r"|taper\w*)\b[^.?!]{0,30}\bdos(e|es|age)\b|\bdos(e|es) (\w+ ){0,2}(missed|forgotten|late|skipped)\b"
)
"""A dose that was given, or not: nobody asks how much it is."""
OWN_CHILD = re.compile(
    r"\b(she|he|her|him|his|hers|herself|himself"
    r"|(my|our) (\w+ ){0,3}?(child|children|son|daughter|kid|kids|girl|boy|baby|toddler|teenager|teen))\b"
)
HOW_OFTEN = re.compile(r"\b(how often|over how many|schedul\w+)\b")
HOW_MUCH = re.compile(r"\b(dos(e|es|age|ages|ing)|how much|how many|mg|milligrams?)\b")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What one reader of one answer may be told."""

    audience: Audience

    def objection(self, text: str, documents: Iterable[CuratedDocument], glossary: Glossary) -> str | None:
        """Why this isn't said to the reader, in a sentence; None where it may be."""
        if self.audience is not Audience.FAMILY:
            return None
        if DIRECTIVE.search(fold(text)):
            return "It tells the reader what to do; a family gets information only, so say what is known or done."
        if dose_owners(text, "", glossary) and not all(map(is_for_families, documents)):
            return "It states a dose, which a family asks the treating team for; say the rest without the dose."
        return None

    def choose(self, ranked: Sequence[Ranked], glossary: Glossary) -> tuple[Ranked, ...]:
        """The statements that this reader may be given, best first; none where what is left doesn't answer."""
        if self.audience is not Audience.FAMILY or not ranked:
            return tuple(ranked)
        fit = [
            replace(item, score=item.score * WRITTEN_FOR_THEM) if is_for_families(_document(item)) else item
            for item in ranked
            if self.objection(item.candidate.text, (_document(item),), glossary) is None
        ]
        fit.sort(key=lambda item: (-item.score, item.candidate.order))
        return tuple(fit) if fit and fit[0].score >= STILL_AN_ANSWER * ranked[0].score else ()


ANYBODY = Reading(audience=Audience.OTHER)


@dataclass(frozen=True, kw_only=True, slots=True)
class Put:
    """A question as it is answered for its reader; `preface` is said above the answer, `brief` asks for a short one."""

    text: str
    preface: str = ""
    brief: bool = False


def put_for(audience: Audience, question: str, glossary: Glossary, wording: Wording) -> Put:
    """The question for this reader: a family that asks how much of a drug is given is told about the drug instead."""
    drugs = asked_dose_of(question, glossary) if audience is Audience.FAMILY else ()
    if not drugs:
        return Put(text=question)
    names = " and ".join(term.name for term in drugs)
    preface = wording.say("family.dose", drug=names)
    if HOW_OFTEN.search(fold(question)) and not HOW_MUCH.search(fold(question)):
        return Put(text=question, preface=preface)
    english = wording.english
    instead = english.say("family.instead_of_dose", drug=names)
    return Put(text=instead, preface=preface, brief=True)


def send_to_team(reason: str, wording: Wording, *, unsuited: bool) -> str:
    """Why a family gets no answer, and whom to ask; `unsuited`: there is one, but it isn't for them."""
    return f"{wording.say('family.for_the_team') if unsuited else reason} {wording.say('family.ask')}"


def asks_of_a_child(question: str) -> bool:
    """Does it speak of the family's own child, so that it isn't off the subject, however little we know of it?"""
    return OWN_CHILD.search(fold(question)) is not None


def asked_dose_of(question: str, glossary: Glossary) -> tuple[Term, ...]:
    """The drugs whose dose or schedule is asked for."""
    parsed = parse_question(question, glossary)
    if not parsed.wants(Aspect.DOSE) or A_DOSE_GIVEN.search(fold(question)):
        return ()
    return tuple(term for term in parsed.terms if term.kind in DRUG_KINDS)[:MOST_DRUGS]


def is_for_families(document: CuratedDocument) -> bool:
    """Does its title or its population say that it was written for families?"""
    return FAMILIES.search(fold(f"{document.title} . {document.population}")) is not None


def _document(item: Ranked) -> CuratedDocument:
    return item.candidate.retrieved.document
