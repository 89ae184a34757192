"""The same claim in other words that change nothing: order, names, units, joined, shortened."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from random import Random

from bot.domain.glossary import Glossary
from tests.benchmarks.edits.wording import NUMBER_WORDS, lowered, raised

FRONT = re.compile(r"^((?:In|On|For|After|Over|Without|With|During|By|Among|At|According to|If) [^,]+), (.+)\.$")
BEHIND = re.compile(
    r"^(.+?),? ((?:according to|in|of) (?:[A-Z][\w’-]+(?: [A-Z][\w-]+)? \d{4}|EULAR and PReS|SHARE|"
    r"the \d{4} task force|the RIM trial|ProDERM))\.$"
)
WHEREAS = re.compile(r"^([^,;]+(?:\([^)]*\)[^,;]*)?), whereas ([^,;]+(?:\([^)]*\)[^,;]*)?)\.$")
POINTING = re.compile(
    r"\b(?:it|its|they|their|them|another|both|others?|these|those|this|latter|former|same|he|she|"
    r"respectively|the two|neither)\b",
    re.IGNORECASE,
)


def reordered(claim: str, glossary: Glossary, random: Random) -> Iterator[str]:
    """Clauses and the members of lists in another order."""
    made = []
    front = FRONT.match(claim)
    begins = (
        re.match(r"(?:which|who|of whom|\d+ of them|yet|but|and|or|[a-z]+ing)\b|[\w-]+, |.{,30}, and ", front[2])
        if front
        else None
    )
    if (
        front
        and not begins
        and " without " not in front[2]
        and not POINTING.search(front[2].split(",")[0])
        and "whereas" not in claim
        and " so " not in claim
    ):
        moved = front[1][0].lower() + front[1][1:]
        made.append(f"{raised(front[2])}{', ' if ',' in front[2] else ' '}{moved}.")
    behind = BEHIND.match(claim)
    if behind and not claim.startswith(("In ", "On ", "With", "After ", "For ", "No ")) and ", " not in behind[1][-30:]:
        joined = raised(behind[2]) if not behind[2].startswith("of ") else "In " + behind[2].removeprefix("of ")
        if (
            "adjusted analysis" not in claim
            and "authors of" not in claim
            and not re.search(
                r"\b(?:and|abstract|result|dose|number|trial|part|results|children|effects) $", behind[1] + " "
            )
        ):
            made.append(f"{joined}, {lowered(behind[1])}.")
    contrast = WHEREAS.match(claim)
    if contrast and not POINTING.search(contrast[2]) and not POINTING.search(contrast[1]):
        made.append(f"{raised(contrast[2])}, whereas {lowered(contrast[1])}.")
    made += list(lists_turned(claim, glossary))
    yield from random.sample(made, len(made))


def lists_turned(claim: str, glossary: Glossary) -> Iterator[str]:
    if "respectively" in claim:
        return
    for pattern in (r"([\w-]+(?: [A-Z])?) (or|and) ([\w-]+)", r"([\w-]+), ([\w-]+),? (and|or) ([\w-]+)"):
        for match in re.finditer(pattern, claim):
            members = [group for group in match.groups() if group not in {"and", "or"}]
            word = next(group for group in match.groups() if group in {"and", "or"})
            if all(len(glossary.mentions(member)) == 1 and is_whole(member, glossary) for member in members):
                if (
                    claim[match.end() : match.end() + 1] == "-"
                    or re.search(r"\bof $|, $|[\w-]+ $", claim[: match.start()]) is None
                ):
                    continue
                if claim[: match.start()].endswith(", ") or re.match(r" (?:or|and|\d)", claim[match.end() :]):
                    continue
                turned = members[::-1]
                text = f"{', '.join(turned[:-1])} {word} {turned[-1]}"
                yield claim[: match.start()] + text + claim[match.end() :]


@lru_cache(maxsize=4096)
def is_whole(name: str, glossary: Glossary) -> bool:
    (mention,) = glossary.mentions(name)
    return mention.start == 0 and mention.end >= len(name) - 2


INITIALS = re.compile(r"[A-Za-z]*[A-Z][A-Za-z]*[A-Z0-9]+[A-Za-z0-9]*")
PLAIN = frozenset("DMARD BSA RCT LFT FBC CBC ACR BSR DM RA SHARE RIM EMA FDA".split())


@lru_cache(maxsize=8)
def pairs(glossary: Glossary) -> tuple[tuple[str, str], ...]:
    """Long name and initials of the glossary's terms, where the initials really are those of the name."""
    found = []
    for term in glossary.terms:
        short = [name for name in (*term.abbreviations, term.name) if INITIALS.fullmatch(name) and name not in PLAIN]
        long = [
            n
            for n in (term.name, *term.names)
            if not INITIALS.search(n) and n[0].isalpha() and n[-2:] != " A" and len(n) > 6
        ]
        pair = next(((n, s) for s in short for n in long if is_initials_of(s, n)), None)
        if pair:
            found.append(pair)
    return tuple(found)


