"""The language models of the settings, behind the ports that answering and conversation know. Nothing is sent here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.bootstrap.external import refuse_external
from bot.bootstrap.library import Library
from bot.domain.days import today_utc
from bot.domain.glossary import Glossary
from bot.domain.messages import ModelUse
from bot.prompts import PromptSet
from bot.settings import EXTRACTIVE, Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from bot.answering.allowance import Allowance, Ledger
    from bot.answering.composing import Composer
    from bot.answering.judging import Judge
    from bot.answering.language_model import LanguageModel
    from bot.answering.model_judge import ModelJudge
    from bot.conversation.ports import Rewriter
    from bot.domain.documents import RetrievedPassage
    from bot.providers.models import Connection


def open_rewriter(
    settings: Settings, glossary: Glossary, words: PromptSet, allowance: "Allowance | None" = None
) -> "Rewriter | None":
    """The language model that helps to understand follow-ups; None where none is set. Sends nothing.

    Raises ConfigurationError where it runs elsewhere and that is forbidden.
    """
    refuse_external(settings)
    if not settings.small_model:
        return None
    from bot.conversation.model_contextualizer import ModelContextualizer
    from bot.providers.models import open_model

    prompt = words.prompts["contextualize"]
    model = open_model(
        settings.small_model,
        timeout=ModelContextualizer.timeout,
        temperature=prompt.temperature,
        max_tokens=prompt.max_tokens,
        connection=_connection(settings),
    )
    topic = words.wording.say("topic")
    return ModelContextualizer(model=model, prompt=prompt, glossary=glossary, topic=topic, allowance=allowance)


def open_composer(
    settings: Settings, glossary: Glossary, words: PromptSet, allowance: "Allowance | None" = None
) -> "tuple[Composer, tuple[Judge, ...]]":
    """Who writes the answers, and who reads them over before they leave. Sends nothing.

    Raises ConfigurationError where a model runs elsewhere and that is forbidden.
    """
    refuse_external(settings)
    from bot.answering.compose import ExtractiveComposer

    quoting = ExtractiveComposer(glossary, settings.answer_words)
    if settings.model == EXTRACTIVE:
        return quoting, ()
    from bot.answering.model_composer import LanguageModelComposer
    from bot.providers.streaming import open_streaming

    compose, connection = words.prompts["compose"], _connection(settings)
    names = [name for name in (settings.model, settings.fallback_model) if name]
    composer = LanguageModelComposer(
        models=[open_streaming(name, connection, compose.temperature, compose.max_tokens) for name in names],
        compose_prompt=compose,
        repair_prompt=words.prompts["repair"],
        last=quoting,
        wording=words.wording,
        allowance=allowance,
        answer_words=settings.answer_words,
    )
    if not settings.judge_model:
        return composer, ()
    return composer, (open_judge(settings.judge_model, settings, words, allowance),)


def open_judge(name: str, settings: Settings, words: PromptSet, allowance: "Allowance | None" = None) -> "ModelJudge":
    """The language model of this name as a judge. Sends nothing. Raises ConfigurationError for its name."""
    from bot.answering.model_judge import ModelJudge
    from bot.providers.streaming import open_streaming

    prompt = words.prompts["judge"]
    model = open_streaming(name, _connection(settings), prompt.temperature, prompt.max_tokens)
    return ModelJudge(model=model, prompt=prompt, allowance=allowance)


def _connection(settings: Settings) -> "Connection":
    from bot.providers.models import Connection

    return Connection(
        url=settings.model_url.get_secret_value(), key=settings.model_key, patience=settings.model_patience
    )


@dataclass(frozen=True, kw_only=True)
class Models:
    """Who writes, who reads over, who rewrites follow-ups, and what each prompt is told to with which parameters."""

    composer: "Composer"
    judges: "tuple[Judge, ...]"
    rewriter: "Rewriter | None"
    used: Mapping[str, ModelUse]


def open_models(settings: Settings, glossary: Glossary, words: PromptSet, allowance: "Allowance | None") -> Models:
    """Every language model of the settings. Sends nothing."""
    composer, judges = open_composer(settings, glossary, words, allowance)
    return Models(
        composer=composer,
        judges=judges,
        rewriter=open_rewriter(settings, glossary, words, allowance),
        used=models_used(settings, words),
    )


def wrap_models(
    opened: Models,
    *,
    streaming: "Callable[[LanguageModel, str], LanguageModel]",
    chat: "Callable[[BaseChatModel], BaseChatModel]",
) -> Models:
    """The same with every language model wrapped: `streaming` wraps those that stream, by role, `chat` the rewriter's.

    The roles are `writer`, `fallback` and `judge`.
    """
    from bot.answering.model_composer import LanguageModelComposer
    from bot.answering.model_judge import ModelJudge
    from bot.conversation.model_contextualizer import ModelContextualizer

    composer, rewriter = opened.composer, opened.rewriter
    if isinstance(composer, LanguageModelComposer):
        roles = zip(composer.models, ("writer", "fallback"), strict=False)
        composer = replace(composer, models=[streaming(model, role) for model, role in roles])
    judges = tuple(
        replace(judge, model=streaming(judge.model, "judge")) if isinstance(judge, ModelJudge) else judge
        for judge in opened.judges
    )
    if isinstance(rewriter, ModelContextualizer):
        rewriter = replace(rewriter, model=chat(rewriter.model))
    return replace(opened, composer=composer, judges=judges, rewriter=rewriter)


def models_used(settings: Settings, words: PromptSet) -> Mapping[str, ModelUse]:
    """Which model each prompt goes to, and with which parameters; prompts that go to none are left out."""
    writer = "" if settings.model == EXTRACTIVE else settings.model
    asked = {
        "compose": writer,
        "repair": writer,
        "judge": settings.judge_model,
        "contextualize": settings.small_model,
    }
    # A correction is asked of the model that wrote, which was opened with the parameters of `compose`.
    opened_with = {"repair": "compose"}
    prompts = {name: words.prompts[opened_with.get(name, name)] for name, model in asked.items() if model}
    return {
        name: ModelUse(model=asked[name], temperature=prompt.temperature, max_tokens=prompt.max_tokens)
        for name, prompt in prompts.items()
    }


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
        if library.passages > settings.context_tokens:  # each has a token at least: a large library isn't even read
            return ()
        passages = library.everything()
        return passages if count_tokens(*(item.passage.text for item in passages)) <= settings.context_tokens else ()

    return every_passage
