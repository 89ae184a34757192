"""The maintainers' words: fixed sentences from `prompts/wording/<language>.yaml`, each with its digest.

Text files in, frozen values out. A file in an override folder replaces single sentences; whatever is missing, empty or
uses a variable that nobody fills is named with its file before anything starts.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.domain.errors import WordingError

VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True)
class Wording:
    """All fixed sentences of one language by key (`notice.differ`). `digest` tells which words made an answer."""

    sentences: Mapping[str, str]
    language: str
    digest: str

    def say(self, key: str, **values: object) -> str:
        """The sentence of `key` with its variables filled. KeyError for a key that doesn't exist is a bug of ours."""
        return VARIABLE.sub(lambda match: str(values[match.group(1)]), self.sentences[key])


def load_wording(shipped: Path, override: Path | None = None, language: str = "en") -> Wording:
    """Read the shipped wording and, where `override` holds the same file, its sentences instead.

    Raises WordingError with file and line for broken YAML, unknown keys, empty sentences and unknown variables.
    """
    name = f"wording/{language}.yaml"
    base, raw = _read(shipped / name)
    sentences = dict(base)
    if override is not None and (override / name).is_file() and (override / name) != shipped / name:
        changes, more = _read(override / name)
        for key, text in changes.items():
            _check(override / name, more, key, text, base)
        sentences |= changes
        raw += more
    digest = "sha256:" + hashlib.sha256(raw.encode()).hexdigest()
    return Wording(sentences, language, digest)


def _read(path: Path) -> tuple[dict[str, str], str]:
    import yaml

    try:
        raw = path.read_text(encoding="utf-8")
        loaded = yaml.safe_load(raw)
    except FileNotFoundError as error:
        raise WordingError(f"{path} is missing.", remedy="Restore it, or unset FOOTNOTE_PROMPTS.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise WordingError(f"{path} can't be read: {error}.", remedy="Save it as UTF-8 text.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "not valid YAML"
        raise WordingError(f"{path}{line}: {problem}.", remedy="Put sentences in double quotes.") from error
    if not isinstance(loaded, dict):
        raise WordingError(f"{path}: expected keys with sentences.", remedy="Compare it with the shipped file.")
    sentences = _flatten(loaded)
    for key, text in sentences.items():
        if not text.strip():
            raise WordingError(f"{path}, line {_line(raw, key)}: {key} is empty.", remedy="Write a sentence there.")
    return sentences, raw


def _flatten(tree: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            flat |= _flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = "" if value is None else str(value)
    return flat


def _check(path: Path, raw: str, key: str, text: str, base: Mapping[str, str]) -> None:
    where = f"{path}, line {_line(raw, key)}"
    if key not in base:
        raise WordingError(f"{where}: there is no sentence called {key}.", remedy="Compare with the shipped file.")
    allowed, used = set(VARIABLE.findall(base[key])), set(VARIABLE.findall(text))
    if unknown := sorted(used - allowed):
        known = ", ".join(sorted(allowed)) or "none"
        raise WordingError(f"{where}: {key} uses {unknown[0]}, which isn't filled in.", remedy=f"Allowed: {known}.")


def _line(raw: str, key: str) -> int:
    leaf = key.rsplit(".", 1)[-1]
    for number, line in enumerate(raw.splitlines(), 1):
        if line.strip().startswith(f"{leaf}:"):
            return number
    return 1
