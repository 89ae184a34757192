"""The reference list of a document: where it starts, where one entry ends and the next begins."""

import re
from collections.abc import Sequence

from bot.knowledge.blocks import Block, BlockKind, Fact
from bot.knowledge.boilerplate import is_boilerplate, is_boilerplate_heading
from bot.knowledge.traced import Traced

REFERENCES = re.compile(
    r"(?:key |selected |cited )?"
    r"(?:references?|bibliography|literature(?: cited)?|citations|sources|works cited)(?: \(\d+\))?:?",
    re.IGNORECASE,
)
ENTRY = re.compile(r"(?P<marker>\[(?P<bracketed>\d{1,3})\]|(?P<bare>\d{1,3})[.)]?)\s+(?=\S)")
AFTERWARDS = re.compile(
    r"(?:appendix|supplement|tables?|figures?|figure legends?|abbreviations|glossary)\b", re.IGNORECASE
)
YEAR_LAST = re.compile(r"(?:19|20)\d\d\W*$")
YEAR = re.compile(r"(?:19|20)\d\d")


def take_references(blocks: Sequence[Block]) -> tuple[list[Fact], list[Block]]:
    """The entries of the reference list as facts, and the blocks without it."""
    rest: list[Block] = []
    entries: list[Traced] = []
    pending: list[Traced] = []

    def close() -> None:
        if pending:
            entries.append(Traced.joined(list(pending), "\n"))
            pending.clear()

    inside = False
    for block in blocks:
        text = block.text.text
        titled = block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)
        if titled and REFERENCES.fullmatch(text):
            inside = True
            continue
        ends = is_boilerplate_heading(block) or (titled and block.words <= 6 and AFTERWARDS.match(text))
        if ends or block.kind is BlockKind.HEADING:
            inside = False
        if not inside:
            rest.append(block)
        elif not is_boilerplate(block):
            if block.kind is BlockKind.ITEM:
                close()
            pending.append(block.text)
            if YEAR_LAST.search(text) or (block.words >= 8 and YEAR.search(text)):
                close()
    close()
    return [_fact(number, entry) for number, entry in enumerate(entries, 1)], rest


def _fact(number: int, entry: Traced) -> Fact:
    reading = ". ".join(line.strip(" .") for line in entry.text.split("\n"))
    return Fact(text=f"Reference {number}: {reading}.", parts=(entry.collapsed(),), lead=("References",))
