"""Wrong answers: the honest lines with one kind of mistake in one of them, or in all."""

import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, replace
from enum import Enum, auto
from types import MappingProxyType

from tests.scripted_provider.composing import (
    COMMON,
    INSTRUCTION,
    ComposePrompt,
    Line,
    claim,
    honest_lines,
    read_prompt,
    repairs_stubbornly,
    sentences,
    written,
)
from tests.scripted_provider.scripts import Player, Reply, Request, Says

# Neither a part of a name (IL-6, 2B–4) nor the beginning of a range.
NUMBER = re.compile(r"(?<![\w.,/-])(?<![A-Za-z]–)\d+(?:[.,]\d+)?(?![\w.]*\w)(?!–\d)")
ANY_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
YEAR = re.compile(r"(?:19|20)\d\d$")
UNIT = re.compile(r"(?<=\d)(\s*)(mg|g|µg|mcg|ml|days?|weeks?|months?|years?|hours?)\b", re.IGNORECASE)
OTHER_UNIT = {
    "mg": "g", "g": "mg", "µg": "mg", "mcg": "mg", "ml": "litres", "hour": "days", "day": "weeks", "week": "months",
    "month": "weeks", "year": "months",
}  # fmt: skip
DRUG = re.compile(
    r"\b[a-z]{2,}(?:mab|tinib|cept|trexate|olone|sone|prine|sporin|citinib|limus|globulin|phosphamide|quine|mofetil)\b",
    re.IGNORECASE,
)
OTHER_DRUGS = ("rituximab", "methotrexate", "ciclosporin", "infliximab", "azathioprine")
NEGATIONS = (
    (re.compile(r"\b(do|does|did) not\b", re.IGNORECASE), r"\1"),
    (re.compile(r"\b(?:cannot|can't)\b", re.IGNORECASE), "can"),
    (re.compile(r"\s\b(?:not|never)\b"), ""),
    (re.compile(r"\bwithout\b"), "with"),
    (re.compile(r"\b[Nn]o\b"), "some"),
)
AUXILIARY = re.compile(r"\b(is|are|was|were|can|could|may|might|should|must|will|has|have|had)\b")
WEAK = (
    (re.compile(r"\b(?:may|might|could|can|should)\b"), "must"),
    (re.compile(r"\b(?:suggest|propose|indicate)(s|d)?\b"), r"prove\1"),
    (re.compile(r"\b(?:generally|usually|often|sometimes|mostly|mainly)\b"), "always"),
    (re.compile(r"\b(?:possible|optional)\b"), "necessary"),
    (re.compile(r"\b(?:some|many|most)\b"), "all"),
)
NEGATION = re.compile(r"\b(?:cannot|never|no|none|nor|not|without)\b|n't\b", re.IGNORECASE)
POPULATION = re.compile(
    r"\b(in|for|of|among)\s+(?:[\w-]+\s+){0,3}?(?:children|patients|adults|infants|adolescents|girls|boys|people)\b"
    r"(?:\s+(?:with|aged|under|over|older than|younger than)"
    r"(?:\s+(?!(?:and|as|at|in|is|of|on|or|than|the|to|was)\b)[\w-]+){1,2})?"
)
UNKNOWN_ID = "zzzz"


class Harm(Enum):
    """What is wrong: the text itself, or only what it is said to stand on."""

    TEXT = auto()
    CITATION = auto()


class Where(Enum):
    """Which of the lines are spoiled."""

    ONE = auto()
    BOTTOM_LINE = auto()
    ALL = auto()


