"""Cuts a document into passages of quotable sentences, one section each, long ones at paragraph or list borders."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.documents import Passage, PassageKind, Sentence
from bot.knowledge.blocks import CAPTION, BlockKind, Fact, Section
from bot.knowledge.groups import MOST, Group, count_words, group_sentences, pack
from bot.knowledge.quotable import make_sentence, state
from bot.knowledge.sentences import split_sentences

ONE_PIECE = 300
ABOUT = "About this document"


def cut_passages(document: str, source: str, sections: Sequence[Section], facts: Sequence[Fact]) -> tuple[Passage, ...]:
    """All passages of a document: its sections in order, their captions, and what it says of itself.

    `document` is its id, `source` its whole text. A short document of one page without headings stays one passage.
    """
    passages: list[Passage] = []
    grouped = [(section, list(group_sentences(section, source))) for section in sections]
    headed = any(section.path for section in sections)
    whole = [group for _, groups in grouped for group in groups]
    paged = len({group.page for group in whole}) > 1
    short = not headed and not paged and sum(group.words for group in whole) <= ONE_PIECE
    for section, groups in grouped:
        pieces = [groups] if short and groups else pack(groups)
        passages += [_passage(document, section.path, _joined(piece), page=piece[0].page) for piece in pieces]
        passages += _captions(document, section, source)
    return _unique([*passages, *_about(document, facts, source)])


def _joined(groups: Sequence[Group]) -> tuple[Sentence, ...]:
    return tuple(sentence for group in groups for sentence in group.sentences)


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


def _captions(document: str, section: Section, source: str) -> Iterator[Passage]:
    """A passage for each figure or table, under its name."""
    for block in section.blocks:
        if block.kind is not BlockKind.CAPTION:
            continue
        match = CAPTION.match(block.text.text)
        label = match.group().strip(" .:|–—-") if match else ""
        text = block.text.part(match.end()) if match else block.text
        made = (make_sentence(part, source, block=block) for part in split_sentences(text))
        sentences = tuple(sentence for sentence in made if sentence)
        if sentences:
            path = (*section.path, label) if label else section.path
            yield _passage(document, path, sentences, kind=PassageKind.CAPTION, page=block.page)


def _about(document: str, facts: Sequence[Fact], source: str) -> Iterator[Passage]:
    """What the document says of itself, in one passage; a long list of references stands apart."""
    own = [sentence for fact in facts if not fact.lead and (sentence := state(fact, source))]
    listed = [sentence for fact in facts if fact.lead and (sentence := state(fact, source))]
    if count_words(own) + count_words(listed) <= MOST:
        own, listed = [*own, *listed], []
    if own:
        yield _passage(document, (ABOUT,), tuple(own), kind=PassageKind.METADATA)
    for piece in pack(Group(sentences=[sentence]) for sentence in listed):
        yield _passage(document, (ABOUT,), _joined(piece), kind=PassageKind.METADATA)
