"""What the environment may say. Every variable has the prefix `FOOTNOTE_` and may stand in a `.env` file."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from bot.domain.errors import ConfigurationError
from bot.places import shipped, who

EXTRACTIVE = "extractive"
"""The composer that needs no language model."""
SECRETS = Path("/run/secrets")
"""Where Docker and Kubernetes put secrets: a file `footnote_telegram_token` is the setting of that name."""


class Settings(BaseSettings):
    """All settings. Secrets are `SecretStr` and never printed."""

    model_config = SettingsConfigDict(
        env_prefix="FOOTNOTE_", env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True
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
    model_url: str = Field(
        default="", description="Address of an OpenAI-compatible server, with `/v1`; the vendor's own when empty."
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
    database_url: str = Field(
        default="",
        description="Database, such as `postgresql://user:password@host/name`; SQLite in the data folder when empty.",
    )
    telegram_token: SecretStr | None = Field(default=None, description="The bot's token from Telegram's BotFather.")
    webhook_url: str = Field(
        default="",
        description="Public https address at which Telegram calls the bot; it polls instead when empty.",
    )
    webhook_secret: SecretStr | None = Field(
        default=None, description="What Telegram's calls must carry; made anew at each start when empty."
    )
    webhook_listen: str = Field(
        default="127.0.0.1:8080", description="The `host:port` of this machine that the public address leads to."
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
    telegram_api_url: str = Field(
        default="https://api.telegram.org", description="Bot API server; another one for self-hosting and tests."
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
        default=0,
        ge=0,
        description="Days after which conversations, answers and feedback are deleted; 0: they are kept until /forget.",
    )
    mailto: str = Field(
        default="", description="Mail address told to Crossref and PubMed by `footnote knowledge check --online`."
    )
    crossref_url: str = Field(
        default="https://api.crossref.org", description="Crossref's API; another server for mirrors and tests."
    )
    pubmed_url: str = Field(
        default="https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
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
    only_approved: bool = Field(
        default=False, description="Quote only documents that a reviewer has approved (`true` or `false`)."
    )
    answer_words: int = Field(default=170, ge=60, le=400, description="About how many words of claims an answer has.")
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

    @field_validator("telegram_token", "webhook_secret", "model_key", mode="before")
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

    @field_validator("data", "knowledge", "prompts")
    @classmethod
    def _expand(cls, path: Path) -> Path:
        return path.expanduser().absolute()


def load_settings() -> Settings:
    """Read the environment, `.env` and the files of secrets; the first that has a setting counts.

    Raises ConfigurationError that names the variable and what it expects.
    """
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
        first = error.errors()[0]
        name = "FOOTNOTE_" + "_".join(str(part) for part in first["loc"]).upper()
        raise ConfigurationError(
            f"{name} is wrong: {first['msg'].removeprefix('Value error, ')}.",
            remedy="Run `footnote doctor` for all settings and their meaning.",
        ) from error
