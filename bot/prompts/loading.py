"""The whole set of words that answers are made with: loaded complete, or not at all.

The shipped folder is the base. A folder of one's own replaces whole prompts and single sentences; what the program
fills in and what the shipped guards ask for holds for it as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.domain.errors import WordingError
from bot.prompts.cases import Case, read_cases
from bot.prompts.prompt import Prompt
from bot.prompts.reading_prompt import PromptFile, hold_guards, read_prompt, same_variables
from bot.prompts.reading_wording import CODE, WordingFile, check_complete, check_sentences, read_wording
from bot.prompts.texts import Faults, digest
from bot.prompts.versions import NAME as LEDGER
from bot.prompts.versions import Ledger, Stamp, check_stamps, pending, read_ledger
from bot.prompts.wording import ENGLISH, Wording, choose

FILLED: Mapping[str, frozenset[str]] = {
    "compose": frozenset("topic reader patient question passages ids words".split()),
    "contextualize": frozenset("topic conversation patient message".split()),
    "judge": frozenset("document claim".split()),
    "repair": frozenset("topic reader question passages ids failed".split()),
}
"""The prompts that the program uses, and the variables that it fills in each."""
RESTORE = "Restore it, or unset FOOTNOTE_PROMPTS."
OWN = "own/"
"""What the name of a sentence file of one's own begins with, where digests are listed."""


