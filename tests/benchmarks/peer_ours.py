"""Footnote with a language model that answers at once, to be measured beside a plain chain with such a model.

`python -m tests.benchmarks.peer_ours` answers JSON lines as `footnote chat --jsonl` does. The model says the first
sentence of the first passage that it was given, and cites it; the whole gate judges that.
"""

import asyncio
import json
import re
from collections.abc import AsyncGenerator

from bot.answering.language_model import Piece

PASSAGE = re.compile(r"<passage\b[^>]*?\bid=\"?([^\">\s]+)[^>]*>(.*?)</passage", re.DOTALL)
SENTENCE = re.compile(r"^(?!Document:|Section:|\s*$)(?:[-*] )?(.+?[.!?](?=\s|$)|.+)", re.MULTILINE)


class AtOnce:
    """Says the first sentence that it was given."""

    name = "at once"

    async def stream(self, system: str, user: str) -> AsyncGenerator[Piece]:
        """One claim, in one piece."""
        found = PASSAGE.search(user)
        sentence = SENTENCE.search(found[2]) if found else None
        if found is None or sentence is None:
            yield Piece(text='{"no_answer": true}\n', tokens=1, ended=True)
            return
        claim = {"role": "bottom_line", "text": sentence[1], "sources": [found[1]], "quote": sentence[1]}
        yield Piece(text=json.dumps(claim) + "\n", tokens=100, ended=True)


async def main() -> None:
    """Answer line by line."""
    from bot.answering.allowance import Allowance
    from bot.answering.compose import ExtractiveComposer
    from bot.answering.model_composer import LanguageModelComposer
    from bot.bootstrap import open_bot
    from bot.bootstrap.models import Models
    from bot.channels.chat import chat_in_lines
    from bot.domain.glossary import Glossary
    from bot.prompts import PromptSet
    from bot.settings import Settings, load_settings

    def models(settings: Settings, glossary: Glossary, words: PromptSet, allowance: Allowance | None) -> Models:
        quoting = ExtractiveComposer(glossary, settings.answer_words)
        composer = LanguageModelComposer(
            models=[AtOnce()],
            compose_prompt=words.prompts["compose"],
            repair_prompt=words.prompts["repair"],
            last=quoting,
            wording=words.wording,
            allowance=allowance,
            answer_words=settings.answer_words,
        )
        return Models(composer=composer, judges=(), rewriter=None, used={})

    async with open_bot(load_settings(), models=models) as bot:
        await chat_in_lines(bot.service.respond, bot.words)


if __name__ == "__main__":
    asyncio.run(main())
