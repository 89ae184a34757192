"""The service that answers, made anew when the maintainers' words change.

A message is answered with one whole set from its beginning to its end, in its reader's language.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.domain.messages import IncomingMessage, Reply
from bot.domain.progress import Listener
from bot.prompts import PromptSet, Wording

if TYPE_CHECKING:
    from bot.conversation.service import ConversationService

Make = Callable[[Wording], "ConversationService"]
"""Makes the service of one language."""


@dataclass(frozen=True, kw_only=True)
class _Set:
    """One set of words with the services made of it, one a language, each when it's first needed."""

    words: PromptSet
    make: Make
    made: "dict[str, ConversationService]" = field(default_factory=dict)

    def service(self, code: str) -> "ConversationService":
        wording = self.words.for_language(code)
        if wording.language not in self.made:
            self.made[wording.language] = self.make(wording)
        return self.made[wording.language]


class LiveService:
    """Answers with the words of the moment. `build` opens what a set needs; it raises FootnoteError if that fails."""

    def __init__(self, words: PromptSet, build: Callable[[PromptSet], Make]) -> None:
        self._build = build
        self._set = self._open(words)

    @property
    def words(self) -> PromptSet:
        """The set of the moment."""
        return self._set.words

    @property
    def now(self) -> "ConversationService":
        """The English service of the moment."""
        return self._set.service("en")

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages of the moment."""
        return self.words.languages

    def for_language(self, code: str) -> Wording:
        """The sentences of the moment for a reader's language."""
        return self.words.for_language(code)

    async def respond(self, message: IncomingMessage, listener: Listener | None = None) -> Reply:
        """The reply, made with the set with which it begins."""
        return await self._set.service(message.language).respond(message, listener)

    async def is_urgent(self, text: str) -> bool:
        """Does a message tell of an emergency or a crisis? Nothing is recorded, and no question answered."""
        return await self.now.is_urgent(text)

    def renew(self, words: PromptSet) -> None:
        """Answer with this set from the next message on. The present one stays where this one can't be opened."""
        self._set = self._open(words)

    def _open(self, words: PromptSet) -> _Set:
        opened = _Set(words=words, make=self._build(words))
        opened.service("en")
        return opened
