"""The command `footnote` with a language model behind a real socket: right, wrong, failing, away, too dear."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.places import shipped
from bot.prompts import load_prompt, load_wording
from tests.scripted_provider import (
    Player,
    Reply,
    Request,
    ScriptedProvider,
    Where,
    Wrong,
    honest,
    wrong_key,
)
from tests.scripted_provider.composing import read_prompt

KEY = "sk-a-key-that-nobody-may-see"
MODEL = "openai:a-model"
RITUXIMAB = """\
# Rituximab in JDM

Rituximab was given to children with juvenile dermatomyositis (JDM) at 375 mg/m² weekly for 4 consecutive weeks.
The first infusion of rituximab should be given slowly, and infusion reactions should be watched for.
Rituximab was not effective for calcinosis in juvenile dermatomyositis.
"""
VACCINES = """\
# Vaccines

Influenza vaccines can be given to children with rheumatic diseases in every autumn.
"""
DOSE, CALCINOSIS, INFUSION = (
    "What is the dose of rituximab in JDM?",
    "Is rituximab effective for calcinosis in JDM?",
    "How should the first infusion of rituximab be given?",
)
WORDING = load_wording(shipped("prompts"))


def model_failed(reason: str) -> str:
    return WORDING.say("notice.model_failed", reason=WORDING.say(f"fault.{reason}"))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with two pages, and a data folder that the tests of this file share."""
    folder = tmp_path_factory.mktemp("place")
    (folder / "library").mkdir()
    (folder / "library" / "rituximab.md").write_text(RITUXIMAB, encoding="utf-8")
    (folder / "library" / "vaccines.md").write_text(VACCINES, encoding="utf-8")
    return folder


@contextmanager
def playing(player: Player) -> Iterator[ScriptedProvider]:
    provider = ScriptedProvider(player)
    provider.start()
    try:
        yield provider
    finally:
        provider.stop()
    assert provider.broken == []


def footnote(
    place: Path, url: str, *arguments: str, stdin: str = "", **settings: str
) -> "subprocess.CompletedProcess[str]":
    """Run the command with the model at this address. Nobody may find the key in what it leaves behind."""
    environment = os.environ | {
        "FOOTNOTE_KNOWLEDGE": str(place / "library"),
        "FOOTNOTE_DATA": str(place / "data"),
        "FOOTNOTE_MODEL": MODEL,
        "FOOTNOTE_MODEL_URL": url,
        "FOOTNOTE_MODEL_KEY": KEY,
        "PYTHONPATH": str(Path(__file__).parents[2]),
        **settings,
    }
    command = [sys.executable, "-m", "bot", *arguments]
    run = subprocess.run(
        command, input=stdin, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stderr
    kept = [file.read_bytes() for file in (place / "data").glob("*") if file.is_file()]
    assert any(b"rituximab" in content for content in kept)
    assert not [content for content in kept if KEY.encode() in content]
    assert KEY not in run.stdout
    assert KEY not in run.stderr
    assert "Traceback" not in run.stderr
    return run


def plays(request: Request) -> Reply:
    """Wrong about calcinosis, away for the infusion, honest else."""
    question = read_prompt(request).question
    if question == CALCINOSIS:
        return Wrong("dropped_negation", where=Where.BOTTOM_LINE)(request)
    return wrong_key() if question == INFUSION else honest(request)


def quotations_stand(place: Path, reply: dict[str, Any]) -> bool:
    texts = {file.name: file.read_text(encoding="utf-8") for file in (place / "library").iterdir()}
    return all(texts[c["document"]][c["start"] : c["end"]] == c["quote"] for c in reply["citations"])


def test_a_model_answers_is_corrected_and_is_replaced(place: Path) -> None:
    asked = "".join(json.dumps({"conversation": q, "text": q}) + "\n" for q in (DOSE, CALCINOSIS, INFUSION))
    with playing(plays) as provider:
        run = footnote(place, provider.url, "chat", "--jsonl", stdin=asked)
    dose, calcinosis, infusion = (json.loads(line) for line in run.stdout.splitlines())
    assert {request.key for request in provider.asked} == {KEY}
    assert all(quotations_stand(place, reply) for reply in (dose, calcinosis, infusion))

    assert (dose["kind"], dose["withheld"], dose["provenance"]["model"]) == ("answer", 0, MODEL)
    assert "375 mg/m² weekly for 4 consecutive weeks" in dose["claims"][0]["text"]
    assert dose["claims"][0]["citations"] == [1]
    compose = load_prompt(shipped("prompts"), shipped("prompts"), "compose")
    assert dose["provenance"]["prompts"] == {"compose": compose.digest, f"wording/{WORDING.language}": WORDING.digest}

    assert "was effective" not in calcinosis["text"]
    assert "Rituximab was not effective for calcinosis" in calcinosis["claims"][0]["text"]
    assert calcinosis["provenance"]["model"] == "extractive"
    assert set(calcinosis["provenance"]["prompts"]) >= {"compose", "repair"}
    assert WORDING.say("notice.model_unchecked") in calcinosis["notices"]
    assert calcinosis["withheld"] == 1

    assert "should be given slowly" in infusion["claims"][0]["text"]
    assert infusion["provenance"]["model"] == "extractive"
    assert [notice for notice in infusion["notices"] if "language model" in notice] == [model_failed("wrong_key")]


def test_a_provider_that_is_down_costs_the_answer_one_line(place: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound, yet nobody listens
        run = footnote(place, f"http://127.0.0.1:{closed.getsockname()[1]}/v1", "ask", DOSE)
    assert "375 mg/m² weekly for 4 consecutive weeks. [1]" in run.stdout
    assert [line for line in run.stdout.splitlines() if "language model" in line] == [model_failed("unreachable")]


def test_a_used_up_allowance_outlasts_the_process_that_read_the_whole_library(place: Path) -> None:
    limits = {"FOOTNOTE_DAILY_TOKENS_PER_USER": "2000", "FOOTNOTE_CONTEXT": "library"}
    with playing(honest) as provider:
        runs = [footnote(place, provider.url, "ask", "--json", DOSE, **limits) for _ in range(2)]
    first, second = (json.loads(run.stdout) for run in runs)
    (request,) = provider.asked
    assert "Influenza vaccines" in request.text
    assert first["provenance"]["model"] == MODEL
    assert second["provenance"]["model"] == "extractive"
    assert model_failed("spent") in second["notices"]
    assert model_failed("spent") not in first["notices"]
    assert "375 mg/m²" in second["claims"][0]["text"]
