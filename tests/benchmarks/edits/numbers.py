"""Wrong numbers: a value, a unit, the end of a range or a bound, the interval of a dose."""

import re
from collections.abc import Iterator, Sequence
from random import Random

from tests.benchmarks.edits.wording import NUMBER_WORDS, values_in

VALUE = re.compile(r"(?<![\w.,/–:-])(\d+(?:\.\d+)?)(?![\w/:–-]|[.,]\d| ?[–-] ?\d|,\d|(?: ?%)? (?:CI|confidence))")
FRACTION = re.compile(r"(?<![\w.,/–-])(\d+)/(\d+)(?![\w/–-])")
WORD = re.compile(rf"\b({'|'.join(NUMBER_WORDS[2:])})\b", re.IGNORECASE)
LABEL = re.compile(
    r"\b(?:type|phase|interleukin|stage|grade|level|class|plan|figure|table|group|version|chromosome|exon|codon|gene|"
    r"criteria|as|to D?|day|step|factor|protein|on|article|system|DSM|ICD|version|zone|region|arm)\s$",
    re.IGNORECASE,
)
MONTHS = "January February March April May June July August September October November December".split()
ABOVE = re.compile(
    r"(?:at least|more than|over|above|exceeding|greater than|>|≥|older than|minimum of)\s?(?:three of )?$",
    re.IGNORECASE,
)
BELOW = re.compile(
    r"(?:at most|less than|fewer than|under|below|up to|within|<|≤|maximum(?: of)?|younger than|not exceeding|every|"
    r"within the (?:first|next|following)|over the first|over the following)\s?$",
    re.IGNORECASE,
)
VAGUE = re.compile(r"(?:about|approximately|nearly|almost|around|roughly|some|~|circa)\s?$", re.IGNORECASE)
RANGE = re.compile(r"(?<![\w.,/–-])(\d+(?:\.\d+)?)(\s?[–-]\s?| to )(\d+(?:\.\d+)?)(?![\w–-]|\.\d|/\d)")


def wrong_numbers(claim: str, passages: Sequence[str], siblings: Sequence[str], random: Random) -> Iterator[str]:
    """The claim with one other value: a slip of digits, or a value that the passage gives for something else."""
    if "not recorded" in claim:
        return  # a number that isn't recorded stays so whatever it is
    found = [*VALUE.finditer(claim), *FRACTION.finditer(claim), *WORD.finditer(claim)]
    random.shuffle(found)
    taken = values_in(passages)
    for match in found:
        before, after = claim[: match.start()], claim[match.end() :]
        if is_a_label(match[0], before, after):
            continue
        yield from (before + other + after for other in other_values(match, before, after, taken, siblings, random))


def is_a_label(value: str, before: str, after: str) -> bool:
    """A year, a date or the name of something, as "type 2"."""
    if (
        re.fullmatch(r"(?:1[89]|20)\d\d", value)
        or LABEL.search(before)
        or after.startswith((" (strong", " (cond", "-"))
    ):
        return True
    if re.search(r"\b(?:the|these|other|those|of)\s$", before, re.IGNORECASE) and value[0].isalpha():
        return True
    return any(after.startswith(f" {month}") or before.endswith(f"{month} ") for month in MONTHS)


def other_values(
    match: re.Match[str], before: str, after: str, taken: set[str], siblings: Sequence[str], random: Random
) -> Iterator[str]:
    value = match[0]
    if value[0].isalpha():
        at = NUMBER_WORDS.index(value.lower())
        near = [n for n in (at - 2, at - 1, at + 1, at + 2, at + 3) if 2 <= n <= 20 and str(n) not in taken]
        near = [n for n in near if not (ABOVE.search(before) and n < at) and not (BELOW.search(before) and n > at)]
        if near and not re.search(r"(?:two|three) to $|^ to ", before + "|" + after):
            word = NUMBER_WORDS[random.choice(near)]
            yield word.capitalize() if value[0].isupper() else word
        return
    if "/" in value:
        top, bottom = int(match[1]), int(match[2])
        near = [n for n in (top - 3, top - 2, top - 1, top + 1, top + 2) if 0 < n <= bottom and n != top]
        near = [n for n in near if str(n) not in taken]
        if near:
            yield f"{random.choice(near)}/{bottom}"
        return
    if after.startswith("%") and random.random() < 0.5:
        elsewhere = {n for text in siblings for n in re.findall(r"(?<![\w.–-])(\d+(?:\.\d+)?)%", text)}
        elsewhere -= set(re.findall(r"\d+(?:\.\d+)?", before + after)) | {value}
        if elsewhere and not ABOVE.search(before) and not BELOW.search(before):
            yield random.choice(sorted(elsewhere))
    other = altered(value, before, taken, random, limit=100 if after.startswith(("%", " per cent")) else None)
    if other:
        yield other


