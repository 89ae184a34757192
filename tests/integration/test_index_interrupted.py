"""A run that is killed at any point leaves a usable index, and the next run goes on where it was."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.knowledge.index import build_index, open_index
from tests.fake_embedder import HashEmbedder, document

ROOT = Path(__file__).parents[2]
OLD = [document(f"{number}.md") for number in range(3)]
NEW = [document(f"{number}.md") for number in range(40)]
KILLS = 8

# Stands for a slow machine: a batch of four passages takes a hundredth of a second.
BUILDER = """
import sys, time
from pathlib import Path
from bot.knowledge import building
from bot.knowledge.index import build_index
from tests.fake_embedder import HashEmbedder, document

building.AT_ONCE = 4
library = [document(f"{number}.md") for number in range(40)]
print("ready", flush=True)
report = build_index(Path(sys.argv[1]), library, HashEmbedder(), progress=lambda done, total: time.sleep(0.01))
print("done", report.embedded, flush=True)
"""


def start(data: Path) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", BUILDER, str(data)], stdout=subprocess.PIPE, text=True, env=environment
    )


def check_usable(data: Path) -> int:
    """The number of documents of an index that opens and finds its own."""
    embedder = HashEmbedder()
    index = open_index(data, embedder)
    held = len(index.documents())
    hits = index.search(embedder.embed_query("This is about 2.md."), "This is about 2.md.", 100)
    assert len(hits) == held
    assert len(index.generation.load([hit.passage for hit in hits])) == held
    index.close()
    return held


def test_a_builder_killed_at_random_points_leaves_the_old_index_and_then_finishes(tmp_path: Path) -> None:
    build_index(tmp_path, OLD, HashEmbedder())
    chance = random.Random(20)
    for _ in range(KILLS):
        with start(tmp_path) as builder:
            assert builder.stdout
            assert builder.stdout.readline() == "ready\n"
            time.sleep(chance.random() * 0.9)
            builder.send_signal(signal.SIGKILL)
        assert check_usable(tmp_path) in {len(OLD), len(NEW)}
    with start(tmp_path) as builder:
        said, _ = builder.communicate(timeout=120)
    assert "done" in said
    assert check_usable(tmp_path) == len(NEW)
    kept = [path for path in (tmp_path / "index").iterdir() if path.is_dir()]
    assert len(kept) <= 2, "what killed runs left was swept"


def test_a_killed_run_resumes_with_what_it_had_embedded(tmp_path: Path) -> None:
    class Killed(BaseException):
        pass

    def die_at_half(done: int, total: int) -> None:
        if done >= total // 2:
            raise Killed

    many = [document(f"{number}.md") for number in range(200)]
    with pytest.raises(Killed):
        build_index(tmp_path, many, HashEmbedder(), progress=die_at_half)
    report = build_index(tmp_path, many, HashEmbedder())
    assert report.embedded <= 100
    assert report.passages == 200


def test_a_second_builder_is_told_while_the_first_is_at_work_and_not_after_it_was_killed(tmp_path: Path) -> None:
    with start(tmp_path) as builder:
        assert builder.stdout
        builder.stdout.readline()
        while not list((tmp_path / "index").glob("000*")) and builder.poll() is None:
            time.sleep(0.001)
        builder.send_signal(signal.SIGKILL)
    assert build_index(tmp_path, OLD, HashEmbedder()).documents == len(OLD)
    assert check_usable(tmp_path) == len(OLD)
