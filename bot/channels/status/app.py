"""The operator's addresses: `/healthz`, `/readyz`, `/metrics`. They have a port of their own, never the webhook's."""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels.status.health import Health
from bot.channels.status.metrics import CONTENT_TYPE

Look = Callable[[], Awaitable[Health]]
Expose = Callable[[], Awaitable[bytes]]


def status_app(look: Look, expose: Expose) -> Starlette:
    """`look` finds out how the bot is, `expose` gives its metrics. Neither raises."""

    async def alive(_: Request) -> Response:
        """Answered by the loop that answers questions: where that hangs, nothing comes."""
        return JSONResponse({"alive": True})

    async def ready(_: Request) -> Response:
        health = await look()
        return JSONResponse(dict(health.told()), status_code=200 if health.is_ready else 503)

    async def metrics(_: Request) -> Response:
        return Response(await expose(), headers={"content-type": CONTENT_TYPE})

    pages = {"/healthz": alive, "/readyz": ready, "/metrics": metrics}
    return Starlette(routes=[Route(path, page, methods=["GET"]) for path, page in pages.items()])
