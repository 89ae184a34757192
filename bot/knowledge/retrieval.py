"""Hybrid retrieval: by meaning and by words, fused, with the glossary widening the words.

Both scores are absolute before they're mixed: the cosine, and BM25 over the most that these words could score. On six
public sets this mixture is as good as mixing min-max scaled lists and better than reciprocal ranks, and unlike with
these its score means the same for every question.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from bot.domain.documents import CuratedDocument, PassageKind, RetrievedPassage, SearchQuery
from bot.domain.glossary import Glossary
from bot.domain.text import fold
from bot.knowledge.admission import QUOTABLE, Admission
from bot.knowledge.embeddings import Embedder
from bot.knowledge.index import KnowledgeIndex
from bot.knowledge.kept import KeptPassages
from bot.knowledge.lexical import LexicalIndex, Terms
from bot.knowledge.open_generation import Hit, OpenGeneration
from bot.knowledge.store import StoredPassage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DENSE_WEIGHT = 0.5
DEPTH = 100  # candidates of either side; 50 and 200 rank within noise of it
MOST_SIDES = (
    8  # documents asked for their side of a disagreement, where a library has hundreds; the shipped one needs no more
)
SYNONYM_WEIGHT = 0.3
MEMBER_WEIGHT = 0.1
MOST_FACTS = 3
"""Passages on a document itself (its title, authors, sources) among those found."""
FURTHER = 3
"""For each of them that has to go, so many further ones are looked at for one that states something."""
WORDS_KEPT, PASSAGES_KEPT = 20_000, 4_000
"""Of one generation: words with their weights, and passages as they were read from the disk."""
PREFIX = re.compile(r"^(?:re|un|non|pre|post|anti|over|under|mis|dis)(?=\w{4})")


class Scored(NamedTuple):
    """A passage with its scores, all in [0, 1]."""

    passage: str
    score: float
    dense: float
    lexical: float


class HybridRetriever:
    """Finds passages. Any thread may use it."""

    def __init__(
        self, index: KnowledgeIndex, embedder: Embedder, glossary: Glossary, admission: Admission = QUOTABLE
    ) -> None:
        self._index = index
        self._admission = admission
        self._embedder = embedder
        self._glossary = glossary
        self._weights: WeakKeyDictionary[OpenGeneration, Callable[[str], float]] = WeakKeyDictionary()
        self._loaded: WeakKeyDictionary[OpenGeneration, KeptPassages] = WeakKeyDictionary()
        self._last: WeakKeyDictionary[OpenGeneration, tuple[object, list[Scored]]] = WeakKeyDictionary()

    def retrieve(self, queries: Sequence[SearchQuery], top_k: int) -> tuple[RetrievedPassage, ...]:
        """The `top_k` best passages for one question asked in several ways, best first.

        `score` is the mean of `dense` and `lexical`. Sentences are compared with the first query alone.
        """
        asked = [self._in_known_names(query) for query in queries if query.text.strip()]
        if not asked or top_k < 1:
            return ()
        self._index.refresh()
        generation = self._index.generation
        vectors = [self._embedder.embed_query(query.text) for query in asked]
        found = self._search(asked, mix_vectors(asked, vectors), generation)
        return self._uncrowded(found, top_k, generation, vectors[0])

    def retrieve_from(
        self, documents: Sequence[str], queries: Sequence[SearchQuery], top_k: int
    ) -> tuple[RetrievedPassage, ...]:
        """The `top_k` best passages of each of these documents, by id; none of one that the library doesn't hold.

        Facts about the document itself are left out.
        """
        asked = [self._in_known_names(query) for query in queries if query.text.strip()]
        generation = self._index.generation
        admitted = generation.admitted(self._admission).by_id
        held = [admitted[name].path for name in documents if name in admitted]
        if not asked or not held:
            return ()
        vectors = [self._embedder.embed_query(query.text) for query in asked]
        mixed = mix_vectors(asked, vectors)
        found = {scored.passage: scored for scored in self._search(asked, mixed, generation)}
        best: list[Scored] = []
        for path in nearest(held, list(found), generation):
            passages = (each for each in generation.store.passages_of(path) if each.kind is not PassageKind.METADATA)
            own = generation.store.vectors([passage.id for passage in passages])
            # What the search left out shares hardly a word with the question: its meaning alone counts.
            scored = [
                found.get(name) or fuse(Hit(passage=name, dense=float(vector @ mixed), lexical=0.0), 0.0)
                for name, vector in own.items()
            ]
            best += sorted(scored, key=best_first)[:top_k]
        return self._present(best, generation, vectors[0])

    def contested(self) -> tuple[CuratedDocument, ...]:
        """The documents that a curator has said to contradict another one, without their passages."""
        return self._index.generation.admitted(self._admission).contested

    def _search(
        self, asked: Sequence[SearchQuery], vector: "NDArray[np.float32]", generation: OpenGeneration
    ) -> list[Scored]:
        """Every candidate, best first. The last search is kept: the sides of a disagreement are asked for after it."""
        barred = generation.admitted(self._admission).barred
        search = (tuple(asked), barred)
        kept = self._last.get(generation)
        if kept is None or kept[0] != search:
            kept = self._last[generation] = (search, self._search_anew(asked, vector, generation, barred))
        return kept[1]

    def _search_anew(
        self,
        asked: Sequence[SearchQuery],
        vector: "NDArray[np.float32]",
        generation: OpenGeneration,
        barred: AbstractSet[str],
    ) -> list[Scored]:
        terms = mix_terms(asked, generation.lexical)
        widened = {**widen(asked, self._glossary, generation.lexical), **terms}
        ceiling = generation.lexical.ceiling(terms)
        # Where much is barred, deeper only as long as too little else is found.
        most = DEPTH + len(barred)
        depth = min(most, 2 * DEPTH)
        hits = [hit for hit in generation.search(vector, widened, depth) if hit.passage not in barred]
        while len(hits) < DEPTH and depth < most:
            depth = min(most, 4 * depth)
            hits = [hit for hit in generation.search(vector, widened, depth) if hit.passage not in barred]
        scored = (fuse(hit, ceiling) for hit in hits)
        return sorted(scored, key=best_first)

    def _uncrowded(
        self, found: Sequence[Scored], top_k: int, generation: OpenGeneration, question: "NDArray[np.float32]"
    ) -> tuple[RetrievedPassage, ...]:
        """The best passages, of which few may be facts about documents.

        Their titles and sources repeat a short question's words, though they seldom answer it.
        """
        best = self._present(found[:top_k], generation, question)
        facts = [item for item in best if item.passage.kind is PassageKind.METADATA]
        crowd = {item.passage.id for item in facts[MOST_FACTS:]}
        if not crowd:
            return best
        further = self._present(found[top_k : top_k + FURTHER * len(crowd)], generation, question)
        stated = [item for item in further if item.passage.kind is not PassageKind.METADATA][: len(crowd)]
        chosen = (*(item for item in best if item.passage.id not in crowd), *stated)
        return tuple(replace(item, rank=rank) for rank, item in enumerate(chosen, start=1))

    def _present(
        self, found: Sequence[Scored], generation: OpenGeneration, question: "NDArray[np.float32]"
    ) -> tuple[RetrievedPassage, ...]:
        kept = self._loaded.setdefault(generation, KeptPassages(PASSAGES_KEPT))
        return present(found, kept.load([scored.passage for scored in found], generation.load), generation, question)

    def _in_known_names(self, query: SearchQuery) -> SearchQuery:
        """The query with names that the library never uses (a brand, a lay word) put as their preferred ones."""
        folded = fold(query.text)
        lexical = self._index.generation.lexical
        for mention in reversed(self._glossary.mentions(query.text)):
            written = folded[mention.start : mention.end]
            if not lexical.knows(written) and lexical.knows(mention.term.name):
                folded = f"{folded[: mention.start]}{mention.term.name}{folded[mention.end :]}"
        return replace(query, text=folded) if folded != fold(query.text) else query

    def is_foreign(self, word: str) -> bool:
        """Is it a word that neither the library nor general English knows: most likely a name that isn't covered?"""
        lexical = self._index.generation.lexical
        plain = PREFIX.sub("", word)
        return not (lexical.knows(word) or lexical.knows(plain) or self._embedder.is_word(word))

    def is_common(self, word: str) -> bool:
        """Is it a word of general English, whether the library uses it or not?"""
        return self._embedder.is_word(word)

    def weight(self, word: str) -> float:
        """How much a word tells: rarity in the library; of a word that isn't there, rarity in English.

        A document's "reserved" meets a reader's "kept": everyday words that the library happens not to use must not
        count as the point of a question, while an unknown name is just that.
        """
        generation = self._index.generation
        weigh = self._weights.get(generation)
        if weigh is None:
            weigh = self._weights[generation] = self._weights_in(generation.lexical)
        return weigh(word)

    def _weights_in(self, lexical: LexicalIndex) -> Callable[[str], float]:
        """What words tell in one generation, kept: the names of the glossary are weighed for many questions."""

        @lru_cache(maxsize=WORDS_KEPT)
        def weigh(word: str) -> float:
            return lexical.idf(word) * (1.0 if lexical.knows(word) else self._embedder.rarity(word))

        return weigh


