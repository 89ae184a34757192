"""A model that does what the rules of its prompt say, and nothing else: for telling a worse prompt by its results.

Each rule is looked for by what it asks, not by its exact words. Without the rule the player does what models are known
to do then: it cites nothing, answers what the passages don't hold, gives orders, makes “may” to “should”.
"""

import json
import random
import re
from dataclasses import replace

from tests.scripted_provider.composing import (
    ComposePrompt,
    Line,
    claim,
    read_prompt,
    repaired_lines,
    written,
)
from tests.scripted_provider.scripts import Player, Request, Says

MOST = 3
FITS = 0.34  # of the question's words must stand in a sentence that a careful reader takes for an answer
LACKING = re.compile(
    r"\b(?:not|nowhere|never) (?:recorded|known|explained|covered|stated|reported|said)\b|\bno (?:study|source|dose)\b"
    r"|\b(?:cannot|can't|can not) be (?:judged|learned|known)\b",
    re.IGNORECASE,
)  # a sentence that says so tells what the document lacks, which answers nothing
CITING = re.compile(r"\"sources\"[^\n]{0,40}\bids?\b", re.IGNORECASE)
ABSTAINING = re.compile(r"\b(?:no|without an?|lack an?) answer\b[^\n]{0,60}no_answer", re.IGNORECASE)
INFORMING = re.compile(r"\bnever an order\b|\bno (?:orders?|instructions?) to\b", re.IGNORECASE)
KEEPING = re.compile(r"\bnot make anything stronger\b", re.IGNORECASE)
HEDGE = re.compile(r"\b(?:may|might|can|could)\b")


def obedient(seed: int | None = None) -> Player:
    """The player. With a seed it's as moody as a model at some temperature: it now and then says less."""

    def play(request: Request) -> Says:
        prompt = read_prompt(request)
        rules = "\n".join(request.said_by("system"))
        lines = repaired_lines(prompt) if prompt.failed else _compose(prompt, rules)
        if seed is not None:
            lines = _moody(lines, random.Random(f"{seed} {prompt.question}"))
        return Says(_told(lines, rules))

    return play


def _compose(prompt: ComposePrompt, rules: str) -> tuple[Line, ...]:
    """The sentences that answer best; with the rule for it, none where none says enough of what is asked."""
    chosen = prompt.ranked()[:MOST]
    if ABSTAINING.search(rules):
        fitting = prompt.ranked(share=FITS)[:MOST]
        answers = bool(fitting) and not LACKING.search(fitting[0].sentence)
        chosen = fitting if answers else ()
    lines = (claim(one, "bottom_line" if number == 0 else None) for number, one in enumerate(chosen))
    return tuple(_as_told(line, rules) for line in lines)


def _as_told(line: Line, rules: str) -> Line:
    text = line.text
    if not KEEPING.search(rules):
        text = HEDGE.sub("should", text)
    if not INFORMING.search(rules):
        text = f"You must know and act on this: {text[:1].lower()}{text[1:]}"
    return replace(line, text=text)


def _told(lines: tuple[Line, ...], rules: str) -> str:
    if CITING.search(rules) or not lines:
        return written(lines)
    bare = ({"role": line.role, "text": line.text} for line in lines)
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in bare)


def _moody(lines: tuple[Line, ...], mood: random.Random) -> tuple[Line, ...]:
    if len(lines) > 1 and mood.random() < 0.3:
        return lines[:-1]
    if mood.random() < 0.04:
        return ()
    return lines
