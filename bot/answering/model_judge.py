"""A second language model reads each claim beside its passages. It may withhold one, never wave one through."""

import asyncio
import logging
import re
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from bot.answering.allowance import Allowance, is_unpaid
from bot.answering.language_model import LanguageModel, count_tokens
from bot.domain.errors import ModelError, ModelFault
from bot.prompts import Prompt

log = logging.getLogger(__name__)

LONGEST_REPLY = 2000
"""Characters after which nothing more of a judge's reply is read."""
THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
NO = re.compile(
    r"^\W*(?:(?:answer|verdict|reply|result|judge?ment|supported)\W+)?"
    r"(?:no|not|none|unsupported|false|refuted|contradict\w*)\b",
    re.IGNORECASE,
)
LONGEST_REASON = 160


@dataclass(frozen=True, kw_only=True)
class ModelJudge:
    """Asks a language model. One that is down or says neither yes nor no objects to nothing: the gate's word stands.

    `time_limit`: the seconds after which its reply is waited for no more.
    """

    model: LanguageModel
    prompt: Prompt
    allowance: Allowance | None = None
    time_limit: float = 30.0

    @property
    def prompts(self) -> Mapping[str, str]:
        """The digest of what the model is told, by its name."""
        return {self.prompt.id: self.prompt.digest}

    async def objects(self, claim: str, passages: Sequence[str], user: str) -> str | None:
        """The objection in a sentence; None where there is none."""
        told = self.prompt.render(document="\n\n".join(passages), claim=claim)
        if self.allowance and not await self.allowance.permits(user, count_tokens(*told)):
            return None
        said, tokens, unpaid = "", 0, False
        try:
            async with asyncio.timeout(self.time_limit), aclosing(self.model.stream(*told)) as pieces:
                async for piece in pieces:
                    said, tokens = said + piece.text, tokens + piece.tokens
                    if len(said) > LONGEST_REPLY:
                        break
        except ModelError as error:
            unpaid = is_unpaid(error.fault, len(said))
            log.warning("the judge %s said nothing: %s", self.model.name, error.fault.value)
        except TimeoutError:
            log.warning("the judge %s said nothing: %s", self.model.name, ModelFault.TIMEOUT.value)
        finally:
            if self.allowance and not unpaid:
                await self.allowance.record(user, tokens or count_tokens(*told, said))
        said = " ".join(THINKING.sub("", said).split())
        return f"A second model doesn't find it in the passage: {said[:LONGEST_REASON]}" if NO.match(said) else None