@dataclass(frozen=True, kw_only=True)
class Spoiled:
    """An answer's lines, and those of them that are wrong."""

    lines: tuple[Line, ...]
    wrong: tuple[Line, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """What no reader may see."""
        return tuple(line.text for line in self.wrong)


class NothingToSpoilError(LookupError):
    """No sentence of the passages gives this mistake an opening. A test needs other passages."""


Spoil = Callable[[Line, ComposePrompt], Line | None]


def changed_number(line: Line, prompt: ComposePrompt) -> Line | None:
    """Another number, which no passage holds, in the place of the first that is no year."""
    found = next((number for number in NUMBER.finditer(line.text) if not YEAR.match(number[0])), None)
    if found is None:
        return None
    mark = "," if "," in found[0] else "."
    is_share = line.text[found.end() :].lstrip().startswith("%")
    value = float(found[0].replace(",", "."))
    known = set(ANY_NUMBER.findall(prompt.text))
    changed = (value / step if is_share else (value or 1) * step for step in itertools.count(2))
    other = next(text for text in (f"{number:g}".replace(".", mark) for number in changed) if text not in known)
    return replace(line, text=line.text[: found.start()] + other + line.text[found.end() :])


def changed_unit(line: Line, prompt: ComposePrompt) -> Line | None:
    def other(found: re.Match[str]) -> str:
        unit = found[2].lower()
        return found[1] + OTHER_UNIT.get(unit, OTHER_UNIT.get(unit.rstrip("s"), "g"))

    return _substituted(line, UNIT, other)


def swapped_drug(line: Line, prompt: ComposePrompt) -> Line | None:
    named = {name.lower() for name in DRUG.findall(line.quote)}
    others = [name for name in (*map(str.lower, DRUG.findall(prompt.text)), *OTHER_DRUGS) if name not in named]
    if not others:
        return None
    return _substituted(line, DRUG, lambda found: others[0].capitalize() if found[0][0].isupper() else others[0])


def dropped_negation(line: Line, prompt: ComposePrompt) -> Line | None:
    return _first_of(line, NEGATIONS)


def added_negation(line: Line, prompt: ComposePrompt) -> Line | None:
    if NEGATION.search(line.text):
        return None
    return _substituted(line, AUXILIARY, lambda found: f"{found[0]} not")


def denied(line: Line, prompt: ComposePrompt) -> Line | None:
    first = line.text.partition(" ")[0]
    start = first.lower() if first.lower() in COMMON else first
    return replace(line, text=f"It is not true that {start}{line.text[len(first) :]}")


def stronger(line: Line, prompt: ComposePrompt) -> Line | None:
    return _first_of(line, WEAK)


def widened_population(line: Line, prompt: ComposePrompt) -> Line | None:
    return _substituted(line, POPULATION, lambda found: f"{found[1]} all patients of any age")


def wrong_id(line: Line, prompt: ComposePrompt) -> Line | None:
    innocent = [name for name, text in prompt.passages if name not in line.sources and line.quote not in text]
    return replace(line, sources=(innocent[0],)) if innocent else None


def unknown_id(line: Line, prompt: ComposePrompt) -> Line | None:
    return replace(line, sources=(UNKNOWN_ID,)) if UNKNOWN_ID not in prompt.ids else None


def no_sources(line: Line, prompt: ComposePrompt) -> Line | None:
    return replace(line, sources=())


def invented_quotation(line: Line, prompt: ComposePrompt) -> Line | None:
    return replace(line, quote="this was confirmed in a large randomised trial with a follow-up of ten years")


def invented_tail(line: Line, prompt: ComposePrompt) -> Line | None:
    return replace(line, text=f"{line.text.rstrip('.!?')}, and it prevents every later relapse.")


def invented_claim(line: Line, prompt: ComposePrompt) -> Line | None:
    return replace(line, text="Fresh air and vitamin C cure most patients within two weeks.")


def invented_claim_and_quotation(line: Line, prompt: ComposePrompt) -> Line | None:
    invented = invented_claim(line, prompt)
    return replace(invented, quote=invented.text) if invented is not None else None


def copied_instruction(line: Line, prompt: ComposePrompt) -> Line | None:
    """What a passage tells the model to do, as if it were a finding, with a correct citation."""
    for name, text in prompt.passages:
        for sentence in sentences(text):
            if INSTRUCTION.search(sentence):
                return replace(line, text=sentence, quote=sentence, sources=(name,))
    return None


def _first_of(line: Line, changes: tuple[tuple[re.Pattern[str], str], ...]) -> Line | None:
    """The line with the first change that it has an opening for."""
    changed = (_substituted(line, pattern, replacement) for pattern, replacement in changes)
    return next((found for found in changed if found is not None), None)


def _substituted(line: Line, pattern: re.Pattern[str], with_: str | Callable[[re.Match[str]], str]) -> Line | None:
    """The line with the first occurrence changed; the quotation stays as the passage has it."""
    text = pattern.sub(with_, line.text, count=1)
    return replace(line, text=" ".join(text.split())) if text != line.text else None


SPOILERS: Mapping[str, tuple[Spoil, Harm]] = MappingProxyType(
    {
        "changed_number": (changed_number, Harm.TEXT),
        "changed_unit": (changed_unit, Harm.TEXT),
        "swapped_drug": (swapped_drug, Harm.TEXT),
        "dropped_negation": (dropped_negation, Harm.TEXT),
        "added_negation": (added_negation, Harm.TEXT),
        "denied": (denied, Harm.TEXT),
        "stronger": (stronger, Harm.TEXT),
        "widened_population": (widened_population, Harm.TEXT),
        "invented_tail": (invented_tail, Harm.TEXT),
        "invented_claim": (invented_claim, Harm.TEXT),
        "invented_claim_and_quotation": (invented_claim_and_quotation, Harm.TEXT),
        "copied_instruction": (copied_instruction, Harm.TEXT),
        "wrong_id": (wrong_id, Harm.CITATION),
        "unknown_id": (unknown_id, Harm.CITATION),
        "no_sources": (no_sources, Harm.CITATION),
        "invented_quotation": (invented_quotation, Harm.CITATION),
    }
)


def spoil(name: str, prompt: ComposePrompt, where: Where = Where.ONE) -> Spoiled:
    """The honest answer with that mistake; in every line that has an opening for it, if `where` says so.

    Where no honest line has an opening, the next best sentence that has one joins the answer, or else any sentence.
    Raises NothingToSpoilError if there is none.
    """
    change, _ = SPOILERS[name]
    lines = honest_lines(prompt)
    order = {Where.ONE: [*lines[1:], *lines[:1]], Where.BOTTOM_LINE: lines[:1], Where.ALL: lines}[where]
    role = "bottom_line" if where is Where.BOTTOM_LINE else None
    quoted = {line.quote for line in lines}
    others = dict.fromkeys((*prompt.ranked(), *prompt.evidence))
    more = [claim(evidence, role) for evidence in others if evidence.sentence not in quoted]
    changes = [(line, changed) for line in order if (changed := change(line, prompt)) is not None]
    changes = changes or [(line, changed) for line in more if (changed := change(line, prompt)) is not None][:1]
    if not changes:
        raise NothingToSpoilError(f"No sentence of the passages has an opening for {name}.")
    if where is Where.ALL:
        wrong = tuple(changed for _, changed in changes)
        return Spoiled(lines=wrong, wrong=wrong)
    right, wrong_line = changes[0]
    if right in lines:
        spoiled = tuple(wrong_line if line is right else line for line in lines)
    elif where is Where.BOTTOM_LINE:
        spoiled = (wrong_line, *lines[1:])
    else:
        spoiled = (*lines, wrong_line)
    return Spoiled(lines=spoiled, wrong=(wrong_line,))


@dataclass(frozen=True)
class Wrong:
    """A player that makes one kind of mistake, and then repairs as it is told to."""

    name: str
    _: KW_ONLY
    where: Where = Where.ONE
    repair: Player = repairs_stubbornly

    def __call__(self, request: Request) -> Reply:
        if read_prompt(request).failed:
            return self.repair(request)
        return Says(written(self.spoiled(request).lines))

    def spoiled(self, request: Request) -> Spoiled:
        """What the answer to this request was, and what of it is wrong."""
        return spoil(self.name, read_prompt(request), self.where)
