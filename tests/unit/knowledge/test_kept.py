"""Passages that were read from the disk last are kept, so many and no more."""

from collections.abc import Sequence

import numpy as np

from bot.domain.documents import Passage
from bot.knowledge.encoding import PassageVectors
from bot.knowledge.kept import KeptPassages
from bot.knowledge.store import StoredPassage


class Disk:
    """Holds passages named by a letter, and remembers what was read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def load(self, ids: Sequence[str]) -> dict[str, StoredPassage]:
        """What stands there; nothing for `z`."""
        self.read += ids
        return {name: stored(name) for name in ids if name != "z"}


def stored(name: str) -> StoredPassage:
    vectors = PassageVectors(passage=np.zeros(2, np.float32), sentences=np.zeros((0, 2), np.float16))
    passage = Passage(id=name, document=f"{name}.md", heading_path=(), sentences=())
    return StoredPassage(passage=passage, vectors=vectors)


def test_a_passage_is_read_once_and_is_the_same_object_then() -> None:
    disk, kept = Disk(), KeptPassages(3)
    first = kept.load("ab", disk.load)
    again = kept.load("bac", disk.load)
    assert disk.read == ["a", "b", "c"]
    assert set(again) == set("abc")
    assert all(again[name].passage is first[name].passage for name in "ab")


def test_the_longest_unused_one_is_forgotten_first() -> None:
    disk, kept = Disk(), KeptPassages(2)
    for asked in ("a", "b", "a", "c", "a", "b"):
        assert kept.load(asked, disk.load)[asked].passage.id == asked
    assert disk.read == ["a", "b", "c", "b"]


def test_more_passages_than_are_kept_are_all_found() -> None:
    disk, kept = Disk(), KeptPassages(1)
    assert set(kept.load("abc", disk.load)) == set("abc")


def test_what_the_disk_does_not_hold_is_missing() -> None:
    disk, kept = Disk(), KeptPassages(2)
    assert set(kept.load("az", disk.load)) == {"a"}
