"""From what one question costs to a million a day: `python -m tests.benchmarks.capacity`.

Reads `results/unit-costs.json` (what was measured, by `tests.benchmarks.unit_costs`, and what is assumed, with where it
comes from), plays the simulation of `tests.benchmarks.fleet`, keeps its outcome in `results/capacity.json`, and
rewrites the tables of `bot/operations/CAPACITY.md`. `--page` only rewrites the tables. A test holds the
page to both files.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.fleet import HOUR_S, Costs, Death, Fleet, Load, Waits, mean, play, play_in_turn

ROOT = Path(__file__).parents[2]
INPUTS = Path(__file__).parent / "results" / "unit-costs.json"
OUTCOME = Path(__file__).parent / "results" / "capacity.json"
PAGE = ROOT / "bot" / "operations" / "CAPACITY.md"
GOAL_S = 2.0
PEAK_S = HOUR_S
MOST_REPLICAS = 64
DAY_S = 24 * HOUR_S
YEAR_S = 365 * DAY_S
GB = 1e9


class Inputs:
    """What was measured and what is assumed."""

    def __init__(self, text: str) -> None:
        known = json.loads(text)
        self.measured: dict[str, Any] = known["measured"]
        self.sources: dict[str, dict[str, Any]] = known["assumed"]
        self.assumed: dict[str, Any] = {name: one["value"] for name, one in self.sources.items()}
        self.digest = hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:12]

    @property
    def mean_rate(self) -> float:
        """Questions a second over the day."""
        return float(self.assumed["questions_a_day"]) / DAY_S

    @property
    def peak_rate(self) -> float:
        """Questions a second in the busiest hour."""
        return self.mean_rate * float(max(self.assumed["hourly"]))

    @property
    def answering_ms(self) -> float:
        """Processor time of one question in the bot's process."""
        return mean(self.measured["bot_ms_quantiles"])

    @property
    def calls(self) -> float:
        """Messages sent and edited for one question: what Telegram counts."""
        by_method = self.measured["calls"]
        return float(by_method["sendMessage"] + by_method["editMessageText"])

    @property
    def bots(self) -> int:
        """Bots that the busiest hour needs, at four fifths of what Telegram lets through."""
        return -int(-self.peak_rate * self.calls // (0.8 * float(self.assumed["calls_a_second"])))

    def costs(self) -> Costs:
        """What the simulation is told of one question."""
        return Costs(
            answering_ms=tuple(self.measured["bot_ms_quantiles"]),
            database_ms=float(self.measured["database_ms"]),
            flush_ms=float(self.assumed["flush_ms"]),
            round_trip_ms=float(self.assumed["round_trip_ms"]),
        )

    def fleet(self, replicas: int, *, bots: int | None = None) -> Fleet:
        return Fleet(
            replicas=replicas,
            places=int(self.assumed["places"]),
            bots=self.bots if bots is None else bots,
            calls_a_second=float(self.assumed["calls_a_second"]),
        )

    def load(self, hourly: Sequence[float], *, burst: float = 1.0) -> Load:
        spread = float(self.assumed["spread"])
        return Load(hourly=tuple(hourly), spread=spread, burst=burst, burst_at_s=PEAK_S / 2 if burst > 1 else -1.0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Simulate, keep the outcome, rewrite the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--page", action="store_true", help="rewrite the tables from the figures that are kept")
    args = parser.parse_args(arguments)
    inputs = Inputs(INPUTS.read_text(encoding="utf-8"))
    if not args.page:
        OUTCOME.write_text(json.dumps(simulate(inputs), indent=1) + "\n", encoding="utf-8")
    outcome = json.loads(OUTCOME.read_text(encoding="utf-8"))
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8"), inputs, outcome), encoding="utf-8")
    return 0


def simulate(inputs: Inputs) -> dict[str, Any]:
    """The busiest hour with more and more replicas; then what may go wrong, the whole day, and the measured runs."""
    costs, peak = inputs.costs(), [inputs.peak_rate]
    rows, least = [], 0
    fewest = max(1, int(inputs.peak_rate * inputs.answering_ms / 1000 / inputs.assumed["places"]))
    for replicas in range(fewest, MOST_REPLICAS):
        waits = play(costs, inputs.fleet(replicas), inputs.load(peak))
        rows.append(_row(f"busiest hour, {replicas} replicas", waits))
        if not least and waits.tell(0.95) <= GOAL_S:
            least = replicas
        if least and replicas >= least + 1:
            break
    spare = least + 1
    tried = [
        ("one bot's token only", least, peak, {"bots": 1}, 1.0, None),
        (f"a minute of {inputs.assumed['burst']} times as many", spare, peak, {}, inputs.assumed["burst"], None),
        ("one is killed", spare, peak, {}, 1.0, Death(at_s=PEAK_S / 2, away_s=inputs.assumed["restart_s"])),
    ]
    for name, replicas, hourly, given, burst, death in tried:
        fleet = inputs.fleet(replicas, **given)
        waits = play(costs, fleet, inputs.load(hourly, burst=burst), death=death)
        rows.append(_row(f"busiest hour, {replicas} replicas, {name}", waits))
    day = [inputs.mean_rate * factor for factor in inputs.assumed["hourly"]]
    rows.append(_row(f"the whole day, {spare} replicas", play(costs, inputs.fleet(spare), inputs.load(day))))
    return {"inputs": inputs.digest, "least": least, "rows": rows, "checked": check(inputs)}


def check(inputs: Inputs) -> list[dict[str, Any]]:
    """The measured runs beside the same runs simulated: one replica, and Telegram on this machine.

    How much of a processor the bot had is taken from the run with most chats, in which it was never idle.
    """
    checked = []
    speed = inputs.measured["runs"][-1]["per_second"] * inputs.measured["runs"][-1]["bot_ms"] / 1000
    for run in inputs.measured["runs"]:
        scale = run["bot_ms"] / inputs.answering_ms / speed
        costs = Costs(
            answering_ms=tuple(scale * value for value in inputs.measured["bot_ms_quantiles"]),
            database_ms=run["database_ms"] / min(1.0, speed),
        )
        fleet = Fleet(replicas=1, places=int(inputs.assumed["places"]), calls_a_second=1e6)
        rate, waits = play_in_turn(costs, fleet, chats=run["chats"], questions=run["questions"])
        told = {"p50_s": waits.tell(0.5), "p95_s": waits.tell(0.95)}
        checked.append(
            {"chats": run["chats"], "per_second": round(rate, 1)} | {k: round(v, 3) for k, v in told.items()}
        )
    return checked


def _row(name: str, waits: Waits) -> dict[str, Any]:
    row = {
        "name": name,
        "answers": len(waits.answers),
        "p50_s": round(waits.tell(0.5), 3),
        "p95_s": round(waits.tell(0.95), 3),
        "p99_s": round(waits.tell(0.99), 3),
        "slowest_s": round(waits.tell(1.0), 1),
        "used": {part: round(value, 3) for part, value in waits.used.items()},
        "out_of_order": waits.out_of_order,
        "unanswered": waits.unanswered,
    }
    print(row, flush=True)
    return row


def with_tables(page: str, inputs: Inputs, outcome: dict[str, Any]) -> str:
    """The page with its tables made anew."""
    tables = {
        "inputs": input_table(inputs),
        "plan": plan_table(inputs, outcome),
        "simulation": simulation_table(outcome),
        "checked": checked_table(inputs, outcome),
    }
    for name, table in tables.items():
        before, rest = page.split(f"<!-- {name} -->\n")
        after = rest.partition(f"<!-- /{name} -->")[2]
        page = f"{before}<!-- {name} -->\n{table}\n<!-- /{name} -->{after}"
    return page


def input_table(inputs: Inputs) -> str:
    """Each figure, and where it comes from."""
    measured, database, vectors = inputs.measured, inputs.measured["database"], inputs.measured["vectors"]
    run = f"measured on {measured['date']}, {measured['machine']}, at a load of {measured['load']} before it began"
    times, calls = measured["bot_ms_quantiles"], measured["calls"]
    rows = [
        ("processor time of a question, bot", f"{inputs.answering_ms:.0f} ms ({times[0]:.0f}–{times[-1]:.0f})", run),
        ("processor time of a question, PostgreSQL", f"{measured['database_ms']:.1f} ms", run),
        ("transactions, rows written", f"{database['transactions']:.0f}, {database['rows_written']:.0f}", run),
        ("log of the database", f"{database['log_bytes'] / 1000:.1f} kB", run),
        ("growth of the database", f"{database['stored_bytes'] / 1000:.1f} kB", run),
        ("messages sent + edited", f"{calls['sendMessage']:.2f} + {calls['editMessageText']:.2f}", run),
        ("sent to Telegram", f"{measured['sent_bytes'] / 1000:.1f} kB", run),
        ("memory of a replica", f"{measured['memory_mb']} MB", run),
        (
            f"search among {vectors['passages']:,} passages, Chroma server",
            f"{vectors['processor_ms']:.1f} ms of processor, answer after {vectors['search_ms']:.1f} ms",
            run,
        ),
    ]
    for name, one in inputs.sources.items():
        value = one["value"]
        shown = f"peak {max(value)} × the mean" if name == "hourly" else f"{value:,}" if value != 0 else "0"
        rows.append((one["what"], f"{shown} {one['unit']}".strip(), one["source"]))
    return _table(("figure", "value", "where from"), rows)


def plan_table(inputs: Inputs, outcome: dict[str, Any]) -> str:
    """What a day's questions take of each part."""
    measured, assumed, database = inputs.measured, inputs.assumed, inputs.measured["database"]
    mean_rate, peak, day = inputs.mean_rate, inputs.peak_rate, float(assumed["questions_a_day"])
    replicas = outcome["least"] + 1
    vectors = measured["vectors"]

    def rates(each: float, unit: str, digits: int = 0) -> tuple[str, str]:
        return f"{mean_rate * each:,.{digits}f}{unit}", f"{peak * each:,.{digits}f}{unit}"

    def full(questions: float, what: str) -> str:
        return f"{questions:,.0f} questions/s: {what}"

    held = day * assumed["kept_days"] * database["stored_bytes"] / GB
    machines = -(-replicas * int(assumed["places"]) // int(assumed["machine_processors"])) + 2
    told, written = assumed["tokens_told"], assumed["tokens_written"]
    dollars = day * (told * assumed["price_told"] + written * assumed["price_written"]) / 1e6
    traffic_tb = day * 30 * measured["sent_bytes"] / 1e12
    processors = 2
    rows = [
        ("questions", *rates(1, "/s", 1), "", "the day's profile; bursts come on top, see below"),
        (
            "Telegram: messages sent and edited",
            *rates(inputs.calls, "/s"),
            full(assumed["calls_a_second"] / inputs.calls, "one bot"),
            f"**{inputs.bots} bots**, a fifth of each to spare",
        ),
        (
            "processors for answering",
            *rates(inputs.answering_ms / 1000, "", 1),
            full(assumed["places"] * 1000 / inputs.answering_ms, "one replica"),
            f"**{outcome['least']} replicas** for p95 ≤ {GOAL_S:.0f} s, {replicas} with one to spare",
        ),
        (
            "processors for PostgreSQL",
            *rates(measured["database_ms"] / 1000, "", 2),
            full(processors * 1000 / measured["database_ms"], f"{processors} processors"),
            f"{database['transactions']:.0f} transactions a question: {peak * database['transactions']:,.0f}/s",
        ),
        (
            "numbering of arrivals, one at a time",
            *rates(assumed["flush_ms"] / 10, " %"),
            full(1000 / assumed["flush_ms"], "the database"),
            "a faster disk, or several bots with a database each",
        ),
        (
            "processors for the Chroma server",
            *rates(vectors["processor_ms"] / 1000, "", 2),
            full(1000 / vectors["processor_ms"], "one processor"),
            f"at {vectors['passages']:,} passages; {384 * 4 * 100_000 / 1e6:,.0f} MB of vectors at 100,000",
        ),
        (
            "rows written",
            *rates(database["rows_written"], "/s"),
            "",
            f"{day * 365 * database['rows_written'] / 1e9:,.1f} billion a year",
        ),
        (
            "log of the database",
            *rates(database["log_bytes"] / 1e6, " MB/s", 2),
            "",
            f"{database['log_bytes'] * day * 365 / 1e12:,.1f} TB a year; what an archive or a second server takes",
        ),
        (
            "stored",
            f"{database['stored_bytes'] * day / GB:,.1f} GB/day",
            "",
            "",
            f"{held:,.0f} GB at {assumed['kept_days']} days; it then stays so",
        ),
        (
            "memory of all replicas",
            f"{replicas * measured['memory_mb'] / 1000:,.1f} GB",
            "",
            "",
            "each holds words, passages and the embedding model",
        ),
        (
            "network, outwards",
            *rates(measured["sent_bytes"] * 8 / 1e6, " Mbit/s", 2),
            "",
            f"{traffic_tb:,.2f} TB a month",
        ),
        (
            "machines",
            str(machines),
            "",
            "",
            f"replicas, PostgreSQL, proxy with Chroma: **{machines * assumed['machine_price']:,.0f} € a month**",
        ),
        (
            "storage",
            f"{held * 2:,.0f} GB",
            "",
            "",
            f"data, and as much for its log and copies: {held * 2 * assumed['storage_price']:,.0f} € a month",
        ),
        (
            "language model, if one writes",
            f"{day * told / 1e9:,.1f} + {day * written / 1e9:,.2f} G tokens/day",
            "",
            "",
            f"told + written: **{dollars:,.0f} $ a day**; without one: 0",
        ),
    ]
    return _table(("part", "mean", "busiest hour", "full at", "what follows"), rows)


def simulation_table(outcome: dict[str, Any]) -> str:
    """How long people wait, and how busy each part is."""
    head = (
        "run",
        "p50",
        "p95",
        "p99",
        "slowest",
        "replicas",
        "database",
        "numbering",
        "Telegram",
        "out of order",
        "lost",
    )
    rows = [
        (
            row["name"],
            *(_seconds(row[key]) for key in ("p50_s", "p95_s", "p99_s", "slowest_s")),
            *(f"{100 * value:.0f} %" for value in row["used"].values()),
            str(row["out_of_order"]),
            str(row["unanswered"]),
        )
        for row in outcome["rows"]
    ]
    return _table(head, rows)


def checked_table(inputs: Inputs, outcome: dict[str, Any]) -> str:
    """The simulation beside the real program."""
    rows = [
        (
            str(run["chats"]),
            f"{run['per_second']:.1f}",
            f"{simulated['per_second']:.1f}",
            f"{_seconds(run['p50_ms'] / 1000)}, {_seconds(run['p95_ms'] / 1000)}",
            f"{_seconds(simulated['p50_s'])}, {_seconds(simulated['p95_s'])}",
        )
        for run, simulated in zip(inputs.measured["runs"], outcome["checked"], strict=True)
    ]
    head = ("chats at once", "questions/s, measured", "simulated", "p50, p95 measured", "simulated")
    return _table(head, rows)


def _seconds(value: float) -> str:
    return f"{value:.2f} s" if value < 10 else f"{value:,.0f} s"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


if __name__ == "__main__":
    sys.exit(main())
