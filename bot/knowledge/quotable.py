"""Makes the sentences that can be quoted: the words for reading, and the characters of the file behind them."""

import html
import re

from bot.domain.documents import Sentence
from bot.domain.orders import is_order
from bot.knowledge.blocks import Block, BlockKind, Fact
from bot.knowledge.traced import Traced, quote

LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
SPACE_BEFORE_STOP = re.compile(r"\s+([.,;:!?](?:\s|$))")


def make_sentence(text: Traced, source: str, *, block: Block, lead: tuple[str, ...] = ()) -> Sentence | None:
    """A sentence, item or row of a block; None where nothing readable is left, or where it speaks to a machine."""
    words, spans = quote(text, source)
    if not any(character.isalnum() for character in words):
        return None
    row = block.kind is BlockKind.ROW
    listed = row or block.kind is BlockKind.ITEM
    said = _row_reading(text.text, block.labels) if row else reading(text.text)
    if is_order(said):
        return None
    # One string where they're equal, which is mostly so: a large library is in memory while it's first indexed.
    return Sentence(text=said, quote=said if words == said else words, spans=spans, lead=lead, is_item=listed)


def state(fact: Fact, source: str) -> Sentence | None:
    """What a document says of itself, as a sentence; its places in the file are quoted one by one."""
    quoted = [quote(part, source) for part in fact.parts]
    spans = tuple(span for _, found in quoted for span in found)
    if not spans or is_order(fact.text):
        return None
    words = " … ".join(words for words, found in quoted if found)
    return Sentence(text=reading(fact.text), quote=words, spans=spans, lead=fact.lead, is_item=bool(fact.lead))


def reading(text: str) -> str:
    """A text for reading: entities and ligatures spelt out, no space before a full stop."""
    text = " ".join(html.unescape(text).translate(LIGATURES).split())
    return SPACE_BEFORE_STOP.sub(r"\1", text)


def _row_reading(text: str, labels: tuple[str, ...]) -> str:
    """A table row under the names of its columns: `Drug: X; Dose: Y`."""
    cells = [reading(cell) for cell in text.split("\n")]
    if not any(labels):
        return (": " if len(cells) == 2 else "; ").join(cell for cell in cells if cell)
    pairs = zip(labels, cells, strict=False)
    return "; ".join(f"{label}: {cell}" if label else cell for label, cell in pairs if cell)
