"""What administrators are told, and nobody else."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.channels.telegram.profile import FOR_ADMINS
from bot.domain.answers import Abstention
from bot.domain.errors import WordingError
from bot.domain.inbox import Arrival, ArrivalKind
from tests.integration.telegram.scene import ADMIN, ANN, GROUP, NOW, WORDING, Scene


@dataclass(frozen=True)
class Gap:
    question: str
    count: int
    last_asked: datetime
    nearest: tuple[str, ...] = ()


async def ask(scene: Scene, command: str) -> str:
    await scene.says(command, chat=ADMIN, user=ADMIN)
    return scene.telegram.said(ADMIN)[-1]


async def test_status_of_a_quiet_day(scene: Scene) -> None:
    await scene.inbox.accept(question(1, at=NOW - timedelta(days=2)))
    await scene.inbox.complete(1)
    said = await ask(scene, "/status")
    assert "Footnote 1.2.3, 2026-11-01 12:00 UTC" in said
    assert WORDING.say("admin.inbox_empty") in said
    assert "Questions today: 0." in said
    assert WORDING.say("admin.no_answers") in said
    assert "no language model" in said
    assert "1 document (1 not reviewed yet)" in said
    assert WORDING.say("admin.no_poll") in said


def question(row: int, *, at: datetime = NOW) -> Arrival:
    return Arrival(
        id=row,
        kind=ArrivalKind.QUESTION,
        lane=f"telegram:{row}",
        chat=row,
        user=f"telegram:{row}",
        message=1,
        payload="{}",
        answer_id=f"{row:012}",
        received_at=at,
    )


async def test_status_of_a_busy_day(scene: Scene) -> None:
    nothing = Abstention(text="Nothing.", nearest=(), notices=(), disclaimer="Not advice.")
    for id_, outcome in (("a" * 12, None), ("b" * 12, None), ("c" * 12, nothing)):
        await scene.answer(id_, outcome=outcome)
    await scene.inbox.accept(question(1, at=NOW - timedelta(minutes=5)))
    await scene.inbox.accept(question(2))
    scene.affairs = replace(scene.affairs, models=("ollama:a",), silent=lambda: timedelta(seconds=7))
    said = await ask(scene, "/status")
    assert "Waiting: 2, the oldest for 5 min." in said
    assert "Questions today: 2." in said
    assert "Answers today: 1 abstention, 2 answer." in said
    assert "Written by: ollama:a." in said
    assert "Last word from Telegram: 7 s ago." in said


@pytest.mark.parametrize(
    ("passed", "says"),
    [
        (timedelta(seconds=119), "119 s"),
        (timedelta(minutes=119), "119 min"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=3), "3 days"),
    ],
)
async def test_ages_are_told_in_the_unit_that_fits(scene: Scene, passed: timedelta, says: str) -> None:
    scene.affairs = replace(scene.affairs, silent=lambda: passed)
    assert f"from Telegram: {says} ago" in await ask(scene, "/status")


async def test_review_lists_what_waits_and_how_to_decide(scene: Scene) -> None:
    assert await ask(scene, "/review") == WORDING.say("admin.no_reviews")
    await scene.answer("a" * 12)
    await scene.reviews.report("a" * 12, "outdated", f"telegram:{ANN}")
    said = await ask(scene, "/review")
    assert f"{'a' * 12}: How much rituximab? (outdated)" in said
    assert "footnote review show" in said
    assert str(ANN) not in said.replace("a" * 12, "")


async def test_a_long_list_is_cut_and_fits_into_a_message(scene: Scene) -> None:
    for number in range(12):
        await scene.answer(f"{number:012}", standalone_question="long " * 200)
        await scene.reviews.report(f"{number:012}", "reason " * 200, "")
    said = await ask(scene, "/review")
    assert "… and 2 more." in said
    assert all(len(call["text"]) <= 4096 for call in scene.telegram.of("sendMessage"))


async def test_gaps_lists_what_the_library_could_not_answer(scene: Scene) -> None:
    assert await ask(scene, "/gaps") == WORDING.say("admin.no_gaps", days=30)
    asked_since = []

    async def gaps(since: datetime) -> list[Gap]:
        asked_since.append(since)
        return [Gap("Is abatacept safe?", 3, NOW, ("On biologics",)), Gap("What of vaccines?", 1, NOW)]

    scene.affairs = replace(scene.affairs, gaps=gaps)
    said = await ask(scene, "/gaps")
    assert "3×, last on 2026-11-01: Is abatacept safe?" in said
    assert "closest: On biologics" in said
    assert asked_since == [NOW - timedelta(days=30)]


async def test_reload_says_what_was_read_and_what_was_left_out(scene: Scene) -> None:
    async def reload() -> list[str]:
        return ["b.md, line 2: review_status is unknown."]

    scene.affairs = replace(scene.affairs, reload=reload)
    said = await ask(scene, "/reload")
    assert said == "Read anew: 1 document, and the wording.\nleft out: b.md, line 2: review_status is unknown."


async def test_a_reload_that_fails_says_why(scene: Scene) -> None:
    async def reload() -> list[str]:
        raise WordingError("en.yaml, line 7: terminal.goodbye is empty.", remedy="Write a sentence there.")

    scene.affairs = replace(scene.affairs, reload=reload)
    said = await ask(scene, "/reload")
    assert "goes on with what it has" in said
    assert "line 7" in said


@pytest.mark.parametrize("name", FOR_ADMINS)
async def test_to_others_these_commands_do_not_exist(scene: Scene, name: str) -> None:
    await scene.says(f"/{name}")
    await scene.says("/unheard_of")
    mine = scene.telegram.said(ANN)
    assert mine[0] == mine[1] == WORDING.say("command.help")


@pytest.mark.parametrize("name", FOR_ADMINS)
async def test_in_a_group_they_do_not_exist_either(scene: Scene, name: str) -> None:
    await scene.says(f"/{name}", chat=GROUP, user=ADMIN)
    assert scene.telegram.calls == []


async def test_a_name_makes_nobody_an_administrator(scene: Scene) -> None:
    named = {"id": ANN, "is_bot": False, "first_name": "Admin", "username": str(ADMIN)}
    more: dict[str, Any] = {"from": named}
    await scene.says("/status", **more)
    assert scene.telegram.said() == [WORDING.say("command.help")]
