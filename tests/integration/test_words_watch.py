"""A running bot's words follow their files; over broken ones the last good set is kept, and its fault told once."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.bootstrap.live import LiveService, Make
from bot.bootstrap.words_watch import WordsWatch
from bot.domain.errors import ConfigurationError
from bot.domain.messages import IncomingMessage
from bot.places import shipped
from bot.prompts import PromptSet, Wording, check_set, load_set
from tests.unit.stores.replies import a_reply

SHIPPED = shipped("prompts")


class Saying:
    """A service that answers with its goodbye, as soon as it's let go."""

    def __init__(self, wording: Wording, let_go: asyncio.Event) -> None:
        self.wording = wording
        self.let_go = let_go

    async def respond(self, message: IncomingMessage, listener: object = None) -> object:
        await self.let_go.wait()
        return a_reply(question=self.wording.say("terminal.goodbye"))


@dataclass
class Place:
    """Words that are watched, and what was said."""

    own: Path
    opens: bool = True
    said: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.live = LiveService(load_set(SHIPPED, self.own), self.build)
        self.watch = WordsWatch(
            (SHIPPED, self.own),
            words=self.live.words,
            check=lambda: check_set(SHIPPED, self.own),
            renew=self.live.renew,
            say=self.said.append,
            on_fault=self.faults.append,
        )

    def build(self, words: PromptSet) -> Make:
        if not self.opens:
            raise ConfigurationError("The model can't be opened.", remedy="Set its key.")
        return lambda wording: Saying(wording, self.let_go)  # type: ignore[return-value]

    def goodbye(self, text: str, language: str = "en") -> None:
        (self.own / "wording" / f"{language}.yaml").write_text(f"terminal:\n  goodbye: {text}\n", encoding="utf-8")

    def looks(self, times: int = 2) -> None:
        for _ in range(times):
            self.watch.look()

    def says(self, language: str = "en") -> str:
        return self.live.for_language(language).say("terminal.goodbye")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "own" / "wording").mkdir(parents=True)
    return Place(tmp_path / "own")


def test_an_edit_is_taken_up_once_nobody_writes_any_more(place: Place) -> None:
    place.looks(3)
    assert place.said == []
    place.goodbye("See you.")
    place.looks(1)
    assert place.says() == "Goodbye."
    place.looks(1)
    assert place.says() == "See you."
    assert place.said == ["From now on answers are made with the new own/wording/en."]
    assert place.faults == []


def test_a_broken_edit_keeps_the_last_good_set_and_is_told_once_until_it_is_mended(place: Place) -> None:
    place.goodbye("See you.")
    place.looks()
    place.goodbye("''")
    place.looks(4)
    assert place.says() == "See you."
    assert len(place.faults) == 1
    assert "en.yaml, line 2: terminal.goodbye is empty. Write a sentence there." in place.faults[0]
    place.goodbye("'{{x}}'")
    place.looks(4)
    assert len(place.faults) == 2
    place.goodbye("Farewell.")
    place.looks(3)
    assert place.says() == "Farewell."
    assert place.said[-1] == "The prompts and sentences are in order again."


def test_words_can_be_read_at_once(place: Place) -> None:
    place.goodbye("See you.")
    assert place.watch.reload() == ()
    assert place.says() == "See you."
    place.goodbye("''")
    (fault,) = place.watch.reload()
    assert "terminal.goodbye is empty" in fault
    assert place.says() == "See you."


def test_words_whose_models_cannot_be_opened_are_not_taken_up(place: Place) -> None:
    place.opens = False
    place.goodbye("See you.")
    place.looks(3)
    assert place.says() == "Goodbye."
    assert place.faults == ["The words changed; the last good ones are kept: The model can't be opened. Set its key."]


def test_a_folder_that_goes_away_and_comes_back_costs_nothing(place: Place) -> None:
    place.goodbye("See you.")
    place.looks()
    place.own.rename(place.own.with_name("gone"))
    place.looks(3)
    assert place.says() == "See you."
    assert "doesn't exist" in place.faults[0]
    place.own.with_name("gone").rename(place.own)
    place.looks(3)
    assert place.says() == "See you."


async def test_an_answer_under_way_keeps_the_words_with_which_it_began(place: Place) -> None:
    message = IncomingMessage(conversation="c", text="?")
    before = asyncio.create_task(place.live.respond(message))
    await asyncio.sleep(0)
    place.goodbye("See you.")
    place.looks(3)
    after = asyncio.create_task(place.live.respond(message))
    place.let_go.set()
    assert ((await before).question, (await after).question) == ("Goodbye.", "See you.")


async def test_each_reader_is_answered_in_their_language(place: Place) -> None:
    place.let_go.set()
    replies = [
        await place.live.respond(IncomingMessage(conversation="c", text="?", language=code)) for code in ("de-AT", "fi")
    ]
    assert [reply.question for reply in replies] == ["Auf Wiedersehen.", "Goodbye."]
