"""The gate: any claim beside any passage is judged; no true sentence with another number, unit or drug is passed."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from bot.answering.proposals import LONGEST_CLAIM
from bot.answering.verify import Evidence
from bot.answering.written import read_claim, verify_written
from bot.domain.answers import SupportLabel
from bot.domain.text import fold
from tests.benchmarks.edits import numbers, strength, swaps
from tests.benchmarks.edits.sources import Source, read_shipped
from tests.fuzz.messages import FRAGMENTS, SAID, glossary
from tests.fuzz.target import Draw, Target, require

LONGEST_PASSAGE = 2500
"""Characters; comparing costs claim times passage."""
NUMBER = re.compile(r"(?<![\w.,/–:-])\d+(?:\.\d+)?(?![\w/:–-]|[.,]\d| ?[–-] ?\d)")
UNIT = re.compile(
    r"(?<=\d )(?:mg|g|kg|mg/kg|g/kg|mg/m²|µg|ml|IU|mmol/L|days?|weeks?|months?|years?|hours?)(?![\w/²])|(?<=\d)%"
)
OTHER_UNITS = (
    "mg",
    "g",
    "µg",
    "mg/kg",
    "g/kg",
    "mg/m²",
    "ml",
    "IU",
    "mmol/L",
    "days",
    "weeks",
    "months",
    "years",
    "hours",
    "%",
)
SAME_UNITS = {"day": "days", "week": "weeks", "month": "months", "year": "years", "hour": "hours"}
LABELLED = re.compile(
    r"(?:type|phase|stage|grade|level|class|figure|table|criteria|version|step|CD|IL|page|in|since|from|until|by|the|of)\s$",
    re.IGNORECASE,
)
QUALIFIED = re.compile(
    r"(?:at least|more than|over|above|exceeding|than|least|most|minimum of|maximum of|up to|within|under|below|about|"
    r"around|approximately|nearly|almost|roughly|some|every|first|[<>≤≥~±×x=])\s?$",
    re.IGNORECASE,
)


@cache
def sources() -> tuple[Source, ...]:
    """True sentences; those of the half that rules may be fitted on."""
    return tuple(source for source in read_shipped().sources if source.half == "tuning")


def judge(claim: str, source: Source) -> SupportLabel:
    passage = Evidence(id="a", text=source.passage.text)
    return verify_written(claim, [passage], glossary()).support


def any_claim(data: bytes) -> None:
    """Claims and passages of any text are judged, and what says nothing isn't supported."""
    draw = Draw(data)
    cut = draw.number(256)
    text = draw.rest()
    at = min(len(text) * cut // 256, LONGEST_CLAIM)
    claim, passage = text[:at], text[at : at + LONGEST_PASSAGE]
    shown = [
        Evidence(id="E1", text=passage, context="Dosing"),
        Evidence(id="E2", text=draw.one(sources()).passage.text),
    ]
    read = read_claim(claim, {"E1", "E2"})
    require(set(read.citations) <= {"E1", "E2"} or "[" in claim, "Only what is cited is a citation.")
    verdict = verify_written(claim, shown, glossary(), quotations=[passage[:40]] if cut % 2 else [])
    require(all(verdict.reasons) and verdict.reasons, "A verdict has its reasons.")
    require(verdict.support is not SupportLabel.SUPPORTED or read.text.strip(), "Nothing said is nothing supported.")


def other_number(claim: str, source: Source, draw: Draw) -> Iterator[str]:
    """Another number, which the passage doesn't name and no bound lets stand."""
    found = [
        m
        for m in NUMBER.finditer(claim)
        if not LABELLED.search(claim[: m.start()]) and not QUALIFIED.search(claim[: m.start()])
    ]
    found = [m for m in found if not re.fullmatch(r"(?:1[89]|20)\d\d", m[0])]
    if not found:
        return
    match = draw.one(found)
    value = match[0]
    kind, digit = draw.number(8), str(draw.number(9) + 1)
    at = draw.number(len(value) + 1)
    made = (
        value[:at] + digit + value[at:], value[:at] + value[at + 1 :], value + "0", "1" + value, f"0.{value}",
        f"{value}.5",
        value[::-1], str(draw.number(1000)),
    )[kind]  # fmt: skip
    try:
        same = float(made) == float(value) or float(made) == 0
    except ValueError:
        return
    known = {float(number) for number in re.findall(r"\d+(?:\.\d+)?", fold(source.passage.text))}
    if not same and float(made) not in known:
        yield claim[: match.start()] + made + claim[match.end() :]


def other_unit(claim: str, source: Source, draw: Draw) -> Iterator[str]:
    """A number with a unit of another size or sort."""
    found = list(UNIT.finditer(claim))
    if not found:
        return
    match, other = draw.one(found), draw.one(OTHER_UNITS)
    number = re.search(r"\d+(?:\.\d+)?\s?$", claim[: match.start()])
    mine = SAME_UNITS.get(match[0], match[0])
    if number is None or other == mine or {other, mine} <= {"days", "weeks", "months", "years", "hours"}:
        return
    gap = "" if match[0] != "%" or other == "%" else " "
    edited = claim[: match.start()] + gap + other + claim[match.end() :]
    if (
        f"{number[0].strip()} {other}" not in source.passage.text
        and f"{number[0].strip()}{other}" not in source.passage.text
    ):
        yield edited


def made_by(make: Callable[..., Iterator[str]], name: str) -> Callable[[str, Source, Draw], Iterator[str]]:
    """An edit of the benchmark's, with choices by the input."""

    def edit(claim: str, source: Source, draw: Draw) -> Iterator[str]:
        chance = random.Random(draw.number(2**32))
        said = [source.passage.text]
        match name:
            case "number":
                made = make(claim, said, source.sentences, chance)
            case "drug":
                made = make(claim, said, glossary(), chance)
            case "negation":
                made = make(claim, chance)
            case _:
                made = make(claim, said, chance)
        yield from (text for text in made if text not in source.passage.text)

    return edit


EDITS: dict[str, Callable[[str, Source, Draw], Iterator[str]]] = {
    "any number": other_number,
    "any unit": other_unit,
    "number": made_by(numbers.wrong_numbers, "number"),
    "unit": made_by(numbers.wrong_units, "unit"),
    "range end": made_by(numbers.wrong_ends, "range end"),
    "interval": made_by(numbers.wrong_intervals, "interval"),
    "drug": made_by(swaps.swapped_drugs, "drug"),
    "negation": made_by(strength.negated, "negation"),
}


def changed(data: bytes) -> None:
    """A true sentence with one thing changed isn't supported."""
    draw = Draw(data)
    name = draw.one(list(EDITS))
    source = sources()[draw.number(65536) % len(sources())]
    for edited in EDITS[name](source.claim, source, draw):
        verdict = judge(edited, source)
        require(verdict is not SupportLabel.SUPPORTED, f"{name}: {edited!r} isn't what {source.claim!r} says.")
        return


def any_seeds() -> Sequence[bytes]:
    pairs = [f"{source.claim} [E1]{source.passage.text}" for source in sources()[::29]]
    return [b"\x20" + text.encode() for text in (*pairs, *SAID)]


TARGETS = (
    Target(name="claims", promise="any claim beside any passage is judged with reasons", run=any_claim, seeds=any_seeds,
           fragments=(*FRAGMENTS, b"[E1]", b"[E9]", b"[1, 2]", "“".encode(), "”".encode(), b'"', b"\\n", "…".encode())),
    Target(name="gate", promise="no true sentence with another number, unit, drug or a negation is supported",
    run=changed,
           seeds=lambda: [bytes([kind, 0, at, 1, 2, 3, 4, 5]) for kind in range(len(EDITS)) for at in range(0, 250,
           25)]),
)  # fmt: skip
