"""No text makes the search for identifiers costly: every repeat in its patterns is bounded."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CHARACTERS = 12_000
SECONDS = 12
"""Of processor for all texts of one kind together: many times what they take, a fraction of what one took unbounded."""
SEARCH = """
import sys
from bot.answering.identifiers import EmbeddedFinder, redact
from bot.knowledge.gazetteer import load_gazetteer

finder = EmbeddedFinder(load_gazetteer())
for piece in sys.argv[2:]:
    redact((piece * int(sys.argv[1]))[: int(sys.argv[1])], finder)
print("done")
"""


def limit_processor() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


@pytest.mark.parametrize(
    "pieces",
    [
        ("A.", "Aa.", "a.b.", "PF-", "Aa'", "Aa-Aa-"),
        ("Aa, ", "Anna, ", "1 Aa ", "Aa's ", "my son ", "Aa van ", "one "),
        ("1-1-", "1", "@", "a@b.", "a dot ", "www.", "mrn: A", "A1-", "ward no nr id ", "1:", "أ", "9" * 5000 + "x "),
    ],
    ids=["words", "names", "numbers"],
)
def test_a_hostile_text_is_searched_within_a_bounded_time(pieces: tuple[str, ...]) -> None:
    command = [sys.executable, "-c", SEARCH, str(CHARACTERS), *pieces]
    ended = subprocess.run(command, cwd=ROOT, preexec_fn=limit_processor, capture_output=True, text=True, check=False)
    assert ended.stdout == "done\n", ended.stderr[-300:]
