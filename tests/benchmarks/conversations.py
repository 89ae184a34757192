"""Does every reader get a reply, and none a wrong claim, whatever a language model and its provider do?

    python -m tests.benchmarks.conversations [--conversations 200] [--seed 1] [--at-once 8] [--misses 20]
                                             [--honest [--writes 1.0]]

The whole bot talks to two scripted models through the client that serves; every fault of the provider, every mistake of
a model and every wrong form come at random. `--misses` shows so many wrong claims that were told. Exit code 1 if a
reply is missing, a wrong claim was told or a quotation isn't in its file.
"""

import argparse
import asyncio
import logging
import os
import platform
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import Path
from random import Random

import yaml

from bot.domain.answers import Answer, Citation
from bot.domain.messages import Reply
from bot.places import shipped
from bot.prompts import Wording, load_wording
from tests.mixed_faults.citations import wrong_citations
from tests.mixed_faults.conversing import Turn, converse, open_stage
from tests.mixed_faults.leaks import IN_REPLY, Leak, find_leaks
from tests.mixed_faults.measures import claim_delays, overhead, quantile, waited_seconds
from tests.mixed_faults.plans import MAIN, SECOND, Dealer, Mistake, Plan
from tests.scripted_provider import Player, Request, Says, honest
from tests.scripted_provider.composing import read_prompt

