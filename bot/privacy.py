"""Keeps what is asked from being sent where nobody decided that it goes.

Libraries send traces of questions, or ask hubs for files, as soon as the environment says so: a variable left over from
another program is enough. A question leaves this computer only for Telegram and for the language model that is set,
and its vector for the Chroma server that is set.
"""

from collections.abc import MutableMapping

OFF = {
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "LANGCHAIN_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "LANGSMITH_TRACING_V2": "false",
    "ORT_DISABLE_TELEMETRY": "1",
}
"""Read by LangChain, LangGraph, LangSmith, Chroma, Hugging Face and ONNX Runtime."""
DROPPED: tuple[str, ...] = ("CHROMA_", "LANGCHAIN_", "LANGSMITH_")
"""Beginnings of variables by which these would be told where to send, or to work on a server instead of here."""


def keep_questions_here(environment: MutableMapping[str, str]) -> None:
    """Switch off tracing and telemetry of libraries, whatever the environment says. Call before they are imported."""
    for name in [name for name in environment if name.upper().startswith(DROPPED)]:
        del environment[name]
    environment.update(OFF)
