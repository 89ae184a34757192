"""A whole question in a process that reaches nothing but itself, in the environment of a careless operator."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
ELSEWHERE = "192.0.2.1"
CARELESS = {
    "ANONYMIZED_TELEMETRY": "True",
    "CHROMA_OTEL_COLLECTION_ENDPOINT": f"http://{ELSEWHERE}:4317",
    "CHROMA_OTEL_GRANULARITY": "all",
    "HF_ENDPOINT": f"http://{ELSEWHERE}",
    "LANGCHAIN_ENDPOINT": f"http://{ELSEWHERE}",
    "LANGCHAIN_TRACING_V2": "true",
    "LANGSMITH_API_KEY": "lsv2_of_another_program",
    "LANGSMITH_ENDPOINT": f"http://{ELSEWHERE}",
    "LANGSMITH_TRACING": "true",
    "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{ELSEWHERE}:4317",
    "OTEL_TRACES_EXPORTER": "otlp",
}
QUESTION = "What is the dose of rituximab in JDM?"
PAGE = """\
# Rituximab

Rituximab was given to children with juvenile dermatomyositis (JDM) at 375 mg/m² weekly for 4 weeks.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    (folder / "rituximab.md").write_text(PAGE, encoding="utf-8")
    return folder


# ONNX Runtime keeps silent by itself where it finds the variable CI.
def sealed(library: Path, place: Path, *arguments: str) -> tuple[dict[str, Any], str]:
    report = place / "report.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.sealed", str(report), *arguments],
        cwd=place,
        env={name: value for name, value in os.environ.items() if name != "CI"}
        | CARELESS
        | {"PYTHONPATH": str(ROOT), "FOOTNOTE_KNOWLEDGE": str(library)},
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert report.exists(), done.stderr
    return json.loads(report.read_text()), done.stdout


def test_a_question_answered_from_the_documents_reaches_for_nobody(library: Path, tmp_path: Path) -> None:
    report, said = sealed(library, tmp_path, "ask", QUESTION)
    assert "375 mg/m²" in said
    assert (report["code"], report["attempts"], report["without_route"]) == (0, [], 0)


def test_the_bot_with_a_language_model_reaches_for_telegram_and_the_model_alone(library: Path, tmp_path: Path) -> None:
    report, _ = sealed(library, tmp_path, "serve", QUESTION)
    assert any("375 mg/m²" in text for text in report["texts"])
    assert (report["code"], report["attempts"], report["without_route"]) == (0, [], 0)


def test_without_our_care_the_libraries_would_send_the_question(library: Path, tmp_path: Path) -> None:
    report, _ = sealed(library, tmp_path, "--careless", "ask", QUESTION)
    assert f"socket.getaddrinfo {ELSEWHERE}" in report["attempts"]
