"""Reads Markdown into blocks, each character traced to the file."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bot.knowledge.blocks import Block, BlockKind, row
from bot.knowledge.cleaning import Vocabulary, mend
from bot.knowledge.plain import CAPTION
from bot.knowledge.traced import Traced

if TYPE_CHECKING:
    from markdown_it.token import Token

MARKUP = re.compile(
    r"""(?P<image>!\[[^\]]*\](?:\([^)\s]*(?:\s+"[^"]*")?\)|\[[^\]]*\]))
    | (?P<comment><!--.*?-->)
    | (?P<raised>(?<![\dm])<sup>\s*\[?\d[\d,\s–-]*\]?\s*</sup>)
    | (?P<autolink><(?=(?:https?|mailto):)|(?<=\S)>(?<=[\w/]>)(?=\s|$|[.,;)]))
    | (?P<tag></?[a-zA-Z][^<>]{0,200}>)
    | (?P<link>\]\([^)\s]*(?:\s+"[^"]*")?\)|(?<=\w)\]\[[^\]]*\])
    | (?P<strong>(?:(?<!\w)(?:\*\*\*|\*\*|~~|`+)(?=\S))|(?:(?<=\S)(?:\*\*\*|\*\*|~~|`+)))
    | (?P<emphasis>(?<![\w*])[*_]{1,2}(?=[^\s*_])|(?<=[^\s*_])[*_]{1,2}(?![\w*]))
    | (?P<escape>\\(?=[!-/:-@\[-`{-~]))""",
    re.VERBOSE | re.DOTALL,
)
OPENING_BRACKET = re.compile(r"\[(?=[^\]\[]*\](?:\([^)\s]*(?:\s+\"[^\"]*\")?\)|\[[^\]]*\]))")
BOLD_LINE = re.compile(r"(\*\*|__)(?!\s)(?:(?!\1).)+\1:?")
DEEPEST = 7


def read_markdown(source: str, start: int, vocabulary: Vocabulary) -> list[Block]:
    """The blocks of the Markdown in `source` from character `start`."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table").disable("entity")
    body = source[start:]
    starts = [start]
    for match in re.finditer("\n", body):
        starts.append(start + match.end())
    starts.append(len(source) + 1)
    tokens = parser.parse(body)
    return [
        block.having(mend(block.text, vocabulary)) if block.kind is not BlockKind.ROW else block
        for block in _blocks(tokens, source, starts)
        if block.text.text.strip()
    ]


def _blocks(tokens: Sequence["Token"], source: str, starts: Sequence[int]) -> Iterator[Block]:
    lists: list[str] = []
    labels: tuple[str, ...] = ()
    level = 0
    quoted = False
    for index, token in enumerate(tokens):
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                lists.append("•" if token.type.startswith("bullet") else "1.")
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "heading_open":
                level = int(token.tag[1])
                text = _inline(tokens[index + 1], source, starts)
                yield Block(
                    kind=BlockKind.HEADING, text=text.part(0, -1) if text.text.endswith(":") else text, depth=level
                )
            case "paragraph_open":
                inline = tokens[index + 1]
                text = _inline(inline, source, starts)
                if lists:
                    yield Block(kind=BlockKind.ITEM, text=text, depth=len(lists) - 1, marker=lists[-1])
                elif not quoted and BOLD_LINE.fullmatch(inline.content.strip()) and len(inline.content.split()) <= 10:
                    yield Block(
                        kind=BlockKind.HEADING,
                        text=text.part(0, -1) if text.text.endswith(":") else text,
                        depth=DEEPEST,
                    )
                else:
                    kind = BlockKind.CAPTION if CAPTION.match(text.text) else BlockKind.PARAGRAPH
                    yield Block(kind=kind, text=text)
            case "blockquote_open":
                quoted = True
            case "blockquote_close":
                quoted = False
            case "fence" | "code_block" | "html_block":
                yield Block(kind=BlockKind.PARAGRAPH, text=_lines(token, source, starts))
            case "thead_open":
                labels = ()
            case "tr_open" if token.map is not None:
                cells = _cells(Traced.of(source, starts[token.map[0]], starts[token.map[0] + 1] - 1))
                if tokens[index + 1].type == "th_open":
                    labels = tuple(cell.text for cell in cells)
                elif any(cell.text for cell in cells):
                    yield row(cells[: len(labels)], labels[: len(cells)])


def _inline(token: "Token", source: str, starts: Sequence[int]) -> Traced:
    """The text of a paragraph or heading, each of its lines found again in the file."""
    first = token.map[0] if token.map else 0
    parts = []
    for number, line in enumerate(token.content.split("\n"), first):
        begin, end = starts[number], min(starts[number + 1] - 1, len(source))
        wanted = line.strip()
        at = source.find(wanted, begin, end) if wanted else -1
        parts.append(Traced.of(source, at, at + len(wanted)) if at >= 0 else Traced.of(source, begin, end))
    return strip_markup(Traced.joined(parts, "\n"))


def _lines(token: "Token", source: str, starts: Sequence[int]) -> Traced:
    first, last = token.map or (0, 0)
    if token.type == "fence":
        first, last = first + 1, max(first + 1, last - 1)
    text = Traced.of(source, starts[first], max(starts[first], min(starts[last] - 1, len(source))))
    return strip_markup(text) if token.type == "html_block" else text


def strip_markup(text: Traced) -> Traced:
    """Without emphasis, link targets, images, tags and backslashes."""
    brackets = {match.start(): (match.start(), match.end(), "") for match in OPENING_BRACKET.finditer(text.text)}
    edits = sorted([*brackets.values(), *((match.start(), match.end(), "") for match in MARKUP.finditer(text.text))])
    apart: list[tuple[int, int, str]] = []
    for edit in edits:
        if not apart or edit[0] >= apart[-1][1]:
            apart.append(edit)
    return text.edited(apart)


def _cells(text: Traced) -> list[Traced]:
    borders = [match.start() for match in re.finditer(r"(?<!\\)\|", text.text)]
    trimmed = text.text.strip()
    if trimmed.startswith("|"):
        borders = borders[1:] if borders else borders
        begin = text.text.index("|") + 1
    else:
        begin = 0
    if trimmed.endswith("|") and borders:
        end = borders.pop()
    else:
        end = len(text.text)
    edges = [begin - 1, *borders, end]
    return [strip_markup(text.part(a + 1, b)).collapsed() for a, b in zip(edges, edges[1:], strict=False)]
