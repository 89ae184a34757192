"""How identifiers fare in messages made from parts: `python -m tests.benchmarks.identifiers_made [tuning|held-out]`.

Frames of many voices are filled with people of many cultures and numbers of many forms, always the same ones. Classes
of frames are held out as a whole: what is missed there is only counted, never listed.
"""

import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.answering.identifiers import redact
from bot.answering.identifiers.vocabulary import PARTICLES
from bot.knowledge.gazetteer import load_gazetteer
from tests.benchmarks.identifiers import interval, shipped_finder

FRAMES = Path(__file__).parents[1] / "data" / "safety" / "identifier_frames.txt"
HELD_OUT = frozenset(
    "carer clinician-prose story grandparent numbers handles clerk bare-clinician bare-places bare-family".split()
)
"""Classes that nobody looks at to mend a rule."""
FIELD = re.compile(r"\{(\w+)\}")
GONE = frozenset("name full lower initials record phone birth handle device".split())
PARTS = {
    "drug": "methotrexate|MTX|IVIG|prednisolone|rituximab|tofacitinib|cyclosporine|hydroxychloroquine|baricitinib|"
    "mycophenolate|infliximab|abatacept|Humira|Rituxan|tacrolimus|cyclophosphamide|vitamin D",
    "dose": "15 mg/m2|2 g/kg|10 mg|0.5 mg/kg/day|1 g twice daily|20 mg/week|375 mg/m2|5 mg bd",
    "lab": "CK 900 U/L|CK 12,400|LDH 640|ALT 88|ferritin 1,250 µg/L|ESR 44 mm/h|a low complement C3|aldolase 12.1|"
    "AST 210 and ALT 180|platelets 98",
    "score": "CMAS 31/52|MMT8 64/80|CMAS 18|PGA 6.5|CHAQ 1.75|MMT-8 of 71",
    "ab": "anti-MDA5|anti-TIF1-gamma|anti-NXP2 positive|anti-Mi-2|anti-SRP|ANA 1:640|Ro52 positive",
    "disease": "JDM|juvenile dermatomyositis|dermatomyositis|calcinosis|interstitial lung disease|juvenile myositis",
    "eponym": "Gottron papules|Raynaud phenomenon|Bohan and Peter criteria|Kaplan-Meier curve|Gowers' sign",
    "trial": "NCT01720433|ISRCTN83562117|PMID 26645190|the PRINTO trial|the RIM study|ProDERM",
    "event": "12 March 2021|03/11/2023|2022-07-14|last Monday|June 2020|Christmas|the summer of 2019",
    "age": "3|5|7|9|11|13|15",
}
NAMES = {
    "elsewhere": "Ngozi|Oyinkansola|Thuy-Linh|Siobhán|Nkechi|Tuğçe|Øyvind|Mikołaj|Saoirse|Keala|Xochitl|Zsófia|Ríona|"
    "Anaïs|Jürgen|Iñigo|Tadhg|Abebe|Makena|Sunniva|Ljubica|Vytautė|Aigerim|Chukwuemeka|Parisa|Dhruv|Hyun-woo|Mei-Ling|"
    "Jean-Luc|Ana-Sofía|Emre|Wanjiru|Tevita|Nizhoni|Quetzalli|Mbali|Eilidh|Caoimhe|Gwenllian|Þóra|D'Andre|LaToya",
    "word": "Rose|Hope|Faith|Grace|River|Sky|Summer|Autumn|Hunter|Mason|Ivy|Jade|Pearl|Daisy|Lily|Violet|Dawn|Joy|Mark|"
    "Jack|Angel|Ocean|Wren|Robin|Basil|Olive|Poppy|Willow|Archer|Chase|Miles|Reed|Sage|Ruby|Amber|Heather|Art|Rich",
    "nick": "Bex|Jojo|Teddy|Mimi|Lulu|Kiki|Zaz|Ozzy|Pip|Gigi|Bibi|Fitz|Tashi|Mads|Lexi|Nono|Susu|Bertie|Wills|Minnie",
}
ONSETS = "b br d dr f g gr h j k kl l m n p r s sh t th tr v w y z zh ch".split()
VOWELS = "a e i o u ai ei ou ia ee".split()
CODAS = ["", "", "", "n", "l", "r", "s", "sh", "k", "m", "th", "nd"]
FAMILY = (
    "Okonkwo|Nowakowska|Ó Briain|van der Meer|de la Cruz|Al-Hashimi|Nguyễn|MacAllister|Petrosyan|Smith-Jones|O'Rourke|"
    "Yılmaz|Haugen|Kowalczyk|Ramaswamy|Tamm|Brown|Young|Baker|Ben-David|dos Santos|von Arnim|Jóhannsdóttir|Ito|Park"
)
RECORDS = (
    "#######|########|##-##-##|AB######|H######|RX/##/####|##/#####|A-#####|JDM-0##|######-#|K##.####|### ### ####|"
    "P####-##|2024/#####|MX#####|SITE##-###|#####-A|XY-##-####"
)
PHONES = (
    "07### ######|+44 7### ######|(555) ###-####|555-###-####|+49 17# #######|0## #### ####|"
    "06 ## ## ## ##|+1 555 ### ####|"
    "+91 9#### #####|+353 8# ### ####|0##-########|+48 ### ### ###|04## ### ###|+55 11 9####-####|0### / ######|"
    "####-####"
)
BIRTHS = (
    "D/M/Y|D.M.Y|Y-M-D|D-M-Y|M/D/Y|D/M/y|D.M.y|D month Y|month D, Y|Dth of month Y|D mon Y|D-mon-Y|mon D Y|Dth month Y|"
    "Y/M/D|D mon y"
)
MONTHS = "January February March April May June July August September October November December".split()
HANDLES = (
    "@jdm_mum##|@brave.heart##|sunny_kid_##|xX_wolf##_Xx|u/rashdad##|kiwi.girl.##|@tiny.dancer|"
    "moonbeam#####|blue-fox-##"
)
DEVICES = "SN-######|########|AX##-####-B|####-####-##|LOT #A##B##|MMT-###-#####|35#############|GTX#####H|B#####/##"
MADE = 4
"""Messages of each frame and sort of name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A message, what must be gone from it by sort, and what must stay."""

    kind: str
    frame: str
    text: str
    gone: tuple[tuple[str, str], ...]
    stay: tuple[str, ...]


