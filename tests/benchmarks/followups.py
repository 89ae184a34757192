"""Follow-up retrieval on public conversations, by the code that serves.

`python -m tests.benchmarks.followups --data FOLDER`, where FOLDER holds a folder a set: `corpus.jsonl` ({_id, title,
text}) and `turns.jsonl` ({_id, raw, history: [[user | agent, text], …], rewrite, gold: [passage ids]}). Every way of
asking goes through the same retriever. Printed as Markdown: nDCG@10, the share of the distance between bare message and
gold rewrite that each way closes, the two halves of the conversations apart (the test of belonging was fitted on the
first), messages that stand alone, and the cost. The sets are never copied into the repository. Conversations become
turns whose answers hold one claim a sentence, as they are stored.
"""

import argparse
import statistics
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from bot.answering.language import split_sentences
from bot.conversation.contextualize import Contextualized, contextualize
from bot.domain.answers import Answer, Citation, Claim, ClaimRole, SupportLabel
from bot.domain.documents import ReviewStatus, SearchQuery
from bot.domain.glossary import Glossary
from bot.domain.messages import History, Turn
from bot.knowledge.embeddings import KeptVectors, MiniLmEmbedder
from bot.knowledge.index import open_index
from bot.knowledge.indexing import build_index
from bot.knowledge.retrieval import HybridRetriever
from tests.benchmarks.retrieval import K, document_of, lines_of, ndcg, quantile, read_glossary, show_progress

SETS = ("cast21", "mtrag_clapnq", "mtrag_govt", "medquad_followup")
WHEN = datetime(2026, 1, 1, tzinfo=UTC)
SWITCHES = 4
"""Foreign histories that each first message is put behind."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A message with what was said before it, and the passages that answer it."""

    message: str
    before: tuple[tuple[str, str], ...]
    rewrite: str
    gold: frozenset[str]
    conversation: str

    @property
    def users(self) -> list[str]:
        return [question for question, _ in self.before]

    @property
    def half(self) -> int:
        return zlib.crc32(self.conversation.encode()) % 2


def read_turns(folder: Path) -> list[Asked]:
    """The turns with at least one gold passage."""
    turns = []
    for line in lines_of(folder / "turns.jsonl"):
        told: dict[str, Any] = dict(line)
        if not told["gold"]:
            continue
        before: list[tuple[str, str]] = []
        for who, text in told["history"]:
            if who == "user":
                before.append((text, ""))
            elif before:
                before[-1] = (before[-1][0], f"{before[-1][1]} {text}".strip())
        separator = "<::>" if "<::>" in told["_id"] else "-" if folder.name.startswith("medquad") else "_"
        turns.append(
            Asked(
                message=told["raw"],
                before=tuple(before),
                rewrite=told["rewrite"],
                gold=frozenset(told["gold"]),
                conversation=folder.name + told["_id"].rsplit(separator, 1)[0],
            )
        )
    return turns


def behind_foreign_histories(turns: Sequence[Asked]) -> list[Asked]:
    """Each first message behind histories of other conversations: a topic switch without any announcement."""
    random = Random(0)
    later = [turn for turn in turns if turn.before]
    switched = []
    for first in (turn for turn in turns if not turn.before):
        others = [turn for turn in later if turn.conversation != first.conversation]
        for other in random.sample(others, SWITCHES):
            told = {"rewrite": first.message, "gold": first.gold, "conversation": first.conversation}
            switched.append(Asked(message=first.message, before=other.before, **told))  # type: ignore[arg-type]
    return switched


def answer_of(text: str) -> Answer:
    """An answer as the product stores it: one claim a sentence, with a footnote."""
    cited = Citation(
        number=1, document="a.md", title="", quote="-", start=0, end=1, locator="text", evidence="", year=None,
        review_status=ReviewStatus.SUBMITTED,
    )  # fmt: skip
    roles = [ClaimRole.BOTTOM_LINE, *[ClaimRole.FINDING] * len(text)]
    claims = tuple(
        Claim(text=sentence, role=role, support=SupportLabel.SUPPORTED, citations=(1,))
        for sentence, role in zip(split_sentences(text) or ["-"], roles, strict=False)
    )
    return Answer(claims=claims, citations=(cited,), notices=(), disclaimer="-")


