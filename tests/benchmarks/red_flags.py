"""How well red flags are told from everything else: `python -m tests.benchmarks.red_flags`.

Printed as Markdown: figures of both halves of tests/data/safety/triage.yaml by level, writer and language, each with
its Wilson interval of 95 %, what a message costs, and the mistakes of the tuning half. Messages of the test half are
never shown.
"""

import math
import statistics
import time
from collections.abc import Callable, Sequence
from functools import cache

from bot.answering.triage import URGENT, Triage, TriageRules, triage
from bot.answering.triage.likeness import Likeness, LikenessWeights
from bot.knowledge.embeddings import KeptVectors, MiniLmEmbedder
from bot.knowledge.triage import load_triage
from bot.places import shipped
from tests.safety_data import Half, Level, TriageMessage, triage_messages

SURE = 1.96
"""Standard deviations of an interval of 95 %."""
URGENT_LEVELS = frozenset({Level.EMERGENCY, Level.CRISIS})
ROUNDS = 3


@cache
def shipped_rules() -> TriageRules:
    return load_triage(shipped("knowledge") / "triage.yaml")


@cache
def embedder() -> MiniLmEmbedder:
    return MiniLmEmbedder()


@cache
def shipped_likeness() -> Likeness:
    weights = LikenessWeights.read()
    assert weights.fingerprint == embedder().digest
    return Likeness(embed=embedder().embed_query, weights=weights)


def judged(text: str) -> Triage:
    """What rules and second reader say of a message."""
    return shipped_likeness().beside(triage(text, shipped_rules()), text, shipped_rules())


@cache
def told(text: str) -> Level:
    """The most urgent level that is seen in a message."""
    levels = judged(text).levels
    return next((Level(level.value) for level in URGENT if level in levels), Level.NONE)


def is_right(message: TriageMessage) -> bool:
    """Is the level one of the right ones? An ordinary question may also get the line that tells the clinic."""
    found = told(message.text)
    return found in message.right or (message.level is Level.NONE and found is Level.SOON)


def interval(right: int, total: int) -> tuple[float, float]:
    """Wilson's interval of a share."""
    if not total:
        return 0.0, 1.0
    share, squared = right / total, SURE**2
    middle = (share + squared / (2 * total)) / (1 + squared / total)
    half = SURE * math.sqrt(share * (1 - share) / total + squared / (4 * total**2)) / (1 + squared / total)
    return max(0.0, middle - half), min(1.0, middle + half)


def row(name: str, messages: Sequence[TriageMessage]) -> str:
    right = sum(map(is_right, messages))
    low, high = interval(right, len(messages))
    return f"| {name} | {right}/{len(messages)} | {right / len(messages):.1%} | {low:.1%} to {high:.1%} |"


def table(messages: Sequence[TriageMessage]) -> list[str]:
    """Rows by level, then of emergencies and crises by writer and language."""
    urgent = [message for message in messages if message.level in URGENT_LEVELS]
    rows = ["| | right | share | 95 % interval |", "|---|---|---|---|"]
    rows += [row(level.value, [each for each in messages if each.level is level]) for level in Level]
    rows.append(row("emergency and crisis", urgent))
    by: tuple[Callable[[TriageMessage], str], ...] = (lambda each: each.writer.value, lambda each: each.language)
    for group in by:
        for name in dict.fromkeys(map(group, urgent)):
            rows.append(row(f"… {name}", [each for each in urgent if group(each) == name]))
    return rows


def milliseconds(texts: Sequence[str]) -> list[float]:
    """What each message costs both readers, at its fastest of some rounds; nothing embedded is kept."""
    rules, likeness = shipped_rules(), shipped_likeness()
    costs = []
    for text in texts:
        rounds = []
        for _ in range(ROUNDS):
            embedder().kept = KeptVectors()
            started = time.perf_counter()
            likeness.beside(triage(text, rules), text, rules)
            rounds.append((time.perf_counter() - started) * 1000)
        costs.append(min(rounds))
    return costs


def main() -> None:
    for half in Half:
        messages = [message for message in triage_messages() if message.half is half]
        print(f"\n## The {half.value} half\n", *table(messages), sep="\n")
    costs = milliseconds([message.text for message in triage_messages()])
    print(f"\nA message costs {statistics.median(costs):.2f} ms, at most {max(costs):.2f} ms.")
    print("\n## Mistakes of the tuning half\n")
    for message in triage_messages():
        if message.half is Half.TUNING and not is_right(message):
            print(f"- {message.level.value}, told as {told(message.text).value}: {message.text}")


if __name__ == "__main__":
    main()