def is_initials_of(short: str, long: str) -> bool:
    letters = iter(long.lower())
    return long[0].lower() == short[0].lower() and all(
        letter in letters for letter in short.lower() if letter.isalpha()
    )


def defined_in(passage: str) -> list[tuple[str, str]]:
    """Pairs that the passage itself explains: "body mass index (BMI)"."""
    found = []
    for match in re.finditer(r"((?:[\w-]+ ){1,6})\(([A-Z][A-Za-z0-9-]{1,7})\)", passage):
        words, initials = match[1].split(), [letter.lower() for letter in match[2] if letter.isupper()]
        long = words[-len(initials) :]
        if len(long) == len(initials) > 1 and [word[0].lower() for word in long] == initials:
            found.append((" ".join(long), match[2]))
    return found


def abbreviated(claim: str, known: Sequence[tuple[str, str]], random: Random) -> Iterator[str]:
    made = []
    for long, short in known:
        # "(MTX)" behind its name, and a name inside a longer one, stay as they are.
        name = re.compile(rf"(?<![\w-]){re.escape(long)}(s?)(?![\w-]| \({re.escape(short)})", re.IGNORECASE)
        text = name.sub(rf"{short}\1", claim)
        if text != claim and short not in claim:
            made.append(text)
    yield from random.sample(made, len(made))


def expanded(claim: str, known: Sequence[tuple[str, str]], random: Random) -> Iterator[str]:
    made = []
    for long, short in known:
        text = re.sub(rf"(?<![\w(-]){re.escape(short)}(?![\w-])", long, claim)
        if text != claim and long.lower() not in claim.lower():
            made.append(raised(text))
    yield from random.sample(made, len(made))


def as_digits(match: re.Match[str]) -> str:
    return str(NUMBER_WORDS.index(match[0].lower()))


def as_word(match: re.Match[str]) -> str:
    return NUMBER_WORDS[int(match[0])]


COUNTED = (
    r"(?= (?:of (?:the )?(?:\w+ )?(?:patients|children)|of \w+|patients|children|adults|women|men|girls|cases|mice|"
    r"days|weeks|months|years|articles|principles|infusions|events|doses|protocols)\b)"
)
UNIT_FORMS = [
    (r"mg/m²", "mg/m2"),
    (r"mg/m²", "mg per m²"),
    (r"\bm²", "m2"),
    (r"mg/kg/day", "mg/kg per day"),
    (r"mg/kg/day", "mg per kg per day"),
    (r"mg/kg(?!/)", "mg per kg"),
    (r"(?<=\d)%", " per cent"),
    (r"(?<=\d)%", " percent"),
    (r"\btwice daily\b", "2 times a day"),
    (r"\btwice daily\b", "bid"),
    (r"\btwice daily\b", "two times per day"),
    (r"\bonce daily\b", "once a day"),
    (r"\bonce a week\b", "once weekly"),
    (r"(?<=mg) a week\b", " per week"),
    (r"\b(\d+|four) weeks\b", r"\1 wk"),
    (r"\bevery 28 days\b", "every four weeks"),
    (r"\b14 days apart\b", "two weeks apart"),
    (r"\b12 months\b", "1 year"),
    (r"(?<=\d)[–-](?=\d+(?: (?:mg|days|weeks|months)|%))", " to "),
    (r"(?<=[\d.])–(?=\d+\.\d)", " to "),
    (r"\b1 g\b(?!/)", "1000 mg"),
    (r"\b2 g/kg\b", "2000 mg/kg"),
    (r"\b1000 mg\b", "1 g"),
    (r"\b(\d+)/(\d+)(?= (?:children|patients))", r"\1 of \2"),
    (r"\b(\d+) of (\d+)(?= (?:children|patients))", r"\1/\2"),
    (r"\bat least (?=\d)", "≥ "),
    (r"\bat most (?=\d)", "≤ "),
    (r"\bp=(?=0)", "p = "),
    (r"\bP ?< ?(?=0)", "p < "),
    (r"\bn=(?=\d)", "n = "),
    (r"\b(\d+)-(?=week\b|month\b|year\b|day\b)", r"\1 "),
]


