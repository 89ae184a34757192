"""What a running bot finds out about itself: each part, well and ill, with reason and remedy."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from bot.bootstrap import Library, open_bot, open_library
from bot.bootstrap import health as looking
from bot.bootstrap.health import HealthChecks, TelegramSeen
from bot.bootstrap.measuring import Measuring
from bot.channels.status.app import status_app
from bot.channels.status.health import Finding, Health, Part, State
from bot.channels.status.metrics import KINDS, Metrics
from bot.domain.errors import StoreError
from bot.domain.messages import IncomingMessage
from bot.knowledge.admission import Admission
from bot.settings import SecretUrl, Settings
from tests.chroma_server import RunningChroma
from tests.prometheus import values
from tests.scripted_provider import Says, always, serving, wrong_key


class Inbox:
    """Has a depth, or none that can be read."""

    def __init__(self) -> None:
        self.is_broken = False

    async def depth(self) -> tuple[int, datetime | None]:
        if self.is_broken:
            raise StoreError("The disk is full.", remedy="Free some space.")
        return 2, datetime(2026, 11, 1, tzinfo=UTC)


class Scene:
    """A bot with a small library, and whoever looks at it."""

    def __init__(self, settings: Settings, library: Any, measuring: Measuring) -> None:
        self.inbox: Any = Inbox()
        self.seconds = 0.0
        self.telegram = TelegramSeen(by_webhook=False, now=lambda: self.seconds)
        self.telegram.called("getUpdates", "ok")
        self.measuring = measuring
        self.settings, self.library = settings, library

    def doctor(self) -> HealthChecks:
        """A new one, who knows nothing yet."""
        return HealthChecks(
            settings=self.settings,
            library=self.library,
            inbox=self.inbox,
            telegram=self.telegram,
            measuring=self.measuring,
        )

    async def look(self) -> dict[str, Finding]:
        doctor = self.doctor()
        health = await doctor.look()
        doctor.close()
        assert health.is_ready == all(finding.state is not State.FAILED for finding in health.findings)
        assert all(finding.remedy for finding in health.findings if finding.state is not State.FINE)
        return {finding.part.value: finding for finding in health.findings}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("library")
    (folder / "one.md").write_text("# Rituximab\n\nRituximab was given weekly.\n", encoding="utf-8")
    return open_library(Settings(knowledge=folder, data=tmp_path_factory.mktemp("data")))


@pytest.fixture
def scene(library: Library) -> Scene:
    return Scene(Settings(), library, Measuring(metrics=Metrics()))


async def test_all_is_fine(scene: Scene) -> None:
    found = await scene.look()

    assert {finding.state for finding in found.values()} == {State.FINE}
    assert set(found) == set(Part)


async def test_a_database_that_can_t_be_read_makes_it_unready_and_its_remedy_is_told(scene: Scene) -> None:
    scene.inbox.is_broken = True
    doctor = scene.doctor()

    health, text = await doctor.look(), (await doctor.expose()).decode()

    assert not health.is_ready
    assert health.told()["parts"]["database"] == {
        "state": "failed",
        "reason": "The disk is full.",
        "remedy": "Free some space.",
    }
    assert "footnote_ready 0.0" in text
    assert "footnote_inbox_depth NaN" in text


async def test_an_empty_library_and_one_of_which_nothing_may_be_quoted_are_told_apart(
    scene: Scene, tmp_path: Path
) -> None:
    scene.library = replace(scene.library, admission=Admission(only_approved=True))
    barred = (await scene.look())["index"]
    (tmp_path / "none").mkdir()
    scene.library = open_library(Settings(knowledge=tmp_path / "none", data=tmp_path / "data"))
    empty = (await scene.look())["index"]

    assert barred.state is empty.state is State.FAILED
    assert "FOOTNOTE_ONLY_APPROVED" in barred.remedy
    assert "FOOTNOTE_KNOWLEDGE" in empty.remedy


async def test_a_chroma_server_that_is_away_degrades_the_bot_and_it_stays_ready(
    scene: Scene, tmp_path: Path, own_chroma_server: RunningChroma
) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "one.md").write_text("# Rituximab\n\nRituximab was given weekly.\n", encoding="utf-8")
    url = SecretUrl(own_chroma_server.url)
    scene.library = open_library(Settings(knowledge=tmp_path / "library", data=tmp_path / "data", chroma_url=url))
    assert (await scene.look())["index"].state is State.FINE
    own_chroma_server.freeze()
    frozen = (await scene.look())["index"]
    own_chroma_server.kill()
    dead = (await scene.look())["index"]
    own_chroma_server.start()
    assert (await scene.look())["index"].state is State.FINE
    own_chroma_server.forget()
    empty = (await scene.look())["index"]

    assert {frozen.state, dead.state, empty.state} == {State.DEGRADED}
    assert "it doesn't answer in time" in frozen.says
    assert "it can't be reached" in dead.says
    assert "collection isn't there" in empty.says
    assert "FOOTNOTE_CHROMA_URL" in dead.remedy
    scene.library.index.close()


async def test_who_stops_is_unready_from_the_first_moment_whatever_was_found_before(scene: Scene) -> None:
    doctor = scene.doctor()
    assert (await doctor.look()).is_ready
    scene.telegram.is_leaving = True

    health = await doctor.look()

    assert not health.is_ready
    assert health.told()["parts"]["telegram"]["reason"] == "this process is stopping"


async def test_a_part_that_takes_its_time_to_give_up_holds_up_nobody_who_looks(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PATIENCE_S", 0.01)
    ended = asyncio.Event()

    class Slow(Inbox):
        async def depth(self) -> tuple[int, datetime | None]:
            try:
                await asyncio.Event().wait()
            finally:
                await ended.wait()  # As a driver does that still says good-bye to a server which is gone.
            raise AssertionError

    scene.inbox = Slow()
    found = (await scene.look())["database"]
    ended.set()

    assert found.state is State.FAILED
    assert found.says == "no answer within 0.01 s"


async def test_silence_of_telegram_is_told_by_its_length(scene: Scene) -> None:
    scene.seconds = 80.0
    assert (await scene.look())["telegram"].says == "the last poll was answered 80 s ago"
    scene.telegram.called("sendMessage", "ok")
    scene.telegram.called("getUpdates", "conflict")
    scene.seconds = 95.0
    assert (await scene.look())["telegram"].says == "no poll has been answered for 95 s"
    scene.telegram.is_standby = True
    assert (await scene.look())["telegram"].state is State.FINE


async def test_a_webhook_counts_once_telegram_has_taken_it(scene: Scene) -> None:
    scene.telegram = TelegramSeen(by_webhook=True)
    assert (await scene.look())["telegram"].state is State.FAILED
    scene.telegram.called("setWebhook", "network")
    assert (await scene.look())["telegram"].state is State.FAILED
    scene.telegram.called("setWebhook", "ok")
    assert (await scene.look())["telegram"].state is State.FINE


async def test_a_model_that_is_down_degrades_the_bot_and_it_stays_ready(scene: Scene) -> None:
    async with serving(always(wrong_key())) as provider:
        scene.settings = Settings(model="openai:any", model_url=SecretUrl(provider.url))
        assert (await scene.look())["model"].says == "not asked yet"
        scene.measuring.asked("writer", "wrong_key", 0.1)
        found = (await scene.look())["model"]
        assert found.state is State.DEGRADED
        assert found.says == "the last call failed: wrong_key"
        scene.measuring.asked("writer", "abandoned", 0.1)
        assert (await scene.look())["model"].state is State.DEGRADED, "it tells nothing of the model"
        scene.measuring.asked("writer", "ok", 0.1)
        assert (await scene.look())["model"].state is State.FINE
        scene.settings = Settings(model="openai:any", model_url=SecretUrl("http://127.0.0.1:9/v1"))
        assert "nobody listens" in (await scene.look())["model"].says


async def test_each_call_of_a_model_is_measured_by_its_role(scene: Scene, tmp_path: Path) -> None:
    measuring = Measuring(metrics=Metrics(million_tokens_cost=1.0))
    async with serving(always(Says("Yes."))) as provider:
        settings = Settings(
            model="openai:any",
            fallback_model="openai:other",
            small_model="openai:small",
            model_url=SecretUrl(provider.url),
            data=tmp_path,
        )
        async with open_bot(settings, models=measuring.open_models, library=scene.library) as bot:
            respond = measuring.respond(bot.service.respond)
            for text in ("How was rituximab given?", "and how often was it?"):
                await respond(IncomingMessage(conversation="c1", text=text, user="telegram:5", answer_id=text[:3]))

    counted = values(measuring.metrics)
    assert counted["footnote_model_calls_total{ok,writer}"] == 4, "each unusable text is asked for once more"
    assert counted["footnote_model_calls_total{ok,fallback}"] == 4
    assert counted["footnote_model_calls_total{ok,rewriter}"] >= 1
    assert counted["footnote_model_tokens_total{}"] > 0
    assert counted["footnote_model_cost_total{}"] == pytest.approx(counted["footnote_model_tokens_total{}"] / 1e6)
    assert sum(counted[f"footnote_questions_total{{{kind},extractive}}"] for kind in KINDS) == 2, "nothing it wrote"


def test_the_pages_have_their_status_and_take_no_other_method() -> None:
    async def ill() -> Health:
        return Health(findings=[Finding(part=Part.INDEX, state=State.FAILED, says="gone", remedy="Look.")])

    async def exposed() -> bytes:
        return b"footnote_ready 0\n"

    pages = TestClient(status_app(ill, exposed))
    assert pages.get("/healthz").status_code == 200
    assert pages.get("/readyz").status_code == 503
    assert pages.get("/readyz").json()["parts"]["index"]["remedy"] == "Look."
    assert pages.get("/metrics").text == "footnote_ready 0\n"
    assert [pages.post(path).status_code for path in ("/healthz", "/readyz", "/metrics", "/")] == [405, 405, 405, 404]


async def test_whoever_asks_often_costs_one_look(scene: Scene) -> None:
    asked = list[int]()

    class Counting(Inbox):
        async def depth(self) -> tuple[int, datetime | None]:
            asked.append(1)
            return await super().depth()

    scene.inbox = Counting()
    doctor = scene.doctor()
    app = status_app(doctor.look, doctor.expose)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://bot") as client:
        for _ in range(20):
            assert (await client.get("/readyz")).status_code == 200
    assert len(asked) <= 3