@dataclass(frozen=True, kw_only=True)
class PromptSet:
    """Every prompt and every sentence of one moment. It never changes: an edit makes another set."""

    prompts: Mapping[str, Prompt]
    wordings: Mapping[str, Wording]

    @property
    def wording(self) -> Wording:
        """The English sentences."""
        return self.wordings[ENGLISH]

    @property
    def digests(self) -> dict[str, str]:
        """The digest of every file by its name."""
        files = {name: value for wording in self.wordings.values() for name, value in wording.digests.items()}
        return {**{name: prompt.digest for name, prompt in self.prompts.items()}, **files}

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages that there are."""
        return tuple(self.wordings)

    def for_language(self, code: str) -> Wording:
        """The wording for a reader's language; English where there is none."""
        return choose(self.wordings, code)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What two folders hold. `words` is None where a fault keeps the set from being used.

    `faults` are those; `idle_faults` concern what no answer needs: cases, and versions that wait to be accepted.
    `missing` are the sentences that a further language leaves to English, `own` the names of files of one's own.
    """

    words: PromptSet | None
    faults: tuple[WordingError, ...]
    idle_faults: tuple[WordingError, ...]
    missing: Mapping[str, tuple[str, ...]]
    cases: Mapping[str, Case]
    own: frozenset[str]
    stamps: tuple[Stamp, ...]
    needed: Mapping[str, frozenset[str]]


def load_set(shipped: Path, override: Path | None = None) -> PromptSet:
    """The set of both folders. Raises WordingError with file and line for the first fault."""
    reading = _Reading(shipped, override)
    words = reading.read()
    reading.faults.raise_first()
    assert words is not None
    return words


def check_set(shipped: Path, override: Path | None = None) -> Checked:
    """Every fault of both folders, and the set if there is none."""
    reading = _Reading(shipped, override)
    words = reading.read()
    idle = Faults()
    cases = reading.check_cases(idle)
    reading.check_accepted(idle)
    return Checked(
        words=words,
        faults=tuple(reading.faults),
        idle_faults=tuple(idle),
        missing=reading.missing,
        cases=cases,
        own=frozenset(reading.own),
        stamps=tuple(reading.own_stamps if reading.override else reading.stamps),
        needed={} if reading.override else reading.needed,
    )


def load_wording(shipped: Path, override: Path | None = None, language: str = ENGLISH) -> Wording:
    """The sentences of one language, of both folders. Raises WordingError with file and line."""
    reading = _Reading(shipped, override)
    wording = reading.read_wordings(only=language).get(language)
    reading.faults.raise_first()
    if wording is None:
        raise WordingError(f"{shipped / _sentences(language)} is missing.", remedy=RESTORE)
    return wording


def load_prompt(shipped: Path, override: Path | None, id: str) -> Prompt:  # noqa: A002 - it is called so in the file
    """The prompt `<id>.md` of `override` where that folder has one, else the shipped one. Raises WordingError."""
    reading = _Reading(shipped, override)
    prompt = reading.read_prompt(id)
    reading.faults.raise_first()
    assert prompt is not None
    return prompt


class _Reading:
    """One reading of both folders, with what was found so far."""

    def __init__(self, shipped: Path, override: Path | None) -> None:
        self.shipped = shipped
        self.override = None if override is None or override.resolve() == shipped.resolve() else override
        self.faults = Faults()
        self.missing: dict[str, tuple[str, ...]] = {}
        self.own: set[str] = set()
        self.stamps: list[Stamp] = []
        self.own_stamps: list[Stamp] = []
        self.needed: dict[str, frozenset[str]] = {}
        self.ledger = read_ledger(shipped, self.faults)
        self.own_ledger = read_ledger(self.override, self.faults) if self.override else None
        self._guards: list[PromptFile] = []

    def read(self) -> PromptSet | None:
        """The set; None where there is a fault."""
        wordings = self.read_wordings()
        names = sorted({*FILLED, *(path.stem for path in self.shipped.glob("*.md") if path.stem != "README")})
        prompts = {name: prompt for name in names if (prompt := self.read_prompt(name))}
        self._check_strays(names)
        for stamps, ledger in ((self.stamps, self.ledger), (self.own_stamps, self.own_ledger)):
            check_stamps(stamps, ledger or Ledger(), self.faults)
        return None if self.faults else PromptSet(prompts=prompts, wordings=wordings)

    def read_wordings(self, only: str = "") -> dict[str, Wording]:
        """The sentences of every language, or of English and another one."""
        english = self._read_english()
        if english is None:
            return {}
        codes = {path.stem for folder in self._folders() for path in (folder / "wording").glob("*.yaml")} - {ENGLISH}
        wordings = {ENGLISH: english}
        for code in sorted(codes & {only} if only else codes):
            wording = self._read_language(code, english)
            if wording is not None:
                wordings[code] = wording
        return wordings

    def read_prompt(self, name: str) -> Prompt | None:
        """One prompt, of one's own folder where that has it."""
        base = read_prompt(self.shipped / f"{name}.md", self.faults, FILLED.get(name))
        if base is None:
            return None
        self._guards.append(base)
        self.stamps.append(base.stamp)
        own = self._own(f"{name}.md")
        if own is None:
            return base.prompt
        self.own.add(name)
        file = read_prompt(own, self.faults)
        if file is None:
            return None
        self._guards.append(file)
        same_variables(file, base.prompt.variables, self.faults)
        hold_guards(file, [guard for guard in base.prompt.guards if guard not in file.prompt.guards], self.faults)
        prompt, line = file.prompt, file.lines["version"]
        if prompt.digest != base.prompt.digest:
            self._check_higher(own, line, prompt.version, base.prompt.version)
        self.own_stamps.append(file.stamp)
        return prompt

    def check_cases(self, faults: Faults) -> Mapping[str, Case]:
        """The cases of both folders; a guard whose case isn't there is a fault."""
        cases = {name: case for folder in self._folders() for name, case in read_cases(folder, faults).items()}
        for file in self._guards:
            for guard, line in file.guards:
                if guard.case and guard.case not in cases:
                    problem = f"there is no case called {guard.case}."
                    faults.note(file.path, line, problem, "Name one of the folder cases/, or write it there.")
        return cases

    def check_accepted(self, faults: Faults) -> None:
        """Versions that no ledger knows yet, where a folder has a ledger."""
        for stamps, ledger in ((self.stamps, self.ledger), (self.own_stamps, self.own_ledger)):
            for stamp in pending(stamps, ledger) if ledger else ():
                problem = f"version {stamp.version} of {stamp.name} is new."
                faults.note(stamp.path, stamp.line, problem, "Run `footnote prompts check --accept` once it's final.")

    def _read_english(self) -> Wording | None:
        base = read_wording(self.shipped / _sentences(ENGLISH), self.faults, RESTORE)
        if base is None:
            return None
        self.stamps.append(base.stamp)
        known = dict(self.ledger.sentences) if self.ledger else {}
        self.needed = {**base.variables, **known}
        check_sentences(base, self.needed, base.texts, self.faults)
        check_complete(base, self.needed, self.faults)
        texts, digests = base.texts, {f"wording/{ENGLISH}": base.digest}
        return self._overridden(base, texts, digests, ENGLISH)

    def _read_language(self, code: str, english: Wording) -> Wording | None:
        """A further language; each sentence that it lacks is the English one."""
        texts, digests = dict(english.sentences), dict(english.digests)
        path = self.shipped / _sentences(code)
        if not CODE.fullmatch(code):
            folder = next(folder for folder in self._folders() if (folder / _sentences(code)).exists())
            problem = f"{code} is no code of a language."
            self.faults.note(folder / _sentences(code), 1, problem, "Name the file like de.yaml or pt-BR.yaml.")
            return None
        base, said = None, set[str]()
        if path.exists():
            base = read_wording(path, self.faults, RESTORE)
            if base is None:
                return None
            self.stamps.append(base.stamp)
            check_sentences(base, self.needed, english.sentences, self.faults)
            texts |= base.texts
            said |= base.texts.keys()
            digests[f"wording/{code}"] = base.digest
        wording = self._overridden(base, texts, digests, code)
        own = self._own(_sentences(code))
        if own is not None and wording is not None:
            said |= (read_wording(own, Faults(), RESTORE) or _nothing(own)).texts.keys()
        self.missing[code] = tuple(sorted(self.needed.keys() - said))
        return None if wording is None else replace(wording, fallback=english)

    def _overridden(
        self, base: WordingFile | None, texts: Mapping[str, str], digests: Mapping[str, str], code: str
    ) -> Wording | None:
        """The sentences with those of one's own folder in their place."""
        sentences, files, own = dict(texts), dict(digests), self._own(_sentences(code))
        version = base.version or 1 if base else 1
        if own is not None:
            self.own.add(f"wording/{code}")
            file = read_wording(own, self.faults, RESTORE)
            if file is None:
                return None
            check_sentences(file, self.needed, texts, self.faults)
            sentences |= file.texts
            files[f"{OWN}wording/{code}"] = file.digest
            if file.version is not None:
                if base and file.digest != base.digest:
                    self._check_higher(own, file.version_line, file.version, version)
                self.own_stamps.append(file.stamp)
                version = file.version
        whole = next(iter(files.values())) if len(files) == 1 else digest("".join(files.values()))
        return Wording(sentences, code, whole, files, version)

    def _check_higher(self, path: Path, line: int, version: int, shipped: int) -> None:
        if version <= shipped:
            problem = f"the text isn't the shipped one, but its version is {version} and the shipped one has {shipped}."
            remedy = f"Compare both (`footnote prompts diff`), then write version: {shipped + 1}."
            self.faults.note(path, line, problem, remedy)

    def _check_strays(self, names: list[str]) -> None:
        """Files of one's own that nobody reads, most often for a slip in their name."""
        if self.override is None:
            return
        if not self.override.is_dir():
            problem = f"The folder {self.override} doesn't exist."
            self.faults.note(self.override, None, problem, "Make it, or unset FOOTNOTE_PROMPTS.")
            return
        for path in sorted(self.override.iterdir()):
            if path.suffix == ".md" and path.stem not in {*names, "README"}:
                self.faults.note(path, 1, f"there is no prompt called {path.stem}.", f"Known: {', '.join(names)}.")
            elif path.suffix in {".yaml", ".yml"} and path.name != LEDGER:
                self.faults.note(path, 1, f"{path.name} isn't read here.", "Sentences belong into wording/en.yaml.")

    def _own(self, name: str) -> Path | None:
        """A file of one's own folder, if it's there, whatever it is."""
        path = self.override / name if self.override else None
        return path if path is not None and (path.exists() or path.is_symlink()) else None

    def _folders(self) -> list[Path]:
        return [self.shipped, *([self.override] if self.override else [])]


def _sentences(code: str) -> str:
    return f"wording/{code}.yaml"


def _nothing(path: Path) -> WordingFile:
    return WordingFile(path=path, sentences={}, version=None, version_line=1, digest="")
