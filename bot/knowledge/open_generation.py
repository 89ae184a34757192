"""One generation of the index, opened for searching."""

import weakref
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from bot.domain.documents import CuratedDocument
from bot.knowledge.admission import Admission, Admitted, admit
from bot.knowledge.chroma_server import ServerAddress
from bot.knowledge.generations import Generation, lease
from bot.knowledge.lexical import LexicalIndex, Terms
from bot.knowledge.shared_search import OwnSearch, SharedSearch
from bot.knowledge.store import PassageStore, StoredPassage
from bot.knowledge.vectors import VectorSearch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Hit(NamedTuple):
    """A passage that either side found: its cosine, and its BM25 score (0 where no word matches)."""

    passage: str
    dense: float
    lexical: float


class OpenGeneration:
    """One generation opened for searching; it never changes. Any thread may use it.

    With a `server` its vectors are searched there, and here while that can't be used: the passages are found that are
    nearest of all, and every cosine is our own, so that no outage costs an answer.
    """

    def __init__(self, generation: Generation, server: ServerAddress | None = None) -> None:
        self.manifest = generation.manifest
        self._documents: dict[str, CuratedDocument] | None = None
        self._admitted: tuple[tuple[Admission, date], Admitted] | None = None
        with ExitStack() as stack:
            stack.enter_context(lease(generation.folder))
            self.store = PassageStore(generation.passages)
            stack.callback(self.store.close)
            self._own = OwnSearch(self.store)
            self.lexical = LexicalIndex(generation.tantivy)
            self.vectors: VectorSearch | SharedSearch
            if server is None:
                self.vectors = VectorSearch(generation.chroma)
            else:
                manifest = generation.manifest
                self.vectors = SharedSearch(server, fingerprint=manifest.fingerprint, passages=manifest.passages)
            stack.callback(self.vectors.close)
            self.close = weakref.finalize(self, stack.pop_all().close)

    def search(self, vector: "NDArray[np.float32]", words: str | Terms, depth: int) -> list[Hit]:
        """The `depth` best of either side. A passage that only its words found gets its exact cosine too."""
        dense = self._nearest(vector, depth)
        lexical = dict(self.lexical.search(words, depth))
        others = self.store.vectors([name for name in lexical if name not in dense])
        dense |= {name: float(other @ vector) for name, other in others.items()}
        return [Hit(name, cosine, lexical.get(name, 0.0)) for name, cosine in dense.items()]

    def _nearest(self, vector: "NDArray[np.float32]", depth: int) -> dict[str, float]:
        """The nearest passages with their cosines."""
        if isinstance(self.vectors, VectorSearch):
            return dict(self.vectors.search(vector, depth))
        names = self.vectors.nearest(vector, depth)
        if names is None:
            names = self._own.nearest(vector, depth)
        else:
            self._own.forget()
        held = self.store.vectors(names)
        return {name: float(own @ vector) for name, own in held.items()}

    def load(self, ids: Sequence[str]) -> dict[str, StoredPassage]:
        """Passages with their vectors, by id."""
        return self.store.load(ids)

    def admitted(self, admission: Admission) -> Admitted:
        """What may be quoted today; found out once a day."""
        asked = (admission, admission.today())
        if self._admitted is None or self._admitted[0] != asked:
            self._admitted = (asked, admit(self.documents(), admission, self.store.ids_of))
        return self._admitted[1]

    def document(self, path: str) -> CuratedDocument:
        """A document's metadata. Raises KeyError for an unknown path."""
        return self._by_path()[path]

    def documents(self) -> Collection[CuratedDocument]:
        """Every document without its passages, by path."""
        return self._by_path().values()

    def _by_path(self) -> dict[str, CuratedDocument]:
        if self._documents is None:
            self._documents = {document.path: document for document in self.store.documents()}
        return self._documents
