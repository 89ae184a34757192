"""Whatever the environment says, libraries send no traces and ask no hub."""

from typing import Any, cast

import pytest
from langsmith.utils import get_env_var, tracing_is_enabled

from bot.privacy import OFF, keep_questions_here

REMEMBERED = cast("Any", get_env_var)


@pytest.mark.parametrize("name", ["LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2"])
def test_langsmith_stays_off_where_a_variable_would_switch_it_on(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "true")
    REMEMBERED.cache_clear()
    assert tracing_is_enabled()  # Else the rest would prove nothing.
    environment = {name: "true", "PATH": "/bin"}
    keep_questions_here(environment)
    for switch, off in environment.items():
        monkeypatch.setenv(switch, off)
    REMEMBERED.cache_clear()
    assert not tracing_is_enabled()
    REMEMBERED.cache_clear()


def test_addresses_of_their_servers_are_dropped_and_nothing_else_is() -> None:
    environment = {
        "CHROMA_API_IMPL": "chromadb.api.fastapi.FastAPI",
        "CHROMA_OTEL_COLLECTION_ENDPOINT": "http://collector:4317",
        "LANGCHAIN_ENDPOINT": "https://example.org",
        "langsmith_runs_endpoints": "{}",
        "OPENAI_API_KEY": "key",
        "HTTPS_PROXY": "http://proxy:3128",
    }
    keep_questions_here(environment)
    assert environment == OFF | {"OPENAI_API_KEY": "key", "HTTPS_PROXY": "http://proxy:3128"}
