"""Numbers of records, insurance, telephones and devices: called so, of a form of their own, or proven by a check."""

import re
from collections.abc import Iterable, Iterator

from bot.answering.identifiers.check_digits import proves_itself
from bot.answering.identifiers.found import Found, IdentifierKind

KIND = IdentifierKind
UNIT = (
    r"(?:\s?(?:[munµ]?g|kg|lbs?|[mµ]?l|dl|iu|ie|u|mmol|[munµp]mol|cm|mm|m2|m²|bpm|mmhg|%|y(?:rs?|ears?|/?o)?|yo"
    r"|jahre?|"
    r"ans|años|anni|jaar|anos|lat|mo(?:nths?)?|weeks?|wks?|days?|hours?|h|x|mal|patients?|children|cells?)\b"
    r"|\s?[%/°])"
)
UNIT_OF_PHONE = UNIT.replace("[%/°]", "(?:[%°]|/\\S)")
"""The same where a slash may part the number from what follows."""
NUMBER_OF = r"(?:\s*(?:no|nr|num|number|nummer|id|n[°º]|#|numer|numero|número|numéro|code)\b\.?)"
OF = r"\s*(?:(?:is|was|says|reads|ist|est|es|lautet|:|=|#|-|–|\.|\()\s*){0,4}"
RECORD = (
    r"(?:mrn|m\.r\.n\.|u/n|un\s*(?=[:#])|urn?(?=\W)|emr|ehr|pid|ipp|nip|nhc|hn"
    rf"|(?:medical\s+)?(?:record|chart|case|file|patient|hosp(?:ital)?|episode|encounter|visit|admission"
    rf"|accession|unit|"
    rf"sample|specimen|biopsy|path(?:ology)?|lab|study|subject|participant|trial\s+id|referral|ticket|order|request|"
    rf"booking|appointment|appt|requisition|pathway|registration|reg|barcode|slide|block|radiology|imaging|clinic|ward|label|sticker){NUMBER_OF}"
    r"|(?:registered|listed|filed|booked|logged|stored|saved|kept|admitted)\s+(?:as|under)"
    r"|(?:accession|sample|specimen|barcode|record|chart|episode|encounter|study\s+id|lab\s+id|biopsy\s+lab\s+id)"
    r"|(?:fall|patienten|akten|aufnahme|befund|proben|krankenakten|pat)[-.]?\s?(?:nummer|nr|id|zeichen|zahl)\.?"
    r"|(?:n[°o]\s+(?:de\s+)?)?dossier(?:\s+(?:n[°o]|médical))?|numéro\s+(?:de\s+)?(?:dossier|patient)"
    r"|historia(?:\s+cl[ií]nica)?(?:\s+n[°º.o]*)?|expediente|registro|nr\.?\s+(?:akt|sprawy|historii|ks[ie]ęgi|kartoteki)(?:\s+choroby)?"
    r"|cartella(?:\s+clinica)?(?:\s+n[°.]?)?|(?:patiënt|dossier)nummer|processo(?:\s+n[°º.]*)?|protokol(?:\s+no)?"
    r"|dosya(?:\s+no)?|номер\s+(?:карты|истории)|карта\s+№|история\s+болезни\s+№)"
)
INSURANCE = (
    r"(?:nhs|chi|pesel|ssn|s\.s\.n\.|social\s+security|sin|nino|ni\s+number|insurance|insurer|policy|member(?:ship)?|"
    r"subscriber|health\s+card|health\s+plan|plan|ehic|medi-?cal|medicare(?:\s+card)?|medicaid|ohip|phn|kvnr|svnr|ahv|krankenkasse|"
    r"versicherten?(?:nummer|nr)|versicherung(?:snummer)?|kassennummer|steuer-?id|cpr|person(?:al)?\s?(?:nummer"
    r"|number|"
    r"id)|personnummer|fødselsnummer|henkilötunnus|pps[n]?|nir|(?:num[eé]ro\s+de\s+)?s[eé]cu(?:rit[eé]\s+sociale)?|carte\s+vitale|"
    r"dni|nie|nif|nuss|tarjeta\s+sanitaria|cip|cpf|sns|utente|rg|curp|nss|rut|codice\s+fiscale"
    r"|tessera\s+sanitaria|c\.?f\.?|"
    r"t\.?\s?c\.?(?:\s?kimlik)?|kimlik|bsn|burgerservicenummer|polis(?:nummer)?|aadha+r|снилс|инн|полис|омс"
    r"|amka|cnp|jmbg|"
    r"egn|oib|id\s?card|identity\s+card|national\s+id|passport|passnummer|reisepass|ausweis|driv(?:er'?s"
    r"|ing)\s+licen[cs]e|"
    r"licen[cs]e|account|iban|claim|group|رقم\s+الهوية|الهوية|身份证|身分證|保険証)"
)
ANYTHING = (
    r"(?:(?:[^\W\d_]+[ -]){0,2}(?:(?:no|nr|num)[.:]|number|nummer|id|n[°º]|№|#)|[^\W\d_]+(?:nummer|-?nr\.?"
    r"|zeichen|akte(?:\s+nr\.?)?)"
    r"|wristband|bracelet|sticker|uhid|crn|epr|folder|file|ref(?:erence)?|pat(?:ient(?:in|en)?)?[.-]*\s?(?:nr"
    r"|id)\.?|id|az|pat\.?|fall|vorgang|akte|ehr|epic|biobank|patient|patientin|paciente|pt|subject|participant|case|proband|child|kid|girl|boy|kind|enfant|nin[oa]|niñ[oa]|bambin[oa]|dziecko)"
)
"""Whatever is said to have a number."""
DEVICE = (
    r"(?:lot|batch|charge|serial|s/?n|imei|device|pump|udi|pacemaker|implant|mac|plates?|number\s+plate"
    r"|licen[cs]e\s+plate|"
    r"registration\s+plate|kennzeichen|vin|port|sensor|cgm|wheelchair|handset|asset(?:\s+tag)?|equipment|shunt|stimulator|syringe\s+driver|hearing\s+aid)"
)
CODE = (
    r"(?:(?-i:[A-Z]{2,5}\s){1,2}(?=\d{3})|[A-Z]{1,2}\s(?=\d{1,4}\s\d)|\d{1,3}\s[A-Z]{1,3}\s(?=\d{1,6}/\d))?(?=[\w./-]{0,40}\d)[A-Z]{0,6}(?:[-/.]?[A-Z0-9]{1,20}+){1,8}+"
    rf"(?:[ ](?!(?:19|20)\d\d\b)\d{{1,10}}(?:[-/]\d+)?(?![\d.,]*{UNIT})(?!\w"
    rf"|[.,]\d)){{0,5}}(?:[ ](?-i:[A-Z]{{1,2}})(?=\W|$)(?![-/ ]?\d))?"
)
LABELLED = tuple(
    (kind, re.compile(rf"(?<![\w-])(?P<lead>{label}{NUMBER_OF}{{0,2}}(?![^\W\d_]){OF})(?P<code>{CODE})", re.IGNORECASE))
    for kind, label in (
        (KIND.RECORD_NUMBER, RECORD),
        (KIND.INSURANCE_NUMBER, INSURANCE),
        (KIND.DEVICE, DEVICE),
        (KIND.RECORD_NUMBER, ANYTHING),
    )
)
LOT = re.compile(r"\b(?:LOT|SN|S/N|IMEI|Lot|Batch)[\s:#]+(?=[\w-]*\d)[\w-]{4,}")
COMPOUND = re.compile(
    r"(?:PF|BMS|CP|LY|GSK|INCB|GLPG|MK|AMG|ABT|TAK|BI|CC|ASP|RO|RG|SAR|VX|AZD|CNTO|MEDI|JNJ|SHR|TLL|IMO|KZR|DRB|HLA|SB|NM|NP|ENST|COVID|SARS|CD|IL|DQ[AB]|DP[AB])"
    r"[-\d].*",
)
"""Substances, genes and transcripts have codes too."""
PUBLISHED = re.compile(
    r"(?<![^\W\d_])(?:pmid|pmc|doi|nct|isrctn|eudract|prospero|crd|actrn|issn|isbn|arxiv|chictr|euctr|jprn|umin|rs|omim"
    r"|orpha|icd|atc|"
    r"ec|cas|loinc|snomed)[\s:#.-]*\d*[\d/.-]*$|10\.\d{4,}/\S*$",
    re.IGNORECASE,
)
PLATE = re.compile(
    r"(?i:(?P<lead>(?:licen[cs]e\s+|number\s+|car\s+)?plates?|kennzeichen|rego?|registration)\b(?:\s+(?:is|no\.?"
    r"|number))?[\s:]+)"
    r"(?P<code>(?=[A-Z0-9 -]*\d)[A-ZÄÖÜ0-9]{1,4}(?:[ -][A-Z0-9]{1,4}){0,3})(?!\w)"
)
SHORT_PHONE = re.compile(
    r"(?<!\w)(?P<lead>(?:(?:bleep|beep|ext(?:ension|n)?|pager|dect|durchwahl|dw|poste|interno|anexo|toestel|wew)\b|(?:number|mobile|phone)\s+(?:ending|ends)(?:\s+(?:in|with))?|last\s+(?:four|4|three|3)\s+digits|(?:on|at|call|ring|ward|desk|,)\s+x(?=\s?\d{4}))[\s.:#]*(?:me\s+on|no\.?|number"
    r"|is)?\s*)(?P<code>\d{3,6}|\d{1,3}-\d{3,5})(?![\w%-]|[.,]\d)",
    re.IGNORECASE,
)
BARE = (
    (KIND.INSURANCE_NUMBER, re.compile(r"(?<![\w.,/+-])\d{3}-\d{2}-\d{4}(?![\w-])")),
    (KIND.INSURANCE_NUMBER, re.compile(r"(?<![\w.,/+-])(?:19|20)?\d\d[01]\d[0-3]\d[-+]\d{3}[\dA-Z](?![\w-])")),
    (KIND.INSURANCE_NUMBER, re.compile(r"(?<![\w.,/+-])\d{7}[A-W][A-IW]?(?!\w)")),
    (KIND.INSURANCE_NUMBER, re.compile(r"(?<!\w)[A-Z]{2}\s?\d\d\s?\d\d\s?\d\d\s?[A-D](?!\w)")),
    (KIND.INSURANCE_NUMBER, re.compile(r"(?<![\w.])756\.\d{4}\.\d{4}\.\d\d(?!\w)")),
    (
        KIND.INSURANCE_NUMBER,
        re.compile(r"(?<![\w.])[12]\s?\d\d\s?(?:0[1-9]|1[0-2])\s?\d[\dAB]\s?\d{3}\s?\d{3}(?:\s?\d\d)?(?!\w|[.,]\d)"),
    ),
    (KIND.INSURANCE_NUMBER, re.compile(r"(?<!\w)[A-Z]{4}\s?\d{4}\s?\d{4}(?!\w)")),
    (KIND.INSURANCE_NUMBER, re.compile(r"(?<!\w)[A-Z]{4}\d{6}[HM][A-Z]{5}\w\d(?!\w)")),
    (KIND.INSURANCE_NUMBER, re.compile(r"(?<![\w.,/+-])\d{3}\.\d{3}\.\d{3}-\d\d(?!\w)")),
    (KIND.RECORD_NUMBER, re.compile(rf"(?<![\w.,/+-])\d{{3}}[ -]\d{{3}}[ -]\d{{4}}(?![\w-])(?!{UNIT})")),
    (KIND.RECORD_NUMBER, re.compile(rf"(?<![\w.,/:;+-])\d{{9,16}}(?![\w/%-]|[.,]\d)(?!{UNIT})")),
    (
        KIND.RECORD_NUMBER,
        re.compile(
            rf"(?<![\w.,/:;+-])(?!(?:19|20)\d\d[01]\d[0-3]\d\b)\d{{7,8}}(?![\w/%-]|[.,]\d)(?!{UNIT})(?!\s+copies)"
        ),
    ),
    (KIND.RECORD_NUMBER, re.compile(r"(?<![\w.,/+-])[A-Z]{1,3}\d\d[:/]\d{4,}(?!\w|[.,]\d)")),
    (KIND.INSURANCE_NUMBER, re.compile(r"(?<![\w.,/+-])\d{8}[A-HJ-TV-Z](?!\w)")),
    (KIND.RECORD_NUMBER, re.compile(r"(?<![\w.,/+-])[A-HJ-Z]-\d{5,}(?!\w|[.,]\d)")),
    (KIND.RECORD_NUMBER, re.compile(r"(?<![\w.,/+-])#\s?\d{4,}(?:[-/]\d+)*(?!\w|[.,]\d)")),
    (
        KIND.RECORD_NUMBER,
        re.compile(
            r"(?<![\w.,/+-])(?=[A-Z\d/.-]*(?:\d[A-Z/.-]*){5})(?=[A-Z\d]*[A-Z])[A-Z\d]{2,10}(?:[-/][A-Z\d]{1,10}){1,3}(?![\w.])"
        ),
    ),
    (KIND.RECORD_NUMBER, re.compile(r"(?<![\w.,/+-])(?!(?:19|20)\d\d/)\d{4,7}/(?:[0-3]\d|20[0-3]\d)(?![\w/.%-])")),
    (KIND.RECORD_NUMBER, re.compile(r"(?:^|(?<=\n))\d{5,8}(?=\s*[:,;–-])")),
    (KIND.RECORD_NUMBER, re.compile(r"(?<![\w/-])(?!PF|NCT)[A-Z]{2,8}(?:[-/][A-Z]{2,6})*[-/]0\d{1,5}(?![\w.])")),
    (KIND.RECORD_NUMBER, re.compile(r"(?<![\w.,/-])(?!NCT|ISRCTN|PMC|ACTRN|UMIN|CRD)[A-Z]{1,4}-?\d{6,}(?!\w)")),
)
PROVEN = re.compile(r"(?<![\w.,/+-])[A-Z]{0,6}\d[\dA-Z]*+(?:[ ./-][\dA-Z]++){0,6}(?!\w)")
ADDRESS_OF_MACHINE = re.compile(
    r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?![\w.]*\d)"
    r"|[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}(?!\w)|(?:[0-9A-Fa-f]{1,4}:){5,7}[0-9A-Fa-f]{1,4}(?!\w)"
    r"|(?:[0-9A-Fa-f]{1,4}:){2,6}:?(?:[0-9A-Fa-f]{1,4}:){0,5}[0-9A-Fa-f]{1,4}(?!\w))"
)
NEIGHBOUR = re.compile(rf"[\s,;:|/#(]{{1,3}}(?P<code>\d{{6,8}})(?![\w.,/%-]*\d)(?!{UNIT})(?!\w)")

