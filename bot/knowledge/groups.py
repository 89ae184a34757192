"""Groups sentences that stay together, a list with what introduces it, and packs them into pieces of a good length.

Neither a group nor a piece spans two pages, so that the page of a citation is the page of its sentence.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from bot.domain.documents import Sentence
from bot.domain.orders import is_order
from bot.knowledge.blocks import Block, BlockKind, Section
from bot.knowledge.quotable import make_sentence, reading
from bot.knowledge.sentences import split_sentences

MOST = 200
TARGET = 180
ENOUGH = 120
NAME_ONLY = 2
LISTED = (BlockKind.ITEM, BlockKind.ROW)


@dataclass(slots=True)
class Group:
    """Sentences that stay together where they can: a paragraph, or a list with what introduces it."""

    page: int | None = None
    sentences: list[Sentence] = field(default_factory=list)

    @property
    def words(self) -> int:
        """How long it is."""
        return count_words(self.sentences)


def count_words(sentences: Iterable[Sentence]) -> int:
    """How many words some sentences have together."""
    return sum(len(sentence.text.split()) for sentence in sentences)


def group_sentences(section: Section, source: str) -> Iterator[Group]:
    """The sentences of a section without its captions, each item with the lines that introduce it."""
    blocks = [block for block in section.blocks if block.kind is not BlockKind.CAPTION]
    leads: list[tuple[int, str]] = []
    group = Group()
    for index, block in enumerate(blocks):
        before = blocks[index - 1] if index else None
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        depth = block.depth if block.kind in LISTED else -1
        leads = [] if _starts_new_list(blocks, index) else [lead for lead in leads if lead[0] < depth]
        goes_on = block.kind in LISTED and (bool(leads) or (before is not None and before.kind is block.kind))
        if group.sentences and (not goes_on or block.page != group.page):
            yield group
            group = Group()
        if not group.sentences:
            group.page = block.page
        parts = [block.text] if block.kind is BlockKind.ROW else list(split_sentences(block.text))
        lead = reading(parts[-1].text).rstrip(":").rstrip() if _introduces(block, following) else ""
        lead = "" if is_order(lead) else lead
        if lead and (block.is_lead or block.words <= NAME_ONLY):
            parts.pop()
        above = tuple(text for _, text in leads) if block.kind in LISTED else ()
        made = (make_sentence(part, source, block=block, lead=above) for part in parts)
        group.sentences += [sentence for sentence in made if sentence]
        leads += [(depth, lead)] if lead else []
    if group.sentences:
        yield group


def _introduces(block: Block, following: Block | None) -> bool:
    """Whether a line stands above a list: it announces it, or the list's items are under it."""
    if following is None or following.kind not in LISTED:
        return False
    if block.kind is BlockKind.PARAGRAPH:
        return block.is_lead
    if block.kind is not BlockKind.ITEM or following.depth <= block.depth:
        return False
    return block.is_lead or (block.words <= 8 and block.text.text[-1].isalnum())


def _starts_new_list(blocks: list[Block], index: int) -> bool:
    """Whether a numbered list follows a bulleted one, or the reverse."""
    block = blocks[index]
    if block.kind is not BlockKind.ITEM or block.depth or not index or blocks[index - 1].kind is not BlockKind.ITEM:
        return False
    place = index - 1
    while place and blocks[place].kind is BlockKind.ITEM and blocks[place].depth:
        place -= 1
    top = blocks[place]
    return top.kind is BlockKind.ITEM and top.marker[:1].isdigit() != block.marker[:1].isdigit()


def pack(groups: Iterable[Group]) -> Iterator[list[Group]]:
    """Groups in pieces of at most about two hundred words, most between 120 and 180, each from one page."""
    piece: list[Group] = []
    size = 0
    for group in chain.from_iterable(_parts(whole) for whole in groups):
        room = MOST if size < ENOUGH or group.words < MOST - TARGET else TARGET
        if piece and (size + group.words > room or group.page != piece[0].page):
            yield piece
            piece, size = [], 0
        piece.append(group)
        size += group.words
    if piece:
        yield piece


def _parts(group: Group) -> Iterator[Group]:
    """A group that is too long, in parts of about the same length, cut between sentences."""
    if group.words <= MOST:
        yield group
        return
    target = group.words / math.ceil(group.words / TARGET)
    part = Group(group.page)
    for sentence in group.sentences:
        if part.sentences and part.words + len(sentence.text.split()) / 2 > target:
            yield part
            part = Group(group.page)
        part.sentences.append(sentence)
    yield part
