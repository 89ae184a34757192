"""Embedding models: what is asked of one, and the embedded default, all-MiniLM-L6-v2."""

from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from bot.knowledge.encoding import EncoderText, PassageVectors
from bot.knowledge.minilm import DIGESTS, check_digests, find_model, open_session, open_tokenizer
from bot.knowledge.windows import WINDOW, Window, batched_by_length, cut, run

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

POOLING = "late chunking 1"


ENDINGS = ("", "e", "s", "y", "ed", "ing", "es", "ion", "le")
EVERYDAY_UNTIL, RARE_FROM = 3_000, 15_000
"""Places in the vocabulary of BERT, uncased: the words before are everyday ones, those after are rare."""


class Embedder(Protocol):
    """Turns texts into unit vectors, and names itself, since vectors of two models can't be compared."""

    @property
    def name(self) -> str:
        """As in the settings: `minilm`, or a LangChain name."""

    @property
    def dimension(self) -> int:
        """The length of its vectors."""

    @property
    def digest(self) -> str:
        """Identifies model, tokenizer and pooling; known without loading them."""

    def rarity(self, word: str) -> float:
        """How rare a word or stem is in general English, from 0.1 (everyday) to 1."""

    def is_word(self, word: str) -> bool:
        """Is it a word of general English?"""

    def embed_query(self, text: str) -> "NDArray[np.float32]":
        """The unit vector of a question, float32 (dimension,)."""

    def embed_passages(self, texts: Sequence[EncoderText]) -> list[PassageVectors]:
        """The vectors of passages and of their sentences, in the order given."""


class KeptVectors:
    """The vectors of the last questions, which come again: in triage, in the search, in the conversation.

    What another process computed may be put in. Any thread may use it.
    """

    def __init__(self, most: int = 512) -> None:
        self._most = most
        self._lock = Lock()
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    def get(self, text: str) -> "NDArray[np.float32] | None":
        """The vector of this text, where it is still kept."""
        with self._lock:
            if text in self._vectors:
                self._vectors.move_to_end(text)
            return self._vectors.get(text)

    def put(self, text: str, vector: "NDArray[np.float32]") -> None:
        """Keep it; the one that was asked for least recently gives way."""
        vector.flags.writeable = False
        with self._lock:
            self._vectors[text] = vector
            self._vectors.move_to_end(text)
            if len(self._vectors) > self._most:
                self._vectors.popitem(last=False)


class MiniLmEmbedder:
    """Loads itself at the first text. Any thread may use it; a question costs one thread, indexing `threads`."""

    name = "minilm"
    dimension = 384

    def __init__(self, *, folder: Path | None = None, threads: int = 2) -> None:
        self._folder = folder
        self._threads = threads
        self._lock = Lock()
        self._loaded: tuple[Any, Any] | None = None
        self.kept = KeptVectors()

    @cached_property
    def digest(self) -> str:
        """Of weights, tokenizer and pooling."""
        return sha256(f"{POOLING} {WINDOW} {sorted(DIGESTS.items())}".encode()).hexdigest()

    @lru_cache(maxsize=10_000)  # noqa: B019 - one embedder lives as long as its process
    def rarity(self, word: str) -> float:
        """From the place in the model's vocabulary, which is sorted by frequency; words of several pieces are rare.

        Stems are tried with the endings that they may have lost.
        """
        _, tokenizer = self._parts()
        forms = [word + ending for ending in ENDINGS] + ([f"{word[:-1]}y"] if word.endswith("i") else [])
        places = [tokenizer.token_to_id(form) for form in forms]
        place = min((place for place in places if place is not None), default=None)
        return 1.0 if place is None else min(1.0, max(0.1, (place - EVERYDAY_UNTIL) / (RARE_FROM - EVERYDAY_UNTIL)))

    def is_word(self, word: str) -> bool:
        """Does general English use the word, or what it may be a stem or form of, often enough to be one piece?"""
        _, tokenizer = self._parts()
        forms = [word, *(word + end for end in ENDINGS), *(word.removesuffix(end) for end in ("s", "ed", "ing", "d"))]
        forms += [f"{word[:-1]}y"] if word.endswith("i") else []
        return any(tokenizer.token_to_id(form) is not None for form in forms)

    def load(self) -> None:
        """Read and check the model now rather than at the first text."""
        self._parts()

    def embed_query(self, text: str) -> "NDArray[np.float32]":
        """The unit vector of the text's first 256 tokens; kept, as a conversation's questions come again."""
        if (known := self.kept.get(text)) is not None:
            return known
        session, tokenizer = self._parts()
        ids = tuple(tokenizer.encode(text, add_special_tokens=False).ids[: WINDOW - 2])
        window = Window(text=0, ids=ids, pools={0: (0, len(ids) + 2)})
        vector: NDArray[np.float32] = run(session, [window])[0, 0]
        self.kept.put(text, vector)
        return vector

    def embed_passages(self, texts: Sequence[EncoderText]) -> list[PassageVectors]:
        """Late chunking: each text is read whole, then its tokens are averaged by sentence."""
        import numpy as np

        session, tokenizer = self._parts()
        windows = [window for number, text in enumerate(texts) for window in cut(number, text, tokenizer)]
        rows = [np.zeros((1 + len(text.sentences), self.dimension), dtype=np.float32) for text in texts]
        with ThreadPoolExecutor(self._threads) as pool:
            batches = list(batched_by_length(windows))
            for batch, vectors in zip(batches, pool.map(lambda b: run(session, b), batches), strict=True):
                for window, found in zip(batch, vectors, strict=True):
                    for place, row in enumerate(window.pools):
                        rows[window.text][row] = found[place]
        return [PassageVectors(passage=row[0], sentences=row[1:].astype(np.float16)) for row in rows]

    def _parts(self) -> tuple[Any, Any]:
        with self._lock:
            if self._loaded is None:
                folder = self._folder or find_model()
                check_digests(folder)
                self._loaded = open_session(folder / "model.safetensors"), open_tokenizer(folder / "tokenizer.json")
            return self._loaded