DIGIT_WORD = (
    r"(?:oh|o|zero|nought|one|two|three|four|five|six|seven|eight|nine|ten|hundred|null|eins|zwei|zwo"
    r"|drei|vier|fünf|sechs|sieben|acht|neun)"
)
SPOKEN_NUMBER = re.compile(
    rf"\b{DIGIT_WORD}(?:[\s,-]+(?:(?:double|triple|doppel)[\s-]+)?{DIGIT_WORD}){{5,}}\b", re.IGNORECASE
)
CALL = (
    r"(?:tel(?:e(?:ph|f)o?[a-zó]*)?|t[eé]l[eé](?:ph|f)on[eo]|t[eé]l|txt|landline|(?:tele)?phone|mobile?|m[oó]vil|cell(?:ulare|phone)?"
    r"|celular|ph|fax|pager|bleep|handy|"
    r"telefon(?:nummer)?|rückruf|portable|whats\s?app|sms|text|call|ring|reach|number|numer|nummer|numéro"
    r"|número|gsm|kom|"
    r"тел(?:ефон)?|номер|звонить|الهاتف|هاتف|جوال|رقم|电话|手机|電話|contact|hotline|viber|signal)"
)
LEAD_IN = (
    r"(?:\s*(?:['’]s|me|us|back|him|her|mum|dad|number|no|nr|num|is|on|at|to|under|unter|bitte|please|au|al|le|el"
    r"|n[°º]|ist|est|es|"
    r"mobil|home|work|or)\b|[\s.:#–-])*"
)
DIALLED = r"(?:\+|00)?\(?\d[\d\s().–/-]{4,20}\d"
PHONE = (
    re.compile(
        r"(?<!\w)(?P<lead>)(?:call|ring|phone|text|reach|dial|whats\s?app|contact|mobile|cell|number|tel)\b[^\d\n.?!]{1,40}?"
        rf"(?P<code>\d(?:[\s()/-]?\d){{6,13}})(?![\w%]|[.,]\d)(?!{UNIT})",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![\w.,/-])(?P<lead>)(?P<code>\d(?:[\s()/-]?\d){6,13})(?=\s*(?:is\s+(?:my|our|her|his|the)|call|text|any\s?time"
        r"|\((?:mum|mom|dad|mobile|cell|home|work|tel|mutter|vater|maman)))",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![\w.,/+-])(?P<lead>)(?P<code>1[38]00[\s-]\d{3}[\s-]\d{3,4}|8[\s-]?\(\d{3}\)[\s-]?\d{3}(?:[\s-]?\d\d){2})(?!\w)"
    ),
    re.compile(
        rf"(?<!\w)(?P<lead>(?:(?:please|you\s+can"
        rf"|pls)\s+)?(?:emergency\s+)?{CALL}\b{LEAD_IN})(?P<code>{DIALLED})(?!\w|[.,]\d)(?!{UNIT_OF_PHONE})",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![\w.+])(?P<lead>)(?P<code>(?:\+\s?|00[\s-]?)[1-9]\d{0,2}[\s().-]*\d[\d\s().-]{5,15}\d)(?!\w)(?!"
        + UNIT
        + r")"
    ),
    re.compile(
        r"(?<![\w.,/:;+-])(?P<lead>)(?P<code>\(0?\d{1,4}\)[\s-]?\d{3,4}[\s-]?\d{3,5}"
        r"|\(\d{3}\)\s?\d{3}-\d{4})(?!\w)"
    ),
    re.compile(
        rf"(?<![\w.,/:;+-])(?P<lead>)(?P<code>0[1-9]\d{{1,4}}[\s/-]\d{{3,4}}(?:[\s-]?\d{{2,5}}){{0,2}})(?!\w"
        rf"|[.,]\d)(?!{UNIT})"
    ),
    re.compile(r"(?<![\w.,/:;+-])(?P<lead>)(?P<code>0\d(?:[\s.]\d\d){4}|0[1-9]\d{1,3}(?:\.\d{2,4}){2,3})(?!\w)"),
    re.compile(r"(?<![\w.,/:;+-])(?P<lead>)(?P<code>0[1-9]\d{8,9}|\d{3}[.-]\d{3}[.-]\d{4}|555-\d{4})(?!\w)"),
)
SHORTEST_PHONE, LONGEST_PHONE = 6, 15
FEWEST_DIGITS = 4
CALLED_NUMBER = re.compile(
    rf"(?:mrn|record|hosp\w*|chart|case|patient\w*|subject|file|study|registry)\W*{NUMBER_OF}|^id\b", re.IGNORECASE
)
MIXED = re.compile(r"(?=.*\d.*\d)(?:[A-Z]{1,6}[-/.]?\d[\w/-]*|\d+[-/](?:\d[\w/-]*|[A-Z]{1,3}))")


