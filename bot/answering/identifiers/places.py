"""Where somebody lives or learns: addresses, postcodes, schools, clubs."""

import re
from collections.abc import Iterator

from bot.answering.identifiers.found import Found, IdentifierKind
from bot.answering.identifiers.gazetteer import Gazetteer

KIND = IdentifierKind
CAP = r"[^\W\d_a-zß-öø-ÿ][^\W\d_]{0,30}+(?:['’.-][^\W\d_]{1,30}+){0,4}+\.?"
"""A word with a capital; bounded, so that no text is costly."""
CAPS = rf"{CAP}(?:\s+(?:(?:of|the|del?|d[aeou]s?|la|le|les|van|der|den|am|an|im|auf|zur|zum|do|na)\s+)*{CAP}){{0,3}}"
STREET = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Way|Place|Pl|Square|Sq|Court|Ct|Crescent|Cres"
    r"|Terrace|Gardens?|"
    r"Grove|Row|Rise|Hill|Park|Boulevard|Blvd|Parade|Mews|View|Walk|Circle|Highway|Hwy|Green|Quay|Wharf|Heights"
    r"|Parkway|Trail|"
    r"Loop|Bend|Yard|Path|Vale|Meadows?|Croft|Cottages?|Orchard|Fields?|Mount|Bank|Common|End|Gate|Drove|Nook|Glen)"
)
COMMA_TOWN = rf"(?:,\s*(?:[0-9]{{4,5}}(?:-\d+)?\s+)?{CAP}(?:[ -]{CAP}){{0,2}}(?![\w:])(?!\s+\d))?"
DOOR = (
    r"(?:\s*,?\s*(?:\d+\s?[ºª°]\s?\w?\b|(?:flat|apt|unit|top|bte|piso|stock)\.?\s*\w{1,4}\b"
    r"|[a-zA-Z]?\d{0,3}/\d{1,4}))*"
)
POSTCODE = (
    r"(?:[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d"
    r"|[AC-FHKNPRTV-Y]\d[\dW]\s[0-9AC-FHKNPRTV-Y]{4})(?!\w)"
)
TOWN_CODE = rf"(?:\s*(?:,|in)?\s*(?:[A-Z]{{1,3}}-)?\d{{2,5}}[- ]?\d{{0,4}}\s+{CAP}(?:[ -]{CAP}){{0,2}})?"
ADDRESSES = (
    re.compile(
        rf"(?<![\w.])(?:(?:flat|apt"
        rf"|unit)\.?\s*\w{{1,4}},?\s+)?\d{{1,5}}[a-zA-Z]?,?\s+{CAP}(?:\s+{CAP}){{0,2}}?\s+{STREET}\b\.?{COMMA_TOWN}(?:,?\s*{POSTCODE})?"
    ),
    re.compile(
        rf"(?<![\w.])\d{{1,4}}\s?(?:bis|ter)?,?\s+(?i:rue|avenue|boulevard|chemin|place|allée|impasse|route"
        rf"|quai|cours|square)\s+"
        rf"(?:(?:de|du|des|la|le|les|l['’]|d['’])\s*)*{CAPS}{TOWN_CODE}"
    ),
    re.compile(
        rf"(?<!\w)(?i:calle|c/|avda?\.?|avenida|plaza|paseo|via|viale|piazza|corso|rua|travessa|praça|ul\.?"
        rf"|ulica|al\.|os\.|pl\.|"
        rf"улица|ул\.|проспект|пр\.|οδός)\s*(?:(?:de|del|della|dei|di|da|do|dos|la|las|los"
        rf"|el)\s+)*{CAPS}\s*,?\s*(?:n[º°.]\s*|д\.\s*)?\d{{1,4}}\w?{DOOR}{TOWN_CODE}",
    ),
    re.compile(
        rf"(?<!\w)(?:{CAP}\s+)?[^\W\d_a-z][^\W\d_]{{0,30}}[-\s]?(?:[Ss]tra(?:ß|ss)e|[Ss]tr\.|[Ww]eg|[Gg]asse|[Aa]llee"
        rf"|[Pp]latz|[Rr]ing|[Uu]fer|[Dd]amm|"
        rf"straat|laan|gracht|plein|dijk|gatan|vägen|vej|veien|gade|katu|utca|[Ss]oka[kğ]ı?|[Cc]addesi"
        rf"|[Mm]ahallesi)\s*(?:[Nn]o\.?:?\s*)?\d{{1,4}}\s?[a-zA-Z]?\b{DOOR}{TOWN_CODE}"
    ),
)
CODES = (
    re.compile(r"(?P<lead>)(?P<place>(?i:p\.?\s?o\.?\s?box|postfach|bo[iî]te\s+postale|apartado)\s*:?\s*\d[\d ]*\d)"),
    re.compile(rf"(?<![\w-]){POSTCODE}"),
    re.compile(
        r"(?i:(?P<lead>(?:zip|post\s?code|postal\s+code|plz|eircode|cap|c\.?p\.?|codigo\s+postal|code\s+postal"
        r"|kod\s+pocztowy)(?:\s+code)?\s*(?:is|:)?\s*))(?P<place>[A-Z]{0,2}\d[\dA-Z]{1,5}(?:[- ]\d?[A-Z0-9]{2,4}\b)?)"
    ),
)
LIVES = re.compile(
    r"\b(?i:(?:we|i|they|she|he|family|who)\s+(?:all\s+)?lives?\s+(?:in|at|near|on)|(?:lives?|living|resident"
    r"|residing|based)\s+(?:in|at|near)|"
    r"home\s+address|addr(?:ess)?|wohn(?:en|t|haft)\s+in|habit(?:e|ons|ent)\s+(?:à|a)|viv(?:imos|e|o)\s+en"
    r"|mieszka(?:my|m)?\s+w)"
    rf"\s*(?:is|:)?\s+(?P<place>(?:\d{{1,4}}\w?\s+)?{CAPS})"
)
STAYS = re.compile(
    r"\b(?i:(?:village|town|hamlet|suburb|farm)\s+(?:of|called|named)|(?:she|he|i|we|who|mum|mom|dad|husband|wife|father|mother|partner)"
    r"\s+works?\s+(?:at|for)(?:\s+the)?|(?:we|i)(?:['’](?:re|m)|\s+are|\s+am)\s+(?:(?:all|a\s+family|based|coming|writing)\s+)?"
    rf"(?:from|near))\s+(?P<place>{CAPS})"
)
LOWER = re.compile(
    r"\b(?:we|i|they|she|he|who)\s+(?:all\s+)?live[s]?\s+(?:in|near)\s+(?P<place>[a-z]{4,30})(?!\w)", re.IGNORECASE
)
SCHOOL = (
    r"(?:(?:Primary|Elementary|Infants?|Junior|High|Grammar|Middle|Secondary|Nursery|Prep|Preparatory|Public"
    r"|Catholic|Montessori|Comprehensive|Special)\s+"
    r"(?:School|Academy)|Primary|Elementary|Academy|School|Schule|Grundschule|Gymnasium|Realschule|Gesamtschule"
    r"|Kindergarten|Preschool|"
    r"Nursery|Lyceum|Lyceé|Kita|[Ss]chool|Middle\s+[Ss]chool|High|Montessori|Daycare|Okulu|Lisesi|College)"
)
NO_SCHOOL = re.compile(
    r"\b(?:American|British|European|Royal|Medical|Harvard|University|Business|Public Health|Old|Back|After|The"
    r"|Imperial|Her|His|My|Our|Is|In|At|Can|Does|What|High|Primary|Special)$",
    re.IGNORECASE,
)
SCHOOLS = (
    re.compile(
        r"(?<!\w)(?P<place>(?!(?:Grund|Hoch|Real|Haupt|Förder|Berufs|Volks|Musik|Gesamt|Vor|Sonder|Fahr|Tanz|Ski|Schwimm"
        r"|Ober|Mittel|Privat|Sprach|Baum|Ganztags|Waldorf|Pflege|Krankenpflege|Fach|Fachober|Abend|Regel|Gemeinschafts"
        r"|Sprachheil|Klinik|Rücken|Wald|Natur|Sport|Integrations|Betriebs)(?:schule|gymnasium|kindergarten|kita))"
        r"[A-ZÄÖÜ][a-zäöüß]{2,30}(?:schule|gymnasium|kindergarten|kita))(?!\w)"
    ),
    re.compile(
        r"(?<![\w-])(?P<place>[^\W\d_]{1,30}(?:-[^\W\d_]{1,30}){0,4}?-(?:Schule|Grundschule|Gymnasium|Realschule|Gesamtschule|Kita|Kindergarten"
        r"|School|College|Skola))(?!\w)"
    ),
    re.compile(
        rf"(?i:nursery|kindergarten|preschool|school|club|daycare|kita|crèche|choir"
        rf"|team)\s*\(\s*(?P<place>{CAPS})\s*[,)]"
    ),
    re.compile(
        rf"(?i:plays?|playing|swims?|trains?|dances?|runs?)\s+(?:\w+\s+)?(?i:for|at"
        rf"|with)\s+(?![A-Z]{{2,5}}\b)(?P<place>{CAPS})"
    ),
    re.compile(r"(?P<place>P\.?S\.?\s?\d{1,3}\b)(?=\s+(?:in|is|elementary|school))"),
    re.compile(
        rf"(?<!\w)(?P<place>(?:(?:St|Saint"
        rf"|Sankt)\.?\s+)?{CAP}(?:\s+(?:of\s+)?{CAP}){{0,3}}?\s+{SCHOOL})(?![\w-])(?!\s+(?:of|nurse|nurses"
        rf"|sport|bag|work|day|year))"
    ),
    re.compile(
        r"(?<!\w)(?P<place>(?i:école|ecole|collège|lycée|crèche|maternelle|colegio|escuela|instituto|guardería"
        r"|scuola|asilo|liceo|escola|"
        rf"szko[łl][aeęy]|przedszkol[eau]|school\s+de|basisschool|kita|kindergarten|grundschule|gymnasium"
        rf"|schule|okul|школ[аеу]|детский\s+сад)\s+"
        rf"(?:(?:de|du|des|del|la|le|les|di|da|do|nr|no|n°|am|an|der|im|zum)\s+)*(?:{CAPS}"
        rf"|[\"„“«'‘][^\"”“»'’]{{3,40}}[\"”“»'’]|№?\s*\d{{1,4}}))",
    ),
    re.compile(
        rf"(?i:(?:(?<!we\s)go(?:es|ing)?\s+to|attends?|pupil\s+at|student\s+at|enrolled\s+(?:at|in)|starts?\s+at"
        rf"|teacher\s+at|school(?:\s+(?:is|name))?\s*(?:called|named|is|:)|year\s+\d+\s+at|class\s+\w+\s+at"
        rf"|grade\s+\d+\s+at))\s+(?P<place>(?:(?:St|Saint)\.?\s+)?{CAPS})"
    ),
    re.compile(
        r"(?i:(?:club|team|group|school|nursery|kindergarten|preschool|troop|choir|academy|class|Verein|équipe|equipo"
        r"|daycare|camp))\s*,?\s*(?:(?:called|named)\s+)?(?P<place>[\"„“«‘](?P<inner>[^\"”“»’]{3,40})[\"”“»’])"
    ),
    re.compile(
        rf"(?i:(?:club|team|group|nursery|kindergarten|preschool|daycare|choir|school)\s+(?:called"
        rf"|named)\s+)(?P<place>{CAPS})"
    ),
)


