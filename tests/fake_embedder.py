"""A small embedding model that runs at once: words hashed into a vector, counted, scaled to unit length."""

import re
from collections.abc import Sequence
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from bot.domain.documents import CuratedDocument, Passage, ReviewStatus, Sentence, Span
from bot.knowledge.encoding import EncoderText, PassageVectors


class HashEmbedder:
    """Texts that share words are near each other. Remembers what it was asked to embed."""

    dimension = 64

    def __init__(self, name: str = "hash") -> None:
        self.name = name
        self.digest = sha256(name.encode()).hexdigest()
        self.embedded: list[str] = []

    def rarity(self, word: str) -> float:
        return 1.0

    def is_word(self, word: str) -> bool:
        return False

    def embed_query(self, text: str) -> NDArray[np.float32]:
        vector = np.zeros(self.dimension, dtype=np.float32)
        for word in re.findall(r"\w+", text.lower()):
            vector[int(sha256(word.encode()).hexdigest(), 16) % self.dimension] += 1
        return vector / np.float32(max(float(np.linalg.norm(vector)), 1e-12))

    def embed_passages(self, texts: Sequence[EncoderText]) -> list[PassageVectors]:
        self.embedded += [text.text for text in texts]
        return [PassageVectors(passage=self.embed_query(text.text), sentences=self._each(text)) for text in texts]

    def _each(self, text: EncoderText) -> NDArray[np.float16]:
        vectors = np.zeros((len(text.sentences), self.dimension), dtype=np.float16)
        for row, (start, end) in enumerate(text.sentences):
            vectors[row] = self.embed_query(text.text[start:end])
        return vectors


def sentence(text: str, start: int = 0) -> Sentence:
    return Sentence(text=text, quote=text, spans=(Span(start=start, end=start + len(text)),))


def passage(document: str, *sentences: str, headings: tuple[str, ...] = ()) -> Passage:
    digest = sha256(repr((headings, sentences)).encode()).hexdigest()[:12]
    return Passage(
        id=f"{document}#{digest}",
        document=document,
        heading_path=headings,
        sentences=tuple(sentence(text) for text in sentences),
    )


def document(
    path: str, *passages: Passage, title: str = "A title", status: ReviewStatus = ReviewStatus.APPROVED
) -> CuratedDocument:
    """A document; where no passage is given, it holds one that names the path."""
    held = passages or (passage(path, f"This is about {path}."),)
    digest = sha256(repr((path, title, status, [p.text for p in held])).encode()).hexdigest()
    return CuratedDocument(path=path, id=path, title=title, passages=held, review_status=status, digest=digest)