def find_numbers(text: str) -> Iterator[Found]:
    """Every number that identifies somebody."""
    if any(map(str.isdigit, text)):
        yield from _labelled(text)
        yield from _formed(text)
        yield from _phones(text)
    for match in SPOKEN_NUMBER.finditer(text):
        yield _bare(match, KIND.PHONE)


def _labelled(text: str) -> Iterator[Found]:
    for kind, pattern in LABELLED:
        for match in pattern.finditer(text):
            code = match["code"].rstrip(" .-/")
            start = match.start("code")
            if _is_long_enough(code, match["lead"]) and not _is_published(text, start, match.end()):
                yield Found(start=start, end=start + len(code), kind=kind, lead=match.start())
    for kind, pattern in ((KIND.DEVICE, PLATE), (KIND.PHONE, SHORT_PHONE)):
        for match in pattern.finditer(text):
            yield Found(start=match.start("code"), end=match.end("code"), kind=kind, lead=match.start())


def _formed(text: str) -> Iterator[Found]:
    """Those of a form that nothing else has, or that prove themselves."""
    for kind, pattern in BARE:
        for match in pattern.finditer(text):
            if not _is_published(text, match.start(), match.end()) and not COMPOUND.match(match[0]):
                yield _bare(match, kind)
    for match in PROVEN.finditer(text):
        if proves_itself(match[0]) and not _is_published(text, match.start(), match.end()):
            yield _bare(match, KIND.INSURANCE_NUMBER)
    for pattern in (ADDRESS_OF_MACHINE, LOT):
        for match in pattern.finditer(text):
            yield _bare(match, KIND.DEVICE)


