"""Scripts as files, and the demo that the command line serves."""

import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.scripted_provider import Breaks, Cuts, Fails, Hangs, Refuses, Says
from tests.scripted_provider.reading import ScriptError, read_scripts

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
primary:
  - says: "Rituximab."
    chunks: ["Ritu", "ximab."]
  - fails: 429
    retry_after: 3
  - hangs: true
  - hangs: "after this"
  - refuses: "No."
  - cuts: "Rituxi"
    finish: stop
  - breaks: "Rituxi"
  - plays: changed_number
judge: honest
"""


def test_a_script_is_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "script.yaml").write_text(SCRIPT, encoding="utf-8")
    scripts = read_scripts(tmp_path / "script.yaml")
    assert isinstance(scripts, dict)
    assert scripts["primary"][:7] == [
        Says("Rituximab.", chunks=("Ritu", "ximab.")),
        Fails(429, retry_after=3),
        Hangs(),
        Hangs("after this"),
        Refuses("No."),
        Cuts("Rituxi", finish="stop"),
        Breaks("Rituxi"),
    ]
    assert callable(scripts["primary"][7])
    assert callable(scripts["judge"])


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("- sings: la", "reply 1: “sings” is no reply"),
        ("- says: a\n- says", "reply 2: a reply is a mapping"),
        ("- says: a\n  loud: true", "reply 1: .*loud"),
        ("- plays: nobody", "no player “nobody”"),
        ("judge: nobody", "judge: there is no player"),
        ("- says: a\n  chunks: 0", "at least one character"),
        ("5", "a script is a list"),
        ("[", "is no YAML"),
    ],
)
def test_a_script_that_cannot_be_played_says_where_and_why(script: str, complaint: str, tmp_path: Path) -> None:
    (tmp_path / "script.yaml").write_text(script, encoding="utf-8")
    with pytest.raises(ScriptError, match=complaint):
        read_scripts(tmp_path / "script.yaml")


@pytest.mark.parametrize(("script", "said"), [("- says: Yes.", "Yes."), (None, '{"no_answer": true}')])
def test_a_demo_is_served_from_the_command_line(script: str | None, said: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.scripted_provider", "--port", "0"]
    if script is not None:
        (tmp_path / "script.yaml").write_text(script, encoding="utf-8")
        command += ["--script", str(tmp_path / "script.yaml")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            url = re.match(r"\S+/v1", process.stdout.readline())
            assert url
            call = urllib.request.Request(f"{url[0]}/chat/completions", b'{"model": "a", "messages": []}')
            with urllib.request.urlopen(call) as answer:
                assert json.load(answer)["choices"][0]["message"]["content"] == said
        finally:
            process.terminate()
        assert process.stdout.read() == "Calls: 1, beyond the script: 0.\n"
    assert process.returncode == 0


def test_a_script_that_is_wrong_ends_the_command_line_with_its_complaint(tmp_path: Path) -> None:
    (tmp_path / "script.yaml").write_text("- sings: la", encoding="utf-8")
    command = [sys.executable, "-m", "tests.scripted_provider", "--script", str(tmp_path / "script.yaml")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "“sings” is no reply" in done.stderr
