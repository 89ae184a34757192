"""Which language models count as running elsewhere, and that they can be forbidden."""

import pytest

from bot.bootstrap.external import external_models, is_own_address, refuse_external
from bot.bootstrap.models import open_composer, open_rewriter
from bot.domain.errors import ConfigurationError
from bot.domain.glossary import Glossary
from bot.places import shipped
from bot.prompts import load_set
from bot.settings import Settings


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:8000/v1", "http://127.0.0.1:8000", "127.0.0.1:11434", "http://[::1]:80/v1", "http://ollama:11434",
        "http://10.1.2.3/v1", "http://172.31.0.1", "https://192.168.0.9/v1", "http://[fd00::1]/v1", "unix:///run/model.sock",
        "http://[::ffff:10.0.0.1]/v1", "model_server:80",
    ],
)  # fmt: skip
def test_this_machine_and_its_private_network_are_own(address: str) -> None:
    assert is_own_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "", "https://api.openai.com/v1", "http://8.8.8.8/v1", "http://172.32.0.1", "http://134744072/v1", "http://0x8080808/v1",
        "http://localhost.example.com", "http://ollama@example.com/v1", "http://user:ollama@9.9.9.9", "http://[2001:db8::1]/v1",
        "http://[::ffff:8.8.8.8]/v1", "http://[broken/v1", "http://127.0.0.1.nip.io/v1", "http://010.8.8.8/v1",
    ],
)  # fmt: skip
def test_everything_else_is_not(address: str) -> None:
    assert not is_own_address(address)


def chosen(**settings: str) -> Settings:
    return Settings(external_models="forbidden", **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("settings", "environment"),
    [
        ({}, {}),
        ({"model": "ollama:qwen3:8b"}, {}),
        ({"model": "ollama:qwen3:8b"}, {"OLLAMA_HOST": "ollama:11434"}),
        ({"model": "openai:any", "model_url": "http://localhost:8000/v1"}, {}),
        ({"model": "openai:any"}, {"OPENAI_BASE_URL": "http://10.0.0.2/v1"}),
    ],
)
def test_own_models_are_let_in(settings: dict[str, str], environment: dict[str, str]) -> None:
    assert external_models(chosen(**settings), environment) == ()
    refuse_external(chosen(**settings), environment)


@pytest.mark.parametrize(
    ("settings", "environment", "named"),
    [
        ({"model": "openai:gpt-4.1-mini"}, {}, "openai:gpt-4.1-mini"),
        ({"model": "openai:any", "model_url": "https://models.example.com/v1"}, {}, "openai:any"),
        ({"model": "anthropic:claude-haiku-4-5", "model_url": "http://localhost/v1"}, {}, "anthropic:claude-haiku-4-5"),
        ({"model": "ollama:gpt-oss:120b-cloud"}, {}, "ollama:gpt-oss:120b-cloud"),
        ({"model": "ollama:qwen3:8b"}, {"OLLAMA_HOST": "https://ollama.com"}, "ollama:qwen3:8b"),
        ({"small_model": "groq:any"}, {}, "groq:any"),
        ({"judge_model": "openai:a"}, {}, "openai:a"),
        ({"fallback_model": "openai:a"}, {}, "openai:a"),
    ],
)
def test_others_are_refused_by_name_with_what_to_do(
    settings: dict[str, str], environment: dict[str, str], named: str
) -> None:
    with pytest.raises(ConfigurationError, match=f"FOOTNOTE_EXTERNAL_MODELS is forbidden, and {named} .*=allowed"):
        refuse_external(chosen(**settings), environment)
    refuse_external(chosen(**settings).model_copy(update={"external_models": "allowed"}), environment)


def test_no_model_is_opened_where_it_is_forbidden() -> None:
    words = load_set(shipped("prompts"), shipped("prompts"))
    settings = chosen(small_model="openai:gpt-4.1-mini", model_key="xyzzy")
    for opened in (open_composer, open_rewriter):
        with pytest.raises(ConfigurationError, match="forbidden"):
            opened(settings, Glossary(terms=()), words)
