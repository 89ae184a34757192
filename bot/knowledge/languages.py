"""Tells which language a message is written in, where that isn't English. In doubt it is English.

A message of everyday English words never asks the model, so that most bots never load it: 60 MB, half a second.
"""

import re
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

from bot.domain.glossary import Glossary
from bot.domain.text import fold
from bot.knowledge.gazetteer import load_gazetteer

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

ENGLISH = "en"
COMPARED = (ENGLISH, *"de fr es it pt nl pl tr sv da no".split())
NO_LANGUAGE = ("la", "zxx")
"""Latin, which is medicine's own, and what is no language at all: numbers, marks, codes."""
SURE = 0.5
"""Probability from which another language is believed."""
LEAST, LEAST_OWN = 3, 2
"""Words that a message must have, and how many of them must be no names of drugs, diseases or tests."""
MOSTLY = 0.5
"""Share of English words, names of the field left out, from which a message is English."""
ONLY_ENGLISH = frozenset(
    """
    the and what which how why who when where does did could should would with your his she they their this that these
    those there have from you about are it's i'm
    """.split()
)
"""Everyday words of which one is enough: no other language compared here has them."""
WORDS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
PARTS = re.compile(r"[^\W\d_]+")


class LanguageReader:
    """Reads the language of messages. `is_word` tells common English words. The model is loaded when first needed."""

    def __init__(self, glossary: Glossary, is_word: Callable[[str], bool]) -> None:
        self._glossary = glossary
        self._is_word = is_word
        self._model: LanguageIdentifier | None = None
        self._loading = Lock()

    def language_of(self, text: str) -> str:
        """The ISO 639 code of a message's language; `en` for English, and for what is too short or unclear to tell."""
        if len(WORDS.findall(text)) < LEAST or ONLY_ENGLISH & set(WORDS.findall(fold(text))):
            return ENGLISH
        own = self._own_words(text)
        accented = {part for word in WORDS.findall(text) if not word.isascii() for part in PARTS.findall(fold(word))}
        english = sum(self._is_word(word) for word in own if word not in accented)
        if len(own) < LEAST_OWN or english >= MOSTLY * len(own):
            return ENGLISH
        code, probability = self._identifier().classify(text)
        return code if probability >= SURE and code not in NO_LANGUAGE else ENGLISH

    def _own_words(self, text: str) -> list[str]:
        """The words beside the names of the field, which are alike in many languages."""
        folded, at, rest = fold(text), 0, ""
        for mention in self._glossary.mentions(text):
            rest += f" {folded[at : mention.start]}"
            at = mention.end
        return PARTS.findall(rest + f" {folded[at:]}")

    def _identifier(self) -> "LanguageIdentifier":
        with self._loading:
            if self._model is None:
                from py3langid.langid import MODEL_FILE, LanguageIdentifier

                whole = LanguageIdentifier.from_model_file(MODEL_FILE)
                whole.set_languages([*COMPARED, *NO_LANGUAGE])
                # Made anew of what is left, so that the tables of 120 other languages needn't be kept.
                self._model = LanguageIdentifier(
                    whole.nb_ptc,
                    whole.nb_pc,
                    whole.nb_classes,
                    whole.tk_nextmove,
                    whole.tk_output,
                    norm_probs=True,
                    tk_row=whole.tk_row,
                )
            return self._model


def open_languages(glossary: Glossary) -> LanguageReader:
    """The reader with the shipped list of English words."""
    return LanguageReader(glossary, load_gazetteer().is_word)