def nearest(paths: Sequence[str], found: Sequence[str], generation: OpenGeneration) -> list[str]:
    """The documents of these that a search found first, in their own order, where they are too many to read each."""
    if len(paths) <= MOST_SIDES:
        return list(paths)
    places = generation.store.places(found)
    ranks = {path: rank for rank, path in reversed([(rank, places[name]) for rank, name in enumerate(found)])}
    first = set(sorted(paths, key=lambda path: ranks.get(path, len(found)))[:MOST_SIDES])
    return [path for path in paths if path in first]


def mix_vectors(asked: Sequence[SearchQuery], vectors: "Sequence[NDArray[np.float32]]") -> "NDArray[np.float32]":
    """The unit vector of all queries together, each with its weight."""
    import numpy as np

    total = np.sum([query.dense * vector for query, vector in zip(asked, vectors, strict=True)], axis=0)
    mixed: NDArray[np.float32] = (total / max(float(np.linalg.norm(total)), 1e-12)).astype(np.float32)
    return mixed


def mix_terms(asked: Sequence[SearchQuery], lexical: LexicalIndex) -> Terms:
    """The terms of all queries together, each with its share."""
    total = sum(query.lexical for query in asked) or 1.0
    mixed: dict[str, float] = {}
    for query in asked:
        for term, weight in lexical.terms(query.text).items():
            mixed[term] = mixed.get(term, 0.0) + weight * query.lexical / total
    return mixed


