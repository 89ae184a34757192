"""The real program with secrets and texts planted everywhere, and errors that carry them: what it writes holds none."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bot.channels.telegram.webhook import SECRET_HEADER
from bot.places import shipped
from bot.prompts import load_wording
from tests.crashing import POISON, free_port
from tests.fake_telegram import TOKEN, FakeTelegram, Fault
from tests.scripted_provider import Fails, Request, ScriptedProvider

ROOT = Path(__file__).parents[2]
WORDING = load_wording(shipped("prompts"))
KEY, MODEL_PASSWORD, DATABASE_PASSWORD = "sk-planted-key-5150", "modelpass-9", "dbpa:ss@word#?77"
HOOK_SECRET, FOREIGN_KEY = "hooksecret-4", "lsv2-planted-tracing-key"
SECRETS = (
    KEY, MODEL_PASSWORD, "modeluser", DATABASE_PASSWORD, "dbuser", "ss@word", "word#", "?77", HOOK_SECRET,
    FOREIGN_KEY, TOKEN, TOKEN.partition(":")[2],
)  # fmt: skip
USER, GROUP = 515_007_701, -100_515_007_702
RECORD = "47112288"
PEOPLE = ("Zebulonia", "zebfinch", RECORD)
WORD = "bed seven"
QUESTION = f"For the child in {WORD}, MRN {RECORD}: what is the dose of rituximab in JDM?"
WRITTEN = (WORD, "/feedback", str(USER), str(abs(GROUP)), *PEOPLE)
LIBRARY = "# Rituximab\n\nRituximab was given to children with juvenile dermatomyositis (JDM) at 375 mg/m² weekly.\n"
PATIENCE_S = 90.0


def complains(request: Request) -> Fails:
    """A provider whose error repeats what it was sent, key and all."""
    return Fails(status=500, message=f"Incorrect key {request.key} for: {request.text}")


class Place:
    """A data folder, and what every run of the program in it wrote."""

    def __init__(self, folder: Path, model_url: str, tracing: int) -> None:
        self.folder, self.data = folder, folder / "data"
        (folder / "library").mkdir()
        (folder / "library" / "rituximab.md").write_text(LIBRARY, encoding="utf-8")
        self.written = ""
        self.environment = os.environ | {
            "PYTHONPATH": str(ROOT),
            "FOOTNOTE_KNOWLEDGE": str(folder / "library"),
            "FOOTNOTE_DATA": str(self.data),
            "FOOTNOTE_TELEGRAM_TOKEN": TOKEN,
            "FOOTNOTE_ADMINS": str(USER),
            "FOOTNOTE_ALLOWED_CHATS": f"{USER},{GROUP}",
            "FOOTNOTE_MODEL": "openai:any",
            "FOOTNOTE_MODEL_URL": model_url,
            "FOOTNOTE_MODEL_KEY": KEY,
            "FOOTNOTE_WEBHOOK_SECRET": HOOK_SECRET,
            "LANGSMITH_TRACING": "true",
            "LANGCHAIN_TRACING_V2": "true",
            "LANGSMITH_API_KEY": FOREIGN_KEY,
            "LANGSMITH_ENDPOINT": f"http://127.0.0.1:{tracing}",
        }

    def run(self, *arguments: str, **settings: str) -> str:
        """What a command writes on both outputs."""
        command = [sys.executable, "-m", "bot", *arguments]
        environment = self.environment | settings
        done = subprocess.run(
            command, env=environment, cwd=self.folder, capture_output=True, text=True, timeout=120, check=False
        )
        self.written += done.stdout + done.stderr
        return done.stdout + done.stderr

    @contextmanager
    def serving(self, **settings: str) -> Iterator["subprocess.Popen[bytes]"]:
        """The bot at work, ended as an operator ends it."""
        path = self.folder / "outputs.txt"
        with path.open("wb") as file:
            command = [sys.executable, "-m", "bot", "serve"]
            environment = self.environment | settings
            process = subprocess.Popen(command, env=environment, cwd=self.folder, stdout=file, stderr=file)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE_S)
            self.written += path.read_text(encoding="utf-8")

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file that was written."""
        for path in self.data.rglob("*"):
            if path.is_file():
                yield path.name, path.read_bytes()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Where LangChain's tracing would go."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.fixture
def place(tmp_path: Path, listener: socket.socket) -> Iterator[Place]:
    provider = ScriptedProvider(complains)
    provider.start()
    try:
        host = provider.url.removeprefix("http://")
        yield Place(tmp_path, f"http://modeluser:{MODEL_PASSWORD}@{host}", listener.getsockname()[1])
    finally:
        provider.stop()
    assert provider.asked, "the model was never asked, so nothing was shown"


