"""Reads one `<id>.md`: fields between two lines of ---, then the sections `# System` and `# User`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.prompts.prompt import Guard, Prompt, Role
from bot.prompts.texts import HALF_A_VARIABLE, Entry, Faults, digest, read_text, read_yaml
from bot.prompts.versions import Stamp
from bot.prompts.wording import VARIABLE

FIELDS = ("id", "version", "description", "variables", "output", "model", "must_contain")
REQUIRED = ("id", "version", "description", "variables")
PARAMETERS = ("role", "temperature", "max_tokens")
PARTS = re.compile(r"\A\s*^# System[ \t]*\n(?P<system>.+?)^# User[ \t]*\n(?P<user>.+)\Z", re.MULTILINE | re.DOTALL)
SECTION = re.compile(r"^# (System|User)[ \t]*$", re.MULTILINE)
HOTTEST = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class PromptFile:
    """A prompt with the places that a later check names."""

    path: Path
    prompt: Prompt
    body: str
    lines: Mapping[str, int]
    guards: Sequence[tuple[Guard, int]]

    @property
    def stamp(self) -> Stamp:
        """The file for the ledger of versions."""
        about = self.prompt
        return Stamp(
            name=about.id, version=about.version, digest=about.digest, path=self.path, line=self.lines["version"]
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Raw:
    """A file taken apart: its fields, its body, and the line on which the body starts."""

    path: Path
    text: str
    head: Mapping[str, Entry]
    body: str
    offset: int

    def line(self, name: str) -> int:
        """Where a field stands."""
        return self.head[name].line if name in self.head else 1


def read_prompt(path: Path, faults: Faults, filled: frozenset[str] | None = None) -> PromptFile | None:
    """The prompt, or None where the file holds a fault by itself. `filled`: the variables that the program fills."""
    before = len(faults)
    raw = _split(path, faults)
    if raw is None:
        return None
    _check_fields(raw, faults)
    variables = _variables(raw, faults)
    parameters = _parameters(raw, faults)
    if variables is not None:
        _check_variables(raw, variables, filled, faults)
    parts = _parts(raw, faults)
    guards = _guards(raw, faults)
    if len(faults) > before or parts is None or variables is None:
        return None
    prompt = Prompt(
        id=path.stem,
        version=_whole(raw.head["version"]) or 1,
        system=parts["system"].strip(),
        user=parts["user"].strip(),
        variables=variables,
        digest=digest(raw.text),
        role=str(parameters.get("role", Role.MAIN)),
        temperature=float(parameters.get("temperature", 0.0)),
        max_tokens=int(parameters["max_tokens"]) if "max_tokens" in parameters else None,
        description=raw.head["description"].text,
        output=raw.head["output"].text if "output" in raw.head else "",
        guards=tuple(guard for guard, _ in guards),
    )
    file = PromptFile(
        path=path,
        prompt=prompt,
        body=raw.body,
        lines={**{name: entry.line for name, entry in raw.head.items()}, "# System": _system_line(raw)},
        guards=guards,
    )
    hold_guards(file, prompt.guards, faults)
    return file if len(faults) == before else None


def hold_guards(file: PromptFile, guards: Sequence[Guard], faults: Faults) -> None:
    """Note each guard whose text the prompt doesn't hold; line breaks and capitals don't count."""
    text = " ".join(file.body.lower().split())
    for guard in guards:
        if " ".join(guard.text.lower().split()) not in text:
            case = f" (case {guard.case})" if guard.case else ""
            problem = f"the prompt must contain “{guard.text}”."
            faults.note(file.path, file.lines["# System"], problem, f"It stands there because: {guard.reason}{case}")


def same_variables(file: PromptFile, needed: Sequence[str], faults: Faults) -> None:
    """Note what the program doesn't fill and what the model would not see."""
    has, line = set(file.prompt.variables), file.lines.get("variables", 1)
    _compare(file.path, line, has, set(needed), faults)


def _compare(path: Path, line: int, has: set[str], needed: set[str], faults: Faults) -> None:
    for name in sorted(needed - has):
        remedy = f"Put {{{{{name}}}}} where it belongs."
        faults.note(path, line, f"{name} isn't used, so the model would not see it.", remedy)
    known = ", ".join(sorted(needed)) or "none"
    for name in sorted(has - needed):
        faults.note(path, line, f"{name} isn't filled in.", f"Allowed: {known}.")


def _split(path: Path, faults: Faults) -> _Raw | None:
    text = read_text(path, faults)
    if text is None:
        return None
    top, rule, body = text.removeprefix("---\n").partition("\n---\n")
    if not text.startswith("---\n") or not rule:
        remedy = "Start the file with a line of ---, the fields, and another line of ---."
        faults.note(path, 1, "the front matter is missing.", remedy)
        return None
    root = read_yaml(top, path, faults, above=1)
    if root is None:
        return None
    if not isinstance(root.value, Mapping):
        faults.note(path, 2, "expected fields.", "Compare it with the shipped file.")
        return None
    return _Raw(path=path, text=text, head=root.value, body=body, offset=top.count("\n") + 4)


