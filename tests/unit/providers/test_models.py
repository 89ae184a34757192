"""A model is opened by its name, and what is missing is said with its remedy."""

import sys
import types
from collections.abc import Iterator
from typing import Any

import pytest

from bot.domain.errors import ConfigurationError
from bot.providers.models import open_model
from tests.scripted_model import ScriptedModel


@pytest.mark.parametrize("name", ["gpt-4o", "openai:", ":x", "  :  "])
def test_a_name_without_provider_and_model_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match="provider:model"):
        open_model(name, timeout=1)


def test_a_provider_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="no provider “nobody”"):
        open_model("nobody:model", timeout=1)


@pytest.mark.parametrize(
    ("name", "package"),
    [("openai:x", "langchain-openai"), ("anthropic:x", "langchain-anthropic"), ("ollama:x:8b", "langchain-ollama")],
)
def test_a_missing_package_is_named_with_the_command_that_installs_it(
    name: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package.replace("-", "_"), None)
    forget_what_was_opened()
    with pytest.raises(ConfigurationError, match=f"pip install {package}"):
        open_model(name, timeout=1)


def forget_what_was_opened() -> None:
    from langchain.chat_models import base

    base._get_chat_model_creator.cache_clear()


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """A stand-in for a vendor's package; gives the options that its model was made with."""
    options: dict[str, Any] = {}

    def chat(**kwargs: Any) -> ScriptedModel:
        options.update(kwargs)
        if kwargs["model"] == "no-key":
            raise OSError("key sk-secret is wrong")
        if kwargs["model"] == "bad-value":
            raise ValueError("key sk-secret is empty")
        return ScriptedModel()

    for package, name in (("langchain_openai", "ChatOpenAI"), ("langchain_ollama", "ChatOllama")):
        module = types.ModuleType(package)
        setattr(module, name, chat)
        monkeypatch.setitem(sys.modules, package, module)
    forget_what_was_opened()
    yield options
    forget_what_was_opened()


def test_a_model_is_opened_with_a_time_limit_and_no_tries_of_its_own(vendor: dict[str, Any]) -> None:
    assert isinstance(open_model("openai:gpt-4.1-mini", timeout=7), ScriptedModel)
    assert vendor == {"model": "gpt-4.1-mini", "timeout": 7, "max_retries": 0, "temperature": 0.0}


def test_a_local_model_keeps_the_colon_in_its_name(vendor: dict[str, Any]) -> None:
    open_model("ollama:qwen3:8b", timeout=7)
    assert vendor == {"model": "qwen3:8b", "client_kwargs": {"timeout": 7}, "temperature": 0.0}


def test_a_model_with_a_temperature_of_its_own_keeps_it(vendor: dict[str, Any]) -> None:
    open_model("openai:o4-mini", timeout=7)
    assert "temperature" not in vendor


@pytest.mark.parametrize("name", ["openai:no-key", "openai:bad-value"])
def test_a_model_that_cannot_be_opened_names_the_variable_of_its_key_and_no_secret(
    name: str, vendor: dict[str, Any]
) -> None:
    with pytest.raises(ConfigurationError, match="OPENAI_API_KEY") as caught:
        open_model(name, timeout=7)
    assert "sk-secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "option"), [("openai:gpt-4.1-mini", "max_tokens"), ("ollama:qwen3:8b", "num_predict")]
)
def test_the_most_that_a_model_may_write_is_told_in_its_vendors_terms(
    name: str, option: str, vendor: dict[str, Any]
) -> None:
    open_model(name, timeout=7, max_tokens=300)
    assert vendor[option] == 300
