"""A library of any size, made of parts: the shipped documents' own sentences with other drugs, people and numbers.

The same seed and number always make the same document. What they say isn't true: they are for measuring only.
"""

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.domain.documents import CuratedDocument, PassageKind
from bot.domain.glossary import Glossary, TermKind
from bot.domain.text import fold
from bot.knowledge.documents import read_library
from bot.places import shipped

SEED = 20261122
SENTENCES = (2, 6)
"""Of a section, which becomes one passage: as many as the shipped library's have."""
DRUGS, PEOPLE = 3_000, 8_000
"""Names that are drawn from: a large library speaks of more things, not only more often of the same ones."""
NUMBER = re.compile(r"(?<![\w.-])\d+(?:\.\d+)?(?![\w-])")
NAME = re.compile(r"(?<![A-Za-z])[A-Z][a-z]{3,}(?= (?:et al|\d{4}))")
SYLLABLES = (
    "ba be bi bra ca ce cla da dro du e fa fi ga gli go i ka la le li lo lu ma me mi na ne no o pa pe pra ra re ri ro"
    " sa se si sta ta te ti to tra u va ve vi xa ze zo"
).split()
DRUG_ENDINGS = ("mab", "tinib", "cept", "stat", "pril", "sone", "mide", "cycline", "fenib", "kinra")
SURNAME_ENDINGS = ("son", "berg", "ini", "ova", "mann", "ez", "ski", "moto", "ard", "wala")


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What documents are made of. `swapped` are the names of drugs that may be exchanged, as folded words."""

    documents: Sequence[CuratedDocument]
    headings: Sequence[str]
    sentences: Sequence[str]
    swapped: frozenset[str]
    drugs: Sequence[str]
    people: Sequence[str]


def gather_parts(glossary: Glossary) -> Parts:
    """The parts of the shipped library, and invented names."""
    documents = read_library(shipped("knowledge")).documents
    body = [passage for one in documents for passage in one.passages if passage.kind is PassageKind.BODY]
    drugs = {name for term in glossary.terms if term.kind is TermKind.DRUG for name in map(fold, term.all_names)}
    rng = random.Random(SEED)
    return Parts(
        documents=documents,
        headings=sorted({passage.heading_path[-1] for passage in body if passage.heading_path}),
        sentences=sorted({sentence.text for passage in body for sentence in passage.sentences}),
        swapped=frozenset(name for name in drugs if name.isalpha() and len(name) > 3),
        drugs=_names(rng, DRUGS, DRUG_ENDINGS),
        people=[name.capitalize() for name in _names(rng, PEOPLE, SURNAME_ENDINGS)],
    )


def _names(rng: random.Random, count: int, endings: Sequence[str]) -> list[str]:
    names: dict[str, None] = {}
    while len(names) < count:
        names["".join(rng.choices(SYLLABLES, k=rng.randint(2, 3))) + rng.choice(endings)] = None
    return list(names)


def write_document(folder: Path, number: int, sections: int, parts: Parts) -> Path:
    """Write document `number` of the made library; gives its file."""
    path = folder / f"made/{number // 1000:03d}/made-{number:06d}.md"
    write(path, make_document(number, sections, parts))
    return path


def write(path: Path, text: str) -> None:
    """Write a file, unless it's there just so: what isn't touched isn't read again."""
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def make_document(number: int, sections: int, parts: Parts) -> str:
    """Markdown with front matter, with so many sections of one passage each; another passage tells of the document."""
    rng = random.Random(f"{SEED} {number}")
    pattern = rng.choice(parts.documents)
    change = Change(rng, parts)
    values: dict[str, object] = {
        "id": f"made-{number:06d}",
        "title": f"{change.of(pattern.title)} ({change.person} {change.year})",
        "kind": pattern.kind.value,
        "authors": [f"{rng.choice(parts.people)} {rng.choice('ABCDEFGHKLMNPRSTW')}" for _ in range(3)],
        "journal": pattern.journal or "Journal of Made Studies",
        "year": change.year,
        "n": rng.randint(5, 900),
        "questions": [change.of(question) for question in pattern.questions[:3]],
        "review_status": "submitted",
        "last_updated": date(2026, 11, 22).isoformat(),
        "version": 1,
        "licence": "CC-BY-4.0",
    }
    if pattern.conflicts_with:
        topic = change.of(pattern.conflicts_with[0].topic)
        values["conflicts_with"] = [{"document": f"made-{max(0, number - 1):06d}", "topic": topic}]
    # JSON is YAML, and needs no thought about quotation marks.
    lines = ["---", *(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()), "---"]
    for heading in rng.choices(parts.headings, k=sections):
        lines += [f"## {change.of(heading)}"]
        lines += [change.of(text) for text in rng.choices(parts.sentences, k=rng.randint(*SENTENCES))]
        lines.append("")
    return "\n".join(lines)


class Change:
    """Puts other drugs, people and numbers into sentences; the same ones all through a document."""

    def __init__(self, rng: random.Random, parts: Parts) -> None:
        self._rng = rng
        self._parts = parts
        self._drugs = rng.sample(parts.drugs, 4)
        self.person = rng.choice(parts.people)
        self.year = rng.randint(1980, 2026)

    def of(self, text: str) -> str:
        """The sentence changed: some of its drugs stay, so that documents agree on what they are about."""
        text = NUMBER.sub(self._number, NAME.sub(self.person, text))
        return re.sub(r"[A-Za-z]{4,}", self._drug, text)

    def _number(self, match: re.Match[str]) -> str:
        digits = match.group()
        if len(digits) == 4 and digits.startswith(("19", "20")):
            return str(self.year)
        value = float(digits) * self._rng.uniform(0.5, 2)
        return f"{value:.1f}" if "." in digits else str(max(1, round(value)))

    def _drug(self, match: re.Match[str]) -> str:
        known = fold(match.group()) in self._parts.swapped
        return self._rng.choice(self._drugs) if known and self._rng.random() < 0.7 else match.group()


def bring_shipped(folder: Path) -> list[str]:
    """Write the shipped library beside the made documents, so that some questions have an answer; gives them."""
    source = shipped("knowledge")
    documents = read_library(source).documents
    for document in documents:
        write(folder / document.path, (source / document.path).read_text(encoding="utf-8"))
    return [question for document in documents for question in document.questions]
