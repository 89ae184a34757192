"""Puts the blocks of a page under their headings."""

import re
from collections.abc import Sequence

from bot.knowledge.blocks import Block, BlockKind, Section
from bot.knowledge.quotable import reading

POINTS_BACK = re.compile(r"(?:this|these|it|they|such|those|both|he|she|the (?:former|latter|above))\b", re.IGNORECASE)


def cut_sections(blocks: Sequence[Block], *, guessed: bool = False) -> list[Section]:
    """The pieces under each heading; a heading without any gives none.

    `guessed`: the headings were told by their shape, so a closing word may need freeing.
    """
    sections: list[tuple[list[tuple[int, str]], list[Block]]] = [([], [])]
    for block in blocks:
        if block.kind is BlockKind.HEADING:
            path = [above for above in sections[-1][0] if above[0] < block.depth]
            sections.append(([*path, (block.depth, reading(block.text.text))], []))
        else:
            sections[-1][1].append(block)
    cut = [Section(path=tuple(name for _, name in path), blocks=tuple(inside)) for path, inside in sections if inside]
    return _with_closing_freed(cut) if guessed else cut


def _with_closing_freed(sections: list[Section]) -> list[Section]:
    """A last paragraph after a list closes the whole page, not the section that happens to stand above it."""
    if not sections or not sections[-1].path:
        return sections
    last = sections[-1]
    end = len(last.blocks)
    while end and last.blocks[end - 1].kind is BlockKind.PARAGRAPH and last.blocks[end - 1].words >= 12:
        end -= 1
    closing = last.blocks[end:]
    if not closing or not end or last.blocks[end - 1].kind is not BlockKind.ITEM:
        return sections
    if POINTS_BACK.match(closing[0].text.text):
        return sections
    return [*sections[:-1], Section(path=last.path, blocks=last.blocks[:end]), Section(path=(), blocks=closing)]
