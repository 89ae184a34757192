"""Reads Markdown into blocks, each character traced to the file."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from bot.knowledge.blocks import CAPTION, Block, BlockKind, row
from bot.knowledge.cleaning import Vocabulary, mend
from bot.knowledge.markup import split_row, strip_markup
from bot.knowledge.traced import Traced

if TYPE_CHECKING:
    from markdown_it.token import Token

PAGE = re.compile(r"<!-- page (\d{1,5}) -->")
"""Where a page of the original begins: a line of its own, written when a paged document is brought in."""
BOLD_LINE = re.compile(r"(\*\*|__)(?!\s)(?:(?!\1).)+\1:?")
DEEPEST = 7


def read_markdown(source: str, start: int, vocabulary: Vocabulary) -> list[Block]:
    """The blocks of the Markdown in `source` from character `start`."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").disable("inline").parse(source[start:])
    blocks = _Page(source, start).blocks(tokens)
    mended = (block if block.kind is BlockKind.ROW else block.having(mend(block.text, vocabulary)) for block in blocks)
    return [block for block in mended if block.text.text.strip()]


class _Page:
    """Finds the tokens of a parsed text in its file again."""

    def __init__(self, source: str, start: int) -> None:
        self.source = source
        lengths = (len(line) + 1 for line in source[start:].split("\n"))
        self.starts = list(accumulate(lengths, initial=start))

    def blocks(self, tokens: Sequence["Token"]) -> Iterator[Block]:
        """The blocks of a stream of tokens."""
        lists: list[str] = []
        page: int | None = None
        labels: tuple[str, ...] = ()
        for index, token in enumerate(tokens):
            match token.type:
                case "bullet_list_open" | "ordered_list_open":
                    lists.append("•" if token.type.startswith("bullet") else "1.")
                case "bullet_list_close" | "ordered_list_close":
                    lists.pop()
                case "heading_open":
                    yield replace(self._heading(tokens[index + 1], int(token.tag[1])), page=page)
                case "paragraph_open":
                    yield replace(self._paragraph(tokens[index + 1], lists), page=page)
                case "html_block" if mark := PAGE.fullmatch(token.content.strip()):
                    page = int(mark[1])
                case "fence" | "code_block" | "html_block":
                    yield Block(kind=BlockKind.PARAGRAPH, text=self._verbatim(token), page=page)
                case "tr_open" if token.map is not None:
                    cells = split_row(self._line(token.map[0]))
                    if tokens[index + 1].type == "th_open":
                        labels = tuple(cell.text for cell in cells)
                    elif any(cell.text for cell in cells):
                        yield row(cells[: len(labels)], labels[: len(cells)], page)

    def _heading(self, inline: "Token", level: int) -> Block:
        text = self._inline(inline)
        return Block(kind=BlockKind.HEADING, text=text.part(0, -1) if text.text.endswith(":") else text, depth=level)

    def _paragraph(self, inline: "Token", lists: Sequence[str]) -> Block:
        if lists:
            return Block(kind=BlockKind.ITEM, text=self._inline(inline), depth=len(lists) - 1, marker=lists[-1])
        if BOLD_LINE.fullmatch(inline.content.strip()) and len(inline.content.split()) <= 10:
            return self._heading(inline, DEEPEST)
        text = self._inline(inline)
        return Block(kind=BlockKind.CAPTION if CAPTION.match(text.text) else BlockKind.PARAGRAPH, text=text)

    def _line(self, number: int) -> Traced:
        return Traced.of(self.source, self.starts[number], min(self.starts[number + 1] - 1, len(self.source)))

    def _inline(self, token: "Token") -> Traced:
        """The text of a paragraph or heading, each of its lines found again without its list or quotation marks."""
        first = token.map[0] if token.map else 0
        parts = []
        for number, line in enumerate(token.content.split("\n"), first):
            begin, end = self.starts[number], min(self.starts[number + 1] - 1, len(self.source))
            wanted = line.strip()
            at = self.source.find(wanted, begin, end)
            parts.append(Traced.of(self.source, at, at + len(wanted)) if at >= 0 else self._line(number))
        return strip_markup(Traced.joined(parts, "\n")).part(0)

    def _verbatim(self, token: "Token") -> Traced:
        first, last = token.map or (0, 1)
        if token.type == "fence":
            first, last = first + 1, last - (token.map is not None and last > first + 1)
        text = Traced.joined([self._line(number) for number in range(first, last)] or [Traced("", range(0))], "\n")
        return strip_markup(text) if token.type == "html_block" else text
