"""What the environment may say. Every variable has the prefix `FOOTNOTE_` and may stand in a `.env` file."""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from bot.domain.addresses import without_credentials
from bot.domain.answers import EXTRACTIVE
from bot.domain.errors import ConfigurationError
from bot.domain.keeping import RETENTION_DAYS
from bot.domain.misspelt import misspelt
from bot.places import shipped, who

PREFIX, ENV_FILE = "FOOTNOTE_", ".env"
HASH_KEY_LENGTH = 32
"""Characters of a key that can't be found by trying."""
SECRETS = Path("/run/secrets")
"""Where Docker and Kubernetes put secrets: a file `footnote_telegram_token` is the setting of that name."""
ASSIGNED = re.compile(r"^\s*(?:export\s+)?(\w+)\s*=", re.MULTILINE)
EXPECTED = {
    "bool_parsing": "write `true` or `false`",
    "int_parsing": "write a whole number",
    "float_parsing": "write a number",
    "greater_than_equal": "write {ge} or more",
    "less_than_equal": "write {le} or less",
    "literal_error": "write {expected}",
}
"""What a setting expects, by the kind of fault that pydantic found."""
REMEDY = "Mend it in the environment, in `.env` or in the file of a secret; the README lists all settings."


class SecretUrl(SecretStr):
    """An address that may hold a password: shown without it, whole only to whoever asks for the secret."""

    def _display(self) -> str:
        return without_credentials(self.get_secret_value())