def people_come(telegram: FakeTelegram, process: "subprocess.Popen[bytes]") -> None:
    """Questions, commands, an update that can't be read, a refusal that repeats what was said."""
    person = telegram.world.user(USER)
    person.first_name, person.username = PEOPLE[0], PEOPLE[1]
    telegram.pushes(dict(POISON))
    telegram.says(QUESTION, chat=USER, sender=USER)
    telegram.wait(
        lambda: process.poll() is not None or any("375 mg/m²" in text for text in telegram.texts(USER)), PATIENCE_S
    )
    description = f"Bad Request: {WORD} {PEOPLE[0]} {TOKEN}"
    telegram.fails("sendMessage", Fault(status=400, description=description))
    telegram.says(f"/feedback {WORD}", chat=USER, sender=USER)
    telegram.says("/status", chat=USER, sender=USER)
    status = "Questions today: 1."
    telegram.wait(
        lambda: process.poll() is not None or any(status in text for text in telegram.texts(USER)), PATIENCE_S
    )
    assert process.poll() is None


def nothing_is_told(place: Place) -> None:
    """No secret anywhere; of people and their words nothing outside of the database."""
    texts = place.written
    assert [secret for secret in SECRETS if secret in texts] == []
    assert [word for word in WRITTEN if word in texts] == []
    assert "Traceback" not in texts
    for name, content in place.files():
        found = [secret for secret in SECRETS if secret.encode() in content]
        assert found == [], name
        unwanted = PEOPLE if name.startswith("footnote.sqlite") else WRITTEN
        assert [word for word in unwanted if word.encode() in content] == [], name


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
def test_what_a_bot_writes_while_everything_fails_holds_no_secret_and_no_word(
    place: Place, listener: socket.socket, webhook: bool
) -> None:
    settings = {}
    if webhook:
        port = free_port()
        settings["FOOTNOTE_WEBHOOK_URL"] = f"http://127.0.0.1:{port}/updates"
        settings["FOOTNOTE_WEBHOOK_LISTEN"] = f"127.0.0.1:{port}"
    with FakeTelegram() as telegram:
        settings["FOOTNOTE_TELEGRAM_API_URL"] = telegram.url
        with place.serving(**settings) as process:
            people_come(telegram, process)
            if webhook:
                update = {"update_id": 1, "message": {"text": WORD}}
                for secret in ({}, {SECRET_HEADER: "wrong"}):
                    answer = httpx.post(
                        f"http://127.0.0.1:{port}/updates", json=update, headers=secret, trust_env=False
                    )
                    assert (answer.status_code, answer.content) == (403, b"")
        answer_id = re.search(r"[su]:([0-9a-f]{24})", str(telegram.called("editMessageText")))
    assert "Footnote answers as @footnote_bot" in place.written
    doctor = place.run("doctor", **settings)
    assert "FOOTNOTE_MODEL_URL: http://…@127.0.0.1" in doctor
    assert "FOOTNOTE_ADMINS: 1 set" in doctor
    nothing_is_told(place)
    assert answer_id is not None
    trace = place.run("trace", answer_id[1])
    assert "375 mg/m²" in trace
    assert [told for told in (*SECRETS, *PEOPLE, str(USER)) if told in trace] == []
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_user_password_and_token_of_a_chroma_server_are_not_repeated(place: Place) -> None:
    secrets = {
        "FOOTNOTE_CHROMA_URL": "http://chromauser:chromapass@127.0.0.1:1",
        "FOOTNOTE_CHROMA_TOKEN": "chromatoken",
    }
    for command in (("index",), ("ask", QUESTION), ("doctor",)):
        said = place.run(*command, **secrets)
        assert "The Chroma server http://…@127.0.0.1:1 can't be used: it can't be reached." in said
        assert [told for told in ("chromauser", "chromapass", "chromatoken") if told in said] == []
    nothing_is_told(place)


def test_a_refused_token_and_a_refused_password_are_not_repeated(place: Place) -> None:
    with FakeTelegram(token="99:other") as telegram:
        refused = place.run("serve", FOOTNOTE_TELEGRAM_API_URL=telegram.url, FOOTNOTE_MODEL="extractive")
    assert "refused the token" in refused
    quoted = DATABASE_PASSWORD.replace("@", "%40").replace("#", "%23").replace("?", "%3F")
    urls = (
        f"postgresql://dbuser:{quoted}@127.0.0.1:1/footnote",
        f"postgresql://dbuser:{DATABASE_PASSWORD}@127.0.0.1:1/footnote",
        f"nonsense://dbuser:{DATABASE_PASSWORD}@127.0.0.1/footnote",
        f"dbuser:{DATABASE_PASSWORD}@127.0.0.1",
    )
    for url in urls:
        assert "atabase" in place.run("review", "list", FOOTNOTE_DATABASE_URL=url)
    for command in ("doctor", "serve"):
        assert "no server answers there" in place.run(command, FOOTNOTE_DATABASE_URL=urls[0])
    nothing_is_told(place)
    assert quoted not in place.written