@dataclass
class Contextualizer:
    """The product's contextualizer, each conversation told from its start; remembers what was resolved already."""

    glossary: Glossary
    embed: Callable[[str], Any]
    weight: Callable[[str], float]
    knows: Callable[[str], bool]
    seconds: list[float] = field(default_factory=list)
    resolved: dict[tuple[tuple[tuple[str, str], ...], str], Contextualized] = field(default_factory=dict)

    def resolve(self, before: tuple[tuple[str, str], ...], message: str) -> Contextualized:
        if (before, message) not in self.resolved:
            turns = tuple(
                Turn(
                    number=number,
                    question=question,
                    standalone_question=self.resolve(before[: number - 1], question).standalone,
                    outcome=answer_of(answer),
                    asked_at=WHEN,
                )
                for number, (question, answer) in enumerate(before, 1)
            )
            started = time.perf_counter()
            self.resolved[before, message] = contextualize(
                message,
                History(turns=turns),
                glossary=self.glossary,
                embed=self.embed,
                weight=self.weight,
                knows=self.knows,
            )
            self.seconds.append(time.perf_counter() - started)
        return self.resolved[before, message]

    def queries(self, turn: Asked) -> Sequence[SearchQuery]:
        return self.resolve(turn.before, turn.message).queries


Way = Callable[[Asked], Sequence[SearchQuery]]


def one(text: Callable[[Asked], str]) -> Way:
    return lambda turn: [SearchQuery(text=text(turn))]


def soft(message_dense: float, all_lexical: float) -> Way:
    """The message, and lighter all user turns with it."""
    return lambda turn: [
        SearchQuery(text=turn.message, dense=message_dense),
        SearchQuery(text=" ".join([*turn.users, turn.message]), dense=1 - message_dense, lexical=all_lexical),
    ]


def two_turns(turn: Asked) -> str:
    return " ".join([*turn.users[-1:], turn.message])


def whole_history(turn: Asked) -> str:
    return " ".join([*(text for pair in turn.before for text in pair), turn.message])


SIMPLE: Mapping[str, Way] = {
    "bare message": one(lambda turn: turn.message),
    "last two turns joined": one(two_turns),
    "all user turns joined": one(lambda turn: " ".join([*turn.users, turn.message])),
    "whole history joined": one(whole_history),
    "soft mixture 0.7 / 0.3, words 0.2": soft(0.7, 0.2),
    "soft mixture 0.5 / 0.5, words 0.5": soft(0.5, 0.5),
}
BARE, OURS, GOLD = "bare message", "**Footnote, no model**", "gold rewrite"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """nDCG@10 by way and turn; the controls as (bare, ours); milliseconds of contextualizing."""

    name: str
    halves: Sequence[int]
    scores: Mapping[str, Sequence[float]]
    firsts: tuple[float, float]
    switches: tuple[float, float]
    p50: float
    p95: float
    kept: float

    def mean(self, way: str, half: int | None = None) -> float:
        return statistics.mean(
            score for score, its in zip(self.scores[way], self.halves, strict=True) if half in {None, its}
        )

    def closed(self, way: str, half: int | None = None) -> float:
        bare = self.mean(BARE, half)
        return (self.mean(way, half) - bare) / (self.mean(GOLD, half) - bare)


