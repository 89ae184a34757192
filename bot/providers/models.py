"""Language models by name. The only place that loads a vendor's package, and only once a model is asked for."""

import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from bot.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

EXAMPLES = "openai:gpt-4.1-mini, anthropic:claude-haiku-4-5 or ollama:qwen3:8b"
KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
TALKATIVE = ("openai", "anthropic", "ollama", "httpx", "httpcore")
"""At their finer levels these log whole requests, with the question and the key."""
# These take no temperature but their own, and refuse a call that names one.
OWN_TEMPERATURE = re.compile(r"^openai:(?:o\d|gpt-5)")


@dataclass(frozen=True, kw_only=True)
class Connection:
    """How models are reached: an OpenAI-compatible server and its key, or the vendors' own where these are empty.

    `patience`: seconds that a model may stay silent.
    """

    url: str = ""
    key: SecretStr | None = None
    patience: float = 20.0


def open_model(
    name: str,
    *,
    timeout: float,
    temperature: float = 0.0,
    max_tokens: int | None = None,
    connection: Connection | None = None,
) -> "BaseChatModel":
    """The chat model of a LangChain name such as `openai:gpt-4.1-mini`; `timeout` in seconds for one call.

    `max_tokens` is the most that it may write; None for its provider's own limit.

    Nothing is sent. Raises ConfigurationError for a name that nobody knows, a package that isn't installed, or a model
    that can't be opened, most often for want of its key.
    """
    provider, colon, model = name.partition(":")
    if not (provider and colon and model.strip()):
        raise ConfigurationError(
            f"“{name}” names no language model.", remedy=f"Write provider:model, such as {EXAMPLES}."
        )
    from langchain.chat_models import init_chat_model

    options = _options(name, timeout, temperature, connection)
    if max_tokens is not None:
        options["num_predict" if provider == "ollama" else "max_tokens"] = max_tokens
    try:
        opened: BaseChatModel = init_chat_model(model, model_provider=provider, **options)
    except ImportError as error:
        found = re.search(r"pip install [\w-]+", str(error))
        command = found.group() if found else f"pip install langchain-{provider.replace('_', '-')}"
        raise ConfigurationError(
            f"The model {name} needs a package that isn't installed.",
            remedy=f"Run `{command}` in Footnote's environment.",
        ) from error
    except ValueError as error:
        if "provider" not in str(error):
            raise _not_opened(name, error) from error
        raise ConfigurationError(
            f"There is no provider “{provider}” of language models.",
            remedy=f"Write provider:model, such as {EXAMPLES}.",
        ) from error
    except Exception as error:
        # Each vendor has errors of its own. Their text may hold a key, so only their name is told.
        raise _not_opened(name, error) from error
    for library in TALKATIVE:
        logging.getLogger(library).setLevel(logging.WARNING)
    return opened


def _options(name: str, timeout: float, temperature: float, connection: Connection | None) -> dict[str, Any]:
    """What each vendor calls a time limit. Whoever asks decides about a second try, so the packages make none."""
    options: dict[str, Any] = {} if OWN_TEMPERATURE.match(name) else {"temperature": temperature}
    provider = name.partition(":")[0]
    if provider in KEYS:
        options |= {"timeout": timeout, "max_retries": 0}
    elif provider == "ollama":
        options["client_kwargs"] = {"timeout": timeout}
    if provider == "openai" and connection is not None:
        # A server of one's own counts tokens only when asked to, and often wants no key; the package insists on one.
        options["stream_usage"] = True
        if connection.url:
            options |= {"base_url": connection.url, "api_key": connection.key or SecretStr("none")}
        elif connection.key:
            options["api_key"] = connection.key
    return options


def _not_opened(name: str, error: Exception) -> ConfigurationError:
    key = KEYS.get(name.partition(":")[0])
    remedy = f"Is its key in the environment ({key})?" if key else "Check its name and what its provider needs."
    return ConfigurationError(f"The model {name} can't be opened: {type(error).__name__}.", remedy=remedy)
