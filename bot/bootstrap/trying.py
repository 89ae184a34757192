"""Tries one prompt on one conversation: the bot as it is, with models that note what they are told.

Nothing is recorded, and nothing counts against anybody's allowance.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.bootstrap import open_bot
from bot.bootstrap.models import Models, open_models
from bot.domain.errors import FootnoteError
from bot.domain.glossary import Glossary
from bot.domain.messages import Audience, IncomingMessage, ModelUse, Reply
from bot.prompts import PromptSet
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.answering.allowance import Allowance
    from bot.answering.composing import HandOver, Task
    from bot.answering.model_composer import LanguageModelComposer
    from bot.domain.answers import Draft, DraftClaim, Verdict
    from bot.domain.errors import ModelFault
    from bot.providers.overhearing import Call

NOBODY = "nobody"
"""The name of the model where none is set."""
USES = {
    "compose": "It is asked only where the library may hold an answer.",
    "contextualize": "It is asked only for a follow-up that leans on what was said before.",
    "judge": "It is asked only for a claim that has passed the gate.",
    "repair": "It is asked only for an answer with a claim that fails.",
}


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What the prompt's model was told and wrote, `by` whom (None where no model is set), and the reply at the end."""

    system: str
    user: str
    written: str
    by: ModelUse | None
    reply: Reply


async def try_prompt(settings: Settings, name: str, conversation: Sequence[str], audience: Audience) -> Tried:
    """Have the conversation, and tell of the last message what this prompt's model was sent.

    Raises FootnoteError where the last message doesn't need this prompt.
    """
    from bot.conversation.memory import Remembered

    calls: list[Call] = []
    used: list[ModelUse] = []

    def open_overheard(settings: Settings, glossary: Glossary, words: PromptSet, _: "Allowance | None") -> Models:
        opened = _overhear(name, settings, glossary, words, calls)
        used.extend(use for key, use in opened.used.items() if key == name)
        return opened

    async with open_bot(settings, conversations=Remembered(), models=open_overheard) as bot:
        for text in conversation:
            calls.clear()
            message = IncomingMessage(conversation="try", text=text, audience=audience)
            reply = await bot.service.respond(message)
    if not calls:
        raise FootnoteError(f"This question doesn't need the prompt {name}.", remedy=USES[name])
    first = calls[0]
    return Tried(system=first.system, user=first.user, written=first.written, by=used[0] if used else None, reply=reply)


def _overhear(name: str, settings: Settings, glossary: Glossary, words: PromptSet, calls: "list[Call]") -> Models:
    """The models of the settings, with one that listens in the place of the prompt's own."""
    from bot.answering.compose import ExtractiveComposer
    from bot.answering.model_composer import LanguageModelComposer
    from bot.answering.model_judge import ModelJudge
    from bot.conversation.model_contextualizer import ModelContextualizer
    from bot.providers.overhearing import OverheardChat, OverheardModel

    opened = open_models(settings, glossary, words, None)
    if name == "contextualize":
        chat = opened.rewriter.model if isinstance(opened.rewriter, ModelContextualizer) else None
        rewriter = ModelContextualizer(
            model=OverheardChat(inner=chat, note=calls.append),
            prompt=words.prompts[name],
            glossary=glossary,
            topic=words.wording.say("topic"),
        )
        return replace(opened, rewriter=rewriter)
    if name == "judge":
        inner = opened.judges[0].model if opened.judges and isinstance(opened.judges[0], ModelJudge) else None
        judge = ModelJudge(
            model=OverheardModel(name=settings.judge_model or NOBODY, inner=inner, note=calls.append),
            prompt=words.prompts[name],
        )
        return replace(opened, judges=(judge,))
    asked = opened.composer.models if isinstance(opened.composer, LanguageModelComposer) else ()
    heard = [OverheardModel(name=model.name, inner=model, note=calls.append) for model in asked]
    composer = LanguageModelComposer(
        models=heard or [OverheardModel(name=NOBODY, inner=None, note=calls.append)],
        compose_prompt=words.prompts["compose"],
        repair_prompt=words.prompts["repair"],
        last=ExtractiveComposer(glossary, settings.answer_words),
        wording=words.wording,
        answer_words=settings.answer_words,
    )
    return replace(opened, composer=_Spoiling(composer) if name == "repair" else composer)


@dataclass(frozen=True)
class _Spoiling:
    """Writes an answer whose first claim can't pass, so that there is something to correct."""

    inner: "LanguageModelComposer"
    judges_evidence: bool = True

    async def compose(self, task: "Task", _: "HandOver") -> "Draft":
        draft = self.inner.quote(task)
        spoilt = [replace(claim, text=f"{claim.text.rstrip('.')}, in 9999 patients.") for claim in draft.claims[:1]]
        return replace(draft, claims=(*spoilt, *draft.claims[1:]), model=self.inner.models[0].name)

    async def repair(self, task: "Task", draft: "Draft", failed: "Sequence[tuple[DraftClaim, Verdict]]") -> "Draft":
        return await self.inner.repair(task, draft, failed)

    def quote(self, task: "Task") -> "Draft":
        return self.inner.quote(task)

    async def try_out(self) -> "ModelFault | None":
        return await self.inner.try_out()
