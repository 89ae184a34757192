"""Reads one `wording/<language>.yaml`: sentences under keys, each with the variables that the program fills."""

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from bot.prompts.texts import HALF_A_VARIABLE, Entry, Faults, digest, read_text, read_yaml
from bot.prompts.versions import Stamp
from bot.prompts.wording import VARIABLE

CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
ABOUT = ("language", "version")
"""Keys of a file that are no sentences."""
WORD = re.compile(r"[^\W_]")


@dataclass(frozen=True, kw_only=True, slots=True)
class WordingFile:
    """One file's sentences by key, each with its line. `version` is None where an own file states none."""

    path: Path
    sentences: Mapping[str, Entry]
    version: int | None
    version_line: int
    digest: str

    @property
    def stamp(self) -> Stamp:
        """The file for the ledger of versions."""
        name = f"wording/{self.path.stem}"
        return Stamp(name=name, version=self.version or 1, digest=self.digest, path=self.path, line=self.version_line)

    @property
    def texts(self) -> dict[str, str]:
        """The sentences themselves."""
        return {key: entry.text for key, entry in self.sentences.items()}

    @property
    def variables(self) -> dict[str, frozenset[str]]:
        """What each sentence asks to be filled in."""
        return {key: frozenset(VARIABLE.findall(text)) for key, text in self.texts.items()}


def read_wording(path: Path, faults: Faults, remedy: str) -> WordingFile | None:
    """The file's sentences; None where it holds a fault by itself: broken YAML, an empty sentence, half a variable."""
    before = len(faults)
    text = read_text(path, faults, remedy)
    root = None if text is None else read_yaml(text, path, faults)
    if text is None or root is None:
        return None
    if not isinstance(root.value, Mapping):
        faults.note(path, 1, "expected keys with sentences.", "Compare it with the shipped file.")
        return None
    version, line = _about(path, root.value, faults)
    parts = (part for name, entry in root.value.items() if name not in ABOUT for part in _flatten(name, entry))
    sentences = {key: entry for key, entry in parts if _is_whole(path, key, entry, faults)}
    if len(faults) > before:
        return None
    return WordingFile(path=path, sentences=sentences, version=version, version_line=line, digest=digest(text))


def check_sentences(
    file: WordingFile, needed: Mapping[str, AbstractSet[str]], english: Mapping[str, str], faults: Faults
) -> None:
    """Note sentences that the program doesn't know, that fill the wrong variables, or that no longer say anything."""
    for key, entry in file.sentences.items():
        if key not in needed:
            faults.note(
                file.path, entry.line, f"there is no sentence called {key}.", "Compare it with the shipped file."
            )
            continue
        allowed, used = needed[key], set(VARIABLE.findall(entry.text))
        known = ", ".join(sorted(allowed)) or "none"
        for name in sorted(used - allowed):
            faults.note(file.path, entry.line, f"{key} uses {name}, which isn't filled in.", f"Allowed: {known}.")
        for name in sorted(allowed - used):
            remedy = f"Put {{{{{name}}}}} where it belongs."
            faults.note(file.path, entry.line, f"{key} doesn't use {name}, so nobody would read it.", remedy)
        speaks = key.startswith("disclaimer.") or WORD.search(english.get(key, ""))
        if speaks and not used and not WORD.search(entry.text):
            faults.note(file.path, entry.line, f"{key} is empty.", "Write a sentence there.")


def check_complete(file: WordingFile, needed: Mapping[str, AbstractSet[str]], faults: Faults) -> None:
    """Note each sentence that the program says and the file lacks."""
    for key in sorted(needed.keys() - file.sentences.keys()):
        group = key.rpartition(".")[0]
        line = next((entry.line for other, entry in file.sentences.items() if other.startswith(f"{group}.")), 1)
        faults.note(file.path, line, f"the sentence {key} is missing.", "Restore it; the program says it.")


def _about(path: Path, values: Mapping[str, Entry], faults: Faults) -> tuple[int | None, int]:
    """The version and its line. The language must be that of the file's name."""
    language, version = values.get("language"), values.get("version")
    if language is not None and language.text != path.stem:
        faults.note(path, language.line, f"language must be {path.stem}, like the file.", "Change it.")
    if version is None:
        return None, 1
    if not isinstance(version.value, int) or isinstance(version.value, bool) or version.value < 1:
        faults.note(path, version.line, "version must be a number from 1.", "Write 1.")
        return None, version.line
    return version.value, version.line


def _flatten(key: str, entry: Entry) -> Iterator[tuple[str, Entry]]:
    if isinstance(entry.value, Mapping) and entry.value:
        for name, inner in entry.value.items():
            yield from _flatten(f"{key}.{name}", inner)
    else:
        yield key, entry


def _is_whole(path: Path, key: str, entry: Entry, faults: Faults) -> bool:
    """Is it a sentence by itself?"""
    if entry.value is None or (isinstance(entry.value, Mapping) and not entry.value) or not entry.text.strip():
        if isinstance(entry.value, list) and entry.value:
            faults.note(path, entry.line, f"{key} must be one text.", "Put it in double quotes.")
        else:
            faults.note(path, entry.line, f"{key} is empty.", "Write a sentence there.")
        return False
    if half := HALF_A_VARIABLE.search(entry.text):
        problem = f"{key} holds “{half.group().strip()}”, which is no whole variable."
        faults.note(path, entry.line, problem, "Write {{name}} with two braces on each side, and nothing else in them.")
        return False
    return True