def rewritten_units(claim: str, random: Random) -> Iterator[str]:
    """The same quantity written differently."""
    made = [re.sub(pattern, other, claim) for pattern, other in UNIT_FORMS if re.search(pattern, claim)]
    digits = rf"\b(?:{'|'.join(NUMBER_WORDS[2:])})\b{COUNTED}"
    if re.search(digits, claim) and " to " not in claim:
        made.append(re.sub(digits, as_digits, claim))
    spelt = rf"(?<![\w.,/–=<±-])(?:[2-9]|1\d|20)\b(?!%|[.,/–-]\d){COUNTED}"
    if re.search(spelt, claim):
        made.append(raised(re.sub(spelt, as_word, claim)))
    yield from random.sample(made, len(made))


def joined(claim: str, following: Sequence[str], random: Random) -> Iterator[tuple[str, str]]:
    """The claim and another of the same passage as one sentence, what they share said once; with that other one."""
    for other in following:
        if POINTING.search(" ".join(other.split()[:4])) or len(claim) + len(other) > 330 or other == claim:
            continue
        one, two = claim.removesuffix("."), other.removesuffix(".")
        shared = shared_frame(one.split(), two.split())
        if shared:
            yield shared + ".", other
        elif not ({"if", "although", "yet"} & set(one.lower().split())):
            link = random.choice(["; ", ", and "])
            yield f"{one}{link}{lowered(two)}.", other


def shared_frame(one: Sequence[str], two: Sequence[str]) -> str | None:
    """`X marks Y` and `Z marks Y` -> `X and Z mark Y` is grammar; a common beginning is simply said once."""
    head = next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), 0)
    tail = next((n for n, (a, b) in enumerate(zip(one[::-1], two[::-1], strict=False)) if a != b), 0)
    first, second = one[head : len(one) - tail], two[head : len(two) - tail]
    if head >= 3 and 0 < len(first) <= 6 and 0 < len(second) <= 6 and "," not in " ".join([*first, *second]):
        ends = " " + " ".join(one[len(one) - tail :]) if tail else ""
        return f"{' '.join(one[:head])} {' '.join(first)} and {' '.join(second)}{ends}"
    return None


LEFT_OUT = [
    r" \((?!(?:not|but|except|if|only|under|over|max|min|up to|at least|at most|or|and)\b)[^()]{1,40}\)(?=[ ,.])",
    r", (?:so|because) [^;]+(?=\.$)",
    r", which [^,;]+(?=\.$)",
    r", (?:whereas|while) [^;]+(?=\.$)",
    r", (?:that is [^,]+|says one unreviewed web overview \(2025\)|for example|for instance),(?= [a-z])",
    r", (?:as the web overview itself states|mostly infections|calcinosis included|not split by drug)(?=\.$)",
    r", including [^,;]+(?=\.$)",
    r", (?:especially|mostly|mainly|above all|particularly) [^,;]+(?=\.$)",
    r", of which [^,]+ is the best known(?=,)",
    r", with interim targets on the way(?=\.$)",
]


def shortened(claim: str, random: Random) -> Iterator[str]:
    """An aside left out."""
    made = []
    for pattern in LEFT_OUT:
        text = re.sub(pattern, "", claim, count=1)
        if text != claim and len(text) >= 30 and not text.startswith(("If ", "Although ")):
            made.append(text.replace(", ,", ",").replace(",,", ","))
    yield from random.sample(made, len(made))
