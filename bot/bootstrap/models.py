"""The language models of the settings, behind the ports that answering and conversation know. Nothing is sent here."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.bootstrap.library import Library
from bot.domain.days import today_utc
from bot.domain.glossary import Glossary
from bot.places import shipped
from bot.prompts import Wording, load_prompt
from bot.settings import EXTRACTIVE, Settings

if TYPE_CHECKING:
    from bot.answering.allowance import Allowance, Ledger
    from bot.answering.composing import Composer
    from bot.answering.judging import Judge
    from bot.conversation.ports import Rewriter
    from bot.domain.documents import RetrievedPassage


def open_rewriter(
    settings: Settings, glossary: Glossary, wording: Wording, allowance: "Allowance | None" = None
) -> "Rewriter | None":
    """The language model that helps to understand follow-ups; None where none is set. Sends nothing."""
    if not settings.small_model:
        return None
    from bot.conversation.model_contextualizer import ModelContextualizer
    from bot.providers.models import Connection, open_model

    prompt = load_prompt(shipped("prompts"), settings.prompts, "contextualize")
    limit = ModelContextualizer.timeout
    connection = Connection(url=settings.model_url, key=settings.model_key)
    model = open_model(settings.small_model, timeout=limit, temperature=prompt.temperature, connection=connection)
    return ModelContextualizer(
        model=model, prompt=prompt, glossary=glossary, topic=wording.say("topic"), allowance=allowance
    )


def open_composer(
    settings: Settings, glossary: Glossary, wording: Wording, allowance: "Allowance | None" = None
) -> "tuple[Composer, tuple[Judge, ...]]":
    """Who writes the answers, and who reads them over before they leave. Sends nothing."""
    from bot.answering.compose import ExtractiveComposer

    quoting = ExtractiveComposer(glossary, settings.answer_words)
    if settings.model == EXTRACTIVE:
        return quoting, ()
    from bot.answering.model_composer import LanguageModelComposer
    from bot.answering.model_judge import ModelJudge
    from bot.providers.models import Connection
    from bot.providers.streaming import open_streaming

    compose, repair, judge = (
        load_prompt(shipped("prompts"), settings.prompts, name) for name in ("compose", "repair", "judge")
    )
    connection = Connection(url=settings.model_url, key=settings.model_key, patience=settings.model_patience)
    names = [name for name in (settings.model, settings.fallback_model) if name]
    composer = LanguageModelComposer(
        models=[open_streaming(name, connection, compose.temperature) for name in names],
        compose_prompt=compose,
        repair_prompt=repair,
        last=quoting,
        wording=wording,
        allowance=allowance,
        answer_words=settings.answer_words,
    )
    if not settings.judge_model:
        return composer, ()
    second = open_streaming(settings.judge_model, connection, judge.temperature)
    return composer, (ModelJudge(model=second, prompt=judge, allowance=allowance),)


def open_allowance(settings: Settings, ledger: "Ledger") -> "Allowance":
    """What language models may cost today. One for a process, since it remembers what the ledger couldn't take."""
    from bot.answering.allowance import Allowance

    return Allowance(
        ledger=ledger, per_user=settings.daily_tokens_per_user, in_all=settings.daily_tokens, today=today_utc
    )


def read_whole(settings: Settings, library: Library) -> "Callable[[], tuple[RetrievedPassage, ...]] | None":
    """Every passage of the library for a model that may read it whole, none if it's too long; None where it may not."""
    if settings.context != "library" or settings.model == EXTRACTIVE:
        return None
    from bot.answering.language_model import count_tokens

    def every_passage() -> "tuple[RetrievedPassage, ...]":
        passages = library.everything()
        return passages if count_tokens(*(item.passage.text for item in passages)) <= settings.context_tokens else ()

    return every_passage
