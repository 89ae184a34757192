"""Late chunking for a BERT encoder: which tokens are read in one pass, and which are averaged into which vector.

A sentence's vector is the mean of its tokens after the whole passage was read, so it knows what it stands in.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.knowledge.encoding import EncoderText

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WINDOW = 256  # the reference's max_seq_length; the two marks around a text count
CLS, SEP = 101, 102
BATCH_TOKENS = 512  # the working set of a batch stays in the processor's cache


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """A stretch of a text's tokens for one pass, and the token ranges in it to be averaged, by row of the result."""

    text: int
    ids: tuple[int, ...]
    pools: dict[int, tuple[int, int]]


def cut(number: int, text: EncoderText, tokenizer: Any) -> Iterable[Window]:
    """Windows over a text: the first as the reference reads it, further ones for the sentences beyond it."""
    encoding = tokenizer.encode(text.text, add_special_tokens=False)
    ids, size = encoding.ids, WINDOW - 2
    ranges = token_ranges(text.sentences, encoding.offsets)
    start, pools = 0, {0: (0, min(len(ids), size) + 2)}
    for row, (first, last) in enumerate(ranges, start=1):
        if first == last:
            continue
        if last > start + size and first > start:
            yield Window(text=number, ids=tuple(ids[start : start + size]), pools=pools)
            start, pools = first, {}
        pools[row] = (first - start + 1, min(last - start, size) + 1)
    yield Window(text=number, ids=tuple(ids[start : start + size]), pools=pools)


def token_ranges(places: Sequence[tuple[int, int]], offsets: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """First and one past the last token of each stretch of characters."""
    ranges, token = [], 0
    for start, end in places:
        while token < len(offsets) and offsets[token][0] < start:
            token += 1
        first = token
        while token < len(offsets) and offsets[token][0] < end:
            token += 1
        ranges.append((first, token))
    return ranges


def batched_by_length(windows: Sequence[Window]) -> Iterable[list[Window]]:
    """Windows of equal length together, the longest first, so that nothing is padded and two threads end together."""
    by_length = defaultdict(list)
    for window in windows:
        by_length[len(window.ids)].append(window)
    for length in sorted(by_length, reverse=True):
        size = max(1, BATCH_TOKENS // (length + 2))
        for begin in range(0, len(by_length[length]), size):
            yield by_length[length][begin : begin + size]


def run(session: Any, windows: Sequence[Window]) -> "NDArray[np.float32]":
    """One pass over windows of equal length: float32 (windows, most pools, dimension)."""
    import numpy as np

    ids = np.array([(CLS, *window.ids, SEP) for window in windows], dtype=np.int64)
    pooling = np.zeros((len(windows), max(len(window.pools) for window in windows), ids.shape[1]), dtype=np.float32)
    for number, window in enumerate(windows):
        for place, (first, last) in enumerate(window.pools.values()):
            pooling[number, place, first:last] = 1 / (last - first)
    vectors: NDArray[np.float32] = session.run(None, {"input_ids": ids, "pooling": pooling})[0]
    return vectors
