"""Fits the weights of `identifiers/evidence.py` anew: `python -m tests.tools.fit_names`.

Learns from the messages made from parts, those of the classes that aren't held out, and from the sentences of the
library, which name no patient. Logistic regression with a penalty on large weights.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bot.answering.identifiers import weights
from bot.answering.identifiers.people import Naming
from bot.answering.identifiers.words import Word
from bot.knowledge.documents import read_library
from bot.places import shipped
from tests.benchmarks.identifiers import shipped_finder
from tests.benchmarks.identifiers_made import HELD_OUT, made

STEPS, RATE, PENALTY = 1500, 1.0, 0.0008
LEAST = 0.05
"""Of what a weight must be to be kept."""
NO_NAME_COUNTS = 1.2
"""A fact that is lost weighs more than a name that is left."""


def main() -> None:
    examples = list(learned())
    names = sorted({sign for signs, _ in examples for sign in signs})
    place = {name: number for number, name in enumerate(names)}
    held = np.zeros((len(examples), len(names)))
    for row, (signs, _) in enumerate(examples):
        held[row, [place[sign] for sign in signs]] = 1
    wanted = np.array([is_name for _, is_name in examples], dtype=float)
    worth = np.where(wanted > 0, 1.0, NO_NAME_COUNTS)
    fitted = np.zeros(len(names))
    speed = np.zeros(len(names))
    for _ in range(STEPS):
        guess = 1 / (1 + np.exp(-np.clip(held @ fitted, -30, 30)))
        speed = 0.9 * speed + held.T @ (worth * (guess - wanted)) / worth.sum() + PENALTY * fitted
        fitted -= RATE * 0.3 * speed
    lines = "".join(
        f'    "{name}": {weight:.2f},\n' for name, weight in zip(names, fitted, strict=True) if abs(weight) >= LEAST
    )
    told = (
        f'"""What each sign of a person weighs, as tests/tools/fit_names.py fitted it."""\n\nWEIGHTS = {{\n{lines}}}\n'
    )
    Path(str(weights.__file__)).write_text(told, encoding="utf-8")
    print(f"{len(examples)} examples, {int(wanted.sum())} of them names, {len(names)} signs")


def learned() -> Iterator[tuple[list[str], bool]]:
    """What is seen at each word that may be a name, and whether it is one."""
    naming: Naming = vars(shipped_finder())["_naming"]
    for one in made():
        if one.kind in HELD_OUT:
            continue
        said = [told for _, told in one.gone]
        for run, signs in naming.doubtful(one.text):
            yield signs, any(_of(run, told) for told in said)

    for document in read_library(shipped("knowledge")).documents:
        for passage in document.passages:
            for sentence in re.split(r"(?<=[.!?])\s+", passage.text):
                yield from ((signs, False) for _, signs in naming.doubtful(sentence))


def _of(run: list[Word], told: str) -> bool:
    return any(len(word.text) > 1 and word.text in told for word in run)


if __name__ == "__main__":
    main()
