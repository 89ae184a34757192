"""`footnote demo` as a program: where it listens, what it leaves behind, how it stops."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from bot.demo.page import DemoServer, open_demo
from bot.domain.errors import ConfigurationError
from tests.browser import ROOT

LONG = 60


def test_it_serves_the_page_stops_on_ctrl_c_and_leaves_no_conversation_behind(tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "page.md").write_text("# JDM\n\nRituximab is given to children with JDM.\n")
    settings = {"PYTHONPATH": str(ROOT), "FOOTNOTE_KNOWLEDGE": str(tmp_path / "library")}
    command, pipe = [sys.executable, "-m", "bot", "demo"], subprocess.PIPE
    environment = os.environ | settings
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            address, announced = look_in(process)
            with httpx.stream("GET", f"{address}/events?chat=1&user=1", trust_env=False, timeout=LONG) as events:
                assert next(events.iter_lines()).startswith("data: {")
                process.send_signal(signal.SIGINT)
                _, errors = process.communicate(timeout=LONG)
        finally:
            process.kill()

    assert announced.startswith("Footnote answers as @footnote_bot")
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert not (tmp_path / "data" / "footnote.db").exists()
    with pytest.raises(httpx.ConnectError):
        httpx.get(address, trust_env=False)


def look_in(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """The address of the page, which is there, and what is announced when the bot is ready."""
    assert process.stdout is not None
    assert process.stderr is not None
    address = process.stdout.readline().split()[1]
    assert address.startswith("http://127.0.0.1:")
    page = httpx.get(address, trust_env=False, timeout=LONG)
    assert "default-src 'none'" in page.headers["content-security-policy"]
    return address, next(line for line in process.stderr if line.startswith("Footnote"))


def test_a_port_that_is_taken_is_a_sentence() -> None:
    with DemoServer() as server:
        port = int(server.url.rpartition(":")[2])
        with pytest.raises(ConfigurationError, match=f"Port {port} is taken"):
            open_demo(port)
