"""What one reply can be, each a frozen value; a script is a row of replies, or a function of the request."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, TypeAlias

FAILURES: dict[int, tuple[str, str | None, str]] = {
    400: ("invalid_request_error", None, "The request is not valid."),
    401: ("invalid_request_error", "invalid_api_key", "Incorrect API key provided."),
    403: ("invalid_request_error", "unsupported_country_region_territory", "Not available here."),
    404: ("invalid_request_error", "model_not_found", "The model does not exist or you have no access to it."),
    429: ("requests", "rate_limit_exceeded", "Rate limit reached. Please try again later."),
    500: ("server_error", None, "The server had an error while processing your request."),
    502: ("server_error", None, "Bad gateway."),
    503: ("server_error", None, "The engine is currently overloaded."),
}


@dataclass(frozen=True, kw_only=True)
class Request:
    """One call as it arrived: the parsed body, and the key that came with it."""

    body: dict[str, Any]
    key: str = ""

    @property
    def model(self) -> str:
        return str(self.body.get("model", ""))

    @property
    def streams(self) -> bool:
        return bool(self.body.get("stream"))

    @property
    def wants_usage(self) -> bool:
        """Whether a stream is to end with a usage block."""
        return bool((self.body.get("stream_options") or {}).get("include_usage"))

    @property
    def messages(self) -> tuple[tuple[str, str], ...]:
        """Role and text of each message, in order."""
        return tuple((str(m.get("role", "")), _text(m.get("content"))) for m in self.body.get("messages", ()))

    def said_by(self, role: str) -> tuple[str, ...]:
        """The texts of one role: `system`, `user` or `assistant`."""
        return tuple(text for speaker, text in self.messages if speaker == role)

    @property
    def text(self) -> str:
        """All that the model was told."""
        return "\n\n".join(text for _, text in self.messages)


def _text(content: object) -> str:
    """Content is a string, or a list of parts of which some hold text."""
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


@dataclass(frozen=True)
class Says:
    """A text, streamed in pieces of `chunks` characters or in the given pieces; `done`: whether [DONE] follows.

    `pause` are the seconds before each event of the stream, for measuring beside a model that takes its time.
    """

    text: str
    _: KW_ONLY
    chunks: int | tuple[str, ...] = 24
    usage: bool = True
    finish: str | None = "stop"
    done: bool = True
    pause: float = 0.0

    def __post_init__(self) -> None:
        if isinstance(self.chunks, int) and self.chunks < 1:
            raise ValueError("A chunk has at least one character.")
        if isinstance(self.chunks, tuple) and "".join(self.chunks) != self.text:
            raise ValueError("The chunks together must be the text.")

    @property
    def pieces(self) -> tuple[str, ...]:
        if isinstance(self.chunks, tuple):
            return self.chunks
        return tuple(self.text[at : at + self.chunks] for at in range(0, len(self.text), self.chunks))


@dataclass(frozen=True)
class Refuses:
    """A refusal in the field that OpenAI has for it; the content stays null."""

    refusal: str = "I'm sorry, I can't help with that."


@dataclass(frozen=True)
class Fails:
    """An HTTP error with OpenAI's body. What isn't given is what that status mostly has; `retry_after` in seconds."""

    status: int
    _: KW_ONLY
    code: str | None = None
    message: str | None = None
    param: str | None = None
    retry_after: float | None = None

    @property
    def error(self) -> dict[str, str | None]:
        kind, code, message = FAILURES.get(self.status, ("server_error", None, "Something went wrong."))
        return {
            "message": self.message or message,
            "type": kind,
            "param": self.param,
            "code": self.code or code,
        }


@dataclass(frozen=True)
class Hangs:
    """Silence until the client goes or the server stops: before the first byte, or after this much of the text."""

    after: str | None = None


@dataclass(frozen=True)
class Cuts:
    """The connection ends in the middle of a chunk: of the text's last one, or after a finish reason was sent."""

    text: str
    _: KW_ONLY
    finish: str | None = None


@dataclass(frozen=True)
class Breaks:
    """Status 200, and then an error: as an event of the stream, or as the body when nothing is streamed."""

    text: str
    _: KW_ONLY
    message: str = "The server had an error in the middle of its answer."
    code: str | None = "server_error"


@dataclass(frozen=True)
class Sends:
    """These bytes as the body, whatever was asked for."""

    body: bytes
    _: KW_ONLY
    status: int = 200
    content_type: str = "application/json"


Reply: TypeAlias = Says | Refuses | Fails | Hangs | Cuts | Breaks | Sends
Player: TypeAlias = Callable[[Request], Reply]
Script: TypeAlias = Sequence[Reply | Player] | Player
Scripts: TypeAlias = Script | Mapping[str, Script]
"""One script for every model, or one for each model's name."""


def always(reply: Reply) -> Player:
    """The same reply to every call."""
    return lambda _: reply


def rate_limited(retry_after: float | None = None) -> Fails:
    return Fails(429, retry_after=retry_after)


def out_of_quota() -> Fails:
    """Also a 429, but no waiting helps."""
    return Fails(429, code="insufficient_quota", message="You exceeded your current quota.")


def wrong_key() -> Fails:
    return Fails(401)


def unknown_model(name: str) -> Fails:
    return Fails(404, message=f"The model `{name}` does not exist or you have no access to it.")


def too_long(limit: int = 8192) -> Fails:
    """The prompt has more tokens than the model takes."""
    return Fails(
        400,
        code="context_length_exceeded",
        param="messages",
        message=f"This model's maximum context length is {limit} tokens. Please reduce the length of the messages.",
    )


def filtered() -> Fails:
    """The prompt was stopped by a content filter."""
    return Fails(
        400, code="content_filter", param="prompt", message="The prompt was stopped by the content management policy."
    )


def bad_gateway() -> Sends:
    """What a proxy says whose model is away: a page, no JSON."""
    return Sends(b"<html><body><h1>502 Bad Gateway</h1></body></html>", status=502, content_type="text/html")


def garbled(request: Request) -> Sends:
    """Half a JSON object, as an event of a stream or as the body."""
    half = b'{"id": "chatcmpl-1", "choices": [{"index": 0, "delta": {"content": "Ritu'
    if request.streams:
        return Sends(b"data: " + half + b"\n\n", content_type="text/event-stream")
    return Sends(half)
