"""Makes what an older Footnote leaves behind, by really running it: a dump of its database as SQL.

    git worktree add ../old COMMIT
    python -m tests.tools.release_data ../old NAME

writes `tests/data/releases/NAME.sqlite.sql`, and where that version knows PostgreSQL `NAME.postgresql.sql`. Somebody
has asked in the terminal and reported an answer; somebody has asked in Telegram, and asked again when the program was
killed; somebody else was forgotten. A package that an old version needs and this one doesn't may lie in its folder
(`pip install --target`).
"""

import argparse
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from bot.demo.server import Answered
from tests import postgres_server as postgres
from tests.end_to_end.operated import write_library
from tests.fake_telegram import TOKEN, FakeTelegram

RELEASES = Path(__file__).parents[1] / "data" / "releases"
KEY = "a key of older versions, of no secret either"
CONVERSATION, CHAT, FORGOTTEN = "c1", 5, 6
ASKED = ("What is the dose of rituximab in JDM?", "and how often is it given?")
ANSWERED, WAITING = "What is the dose of rituximab?", "How often is rituximab given to children with JDM?"
LONG = 40.0


class Ending(FakeTelegram):
    """Ends a process when it sends its next message, which is lost."""

    ends: "subprocess.Popen[bytes] | None" = None

    async def answer(self, token: str, method: str, arguments: dict[str, object]) -> Answered:
        if method == "sendMessage" and self.ends is not None:
            self.ends.send_signal(signal.SIGKILL)
            return None
        return await super().answer(token, method, arguments)


def live(code: Path, environment: Mapping[str, str]) -> None:
    """Everything that happens in the life of an older version."""

    def run(*arguments: str, said: str = "") -> str:
        command = [sys.executable, "-m", "bot", *arguments]
        done = subprocess.run(
            command, cwd=code, env=dict(environment), input=said, stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout

    lines = "".join(json.dumps({"conversation": CONVERSATION, "text": text}) + "\n" for text in ASKED)
    replies = [json.loads(line) for line in run("chat", "--jsonl", said=lines).splitlines()]
    assert replies[0]["kind"] == "answer", replies
    if (code / "bot" / "stores" / "reviews.py").exists():
        run("review", "report", replies[0]["provenance"]["answer_id"], "--reason", "Doubtful.")
    if not (code / "bot" / "stores" / "inbox.py").exists():
        return
    with Ending() as telegram:
        settings = {"FOOTNOTE_TELEGRAM_TOKEN": TOKEN, "FOOTNOTE_TELEGRAM_API_URL": telegram.url}
        command = [sys.executable, "-m", "bot", "serve"]
        with subprocess.Popen(command, cwd=code, env=dict(environment) | settings) as process:
            try:
                if (code / "bot" / "stores" / "erasures.py").exists():
                    forget(telegram)
                edited = len(telegram.called("editMessageText"))
                telegram.says(ANSWERED, chat=CHAT, sender=CHAT)
                telegram.wait(lambda: len(telegram.called("editMessageText")) > edited, LONG)
                telegram.ends = process
                telegram.says(WAITING, chat=CHAT, sender=CHAT)
                process.wait(LONG)
            finally:
                process.kill()


def forget(telegram: FakeTelegram) -> None:
    """Somebody else writes /forget, and means it."""
    telegram.says("/forget", chat=FORGOTTEN, sender=FORGOTTEN)
    telegram.wait(lambda: any("reply_markup" in message for message in telegram.messages(FORGOTTEN)), LONG)
    asked = telegram.messages(FORGOTTEN)[-1]["message_id"]
    telegram.presses(asked, "y:", chat=FORGOTTEN, sender=FORGOTTEN)
    telegram.wait(lambda: "reply_markup" not in telegram.messages(FORGOTTEN)[-1], LONG)


@contextmanager
def server() -> Iterator[tuple[Path, int, Path]]:
    """A PostgreSQL server: its folder, its port and its programs."""
    found = postgres.programs()
    assert found is not None, "PostgreSQL isn't installed"
    folder = Path(tempfile.mkdtemp(prefix="footnote-release-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    try:
        postgres.set_up(folder, found)
        postgres.start(folder, port, found, durable=False)
        yield folder, port, found
    finally:
        postgres.stop(folder, found)
        shutil.rmtree(folder)


def main() -> None:
    """Write the dumps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("code", type=Path, help="folder of the older version")
    parser.add_argument("name")
    given = parser.parse_args()
    code = given.code.resolve()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FOOTNOTE_")} | {
            "PYTHONPATH": str(code),
            "FOOTNOTE_KNOWLEDGE": str(write_library(folder)),
            "FOOTNOTE_DATA": str(folder / "data"),
            "FOOTNOTE_HASH_KEY": KEY,
        }
        live(code, environment)
        with closing(sqlite3.connect(folder / "data" / "footnote.sqlite")) as database:
            dump = "\n".join(database.iterdump())
        (RELEASES / f"{given.name}.sqlite.sql").write_text(f"{dump}\n", encoding="utf-8")
        if not (code / "bot" / "stores" / "postgres.py").exists():
            return
        with server() as (_, port, found):
            url = f"postgresql://{postgres.USER}@127.0.0.1:{port}/postgres"
            live(code, environment | {"FOOTNOTE_DATABASE_URL": url})
            command = [str(found / "pg_dump"), "--inserts", "--no-owner", "--no-privileges", "--no-comments", url]
            dump = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        # What psql alone understands, and what only says which program wrote it, stays out.
        kept = [line for line in dump.splitlines() if line and not line.startswith(("\\", "--"))]
        (RELEASES / f"{given.name}.postgresql.sql").write_text("\n".join(kept) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