def find_places(text: str, gazetteer: Gazetteer) -> Iterator[Found]:
    """Every address, postcode and school."""
    numbered = re.search(r"\d", text) is not None
    for pattern in ADDRESSES if numbered else ():
        yield from (_found(match.start(), match.end(), KIND.ADDRESS) for match in pattern.finditer(text))
    for pattern in CODES if numbered else ():
        for match in pattern.finditer(text):
            group = "place" if "place" in match.groupdict() else 0
            start, end = match.span(group)
            yield Found(start=start, end=end, kind=KIND.ADDRESS, lead=match.start())
    for match in (found for pattern in (LIVES, STAYS, LOWER) for found in pattern.finditer(text)):
        if not all(map(gazetteer.is_word, re.findall(r"[^\W\d_]+", match["place"]))):
            yield _found(*match.span("place"), KIND.ADDRESS)
    for pattern in SCHOOLS:
        for match in pattern.finditer(text):
            start, end = match.span("place")
            words = match["place"].strip('"„“«‘”»’').split()
            if NO_SCHOOL.search(words[0]) and len(words) <= 2:
                continue
            yield _found(start, end, KIND.SCHOOL)


def _found(start: int, end: int, kind: IdentifierKind) -> Found:
    return Found(start=start, end=end, kind=kind, lead=start)
