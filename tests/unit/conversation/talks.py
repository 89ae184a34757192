"""Conversations for tests: turns in a line, a library that knows the words it was given, vectors of words."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from bot.answering.language import stem
from bot.conversation.contextualize import Contextualized, contextualize
from bot.domain.answers import (
    Abstention,
    Answer,
    Citation,
    Claim,
    ClaimRole,
    Clarification,
    Direction,
    DirectionKind,
    Outcome,
    SupportLabel,
)
from bot.domain.documents import ReviewStatus
from bot.domain.messages import History, Turn
from bot.domain.text import words
from tests.fakes import GLOSSARY

WHEN = datetime(2026, 1, 1, tzinfo=UTC)
FOREIGN = frozenset("joke weather tomorrow paris bicycles capital qzxjvk".split())
JOKE = Direction(kind=DirectionKind.SMALL_TALK, text="No jokes here.", notices=(), disclaimer="d")
UNKNOWN = Abstention(text="not in the library", nearest=(), notices=(), disclaimer="d")


def cites(number: int, title: str) -> Citation:
    return Citation(
        number=number, document=f"{number}.md", title=title, quote="q", start=0, end=1, locator="text", evidence="",
        year=None, review_status=ReviewStatus.SUBMITTED,
    )  # fmt: skip


def answer(*claims: str, titles: Sequence[str] = ("Treatment of JDM",)) -> Answer:
    """An answer of these claims, the first citing the first title and so on."""
    made = tuple(
        Claim(
            text=text,
            role=ClaimRole.FINDING if place else ClaimRole.BOTTOM_LINE,
            support=SupportLabel.SUPPORTED,
            citations=(min(place + 1, len(titles)),),
        )
        for place, text in enumerate(claims)
    )
    numbered = tuple(cites(number, title) for number, title in enumerate(titles, 1))
    return Answer(claims=made, citations=numbered, notices=(), disclaimer="d")


def asked_back(*choices: str) -> Clarification:
    return Clarification(text="What do you mean?", choices=choices, notices=(), disclaimer="d")


def talk(*turns: tuple[str, Outcome] | str) -> History:
    """Turns in a line, each resolved as the bot would; a bare question gets an answer that says nothing much."""
    made: list[Turn] = []
    for number, turn in enumerate(turns, 1):
        question, outcome = (turn, answer("It is so.")) if isinstance(turn, str) else turn
        standalone = resolve(question, History(turns=tuple(made))).standalone
        made.append(
            Turn(number=number, question=question, standalone_question=standalone, outcome=outcome, asked_at=WHEN)
        )
    return History(turns=tuple(made))


def weight(word: str) -> float:
    """Unknown words weigh most, long ones more than short ones."""
    return 8.0 if word in {stem(foreign) for foreign in FOREIGN} else min(6.0, 0.6 * len(word))


def embed(text: str) -> Any:
    """A bag of stems as a unit vector."""
    vector = np.full(64, 1e-6)
    for word in words(text):
        vector[sum(map(ord, stem(word))) % 64] += 1.0
    return vector / np.linalg.norm(vector)


def resolve(message: str, history: History | None = None, starters: Sequence[str] = ()) -> Contextualized:
    return contextualize(
        message, history or History(), glossary=GLOSSARY, embed=embed, weight=weight, starters=starters
    )


def standalone(message: str, *turns: tuple[str, Outcome] | str) -> str:
    return resolve(message, talk(*turns)).standalone
