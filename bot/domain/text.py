"""How texts are compared: folded letters, words, and the same character written differently.

Folding never changes what a reader sees; it only decides whether two spellings are the same.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa", "μ": "micro", "µ": "micro", "ω": "omega"}
SPELT_OUT = str.maketrans(GREEK)
DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
SINGLE_QUOTES = re.compile("[\u2018\u2019\u201a\u201b\u2032\u0060\u00b4]")
DOUBLE_QUOTES = re.compile("[\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb]")
INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")
WORD = re.compile(r"[^\W_]+(?:[-/+.'][^\W_]+)*")


@lru_cache(maxsize=32_768)
def fold(text: str) -> str:
    """The form in which spellings are compared: NFKC, no accents, Greek spelt out, one dash, one quote, lower case.

    `m²` becomes `m2`, `TNF-α` becomes `tnf-alpha`. White space is collapsed.
    """
    if text.isascii():
        return " ".join(text.replace("`", "'").lower().split())
    text = unicodedata.normalize("NFKC", INVISIBLE.sub("", text))
    text = DASHES.sub("-", SINGLE_QUOTES.sub("'", DOUBLE_QUOTES.sub('"', text)))
    text = text.casefold().translate(SPELT_OUT)
    if not unicodedata.is_normalized("NFD", text) or any(map(unicodedata.combining, text)):
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return " ".join(text.split())


def words(text: str) -> list[str]:
    """The words of a folded text; `anti-mda5`, `mg/m2` and `2.5` stay whole."""
    return WORD.findall(fold(text))


def word_parts(text: str) -> Iterator[str]:
    """The words of a text and, of compound ones, the parts: `anti-mda5` also gives `anti` and `mda5`."""
    for word in words(text):
        yield word
        parts = re.split(r"[-/+']", word)
        if len(parts) > 1:
            yield from (part for part in parts if part)
