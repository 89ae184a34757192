"""A maintainer edits a sentence while the bot runs: the next answers say it, and a broken edit changes nothing."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

LIMIT_S = 10
"""Within this time an edit must be seen, on a machine with other work as well."""
PAGE = "# Rituximab in JDM\n\n## Dose\n\nRituximab was given at 375 mg/m² weekly for 4 consecutive weeks in JDM.\n"


def test_a_good_edit_goes_live_and_a_broken_one_keeps_the_last_good_words(tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "rituximab.md").write_text(PAGE, encoding="utf-8")
    sentences = tmp_path / "own" / "wording" / "en.yaml"
    sentences.parent.mkdir(parents=True)
    environment = os.environ | {
        "FOOTNOTE_KNOWLEDGE": str(tmp_path / "library"),
        "FOOTNOTE_PROMPTS": str(tmp_path / "own"),
        "FOOTNOTE_DATA": str(tmp_path / "data"),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    told = tmp_path / "told"
    with (
        told.open("wb") as stderr,
        subprocess.Popen(
            [sys.executable, "-m", "bot", "chat", "--jsonl"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            encoding="utf-8",
        ) as bot,
    ):
        asked = 0

        def ask(language: str = "en") -> dict[str, Any]:
            nonlocal asked
            asked += 1
            assert bot.stdin is not None
            assert bot.stdout is not None
            line = {"text": "What is the dose of rituximab?", "conversation": f"c{asked}", "language": language}
            bot.stdin.write(json.dumps(line) + "\n")
            bot.stdin.flush()
            reply: dict[str, Any] = json.loads(bot.stdout.readline())
            assert reply["kind"] == "answer", reply
            return reply

        def waits(until: str) -> None:
            deadline = time.monotonic() + LIMIT_S
            while until not in ask()["disclaimer"] + told.read_text(encoding="utf-8"):
                assert time.monotonic() < deadline

        first = ask()
        assert "treating team decides" in first["disclaimer"]
        sentences.write_text('disclaimer:\n  clinician: "The team knows best."\n', encoding="utf-8")
        waits("The team knows best.")
        second = ask()
        assert second["text"].endswith("The team knows best.")
        assert set(second["provenance"]["prompts"]) == {"wording/en", "own/wording/en"}
        sentences.write_text('disclaimer:\n  clinician: ""\n', encoding="utf-8")
        waits("line 2: disclaimer.clinician is empty. Write a sentence there.")
        assert ask()["disclaimer"] == "The team knows best."
        assert ask("de")["disclaimer"].startswith("Information aus den zitierten Dokumenten")
        sentences.write_text('disclaimer:\n  clinician: "Ask the team."\n', encoding="utf-8")
        waits("Ask the team.")
        assert bot.stdin is not None
        bot.stdin.close()
        assert bot.wait(timeout=30) == 0
