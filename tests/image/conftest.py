"""The image, built once; engine and socket are those that `docker` itself finds."""

import json
import os
import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.fake_telegram import TOKEN, FakeTelegram

ROOT = Path(__file__).parents[2]
DOCKER = os.environ.get("DOCKER", "docker")
IMAGE = os.environ.get("FOOTNOTE_TEST_IMAGE", "")
HARDENED = ["--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"]
# The loopback of the container is that of this computer, where the fake Bot API server listens.
HERE = ["--network", "host"]


def docker(*arguments: str, check: bool = True) -> str:
    done = subprocess.run([DOCKER, *arguments], capture_output=True, text=True, check=False, timeout=900)
    assert not check or done.returncode == 0, done.stderr
    return done.stdout.strip() + done.stderr.strip() if not check else done.stdout.strip()


@dataclass(kw_only=True)
class Place:
    """Containers on one data volume, and the Telegram that they talk to."""

    image: str
    telegram: FakeTelegram
    volume: str = field(default_factory=lambda: f"footnote-test-{uuid.uuid4().hex[:8]}")
    containers: list[str] = field(default_factory=list)

    def starts(self, *options: str, token: str = TOKEN) -> str:
        """A container as an operator would harden it."""
        settings = {"FOOTNOTE_TELEGRAM_TOKEN": token, "FOOTNOTE_TELEGRAM_API_URL": self.telegram.url}
        given = [part for name, value in settings.items() if value for part in ("--env", f"{name}={value}")]
        mounted = [] if "--mount" in options else ["--volume", f"{self.volume}:/data"]
        name = docker("run", "--detach", *HERE, *HARDENED, *mounted, *given, *options, self.image)
        self.containers.append(name)
        return name

    def says(self, container: str) -> str:
        """What the container printed."""
        return docker("logs", container, check=False)

    def clears(self) -> None:
        """Nothing of a test stays."""
        for container in self.containers:
            docker("rm", "--force", container, check=False)
        docker("volume", "rm", "--force", self.volume, check=False)


def inspect(container: str, what: str) -> Any:
    """A part of what the engine knows of a container."""
    return json.loads(docker("inspect", "--format", f"{{{{json .{what}}}}}", container))


@pytest.fixture(scope="session")
def image() -> str:
    built = os.environ.get("FOOTNOTE_TEST_IMAGE_BUILT")
    if not built:
        subprocess.run(["make", "--no-print-directory", "image", f"IMAGE={IMAGE}"], cwd=ROOT, check=True)
    return IMAGE


@pytest.fixture
def place(image: str) -> Iterator[Place]:
    with FakeTelegram() as telegram:
        one = Place(image=image, telegram=telegram)
        try:
            yield one
        finally:
            one.clears()