def measure(name: str, folder: Path, data: Path, glossary: Glossary) -> Measured:
    embedder = MiniLmEmbedder()
    documents = [document_of(line["_id"], line["title"], line["text"]) for line in lines_of(folder / "corpus.jsonl")]
    build_index(data, documents, embedder, progress=show_progress)
    index = open_index(data, embedder)
    embedder.kept = KeptVectors(200_000)
    retriever = HybridRetriever(index, embedder, glossary)
    lexical = index.generation.lexical
    ours = Contextualizer(glossary, embedder.embed_query, retriever.weight, lexical.knows)
    turns = read_turns(folder)
    later = [turn for turn in turns if turn.before]

    def score(way: Way, asked: Sequence[Asked]) -> list[float]:
        found = []
        for turn in asked:
            hits = retriever.retrieve(way(turn), K)
            found.append(ndcg([hit.document.path for hit in hits], set(turn.gold)))
        return found

    def controlled(asked: Sequence[Asked]) -> tuple[float, float]:
        return statistics.mean(score(SIMPLE[BARE], asked)), statistics.mean(score(ours.queries, asked))

    # First, so that every message is new to the embedding model, as it is in service.
    scores = {OURS: score(ours.queries, later)}
    seconds = list(ours.seconds)
    for way, queries in {**SIMPLE, GOLD: one(lambda turn: turn.rewrite)}.items():
        scores[way] = score(queries, later)
        print(f"{name}: {way} {statistics.mean(scores[way]):.3f}", file=sys.stderr)
    firsts = [turn for turn in turns if not turn.before]
    measured = Measured(
        name=name,
        halves=[turn.half for turn in later],
        scores=scores,
        firsts=controlled(firsts),
        switches=controlled(behind_foreign_histories(turns)),
        p50=quantile(seconds, 0.5),
        p95=quantile(seconds, 0.95),
        kept=statistics.mean(not ours.resolve(turn.before, turn.message).depends for turn in later),
    )
    index.close()
    return measured


def print_table(sets: Sequence[Measured]) -> None:
    """Markdown."""
    print(f"| nDCG@{K} (share closed) | {' | '.join(f'{s.name}, {len(s.halves)} turns' for s in sets)} | mean closed |")
    print(f"|---|{'---|' * len(sets)}---|")
    for way in (*SIMPLE, OURS, GOLD):
        cells = [f"{s.mean(way):.3f} ({s.closed(way):.0%})" for s in sets]
        print(f"| {way} | {' | '.join(cells)} | {statistics.mean(s.closed(way) for s in sets):.0%} |")
    for half, label in ((0, "first half of the conversations"), (1, "second half")):
        cells = [f"{s.mean(OURS, half):.3f} ({s.closed(OURS, half):.0%})" for s in sets]
        mean = statistics.mean(s.closed(OURS, half) for s in sets)
        print(f"| Footnote, {label} | {' | '.join(cells)} | {mean:.0%} |")
    print(f"\n| messages that stand alone: bare → Footnote | {' | '.join(s.name for s in sets)} | mean change |")
    print(f"|---|{'---|' * len(sets)}---|")
    for label, pairs in (
        ("first turns", [s.firsts for s in sets]),
        ("topic switches", [s.switches for s in sets]),
    ):
        changes = [ours / bare - 1 for bare, ours in pairs]
        cells = [
            f"{bare:.3f} → {ours:.3f} ({change:+.1%})" for (bare, ours), change in zip(pairs, changes, strict=True)
        ]
        print(f"| {label} | {' | '.join(cells)} | {statistics.mean(changes):+.1%} |")
    print(f"\n| contextualizing, a new message | {' | '.join(s.name for s in sets)} |")
    print(f"|---|{'---|' * len(sets)}")
    print(f"| p50 / p95, ms | {' | '.join(f'{s.p50:.1f} / {s.p95:.1f}' for s in sets)} |")
    print(f"| left as they were put | {' | '.join(f'{s.kept:.0%}' for s in sets)} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds the sets")
    parser.add_argument("--sets", nargs="+", default=list(SETS))
    parser.add_argument("--index", type=Path, help="where to keep the indexes, so that a second run needn't make them")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        kept = given.index or Path(temporary)
        measured = []
        for name in given.sets:
            (kept / name).mkdir(parents=True, exist_ok=True)
            measured.append(measure(name, given.data / name, kept / name, read_glossary()))
    print_table(measured)


if __name__ == "__main__":
    main()