class Settings(BaseSettings):
    """All settings. Secrets are `SecretStr` or `SecretUrl` and never printed."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=ENV_FILE, extra="ignore", frozen=True, env_ignore_empty=True
    )

    knowledge: Path = Field(default_factory=lambda: shipped("knowledge"), description="Folder of the library.")
    prompts: Path = Field(
        default_factory=lambda: shipped("prompts"),
        description="Folder of prompts and fixed sentences; may hold only the files and sentences that it overrides.",
    )
    data: Path = Field(default=Path("data"), description="Folder for the index and the embedded database.")
    model: str = Field(
        default=EXTRACTIVE,
        description="Who composes answers: `extractive` quotes the documents; or a language model, such as `openai:…`, "
        "`anthropic:…` or `ollama:…`.",
    )
    fallback_model: str = Field(
        default="", description="Language model that is asked when the first one fails; none when empty."
    )
    judge_model: str = Field(
        default="",
        description="Language model that reads each claim beside its passages and may withhold it; none when empty.",
    )
    model_url: SecretUrl = Field(
        default=SecretUrl(""),
        description="Address of an OpenAI-compatible server, with `/v1`; the vendor's own when empty.",
    )
    model_key: SecretStr | None = Field(
        default=None, description="Key for that server; the vendor's own variable, such as `OPENAI_API_KEY`, else."
    )
    model_patience: float = Field(
        default=20.0, ge=1, le=60, description="Seconds that a language model may stay silent before it counts as down."
    )
    context: Literal["passages", "library"] = Field(
        default="passages",
        description="What a language model reads: the `passages` found, or the whole `library` where it fits.",
    )
    context_tokens: int = Field(
        default=60_000, ge=1_000, le=2_000_000, description="About how many tokens a library may have to be read whole."
    )
    small_model: str = Field(
        default="",
        description="Language model that helps to understand follow-ups, such as `ollama:qwen3:8b`; none when empty.",
    )
    embeddings: Literal["minilm"] = Field(default="minilm", description="The embedding model: `minilm` is built in.")
    identifiers: Literal["embedded", "presidio"] = Field(
        default="embedded",
        description="Who finds names and other identifiers: `embedded` is built in; `presidio` stands beside it.",
    )
    database_url: SecretUrl = Field(
        default=SecretUrl(""),
        description="Database, such as `postgresql://user:password@host/name`; SQLite in the data folder when empty.",
    )
    chroma_url: SecretUrl = Field(
        default=SecretUrl(""),
        description="Chroma server on which replicas share one index, such as http://chroma:8000; each has an index of "
        "its own in the data folder when empty.",
    )
    chroma_token: SecretStr | None = Field(
        default=None,
        description="What requests to that server carry, as `Authorization: Bearer` and as `X-Chroma-Token`: Chroma's "
        "own server asks for none, a proxy before it or Chroma Cloud does.",
    )
    telegram_token: SecretStr | None = Field(default=None, description="The bot's token from Telegram's BotFather.")
    webhook_url: SecretUrl = Field(
        default=SecretUrl(""),
        description="Public https address at which Telegram calls the bot; it polls instead when empty.",
    )
    webhook_secret: SecretStr | None = Field(
        default=None, description="What Telegram's calls must carry; made from the hash key when empty."
    )
    webhook_listen: str = Field(
        default="127.0.0.1:8080", description="The `host:port` of this machine that the public address leads to."
    )
    status_listen: str = Field(
        default="",
        description="The `host:port` of `/healthz`, `/readyz` and `/metrics`, such as 127.0.0.1:8081; none when empty.",
    )
    traces_url: SecretUrl = Field(
        default=SecretUrl(""),
        description="Collector of yours that `serve` sends traces to (OTLP over HTTP), such as "
        "`http://localhost:4318/v1/traces`: times, never words; none when empty.",
    )
    log_format: Literal["text", "json"] = Field(
        default="text",
        description="How `serve` logs: `text` for warnings in readable lines, `json` for every event, one object each.",
    )
    million_tokens_cost: float = Field(
        default=0.0,
        ge=0,
        description="Price of a million tokens in a currency of yours, for `/metrics`; 0 when unknown.",
    )
    questions_per_minute: int = Field(
        default=6, ge=1, le=1000, description="Questions that one user may ask within a minute."
    )
    chat_questions_per_minute: int = Field(
        default=20, ge=1, le=10_000, description="Questions that may be asked within a minute in one chat."
    )
    questions_per_day: int = Field(
        default=200, ge=0, description="Questions that one user may ask a day; 0 for no limit."
    )
    protect_content: bool = Field(
        default=False, description="Keep answers from being forwarded or saved (`true` or `false`)."
    )
    telegram_api_url: SecretUrl = Field(
        default=SecretUrl("https://api.telegram.org"),
        description="Bot API server; another one for self-hosting and tests.",
    )
    admins: Annotated[frozenset[int], NoDecode] = Field(
        default=frozenset(),
        description="Telegram numbers of those who may use /status, /review, /gaps and /reload, with commas between.",
    )
    allowed_chats: Annotated[frozenset[int], NoDecode] = Field(
        default=frozenset(),
        description="Telegram numbers of the chats that are served, with commas between; every chat when empty.",
    )
    retention_days: int = Field(
        default=RETENTION_DAYS,
        ge=0,
        le=3650,
        description="Days after which conversations, answers and feedback are deleted; 0: they are kept until /forget.",
    )
    country: str = Field(
        default="",
        description="Country whose emergency number is told, such as `DE`; by the chat's language when empty.",
    )
    mailto: str = Field(
        default="", description="Mail address told to Crossref and PubMed by `footnote knowledge check --online`."
    )
    crossref_url: SecretUrl = Field(
        default=SecretUrl("https://api.crossref.org"),
        description="Crossref's API; another server for mirrors and tests.",
    )
    pubmed_url: SecretUrl = Field(
        default=SecretUrl("https://eutils.ncbi.nlm.nih.gov/entrez/eutils"),
        description="PubMed's E-utilities; another server for mirrors and tests.",
    )
    max_message_length: int = Field(
        default=12_000, ge=200, le=100_000, description="Characters of a message that are read; the rest is left out."
    )
    daily_tokens_per_user: int = Field(
        default=200_000,
        ge=0,
        description="Tokens of language models that one user's questions may cost a day; 0 for no limit.",
    )
    daily_tokens: int = Field(
        default=0,
        ge=0,
        description="Tokens of language models that all questions together may cost a day; 0 for no limit.",
    )
    hash_key: SecretStr | None = Field(
        default=None,
        description="Secret under which users and chats are stored, at least 32 characters; the same for all that "
        "share a database. Made once and kept beside the database when empty.",
    )
    external_models: Literal["allowed", "forbidden"] = Field(
        default="allowed",
        description="Whether language models, and a Chroma server, outside this machine and its private network may be "
        "used (`allowed`) or not (`forbidden`).",
    )
    only_approved: bool = Field(
        default=False, description="Quote only documents that a reviewer has approved (`true` or `false`)."
    )
    answer_words: int = Field(default=170, ge=60, le=400, description="About how many words of claims an answer has.")
    answering_processes: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Processes in which `serve` makes answers without a language model, each with the library in its "
        "own memory; with 1 it makes them itself.",
    )
    concurrent_questions: int = Field(default=8, ge=1, le=256, description="Questions that are answered at once.")

    @field_validator("model", "fallback_model", "judge_model", "small_model")
    @classmethod
    def _named(cls, name: str, info: ValidationInfo) -> str:
        """A model has a provider and a name; only answers can be made without one."""
        without = {"", EXTRACTIVE} if info.field_name == "model" else {""}
        provider, _, model = name.partition(":")
        if name not in without and not (provider.strip() and model.strip()):
            expected = "`extractive` or provider:model" if EXTRACTIVE in without else "provider:model"
            raise ValueError(
                f"write {expected}, such as openai:gpt-4.1-mini, anthropic:claude-haiku-4-5 or ollama:qwen3:8b"
            )
        return name or (EXTRACTIVE if EXTRACTIVE in without else "")

    @field_validator("traces_url")
    @classmethod
    def _address(cls, url: SecretUrl) -> SecretUrl:
        """A collector that nobody can reach would be noticed too late."""
        parts = urlsplit(url.get_secret_value())
        if url and not (parts.scheme in {"http", "https"} and parts.hostname):
            raise ValueError("write the whole address, such as http://localhost:4318/v1/traces")
        return url

    @field_validator("hash_key")
    @classmethod
    def _long_enough(cls, key: SecretStr | None) -> SecretStr | None:
        """A short secret could be found by trying."""
        if key is not None and len(key.get_secret_value()) < HASH_KEY_LENGTH:
            raise ValueError(f"write at least {HASH_KEY_LENGTH} characters, such as `openssl rand -hex 32` gives")
        return key

    @field_validator("chroma_url")
    @classmethod
    def _of_server(cls, url: SecretUrl) -> SecretUrl:
        """An address with a host, and nothing after its path."""
        try:
            parts = urlsplit(url.get_secret_value())
            is_good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_good = False
        if url and not (is_good and not parts.query and not parts.fragment):
            raise ValueError("write http://host:port or https://host:port, such as http://chroma:8000")
        return url

    @field_validator("webhook_url")
    @classmethod
    def _callable(cls, url: SecretUrl) -> SecretUrl:
        """Telegram calls https only; a Bot API server of one's own may call this machine as it likes."""
        try:
            parts = urlsplit(url.get_secret_value())
            host = parts.hostname or ""
        except ValueError:
            host = ""
        is_here = bool(host) and ("." not in host or host.startswith("127."))
        if url and not (host and (parts.scheme == "https" or (parts.scheme == "http" and is_here))):
            raise ValueError("write the public https address, such as https://bot.example.org/telegram")
        return url

    @field_validator("webhook_secret")
    @classmethod
    def _sendable(cls, secret: SecretStr | None) -> SecretStr | None:
        """What Telegram sends in a header: https://core.telegram.org/bots/api#setwebhook."""
        if secret is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):
            raise ValueError("write up to 256 letters, digits, _ and -, such as `openssl rand -hex 32` gives")
        return secret

    @field_validator("telegram_token", "webhook_secret", "model_key", "chroma_token", mode="before")
    @classmethod
    def _filled(cls, secret: object) -> object:
        """The file of a secret that nobody filled in is none."""
        return secret or None

    @field_validator("admins", "allowed_chats", mode="before")
    @classmethod
    def _numbers(cls, listed: object) -> object:
        """Numbers with commas between; a name, which its owner may change, is none."""
        if not isinstance(listed, str):
            return listed
        try:
            return frozenset(int(part) for part in listed.split(",") if part.strip())
        except ValueError:
            raise ValueError("write Telegram's numbers with commas between, such as 123456789,-1001234567890") from None

    @field_validator("country")
    @classmethod
    def _country(cls, code: str) -> str:
        """The two letters of ISO 3166, in capitals."""
        if not re.fullmatch(r"([A-Za-z]{2})?", code.strip()):
            raise ValueError("write a country's two letters, such as DE, GB or US")
        return code.strip().upper()

    @field_validator("data", "knowledge", "prompts")
    @classmethod
    def _expand(cls, path: Path) -> Path:
        try:
            return path.expanduser().absolute()
        except RuntimeError:
            raise ValueError(
                f"nobody here is called {path.parts[0].removeprefix('~')}; write the folder's whole path"
            ) from None


