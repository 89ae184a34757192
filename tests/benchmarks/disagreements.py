"""Are both sides shown where the shipped library's sources disagree, and nothing where they don't?

`python -m tests.benchmarks.disagreements` asks every question of `tests/data/disagreements.yaml` and prints what was
missed and what was called a disagreement without being one; `--show` prints the blocks as well.
"""

import asyncio
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.bootstrap import open_bot
from bot.channels.differing import head, side_lines, why
from bot.domain.answers import Answer, Outcome
from bot.domain.messages import IncomingMessage
from bot.places import shipped
from bot.prompts import Wording
from bot.settings import Settings
from tests.fakes import MemoryConversations

QUESTIONS = Path(__file__).parents[1] / "data" / "disagreements.yaml"


@dataclass(frozen=True, kw_only=True)
class Case:
    """A question, and the documents that disagree on it; none where sources agree."""

    question: str
    between: frozenset[str] = frozenset()

    def is_met(self, outcome: Outcome) -> bool:
        """Are two of these documents shown as sides of one disagreement, or, without any, no disagreement at all?"""
        sides = sides_of(outcome)
        if not self.between:
            return not sides
        return any(len(self.between & shown) > 1 for shown in sides)


def read_cases() -> list[Case]:
    """Every question of the file."""
    told = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    differ = [Case(question=each["question"], between=frozenset(each["between"])) for each in told["differ"]]
    return [*differ, *(Case(question=question) for question in told["agree"])]


def sides_of(outcome: Outcome) -> list[frozenset[str]]:
    """The ids of the documents on the sides of each disagreement."""
    if not isinstance(outcome, Answer):
        return []
    stems = {citation.number: Path(citation.document).stem for citation in outcome.citations}
    return [frozenset(stems[side.citation] for side in each.sides) for each in outcome.disagreements]


async def ask(cases: Iterable[Case]) -> tuple[list[tuple[Case, Outcome]], Wording]:
    """Each case with the outcome of its question, asked in a conversation of its own."""
    with tempfile.TemporaryDirectory() as data:
        settings = Settings(knowledge=shipped("knowledge"), prompts=shipped("prompts"), data=Path(data))
        async with open_bot(settings, conversations=MemoryConversations()) as bot:
            asked = []
            for number, case in enumerate(cases):
                message = IncomingMessage(conversation=str(number), text=case.question)
                asked.append((case, (await bot.service.respond(message)).outcome))
            return asked, bot.wording


def main() -> None:
    """Print the figures, and what went wrong."""
    asked, wording = asyncio.run(ask(read_cases()))
    for case, outcome in asked:
        if not case.is_met(outcome):
            print(f"{'missed' if case.between else 'false'}: {case.question}")
        if isinstance(outcome, Answer) and "--show" in sys.argv:
            for each in outcome.disagreements:
                print(f"{case.question}\n  {head(each, wording)}")
                print("\n".join(f"  • {line}" for line in side_lines(each, outcome, wording)))
                print(f"  {why(each, wording)}")
    for name, kind in (("both sides shown", True), ("no disagreement named", False)):
        met = [case.is_met(outcome) for case, outcome in asked if bool(case.between) is kind]
        print(f"{name}: {sum(met)} of {len(met)}")


if __name__ == "__main__":
    main()
