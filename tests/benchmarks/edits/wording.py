"""Small things that every edit needs: cases, numbers as words, and whether a passage says something."""

import re
from collections.abc import Iterable
from functools import lru_cache

from bot.domain.text import fold

NUMBER_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])")
FILLER = frozenset(
    "a an the of in on at by for from to with and or as is are was were be been that which who whom it its their than "
    "this these those had has have into per".split()
)
DRUG_LIKE = re.compile(
    r"\b[a-z]{3,}(?:mab|nib|statin|pril|sartan|olol|azole|cillin|mycin|floxacin|caine|platin|taxel|rubicin|formin|profen|"
    r"zepam|zolam|dipine|parin|gliptin|glitazone|dronate|setron|triptan|thiazide|cycline|navir|ciclovir|oxetine|apine|"
    r"idone|xifen|farin|cycin|morphine|phylline|mustine|bicin|citabine)\b"
)
"""What the name of a medicine ends in."""
NAMES = re.compile(r"^(?:[A-Z][\w’'-]*[A-Z0-9][\w-]*|[A-Z]{2,}\S*|[A-Z][a-z-]+ (?:et al|(?:19|20)\d\d))")
PROPER = frozenset(
    "Almeida Bader-Meunier Campanilho-Marques China Cooper Curiel Deakin Ding Fisler French Giancane Huber "
    "Lam Lazarevic Nicolai Oddis Ruperto Sherman Spencer Tansley Wang Xue Zhang European British American "
    "North UK US German Germany Austria Asian African Chinese Japanese Danish Swedish Western Bohan Al-Mayouf".split()
)


@lru_cache(maxsize=65536)
def tokens(text: str) -> frozenset[str]:
    """Numbers as they stand and words, cut to their first six letters so that endings don't count."""
    return frozenset(token[:6] for token in TOKEN.findall(fold(text)) if token not in FILLER)


def starts_with_name(text: str) -> bool:
    if re.match(r"Le [A-Z]", text):
        return True
    first = text.split(" ", 1)[0].rstrip(",.:’'s")
    return bool(NAMES.match(text)) or first in PROPER or text.split(" ", 1)[0] in PROPER


def lowered(text: str) -> str:
    """The text as it stands inside a sentence."""
    return text if starts_with_name(text) or text[:2] == "I " else text[0].lower() + text[1:]


def raised(text: str) -> str:
    """The text as it begins a sentence; "iNKT" and "pH" stay."""
    return text if text[1:2].isupper() else text[0].upper() + text[1:]


def in_place(before: str, other: str, after: str) -> str:
    """A word put where another one was, its article fitting: "an uncontrolled" -> "a controlled"."""
    if other[:1].isalpha():
        before = re.sub(r"\b([Aa])n? $", r"\1n " if other[0] in "aeiouAEIO" else r"\1 ", before)
    return before + other + after


@lru_cache(maxsize=16384)
def sentences_of(text: str) -> tuple[str, ...]:
    return tuple(SENTENCE.split(text))


def is_said(claim: str, passages: Iterable[str], share: float = 1.0, *, instead_of: str = "") -> bool:
    """Whether one sentence of the passages holds this share of the claim's tokens, all its numbers, all that is new.

    New is what the claim says and the sentence that it was made from (`instead_of`) doesn't.
    """
    wanted = tokens(claim)
    needed = {token for token in wanted if token[0].isdigit()} | (wanted - tokens(instead_of) if instead_of else set())
    return any(
        needed <= held and len(wanted & held) >= share * len(wanted)
        for passage in passages
        for held in map(tokens, sentences_of(passage))
    )


def overlap(claim: str, passage: str) -> float:
    """The share of the claim's tokens that the passage holds."""
    wanted = tokens(claim)
    return len(wanted & tokens(passage)) / max(1, len(wanted))


def values_in(texts: Iterable[str]) -> set[str]:
    """Every number of the texts as digits, those written as words included."""
    found: set[str] = set()
    for text in texts:
        lower = text.lower()
        found |= set(re.findall(r"\d+(?:\.\d+)?", lower))
        found |= {str(n) for n, word in enumerate(NUMBER_WORDS) if re.search(rf"\b{word}\b", lower)}
    return found
