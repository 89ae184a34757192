import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from safetensors.numpy import load_file

from bot.domain.documents import Passage, Sentence, Span
from bot.domain.errors import IndexUnavailableError
from bot.knowledge import embeddings, minilm
from bot.knowledge.embeddings import MiniLmEmbedder
from bot.knowledge.encoding import EncoderText, encoder_text
from bot.knowledge.windows import WINDOW, batched_by_length, cut, token_ranges

QUESTION = "What dose of rituximab is used in refractory juvenile dermatomyositis?"
TEXT = "Rituximab in children. The dose was 750 mg/m2. It was given twice. Infections were rare."
PLACES = ((23, 46), (47, 66), (67, 88))


@pytest.fixture(scope="module")
def embedder() -> MiniLmEmbedder:
    return MiniLmEmbedder()


def test_a_question_becomes_a_unit_vector_of_384_numbers(embedder: MiniLmEmbedder) -> None:
    vector = embedder.embed_query(QUESTION)
    assert vector.shape == (384,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)


def reference(ids: list[int]) -> NDArray[np.float64]:
    """BERT written out in numpy in double precision, averaged over all tokens: what sentence-transformers computes."""
    path = minilm.find_model() / "model.safetensors"
    w = {name: array.astype(np.float64) for name, array in load_file(path).items()}

    def linear(x: NDArray[np.float64], name: str) -> NDArray[np.float64]:
        return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    def normed(x: NDArray[np.float64], name: str) -> NDArray[np.float64]:
        x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-12)
        return x * w[f"{name}.LayerNorm.weight"] + w[f"{name}.LayerNorm.bias"]

    def heads(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return x.reshape(len(ids), 12, 32).transpose(1, 0, 2)

    table = "embeddings.{}_embeddings.weight"
    x = w[table.format("word")][ids] + w[table.format("position")][: len(ids)] + w[table.format("token_type")][0]
    x = normed(x, "embeddings")
    for layer in range(6):
        name = f"encoder.layer.{layer}"
        q, k, v = (heads(linear(x, f"{name}.attention.self.{part}")) for part in ("query", "key", "value"))
        scores = np.exp(q @ k.transpose(0, 2, 1) / np.sqrt(32))
        seen = (scores / scores.sum(-1, keepdims=True) @ v).transpose(1, 0, 2).reshape(len(ids), 384)
        x = normed(x + linear(seen, f"{name}.attention.output.dense"), f"{name}.attention.output")
        inner = linear(x, f"{name}.intermediate.dense")
        inner = inner * 0.5 * (1 + np.vectorize(math.erf)(inner / math.sqrt(2)))
        x = normed(x + linear(inner, f"{name}.output.dense"), f"{name}.output")
    mean: NDArray[np.float64] = x.mean(0)
    return mean / np.linalg.norm(mean)


def test_vectors_are_those_of_the_published_model(embedder: MiniLmEmbedder) -> None:
    tokenizer = minilm.open_tokenizer(minilm.find_model() / "tokenizer.json")
    for text in (QUESTION, TEXT):
        expected = reference(tokenizer.encode(text).ids)
        assert np.abs(embedder.embed_query(text) - expected).max() < 1e-6


def test_vectors_do_not_depend_on_what_else_is_in_the_batch(embedder: MiniLmEmbedder) -> None:
    texts = [EncoderText(text=text, sentences=()) for text in (TEXT, QUESTION, "Short.", TEXT + " " + QUESTION)]
    together = embedder.embed_passages(texts)
    for text, found in zip(texts, together, strict=True):
        assert np.abs(found.passage - embedder.embed_query(text.text)).max() < 1e-6


def test_each_sentence_gets_a_vector_nearest_to_a_question_about_it(embedder: MiniLmEmbedder) -> None:
    (found,) = embedder.embed_passages([EncoderText(text=TEXT, sentences=PLACES)])
    assert found.sentences.shape == (3, 384)
    assert found.sentences.dtype == np.float16
    for question, expected in (("What was the dose in mg?", 0), ("How often was it given?", 1), ("Any infections?", 2)):
        assert int(np.argmax(found.sentences @ embedder.embed_query(question))) == expected


def test_a_long_passage_has_the_vector_of_its_first_256_tokens_and_still_one_for_its_last_sentence(
    embedder: MiniLmEmbedder,
) -> None:
    sentences = [f"Sentence number {number} is about methotrexate and its dose." for number in range(60)]
    sentences.append("Calcinosis improved with bisphosphonates.")
    passage = Passage(
        id="p",
        document="d",
        heading_path=(),
        sentences=tuple(Sentence(text=text, quote=text, spans=(Span(start=0, end=1),)) for text in sentences),
    )
    text = encoder_text("", passage)
    (found,) = embedder.embed_passages([text])
    assert np.abs(found.passage - embedder.embed_query(text.text)).max() < 1e-6
    assert not (found.sentences == 0).all(axis=1).any()
    assert int(np.argmax(found.sentences @ embedder.embed_query("What helped calcinosis?"))) == 60


@pytest.mark.parametrize("text", ["", " ", "\x00\x01", "word " * 20_000, "皮肌炎の治療は？", "🙂"])
def test_any_text_gets_a_finite_vector(embedder: MiniLmEmbedder, text: str) -> None:
    assert np.isfinite(embedder.embed_query(text)).all()


def test_an_empty_sentence_gets_a_vector_of_zeros(embedder: MiniLmEmbedder) -> None:
    (found,) = embedder.embed_passages([EncoderText(text="Words here.", sentences=((0, 11), (11, 11)))])
    assert (found.sentences[1] == 0).all()


def test_nothing_to_embed_gives_nothing(embedder: MiniLmEmbedder) -> None:
    assert embedder.embed_passages([]) == []


def test_rarity_tells_everyday_words_from_names(embedder: MiniLmEmbedder) -> None:
    assert embedder.rarity("keep") == embedder.rarity("reserv") == 0.1
    assert embedder.rarity("rituximab") == 1.0
    assert 0.1 < embedder.rarity("muscle") < 1.0


def test_the_digest_is_known_without_loading_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embeddings, "find_model", lambda: pytest.fail("the model was looked for"))
    assert MiniLmEmbedder().digest == MiniLmEmbedder(threads=1).digest


