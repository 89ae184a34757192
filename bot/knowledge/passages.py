"""Cuts a document into passages of quotable sentences, one section each, long ones at paragraph or list borders."""

import hashlib
import html
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from bot.domain.documents import Passage, PassageKind, Sentence
from bot.knowledge.blocks import CAPTION, Block, BlockKind, Fact, Section, reading_of
from bot.knowledge.sentences import split_sentences
from bot.knowledge.traced import Traced, quote

MOST = 200
TARGET = 180
ONE_PIECE = 300
NAME_ONLY = 2
ABOUT = "About this document"
LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
POINTS_BACK = re.compile(r"(?:this|these|it|they|such|those|both|he|she|the (?:former|latter|above))\b", re.IGNORECASE)


@dataclass(slots=True)
class _Group:
    """Sentences that stay together where they can: a paragraph, or a list with what introduces it."""

    page: int | None
    sentences: list[Sentence] = field(default_factory=list)

    @property
    def words(self) -> int:
        return _words(self.sentences)


def _words(sentences: Sequence[Sentence]) -> int:
    return sum(len(sentence.text.split()) for sentence in sentences)


def cut_sections(blocks: Sequence[Block], *, guessed: bool = False) -> list[Section]:
    """The pieces under each heading. `guessed`: the headings were told by shape, so a closing word may need freeing."""
    sections: list[tuple[list[tuple[int, str]], list[Block]]] = [([], [])]
    for block in blocks:
        if block.kind is BlockKind.HEADING:
            path = [above for above in sections[-1][0] if above[0] < block.depth]
            sections.append(([*path, (block.depth, _reading(block.text.text))], []))
        else:
            sections[-1][1].append(block)
    cut = [Section(path=tuple(name for _, name in path), blocks=tuple(inside)) for path, inside in sections if inside]
    return _closing_freed(cut) if guessed else cut


def _closing_freed(sections: list[Section]) -> list[Section]:
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
    kept = Section(path=last.path, blocks=last.blocks[:end])
    return [*sections[:-1], kept, Section(path=(), blocks=closing)]


def cut_passages(document: str, source: str, sections: Sequence[Section], facts: Sequence[Fact]) -> tuple[Passage, ...]:
    """All passages of a document: its sections in order, its captions, and what it says of itself."""
    passages: list[Passage] = []
    grouped = [(section, list(_groups(section, source))) for section in sections]
    headed = any(section.path for section in sections)
    short = not headed and sum(group.words for _, groups in grouped for group in groups) <= ONE_PIECE
    for section, groups in grouped:
        for piece in [groups] if short else _packed(groups):
            sentences = tuple(sentence for group in piece for sentence in group.sentences)
            passages.append(_passage(document, section.path, sentences, page=piece[0].page if piece else None))
        passages += _captions(document, section, source)
    return _unique([*(passage for passage in passages if passage.sentences), *_about(document, facts, source)])


def _passage(
    document: str,
    path: tuple[str, ...],
    sentences: tuple[Sentence, ...],
    *,
    kind: PassageKind = PassageKind.BODY,
    page: int | None = None,
) -> Passage:
    content = "\n".join((*path, *(f"{' > '.join(sentence.lead)}|{sentence.text}" for sentence in sentences)))
    digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return Passage(
        id=f"{document}#{digest}", document=document, heading_path=path, sentences=sentences, kind=kind, page=page
    )