def _check_fields(raw: _Raw, faults: Faults) -> None:
    for name in REQUIRED:
        if name not in raw.head:
            faults.note(raw.path, 1, f"{name} is missing.", "Write it between the two lines of ---.")
    for name, entry in raw.head.items():
        if name not in FIELDS:
            faults.note(raw.path, entry.line, f"there is no field {name}.", f"Allowed: {', '.join(FIELDS)}.")
    identifier, version = raw.head.get("id"), raw.head.get("version")
    if identifier and identifier.text != raw.path.stem:
        faults.note(raw.path, identifier.line, f"id must be {raw.path.stem}, like the file.", "Change it.")
    if version and _whole(version) is None:
        faults.note(raw.path, version.line, "version must be a number from 1.", "Write 1.")
    for name in ("description", "output"):
        if name in raw.head and not raw.head[name].text.strip():
            faults.note(raw.path, raw.line(name), f"{name} is empty.", "Say it in a sentence.")


def _whole(entry: Entry) -> int | None:
    """A number from 1, if it is one."""
    number = entry.value
    return number if isinstance(number, int) and not isinstance(number, bool) and 1 <= number < 10**9 else None


def _variables(raw: _Raw, faults: Faults) -> tuple[str, ...] | None:
    entry = raw.head.get("variables")
    if entry is None:
        return None
    items = entry.value if isinstance(entry.value, list) else None
    if items is None or not all(re.fullmatch(r"\w+", item.text, re.ASCII) for item in items):
        faults.note(raw.path, entry.line, "variables must be a list of names.", "Write [question, passages].")
        return None
    return tuple(item.text for item in items)


def _check_variables(raw: _Raw, variables: Sequence[str], filled: frozenset[str] | None, faults: Faults) -> None:
    known = ", ".join(variables) or "none"
    for match in VARIABLE.finditer(raw.body):
        if match.group(1) not in variables:
            faults.note(raw.path, _line(raw, match), f"{match.group(1)} isn't filled in.", f"Allowed: {known}.")
    for half in HALF_A_VARIABLE.finditer(raw.body):
        problem = f"“{half.group().strip()}” is no whole variable."
        remedy = "Write {{name}} with two braces on each side, and nothing else in them."
        faults.note(raw.path, _line(raw, half), problem, remedy)
    used = set(VARIABLE.findall(raw.body))
    for name in variables:
        if name not in used:
            problem, remedy = (
                f"{name} isn't used, so the model would not see it.",
                f"Put {{{{{name}}}}} where it belongs.",
            )
            faults.note(raw.path, raw.line("variables"), problem, remedy)
    if filled is not None:
        _compare(raw.path, raw.line("variables"), set(variables), set(filled), faults)


def _parameters(raw: _Raw, faults: Faults) -> Mapping[str, str | int | float]:
    """Which model, and its parameters, those that are stated."""
    entry = raw.head.get("model")
    if entry is None or entry.value is None:
        return {}
    remedy = "Write role: main, temperature: 0."
    if not isinstance(entry.value, Mapping):
        faults.note(raw.path, entry.line, "model needs a role and a temperature.", remedy)
        return {}
    stated: dict[str, str | int | float] = {}
    for name, given in entry.value.items():
        match name, given.value:
            case "role", str(role) if role in set(Role):
                stated[name] = role
            case "role", _:
                problem = f"there is no role {given.text}; model needs a role and a temperature."
                faults.note(raw.path, given.line, problem, f"Choose one of: {', '.join(Role)}.")
            case "temperature", (int() | float()) as heat if not isinstance(heat, bool) and 0 <= heat <= HOTTEST:
                stated[name] = heat
            case "temperature", _:
                problem = "model needs a temperature from 0 to 2."
                faults.note(raw.path, given.line, problem, "Write temperature: 0.")
            case "max_tokens", int(most) if _whole(given):
                stated[name] = most
            case "max_tokens", _:
                problem = "max_tokens must be a number from 1."
                faults.note(raw.path, given.line, problem, "Write a number, or leave it out for the provider's limit.")
            case _:
                remedy = f"Allowed: {', '.join(PARAMETERS)}."
                faults.note(raw.path, given.line, f"model has no parameter {name}.", remedy)
    return stated


def _parts(raw: _Raw, faults: Faults) -> Mapping[str, str] | None:
    parts = PARTS.match(raw.body)
    if parts is None or not parts["system"].strip() or not parts["user"].strip():
        remedy = "Write “# System” and “# User”, each on a line of its own, with text below."
        faults.note(raw.path, raw.offset, "expected two sections with text.", remedy)
        return None
    seen: set[str] = set()
    for match in SECTION.finditer(raw.body):
        if match.group(1) in seen:
            faults.note(raw.path, _line(raw, match), f"# {match.group(1)} stands there twice.", "Keep one of them.")
        seen.add(match.group(1))
    return parts.groupdict()


def _guards(raw: _Raw, faults: Faults) -> list[tuple[Guard, int]]:
    entry = raw.head.get("must_contain")
    if entry is None or entry.value is None:
        return []
    guards = []
    for item in entry.value if isinstance(entry.value, list) else [entry]:
        fields = item.value if isinstance(item.value, Mapping) else {}
        told = {name: field.text.strip() for name, field in fields.items()}
        if not told.get("text") or not told.get("reason") or set(told) - {"text", "reason", "case"}:
            problem, remedy = "each guard needs a text and a reason.", "Write both in quotes; a case may follow."
            faults.note(raw.path, item.line, problem, remedy)
            continue
        guards.append((Guard(text=told["text"], reason=told["reason"], case=told.get("case", "")), item.line))
    return guards


def _line(raw: _Raw, match: re.Match[str]) -> int:
    return raw.offset + raw.body.count("\n", 0, match.start())


def _system_line(raw: _Raw) -> int:
    match = SECTION.search(raw.body)
    return _line(raw, match) if match else raw.offset
