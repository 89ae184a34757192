"""The cases beside the prompts: conversations on which a prompt is tried."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.domain.messages import Audience
from bot.prompts.texts import Entry, Faults, read_text, read_yaml

FOLDER = "cases"


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A conversation, oldest message first; the last one is the question. `path` and `line`: where it stands."""

    name: str
    conversation: tuple[str, ...]
    audience: Audience
    path: Path
    line: int


def read_cases(folder: Path, faults: Faults) -> dict[str, Case]:
    """The cases of a folder of prompts by name. Whatever else a case says is for whoever evaluates answers."""
    cases: dict[str, Case] = {}
    for path in sorted((folder / FOLDER).glob("*.yaml")):
        text = read_text(path, faults)
        root = None if text is None else read_yaml(text, path, faults)
        if root is None:
            continue
        if not isinstance(root.value, list):
            faults.note(path, 1, "expected a list of cases.", "Begin each case with “- name: …”.")
            continue
        for item in root.value:
            case = _read(path, item, faults)
            if case is not None and case.name in cases:
                faults.note(path, case.line, f"there are two cases called {case.name}.", "Rename one of them.")
            elif case is not None:
                cases[case.name] = case
    return cases


def _read(path: Path, item: Entry, faults: Faults) -> Case | None:
    fields = item.value if isinstance(item.value, Mapping) else {}
    name, said = fields.get("name"), fields.get("conversation")
    if name is None or not name.text.strip():
        faults.note(path, item.line, "a case needs a name.", "Write “- name: …”.")
        return None
    messages = [entry.text.strip() for entry in said.value] if said and isinstance(said.value, list) else []
    if not messages or not all(messages):
        line = said.line if said else name.line
        remedy = "Write conversation: and below it each message as “- …”, the question last."
        faults.note(path, line, f"the case {name.text} has no conversation.", remedy)
        return None
    reader = fields.get("audience")
    if reader is not None and reader.text not in set(Audience):
        faults.note(path, reader.line, f"there is no audience {reader.text}.", f"Choose one of: {', '.join(Audience)}.")
        return None
    return Case(
        name=name.text.strip(),
        conversation=tuple(messages),
        audience=Audience(reader.text) if reader else Audience.CLINICIAN,
        path=path,
        line=name.line,
    )
