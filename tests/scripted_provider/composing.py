"""Reads a compose prompt as a small model would, and answers in its format, as well as words alone can.

The prompt holds passages as `<passage id="…">` blocks and the question after `Question:`. The answer is one JSON object
a line. A repair request lists the claims that failed, each a JSON object a line with the key `problem`.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tests.scripted_provider.scripts import Player, Request, Says

MOST = 3  # claims of an honest answer
SHARE = 0.25  # of the question's words must stand in a sentence that answers it

PASSAGE = re.compile(
    r"<passage\b[^>]*?\bid\s*=\s*[\"']?([^\"'\s>]+)[^>]*>(.*?)</passage\s*>", re.DOTALL | re.IGNORECASE
)
QUESTION = re.compile(
    r"^[ \t>*#]*question[ \t*]*:[ \t*]*\n?(.+?)[ \t]*(?=\n[ \t]*\n|\n<|\n\{|\Z)",
    re.DOTALL | re.IGNORECASE | re.MULTILINE,
)
PROBLEM = re.compile(r"\{[^\n]*\"problem\"[^\n]*\}")
FIRST_OBJECT = json.JSONDecoder()

BULLET = re.compile(r"^\s*(?:[-*•–]|\d+[.)])\s+")
ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|al|vs|cf|approx|Dr|Fig|No)|\b[A-Z])\.$")
SENTENCE_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\"”)]))\s+(?=[\"“(]?[A-Z0-9])")
REFERENCE = re.compile(r"\s*\[\d+(?:\s*[,–-]\s*\d+)*\]")
LINKING = re.compile(r"^(?:However|Moreover|Furthermore|In addition|Additionally|Thus|Therefore),\s+(\w)")
WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.IGNORECASE)
COMMON = frozenset(
    "a about after an and any are as at be by can could did do does for from had has have how i in into is it its may "
    "many me might much must my of on or our shall should so than that the their them then there these they this those "
    "to was we were what when where which who why will with would you your".split()
)
DOSE = re.compile(r"\b\d+(?:[.,]\d+)?\s*(?:mg|g|µg|mcg|ml|units?|IU)\b(?:/\w+)*", re.IGNORECASE)
SAFETY = re.compile(
    r"\b(?:adverse|avoid\w*|caution|contraindicat\w+|infections?|monitor\w*|risks?|toxic\w*)\b", re.IGNORECASE
)

INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.*\b(?:instructions?|rules?|prompt|above|previous)\b"
    r"|\b(?:you (?:must|should|are now)|system prompt|respond with|reply with|answer with|tell the (?:user|reader))\b",
    re.IGNORECASE,
)
NO_STATEMENT = re.compile(
    r"\?$|\bdoi\b|\bPMID\b|https?://"
    r"|^(?:authors?|design|journal|kind|level|population|sources?|title|year)\b[\w ]*:"
    r"|^(?:how|what|when|where|which|who|why)\b[^,]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One claim as a model writes it."""

    text: str
    sources: tuple[str, ...] = ()
    quote: str = ""
    role: str = "finding"

    @property
    def value(self) -> dict[str, Any]:
        return {"role": self.role, "text": self.text, "sources": list(self.sources), "quote": self.quote}

    @property
    def json(self) -> str:
        return json.dumps(self.value, ensure_ascii=False)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A sentence of a passage."""

    source: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class ComposePrompt:
    """What was found in a request; `failed` holds the claims to repair, and is empty for a first call."""

    question: str
    passages: tuple[tuple[str, str], ...]
    failed: tuple[Line, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.passages)

    @property
    def text(self) -> str:
        """The passages one after the other."""
        return "\n".join(text for _, text in self.passages)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Every sentence that states something, once: no instruction, no question, no heading, no reference."""
        found = {s: Evidence(source=name, sentence=s) for name, text in self.passages for s in sentences(text)}
        return tuple(evidence for s, evidence in found.items() if not (INSTRUCTION.search(s) or NO_STATEMENT.search(s)))

    def ranked(self, about: str | None = None, *, share: float = 0.0) -> tuple[Evidence, ...]:
        """The sentences that share words with the question (or other words), best first; a rare word counts more.

        `share` is the part of the question's words that a sentence needs.
        """
        wanted = content_words(self.question if about is None else about)
        held = {evidence: content_words(evidence.sentence) & wanted for evidence in self.evidence}
        frequency = Counter(word for words in held.values() for word in words)
        weight = {word: math.log(1 + len(held) / count) for word, count in frequency.items()}
        fitting = [evidence for evidence, words in held.items() if words and len(words) >= share * len(wanted)]
        return tuple(sorted(fitting, key=lambda evidence: -sum(weight[word] for word in held[evidence])))


