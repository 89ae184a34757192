"""Asks what became of the publications that the library stands on, and says what a curator should do about it."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.domain.errors import DocumentError
from bot.knowledge.agreeing import File
from bot.knowledge.fields import FrontMatter, NoticeKind
from bot.knowledge.registries.asking import Asker, open_client
from bot.knowledge.registries.crossref import Crossref
from bot.knowledge.registries.findings import Finding, RegistryError
from bot.knowledge.registries.memory import NAME, Memory
from bot.knowledge.registries.pubmed import AT_ONCE, PubMed

HAPPENED = {
    NoticeKind.RETRACTION: "was retracted",
    NoticeKind.CONCERN: "has an expression of concern",
    NoticeKind.CORRECTION: "was corrected",
}
THEN_ENTER = "then enter it under notices with what you did."


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """One place in the library that names a publication. `key` is `doi:…` or `pmid:…`, in small letters."""

    key: str
    shown: str
    path: str
    line: int | None
    of: str
    values: FrontMatter | None

    @property
    def is_own(self) -> bool:
        """Whether the document is about this publication, rather than resting on it among others."""
        return not self.of


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How many publications were looked up, what is wrong, and what is known and dealt with already."""

    publications: int
    faults: tuple[DocumentError, ...]
    handled: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Registries:
    """Whom to ask, and what they said lately."""

    crossref: Crossref
    pubmed: PubMed
    memory: Memory

    def ask(self, keys: Sequence[str]) -> Mapping[str, tuple[Finding, ...] | RegistryError]:
        """What became of each publication, or why that isn't known."""
        answers: dict[str, tuple[Finding, ...] | RegistryError] = {}
        new = []
        for key in keys:
            known = self.memory.get(key)
            if known is None:
                new.append(key)
            else:
                answers[key] = known
        try:
            self._ask_crossref([key for key in new if key.startswith("doi:")], answers)
            self._ask_pubmed([key for key in new if key.startswith("pmid:")], answers)
        finally:
            self.memory.save()
        return answers

    def _ask_crossref(self, keys: Sequence[str], answers: dict[str, tuple[Finding, ...] | RegistryError]) -> None:
        for key in keys:
            try:
                found = self.crossref.ask(key.removeprefix("doi:"))
            except RegistryError as error:
                answers[key] = error
            else:
                answers[key] = found
                self.memory.put(key, found)

    def _ask_pubmed(self, keys: Sequence[str], answers: dict[str, tuple[Finding, ...] | RegistryError]) -> None:
        for start in range(0, len(keys), AT_ONCE):
            batch = keys[start : start + AT_ONCE]
            try:
                found = self.pubmed.ask([key.removeprefix("pmid:") for key in batch])
            except RegistryError as error:
                answers.update(dict.fromkeys(batch, error))
                continue
            for key in batch:
                answers[key] = found[key.removeprefix("pmid:")]
                self.memory.put(key, found[key.removeprefix("pmid:")])


@contextmanager
def open_registries(
    data: Path,
    today: date,
    crossref_url: str,
    pubmed_url: str,
    *,
    mailto: str = "",
    patience: float = 10.0,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Registries]:
    """Both registries, remembering in the data folder. `patience`: seconds that one may stay silent."""
    with open_client(mailto, patience) as client:
        yield Registries(
            crossref=Crossref(Asker("Crossref", crossref_url, client, sleep), mailto),
            pubmed=PubMed(Asker("PubMed", pubmed_url, client, sleep), mailto),
            memory=Memory(data / NAME, today),
        )


def check_publications(files: Sequence[File], registries: Registries) -> Outcome:
    """Ask about each publication that the documents name. Nothing in the files is changed."""
    uses = [use for file in files if not file.is_retired for use in uses_of(file)]
    answers = registries.ask(list(dict.fromkeys(use.key for use in uses)))
    faults: list[DocumentError] = []
    handled: list[str] = []
    unasked: set[str] = set()
    for use in uses:
        answer = answers[use.key]
        if isinstance(answer, RegistryError):
            if use.key not in unasked:
                problem = f"what became of {use.shown} isn't known: {answer.problem}"
                faults.append(DocumentError(use.path, problem, line=use.line, remedy=answer.remedy))
            unasked.add(use.key)
            continue
        for finding in answer:
            done = _handled(finding, use)
            if done:
                handled.append(f"{use.path}: {_told(finding, use)} Dealt with: {done}")
            else:
                told, remedy = _told(finding, use), _remedy(finding, use)
                faults.append(DocumentError(use.path, told, line=use.line, remedy=remedy))
    return Outcome(publications=len(answers), faults=tuple(faults), handled=tuple(handled))


def uses_of(file: File) -> Iterator[Use]:
    """The publications of a document: the one that it is about, and its other sources."""
    seen: set[str] = set()
    for field in ("doi", "pmid"):
        stated = getattr(file.header.values if file.header else file.document, field, None)
        if stated:
            line = file.header.line(field) if file.header and field in file.header.places else None
            seen.add(use_key(field, stated))
            yield _use(file, field, stated, line, "")
    if file.header is None:
        return
    for at, source in enumerate(file.header.values.sources):
        for field in ("doi", "pmid"):
            stated = getattr(source, field)
            if stated and use_key(field, stated) not in seen:
                seen.add(use_key(field, stated))
                yield _use(file, field, stated, file.header.line("sources", at, field), source.title)


def use_key(field: str, identifier: str) -> str:
    """A publication as the registries are asked for it."""
    return f"{field}:{identifier.casefold()}"


def _use(file: File, field: str, stated: str, line: int | None, of: str) -> Use:
    return Use(
        key=use_key(field, stated),
        shown=f"{field.upper()} {stated}",
        path=file.path,
        line=line,
        of=of,
        values=file.header.values if file.header else None,
    )


def _handled(finding: Finding, use: Use) -> str:
    """What the curator did about it, as the document's `notices` say."""
    for entry in use.values.notices if use.values else ():
        about = entry.publication.casefold() == use.key.partition(":")[2]
        same = not finding.notice or (entry.notice or "").casefold() == finding.notice.casefold()
        if about and same and entry.kind is finding.kind:
            return entry.handled
    return ""


def _told(finding: Finding, use: Use) -> str:
    who = use.shown if use.is_own else f"its source {use.shown} ({use.of})"
    if finding.kind is None:
        return f"{finding.by} doesn't know {who}."
    if finding.of:
        return f"{who} is itself a notice ({finding.label}) of {finding.of} ({finding.by})."
    on = f", {finding.dated}" if finding.dated else ""
    notice = f"; notice {finding.notice}" if finding.notice else ""
    label = f" ({finding.label})" if finding.label != finding.kind.value else ""
    return f"{who} {HAPPENED[finding.kind]}{label}{on} ({finding.by}{notice})."


def _remedy(finding: Finding, use: Use) -> str:
    if finding.of:
        return f"Name the publication itself instead; if the notice is meant, {THEN_ENTER.removeprefix('then ')}"
    match finding.kind:
        case None:
            return "Compare it with the publication and correct it."
        case NoticeKind.RETRACTION if use.is_own:
            return f"Set review_status to retired; if the document is to stay, say so in its text, {THEN_ENTER}"
        case NoticeKind.RETRACTION:
            return f"Take out what rests on it, or say in the text that it was retracted, {THEN_ENTER}"
        case NoticeKind.CONCERN:
            return f"Read the notice and say in the text what it doubts, {THEN_ENTER}"
        case NoticeKind.CORRECTION:
            return f"Read the notice and mend what changed, {THEN_ENTER}"
