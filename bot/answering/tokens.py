"""A claim and its passages as the gate compares them: content words, amounts and schedules, each with what governs it.

Function words are left out, but those that turn a meaning ("not", "may", "must", "all", "than") stay as operators on
the word that follows them.
"""

import re
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache

from bot.answering.language import STOP_WORDS, split_sentences
from bot.answering.quantities import CONVERSIONS, Quantity, find_frequencies, read_quantities
from bot.domain.glossary import Glossary, Term
from bot.domain.text import WORD, fold

NOT = frozenset(
    """
    not no never without neither nor none cannot can't couldn't didn't doesn't don't isn't wasn't weren't won't wouldn't
    shouldn't haven't hasn't hadn't aren't nobody nothing hardly scarcely barely
    """.split()
)
MAY = frozenset("may might could can possibly perhaps maybe sometimes occasionally".split())
MUST = frozenset("must should always".split())
ALL = frozenset("all every always each everyone everybody any entire whole".split())
OPERATORS = NOT | MAY | MUST | ALL | {"than", "only"}
TELLING = frozenset("more most few before after above below same".split())
"""Stop words of a search that a claim may not exchange."""
TELLS_NOTHING = frozenset(
    """
    according additionally furthermore moreover therefore thus hence finally interestingly importantly notably
    respectively similarly likewise conversely consequently accordingly namely et al eg ie ii among amongst within
    upon toward towards along across due whereas despite whether either both per via versus vs
    including regarding concerning conclusion conclusions respective
    """.split()
)
"""Words of a text's joints: a claim neither gains nor loses by them."""
COMPARATORS = re.compile(
    r"(?P<least>(?:at least|no (?:less|fewer) than|≥|>=|min(?:imum)?\.?(?: of)?)\s?)$"
    r"|(?P<most>(?:at most|no more than|not more than|up to|≤|<=|max(?:imum)?\.?(?: of)?)\s?)$"
    r"|(?P<more>(?:more than|over|above|greater than|exceeding|older than|higher than|longer than|>)\s?)$"
    r"|(?P<less>(?:less than|under|below|fewer than|younger than|lower than|shorter than|<)\s?)$"
)
RELATION = {"least": ">=", "most": "<=", "more": ">", "less": "<"}
TURNS = frozenset("but whereas although though while however which because".split())
PIECE = re.compile(rf"(?P<word>{WORD.pattern})|(?P<border>[;:()\[\]]|,\s|\.\s|\s-\s)")
"""A word, or what separates clauses; so do the words of `TURNS`."""
NAME = re.compile(r"\b(?=[A-Za-z])[\w-]*?(?:[A-Za-z]-?\d|[A-Za-z][A-Z])[\w/-]*")
DRUG = re.compile(
    r"^(?:[a-z]{2,}(?:mab|nib|ciclib|statin|pril|sartan|olol|dipine|gliptin|gliflozin|glutide|glitazone|tidine|prazole"
    r"|setron|triptan|vir|cillin|mycin|micin|floxacin|cycline|conazole|azole|oxetine|pramine|zepam|zolam|barbital"
    r"|caine|platin|taxel|rubicin|tecan|bicin|citabine|trexate|prine|limus|cept|kinra|parin|xaban|gatran|grel|fibrate"
    r"|semide|thiazide|lukast|terol|tropium|sone|solone|onide|nidazole|quine|quin|dronate|profen|coxib|fenac|oxicam"
    r"|fentanil|morphine|codone|idone|apine|azepam|giline|mustine|poside|rozole|oxifen|lutamide|mide|formin|cisapride"
    r"|stigmine|traline|iride|uride|xostat|relin|thyroxine|triptyline|pamil|butamol|adone|amadol|dopa|curonium|flurane|profol|tadine|cetam|gabalin|bapentin|toin|vastatin|rasone|metrol|gestrel))$"
)
"""Endings by which drugs are named (international non-proprietary names)."""
NO_DRUG = frozenset("amide purine azole imide person reason season lesson comparison unison poison prison".split())


class Kind(StrEnum):
    """What sort of thing a token is."""

    WORD = "word"
    NAME = "name"
    TERM = "term"
    AMOUNT = "amount"
    SCHEDULE = "schedule"


