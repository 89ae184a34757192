"""Looks at every part that an operator can get wrong and says what to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.bootstrap import load_words, open_composer, open_glossary, open_library, open_store, prepare_data
from bot.bootstrap.surroundings import clock, free_space, port
from bot.domain.answers import EXTRACTIVE
from bot.domain.errors import ConfigurationError, FootnoteError, IndexUnavailableError
from bot.settings import Settings, load_settings


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
        ("free space", lambda settings: free_space(settings.data)),
        ("clock", lambda settings: clock(settings.data, _api(settings) if settings.telegram_token else "")),
        ("glossary", _glossary),
        ("library and index", _library),
        ("Chroma server", _chroma),
        ("database", _database),
        ("language model", _model),
        ("Telegram", _telegram),
        ("webhook port", _webhook_port),
        ("status port", lambda settings: port(settings.status_listen, "FOOTNOTE_STATUS_LISTEN")),
    )
    for name, look in checks:
        try:
            yield Check(name=name, fine=True, says=look(settings))
        except FootnoteError as error:
            yield Check(name=name, fine=False, says=str(error))
        except OSError as error:
            yield Check(name=name, fine=False, says=f"It can't be looked at: {error.strerror or error}.")


def _listed(settings: Settings) -> Iterator[Check]:
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        yield Check(name=f"FOOTNOTE_{name.upper()}", fine=True, says=f"{_shown(value)}  ({field.description})")


def _shown(value: object) -> str:
    """A setting as it may be read by others: what the doctor says is what people paste when they ask for help."""
    if isinstance(value, frozenset):
        return f"{len(value)} set" if value else "not set"
    if isinstance(value, bool):
        return str(value).lower()
    return "not set" if value is None or str(value) == "" else str(value)


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
    from bot.domain.documents import SearchQuery

    library = open_library(settings)
    if library.faults:
        raise library.faults[0]
    report, documents = library.report, library.documents()
    if not documents:
        raise ConfigurationError(
            "No document may be quoted." if library.is_barred else f"The library {settings.knowledge} is empty.",
            remedy="Put documents there, or have them reviewed where FOOTNOTE_ONLY_APPROVED is set.",
        )
    if not library.retriever.retrieve([SearchQuery(text=documents[0].title)], 1):
        raise IndexUnavailableError(
            "A search for a document's own title finds nothing.",
            remedy=f"Delete {settings.data / 'index'}; it's built anew from the library, and nothing is lost.",
        )
    changed = f"brought up to date just now ({report.embedded} new)" if report.embedded else "fits the library"
    told = f"{report.documents} documents, {report.passages} passages, {library.index.fingerprint[:15]}"
    return f"{told}; the index {changed}"


def _chroma(settings: Settings) -> str:
    from bot.bootstrap.chroma_watch import look_at_server

    return look_at_server(settings)


def _database(settings: Settings) -> str:
    import asyncio

    from bot.bootstrap import telegram_stores
    from bot.stores.migrations import NEWEST

    async def look() -> tuple[int, str]:
        async with await open_store(settings) as database:
            waiting, _ = await telegram_stores(database).inbox.depth()
            return waiting, database.place

    waiting, place = asyncio.run(look())
    return f"{place} opens and is up to date ({NEWEST}); {waiting} updates wait to be dealt with"


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
    import asyncio
    from datetime import UTC, datetime

    if settings.telegram_token is None:
        return "no token set; only `footnote serve` needs one"
    from bot.channels.telegram.examining import examine_telegram

    examining = examine_telegram(
        settings.telegram_token.get_secret_value(),
        api_url=_api(settings),
        webhook_url=settings.webhook_url.get_secret_value(),
        now=datetime.now(UTC),
    )
    return asyncio.run(examining)


def _api(settings: Settings) -> str:
    return settings.telegram_api_url.get_secret_value()


def _webhook_port(settings: Settings) -> str:
    if not settings.webhook_url:
        return "no webhook set; the bot polls"
    from bot.channels.telegram.webhook import path_of

    # It takes updates by POST alone.
    return port(
        settings.webhook_listen,
        "FOOTNOTE_WEBHOOK_LISTEN",
        path=path_of(settings.webhook_url.get_secret_value()),
        status=405,
    )