def altered(value: str, before: str, taken: set[str], random: Random, *, limit: float | None = None) -> str | None:
    """Another number of the same form, in the direction in which a bound can't stay true."""
    places = len(value.partition(".")[2])
    number = float(value)
    step = 10**-places
    made = {number * 2, number / 2, number * 1.5, number * 1.25, number * 0.8, number * 10, number / 10}
    made |= (
        {number + step * n for n in (-4, -3, -2, 2, 3, 4)}
        if number > 10 or places
        else {number + 1, number + 2, number - 1}
    )
    digits = value.replace(".", "")
    if len(digits) > 1:
        turned = digits[:-2] + digits[-1] + digits[-2]
        made.add(int(turned) / 10**places)
    far = 0.35 if VAGUE.search(before) else 0.0
    good = []
    for new in made:
        text = f"{new:.{places}f}"
        differs = float(text) != number and abs(float(text) - number) > far * number
        fits = float(text) > 0 and (limit is None or float(text) <= limit) and abs(new - float(text)) < step / 2
        if not differs or not fits or text in taken or text.lstrip("0.") == "":
            continue
        if (ABOVE.search(before) and float(text) < number) or (BELOW.search(before) and float(text) > number):
            continue
        good.append(text)
    return random.choice(sorted(good)) if good else None


BOUNDS = [
    (r"\bat least(?= (?:\d|[a-z]+ of|one|two|three))", ["at most", "fewer than"]),
    (r"\bat most(?= \d)", ["at least", "more than"]),
    (r"\bup to(?= \d)", ["at least", "more than"]),
    (r"\b[Uu]nder(?= \d)", ["above", "over"]),
    (r"\bbelow(?= \d)", ["above"]),
    (r"\babove(?= \d)", ["below"]),
    (r"\bmore than(?= \d)", ["fewer than", "less than"]),
    (r"\b(?:less|fewer) than(?= \d)", ["more than"]),
    (r"\bor older\b", ["or younger"]),
    (r"\bor more(?= \w)", ["or less"]),
    (r"\bmaximum\b(?= (?:of )?\d)", ["minimum"]),
    (r"\bwithin(?= (?:the (?:first|next) )?(?:\d|six))", ["no earlier than", "only after"]),
    (r"≥", ["≤", "<"]),
    (r"≤", ["≥", ">"]),
    (r"(?<=\w)<(?=\d)|(?<= )<(?= ?\d)", [">"]),
    (r"(?<=\w)>(?=\d)|(?<= )>(?= ?\d)", ["<"]),
]


def wrong_ends(claim: str, passages: Sequence[str], random: Random) -> Iterator[str]:
    """One end of a range moved, or a bound turned round."""
    taken = values_in(passages)
    for match in RANGE.finditer(claim):
        low, dash, high = match.groups()
        if re.fullmatch(r"(?:19|20)\d\d", low) or is_a_label(low, claim[: match.start()], ""):
            continue
        for low_end in random.sample([True, False], 2):
            limit = 100 if claim[match.end() :].startswith("%") else None
            other = altered(low if low_end else high, "", taken, random, limit=limit)
            first, last = (other, high) if low_end else (low, other)
            rising = float(low) < float(high)
            if other and first and last and (float(first) < float(last)) == rising:
                yield f"{claim[: match.start()]}{first}{dash}{last}{claim[match.end() :]}"
    for pattern, replacements in BOUNDS:
        for match in re.finditer(pattern, claim):
            before = claim[: match.start()]
            # "p>0.05" for "p<0.05" is wrong; "no more than" turned round isn't English.
            if not before.endswith(("no ", "not ")):
                other = random.choice(replacements)
                yield before + (other.capitalize() if match[0][0].isupper() else other) + claim[match.end() :]


TIMES = ["minutes", "hours", "days", "weeks", "months", "years"]
UNITS = {
    "mg/kg/day": ["mg/m²/day", "mg/kg/week", "g/kg/day"],
    "mg/kg": ["mg/m²", "g/kg", "mcg/kg"],
    "mg/m²": ["mg/kg", "g/m²", "mg"],
    "g/kg": ["mg/kg", "g/m²"],
    "mg": ["g", "mcg"],
    "g": ["mg", "mcg"],
    "kg": ["lb", "g"],
    "U/L": ["mmol/L", "U/mL"],
    "points": ["%"],
    "m²": ["cm²"],
    "cm": ["mm", "m"],
    "mm": ["cm", "m"],
    "ml": ["l"],
    "mL": ["L"],
    "ng/ml": ["mg/ml"],
    "ng/mL": ["mg/mL"],
    "mmol/L": ["mg/dL"],
    "mmol/l": ["mg/dl"],
    "mg/dL": ["mmol/L"],
    "mg/dl": ["mmol/l"],
    "mmHg": ["cmH2O"],
    "mm Hg": ["cmH2O"],
    "μg": ["mg"],
    "μm": ["mm"],
    "g/day": ["mg/day"],
    "mg/day": ["g/day"],
    "kb": ["Mb"],
    "nm": ["μm"],
    "Gy": ["mGy"],
}
EVERY_UNIT = "|".join(map(re.escape, sorted([*UNITS, *TIMES, *(time[:-1] for time in TIMES)], key=len, reverse=True)))
MEASURED = re.compile(rf"(?<![\w.])(\d+(?:\.\d+)?|{'|'.join(NUMBER_WORDS[1:])})([ -]?)({EVERY_UNIT})(?![\w/²])")
SHARE = re.compile(
    r"(\d+(?:\.\d+)?)%(?= of (?:the )?(?:\w+ )?(?:patients|children|women|men|cases|adults|participants|subjects))"
)


