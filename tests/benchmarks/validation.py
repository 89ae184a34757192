"""Measures what readers are told of safety, and writes it beside the cases: `python -m tests.benchmarks.validation`.

Both figures of red flags and both of identifiers are those of the test halves, on which no rule was made.
"""

from datetime import UTC, datetime

from bot.domain.validation import Figure
from bot.evaluation.validation import NAME, write_figures
from bot.places import shipped
from tests.benchmarks.identifiers import measure
from tests.benchmarks.red_flags import URGENT_LEVELS, interval, is_right
from tests.safety_data import Half, Level, triage_messages

COMMAND = "python -m tests.benchmarks.validation"
DIGITS = 4


def figure(name: str, hits: int, of: int) -> Figure:
    """A share of the test half with Wilson's interval."""
    low, high = (round(end, DIGITS) for end in interval(hits, of))
    today = datetime.now(UTC).date()
    return Figure(name=name, value=round(hits / of, DIGITS), n=of, date=today, command=COMMAND, low=low, high=high)


def figures() -> list[Figure]:
    """Of the test halves: what is found, and what is left alone."""
    messages = [message for message in triage_messages() if message.half is Half.TEST]
    urgent = [is_right(message) for message in messages if message.level in URGENT_LEVELS]
    ordinary = [is_right(message) for message in messages if message.level is Level.NONE]
    private = measure(Half.TEST)
    named = private.identifiers["all"]
    return [
        figure("red_flags", sum(urgent), len(urgent)),
        figure("no_false_alarm", sum(ordinary), len(ordinary)),
        figure("identifiers", named - private.left["all"], named),
        figure("clinical_facts", private.kept - private.lost, private.kept),
    ]


def main() -> None:
    measured = figures()
    write_figures(shipped("prompts") / "cases" / NAME, measured)
    for one in measured:
        print(f"{one.name}: {one.value:.1%} ({one.low:.1%} to {one.high:.1%}, n={one.n})")


if __name__ == "__main__":
    main()
