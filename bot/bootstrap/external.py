"""Which language models run elsewhere, and whether those may be used."""

import os
import re
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from bot.domain.answers import EXTRACTIVE
from bot.domain.errors import ConfigurationError
from bot.settings import Settings

PRIVATE = tuple(
    ip_network(network)
    for network in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7", "fe80::/10")
)
PLAIN_HOST = re.compile(r"[a-z_][a-z0-9_-]*", re.IGNORECASE)
"""A name without dots is one of this network, as Docker Compose gives them. It begins with a letter: a number would be
an address in disguise."""
CLOUD = re.compile(r"[:-]cloud$")
"""Ollama hands models of these names on to its own servers."""


def language_models(settings: Settings) -> tuple[str, ...]:
    """The language models that are sent questions, each once, the one that writes first."""
    named = (settings.model, settings.fallback_model, settings.judge_model, settings.small_model)
    return tuple(dict.fromkeys(name for name in named if name not in {"", EXTRACTIVE}))


def external_models(settings: Settings, environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Those of them that aren't known to run on this machine or in its private network."""
    url = settings.model_url.get_secret_value()
    return tuple(name for name in language_models(settings) if not _is_own(name, url, environment))


def refuse_external(settings: Settings, environment: Mapping[str, str] = os.environ) -> None:
    """Raise ConfigurationError where models that run elsewhere are set and forbidden."""
    if settings.external_models == "allowed":
        return
    if elsewhere := external_models(settings, environment):
        raise ConfigurationError(
            f"FOOTNOTE_EXTERNAL_MODELS is forbidden, and {', '.join(elsewhere)} would be sent questions elsewhere.",
            remedy="Name a model of your own server (ollama:…, or openai:… with FOOTNOTE_MODEL_URL), leave it out, or "
            "set FOOTNOTE_EXTERNAL_MODELS=allowed.",
        )


def is_own_address(address: str) -> bool:
    """Does an address such as `http://ollama:11434/v1` or `127.0.0.1:11434` lead to this machine or its network?"""
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    if parts.scheme in {"unix", "http+unix"} or host == "localhost" or PLAIN_HOST.fullmatch(host):
        return True
    try:
        numbered = ip_address(host)
    except ValueError:
        return False
    numbered = getattr(numbered, "ipv4_mapped", None) or numbered
    return any(numbered in network for network in PRIVATE if network.version == numbered.version)


def _is_own(name: str, url: str, environment: Mapping[str, str]) -> bool:
    """Whoever isn't known to run here runs elsewhere."""
    match name.partition(":")[0]:
        case "ollama":
            at = environment.get("OLLAMA_HOST", "")
            return not CLOUD.search(name) and (not at or at.startswith("0.0.0.0") or is_own_address(at))  # noqa: S104
        case "openai":
            at = url or environment.get("OPENAI_API_BASE", "") or environment.get("OPENAI_BASE_URL", "")
            return bool(at) and is_own_address(at)
        case _:
            return False
