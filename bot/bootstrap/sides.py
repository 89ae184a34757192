"""What an evaluation compares: sides, each with its words and its models, opened by what people name them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.bootstrap import load_words
from bot.places import shipped
from bot.prompts import PromptSet, load_set
from bot.settings import EXTRACTIVE, Settings


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
