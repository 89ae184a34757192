"""A curator edits a document while the bot runs: the next answers quote the new text, and none a half-made library."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

LIMIT_S = 10
"""Within this time an edit must be seen."""
PAGE = "# Rituximab in JDM\n\n## Dose\n\nRituximab was given at {dose} weekly for 4 consecutive weeks in JDM.\n"


def test_an_edit_is_quoted_by_the_running_bot(tmp_path: Path) -> None:
    page = tmp_path / "library" / "rituximab.md"
    page.parent.mkdir()
    page.write_text(PAGE.format(dose="375 mg/m²"), encoding="utf-8")
    environment = os.environ | {
        "FOOTNOTE_KNOWLEDGE": str(page.parent),
        "FOOTNOTE_DATA": str(tmp_path / "data"),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "chat", "--jsonl"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as bot:
        asked = 0

        def dose() -> str:
            nonlocal asked
            asked += 1
            assert bot.stdin is not None
            assert bot.stdout is not None
            bot.stdin.write(json.dumps({"text": "What is the dose of rituximab?", "conversation": f"c{asked}"}) + "\n")
            bot.stdin.flush()
            reply = json.loads(bot.stdout.readline())
            assert reply["kind"] == "answer", reply
            return str(reply["claims"][0]["text"])

        assert "375 mg/m²" in dose()
        page.write_text(PAGE.format(dose="500 mg"), encoding="utf-8")
        deadline = time.monotonic() + LIMIT_S
        told = dose()
        while "500 mg" not in told and time.monotonic() < deadline:
            assert "375 mg/m²" in told
            told = dose()
        assert "500 mg" in told
        assert bot.stdin is not None
        bot.stdin.close()
        assert bot.wait(timeout=30) == 0
