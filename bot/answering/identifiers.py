"""Finds what identifies a person in a message and takes it out before anything else sees it.

Age, weight, antibodies, laboratory values and drugs stay: they are needed and identify nobody. Deterministic and
cautious; it can't find every name.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

REMOVED = "[removed]"
MONTHS = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*"
DATE = (
    rf"(?:\d{{1,2}}[./-]\d{{1,2}}[./-](?:19|20)?\d\d|(?:19|20)\d\d-\d\d-\d\d"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+{MONTHS},?\s+(?:19|20)\d\d|{MONTHS}\s+\d{{1,2}},?\s+(?:19|20)\d\d)"
)
NAME = r"[A-ZÀ-ÖØ-Þ](?:['’][A-ZÀ-ÖØ-Þ])?[a-zß-öø-ÿ]+(?:[-'’][A-ZÀ-ÖØ-Þ]?[a-zß-öø-ÿ]+)*"
INITIAL = r"[A-Z]\."
FULL_NAME = (
    rf"(?:{NAME}|{INITIAL})(?:\s+(?:(?:van|von|de|di|da|del|la|le|bin|al)\s+)?(?:{NAME}|{INITIAL}|[A-ZÀ-Þ]{{3,}}))+"
)
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("e-mail", re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")),
    ("link", re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)),
    ("handle", re.compile(r"(?<![\w@])@[A-Za-z]\w{3,}")),
    (
        "record number",
        re.compile(
            r"\b(?:nhs|mrn|pesel|ssn|hosp(?:ital)?|record|chart|case|patient|insurance|policy|member|id|kvnr)"
            r"\s*(?:no\.?|number|nr\.?|id|#)?\s*[:#]?\s*"
            r"(?=[A-Z]*[\d][\d -]{4,}|[A-Z]{1,3}\d{4,})[A-Z]{0,3}\d[\d -]{4,}\d",
            re.IGNORECASE,
        ),
    ),
    (
        "date of birth",
        re.compile(
            r"\b(?:dob|d\.o\.b\.?|born(?:\s+on)?|date of birth|birth ?date|birthday)"
            rf"\s*(?:is|:|=)?\s*{DATE}",
            re.IGNORECASE,
        ),
    ),
    (
        "phone",
        re.compile(
            r"(?<![\w.])\+\d[\d ()-]{7,}\d\b"
            r"|\b(?:tel|phone|mobile|cell|call me (?:at|on))\.?:?\s*(?:is\s*)?\d[\d ()-]{6,}\d\b",
            re.IGNORECASE,
        ),
    ),
    ("record number", re.compile(r"(?<![\w.,/-])(?:\d{3}[ -]\d{3}[ -]\d{4}|\d{3}-\d{2}-\d{4}|\d{9,12})(?![\w./%-])")),
    (
        "address",
        re.compile(
            rf"\b\d{{1,4}}\s+{NAME}(?:\s+{NAME})?\s+"
            r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Way|Place|Square)\b\.?"
        ),
    ),
)
TITLED = re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Master)\.?\s+(?P<name>{FULL_NAME}|{NAME})")
NAMED = re.compile(
    r"\b(?i:(?:is|was)?\s*(?:named|called)|i['’]?m|i am|this is"
    r"|mum of|mom of|dad of|mother of|father of|parent of|(?:goes|go) to|pupil at"
    r"|name(?:'s| is|:)|patient(?: name)?[:,]?"
    r"|(?:my|our|the)\s+(?:son|daughter|child|kid|boy|girl|patient|nephew|niece|grandson|granddaughter"
    r"|brother|sister),?|pt\.?|re:)"
    rf"\s+(?P<name>{FULL_NAME}|{NAME})(?!\w)"
)
FOR = re.compile(
    r"(?:^|[.!?]\s+|\b(?i:for|about|with|on|of|regarding|is|give|gave|giving|by)\s+)"
    rf"(?P<name>{FULL_NAME})"
    r"(?=\s*[,(:;)]|\s+(?:\d|who|aged|has|is|was|had|born|dob|DOB|DoB)|\s*$|\?|'s\b)"
)
MEDICAL = re.compile(
    r"\b(?:Bohan|Peter|Gottron|Mayo|Clinic|Raynaud|Epstein|Barr|Oxford|Cushing|Cochrane|Childhood|Myositis"
    r"|Assessment|Scale|Juvenile|Dermatomyositis|Disease|Syndrome|Criteria|Score|Study|Trial|Guidelines?"
    r"|Recommendations?|Binary|Method|Cutaneous|Tool|Board|Committee|Initiative|Network|Society|American"
    r"|European|College|League|Rheumatology|January|February|March|April|June|July|August|September|October"
    r"|November|December|What|Which|How|When|Where|Why|Who|Is|Are|Does|Do|Did|Can|Could|Should|Would|Will|The|In"
    r"|On|For|And|After|Before|With|Please|Thanks|Hello|Hi|Dear|Step)\b"
)


@dataclass(frozen=True, slots=True)
class Redacted:
    """A message without identifiers, and which sorts were taken out."""

    text: str
    found: tuple[str, ...]


def redact(text: str, is_term: Callable[[str], bool] = lambda _: False) -> Redacted:
    """Replace identifiers by `[removed]`. `is_term` tells words of the field that only look like names."""
    found: list[str] = []
    for sort, pattern in PATTERNS:
        text, count = pattern.subn(REMOVED, text)
        found += [sort] * bool(count)

    def remove_name(match: re.Match[str]) -> str:
        name = match["name"]
        if MEDICAL.search(name) or is_term(name) or any(is_term(part) for part in name.split()):
            return match.group()
        found.append("name")
        start = match.start("name") - match.start()
        return match.group()[:start] + REMOVED + match.group()[start + len(name) :]

    for pattern in (TITLED, NAMED, FOR):
        text = pattern.sub(remove_name, text)
    return Redacted(_tidy(text) if found else text, tuple(dict.fromkeys(found)))


def _tidy(text: str) -> str:
    """Take out the gaps, and the words that only led to them."""
    text = re.sub(r"\(\s*(?:\[removed\][\s,;]*)+\)", "", text)
    text = re.sub(r"\b(?:for|about|re:|patient:?)\s+(?:\[removed\][\s,:;]*)+", "", text, flags=re.IGNORECASE)
    text = re.sub(r"(?:\[removed\][\s,;:]*)+", "", text)
    return re.sub(r"\s{2,}", " ", text).strip(" ,;:") or REMOVED
