"""YAML and other text of maintainers: prompts, sentences, cases, glossary, triage rules, logs of evaluations."""

import json
import os
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from bot.domain.errors import ConfigurationError, FootnoteError, WordingError
from bot.evaluation.cases import load_cases
from bot.evaluation.records import read_log
from bot.knowledge.glossary import load_glossary
from bot.knowledge.triage import load_triage
from bot.places import shipped
from bot.prompts import load_wording
from bot.prompts.cases import read_cases
from bot.prompts.loading import load_prompt
from bot.prompts.texts import Faults, read_yaml
from bot.prompts.versions import read_ledger
from bot.settings import Settings, load_settings
from tests.fuzz.target import Draw, Target, require, text_of

FRAGMENTS = tuple(
    part.encode("utf-8", "surrogatepass")
    for part in (
        "&a ", "*a", "<<: *a\n", "<<: {terms: []}\n", "!!binary ", "!!python/name:os.system ", "!!set ", "!x ", "? ",
        "? [a]\n: b\n", "|\n  ", ">-\n  ",
        "[" * 400, "{a: " * 300, "- " * 400, "[", "]", "{", "}", ": ", "\n", "\n- ", "---\n", "...\n", "%YAML 1.1\n",
        "'", '"', "\\x00", "null",
        "~", "true", "0x7f", "9" * 5000, "1e999", ".nan", "2026-02-31", "0o8", "1:60:60", "#", "\t", "{{ name }}",
        "{{", "{% x %}",
        "(", "(?P<", "a{99999999}", "[a-", "(?<=a*)", "\\", "\ufeff", "\u2028", "\ud800", "\x85", "rules:\n",
        "terms:\n", "- id: a\n", "kind: drug\n",
        "classes: [a]\n", "groups: [[a]]\n", "conversation: [a]\n", "- name: a\n", "date: 2026-01-01\n", "versions:\n",
    )
)  # fmt: skip


@cache
def folder() -> Path:
    """A folder of this process."""
    return Path(mkdtemp(prefix="fuzz-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))


def put(data: bytes, *name: str) -> Path:
    path = folder().joinpath(*name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def refused(read: Callable[[], object], error: type[FootnoteError] = ConfigurationError) -> None:
    """It is read, or refused with a reason and a remedy."""
    try:
        read()
    except error as refusal:
        require(str(refusal).strip() and refusal.remedy, "A refusal says why and what to do.")


def yaml(data: bytes) -> None:
    faults = Faults()
    entry = read_yaml(text_of(data), Path("a.yaml"), faults)
    require((entry is None) == bool(faults), "There is a value, or a fault.")


def wording(data: bytes) -> None:
    path = put(data, "wording", "en.yaml")
    refused(lambda: load_wording(shipped("prompts"), path.parent.parent), WordingError)


def prompt(data: bytes) -> None:
    path = put(data, "prompt", "compose.md")
    refused(lambda: load_prompt(shipped("prompts"), path.parent, "compose"), WordingError)


def ledger(data: bytes) -> None:
    path = put(data, "ledger", "versions.yaml")
    faults = Faults()
    read_ledger(path.parent, faults)


def cases(data: bytes) -> None:
    path = put(data, "cases", "cases", "a.yaml")
    faults = Faults()
    read_cases(path.parent.parent, faults)
    load_cases(path.parent.parent, faults)


def glossary(data: bytes) -> None:
    path = put(data, "glossary.yaml")
    refused(lambda: load_glossary(path))


def triage(data: bytes) -> None:
    path = put(data, "triage.yaml")
    refused(lambda: load_triage(path))


def log(data: bytes) -> None:
    path = put(data, "log.jsonl")
    refused(lambda: read_log(path), FootnoteError)


NAMES = tuple(f"FOOTNOTE_{name.upper()}" for name in Settings.model_fields)


def settings(data: bytes) -> None:
    """Any environment is read, or the variable is named."""
    draw = Draw(data)
    name, value = draw.one(NAMES), draw.rest().replace("\x00", "")
    before = dict(os.environ)
    try:
        os.environ[name] = value.encode("utf-8", "replace").decode()
        try:
            load_settings()
        except ConfigurationError as error:
            require(name in str(error), "The variable is named.")
    finally:
        os.environ.clear()
        os.environ.update(before)


def shipped_text(*names: str) -> Callable[[], Sequence[bytes]]:
    """Pieces of the files that Footnote brings along."""

    def seeds() -> Sequence[bytes]:
        texts = [shipped("prompts" if (shipped("prompts") / name).exists() else "knowledge") / name for name in names]
        return [data[:size] for data in (path.read_bytes() for path in texts) for size in (400, 4000)]

    return seeds


def log_seeds() -> Sequence[bytes]:
    lines = [{"run": {"cases": 3}}, {"case": "a", "side": "new", "scores": [1, 0.5]}, {"case": "b", "side": "new"}]
    return [b"".join(json.dumps(line).encode() + b"\n" for line in lines), b"{}\n", b""]


def case_seeds() -> Sequence[bytes]:
    return [path.read_bytes()[:1500] for path in sorted((shipped("prompts") / "cases").glob("*.yaml"))]


TARGETS = (
    Target(name="yaml", promise="a value or a fault", run=yaml, seeds=shipped_text("wording/en.yaml", "versions.yaml"),
           fragments=FRAGMENTS),
    Target(name="wording", promise="the sentences or a WordingError", run=wording,
    seeds=shipped_text("wording/en.yaml"),
           fragments=FRAGMENTS),
    Target(name="prompt", promise="the prompt or a WordingError", run=prompt, seeds=shipped_text("compose.md",
    "judge.md"),
           fragments=FRAGMENTS),
    Target(name="ledger", promise="the ledger or a fault", run=ledger, seeds=shipped_text("versions.yaml"),
    fragments=FRAGMENTS),
    Target(name="cases", promise="cases or faults with lines", run=cases, seeds=case_seeds, fragments=FRAGMENTS),
    Target(name="glossary", promise="terms or a ConfigurationError", run=glossary, seeds=shipped_text("glossary.yaml"),
           fragments=FRAGMENTS),
    Target(name="triage-rules", promise="rules or a ConfigurationError", run=triage, seeds=shipped_text("triage.yaml"),
           fragments=FRAGMENTS),
    Target(name="log", promise="a run's records or a plain error", run=log, seeds=log_seeds,
           fragments=(b'{"run": ', b'{"case": ', b"\n", b"}", b"null", b"[]", b"5", b'"', b"\xff", b"[" * 2000,
           b"NaN")),
    Target(name="settings", promise="settings, or the variable is named", run=settings,
           seeds=lambda: [bytes([at]) + b"12" for at in range(len(NAMES))],
           fragments=(b",", b"-", b"true", b"9" * 5000, b"1e5", b" ", b"~", b"~nobody", b"\xd9\xa3", b"http://",
           b"[::", b":", b"openai:", b"0x1", b"inf", b"_")),
)  # fmt: skip
