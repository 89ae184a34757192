"""Retrieval on public sets, by the code that serves: `python -m tests.benchmarks.retrieval --data FOLDER`.

FOLDER holds a folder a set with `corpus.jsonl` ({_id, title, text}), `queries.jsonl` ({_id, text}) and `qrels.tsv`
(query, passage, 1). Printed: nDCG@10, indexing speed in passages of 120 words, a second run on the unchanged library,
the time of one question, memory. The sets are never copied into the repository.
"""

import argparse
import json
import math
import re
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.domain.documents import CuratedDocument, Passage, SearchQuery, Sentence, Span
from bot.domain.glossary import Glossary
from bot.knowledge.embeddings import MiniLmEmbedder
from bot.knowledge.index import open_index
from bot.knowledge.indexing import build_index
from bot.knowledge.retrieval import HybridRetriever

K = 10
WORDS = 120
TARGETS = {"pubmedqa": 0.985, "scifact": 0.725}
SENTENCE = re.compile(r"\S.*?(?:[.?!](?=\s)|$)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class BenchmarkSet:
    """A corpus as documents, the queries, and the ids of the documents that answer each."""

    documents: list[CuratedDocument]
    queries: dict[str, str]
    relevant: dict[str, set[str]]


def lines_of(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def document_of(name: str, title: str, text: str) -> CuratedDocument:
    """A short document as one passage."""
    sentences = tuple(
        Sentence(text=match[0], quote=match[0], spans=(Span(start=match.start(), end=match.end()),))
        for match in SENTENCE.finditer(text)
    )
    passage = Passage(id=f"{name}#0", document=name, heading_path=(), sentences=sentences)
    return CuratedDocument(path=name, id=name, title=title, passages=(passage,))


def read_set(folder: Path) -> BenchmarkSet:
    relevant: dict[str, set[str]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, passage, score = line.split("\t")
        if score.isdigit() and int(score) > 0:
            relevant.setdefault(query, set()).add(passage)
    queries = {line["_id"]: line["text"] for line in lines_of(folder / "queries.jsonl") if line["_id"] in relevant}
    documents = [document_of(line["_id"], line["title"], line["text"]) for line in lines_of(folder / "corpus.jsonl")]
    return BenchmarkSet(documents=documents, queries=queries, relevant=relevant)


def ndcg(ranked: Sequence[str], relevant: set[str], k: int = K) -> float:
    """Normalised discounted cumulative gain of one ranking, with binary relevance."""
    gain = sum(1 / math.log2(place + 2) for place, name in enumerate(ranked[:k]) if name in relevant)
    return gain / sum(1 / math.log2(place + 2) for place in range(min(k, len(relevant))))


def measure_set(name: str, folder: Path, glossary: Glossary) -> None:
    """Index a set, ask all its queries, print what was found."""
    chosen, embedder = read_set(folder), MiniLmEmbedder()
    with tempfile.TemporaryDirectory() as data:
        built = build_index(Path(data), chosen.documents, embedder, progress=show_progress)
        again = build_index(Path(data), chosen.documents, embedder)
        index = open_index(Path(data), embedder)
        retriever = HybridRetriever(index, embedder, glossary)
        scores, seconds = [], []
        for query, text in chosen.queries.items():
            started = time.perf_counter()
            found = retriever.retrieve([SearchQuery(text=text)], K)
            seconds.append(time.perf_counter() - started)
            scores.append(ndcg([item.document.path for item in found], chosen.relevant[query]))
        index.close()
    target = f" (at least {TARGETS[name]:.3f})" if name in TARGETS else ""
    print(f"{name}: nDCG@{K} {statistics.mean(scores):.4f}{target}, {len(scores)} queries, {built.documents} documents")
    print(f"  indexed in {built.seconds:.1f} s, unchanged again {again.seconds:.2f} s")
    print(f"  one question: p50 {quantile(seconds, 0.5):.1f} ms, p95 {quantile(seconds, 0.95):.1f} ms")


def measure_speed(folder: Path, passages: int) -> None:
    """Index passages of exactly 120 words, cut from a corpus."""
    stock = iter([word for line in lines_of(folder / "corpus.jsonl") for word in line["text"].split()])
    texts = [" ".join(next(stock) for _ in range(WORDS)) for _ in range(passages)]
    documents = [document_of(f"{number}.md", "", text) for number, text in enumerate(texts)]
    embedder = MiniLmEmbedder()
    embedder.load()
    busy = time.process_time()
    with tempfile.TemporaryDirectory() as data:
        report = build_index(Path(data), documents, embedder, progress=show_progress)
    busy = (time.process_time() - busy) / passages * 1000
    print(
        f"indexing: {passages / report.seconds:.0f} passages of {WORDS} words a second (at least 120), "
        f"{busy:.1f} ms of processor time each ({folder.name})"
    )


def measure_memory() -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory: at most {peak:.0f} MB")


def quantile(seconds: Sequence[float], share: float) -> float:
    """In milliseconds."""
    return sorted(seconds)[min(len(seconds) - 1, int(share * len(seconds)))] * 1000


def show_progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done}/{total}", end="\n" if done == total else "", file=sys.stderr)


def read_glossary() -> Glossary:
    """The shipped one: it must do no harm on sets that it wasn't written for."""
    from bot.knowledge.glossary import load_glossary

    return load_glossary(Path(__file__).parents[2] / "knowledge" / "glossary.yaml")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds the sets")
    parser.add_argument("--sets", nargs="+", default=list(TARGETS))
    parser.add_argument(
        "--speed", type=int, default=500, help="passages to measure the speed of indexing with; 0: don't"
    )
    parser.add_argument("--no-glossary", action="store_true")
    given = parser.parse_args()
    glossary = Glossary() if given.no_glossary else read_glossary()
    if given.speed:
        measure_speed(given.data / given.sets[0], given.speed)
    for name in given.sets:
        measure_set(name, given.data / name, glossary)
    measure_memory()


if __name__ == "__main__":
    main()
