"""Messages in another language than the library's, English: answered in the asker's where we have its words."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.answering.triage import Triage
from bot.conversation.without_evidence import reply_in_other_language
from bot.domain.answers import Direction
from bot.domain.messages import Audience
from bot.prompts import Wording, Words

log = logging.getLogger(__name__)

ENGLISH = "en"


@dataclass(frozen=True, kw_only=True)
class OtherLanguages:
    """`language_of` tells a message's language, `words` are our sentences in all that we have.

    `model_reads`: a language model writes the answers. It may understand the question, so it's asked first.
    """

    language_of: Callable[[str], str]
    words: Words
    model_reads: bool = False

    async def reply(
        self, text: str, sorted_: Triage, audience: Audience, notices: Sequence[str], wording: Wording
    ) -> Direction | None:
        """Why a message wasn't looked up; None where it is in English. `wording` is that of the reader's chat."""
        try:
            code = await asyncio.to_thread(self.language_of, text)
        except Exception as error:  # noqa: BLE001 - whatever breaks here, an English question is still answered
            log.error("a message's language could not be told: %s", type(error).__name__)  # noqa: TRY400 - it may hold words
            return None
        if code == ENGLISH:
            return None
        known = self.words.for_language(code) if code in self.words.languages else wording
        return reply_in_other_language(sorted_, audience, notices, known)
