"""The command `footnote` as its users run it: real processes, a small library of their own."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

PAGE = """\
# Rituximab in JDM

## Dose and schedule

Rituximab was given to children with juvenile dermatomyositis (JDM) at 375 mg/m² weekly for 4 consecutive weeks.
The first infusion of rituximab should be given slowly, and infusion reactions should be watched for.

## What was found

Rituximab was followed by complete response in 3/6 children with juvenile dermatomyositis and muscle involvement.
Rituximab was not effective for calcinosis in juvenile dermatomyositis.
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with one page, and a data folder that the tests of this file share."""
    folder = tmp_path_factory.mktemp("place")
    (folder / "library").mkdir()
    (folder / "library" / "rituximab.md").write_text(PAGE, encoding="utf-8")
    return folder


def footnote(place: Path, *arguments: str, stdin: str = "", **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run the command."""
    environment = os.environ | {
        "FOOTNOTE_KNOWLEDGE": str(place / "library"),
        "FOOTNOTE_DATA": str(place / "data"),
        "PYTHONPATH": str(Path(__file__).parents[2]),
        **settings,
    }
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(
        command, input=stdin, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def lines(run: "subprocess.CompletedProcess[str]") -> list[dict[str, Any]]:
    """Standard output as objects."""
    return [json.loads(line) for line in run.stdout.splitlines()]


def test_chat_lines_answer_in_order_and_bad_lines_get_an_error_on_their_line(place: Path) -> None:
    asked = [
        '{"conversation": "c1", "text": "What is the dose of rituximab?"}',
        "this is no JSON",
        '{"conversation": "c1"}',
        '["text"]',
        '{"text": "hello", "audience": "martian"}',
        '{"conversation": "c1", "text": "and does it help calcinosis?", "audience": "family"}',
    ]
    run = footnote(place, "chat", "--jsonl", stdin="\n".join(asked) + "\n")
    assert run.returncode == 0, run.stderr
    dose, no_json, no_text, no_object, unknown_reader, follow_up = lines(run)
    assert dose["kind"] == "answer"
    assert "375 mg/m² weekly" in dose["claims"][0]["text"]
    assert [set(error) for error in (no_json, no_text, no_object)] == [{"error"}] * 3
    assert unknown_reader["kind"] == "small_talk"
    assert follow_up["turn"] == 2
    assert follow_up["standalone_question"] != follow_up["question"]
    assert "not effective for calcinosis" in " ".join(claim["text"] for claim in follow_up["claims"])


def test_half_a_surrogate_pair_in_a_line_costs_no_other_line_its_answer(place: Path) -> None:
    asked = '{"text": "dose of rituximab \\ud83d?", "conversation": "\\ud83d"}\n{"text": "dose of rituximab?"}\n'
    run = footnote(place, "chat", "--jsonl", stdin=asked)
    assert run.returncode == 0, run.stderr
    assert [reply["kind"] for reply in lines(run)] == ["answer", "answer"]


def test_two_processes_that_start_at_once_on_a_new_folder_both_answer(place: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        asked = [
            pool.submit(footnote, place, "ask", "dose of rituximab?", FOOTNOTE_DATA=str(tmp_path)) for _ in range(2)
        ]
        runs = [future.result() for future in asked]
    assert [run.returncode for run in runs] == [0, 0], [run.stderr for run in runs]
    assert all("375 mg/m²" in run.stdout for run in runs)


def test_every_field_of_the_scripting_interface_is_there(place: Path) -> None:
    (reply,) = lines(footnote(place, "chat", "--jsonl", stdin='{"text": "dose of rituximab?"}\n'))
    assert set(reply) == {
        "conversation", "turn", "kind", "question", "standalone_question", "text", "claims", "citations",
        "disagreements", "preface", "explained", "withheld", "notices",
        "disclaimer", "suggested_questions", "provenance", "timings_ms",
    }  # fmt: skip
    assert set(reply["claims"][0]) == {"text", "role", "support", "citations"}
    assert set(reply["citations"][0]) == {
        "number", "document", "title", "quote", "start", "end", "locator", "evidence", "year", "review_status",
    }  # fmt: skip
    assert set(reply["provenance"]) == {"answer_id", "model", "prompts", "knowledge", "retrieved"}
    assert reply["disclaimer"] in reply["text"]


def test_a_quotation_is_the_characters_of_the_file_at_its_place(place: Path) -> None:
    (reply,) = lines(footnote(place, "chat", "--jsonl", stdin='{"text": "dose of rituximab?"}\n'))
    text = (place / "library" / "rituximab.md").read_text(encoding="utf-8")
    for citation in reply["citations"]:
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_piped_questions_are_answered_as_text(place: Path) -> None:
    run = footnote(place, "chat", stdin="What is the dose of rituximab?\n\n/new\ndose of infliximab?\n")
    assert run.returncode == 0, run.stderr
    assert "375 mg/m² weekly for 4 consecutive weeks. [1]" in run.stdout
    assert "The library does not contain an answer" in run.stdout


def test_verify_names_what_a_line_lacks_and_goes_on(place: Path) -> None:
    whole = {"claim": "Rituximab helps.", "passages": [{"id": "E1", "text": "Rituximab helps."}]}
    asked = [whole | {"passages": "no"}, whole | {"passages": [{"id": "E1"}]}, whole | {"citations": "E1"}, whole]
    told = lines(footnote(place, "verify", "--jsonl", stdin="".join(f"{json.dumps(line)}\n" for line in asked)))
    assert ["passages" in told[0]["error"], "text" in told[1]["error"], "citations" in told[2]["error"]] == [True] * 3
    assert told[3]["support"] == "SUPPORTED"


def test_ask_search_and_verify_speak_json(place: Path) -> None:
    asked = json.loads(footnote(place, "ask", "--json", "What is the dose of rituximab?").stdout)
    assert asked["kind"] == "answer"
    found = json.loads(footnote(place, "search", "--json", "-k", "1", "rituximab calcinosis").stdout)
    assert found["results"][0]["document"] == "rituximab.md"
    (result,) = lines(footnote(place, "search", "--jsonl", stdin='{"query": "infusion reactions"}\n'))
    assert "infusion reactions" in result["results"][0]["text"]
    claim = {
        "claim": "Rituximab was given at 735 mg/m² weekly.",
        "passages": [{"id": "E1", "text": "Rituximab was given at 375 mg/m² weekly."}],
    }
    (verdict,) = lines(footnote(place, "verify", "--jsonl", stdin=json.dumps(claim) + "\n"))
    assert verdict["support"] == "CONTRADICTED"
    assert verdict["reasons"]


def test_a_second_index_run_embeds_nothing(place: Path) -> None:
    footnote(place, "index")
    assert " 0 embedded" in footnote(place, "index").stdout


def test_a_broken_document_is_named_and_the_rest_is_answered(tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "good.md").write_text(PAGE, encoding="utf-8")
    (tmp_path / "library" / "broken.md").write_text("---\nkind: [\n---\n# X\n", encoding="utf-8")
    run = footnote(tmp_path, "ask", "What is the dose of rituximab?")
    assert run.returncode == 0
    assert "broken.md" in run.stderr
    assert "375 mg/m²" in run.stdout


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"FOOTNOTE_KNOWLEDGE": "/nowhere/at/all"}, "/nowhere/at/all"),
        ({"FOOTNOTE_DATA": "/proc/nowhere"}, "FOOTNOTE_DATA"),
        ({"FOOTNOTE_ANSWER_WORDS": "many"}, "FOOTNOTE_ANSWER_WORDS"),
        ({"FOOTNOTE_MODEL": "unknown"}, "FOOTNOTE_MODEL"),
        ({"FOOTNOTE_DATABASE_URL": "nonsense://x"}, "nonsense"),
    ],
)
def test_a_wrong_setting_is_a_sentence_and_exit_code_2(place: Path, settings: dict[str, str], says: str) -> None:
    run = footnote(place, "ask", "What is the dose of rituximab?", **settings)
    assert run.returncode == 2
    assert says in run.stderr
    assert "Traceback" not in run.stderr


def test_an_empty_library_says_so(tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    run = footnote(tmp_path, "ask", "What is the dose of rituximab?")
    assert run.returncode == 0, run.stderr
    assert "library is empty" in run.stdout


def test_serve_without_a_token_says_where_to_get_one(place: Path) -> None:
    run = footnote(place, "serve")
    assert run.returncode == 2
    assert "BotFather" in run.stderr


def test_doctor_lists_every_setting_and_finds_the_fault(place: Path) -> None:
    well = footnote(place, "doctor")
    assert well.returncode == 0, well.stdout
    assert "FOOTNOTE_KNOWLEDGE" in well.stdout
    assert well.stdout.endswith("All of this works.\n")
    ill = footnote(place, "doctor", FOOTNOTE_KNOWLEDGE="/nowhere")
    assert ill.stdout.endswith("To mend: 1. Each line with FAIL says how.\n")
    assert ill.returncode == 1
    assert "FAIL" in ill.stdout
