"""Looks at every part that an operator can get wrong and says what to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.bootstrap import load_words, open_composer, open_glossary, open_library, open_store, prepare_data
from bot.domain.errors import ConfigurationError, FootnoteError
from bot.settings import EXTRACTIVE, Settings, load_settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One finding, with its remedy when it isn't fine."""

    name: str
    fine: bool
    says: str


def examine() -> Iterator[Check]:
    """All checks in the order in which they build on each other."""
    try:
        settings = load_settings()
    except FootnoteError as error:
        yield Check(name="settings", fine=False, says=str(error))
        return
    yield from _listed(settings)
    checks: tuple[tuple[str, Callable[[Settings], str]], ...] = (
        ("wording", _wording),
        ("data folder", _data),
        ("glossary", _glossary),
        ("library and index", _library),
        ("database", _database),
        ("language model", _model),
        ("Telegram", _telegram),
    )
    for name, look in checks:
        try:
            yield Check(name=name, fine=True, says=look(settings))
        except FootnoteError as error:
            yield Check(name=name, fine=False, says=str(error))


def _listed(settings: Settings) -> Iterator[Check]:
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        shown = "not set" if value in (None, "") else str(value)
        yield Check(name=f"FOOTNOTE_{name.upper()}", fine=True, says=f"{shown}  ({field.description})")


def _wording(settings: Settings) -> str:
    words = load_words(settings)
    languages = ", ".join(sorted(words.wordings))
    return f"{len(words.prompts)} prompts; {len(words.wording.sentences)} sentences in {languages}"


def _data(settings: Settings) -> str:
    prepare_data(settings.data)
    return f"{settings.data} can be written"


def _glossary(settings: Settings) -> str:
    return f"{len(open_glossary(settings).terms)} terms"


def _library(settings: Settings) -> str:
    library = open_library(settings)
    if library.faults:
        raise library.faults[0]
    return f"{library.report.documents} documents, {library.report.passages} passages, {library.index.fingerprint[:15]}"


def _database(settings: Settings) -> str:
    import asyncio

    async def look() -> None:
        await (await open_store(settings)).close()

    asyncio.run(look())
    return "opens and is up to date"


def _model(settings: Settings) -> str:
    """Opens the models and asks the first one for a word; that is the only way to know whether its key is good."""
    import asyncio

    if settings.model == EXTRACTIVE:
        return "none set; answers quote the documents"
    composer, judges = open_composer(settings, open_glossary(settings), load_words(settings))
    fault = asyncio.run(composer.try_out())
    if fault is not None:
        raise ConfigurationError(
            f"{settings.model} doesn't answer: {load_words(settings).wording.say(f'fault.{fault.value}')}.",
            remedy="Check its name, its key and FOOTNOTE_MODEL_URL; until then answers quote the documents.",
        )
    return f"{settings.model} answers{'; each claim is read over by a second one' if judges else ''}"


def _telegram(settings: Settings) -> str:
    if settings.telegram_token is None:
        return "no token set; only `footnote serve` needs one"
    return "a token is set"