def wrong_units(claim: str, passages: Sequence[str], random: Random) -> Iterator[str]:
    """The same number with another unit."""
    said = " ".join(passages)
    for match in MEASURED.finditer(claim):
        number, gap, unit = match.groups()
        before = claim[: match.start()]
        plain = unit.rstrip("s") + "s"
        if plain in TIMES:
            at = TIMES.index(plain)
            choices = [TIMES[n] for n in (at - 2, at - 1, at + 1, at + 2) if 0 <= n < len(TIMES)]
            if BELOW.search(before) or re.search(r"\b(?:first|following|next) $", before):
                choices = [one for one in choices if TIMES.index(one) < at]
            if ABOVE.search(before):
                choices = [one for one in choices if TIMES.index(one) > at]
            choices = [one if unit.endswith("s") else one[:-1] for one in choices]
        else:
            choices = UNITS[unit]
        choices = [one for one in choices if f"{number}{gap}{one}" not in said and f"{number} {one}" not in said]
        if choices:
            other = random.choice(choices)
            yield before + number + ("" if other == "%" else gap) + other + claim[match.end() :]
    for match in SHARE.finditer(claim):
        if "." not in match[1] and match[1] not in values_in([said.replace(match[0], "")]):
            following = re.sub(r"^ of (?:the )?", " ", claim[match.end() :])
            yield claim[: match.start()] + match[1] + following


INTERVALS: list[tuple[str, list[str]]] = [
    (r"\btwice daily\b", ["once daily", "three times daily", "twice a week", "four times a day"]),
    (r"\bonce daily\b", ["twice daily", "once a week"]),
    (r"\bonce a week\b", ["once a day", "twice a week", "every 2 weeks"]),
    (r"\ba week(?= in|,|\.| is)", ["a day", "a month"]),
    (
        r"\bweekly for (\d+|four) weeks\b",
        [r"daily for \1 weeks", r"monthly for \1 months", r"every 2 weeks for \1 doses"],
    ),
    (r"(?<=mg/m² )weekly\b", ["daily", "monthly"]),
    (r"\bweekly\b(?! for)", ["daily", "monthly"]),
    (r"\bevery (\d+(?:–\d+)?) weeks\b", [r"every \1 months", r"every \1 days", "every week"]),
    (r"\bevery (\d+) days\b", [r"every \1 weeks", "every day"]),
    (r"\bevery (\d+) months\b", [r"every \1 weeks"]),
    (r"\bone week apart\b", ["one month apart", "two weeks apart", "on two consecutive days"]),
    (r"\b14 days apart\b", ["14 weeks apart", "4 days apart", "28 days apart"]),
    (r"\bmonthly\b(?! cycles)", ["weekly", "every 2 months", "every 2 weeks"]),
    (r"\bmonthly(?= cycles)", ["weekly", "daily"]),
    (r"\bmg/kg/day\b", ["mg/kg every second day", "mg/kg twice daily"]),
    (r"\bover (\d+(?:–\d+)?) (consecutive )?days\b", [r"over \1 weeks", r"over \1 hours"]),
    (r"\bover the first 2 months\b", ["over the first 2 weeks"]),
    (r"\bfour weekly doses\b", ["four daily doses", "four monthly doses"]),
    (r"\bFour weekly doses\b", ["Four daily doses", "Four monthly doses"]),
    (r"\bdaily(?= (?:steroid |prednisone )?dose)", ["weekly", "monthly"]),
    (r"(?<=[a-z] )daily\b(?! (?:li|ac|steroid))", ["weekly", "every second day"]),
    (r"\bper day\b", ["per week", "per hour"]),
    (r"\bper week\b", ["per day", "per month"]),
    (r"\ba day\b", ["a week"]),
    (r"\btwice (?=one week apart)", ["four times "]),
    (r"\btwo infusions\b", ["four infusions", "a single infusion"]),
    (r"\b(?:for two doses|twice)(?=,? 14 days apart)", ["six times", "four times"]),
    (r"\bannual(?:ly)?\b", ["monthly"]),
]


def wrong_intervals(claim: str, passages: Sequence[str], random: Random) -> Iterator[str]:
    """The dose given at another interval or another number of times."""
    said = " ".join(passages)
    for pattern, replacements in INTERVALS:
        for match in re.finditer(pattern, claim):
            for other in random.sample(replacements, len(replacements)):
                new = match.expand(other)
                if new.strip() not in said and new != match[0]:
                    yield claim[: match.start()] + new + claim[match.end() :]
