"""Opens what an evaluation compares: the bot with one set of words or one model, on passages that all sides share."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.bootstrap import Library, Progress, open_bot, open_library
from bot.bootstrap.common_passages import Asking, CommonRetriever, Found, asking_now
from bot.bootstrap.library import Notice, quiet
from bot.bootstrap.models import Models, open_judge, open_models, wrap_models
from bot.bootstrap.sides import Side
from bot.domain.glossary import Glossary
from bot.domain.messages import IncomingMessage
from bot.evaluation.cases import Case
from bot.evaluation.metrics import Seen
from bot.prompts import PromptSet
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.answering.allowance import Allowance
    from bot.evaluation.outcome import Judgement
    from bot.evaluation.records import Record
    from bot.evaluation.running import Play
    from bot.providers.overhearing import Call

MILLION = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Prices:
    """US dollars for a million tokens told, and for a million written."""

    told: float = 0.0
    written: float = 0.0


async def second_word(
    named: str, side: Side, library: Library, records: "Sequence[Record]", *, at_once: int, progress: Progress
) -> "Judgement":
    """How far a judge model agrees with the gate on the claims of a side. Raises ConfigurationError for its name."""
    from bot.evaluation.judging import ask_judge

    judge = open_judge(named, side.settings, side.words)
    own = [record for record in records if record["side"] == side.name]
    total, asked = sum(len(record["checked"]) for record in own), 0

    def tell() -> None:
        nonlocal asked
        asked += 1
        progress(asked, total)

    texts = {item.passage.id: item.passage.text for item in library.everything()}
    return await ask_judge(named, judge, own, texts, at_once=at_once, tell=tell)


@dataclass(frozen=True, kw_only=True)
class Table:
    """The opened sides, ready to play, over one library."""

    library: Library
    plays: "Mapping[str, Play]"


@asynccontextmanager
async def open_sides(
    sides: Sequence[Side], *, prices: Prices, progress: Progress = quiet, notice: Notice = quiet
) -> AsyncIterator[Table]:
    """The bot once for each side, on one library. What the first side finds for a case is handed to the others."""
    from contextlib import AsyncExitStack

    library = open_library(sides[0].settings, progress=progress, notice=notice)
    documents = {document.path: document.id for document in library.documents()}
    found: Found = {}
    async with AsyncExitStack() as stack:
        plays = {}
        for side in sides:
            plays[side.name] = await stack.enter_async_context(_open(side, library, documents, found, prices))
        yield Table(library=library, plays=plays)


@asynccontextmanager
async def _open(
    side: Side, library: Library, documents: Mapping[str, str], found: Found, prices: Prices
) -> "AsyncIterator[Play]":
    from bot.conversation.memory import Remembered

    opened = open_bot(
        side.settings,
        conversations=Remembered(),
        models=_open_overheard,
        words=side.words,
        library=library,
        retriever=CommonRetriever(inner=library.retriever, found=found),
    )
    async with opened as bot:

        async def play(case: Case) -> Seen:
            asking = Asking(case=case.name)
            token = asking_now.set(asking)
            try:
                for turn, text in enumerate(case.conversation):
                    asking.turn = turn
                    message = IncomingMessage(conversation=f"case {case.name}", text=text, audience=case.audience)
                    reply = await bot.service.respond(message)
            finally:
                asking_now.reset(token)
            told, written = _count(asking.calls)
            return Seen(
                reply=reply,
                documents=documents,
                writer=side.settings.model,
                tokens=told + written,
                cost=(told * prices.told + written * prices.written) / MILLION,
            )

        yield play


def _count(calls: "Sequence[Call]") -> tuple[int, int]:
    """Tokens told and written; where a provider counted, its count is divided as the texts are long."""
    from bot.answering.language_model import count_tokens

    told = written = 0
    for call in calls:
        said = count_tokens(call.written) if call.written else 0
        whole = call.tokens or count_tokens(call.system, call.user) + said
        said = min(said, whole)
        told, written = told + whole - said, written + said
    return told, written


def _open_overheard(settings: Settings, glossary: Glossary, words: PromptSet, allowance: "Allowance | None") -> Models:
    """The models of the settings, each call noted with the case that it's for."""
    from bot.providers.overhearing import OverheardChat, OverheardModel

    def note(call: "Call") -> None:
        asking_now.get().calls.append(call)

    return wrap_models(
        open_models(settings, glossary, words, allowance),
        streaming=lambda model, _: OverheardModel(name=model.name, inner=model, note=note),
        chat=lambda model: OverheardChat(inner=model, note=note),
    )
