"""Where the cases of an evaluation stand, and what they may speak of."""

from datetime import UTC, datetime
from pathlib import Path

from bot.bootstrap.library import curated
from bot.evaluation.case_faults import Known
from bot.places import shipped
from bot.prompts import PromptSet
from bot.prompts.cases import FOLDER
from bot.prompts.texts import Faults, digest, read_text
from bot.settings import Settings


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
