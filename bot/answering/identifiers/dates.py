"""Dates of birth: a date that is called so, or that stands right behind a name. A year alone is none."""

import re
from collections.abc import Iterable, Iterator

from bot.answering.identifiers.found import Found, IdentifierKind

MONTH = (
    r"(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz]"  # English, German, Dutch
    r"|janv|f[eé]v|avr|ao[uû]|d[eé]c|juin|juil|ene|abr|ago|dic|gen|mag|giu|lug|set|ott|fev|mei|mrt"
    r"|sty|lut|kwi|maj|cze|lip|sie|wrz|pa[zź]|lis|gru|oca|[sş]ub|nis|haz|tem|a[gğ]u|eyl|eki|kas|ara"
    r"|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[^\W\d_]*\.?"
)
YEAR = r"(?:19|20)\d\d"
DIGITS = (
    rf"(?:{YEAR}\s?[./年-]\s?\d{{1,2}}\s?[./月-]\s?\d{{1,2}}日?"
    rf"|\d{{1,2}}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?(?:{YEAR}|\d\d))(?!\d)"
)
WRITTEN = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th|er|º|ª|\.)?[\s-]*(?:of\s+|de\s+)?{MONTH},?[\s-]*(?:de[l]?\s+)?['’]?(?:{YEAR}"
    rf"|\d\d(?!\d))"
    rf"|{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+{YEAR})"
)
ORDINAL = (
    r"(?:(?:twenty|thirty)[\s-])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    r"|\w+teenth|twentieth|thirtieth)"
)
NUMBER = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty"
    r"|seventy|eighty|ninety|hundred|thousand|oh|and)"
)
SPOKEN = (
    rf"(?:the\s+)?{ORDINAL}\s+(?:of\s+)?{MONTH}(?:,?\s+(?:{YEAR}|(?:two|nineteen|twenty)(?:[\s-]{NUMBER}\b)*))?"
    rf"|{MONTH}\s+(?:the\s+)?{ORDINAL},?\s+(?:{YEAR}|(?:two|nineteen|twenty)(?:[\s-]{NUMBER}\b)*)"
)
DATE = (
    rf"(?:{DIGITS}|{WRITTEN}|{SPOKEN}|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2]){YEAR}(?!\d)|{YEAR}(?:0[1-9]"
    rf"|1[0-2])[0-3]\d(?!\d))"
)
DAY_ALONE = (
    rf"(?:\d{{1,2}}[./]\d{{1,2}}(?![\d./]|\s?(?:k?g|lbs?|mg|cm)\b)|\d{{1,2}}(?:st|nd|rd|th|\.)?\s+(?:of\s+)?{MONTH}"
    rf"|{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b)"
)
LABEL = (
    rf"(?:(?:he|she|i)(?:\s+will|[’']ll)\s+be\s+(?:\d{{1,2}}|{NUMBER})\s+on|b\.(?=\s?\d)|\*(?=\s?\d{{1,2}}[./-]\d)|turn(?:s|ed|ing)?\s+(?:just\s+)?(?:\d{{1,2}}|{NUMBER})\b(?:\s+(?!and)[^\W\d_]+){{0,3}}?(?:\s+on|(?=\s))|d\.?\s?o\.?\s?b\.?|born(?:\s+(?:on|at|the|early|prematurely|preterm|weeks|term|home|in|hospital|by|section|\d+(?=\s+weeks)))*|b(?:irth)?[\s-]?(?:da(?:te|y)|month)(?:[’']s)?(?:\s+(?:falls|coming|up|this|next|last|will|be|party|[^\W\d_]+day),?){{0,4}}|b[-’']?day|bdate|gebdat\.?|date\s+of\s+birth|came\s+into\s+the\s+world|arrived\s+in\s+the\s+world|birth|bday"
    r"|geb(?:\.|oren(?:\s+am)?)?|geburts(?:datum|tag)|g\.d\.|née?(?:\(?e\)?)?(?:\s+le)?|date\s+de\s+naissance|ddn"
    r"|nacid[oa](?:\s+el)?|naci[oó]\s+el|(?:fecha|f\.)\s+de\s+nac(?:imiento|\.)?|fdn|nat[oa](?:\s+il)?"
    r"|data\s+di\s+nascita"
    r"|geboren(?:\s+op)?|geboortedatum|nascid[oa](?:\s+(?:em|a))?|nasceu\s+em|data\s+de\s+nascimento"
    r"|ur(?:\.|odz(?:ony|ona|iła?)(?:\s+się)?)?|data\s+urodzenia|do[gğ]um\s+tarihi|do[gğ]um(?:lu)?"
    r"|дата\s+рождения|д\.?\s?р\.?|родил(?:ся|ась)|г\.\s?р\.|تاريخ\s+الميلاد|مواليد|出生(?:日期)?|生年月日|生日"
    r"|compleanno|cumplea[ñn]os|anniversaire|verjaardag|urodziny|anivers[áa]rio|f[øo]dselsdag|födelsedatum|född|fød[td]|fødselsdato|syntynyt|született|narozen[aý]?|născut[ăa]?|rođen[a]?)"
)
LABELLED = re.compile(
    rf"(?<![\w*])(?P<lead>{LABEL}\s*(?:(?:is|was|the|est|ist|=|:|-|,|on|am|der|le|el|il|em|op|en|in|im|w|den|do|nel(?:l[’'])?|dans|su|son|zijn)\s*)*)(?P<date>{DATE}"
    rf"|{DAY_ALONE}|(?:in\s+)?{MONTH}[\s,]+(?:of\s+)?(?:{YEAR}|['’]\d\d)(?!\d)|(?:0?[1-9]|1[0-2])/{YEAR}(?!\d)|\d{{6}}(?!\d)|\d{{8}}(?!\d))",
    re.IGNORECASE,
)
AGE_TOLD = re.compile(r"\b(?:turn|be\b|weeks|early|pre)", re.IGNORECASE)
"""In a label that says an age as well: it stays."""
BEFORE_LABEL = re.compile(
    rf"(?<!\w)(?P<date>{DATE}|{DAY_ALONE})(?=\s*(?:[-–=,]|is|was)?\s*(?:(?:my|her|his|our|their)\s+(?:\w+['’]s\s+)?(?:birthday|b-?day|dob|date\s+of\s+birth)\b"
    r"|(?:she|he|i)\s+(?:was\s+born|turn(?:s|ed)\s+\d|will\s+be\s+\d{1,2}\b(?!\s*m?g))|geboren"
    rf"|doğumlu|\(?(?:dob|d\.o\.b|date of birth|г\.\s?р|生まれ|生)\b))",
    re.IGNORECASE,
)
BEHIND_NAME = re.compile(
    rf"[\s,;:|/(\[*–-]{{1,4}}(?:(?:[mfMF♀♂]|male|female|boy|girl)[\s,;|/]+)?\*?(?P<date>{DATE})(?!\w)", re.IGNORECASE
)


def find_birth_dates(text: str) -> Iterator[Found]:
    """The dates that are called dates of birth."""
    for match in LABELLED.finditer(text):
        start = match.start("date")
        yield _found(start, match.end("date"), start if AGE_TOLD.search(match["lead"]) else match.start())
    for match in BEFORE_LABEL.finditer(text):
        yield _found(match.start("date"), match.end("date"), match.start("date"))


def find_dates_behind(text: str, names: Iterable[Found]) -> Iterator[Found]:
    """The dates right behind a name."""
    for name in names:
        match = BEHIND_NAME.match(text, name.end)
        if match:
            yield _found(match.start("date"), match.end("date"), match.start("date"))


def _found(start: int, end: int, lead: int) -> Found:
    return Found(start=start, end=end, kind=IdentifierKind.BIRTH_DATE, lead=lead)
