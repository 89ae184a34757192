"""Asks Telegram whether the token is good and what it knows of the webhook. Changes nothing there."""

from datetime import UTC, datetime, timedelta

from telegram import Bot, WebhookInfo
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.channels.telegram.calls import redact
from bot.domain.errors import ChannelError

RECENT = timedelta(hours=1)
"""An error of the webhook that is older was got over, most often."""
MANY_WAITING = 100
PATIENCE_S = 10.0


async def examine_telegram(token: str, *, api_url: str, webhook_url: str, now: datetime) -> str:
    """What Telegram says, in a sentence. `webhook_url` is the one of the settings, empty for polling.

    Raises:
        ChannelError: the token is refused, nobody answers, or Telegram has trouble with the webhook.

    """
    base = f"{api_url.rstrip('/')}/bot"
    # As the bot itself: its own connection for `getUpdates` is opened, too, but never used.
    request, unused = (HTTPXRequest(connection_pool_size=1, read_timeout=PATIENCE_S) for _ in range(2))
    try:
        async with Bot(token, base_url=base, request=request, get_updates_request=unused) as bot:
            name, info = bot.username, await bot.get_webhook_info()
    except InvalidToken:
        raise ChannelError(
            "Telegram refuses the token.", remedy="Copy it again from @BotFather into FOOTNOTE_TELEGRAM_TOKEN."
        ) from None
    except TelegramError as error:
        raise ChannelError(
            f"Telegram can't be reached at {api_url} ({redact(str(error), token)}).",
            remedy="Check the network, a proxy, and FOOTNOTE_TELEGRAM_API_URL.",
        ) from None
    return f"the token is that of @{name}; {_webhook(info, webhook_url, now)}"


def _webhook(info: WebhookInfo, wanted: str, now: datetime) -> str:
    waiting = f"{info.pending_update_count} updates wait there"
    if not wanted:
        if not info.url:
            return f"no webhook is set, the bot polls; {waiting}"
        return f"a webhook is set, which `footnote serve` takes away before it polls; {waiting}"
    if info.url != wanted:
        return f"Telegram calls another address or none; `footnote serve` will set FOOTNOTE_WEBHOOK_URL; {waiting}"
    if info.last_error_date is not None and now - info.last_error_date.astimezone(UTC) < RECENT:
        raise ChannelError(
            f"Telegram's last call of the webhook failed ({info.last_error_message}), {waiting}.",
            remedy="Check that the proxy before the bot has a valid certificate and passes the path of "
            "FOOTNOTE_WEBHOOK_URL on to FOOTNOTE_WEBHOOK_LISTEN, and that `footnote serve` runs.",
        )
    if info.pending_update_count > MANY_WAITING:
        raise ChannelError(
            f"The webhook is set, but {waiting}.", remedy="Check that `footnote serve` runs and answers."
        )
    return f"Telegram calls FOOTNOTE_WEBHOOK_URL; {waiting}"
