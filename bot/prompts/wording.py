"""The fixed sentences as values: one language's `Wording`, and `Words` for who speaks to readers of several."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

ENGLISH = "en"
"""The language that is complete, and that every other one falls back to."""
VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}", re.ASCII)


class Words(Protocol):
    """The fixed sentences of the moment, for a reader's language. Asked once for each message."""

    @property
    def languages(self) -> Sequence[str]:
        """The codes of those that there are."""
        ...

    def for_language(self, code: str) -> "Wording":
        """The wording for a code such as `de` or `pt-BR`; English where there is no such language."""
        ...


@dataclass(frozen=True)
class Wording:
    """All fixed sentences of one language by key (`notice.differ`). `digest` tells which words made an answer.

    `digests` are those of the single files by name, and `version` is that of the language's shipped file. `fallback` is
    the English wording, where this is another language.
    """

    sentences: Mapping[str, str]
    language: str
    digest: str
    digests: Mapping[str, str] = field(default_factory=dict)
    version: int = 1
    fallback: "Wording | None" = None

    @property
    def english(self) -> "Wording":
        """What an English library is searched with, and a language model is told, whatever the reader's language."""
        return self.fallback or self

    def say(self, key: str, **values: object) -> str:
        """The sentence of `key` with its variables filled. KeyError for a key that doesn't exist is a bug of ours."""
        return VARIABLE.sub(lambda match: str(values[match.group(1)]), self.sentences[key])

    @property
    def languages(self) -> tuple[str, ...]:
        """Its own one."""
        return (self.language,)

    def for_language(self, code: str) -> "Wording":  # noqa: ARG002 - it has only its own
        """Itself: whoever has one language speaks it to everybody."""
        return self


def choose(wordings: Mapping[str, Wording], code: str) -> Wording:
    """The wording for a reader's language code: that very one, its language without the region, or English."""
    wanted = code.lower().replace("_", "-")
    named = {language.lower(): wording for language, wording in wordings.items()}
    return named.get(wanted) or named.get(wanted.partition("-")[0]) or wordings[ENGLISH]
