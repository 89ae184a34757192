"""Takes out of a document what speaks to the machine that reads it, and tells a curator where it stands."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from bot.domain.errors import DocumentError
from bot.domain.orders import hidden_regions, is_order
from bot.knowledge.blocks import Block, BlockKind
from bot.knowledge.sentences import split_sentences
from bot.knowledge.traced import Traced

SHOWN = 80
MARKS = "#>*-+• \t"
"""What may stand before a line of Markdown."""


def without_orders(blocks: Sequence[Block], source: str) -> list[Block]:
    """The blocks without what stands in hidden regions of the file, and without headings that give orders."""
    hidden = hidden_regions(source)
    kept = [block.having(_outside(block.text, hidden)) for block in blocks] if hidden else list(blocks)
    return [
        block
        for block in kept
        if block.text.text.strip() and not (block.kind is BlockKind.HEADING and is_order(block.text.text))
    ]


def _outside(text: Traced, hidden: Sequence[tuple[int, int]]) -> Traced:
    starts = [start for start, _ in hidden]

    def is_hidden(origin: int) -> bool:
        at = bisect_right(starts, origin) - 1
        return origin >= 0 and at >= 0 and origin < hidden[at][1]

    return text.edited((at, at + 1, "") for at, origin in enumerate(text.origins) if is_hidden(origin)).part(0)


def find_orders(name: str, source: str, start: int) -> Iterator[DocumentError]:
    """What of the text from character `start` is never quoted since it speaks to a machine, each with its line."""
    hidden = [(first, last) for first, last in hidden_regions(source) if last > start]
    places = [(first, source[first:last]) for first, last in hidden]
    for first, last in _paragraphs(source, start):
        for sentence in split_sentences(Traced.of(source, first, last)):
            begin = next((origin for origin in sentence.origins if origin >= 0), first)
            if is_order(sentence.text.lstrip(MARKS)) and not any(a <= begin < b for a, b in hidden):
                places.append((begin, sentence.text))
    for at, said in sorted(places):
        shown = " ".join(said.split())
        shown = shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"
        problem = f"it speaks to the program that reads it: “{shown}” Answers never quote that."
        remedy = "Delete it; where people are to read it, put it in other words."
        yield DocumentError(name, problem, line=source.count("\n", 0, at) + 1, remedy=remedy)


def _paragraphs(source: str, start: int) -> Iterator[tuple[int, int]]:
    at = start
    for part in source[start:].split("\n\n"):
        if part.strip():
            yield at, at + len(part)
        at += len(part) + 2