def read_prompt(request: Request) -> ComposePrompt:
    """The question, the passages and the failed claims of a request."""
    said = request.said_by("user")
    everything = "\n\n".join(said)
    passages = {name: text.strip() for name, text in PASSAGE.findall(everything)}
    questions = QUESTION.findall(PASSAGE.sub("", everything))
    last = said[-1] if said else ""
    failed = [line for found in PROBLEM.findall(last) if (line := _failed(found)) is not None]
    return ComposePrompt(
        question=" ".join(questions[0].split()) if questions else "",
        passages=tuple(passages.items()),
        failed=tuple(failed),
    )


def _failed(text: str) -> Line | None:
    try:
        value, _ = FIRST_OBJECT.raw_decode(text)
    except ValueError:
        return None
    sources = value.get("sources") or ()
    return Line(
        role=str(value.get("role", "finding")),
        text=str(value.get("text", "")),
        sources=(sources,) if isinstance(sources, str) else tuple(str(source) for source in sources),
        quote=str(value.get("quote", "")),
    )


def sentences(passage: str) -> tuple[str, ...]:
    """The sentences of a block. Its first line heads it, as do lines that neither end as sentences nor are items."""
    rows: list[str] = []
    for line in passage.splitlines()[1:]:
        continues = bool(rows) and bool(rows[-1]) and not rows[-1].endswith((".", "!", "?", ":"))
        if continues and line[:1].islower():
            rows[-1] = f"{rows[-1]} {line.strip()}"
        else:
            rows.append(line.strip())
    found: list[str] = []
    for row in rows:
        if row.endswith((".", "!", "?", ".”", '."')) or BULLET.match(row):
            found += _split(BULLET.sub("", row))
    return tuple(found)


def _split(row: str) -> list[str]:
    parts: list[str] = []
    for part in SENTENCE_END.split(row):
        if parts and ABBREVIATION.search(parts[-1]):
            parts[-1] = f"{parts[-1]} {part}"
        elif part:
            parts.append(part)
    return parts


def content_words(text: str) -> frozenset[str]:
    """The words that say something, without a plural's ending."""
    words = {word.lower() for word in WORD.findall(text)} - COMMON
    return frozenset(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words)


def shortened(sentence: str) -> str:
    """The sentence without numbers of references and without the word that ties it to the one before."""
    return LINKING.sub(lambda tie: tie[1].upper(), REFERENCE.sub("", sentence))


def claim(evidence: Evidence, role: str | None = None) -> Line:
    """An honest claim: what the sentence says, where it stands, and the sentence itself as the quotation."""
    text = shortened(evidence.sentence)
    fitting = "dose" if DOSE.search(text) else "safety" if SAFETY.search(text) else "finding"
    return Line(role=role or fitting, text=text, sources=(evidence.source,), quote=evidence.sentence)


def honest_lines(prompt: ComposePrompt) -> tuple[Line, ...]:
    """The sentences that say most about the question; the first is the bottom line. Empty if none says anything."""
    best = prompt.ranked(share=SHARE)[:MOST]
    return tuple(claim(evidence, "bottom_line" if number == 0 else None) for number, evidence in enumerate(best))


def repaired_lines(prompt: ComposePrompt) -> tuple[Line, ...]:
    """For each failed claim the sentence that is most like it; none where no sentence is."""
    found = ((line, prompt.ranked(line.text, share=SHARE)) for line in prompt.failed)
    return tuple(claim(ranked[0], line.role) for line, ranked in found if ranked)


def written(lines: Iterable[Line]) -> str:
    """One JSON object a line; without any line, the object that says so."""
    return "\n".join(line.json for line in lines) or json.dumps({"no_answer": True})


def honest(request: Request) -> Says:
    """Answers from the passages; repairs what failed."""
    prompt = read_prompt(request)
    return repairs_honestly(request) if prompt.failed else Says(written(honest_lines(prompt)))


def no_answer(request: Request) -> Says:
    """Finds nothing in any passage."""
    return Says(written(()))


def leaves_open(*phrases: str) -> Player:
    """Answers honestly, and says that the passages don't cover these noun phrases."""
    return lambda request: Says(f"{honest(request).text}\n{json.dumps({'not_covered': phrases}, ensure_ascii=False)}")


def repairs_honestly(request: Request) -> Says:
    """Puts the sentence of a passage in the place of each failed claim."""
    return Says(written(repaired_lines(read_prompt(request))))


def repairs_stubbornly(request: Request) -> Says:
    """Repeats the failed claims as they were."""
    return Says(written(read_prompt(request).failed))
