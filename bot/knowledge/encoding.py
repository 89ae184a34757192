"""A passage as an embedding model reads it, and the vectors that come back.

A passage is given to the model as one text with the places of its sentences in it; back come one vector for the
passage and one for each sentence, so that choosing sentences costs no inference at question time.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.domain.documents import Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True, slots=True)
class EncoderText:
    """A passage as the model reads it; `sentences` holds start and end of each sentence, in characters of `text`."""

    text: str
    sentences: tuple[tuple[int, int], ...]

    @property
    def digest(self) -> str:
        """Changes with anything that changes the vectors."""
        return sha256(f"{self.sentences}\n{self.text}".encode()).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PassageVectors:
    """`passage`: float32 (dimension,), unit length. `sentences`: float16 (n, dimension), unit length or zero."""

    passage: "NDArray[np.float32]"
    sentences: "NDArray[np.float16]"


def encoder_text(title: str, passage: Passage) -> EncoderText:
    """Title, headings, introducing lines and sentences as one text."""
    parts = [f"{part.rstrip('.:')}." for part in (title, *passage.heading_path) if part.strip()]
    length = sum(len(part) + 1 for part in parts)
    places = []
    before: tuple[str, ...] = ()
    for sentence in passage.sentences:
        for depth, lead in enumerate(sentence.lead):
            if before[depth : depth + 1] != (lead,):
                parts.append(f"{lead.rstrip(':')}:")
                length += len(parts[-1]) + 1
        before = sentence.lead
        parts.append(sentence.text)
        places.append((length, length + len(sentence.text)))
        length += len(sentence.text) + 1
    return EncoderText(text=" ".join(parts), sentences=tuple(places))