def widen(asked: Sequence[SearchQuery], glossary: Glossary, lexical: LexicalIndex) -> Terms:
    """The other names of what the queries name, and, lighter, the names of a class's members."""
    named = {term.id: term for query in asked for term in glossary.terms_in(query.text)}
    named |= {cause.id: cause for term in named.values() for cause in map(glossary.term, term.signs_of) if cause}
    members = {member.id: member for term in named.values() for member in glossary.members(term)}
    widened: dict[str, float] = {}
    for terms, weight in ((members.values(), MEMBER_WEIGHT), (named.values(), SYNONYM_WEIGHT)):
        for name in glossary.synonyms(terms):
            found = lexical.terms_of_name(name)
            for term in found:
                widened[term] = max(widened.get(term, 0.0), weight / len(found))
    return widened


def best_first(scored: Scored) -> tuple[float, str]:
    """The order of passages; the id decides between equals."""
    return -scored.score, scored.passage


def fuse(hit: Hit, ceiling: float) -> Scored:
    """Mix a passage's two scores, each held to [0, 1]. Hundreds are mixed for a question: no call is made for one."""
    name, dense, lexical = hit
    dense = 0.0 if dense < 0.0 else 1.0 if dense > 1.0 else dense  # noqa: FURB136 - as above
    lexical = 0.0 if not ceiling else 1.0 if lexical > ceiling else lexical / ceiling
    return Scored(name, DENSE_WEIGHT * dense + (1 - DENSE_WEIGHT) * lexical, dense, lexical)


def present(
    found: Sequence[Scored],
    stored: Mapping[str, StoredPassage],
    generation: OpenGeneration,
    question: "NDArray[np.float32]",
) -> tuple[RetrievedPassage, ...]:
    """The passages themselves, with their documents and the likeness of each sentence to the question."""
    import numpy as np

    presented = []
    for rank, scored in enumerate(found, start=1):
        passage = stored[scored.passage].passage
        likeness = stored[scored.passage].vectors.sentences.astype(np.float32) @ question
        presented.append(
            RetrievedPassage(
                passage=passage,
                document=generation.document(passage.document),
                rank=rank,
                score=scored.score,
                dense=scored.dense,
                lexical=scored.lexical,
                similarities=tuple(np.clip(likeness, 0.0, 1.0).tolist()),
            )
        )
    return tuple(presented)