def find_neighbours(text: str, others: Iterable[Found]) -> Iterator[Found]:
    """The bare numbers right behind another identifier, as on a label."""
    for other in others:
        match = NEIGHBOUR.match(text, other.end)
        if match:
            yield Found(
                start=match.start("code"), end=match.end("code"), kind=KIND.RECORD_NUMBER, lead=match.start("code")
            )


def _phones(text: str) -> Iterator[Found]:
    for pattern in PHONE:
        for match in pattern.finditer(text):
            digits = sum(map(str.isdigit, match["code"]))
            if SHORTEST_PHONE <= digits <= LONGEST_PHONE and not _is_published(text, match.start("code"), match.end()):
                yield Found(start=match.start("code"), end=match.end("code"), kind=KIND.PHONE, lead=match.start())


def _is_long_enough(code: str, lead: str) -> bool:
    """Two digits are enough where the number is called one, or letters or dashes stand with them."""
    digits = sum(map(str.isdigit, code))
    mixed = len(code) > FEWEST_DIGITS and MIXED.fullmatch(code) is not None
    return digits >= FEWEST_DIGITS or mixed or (digits > 1 and CALLED_NUMBER.search(lead) is not None)


def _is_published(text: str, start: int, end: int) -> bool:
    """Is it the number of a publication or a trial?"""
    return PUBLISHED.search(text[max(0, start - 24) : end]) is not None


def _bare(match: re.Match[str], kind: IdentifierKind) -> Found:
    return Found(start=match.start(), end=match.end(), kind=kind, lead=match.start())
