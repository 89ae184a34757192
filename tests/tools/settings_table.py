"""Writes the reference of all settings, from the settings themselves: group, variable, meaning, default, example."""

from collections.abc import Iterator

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bot.settings import Settings

GROUPS = {
    "Library and words": (
        "knowledge", "prompts", "only_approved", "embeddings", "mailto", "crossref_url", "pubmed_url",
    ),
    "Answers": ("answer_words", "max_message_length", "country", "identifiers"),
    "Language models": (
        "model", "model_url", "model_key", "fallback_model", "judge_model", "small_model", "model_patience", "context",
        "context_tokens", "external_models", "daily_tokens_per_user", "daily_tokens", "million_tokens_cost",
    ),
    "Telegram": (
        "telegram_token", "admins", "allowed_chats", "protect_content", "questions_per_minute",
        "chat_questions_per_minute", "questions_per_day", "concurrent_questions", "answering_processes", "webhook_url",
        "webhook_secret",
        "webhook_listen", "telegram_api_url",
    ),
    "What is kept, and where": ("data", "database_url", "chroma_url", "chroma_token", "hash_key", "retention_days"),
    "Operation": ("status_listen", "traces_url", "log_format"),
}  # fmt: skip
OTHER = "Other"
EXAMPLES = {
    "admins": "123456789,987654321",
    "allowed_chats": "123456789,-1001234567890",
    "answer_words": "120",
    "chat_questions_per_minute": "60",
    "answering_processes": "2",
    "chroma_token": "what the proxy before the server asks for",
    "chroma_url": "http://chroma:8000",
    "concurrent_questions": "16",
    "context": "library",
    "context_tokens": "100000",
    "country": "DE",
    "crossref_url": "http://mirror:8080",
    "daily_tokens": "5000000",
    "daily_tokens_per_user": "50000",
    "data": "/var/lib/footnote",
    "database_url": "postgresql://footnote:password@database/footnote",
    "embeddings": "minilm",
    "external_models": "forbidden",
    "fallback_model": "anthropic:claude-haiku-4-5",
    "hash_key": "what `openssl rand -hex 32` gives",
    "identifiers": "presidio",
    "judge_model": "ollama:bespoke-minicheck",
    "knowledge": "/srv/library",
    "log_format": "json",
    "mailto": "library@example.org",
    "max_message_length": "4000",
    "million_tokens_cost": "0.8",
    "model": "openai:gpt-4.1-mini",
    "model_key": "sk-…",
    "model_patience": "40",
    "model_url": "http://localhost:8000/v1",
    "only_approved": "true",
    "prompts": "/srv/words",
    "protect_content": "true",
    "pubmed_url": "http://mirror:8081",
    "questions_per_day": "50",
    "questions_per_minute": "3",
    "retention_days": "7",
    "small_model": "ollama:qwen3:8b",
    "status_listen": "127.0.0.1:8081",
    "telegram_api_url": "http://localhost:8082",
    "telegram_token": "123456:ABC…",
    "traces_url": "http://localhost:4318/v1/traces",
    "webhook_listen": "0.0.0.0:8080",
    "webhook_secret": "what `openssl rand -hex 32` gives",
    "webhook_url": "https://bot.example.org/telegram",
}
"""One that differs from the default, for each setting."""
MADE = {"knowledge": "the shipped one", "prompts": "the shipped one"}
"""Defaults that are made at the start."""


def tell_settings() -> str:
    """A heading and a table for each group; a setting without a group stands under the last heading."""
    grouped = {name for names in GROUPS.values() for name in names}
    others = tuple(name for name in Settings.model_fields if name not in grouped)
    groups = GROUPS | ({OTHER: others} if others else {})
    return "\n\n".join("\n".join(_table(title, names)) for title, names in groups.items())


def _table(title: str, names: tuple[str, ...]) -> Iterator[str]:
    yield f"**{title}**\n"
    yield "| variable | meaning | default | example |"
    yield "|---|---|---|---|"
    for name in names:
        field = Settings.model_fields[name]
        meaning = (field.description or "").removesuffix(".").replace("|", "\\|")
        example = EXAMPLES.get(name, "`–`")
        told = example if "`" in example else f"`{example}`"
        yield f"| `FOOTNOTE_{name.upper()}` | {meaning} | {MADE.get(name) or _default(field)} | {told} |"


def _default(field: FieldInfo) -> str:
    value = field.default
    assert value is not PydanticUndefined, "say in MADE what is made"
    value = value.get_secret_value() if hasattr(value, "get_secret_value") else value
    if value is None or value in ("", frozenset()):
        return "–"
    return f"`{str(value).lower() if isinstance(value, bool) else f'{value:g}' if isinstance(value, float) else value}`"