def _unique(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The same passages; one that says the same under the same headings as an earlier one gets an id of its own."""
    seen: Counter[str] = Counter()
    unique = []
    for passage in passages:
        seen[passage.id] += 1
        again = seen[passage.id]
        unique.append(replace(passage, id=f"{passage.id}-{again}") if again > 1 else passage)
    return tuple(unique)


def _groups(section: Section, source: str) -> Iterator[_Group]:
    group = _Group(None)
    leads: list[tuple[int, str]] = []
    top: Block | None = None
    blocks = [block for block in section.blocks if block.kind is not BlockKind.CAPTION]
    for index, block in enumerate(blocks):
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        listed = block.kind in (BlockKind.ITEM, BlockKind.ROW)
        opens = _introduces(block, following)
        depth = block.depth if block.kind is BlockKind.ITEM else 0 if listed else -1
        leads = [lead for lead in leads if lead[0] < depth]
        before = blocks[index - 1] if index else None
        if (
            before is not None
            and depth == 0
            and before.kind is BlockKind.ITEM is block.kind
            and _is_new_list(top, block)
        ):
            leads = []
        top = block if depth == 0 else top
        list_goes_on = listed and before is not None and (before.kind is block.kind or bool(leads))
        if group.sentences and not list_goes_on and not (listed and leads):
            yield group
            group = _Group(None)
        group.page = group.page or block.page
        parts = list(split_sentences(block.text)) if block.kind is not BlockKind.ROW else [block.text]
        lead = _reading(parts[-1].text).rstrip(":").rstrip() if opens and parts else ""
        if lead and (block.is_lead or block.words <= NAME_ONLY):
            parts.pop()
        spoken = tuple(text for _, text in leads)
        for part in parts:
            if sentence := make_sentence(part, source, block=block, lead=spoken if listed else ()):
                group.sentences.append(sentence)
        if lead:
            leads.append((depth, lead))
    if group.sentences:
        yield group


def _is_new_list(top: Block | None, block: Block) -> bool:
    """Whether a numbered list follows a bulleted one, or the reverse."""
    return top is not None and top.marker[:1].isdigit() != block.marker[:1].isdigit()


def _introduces(block: Block, following: Block | None) -> bool:
    """Whether a line stands above a list that follows: it announces it, or its items are under it."""
    if following is None or following.kind not in (BlockKind.ITEM, BlockKind.ROW):
        return False
    if block.kind is BlockKind.PARAGRAPH:
        return block.is_lead
    if block.kind is not BlockKind.ITEM or following.depth <= block.depth:
        return False
    return block.is_lead or (block.words <= 8 and block.text.text[-1].isalnum())


def make_sentence(text: Traced, source: str, *, block: Block, lead: tuple[str, ...] = ()) -> Sentence | None:
    """A sentence with its quotation; None where nothing readable is left."""
    words, spans = quote(text, source)
    if not spans or not any(character.isalnum() for character in words):
        return None
    listed = block.kind in (BlockKind.ITEM, BlockKind.ROW)
    reading = _reading(reading_of(block, text.text) if block.kind is BlockKind.ROW else text.text)
    return Sentence(text=reading, quote=words, spans=spans, lead=lead, is_item=listed)


def _reading(text: str) -> str:
    text = re.sub(r"\s+", " ", html.unescape(text).translate(LIGATURES)).strip()
    return re.sub(r"\s+([.,;:!?](?:\s|$))", r"\1", text)


def _packed(groups: Sequence[_Group]) -> Iterator[list[_Group]]:
    """Groups in pieces of at most about two hundred words."""
    piece: list[_Group] = []
    size = 0
    for group in chain.from_iterable(_parts(whole) for whole in groups):
        if piece and size + group.words > (MOST if size < 120 or group.words < 25 else TARGET):
            yield piece
            piece, size = [], 0
        piece.append(group)
        size += group.words
    if piece:
        yield piece


def _parts(group: _Group) -> Iterator[_Group]:
    """A group that is too long, in parts of about the same length, cut between sentences."""
    if group.words <= MOST:
        yield group
        return
    target = group.words / math.ceil(group.words / TARGET)
    part = _Group(group.page)
    for sentence in group.sentences:
        length = len(sentence.text.split())
        if part.sentences and part.words + length / 2 > target:
            yield part
            part = _Group(group.page)
        part.sentences.append(sentence)
    yield part


def _captions(document: str, section: Section, source: str) -> Iterator[Passage]:
    for block in section.blocks:
        if block.kind is not BlockKind.CAPTION:
            continue
        match = CAPTION.match(block.text.text)
        label = block.text.text[: match.end()].strip(" .:|–—-") if match else ""
        text = block.text.part(match.end()) if match else block.text
        made = (make_sentence(part, source, block=block) for part in split_sentences(text))
        sentences = tuple(sentence for sentence in made if sentence)
        if sentences:
            path = (*section.path, label) if label else section.path
            yield _passage(document, path, sentences, kind=PassageKind.CAPTION, page=block.page)


def _about(document: str, facts: Sequence[Fact], source: str) -> Iterator[Passage]:
    """What the document says of itself; a long reference list stands apart."""
    own = [sentence for fact in facts if not fact.lead and (sentence := _stated(fact, source))]
    listed = [sentence for fact in facts if fact.lead and (sentence := _stated(fact, source))]
    if _words(own) + _words(listed) <= MOST:
        own, listed = [*own, *listed], []
    if own:
        yield _passage(document, (ABOUT,), tuple(own), kind=PassageKind.METADATA)
    for piece in _packed([_Group(None, [sentence]) for sentence in listed]):
        sentences = tuple(sentence for group in piece for sentence in group.sentences)
        yield _passage(document, (ABOUT,), sentences, kind=PassageKind.METADATA)


def _stated(fact: Fact, source: str) -> Sentence | None:
    quoted = [quote(part, source) for part in fact.parts]
    spans = tuple(span for _, found in quoted for span in found)
    words = " … ".join(words for words, found in quoted if found)
    if not spans:
        return None
    return Sentence(text=_reading(fact.text), quote=words, spans=spans, lead=fact.lead, is_item=bool(fact.lead))