CONVERSATIONS = Path(__file__).parents[1] / "data" / "conversations.yaml"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of all the conversations."""

    turns: Sequence[Turn]
    leaks: Sequence[Leak]
    mistakes: Sequence[Mistake]
    wording: Wording

    @property
    def replies(self) -> list[Reply]:
        """A reply that only says that something broke is none."""
        failed = self.wording.say("telegram.failed")
        return [t.reply for t in self.turns if t.reply and getattr(t.reply.outcome, "text", "") != failed]

    @property
    def wrong(self) -> list[Leak]:
        return [leak for leak in self.leaks if not leak.harmless]

    @property
    def wrong_citations(self) -> list[Citation]:
        return [citation for reply in self.replies for citation in wrong_citations(reply, shipped("knowledge"))]

    @property
    def is_good(self) -> bool:
        return len(self.replies) == len(self.turns) and not self.wrong and not self.wrong_citations


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures as a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--conversations", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--misses", type=int, default=20)
    parser.add_argument("--honest", action="store_true", help="nothing fails: what an answer costs beside its model")
    parser.add_argument("--writes", type=float, default=0.0, help="seconds over which an honest model writes")
    args = parser.parse_args(arguments)
    logging.disable(logging.WARNING)  # every fault is one, and they are wanted here
    print(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        outcome = asyncio.run(run(args, Path(folder)))
    report(outcome, args.misses)
    return 0 if outcome.is_good else 1


async def run(args: argparse.Namespace, data: Path) -> Outcome:
    """Hold the conversations, those of the file in a random order again and again."""
    dealer = Dealer(Random(args.seed))
    async with open_stage(data) as (bot, provider, stage):
        asked = shuffled(args.conversations, args.seed)
        players = dict.fromkeys((MAIN, SECOND), writing_for(args.writes))
        plans = repeat(Plan(name="honest", players=players)) if args.honest else dealer.deal()
        turns = await converse(bot, provider, stage, asked, plans, at_once=args.at_once)
        library = "\n".join(s.text for item in bot.library.everything() for s in item.passage.sentences)
        leaks = list(find_leaks(turns, dealer.noted, library, bot.wording))
    return Outcome(turns=turns, leaks=leaks, mistakes=dealer.noted, wording=load_wording(shipped("prompts")))


def writing_for(seconds: float) -> Player:
    """An honest model that writes for so long."""

    def play(request: Request) -> Says:
        reply = honest(request)
        return replace(reply, pause=seconds / len(reply.pieces))

    return play


def shuffled(conversations: int, seed: int) -> Mapping[str, Sequence[str]]:
    """So many conversations by their names."""
    known: list[list[str]] = yaml.safe_load(CONVERSATIONS.read_text(encoding="utf-8"))
    random = Random(seed)
    chosen: list[list[str]] = []
    while len(chosen) < conversations:
        chosen += random.sample(known, len(known))
    return {f"c{number:03}": texts for number, texts in enumerate(chosen[:conversations])}


def report(outcome: Outcome, misses: int) -> None:
    """All figures, and examples of what went wrong."""
    turns, replies = outcome.turns, outcome.replies
    row("conversations / questions", f"{len({t.conversation for t in turns})} / {len(turns)}")
    row("different questions", f"{len({turn.text for turn in turns})}")
    row("calls of models", f"{sum(len(turn.played) for turn in turns)}")
    row("replies that reached the reader", f"{len(replies)} ({len(replies) / len(turns):.1%})")
    row("  with a disclaimer", f"{sum(bool(reply.outcome.disclaimer.strip()) for reply in replies)}")
    for kind, times in Counter(map(kind_of, replies)).most_common():
        row(f"  {kind}", f"{times} ({times / len(turns):.1%})")
    row("withheld claims", f"{sum(getattr(reply.outcome, 'withheld', 0) for reply in replies)}")
    row("repaired claims", f"{sum(map(repaired, turns))} of {sum(map(to_repair, turns))}")
    quoted = sum(len(reply.outcome.citations) for reply in replies if isinstance(reply.outcome, Answer))
    row("quotations literally in their file", f"{quoted - len(outcome.wrong_citations)} of {quoted}")
    row("wrong claims written", f"{len(outcome.mistakes)}")
    in_replies = {id(leak.turn) for leak in outcome.wrong if leak.where == IN_REPLY}
    row("replies with a wrong claim", f"{len(in_replies)} ({len(in_replies) / len(turns):.1%})")
    row("wrong claims told, in all", f"{len(outcome.wrong)}")
    row("  their words told, yet not wrong", f"{len(outcome.leaks) - len(outcome.wrong)}")
    report_times(turns)
    report_leaks(outcome, misses)
    for turn in turns:
        if turn.reply not in replies:
            print(f"\nNo reply: {turn.text!r} with {turn.plan.name}: {turn.problem}")
    for citation in outcome.wrong_citations:
        print(f"\nNot in {citation.document} at {citation.start}-{citation.end}: {citation.quote!r}")


def report_times(turns: Sequence[Turn]) -> None:
    """How soon, and at what cost. What is waited on purpose before a second attempt stands apart."""
    delays = [delay * 1000 for turn in turns for delay in claim_delays(turn)]
    costs = [overhead(turn) * 1000 for turn in turns if turn.played]
    waits = [wait for turn in turns if (wait := waited_seconds(turn))]
    row("a claim's last byte to the listener, p50 / p95", f"{pair(delays)} ms ({len(delays)} claims)")
    row("all but the model's own time, p50 / p95", f"{pair(costs)} ms ({len(costs)} questions)")
    row("waits before second attempts", f"{sum(waits):.1f} s in {len(waits)} questions")


def report_leaks(outcome: Outcome, misses: int) -> None:
    """By kind of mistake: how many were written, and how many were told."""
    written = Counter(mistake.name for mistake in outcome.mistakes)
    told = Counter(leak.mistake.name for leak in outcome.wrong)
    harmless = Counter(leak.mistake.name for leak in outcome.leaks if leak.harmless)
    print("\n| mistake | written | told | told, not wrong |\n|---|---|---|---|")
    for name, times in sorted(written.items()):
        print(f"| {name} | {times} | {told[name]} | {harmless[name]} |")
    seen: set[str] = set()
    for leak in sorted(outcome.leaks, key=lambda leak: (bool(leak.harmless), leak.mistake.name)):
        text = leak.mistake.line.text
        if text in seen or len(seen) == misses:
            continue
        seen.add(text)
        print(f"\n{leak.mistake.name}{f' ({leak.harmless})' if leak.harmless else ''}, in the {leak.where}")
        print(f"  asked: {leak.turn.text} ({leak.turn.plan.name})\n  told:  {text}\n  from:  {leak.mistake.right}")
        for quote in leak.cited:
            print(f"  cited: {quote}")


def kind_of(reply: Reply) -> str:
    """What the reply is, and who wrote it."""
    outcome = reply.outcome
    wrote = reply.provenance.model
    return (
        f"{type(outcome).__name__.lower()} by {wrote}"
        if isinstance(outcome, Answer)
        else type(outcome).__name__.lower()
    )


def to_repair(turn: Turn) -> int:
    """Claims that were given back to a model."""
    return max((len(read_prompt(played.request).failed) for played in turn.played), default=0)


def repaired(turn: Turn) -> int:
    """Those of them that passed then. Where the documents are quoted instead, none is."""
    if turn.reply is None or not turn.reply.provenance.model.startswith("openai:"):
        return 0
    return max(0, to_repair(turn) - getattr(turn.reply.outcome, "withheld", 0))


def pair(values: Sequence[float]) -> str:
    """Median and 95th percentile."""
    return f"{quantile(values, 0.5):.1f} / {quantile(values, 0.95):.1f}"


def row(name: str, value: str) -> None:
    """One line of the table."""
    print(f"{name:48} {value}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
