"""The README shows what the program says today, and every command in it works."""

import asyncio
import json
import re
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import httpx
import pytest

from bot.settings import Settings
from tests.end_to_end import readme_commands as shell
from tests.end_to_end.readme_commands import DOCKER, WAYS, Command
from tests.fake_telegram import FakeTelegram
from tests.image.test_growth import commands_for_secrets
from tests.postgres_server import PostgresServer
from tests.scripted_provider import ScriptedProvider, honest
from tests.tools.readme import README, SETTINGS, USE, converse, tell_use, with_conversation, with_part
from tests.tools.settings_table import EXAMPLES, GROUPS, tell_settings

LONG_S = 120
QUESTION = "What is the dose of rituximab in JDM?"
WORDS = README.read_text(encoding="utf-8")
COMMANDS = shell.shell_commands()
SECRET = 64 * "a"


def test_the_readme_shows_a_real_conversation() -> None:
    expected = with_conversation(WORDS, asyncio.run(converse()))
    assert expected == WORDS, "run `python -m tests.tools.readme`"


def test_the_image_is_tried_with_the_secrets_that_the_readme_tells_of() -> None:
    assert "secrets/footnote_database_url" in commands_for_secrets()


def test_the_readme_tells_the_intended_use_and_the_figures_that_were_measured() -> None:
    assert with_part(WORDS, USE, tell_use()) == WORDS, "run `python -m tests.tools.readme`"


def test_the_readme_tells_every_setting_as_the_program_knows_it() -> None:
    assert with_part(WORDS, SETTINGS, tell_settings()) == WORDS, "run `python -m tests.tools.readme`"


