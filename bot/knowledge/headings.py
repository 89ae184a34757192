"""Finds the headings of a plain text by their shape and surroundings, and guesses which stands under which.

A heading is put under another only when that one has no text of its own, so two drugs' sections never nest.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot.knowledge.blocks import Block, BlockKind
from bot.knowledge.layout import looks_like_title

NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2})*)[.)]?\s+(?=[^\W\d_])")
SERIES = re.compile(r"(step|phase|stage|part|section|tier|chapter)\s+(?:\d+|[ivx]+|[a-e])\b", re.IGNORECASE)
TOPICS = re.compile(
    r"""\b(?:abstract|summary|overview|introduction|background|rationale|methods?|results?|findings|discussion
    |conclusions?|considerations|implementation|recommendations?|algorithm|approach(?:es)?|options|limitations
    |monitoring|management|assessment|cautions?|pitfalls|key\ points|prognosis|epidemiology|diagnosis)\b""",
    re.IGNORECASE | re.VERBOSE,
)
ATTRIBUTES = re.compile(
    r"""(?:recommended\ )?(?:dos(?:e|es|age|ing)|safety|efficacy|effectiveness|monitoring|indications?|mechanism
    |evidence|(?:side|adverse)\ (?:effects|events|reactions)|contraindications?|warnings?|precautions|administration
    |duration|limitations|advantages|disadvantages|cost|onset)\b.{0,30}""",
    re.IGNORECASE | re.VERBOSE,
)


def mark_headings(blocks: Sequence[Block]) -> list[Block]:
    """The same blocks, those that are headings marked as such, with their level in `depth`."""
    kinds = [_is_heading(blocks, index) for index in range(len(blocks))]
    marked: list[Block] = []
    series: list[str] = []
    for block, heading in zip(blocks, kinds, strict=True):
        if heading:
            numbered = NUMBERED.match(block.text.text)
            text = block.text.part(numbered.end()) if numbered else block.text
            text = text.part(0, -1) if text.text.endswith(":") else text
            marked.append(replace(block, kind=BlockKind.HEADING, text=text, depth=0))
            series.append(numbered["number"] if numbered else block.marker or _series(block.text.text))
        else:
            marked.append(block)
            series.append("")
    return _levelled(marked, series)


def _is_heading(blocks: Sequence[Block], index: int) -> bool:
    block = blocks[index]
    text = block.text.text
    if index + 1 == len(blocks) or len(text) > 120 or text[-1] in ".;,!" or "|" in text:
        return False
    if block.kind is BlockKind.ITEM:
        return _is_numbered_heading(block, blocks[index - 1] if index else None, blocks[index + 1])
    return block.kind is BlockKind.PARAGRAPH and _is_shaped(block, blocks[index + 1])


def _is_numbered_heading(block: Block, before: Block | None, following: Block) -> bool:
    """`1. JAK Inhibitors` above bullets or a paragraph, and not simply an item among others."""
    if not (block.depth == 0 and block.alone and block.marker[:1].isdigit() and block.words <= 10):
        return False
    if before is not None and before.kind is BlockKind.ITEM and before.depth == 0:
        return False
    bullets = following.kind is BlockKind.ITEM and following.depth > 0 and not following.marker[:1].isdigit()
    opens = bullets or (following.kind is BlockKind.PARAGRAPH and following.words >= 12)
    return opens and not block.is_lead and looks_like_title(block.text.text)


def _is_shaped(block: Block, following: Block) -> bool:
    """A short line without a full stop that stands above more."""
    text = block.text.text
    numbered = NUMBERED.match(text)
    if block.words > 16 or not (text[0].isupper() or numbered):
        return False
    if not re.search(r"[^\W\d_]{2}", text) or re.search(r"(?:19|20)\d\d$", text):
        return False
    short = block.words <= 8
    if short and (TOPICS.fullmatch(text.rstrip(":")) or (numbered and "." in numbered["number"])):
        return following.kind is not BlockKind.PARAGRAPH or following.words > block.words
    opens = following.kind in (BlockKind.ITEM, BlockKind.ROW) or following.words >= 12
    shaped = looks_like_title(text) or text.isupper() or bool(numbered or SERIES.match(text))
    if text.endswith(":"):
        return following.kind is BlockKind.PARAGRAPH and opens and shaped and block.words <= 6
    if not block.alone:
        return short and opens and (shaped or following.kind is BlockKind.ITEM)
    return shaped or (short and opens)


def _series(text: str) -> str:
    match = SERIES.match(text)
    return match[1].casefold() if match else ""


def _levelled(blocks: Sequence[Block], series: Sequence[str]) -> list[Block]:
    titles = Counter(block.text.text.casefold() for block in blocks if block.kind is BlockKind.HEADING)
    levelled: list[Block] = []
    previous: int | None = None
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING:
            empty = index + 1 < len(blocks) and blocks[index + 1].kind is BlockKind.HEADING
            depth = _level(
                levelled, previous, block, series, empty=empty, common=titles[block.text.text.casefold()] > 1
            )
            previous = index
            levelled.append(replace(block, depth=depth))
        else:
            levelled.append(block)
    return levelled


def _level(
    before: Sequence[Block], previous: int | None, block: Block, series: Sequence[str], *, empty: bool, common: bool
) -> int:
    kind = series[len(before)]
    if previous is None:
        return 1
    parent = kind.rstrip(".").rpartition(".")[0]
    if parent and parent in series:
        return min(before[series.index(parent)].depth + 1, 4)
    above = before[previous]
    if previous == len(before) - 1:
        return min(above.depth + 1, 4)
    if kind:
        alike = [
            other.depth
            for other, number in zip(before, series, strict=False)
            if other.kind is BlockKind.HEADING and number and number[0].isdigit() == kind[0].isdigit()
        ]
        if alike:
            return alike[-1]
    if above.depth == 1:
        return 1
    text = block.text.text
    sibling = (
        common
        or (ATTRIBUTES.fullmatch(text) and ATTRIBUTES.fullmatch(above.text.text))
        or _share_words(text, above.text.text)
        or (block.words <= 4 and not TOPICS.search(text))
    )
    return above.depth if sibling and not empty and bool(kind) == bool(series[previous]) else above.depth - 1


def _share_words(first: str, second: str) -> bool:
    long = [set(re.findall(r"[^\W\d_]{4,}", text.casefold())) for text in (first, second)]
    return len(long[0] & long[1]) >= 2
