"""The image as an operator runs it: hardened, healthy, stopped with work in hand, and nothing lost."""

import os
import re
import subprocess
import time
from pathlib import Path

import pytest

from bot.places import shipped
from bot.prompts import load_wording
from tests.image.conftest import DOCKER, HERE, Place, docker, inspect

QUESTION = "What is the dose of rituximab in juvenile dermatomyositis?"
SOURCE, LONG = "[1]", 240
MOST_MB = 750
WORDING = load_wording(shipped("prompts"))
WAITING = (
    WORDING.say("telegram.placeholder"),
    *(WORDING.say("telegram.in_line", place=place) for place in (2, 3)),
)
GRACE_S = 10


def test_it_answers_as_nobody_in_particular_on_a_root_that_nobody_can_write(place: Place) -> None:
    container = place.starts()
    place.telegram.says(QUESTION)
    place.telegram.wait(lambda: SOURCE in "".join(place.telegram.texts()), LONG)
    assert docker("exec", container, "id", "-u") == "10001"
    assert "Read-only file system" in docker("exec", container, "touch", "/opt/footnote/x", check=False)
    assert docker("exec", container, "footnote", "health").startswith("Footnote is at work")
    assert "Traceback" not in place.says(container)
    assert place.telegram.token not in place.says(container)


def test_the_engine_calls_it_healthy_by_itself(place: Place) -> None:
    since = int(time.time())
    container = place.starts()
    asked = [DOCKER, "events", "--since", str(since), "--until", str(since + LONG), "--format", "{{.Action}}"]
    with subprocess.Popen([*asked, "--filter", f"container={container}"], stdout=subprocess.PIPE, text=True) as events:
        assert events.stdout is not None
        assert any(line.strip() == "health_status: healthy" for line in events.stdout)
        events.kill()


def test_stopped_with_work_in_hand_it_leaves_in_time_and_answers_after_the_next_start(place: Place) -> None:
    first = place.starts()
    place.telegram.wait(lambda: place.telegram.polls, LONG)
    drugs = ("rituximab", "abatacept", "infliximab")
    questions = [place.telegram.says(f"What is the dose of {drug}?") for drug in drugs]
    place.telegram.wait(lambda: len(place.telegram.texts()) >= 1, LONG)
    docker("stop", "--time", str(GRACE_S), first)
    assert inspect(first, "State.ExitCode") == 0, "killed, not stopped"

    place.starts()
    place.telegram.wait(lambda: _answers(place) == len(questions), LONG)
    assert len(place.telegram.texts()) == len(questions)


def _answers(place: Place) -> int:
    return sum(not text.startswith(WAITING) for text in place.telegram.texts())


def test_stopped_while_it_starts_it_leaves_as_well(place: Place) -> None:
    container = place.starts()
    docker("stop", "--time", str(GRACE_S), container)
    assert inspect(container, "State.ExitCode") != 137


def test_the_first_start_finds_an_index_that_is_made(place: Place) -> None:
    made = docker("run", "--rm", "--volume", f"{place.volume}:/data", place.image, "index")
    assert re.fullmatch(r"\d+ documents, \d+ passages; 0 embedded, 0 removed, [\d.]+ s\.", made)


def test_the_token_may_be_a_file(place: Place, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(f"{place.telegram.token}\n")
    token.chmod(0o444)
    place.starts("--volume", f"{token}:/run/secrets/footnote_telegram_token:ro", token="")
    place.telegram.wait(lambda: place.telegram.polls, LONG)


@pytest.mark.skipif(os.getuid() != 0, reason="the folder of another user can't be made without root")
def test_a_folder_of_the_host_that_it_may_not_write_is_told_with_what_to_do(place: Place, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    done = docker(
        "run", "--rm", *HERE, "--env", "FOOTNOTE_TELEGRAM_TOKEN=1:a",
        "--mount", f"type=bind,source={tmp_path},target=/data", place.image, check=False,
    )  # fmt: skip
    assert "The data folder /data can't be written: Permission denied." in done
    assert "(number 10001)" in done
    assert "Traceback" not in done


def test_it_is_small_tells_what_it_is_and_holds_no_compiler(image: str) -> None:
    assert inspect(image, "Size") < MOST_MB * 1e6
    config = inspect(image, "Config")
    assert config["User"] == "10001:10001"
    assert config["Entrypoint"] == ["tini", "--", "footnote"]
    assert config["Labels"]["org.opencontainers.image.title"] == "Footnote"
    found = docker("run", "--rm", "--entrypoint", "sh", image, "-c", "command -v gcc cc make strip git; true")
    assert found == ""