def test_every_setting_has_a_group_and_an_example_that_is_taken_and_is_not_the_default() -> None:
    grouped = [name for names in GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(Settings.model_fields) == sorted(EXAMPLES)
    for name, example in EXAMPLES.items():
        if "`" in example:
            continue
        taken = Settings.model_validate({name: example})
        same = getattr(taken, name) == Settings.model_fields[name].get_default(call_default_factory=True)
        assert not same or name == "embeddings", f"the example of {name} is its default"


def test_every_command_of_the_readme_is_run_by_a_test() -> None:
    typed = {command.typed for command in COMMANDS}
    assert typed - set(WAYS) == set(), "tell in `readme_commands.WAYS` how they are run"
    assert set(WAYS) - typed == set(), "the README has them no more"


def test_every_code_block_says_what_it_is() -> None:
    conversation = 1
    assert shell.languages(WORDS) == {"sh", "json", ""}
    assert WORDS.count("\n```\n>") == conversation


def test_comments_continued_lines_and_what_was_exported_before_are_understood() -> None:
    block = "1. Do:\n\n   ```sh\n   export A=b\n   footnote ask \\\n     x   # why\n   ```\n\n```json\n{}\n```\n"
    assert list(shell.commands(block)) == [Command(typed="footnote ask x", exported=("export A=b",))]


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("docker run -e FOOTNOTE_TOKEN=1 footnote", "is no setting"),
        ("docker run -v footnote:/elsewhere footnote", "where the image keeps"),
        ("docker run other", "is not what `make image` builds"),
        ("docker compose --profile nowhere up", "no profile nowhere"),
        ("docker compose up --scale nobody=2", "no service nobody"),
    ],
)
def test_a_docker_command_that_would_not_work_is_told(project: Path, typed: str, fault: str) -> None:
    assert fault in "".join(shell.faults_of_docker(project, typed))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, which the tests of this file share."""
    return shell.copy_project(tmp_path_factory.mktemp("readme"))


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedProvider]:
    """A small honest model."""
    server = ScriptedProvider(honest)
    server.start()
    yield server
    server.stop()


def ending() -> list[Command]:
    """The commands that come to an end by themselves."""
    return [one for one in COMMANDS if one.typed in WAYS and not WAYS[one.typed].serves and WAYS[one.typed] != DOCKER]


@pytest.mark.parametrize("command", dict.fromkeys(ending()), ids=lambda command: command.typed)
def test_a_command_does_what_the_readme_says(command: Command, project: Path, model: ScriptedProvider) -> None:
    way = WAYS[command.typed]
    settings = {"FOOTNOTE_MODEL_URL": model.url, "FOOTNOTE_MODEL_KEY": "none", **way.settings}
    for before in way.first:
        shell.run(project, before, settings)
    typed = command.typed.replace("http://localhost:8000/v1", model.url).replace("KEY=…", "KEY=none")
    if "ANSWER_ID" in typed:
        typed = typed.replace("ANSWER_ID", last_answer(project, settings))
    if typed == "footnote health":
        serve = "FOOTNOTE_TELEGRAM_TOKEN=123:abc footnote serve"
        with FakeTelegram(token="123:abc") as telegram, serving(project, serve, telegram, {}):
            said = shell.run(project, typed, settings)
    else:
        said = shell.run(project, typed, settings, way.stdin, person=way.person)
    assert way.says in said


@pytest.mark.parametrize("typed", [one.typed for one in COMMANDS if WAYS.get(one.typed) == DOCKER])
def test_a_docker_command_fits_the_files(project: Path, typed: str) -> None:
    (project / "secrets").mkdir(exist_ok=True)
    assert shell.faults_of_docker(project, typed) == []


def test_the_demo_tells_the_address_of_its_page(project: Path) -> None:
    with shell.running(project, ".venv/bin/footnote demo", {}) as demo:
        line = shell.until(demo, lambda said: "http://" in said)
        address = re.search(r"http://[\w.:]+", line)
        assert address
        assert "<title>" in httpx.get(address[0], trust_env=False).text
        shell.until(demo, lambda said: "Footnote answers as" in said)


def test_a_token_is_enough_for_a_running_bot(project: Path) -> None:
    with (
        FakeTelegram(token="123:abc") as telegram,
        serving(project, "FOOTNOTE_TELEGRAM_TOKEN=123:abc .venv/bin/footnote serve", telegram, {}),
    ):
        answers(telegram)


async def test_a_replica_answers_by_webhook_on_postgresql(project: Path, postgres_server: PostgresServer) -> None:
    (command,) = [one for one in COMMANDS if one.typed == "FOOTNOTE_TELEGRAM_TOKEN=123:abc footnote serve"]
    name = await postgres_server.create(migrated=False)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    exchanged = {
        "postgresql://footnote:password@database/footnote": postgres_server.url(name),
        "https://bot.example.org/telegram": f"http://{listen}/telegram",
        "=…": f"={SECRET}",
    }
    exported = "\n".join(command.exported)
    for told, real in exchanged.items():
        assert told in exported
        exported = exported.replace(told, real)
    settings = dict(one.split("=", 1) for one in re.findall(r"\b(FOOTNOTE_\S+=\S+)", exported))
    settings["FOOTNOTE_WEBHOOK_SECRET"] = "a-secret-of-the-webhook"
    try:
        with FakeTelegram(token="123:abc") as telegram:
            await asyncio.to_thread(by_webhook, project, command.typed, telegram, settings, listen)
    finally:
        await postgres_server.drop(name)


def by_webhook(project: Path, typed: str, telegram: FakeTelegram, settings: Mapping[str, str], listen: str) -> None:
    with serving(project, typed, telegram, {**settings, "FOOTNOTE_WEBHOOK_LISTEN": listen}):
        answers(telegram)


def test_the_lines_for_scripts_are_as_the_readme_shows_them(project: Path) -> None:
    asked, told = (json.loads(block) for _, language, block in shell.BLOCK.findall(WORDS) if language == "json")
    lines = [{"conversation": "c1", "text": QUESTION}, asked]
    said = shell.run(project, "footnote chat --jsonl", {}, "".join(f"{json.dumps(line)}\n" for line in lines))
    reply = json.loads(said.splitlines()[1])
    assert (reply["conversation"], reply["turn"]) == ("c1", 2)
    assert set(reply) == set(told)
    for part in ("claims", "citations"):
        assert set(reply[part][0]) == set(told[part][0])
    assert set(reply["provenance"]) == set(told["provenance"])
    assert set(reply["provenance"]["retrieved"][0]) == set(told["provenance"]["retrieved"][0])
    assert set(reply["timings_ms"]) <= set(told["timings_ms"])


@contextmanager
def serving(project: Path, typed: str, telegram: FakeTelegram, settings: Mapping[str, str]) -> Iterator[None]:
    """The bot, from when Telegram has heard of it until it is stopped."""
    with shell.running(project, typed, {"FOOTNOTE_TELEGRAM_API_URL": telegram.url, **settings}) as process:
        Thread(target=look_at_its_end, args=(process, telegram), daemon=True).start()
        telegram.wait(
            lambda: telegram.polls or telegram.called("setWebhook"), LONG_S, unless=lambda: process.poll() is not None
        )
        assert process.poll() is None, process.communicate()[0]
        yield


def look_at_its_end(process: "subprocess.Popen[str]", telegram: FakeTelegram) -> None:
    """Those who wait for the bot look again when it has gone."""
    process.wait()
    telegram.wake()


def answers(telegram: FakeTelegram) -> None:
    """It answers a question with a footnote."""
    telegram.says(QUESTION)
    telegram.wait(lambda: "[1]" in "".join(telegram.texts()), LONG_S)


def last_answer(project: Path, settings: Mapping[str, str]) -> str:
    """The id of an answer that is kept."""
    said = shell.run(project, f"footnote ask --json '{QUESTION}'", settings)
    return str(json.loads(said[said.index("{") :])["provenance"]["answer_id"])