def test_a_missing_package_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "find_spec", lambda name: None)
    with pytest.raises(IndexUnavailableError, match=r"isn't installed.*make setup"):
        MiniLmEmbedder().load()


def test_a_tampered_model_is_refused(tmp_path: Path) -> None:
    shutil.copy(minilm.find_model() / "tokenizer.json", tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"not the weights")
    with pytest.raises(IndexUnavailableError, match=r"model\.safetensors isn't the published one"):
        MiniLmEmbedder(folder=tmp_path).load()


def test_a_model_that_an_installer_linked_from_its_cache_is_read(tmp_path: Path) -> None:
    for name in minilm.DIGESTS:
        (tmp_path / name).symlink_to(minilm.find_model() / name)
    assert MiniLmEmbedder(folder=tmp_path).embed_query(QUESTION).shape == (384,)


def test_the_weights_are_held_once() -> None:
    """43 MB of the 90 are repacked for the processor; a second copy of them or of the word table would show."""
    loading = """
import numpy, onnxruntime, tokenizers
from pathlib import Path
from bot.knowledge.embeddings import MiniLmEmbedder

def status(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))

before = status("VmRSS")
MiniLmEmbedder().embed_query("rituximab")
print((status("VmHWM") - before) // 1024)
"""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run([sys.executable, "-c", loading], env=environment, check=True, capture_output=True, text=True)
    assert 40 < int(done.stdout) < 90


def test_a_missing_file_of_the_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailableError, match=r"model\.safetensors: No such file"):
        MiniLmEmbedder(folder=tmp_path).load()


def test_the_text_of_a_passage_holds_title_headings_leads_and_sentences_in_place() -> None:
    passage = Passage(
        id="p",
        document="d",
        heading_path=("Medication", "Rituximab"),
        sentences=(
            Sentence(text="Dosing: 750 mg/m2.", quote="", spans=(Span(start=0, end=1),), lead=("For skin disease:",)),
            Sentence(text="Given twice.", quote="", spans=(Span(start=0, end=1),), lead=("For skin disease:",)),
        ),
    )
    text = encoder_text("Treatment of JDM.", passage)
    assert text.text == ("Treatment of JDM. Medication. Rituximab. For skin disease: Dosing: 750 mg/m2. Given twice.")
    assert [text.text[start:end] for start, end in text.sentences] == ["Dosing: 750 mg/m2.", "Given twice."]


def test_the_digest_of_a_text_changes_with_its_words_and_its_sentences() -> None:
    texts = [EncoderText(text="a b", sentences=s) for s in ((), ((0, 1),), ((0, 3),))]
    assert len({text.digest for text in [*texts, EncoderText(text="a c", sentences=())]}) == 4


class FakeEncoding:
    def __init__(self, text: str) -> None:
        self.ids = [1000 + ord(character) for character in text]
        self.offsets = [(place, place + 1) for place in range(len(text))]


class OneCharacterTokenizer:
    """Every character is a token."""

    def encode(self, text: str, *, add_special_tokens: bool) -> FakeEncoding:
        return FakeEncoding(text)


@given(st.lists(st.integers(0, 400), max_size=12))
def test_every_sentence_with_a_token_is_averaged_in_exactly_one_window(lengths: list[int]) -> None:
    places, start = [], 0
    for length in lengths:
        places.append((start, start + length))
        start += length
    windows = list(cut(7, EncoderText(text="x" * start, sentences=tuple(places)), OneCharacterTokenizer()))
    rows = sorted(row for window in windows for row in window.pools)
    assert rows == [0] + [row for row, length in enumerate(lengths, start=1) if length]
    for window in windows:
        assert window.text == 7
        assert len(window.ids) <= WINDOW - 2
        for first, last in window.pools.values():
            assert 0 <= first < last <= len(window.ids) + 2
    for window in windows[1:]:
        for row, (first, last) in window.pools.items():
            assert last - first == min(lengths[row - 1], WINDOW - 2)


def test_tokens_between_sentences_belong_to_none() -> None:
    assert token_ranges([(0, 3), (4, 8)], [(0, 2), (2, 3), (3, 4), (4, 8)]) == [(0, 2), (3, 4)]


def test_batches_hold_windows_of_one_length_the_longest_first() -> None:
    windows = [
        window
        for number, length in enumerate([5, 200, 5, 90, 5])
        for window in cut(number, EncoderText(text="x" * length, sentences=()), OneCharacterTokenizer())
    ]
    batches = list(batched_by_length(windows))
    assert [[len(window.ids) for window in batch] for batch in batches] == [[200], [90], [5, 5, 5]]