@dataclass(slots=True)
class Token:
    """One telling word, name, amount or schedule.

    `key` is what is compared, `written` what a reader sees. `operators` stand between the token before and this one.
    `clause` counts the borders passed in the text, `sentence` the sentences.
    """

    key: str
    kind: Kind
    written: str
    operators: frozenset[str]
    clause: int
    sentence: int
    quantity: Quantity | None = None
    term: Term | None = None
    relation: str = ""
    unit: str = ""

    def in_sentence(self, number: int) -> "Token":
        """The same in another sentence."""
        moved = copy(self)
        moved.sentence = number
        return moved


LONGEST_ABBREVIATION = 6
LONG_NON = 9
"""Letters from which `non` at a word's beginning denies the rest of it (`nonsurgical`)."""
MIXED = re.compile(r"^(?=[^-/]*[a-z])(?=[^-/]*\d)[^-/]+[-/][a-z]{5,}$|^[a-z]{5,}[-/](?=[^-/]*[a-z])(?=[^-/]*\d)[^-/]+$")
NOTHING: frozenset[str] = frozenset()
DENIED = frozenset({"not"})


@lru_cache(maxsize=1024)
def read_tokens(text: str, glossary: Glossary) -> tuple[Token, ...]:
    """The tokens of a text, sentence after sentence."""
    found: list[Token] = []
    names = frozenset(fold(name) for name in set(NAME.findall(text)) if _short(name) and not _is_joint(name, text))
    for number, sentence in enumerate(split_sentences(text)):
        found += _read_sentence(sentence, number, NOTHING if sentence.isupper() else names, glossary)
    return tuple(found)


def _read_sentence(sentence: str, number: int, names: frozenset[str], glossary: Glossary) -> Iterator[Token]:
    folded = fold(sentence)
    plain, name, operator, denial = Sort.PLAIN, Sort.NAME, Sort.OPERATOR, Sort.DENIAL
    named, common = Kind.NAME, Kind.WORD
    spans = sorted(_spans(sentence, folded, glossary), key=_place)
    at = clause = 0
    operators: frozenset[str] = NOTHING
    last: Token | None = None
    for start, end, made in (*spans, (len(folded), len(folded), ())):
        if start < at:
            continue
        for match in PIECE.finditer(folded, at, start):
            if match.lastgroup != "word":
                clause += 1
                continue
            parts, own_border = _read_word(match.group())
            clause += own_border
            for word, sort in parts:
                if sort is plain or sort is name or word in names:
                    kind = named if sort is name or word in names else common
                    last = Token(word, kind, word, operators, clause, number)
                    yield last
                    operators = NOTHING
                elif sort is operator:
                    operators |= {word}
                elif sort is denial:
                    operators |= DENIED
        for token in made:
            token.operators, token.clause, token.sentence = operators, clause, number
            yield token
            last, operators = token, NOTHING
        at = end
    if operators and last is not None:
        # What is denied at the very end ("was not used") denies the last word.
        last.operators |= operators


def all_words(tokens: Iterable[Token]) -> frozenset[str]:
    """Every word of these tokens, operators included."""
    found: set[str] = set()
    for token in tokens:
        found.update(token.written.replace("-", " ").split(), token.operators)
    return frozenset(found)


def _place(span: tuple[int, int, tuple[Token, ...]]) -> tuple[int, int]:
    """The first and longest first."""
    return span[0], -span[1]


@lru_cache(maxsize=50_000)
def _read_word(word: str) -> tuple[tuple[tuple[str, "Sort"], ...], bool]:
    """Its parts, each with its sort, and whether it begins another clause."""
    return tuple((part, sort_of(part)) for part in _parts(word)), word in TURNS


@lru_cache(maxsize=50_000)
def _parts(word: str) -> tuple[str, ...]:
    """A compound word's parts. A name with a digit stays whole, but for a plain word behind it (`sf1-expressing`).

    So does what `on` or `off` turns into its opposite (`off-label`).
    """
    if word.startswith(("on-", "off-")):
        return (word,)
    if "'" in word and word not in OPERATORS:
        word = word.removesuffix("'s").removesuffix("'")
    if "-" in word or "/" in word:
        parts = tuple(part for part in re.split(r"[-/]", word) if part)
        if not any(character.isdigit() for character in word) or MIXED.search(word):
            return parts
    elif word.startswith("non") and len(word) >= LONG_NON:
        return ("non", word.removeprefix("non"))
    return (word,)


