"""`footnote serve` as its operator has it: a process with a status port, a log and a Telegram on this machine."""

import json
import os
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.crashing import ROOT
from tests.fake_telegram import TOKEN, FakeTelegram

LONG = 60
STATUS = re.compile(r"http://127\.0\.0\.1:\d+(?=/readyz)")


class Serving:
    """The process. `lines` are those of its log so far."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.lines: list[str] = []
        self._coming: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.status = ""

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self._coming.put(line.rstrip("\n"))
        self._coming.put(None)

    def says(self, wanted: Callable[[str], bool]) -> str:
        """The next line that is wanted."""
        while (line := self._coming.get(timeout=LONG)) is not None:
            self.lines.append(line)
            if wanted(line):
                return line
        raise AssertionError(f"It ended without saying so: {self.lines}")

    def begins(self) -> "Serving":
        """Wait until the status page is there."""
        found = STATUS.search(self.says(lambda line: STATUS.search(line) is not None))
        assert found
        self.status = found[0]
        return self

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.status}{path}", trust_env=False, timeout=LONG)

    def ends(self) -> int:
        """Stop it and read the rest of its log."""
        self.process.terminate()
        code = self.process.wait(LONG)
        while (line := self._coming.get(timeout=LONG)) is not None:
            self.lines.append(line)
        return code

    def events(self) -> list[dict[str, Any]]:
        """The log, where it is JSON."""
        return [json.loads(line) for line in self.lines]


def write_library(folder: Path) -> Path:
    library = folder / "library"
    library.mkdir(exist_ok=True)
    (library / "rituximab.md").write_text(
        "# Rituximab\n\nRituximab is given to children with JDM at 375 mg/m² weekly.\n"
    )
    return library


@contextmanager
def serving(folder: Path, telegram: FakeTelegram, settings: Mapping[str, str] | None = None) -> Iterator[Serving]:
    """`footnote serve` with a small library; its data stand in the folder."""
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "FOOTNOTE_KNOWLEDGE": str(write_library(folder)),
        "FOOTNOTE_DATA": str(folder / "data"),
        "FOOTNOTE_TELEGRAM_TOKEN": TOKEN,
        "FOOTNOTE_TELEGRAM_API_URL": telegram.url,
        "FOOTNOTE_STATUS_LISTEN": "127.0.0.1:0",
        **(settings or {}),
    }
    command = [sys.executable, "-m", "bot", "serve"]
    with subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield Serving(process)
        finally:
            process.kill()
