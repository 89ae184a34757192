"""The growth profile whole: proxy, two replicas by webhook, PostgreSQL, a Chroma server; and one replica killed."""

import json
import os
import re
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.places import shipped
from bot.prompts import load_wording
from tests.fake_telegram import TOKEN, FakeTelegram
from tests.image.conftest import DOCKER, ROOT, docker

HERE = Path(__file__).parent
STAND_INS = {"PROXY_IMAGE": "proxy", "DATABASE_IMAGE": "database"}
QUESTION = "What is the dose of rituximab in juvenile dermatomyositis?"
SOURCE, LONG = "[1]", 300
WORDING = load_wording(shipped("prompts"))


@dataclass(frozen=True, kw_only=True)
class Composition:
    """The services of docker-compose.yml in a folder of their own, as an operator has them."""

    folder: Path
    name: str
    settings: dict[str, str]
    telegram: FakeTelegram

    def compose(self, *arguments: str, check: bool = True) -> str:
        files = ["--file", "docker-compose.yml", "--file", str(HERE / "compose.test.yml")]
        command = [DOCKER, "compose", "--project-name", self.name, *files, "--profile", "growth", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=os.environ | self.settings, capture_output=True, text=True, check=False
        )
        assert not check or done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def ids(self, service: str) -> list[str]:
        """The containers of a service that run."""
        return docker("ps", "--quiet", "--filter", f"label=com.docker.compose.project={self.name}",
                      "--filter", f"label=com.docker.compose.service={service}").split()  # fmt: skip

    def secrets(self) -> list[str]:
        """What nobody may read anywhere else."""
        return [path.read_text(encoding="utf-8").strip() for path in (self.folder / "secrets").iterdir()]

    def asks(self, question: str, chat: int) -> None:
        """A question in a private chat, and its answer."""
        self.telegram.says(question, chat=chat, sender=chat)
        self.telegram.wait(lambda: SOURCE in "".join(self.telegram.texts(chat)), LONG)


def free_port(host: str = "127.0.0.1") -> int:
    with socket.create_server((host, 0)) as free:
        return int(free.getsockname()[1])


