"""Are both sides shown where the shipped library's sources disagree, and nothing where they don't?

`python -m tests.benchmarks.disagreements` asks what `tests/data/disagreements.yaml` holds, and the same matters in
other words, and prints what was missed and what was named without being a disagreement; `--show` prints the blocks.
"""

import asyncio
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import yaml

from bot.bootstrap import open_bot
from bot.channels.differing import head, reasons, side_lines, why
from bot.domain.answers import Answer, Outcome
from bot.domain.messages import IncomingMessage
from bot.places import shipped
from bot.prompts import Wording
from bot.settings import Settings
from tests.fakes import MemoryConversations

DATA = Path(__file__).parents[1] / "data"
QUESTIONS, OTHER_WORDS = DATA / "disagreements.yaml", DATA / "disagreements_other_words.yaml"
GROUPS = {QUESTIONS: "both sides shown", OTHER_WORDS: "both sides shown, asked in other words"}


@dataclass(frozen=True, kw_only=True)
class Case:
    """A question, and the sides on it, each the documents that take it; none where sources agree."""

    question: str
    between: tuple[frozenset[str], ...] = ()
    group: str = "no disagreement named"

    def is_met(self, outcome: Outcome) -> bool:
        """Are documents of two sides shown in one disagreement, or, without sides, no disagreement at all?"""
        sides = sides_of(outcome)
        if not self.between:
            return not sides
        return any(
            bool(one & shown) and bool(other & shown) and len((one | other) & shown) > 1
            for shown in sides
            for one, other in combinations(self.between, 2)
        )


def read_cases(*files: Path) -> list[Case]:
    """Every question of these files."""
    cases = []
    for file in files:
        told = yaml.safe_load(file.read_text(encoding="utf-8"))
        for each in told["differ"]:
            sides = tuple(frozenset(side) for side in each["between"])
            cases.append(Case(question=each["question"], between=sides, group=GROUPS[file]))
        cases += [Case(question=question) for question in told.get("agree", ())]
    return cases


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
    asked, wording = asyncio.run(ask(read_cases(QUESTIONS, OTHER_WORDS)))
    for case, outcome in asked:
        if not case.is_met(outcome):
            print(f"{'missed' if case.between else 'false'}: {case.question}")
        if isinstance(outcome, Answer) and "--show" in sys.argv:
            for each in outcome.disagreements:
                print(f"{case.question}\n  {head(each, wording)}")
                lines = side_lines(each, outcome, wording)
                print("\n".join(f"  • {line}" for line in lines))
                print(f"  {why(reasons(each, lines), wording)}")
    for group in dict.fromkeys(case.group for case, _ in asked):
        met = [case.is_met(outcome) for case, outcome in asked if case.group == group]
        print(f"{group}: {sum(met)} of {len(met)}")


if __name__ == "__main__":
    main()
