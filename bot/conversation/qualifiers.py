"""What users say of their patient: age, weight, antibodies, what failed. In force until they say otherwise."""

import re
from collections.abc import Iterable

from bot.answering.failing import find_failed
from bot.domain.glossary import Glossary, TermKind
from bot.domain.text import fold

NUMBER = r"\d{1,3}(?:[.,]\d)?"
AGE = re.compile(
    rf"\b(?P<years>{NUMBER})[\s-]?(?:years?|yrs?|yo|y/o|y\.o\.?|yr)(?:[\s-]?(?:old|of age|aged))?\b(?!\s*(?:ago"
    rf"|later|follow|of follow|after|apart|study|treatment|course|history|period|data))"
    rf"|\b(?P<months>{NUMBER})[\s-]?(?:months?|mo)[\s-]?old\b|\b(?:aged?|she is|he is|she's|he's|now"
    r"|(?:daughter|son|child|kid|girl|boy|patient|baby|niece|nephew|sister|brother)(?: is|'s)"
    rf"|turned) (?P<bare>\d{{1,2}})\b(?!\s*(?:kg|mg|weeks?|days?|months?|%|ml|doses?|points?))"
)
LOOSE_AGE = re.compile(rf"{NUMBER}[\s-]?(?:years?|yrs?)")
LASTING = re.compile(r"\b(?:for|since|in|over|within|after|last|past|next|every|by|about)\s+(?:the\s+)?$")
"""Words before a time that is no age: “for 2 years”."""
WEIGHT = re.compile(rf"(?<![/\d])\b(?P<kg>{NUMBER})\s?(?:kg|kgs|kilos?|kilograms?)\b(?!/)")
WORTH_READING = re.compile(
    r"\d|\b(?:s?he|s?he's|my|our|the|this|have) .{0,30}|patient|child|kid|girl|boy", re.IGNORECASE
)
PATIENT = re.compile(
    r"\b(?:my|our|the|this|her|his) (?:\w+ ){0,2}?(?:patient|son|daughter|child|kid|girl|boy|little one|baby"
    r"|teenager)\b|\b(?:i|we) have an? (?:\w+ ){0,3}?(?:patient|child|kid|girl|boy|case)\b"
    r"|\b(?:she|he)(?:'s| is| was| has| had| weighs| failed| did| didn't| does| doesn't)\b|\b(?:girl|boy|patient"
    r"|child|kid|case) (?:who|with|whose|aged)\b|\bmy (?:\w+ )?(?:\d+[\s-]?(?:year|yr|yo))"
)
STATED_AGE = re.compile(r"\b(?:year|yr|month)s?[\s-]old\b|\b\d+\s?(?:yo|y/o)\b")
CONDITION = re.compile(
    r"\b(?:if|when|how many|how often|which|in case|what share|proportion|patients|children|studies|were|kids with)\b"
)
POSITIVE = re.compile(r"^\s*(?:antibod(?:y|ies)\s*)?(?:\(?\+\)?|positiv(?:e|ity)|pos\b)?")
ALLERGY = re.compile(
    r"\b(?:allerg(?:ic|y) to|can't (?:take|tolerate)|cannot (?:take|tolerate)|contraindicat\w+(?: for"
    r"| to)?)\s+(?:\w+\s+){0,1}$"
)
CORRECTS = re.compile(r"^(?:no|actually|now|and|sorry|wait|i mean)\b|\bnow\b")
YEARS = re.compile(r"(\d+)(?:[.,]\d)?-year-old")
SAME_AGE = 1
"""Years by which what is said of one patient's age may differ."""
TAKING = re.compile(r"\b(?:on|taking|takes|receiving|receives|gets|getting)\s+(?:\w+\s+){0,1}$")


def read_qualifiers(messages: Iterable[str], glossary: Glossary) -> tuple[str, ...]:
    """The qualifiers in force after these messages, oldest first: `8-year-old`, `22 kg`, `methotrexate failed`."""
    held: dict[str, str] = {}
    for message in messages:
        if not held and not WORTH_READING.search(message):
            continue
        stated = list(_stated(message, glossary, known=bool(held)))
        if _is_another(held.get("age", ""), dict(stated).get("age", "")) and not CORRECTS.search(fold(message)):
            held.clear()
        for slot, value in stated:
            if value:
                held[slot] = value
            else:
                held.pop(slot, None)
    return tuple(held.values())


def _is_another(before: str, now: str) -> bool:
    """Is it the age of another patient?"""
    ages = [int(found[1]) for text in (before, now) if (found := YEARS.fullmatch(text))]
    return len(ages) == len((before, now)) and abs(ages[0] - ages[1]) > SAME_AGE


def _stated(message: str, glossary: Glossary, *, known: bool) -> Iterable[tuple[str, str]]:
    folded = fold(message)
    about_patient = bool(
        PATIENT.search(folded)
        or STATED_AGE.search(folded)
        or (known and re.match(r"(?:no|actually|now|and)\b", folded))
    )
    if not about_patient and not (WEIGHT.search(folded) and AGE.search(folded)):
        return
    ages = [match for match in AGE.finditer(folded) if not LASTING.search(folded[: match.start()])]
    # "9yo girl, JDM 2 years": beside an age that is called one, another time is how long something has lasted.
    called = [match for match in ages if not LOOSE_AGE.fullmatch(match.group())]
    for match in called or ages:
        if match["bare"] and not (PATIENT.search(folded) or known):
            continue
        yield (
            "age",
            f"{match['months']}-month-old" if match["months"] else f"{match['years'] or match['bare']}-year-old",
        )
    for match in WEIGHT.finditer(folded):
        yield "weight", f"{match['kg']} kg"
    failed = find_failed(message, glossary)
    general = bool(CONDITION.search(folded)) and not AGE.search(folded)
    for mention in glossary.mentions(message):
        term = mention.term
        before, after = folded[: mention.start], folded[mention.end :]
        if term.kind is TermKind.ANTIBODY and not general:
            negative = re.match(r"^\s*(?:antibod\w+\s*)?(?:-\s|neg)", after) or re.search(
                r"\b(?:no|not|without|negative for)\s+$", before
            )
            yield f"antibody {term.id}", f"{term.name} {'negative' if negative else 'positive'}"
        elif term.kind in {TermKind.DRUG, TermKind.DRUG_CLASS} and not re.search(r"\bif\b[^,]*$", before):
            if term.id in failed:
                yield f"drug {term.id}", f"{term.name} failed"
            elif ALLERGY.search(before):
                yield f"drug {term.id}", f"no {term.name}"
            elif TAKING.search(before) and not general:
                yield f"drug {term.id}", f"on {term.name}"
