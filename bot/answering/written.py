"""A claim as a writer hands it in: its sentence, the passages that it cites in brackets, and what it quotes."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.answering.compared import unknown
from bot.answering.verify import Evidence, verify_claim
from bot.domain.answers import Verdict
from bot.domain.glossary import Glossary
from bot.domain.text import words

BRACKET = re.compile(r"\s*\[([^\[\]]{1,60})\]")
AT_THE_END = re.compile(r"(?:\s*\[[^\[\]]{1,60}\])+(?=[\s.!?]*$)")
ID = re.compile(r"^[A-Za-z]{1,3}-?\d{1,4}$")
NUMBERS = re.compile(r"^\d{1,3}(?:\s?[-,;\u2013]\s?\d{1,3})*$")
QUOTED = re.compile('[\u201c\u201e]([^\u201c\u201d\u201e]+)[\u201c\u201d]|"([^"]+)"')
SHORTEST_QUOTATION = 3
"""Words. Shorter ones in quotation marks name a thing rather than quote."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenClaim:
    """What is claimed, without its brackets; the ids that it cites; the words that it gives as a passage's own."""

    text: str
    citations: tuple[str, ...]
    quotations: tuple[str, ...]


def read_claim(written: str, ids: Collection[str]) -> WrittenClaim:
    """Read a claim beside passages with these ids.

    A bracket at the end that holds an id, or looks like one (`[E9]`), is a citation; one inside only if it is an id.
    A paper's own reference number (`[12]`) is passed over.
    """
    end = AT_THE_END.search(written)
    cited: list[str] = []

    def read(match: re.Match[str]) -> str:
        parts = [part.strip() for part in re.split(r"[,;]", match[1])]
        last = end is not None and match.start() >= end.start()
        if all(part in ids or (last and ID.match(part)) for part in parts):
            cited.extend(parts)
            return ""
        return "" if NUMBERS.match(match[1].strip()) else match.group()

    text = BRACKET.sub(read, written).strip()
    quoted = (match[1] or match[2] for match in QUOTED.finditer(text))
    return WrittenClaim(
        text=text,
        citations=tuple(dict.fromkeys(cited)),
        quotations=tuple(quote.strip() for quote in quoted if len(words(quote)) >= SHORTEST_QUOTATION),
    )


def verify_written(
    written: str,
    passages: Sequence[Evidence],
    glossary: Glossary,
    *,
    quotations: Sequence[str] = (),
    citations: Sequence[str] = (),
) -> Verdict:
    """Judge a claim against the passages that it cites, all of them where it cites none.

    `quotations` and `citations` are those that the writer names apart from the sentence.
    """
    by_id = {passage.id: passage for passage in passages}
    claim = read_claim(written, by_id.keys())
    cited = tuple(dict.fromkeys((*citations, *claim.citations)))
    for name in cited:
        if name not in by_id:
            return unknown(f"It cites {name}, which isn't among the passages.")
    evidence = [by_id[name] for name in cited] or list(passages)
    return verify_claim(claim.text, evidence, glossary, (*quotations, *claim.quotations))
