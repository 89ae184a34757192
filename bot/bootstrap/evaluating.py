"""Opens what an evaluation compares: the bot with one set of words or one model, on passages that all sides share."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bot.bootstrap import Library, Progress, load_words, open_bot, open_library
from bot.bootstrap.common_passages import Asking, CommonRetriever, Found, asking_now
from bot.bootstrap.library import Notice, curated, quiet
from bot.bootstrap.models import Models, open_judge, open_models, wrap_models
from bot.domain.glossary import Glossary
from bot.domain.messages import IncomingMessage
from bot.evaluation.case_faults import Known
from bot.evaluation.cases import Case
from bot.evaluation.metrics import Seen
from bot.places import shipped
from bot.prompts import PromptSet, load_set
from bot.prompts.cases import FOLDER
from bot.prompts.texts import Faults, digest, read_text
from bot.settings import EXTRACTIVE, Settings

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


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of what is compared: a name for people, its settings and its words."""

    name: str
    settings: Settings
    words: PromptSet

    @property
    def about(self) -> dict[str, Any]:
        """What makes it this side and no other."""
        settings = self.settings
        return {
            "model": settings.model,
            "fallback": settings.fallback_model,
            "small": settings.small_model,
            "judge": settings.judge_model,
            "context": settings.context,
            "answer_words": settings.answer_words,
            "prompts": self.words.digests,
        }


def open_sides_named(named: Sequence[str], settings: Settings) -> list[Side]:
    """Each side by what people name it; folders are told apart by their last parts where these differ."""
    sides = [open_side(name, settings) for name in named]
    short = [Path(side.name).name if Path(side.name).is_dir() else side.name for side in sides]
    if len(set(short)) < len(short):
        short = [side.name for side in sides]
    if len(set(short)) < len(short):
        short = [short[0], f"{short[1]} again"]
    return [replace(side, name=name) for side, name in zip(sides, short, strict=True)]


def open_side(named: str, settings: Settings) -> Side:
    """A side by what people name it: a folder of prompts, a Git revision of theirs, or a language model.

    A folder that holds a whole set stands by itself; any other one overrides the shipped words file by file. Raises
    ConfigurationError or WordingError.
    """
    if named == EXTRACTIVE or (":" in named and not Path(named).exists()):
        chosen = Settings.model_validate({**settings.model_dump(), "model": named})
        return Side(name=named, settings=chosen, words=load_words(chosen))
    if Path(named).is_dir():
        return Side(name=named, settings=settings, words=_load_folder(Path(named)))
    from bot.prompts.past import words_of

    with TemporaryDirectory() as folder:
        for name, text in words_of(named, settings.prompts).items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return Side(name=named, settings=settings, words=_load_folder(Path(folder)))


def _load_folder(folder: Path) -> PromptSet:
    whole = all((folder / f"{name}.md").is_file() for name in ("compose", "contextualize", "judge", "repair"))
    if whole and (folder / "wording" / "en.yaml").is_file():
        return load_set(folder)
    return load_set(shipped("prompts"), folder)


def know_library(settings: Settings, words: PromptSet) -> Known:
    """What cases may speak of: the documents as their files state them, the policy, the keys of the wording."""
    from bot.knowledge.documents import read_library
    from bot.knowledge.policy import load_policy

    documents = read_library(settings.knowledge).documents
    return Known(
        documents={
            one.id: " ".join([one.title, *dict.fromkeys(passage.text for passage in one.passages)]) for one in documents
        },
        policy=load_policy(curated(settings, "policy.md")),
        sentences=words.wording.sentences.keys(),
        today=datetime.now(UTC).date(),
        foreign=frozenset() if _is_ours(settings) else _shipped_files(),
    )


def _is_ours(settings: Settings) -> bool:
    return settings.knowledge.resolve() == shipped("knowledge").resolve()


def _shipped_files() -> frozenset[str]:
    """The digests of the shipped files of cases, for whoever copied them beside another library."""
    texts = (read_text(path, Faults()) for path in (shipped("prompts") / FOLDER).glob("*.yaml"))
    return frozenset(digest(text) for text in texts if text is not None)


def case_folders(settings: Settings) -> list[Path]:
    """The folders beside which cases stand: the shipped one where the library is the shipped one, and one's own."""
    own = [settings.prompts] if settings.prompts.resolve() != shipped("prompts").resolve() else []
    return [*([shipped("prompts")] if _is_ours(settings) else []), *own]


def tokens_of_a_question(side: Side) -> int:
    """About how many tokens a model is told for a question: the prompt, and as many passages as are searched for."""
    from bot.answering.language_model import count_tokens
    from bot.answering.steps import TOP_K
    from bot.knowledge.documents import read_library

    settings, prompt = side.settings, side.words.prompts["compose"]
    passages = [one.text for document in read_library(settings.knowledge).documents for one in document.passages]
    whole = count_tokens(*passages)
    mean = whole / max(1, len(passages))
    read = whole if settings.context == "library" and whole <= settings.context_tokens else round(mean * TOP_K)
    return count_tokens(prompt.system, prompt.user) + read


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
