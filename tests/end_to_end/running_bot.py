"""The real bot, with the real library for Telegram and the real database, against the fake server.

Only the answers and the time are made up.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.bootstrap import telegram_stores
from bot.channels.telegram.joining import Options
from bot.channels.telegram.limits import Limits
from bot.channels.telegram.office import Stores
from bot.channels.telegram.serving import TelegramBot
from bot.domain.answers import ClaimRole
from bot.domain.messages import IncomingMessage, Reply
from bot.domain.progress import ClaimPassed, Listener, Stage, StageReached
from bot.places import shipped
from bot.prompts import load_wording
from bot.stores.database import open_database
from tests.affairs import affairs
from tests.fake_telegram import TOKEN, FakeTelegram
from tests.unit.stores.replies import a_citation, a_claim, a_reply, an_answer

SOON = 20
WORDING = load_wording(shipped("prompts"))
PLACEHOLDER = WORDING.say("telegram.placeholder")
FAILED = WORDING.say("telegram.failed")
SECOND = WORDING.say("telegram.in_line", place=2)
THIRD = WORDING.say("telegram.in_line", place=3)
HELD = "hold"
WRITTEN = "write"
WRITING = WORDING.say("progress.writing", count=12)
OPTIONS = Options(at_once=2, retry=timedelta(0), limits=Limits(user_a_minute=1000, chat_a_minute=1000, user_a_day=0))


class Answering:
    """Answers every question with a claim that repeats it; a question that begins with `hold` waits until let go."""

    def __init__(self) -> None:
        self.asked: list[IncomingMessage] = []
        self.let_go = asyncio.Event()

    async def respond(self, message: IncomingMessage, listener: Listener | None = None) -> Reply:
        self.asked.append(message)
        if message.text.startswith(WRITTEN) and listener is not None:
            for stage in (Stage.WRITING, Stage.REPAIRING):
                listener(StageReached(stage=stage, passages=12))
            listener(ClaimPassed(text="Rituximab was given.", role=ClaimRole.BOTTOM_LINE))
            await self.let_go.wait()
        if message.text.startswith(HELD):
            await self.let_go.wait()
        if message.text == "break":
            raise RuntimeError("Xyzzy")
        claims = [a_claim(f"About {message.text}.")]
        if message.text == "long":
            claims += [a_claim(f"Finding {n} is 0.5*weight*age 👩‍⚕️.", ClaimRole.FINDING) for n in range(200)]
        outcome = an_answer(claims=tuple(claims), citations=(a_citation(),))
        return a_reply(message.conversation, question=message.text, standalone_question=message.text, outcome=outcome)

    def conversations(self) -> dict[str, str]:
        """The conversation of each question that was asked."""
        return {message.text: message.conversation for message in self.asked}


class Clock:
    """Takes a moment instead of the pause, and remembers it. Its time stands still until somebody moves it."""

    def __init__(self) -> None:
        self.pauses: list[float] = []
        self.time = datetime(2026, 11, 1, 12, tzinfo=UTC)

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0)


class Running:
    """A bot at work, and what belongs to it."""

    def __init__(self, telegram: FakeTelegram, token: str = TOKEN, **options: Any) -> None:
        self.telegram = telegram
        self.answering = options.pop("answering", None) or Answering()
        self.announced: list[str] = []
        self.clock = Clock()
        self.stop = asyncio.Event()
        chosen: dict[str, Any] = {
            "api_url": telegram.url,
            "library": None,
            "affairs": affairs(),
            "sleep": self.clock.sleep,
            "now": lambda: self.clock.time,
            "words": WORDING,
        } | options
        self.bot = TelegramBot(
            token,
            respond=self.answering.respond,
            announce=self.announced.append,
            **chosen,
        )
        self.serving = asyncio.create_task(self.bot.serve(self.stop))

    async def sees(self, condition: Callable[[], object]) -> None:
        """Wait until it's so, or the bot ends."""
        self.serving.add_done_callback(lambda _: self.telegram.wake())
        await asyncio.to_thread(self.telegram.wait, condition, unless=self.serving.done)
        if self.serving.done():
            await self.serving

    async def shows(self, *beginnings: str, chat: int = 1) -> None:
        """Wait until the bot's messages in the chat begin like this."""

        def so() -> bool:
            texts = self.telegram.texts(chat)
            return len(texts) == len(beginnings) and all(map(str.startswith, texts, beginnings))

        await self.sees(so)

    async def rests(self, time: timedelta) -> None:
        """Everything that was asked is answered and recorded, and then some time passes."""
        await self.bot.parts.desk.idle()
        self.clock.time += time

    async def ends(self) -> None:
        self.stop.set()
        await asyncio.wait_for(asyncio.shield(self.serving), SOON)


@asynccontextmanager
async def running(
    telegram: FakeTelegram,
    *,
    folder: Path | None = None,
    stores: Callable[[Stores], Stores] = lambda real: real,
    options: Options | None = None,
    **more: Any,
) -> AsyncIterator[Running]:
    """A bot with a database in a folder, its own if none is given. `stores` may replace some of them."""
    with TemporaryDirectory() as own:
        place = f"sqlite:///{folder or own}/footnote.db"
        async with await open_database(place) as database:
            kept = stores(telegram_stores(database))
            bot = Running(telegram, stores=kept, options=options or OPTIONS, **more)
            try:
                yield bot
            finally:
                bot.answering.let_go.set()
                bot.stop.set()
                await asyncio.wait([bot.serving], timeout=SOON)
