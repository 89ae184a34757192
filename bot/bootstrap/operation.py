"""What an operator has of a running bot: its log, its metrics, its status addresses, and who of several polls."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.bootstrap.health import HealthChecks, TelegramSeen
from bot.bootstrap.measuring import Measuring
from bot.channels.logs import set_up_logs
from bot.channels.status.metrics import Metrics
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.bootstrap import Bot
    from bot.channels.status.traces import Traces
    from bot.channels.telegram.operation import Operation
    from bot.channels.telegram.turns import Lease

STATUS = "FOOTNOTE_STATUS_LISTEN"
log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Operator:
    """`say` takes a line for the operator: into the log where that is JSON, as it is otherwise."""

    settings: Settings
    measuring: Measuring
    say: Callable[[str], None]

    @asynccontextmanager
    async def watching(self, bot: "Bot") -> "AsyncIterator[Operation]":
        """Tell of the bot on the status addresses, if there are any, as long as this is open.

        Raises ConfigurationError where nobody can listen there.
        """
        from bot.channels.telegram.operation import Operation
        from bot.channels.telegram.turns import Alone, Turn

        by_webhook = bool(self.settings.webhook_url)
        seen, metrics = TelegramSeen(by_webhook=by_webhook), self.measuring.metrics
        metrics.polls(is_polling=False)

        def observe(method: str, outcome: str, seconds: float) -> None:
            metrics.called_telegram(method, outcome, seconds)
            seen.called(method, outcome)

        def taken(turn: Turn) -> None:
            metrics.polls(is_polling=turn is Turn.OURS)
            seen.is_standby = turn is not Turn.OURS

        def leaving() -> None:
            seen.is_leaving = True

        lease = None if by_webhook else self._lease(bot)
        try:
            async with self._served(bot, seen):
                yield Operation(observe=observe, turn=taken, lease=lease or Alone(), leaving=leaving)
        finally:
            if self.measuring.traces is not None:
                self.measuring.traces.close()

    @asynccontextmanager
    async def _served(self, bot: "Bot", seen: TelegramSeen) -> AsyncIterator[None]:
        if not self.settings.status_listen:
            yield
            return
        from bot.channels.server import HttpServer, host_and_port
        from bot.channels.status.app import status_app

        assert bot.stores is not None
        checks = HealthChecks(
            settings=self.settings,
            library=bot.library,
            inbox=bot.stores.inbox,
            telegram=seen,
            measuring=self.measuring,
        )
        app = status_app(checks.look, checks.expose)
        server = HttpServer(app, self.settings.status_listen, setting=STATUS)
        server.start()
        host, _ = host_and_port(self.settings.status_listen)
        self.say(f"Health and metrics: http://{f'[{host}]' if ':' in host else host}:{server.port}/readyz")
        try:
            yield
        finally:
            await server.stop()
            checks.close()

    def _lease(self, bot: "Bot") -> "Lease | None":
        token = self.settings.telegram_token
        number = token.get_secret_value().partition(":")[0] if token else ""
        if bot.polling_lease is None or not (number.isascii() and number.isdigit()):
            return None
        return bot.polling_lease(int(number))


def open_operator(settings: Settings, say: Callable[[str], None]) -> Operator:
    """The operator's part of a bot with these settings; sets the log up. `say` prints a line."""
    metrics = Metrics(million_tokens_cost=settings.million_tokens_cost)
    measuring = Measuring(metrics=metrics, traces=_traces(settings.traces_url.get_secret_value()))
    measuring.begin(settings)
    as_json = settings.log_format == "json"
    set_up_logs(as_json=as_json, count=measuring.metrics.logged)
    return Operator(settings=settings, measuring=measuring, say=_log if as_json else say)


def _log(line: str) -> None:
    log.info("%s", line)


def _traces(url: str) -> "Traces | None":
    """Where traces go; nothing of OpenTelemetry is imported for it where they go nowhere."""
    if not url:
        return None
    from bot.channels.status.traces import Traces

    return Traces(url=url)