def load_settings() -> Settings:
    """Read the environment, `.env` and the files of secrets; the first that has a setting counts.

    Raises ConfigurationError that names each wrong variable and what it expects, or what a misspelt one should be.
    """
    _refuse_misspelt()
    try:
        return Settings(_secrets_dir=SECRETS if SECRETS.is_dir() else None)  # type: ignore[call-arg]
    except SettingsError as error:
        if not isinstance(fault := error.__cause__, OSError):
            raise
        raise ConfigurationError(
            f"{fault.filename} can't be read: {fault.strerror}.",
            remedy=f"Let the user that Footnote runs as{who()} read it: chown or chmod it where it comes from.",
        ) from error
    except ValidationError as error:
        told = " ".join(f"{_variable(fault)} is wrong: {_expected(fault)}." for fault in error.errors())
        raise ConfigurationError(told, remedy=REMEDY) from error


def _variable(fault: Mapping[str, Any]) -> str:
    return PREFIX + "_".join(str(part) for part in fault["loc"]).upper()


def _expected(fault: Mapping[str, Any]) -> str:
    said = EXPECTED.get(fault["type"])
    return said.format(**fault.get("ctx", {})) if said else str(fault["msg"]).removeprefix("Value error, ")


def _refuse_misspelt() -> None:
    """A setting that is silently left out might be the one that keeps strangers out.

    What is like no setting may be somebody else's: Kubernetes sets variables with the names of services.
    """
    names = {*os.environ}
    with suppress(OSError):
        names |= {*ASSIGNED.findall(Path(ENV_FILE).read_text(encoding="utf-8", errors="replace"))}
    with suppress(OSError):
        names |= {file.name for file in SECRETS.iterdir()}
    ours = {name.upper().removeprefix(PREFIX) for name in names if name.upper().startswith(PREFIX)}
    if found := misspelt(sorted(ours), [name.upper() for name in Settings.model_fields]):
        told = " ".join(
            f"There is no setting {PREFIX}{name}; {PREFIX}{meant} may be meant." for name, meant in found.items()
        )
        raise ConfigurationError(told, remedy=REMEDY)