@cache
def made() -> tuple[Made, ...]:
    """The same messages each time."""
    chance = random.Random(7)
    lines = [line for line in FRAMES.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return tuple(
        _fill(*line.split(" | ", 1), sort=sort, chance=chance)
        for line in lines
        for sort in ("known", "invented", *NAMES)
        for _ in range(MADE)
    )


def _fill(kind: str, frame: str, *, sort: str, chance: random.Random) -> Made:
    gone: list[tuple[str, str]] = []
    stay: list[str] = []

    def fill(match: re.Match[str]) -> str:
        field = match[1]
        if field not in GONE:
            told = chance.choice(PARTS[field].split("|"))
            stay.append(told)
            return told
        told = _person(field, sort, chance) if field in {"name", "full", "lower"} else _other(field, chance)
        gone.append((f"{field} {sort}" if field in {"name", "full", "lower"} else field, told))
        return told

    text = FIELD.sub(fill, frame.replace("\\n", "\n"))
    return Made(kind=kind, frame=frame, text=text, gone=tuple(gone), stay=tuple(stay))


@cache
def _known() -> tuple[str, ...]:
    held = load_gazetteer()
    return tuple(sorted(name for name in held.given if name.isascii() and len(name) > 3 and not held.is_word(name)))


def _person(field: str, sort: str, chance: random.Random) -> str:
    if sort == "known":
        given = chance.choice(_known()).title()
    elif sort == "invented":
        given = "".join(
            chance.choice(ONSETS) + chance.choice(VOWELS) + chance.choice(CODAS) for _ in range(chance.choice((2, 3)))
        ).title()
    else:
        given = chance.choice(NAMES[sort].split("|"))
    if field == "lower":
        return given.lower()
    if field == "name":
        return given
    family = chance.choice(FAMILY.split("|"))
    return chance.choice((f"{given} {family}", f"{given} {family}", f"{given} K. {family}", f"{family}, {given}"))


def _other(field: str, chance: random.Random) -> str:
    if field == "initials":
        return ".".join(chance.choice("ABCDEFGHJKLMNOPRSTW") for _ in range(2)) + "."
    if field == "birth":
        day, month, year = chance.randint(13, 28), chance.randint(1, 12), chance.randint(2006, 2021)
        values = {"D": str(day), "M": f"{month:02}", "Y": str(year), "y": str(year)[2:]}
        values |= {"month": MONTHS[month - 1], "mon": MONTHS[month - 1][:3]}
        return re.sub(r"month|mon|[DMYy]", lambda match: values[match[0]], chance.choice(BIRTHS.split("|")))
    forms = {"record": RECORDS, "phone": PHONES, "handle": HANDLES, "device": DEVICES}[field]
    return re.sub("#", lambda _: chance.choice("0123456789"), chance.choice(forms.split("|")))


def left(one: Made) -> list[tuple[str, str]]:
    """What must be gone and isn't, and "stay" for what isn't there any more."""
    told = redact(one.text, shipped_finder()).text
    rest = told
    for fact in one.stay:
        rest = rest.replace(fact, " ", 1)
    return [
        (sort, said)
        for sort, said in one.gone
        if any(
            re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", rest)
            for piece in re.findall(r"\w{2,}", said)
            if piece not in PARTICLES
        )
    ] + [("stay", fact) for fact in one.stay if fact not in told]


def main() -> None:
    for held_out in (False, True):
        if sys.argv[1:] and (sys.argv[1] == "held-out") is not held_out:
            continue
        print("classes held out" if held_out else "classes for tuning")
        print(*report([one for one in made() if (one.kind in HELD_OUT) is held_out], listed=not held_out), sep="\n")


def report(messages: list[Made], *, listed: bool) -> Iterator[str]:
    """The counts by class and by sort, and examples of what was missed."""
    of: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    frames: Counter[str] = Counter()
    examples: dict[str, str] = {}
    touched = bare = 0
    for one in messages:
        miss = left(one)
        of.update(["all"] * len(one.gone) + [f"class {one.kind}"] * len(one.gone) + [sort for sort, _ in one.gone])
        of["stay"] += len(one.stay)
        for sort, said in miss:
            missed.update([sort] if sort == "stay" else ["all", f"class {one.kind}", sort])
            frames[one.frame] += 1
            examples[one.frame] = f"{examples.get(one.frame, '')} {said!r}"
        if not one.gone:
            bare += 1
            changed = redact(one.text, shipped_finder()).found
            touched += bool(changed)
            if changed:
                frames[one.frame] += 1
                examples[one.frame] = f"touched: {one.text!r}"
    for name in sorted(of):
        yield f"  {name}: {interval(of[name] - missed[name], of[name])}"
    yield f"  bare left alone: {interval(bare - touched, bare)}"
    if listed:
        yield from (f"  {count} {frame}: {examples[frame][:200]}" for frame, count in frames.most_common(90))


if __name__ == "__main__":
    main()
