"""Draws `bot/knowledge/minilm.onnx`: the graph of all-MiniLM-L6-v2 without its weights.

Run `python -m tests.tools.make_minilm_graph` after a change; it needs the `onnx` package, the bot does not. Weights
keep their published names, layout and file: the graph holds their places in it, so nothing is ever converted or copied.

The graph has no padding mask: rows of one batch have the same length. `pooling` says which tokens are averaged into
which vector, so that one pass gives the vector of a passage and those of its sentences.
"""

import json
from pathlib import Path
from typing import Any

import onnx
from onnx import TensorProto, helper

from bot.knowledge.minilm import check_digests, find_model

GRAPH = Path(__file__).parents[2] / "bot" / "knowledge" / "minilm.onnx"
LAYERS, WIDTH, HEADS, INNER = 6, 384, 12, 1536
VOCABULARY, POSITIONS, TOKEN_TYPES = 30522, 512, 2
LAYER_NORM_EPSILON = 1e-12


class Sketch:
    """Nodes and tensors collected so far; every method returns the name of what it drew."""

    def __init__(self, places: dict[str, tuple[int, int]]) -> None:
        self.places = places
        self.nodes: list[onnx.NodeProto] = []
        self.tensors: list[onnx.TensorProto] = []

    def weight(self, name: str, *shape: int) -> str:
        """A tensor that stays outside, under its published name."""
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape, data_location=TensorProto.EXTERNAL)
        begin, end = self.places[name]
        for key, value in (("location", "model.safetensors"), ("offset", begin), ("length", end - begin)):
            tensor.external_data.add(key=key, value=str(value))
        self.tensors.append(tensor)
        return name

    def constant(self, name: str, values: list[int] | list[float], *, scalar: bool = False) -> str:
        """A small tensor inside the graph."""
        kind = TensorProto.INT64 if isinstance(values[0], int) else TensorProto.FLOAT
        self.tensors.append(helper.make_tensor(name, kind, [] if scalar else [len(values)], values))
        return name

    def node(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:
        """One operation."""
        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, **attributes))
        return output

    def linear(self, x: str, name: str, wide: int, out: int, output: str) -> str:
        """`x` times the transposed weight, plus the bias."""
        operands = [x, self.weight(f"{name}.weight", out, wide), self.weight(f"{name}.bias", out)]
        return self.node("Gemm", operands, output, transB=1)

    def layer_norm(self, x: str, name: str, output: str) -> str:
        """Layer normalisation with its learnt scale and shift."""
        operands = [x, self.weight(f"{name}.LayerNorm.weight", WIDTH), self.weight(f"{name}.LayerNorm.bias", WIDTH)]
        return self.node("LayerNormalization", operands, output, axis=-1, epsilon=LAYER_NORM_EPSILON)


def draw_embeddings(s: Sketch) -> str:
    """Words, positions and the token type added up: (batch x tokens, width)."""
    s.constant("first", [0], scalar=True)
    s.constant("begin", [0])
    s.constant("flat", [-1, WIDTH])
    s.node("Shape", ["input_ids"], "shape")
    s.node("Concat", ["shape", s.constant("width", [WIDTH])], "full", axis=0)
    s.node("Slice", ["shape", s.constant("one", [1]), s.constant("two", [2])], "length")
    words = s.node("Gather", [s.weight("embeddings.word_embeddings.weight", VOCABULARY, WIDTH), "input_ids"], "words")
    table = s.weight("embeddings.position_embeddings.weight", POSITIONS, WIDTH)
    positions = s.node("Slice", [table, "begin", "length", "begin"], "positions")
    types = s.weight("embeddings.token_type_embeddings.weight", TOKEN_TYPES, WIDTH)
    places = s.node("Add", [positions, s.node("Gather", [types, "first"], "type")], "places")
    total = s.node("Add", [words, places], "total")
    return s.layer_norm(s.node("Reshape", [total, "flat"], "rows"), "embeddings", "x0")


def draw_layer(s: Sketch, x: str, number: int) -> str:
    """One transformer layer."""
    name = f"encoder.layer.{number}"
    parts = []
    for part in ("query", "key", "value"):
        rows = s.linear(x, f"{name}.attention.self.{part}", WIDTH, WIDTH, f"{part}{number}")
        parts.append(s.node("Reshape", [rows, "full"], f"{part}{number}_3d"))
    seen = s.node("MultiHeadAttention", parts, f"seen{number}", domain="com.microsoft", num_heads=HEADS)
    seen = s.node("Reshape", [seen, "flat"], f"seen{number}_2d")
    seen = s.linear(seen, f"{name}.attention.output.dense", WIDTH, WIDTH, f"mixed{number}")
    x = s.layer_norm(s.node("Add", [x, seen], f"attended{number}"), f"{name}.attention.output", f"y{number}")
    inner = s.linear(x, f"{name}.intermediate.dense", WIDTH, INNER, f"inner{number}")
    inner = s.node("Gelu", [inner], f"active{number}")
    inner = s.linear(inner, f"{name}.output.dense", INNER, WIDTH, f"outer{number}")
    return s.layer_norm(s.node("Add", [x, inner], f"passed{number}"), f"{name}.output", f"x{number + 1}")


def places_in(file: Path) -> dict[str, tuple[int, int]]:
    """Where each tensor of a safetensors file begins and ends, in bytes."""
    with file.open("rb") as opened:
        size = int.from_bytes(opened.read(8), "little")
        header = json.loads(opened.read(size))
    starts = {name: entry["data_offsets"] for name, entry in header.items() if "data_offsets" in entry}
    return {name: (8 + size + begin, 8 + size + end) for name, (begin, end) in starts.items()}


def draw(places: dict[str, tuple[int, int]]) -> onnx.ModelProto:
    """The whole graph: ids (batch, tokens) and pooling (batch, vectors, tokens) to unit vectors."""
    s = Sketch(places)
    x = draw_embeddings(s)
    for number in range(LAYERS):
        x = draw_layer(s, x, number)
    pooled = s.node("MatMul", ["pooling", s.node("Reshape", [x, "full"], "tokens")], "pooled")
    length = s.node("ReduceL2", [pooled, s.constant("last", [-1])], "norm", keepdims=1)
    length = s.node("Max", [length, s.constant("tiny", [1e-12])], "safe_norm")
    s.node("Div", [pooled, length], "vectors")
    graph = helper.make_graph(
        s.nodes,
        "all-MiniLM-L6-v2",
        [
            helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"]),
            helper.make_tensor_value_info("pooling", TensorProto.FLOAT, ["batch", "vectors", "tokens"]),
        ],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["batch", "vectors", WIDTH])],
        initializer=s.tensors,
    )
    opsets = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9, producer_name="footnote")


if __name__ == "__main__":
    check_digests(find_model())
    GRAPH.write_bytes(draw(places_in(find_model() / "model.safetensors")).SerializeToString())