def commands_for_secrets() -> str:
    """Those that the README tells, up to where the files get their owner."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"^(mkdir -p secrets && for .*?)^sudo ", readme, re.DOTALL | re.MULTILINE)
    assert found, "the README tells nowhere how the secrets are made"
    return found[1]


def image_or_stand_in(image: str, target: str) -> str:
    """The image that is shipped with, or one of Debian's packages where it can't be had."""
    if subprocess.run([DOCKER, "image", "inspect", image], capture_output=True, check=False).returncode == 0:
        return image
    if subprocess.run([DOCKER, "pull", "--quiet", image], capture_output=True, check=False).returncode == 0:
        return image
    return build(target)


def build(target: str) -> str:
    tag = f"footnote-test-{target}"
    docker("build", "--quiet", "--target", target, "--tag", tag, str(HERE / "stand_in"))
    return tag


@pytest.fixture(scope="module")
def composition(image: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composition]:
    folder = tmp_path_factory.mktemp("growth")
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    (folder / "docker-compose.yml").write_text(text.replace("image: footnote\n", f"image: {image}\n"))
    (folder / "bot" / "operations").mkdir(parents=True)
    shutil.copy(ROOT / "bot" / "operations" / "Caddyfile", folder / "bot" / "operations")
    subprocess.run(["sh", "-c", commands_for_secrets()], cwd=folder, check=True)
    (folder / "secrets" / "footnote_telegram_token").write_text(TOKEN)
    for path in [folder / "secrets", *(folder / "secrets").iterdir()]:
        shutil.chown(path, 10001)
    address = docker("network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}")
    build("relay")
    written = dict(re.findall(r"image: \$\{(\w+):-(\S+)\}", (HERE / "compose.test.yml").read_text()))
    with FakeTelegram() as telegram:
        settings = {name: image_or_stand_in(written[name], target) for name, target in STAND_INS.items()} | {
            "DOMAIN": "localhost",
            "HTTP_PORT": str(free_port()),
            "HTTPS_PORT": str(free_port()),
            "RELAY_ADDRESS": address,
            "RELAY_PORT": str(free_port(address)),
            "TELEGRAM_PORT": telegram.url.rpartition(":")[2],
        }
        one = Composition(
            folder=folder, name=f"footnote-test-{uuid.uuid4().hex[:8]}", settings=settings, telegram=telegram
        )
        try:
            one.compose("up", "--detach", "--no-build", "--scale", "bot=2", "--wait", "--wait-timeout", str(LONG))
            yield one
        finally:
            print(one.compose("logs", "--no-color", "--tail", "40", check=False))
            one.compose("down", "--volumes", "--timeout", "5", check=False)


@pytest.mark.parametrize("profile", ["", "growth", "ollama"])
def test_every_profile_is_valid_and_warns_of_nothing(profile: str) -> None:
    chosen = ["--profile", profile] if profile else []
    done = subprocess.run(
        [DOCKER, "compose", "--file", str(ROOT / "docker-compose.yml"), *chosen, "config", "--quiet"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_two_replicas_answer_and_one_that_is_killed_costs_no_answer(composition: Composition) -> None:
    telegram = composition.telegram
    replicas = composition.ids("bot")
    assert len(replicas) == 2
    for chat in range(1, 5):
        composition.asks(QUESTION, chat)
    for chat in range(11, 15):
        telegram.says("Does rituximab help calcinosis?", chat=chat, sender=chat)
    docker("kill", replicas[0])
    for chat in range(11, 15):
        telegram.wait(lambda chat=chat: SOURCE in "".join(telegram.texts(chat)), LONG)  # type: ignore[misc]
    composition.asks(QUESTION, 21)
    asked = (1, 2, 3, 4, 11, 12, 13, 14, 21)
    assert [sum(SOURCE in text for text in telegram.texts(chat)) for chat in asked] == [1] * len(asked)
    said = composition.compose("logs")
    assert "Traceback" not in said
    assert [secret for secret in composition.secrets() if secret in said] == []


def test_only_the_proxy_can_be_reached_and_only_at_one_path(composition: Composition) -> None:
    published = docker(
        "ps", "--filter", f"label=com.docker.compose.project={composition.name}",
        "--format", '{{.Label "com.docker.compose.service"}} {{.Ports}}',
    )  # fmt: skip
    assert {line.split()[0] for line in published.splitlines() if "->" in line} == {"proxy"}
    address = f"http://localhost:{composition.settings['HTTP_PORT']}"
    with httpx.Client(trust_env=False) as client:
        assert client.post(f"{address}/telegram", json={"update_id": 1}).status_code == 403
        assert client.get(f"{address}/").status_code == 404
        assert client.post(f"{address}/telegram", content=b"x" * 2_000_000).status_code in {413, 502}


def test_the_proxy_has_a_certificate_of_its_own_making(composition: Composition, tmp_path: Path) -> None:
    import ssl

    authority = composition.compose("exec", "-T", "proxy", "cat", "/data/caddy/pki/authorities/local/root.crt")
    (tmp_path / "root.crt").write_text(authority)
    trusted = ssl.create_default_context(cafile=str(tmp_path / "root.crt"))
    address = f"https://localhost:{composition.settings['HTTPS_PORT']}/"
    with httpx.Client(trust_env=False, verify=trusted) as client:
        assert client.get(address).status_code == 404


def test_no_password_stands_in_an_environment(composition: Composition) -> None:
    for service in ("bot", "proxy", "database", "chroma"):
        (first, *_) = composition.ids(service)
        told = docker("inspect", "--format", "{{json .Config.Env}}{{json .Config.Cmd}}", first)
        assert [secret for secret in composition.secrets() if secret in told] == []


def test_who_is_inside_alone_reaches_nothing_outside(composition: Composition) -> None:
    (chroma,) = composition.ids("chroma")
    networks = json.loads(docker("inspect", "--format", "{{json .NetworkSettings.Networks}}", chroma))
    (network,) = networks
    assert docker("network", "inspect", "--format", "{{.Internal}}", network) == "true"
    reach = "import socket; socket.create_connection(('192.0.2.1', 443), 3)"
    done = docker("exec", chroma, "python", "-c", reach, check=False)
    assert "Network is unreachable" in done or "TimeoutError" in done or "timed out" in done


def test_the_proxy_says_what_is_missing_without_a_domain(composition: Composition) -> None:
    text = composition.compose("run", "--rm", "--no-deps", "--env", "SITE=", "proxy", check=False)
    assert "DOMAIN is not set" in text


def test_everything_stops_in_time(composition: Composition) -> None:
    began = time.monotonic()
    composition.compose("stop")
    assert time.monotonic() - began < 60
    codes = docker(
        "ps", "--all", "--filter", f"label=com.docker.compose.project={composition.name}",
        "--format", '{{.Label "com.docker.compose.service"}} {{.Status}}',
    )  # fmt: skip
    stopped = [line for line in codes.splitlines() if line.startswith(("bot", "database", "proxy"))]
    assert stopped
    # One replica was killed by a test before.
    assert sum("Exited (137)" in line for line in stopped) <= 1, codes
