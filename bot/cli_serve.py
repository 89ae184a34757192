"""The commands `footnote serve` and `footnote demo`: the Telegram bot, with Telegram and without."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli_opening import opened_bot, say, settings_now
from bot.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from bot.channels.telegram.joining import Options
    from bot.settings import Settings

AT_WORK = max(2, os.cpu_count() or 2)


def serve() -> None:
    """Run the Telegram bot: by webhook where FOOTNOTE_WEBHOOK_URL is set, by long polling otherwise."""
    asyncio.run(_serve(settings_now()))


def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the page; 0 takes a free one.")] = 0,
) -> None:
    """Talk to the Telegram bot in a browser, on this computer, without Telegram."""
    from bot.demo.page import open_demo

    with open_demo(port) as page:
        print(f"Open {page.url} in a browser. Press Ctrl-C to stop.", flush=True)
        asyncio.run(_serve(page.settings(settings_now())))


async def _serve(settings: "Settings") -> None:
    # More threads than processors only take turns at Python's lock, and let placeholders wait.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(max_workers=AT_WORK))
    from bot.bootstrap.affairs import open_affairs
    from bot.channels.telegram.serving import serve as serve_telegram
    from bot.heartbeat import beating, forget_beats
    from bot.settings import SECRETS

    if settings.telegram_token is None:
        raise ConfigurationError(
            "FOOTNOTE_TELEGRAM_TOKEN is not set.",
            remedy="Get a token from @BotFather in Telegram and set it, "
            f"or put it into the file {SECRETS / 'footnote_telegram_token'}.",
        )
    from bot.bootstrap.operation import open_operator

    operator = open_operator(settings, say)
    measuring = operator.measuring
    forget_beats(settings.data)
    async with opened_bot(settings, operator=operator, in_processes=True) as bot, beating(settings.data):
        assert bot.stores is not None
        async with operator.watching(bot) as operation:
            await serve_telegram(
                settings.telegram_token.get_secret_value(),
                api_url=settings.telegram_api_url.get_secret_value(),
                respond=measuring.respond(bot.service.respond),
                stores=measuring.stores(bot.stores),
                library=bot.library,
                affairs=open_affairs(settings, bot),
                words=bot.words,
                options=_telegram_options(settings, bot.secret),
                announce=operator.say,
                operation=operation,
            )


def _telegram_options(settings: "Settings", shared_secret: Callable[[str], str] | None) -> "Options":
    from bot.channels.telegram.joining import Options, Webhook
    from bot.channels.telegram.limits import Limits
    from bot.settings import EXTRACTIVE

    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    if not secret and shared_secret is not None and settings.telegram_token is not None:
        # Telegram knows one secret, the last that it was told: processes side by side must not each make their own.
        secret = shared_secret(f"webhook of {settings.telegram_token.get_secret_value()}")
    url = settings.webhook_url.get_secret_value()
    webhook = Webhook(url=url, listen=settings.webhook_listen, secret=secret)
    # Without a language model an answer is nothing but computing: more at once would only be slower.
    # A process has the next question while it answers one, and others are read and recorded meanwhile.
    computed = AT_WORK if settings.answering_processes == 1 else 4 * settings.answering_processes
    most = computed if settings.model == EXTRACTIVE else settings.concurrent_questions
    return Options(
        admins=settings.admins,
        allowed_chats=settings.allowed_chats,
        limits=Limits(
            user_a_minute=settings.questions_per_minute,
            chat_a_minute=settings.chat_questions_per_minute,
            user_a_day=settings.questions_per_day,
        ),
        retention_days=settings.retention_days,
        protect_content=settings.protect_content,
        webhook=webhook if url else None,
        at_once=min(most, settings.concurrent_questions),
    )
