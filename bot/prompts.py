"""The maintainers' words: fixed sentences from `prompts/wording/<language>.yaml`, prompts from `prompts/<id>.md`.

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


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """What a language model is told, in two parts. `digest` tells which words they were, `role` whose."""

    id: str
    version: int
    system: str
    user: str
    variables: tuple[str, ...]
    digest: str
    role: str = "main"
    temperature: float = 0.0

    def render(self, **values: str) -> tuple[str, str]:
        """Both parts with their variables filled; what a value holds is never substituted again."""
        system, user = (VARIABLE.sub(lambda match: values[match.group(1)], part) for part in (self.system, self.user))
        return system, user


PROMPT_KEYS = ("id", "version", "description", "variables", "output", "model", "must_contain")
PROMPT_PARTS = re.compile(r"\A# System[ \t]*\n(?P<system>.+?)^# User[ \t]*\n(?P<user>.+)\Z", re.MULTILINE | re.DOTALL)


def load_prompt(shipped: Path, override: Path | None, id: str) -> Prompt:  # noqa: A002 - it is called so in the file
    """The prompt `<id>.md` of `override` where that folder has one, else the shipped one.

    The program fills the variables of the shipped file, and its guards (`must_contain`) hold for every version.
    Raises WordingError with file and line.
    """
    name = f"{id}.md"
    base, head = _read_prompt(shipped / name, id)
    if override is None or not (override / name).is_file() or override / name == shipped / name:
        return base
    own, _ = _read_prompt(override / name, id)
    raw = (override / name).read_text(encoding="utf-8")
    _same_variables(override / name, raw, set(own.variables), set(base.variables))
    _hold_guards(override / name, f"{own.system}\n{own.user}", head)
    return own


def _read_prompt(path: Path, name: str) -> tuple[Prompt, Mapping[str, object]]:
    raw, head, body, offset = _split_prompt(path)
    for key in (*PROMPT_KEYS[:2], "variables"):
        if key not in head:
            raise WordingError(f"{path}, line 1: {key} is missing.", remedy="Write it between the two lines of ---.")
    if unknown := [key for key in head if key not in PROMPT_KEYS]:
        remedy = f"Allowed: {', '.join(PROMPT_KEYS)}."
        raise WordingError(f"{path}, line {_line(raw, unknown[0])}: there is no field {unknown[0]}.", remedy=remedy)
    variables, version, model = head["variables"], head["version"], head.get("model") or {}
    if head["id"] != name:
        raise WordingError(f"{path}, line {_line(raw, 'id')}: id must be {name}, like the file.", remedy="Change it.")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise WordingError(f"{path}, line {_line(raw, 'version')}: version must be a number from 1.", remedy="Write 1.")
    if not isinstance(variables, list) or not all(isinstance(item, str) for item in variables):
        where = f"{path}, line {_line(raw, 'variables')}"
        raise WordingError(f"{where}: variables must be a list of names.", remedy="Write [question, passages].")
    if not isinstance(model, Mapping) or not isinstance(model.get("temperature", 0), int | float):
        where = f"{path}, line {_line(raw, 'model')}"
        raise WordingError(
            f"{where}: model needs a role and a temperature.", remedy="Write role: main, temperature: 0."
        )
    for match in VARIABLE.finditer(body):
        if match.group(1) not in variables:
            where = f"{path}, line {offset + body[: match.start()].count(chr(10))}"
            known = ", ".join(variables) or "none"
            raise WordingError(f"{where}: {match.group(1)} isn't filled in.", remedy=f"Allowed: {known}.")
    _same_variables(path, raw, set(VARIABLE.findall(body)), set(variables))
    parts = PROMPT_PARTS.match(body.lstrip())
    if parts is None or not parts["system"].strip() or not parts["user"].strip():
        remedy = "Write “# System” and “# User”, each on a line of its own, with text below."
        raise WordingError(f"{path}, line {offset}: expected two sections with text.", remedy=remedy)
    prompt = Prompt(
        id=name,
        version=version,
        system=parts["system"].strip(),
        user=parts["user"].strip(),
        variables=tuple(variables),
        digest="sha256:" + hashlib.sha256(raw.encode()).hexdigest(),
        role=str(model.get("role", "main")),
        temperature=float(model.get("temperature", 0)),
    )
    _hold_guards(path, body, head)
    return prompt, head


def _split_prompt(path: Path) -> tuple[str, Mapping[str, object], str, int]:
    """The raw file, its front matter, its body, and the line on which the body starts."""
    import yaml

    try:
        raw = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    except FileNotFoundError as error:
        raise WordingError(f"{path} is missing.", remedy="Restore it.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise WordingError(f"{path} can't be read: {error}.", remedy="Save it as UTF-8 text.") from error
    top, rule, body = raw.removeprefix("---\n").partition("\n---\n")
    if not raw.startswith("---\n") or not rule:
        remedy = "Start the file with a line of ---, the fields, and another line of ---."
        raise WordingError(f"{path}, line 1: the front matter is missing.", remedy=remedy)
    try:
        head = yaml.safe_load(top)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        problem = getattr(error, "problem", None) or "not valid YAML"
        raise WordingError(f"{path}, line {line}: {problem}.", remedy="Put texts in double quotes.") from error
    if not isinstance(head, dict):
        raise WordingError(f"{path}, line 2: expected fields.", remedy="Compare it with the shipped file.")
    return raw, {str(key): value for key, value in head.items()}, body, top.count("\n") + 4


def _same_variables(path: Path, raw: str, has: set[str], needs: set[str]) -> None:
    where = f"{path}, line {_line(raw, 'variables')}"
    if missing := sorted(needs - has):
        remedy = f"Put {{{{{missing[0]}}}}} where it belongs."
        raise WordingError(f"{where}: {missing[0]} isn't used, so the model would not see it.", remedy=remedy)
    if unknown := sorted(has - needs):
        known = ", ".join(sorted(needs)) or "none"
        raise WordingError(f"{where}: {unknown[0]} isn't filled in.", remedy=f"Allowed: {known}.")


def _hold_guards(path: Path, body: str, head: Mapping[str, object]) -> None:
    guards = head.get("must_contain") or []
    text = " ".join(body.lower().split())
    for guard in guards if isinstance(guards, list) else [guards]:
        if not isinstance(guard, Mapping) or not guard.get("text") or not guard.get("reason"):
            where = f"{path}, line {_line(path.read_text(encoding='utf-8'), 'must_contain')}"
            raise WordingError(f"{where}: each guard needs a text and a reason.", remedy="Write both in quotes.")
        if " ".join(str(guard["text"]).lower().split()) not in text:
            above = path.read_text(encoding="utf-8").partition("\n# System")[0]
            where = f"{path}, line {above.count(chr(10)) + 2}"
            remedy = f"It stands there because: {guard['reason']}"
            raise WordingError(f"{where}: the prompt must contain “{guard['text']}”.", remedy=remedy)