def _is_joint(name: str, text: str) -> bool:
    """A function word in capitals (`DESIGN AND SETTING`) of a text that writes it small elsewhere."""
    small = name.lower()
    return small in STOP_WORDS and re.search(rf"\b{small}\b", text) is not None


def _short(name: str) -> bool:
    """A long word all in capitals is a heading (`CONCLUSIONS`), no abbreviation."""
    return len(name) <= LONGEST_ABBREVIATION or not (name.isalpha() and name.isupper())


@cache
def telling(word: str) -> bool:
    """Does it carry meaning of its own?"""
    if word in TELLING:
        return True
    return word not in STOP_WORDS and word not in TELLS_NOTHING and (len(word) > 1 or word.isdigit())


class Sort(StrEnum):
    """What a word is by itself."""

    OPERATOR = "operator"
    DENIAL = "denial"
    EMPTY = "empty"
    NAME = "name"
    PLAIN = "plain"


@lru_cache(maxsize=50_000)
def sort_of(word: str) -> Sort:
    """The sort of a folded word; what a text's capitals make a name is told apart by the reader."""
    if word in OPERATORS:
        return Sort.OPERATOR
    if word == "non":
        return Sort.DENIAL
    if not telling(word):
        return Sort.EMPTY
    return Sort.NAME if any(map(str.isdigit, word)) or looks_like_drug(word) else Sort.PLAIN


@cache
def looks_like_drug(word: str) -> bool:
    """Does it end as drugs are named?"""
    return len(word) > 6 and word not in NO_DRUG and DRUG.match(word) is not None


def _spans(sentence: str, folded: str, glossary: Glossary) -> Iterator[tuple[int, int, tuple[Token, ...]]]:
    schedules = find_frequencies(sentence)
    for found in schedules:
        yield found.start, found.end, (_schedule(found.meaning, found.written),)
    for quantity in read_quantities(sentence):
        if any(found.start <= quantity.start < found.end for found in schedules):
            continue
        # The amount ends where a schedule begins within it (`5 mg/kg per day`): its own unit says so already.
        before = COMPARATORS.search(folded[max(0, quantity.start - 18) : quantity.start])
        start = quantity.start - len(before.group()) if before else quantity.start
        relation = RELATION[str(before.lastgroup)] if before else quantity.relation
        exact = replace(quantity, written=folded[start : quantity.end].strip()) if before else quantity
        yield start, quantity.end, tuple(_amounts(exact, relation))
    for mention in glossary.mentions(sentence):
        written = folded[mention.start : mention.end]
        token = Token(f"§{mention.term.id}", Kind.TERM, written, NOTHING, 0, 0, term=mention.term)
        yield mention.start, mention.end, (token,)


def _amounts(quantity: Quantity, relation: str) -> Iterator[Token]:
    """The amount and, where its unit says how often (`mg/kg/day`), the schedule."""
    unit, rate = quantity.unit, ""
    for ending, name in (("/d", "day"), ("/week", "week"), ("/wk", "week"), ("/month", "month"), ("/mo", "month")):
        if unit.endswith(ending) and len(unit) > len(ending):
            unit, rate = unit.removesuffix(ending), f"per {name}"
    kind = f"{quantity.relation}{'' if relation == quantity.relation else relation}"
    amounts = [quantity.values]
    if quantity.relation == "fraction":
        # `12/20` and `12 of 20` are two counts in one order.
        amounts, kind = [(value,) for value in quantity.values], ""
    for number, values in enumerate(amounts, 1):
        own_unit = unit if number == len(amounts) else ""
        dimension, factor = CONVERSIONS.get(own_unit, (own_unit, 1))
        said = "-".join(str((value * factor).normalize()) for value in values)
        exact = replace(quantity, values=values, relation=kind) if len(amounts) > 1 else quantity
        key = f"#{said}|{dimension}|{kind}"
        yield Token(key, Kind.AMOUNT, quantity.written, NOTHING, 0, 0, exact, None, relation, own_unit)
    if rate:
        yield _schedule(rate, rate)


def _schedule(meaning: str, written: str) -> Token:
    return Token(f"~{meaning}", Kind.SCHEDULE, written, NOTHING, 0, 0)
