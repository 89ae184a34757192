"""An embedder that costs hardly anything, so that large libraries can be indexed to measure all the rest.

Its vectors are mixtures of real ones of the shipped library, chosen by the text, with noise. They lie about as real
ones do, but two texts of one meaning needn't be near: what is found with them says nothing of quality.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from bot.knowledge.documents import read_library
from bot.knowledge.embeddings import MiniLmEmbedder
from bot.knowledge.encoding import EncoderText, PassageVectors, encoder_text
from bot.places import shipped

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIXED = 3
"""Real vectors in one mixture."""
NOISE = 0.5
"""Length of the random part beside a mixture of length 1."""


class MixingEmbedder(MiniLmEmbedder):
    """Passes for the real model, whose questions it embeds; passages get mixtures of `real` vectors (n, dimension)."""

    def __init__(self, real: "NDArray[np.float32]") -> None:
        super().__init__()
        self._real = real

    def embed_passages(self, texts: Sequence[EncoderText]) -> list[PassageVectors]:
        """A mixture for each passage, and for each sentence one that is near its passage's."""
        return [self._mix(text) for text in texts]

    def _mix(self, text: EncoderText) -> PassageVectors:
        rng = np.random.default_rng(int(text.digest[:16], 16))
        passage = unit(self._real[rng.integers(len(self._real), size=MIXED)].T @ rng.dirichlet(np.ones(MIXED)))
        passage = unit(passage + NOISE * unit(rng.standard_normal(self.dimension)))
        others = self._real[rng.integers(len(self._real), size=len(text.sentences))]
        noise = rng.standard_normal((len(text.sentences), self.dimension))
        sentences = unit(passage + 0.5 * others + NOISE * unit(noise))
        return PassageVectors(passage=passage.astype(np.float32), sentences=sentences.astype(np.float16))


def unit(vectors: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """The same vectors with length 1."""
    scaled: NDArray[np.float64] = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
    return scaled


def open_mixing() -> MixingEmbedder:
    """The embedder with the vectors of the shipped library, made anew with the real model."""
    documents = read_library(shipped("knowledge")).documents
    texts = [encoder_text(one.title, passage) for one in documents for passage in one.passages]
    return MixingEmbedder(np.stack([found.passage for found in MiniLmEmbedder().embed_passages(texts)]))
