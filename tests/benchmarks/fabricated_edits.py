"""How well the gate stops wrong claims and passes faithful ones: `python -m tests.benchmarks.fabricated_edits`.

Each form of `tests/benchmarks/edits/library.jsonl` goes through the public command `footnote verify --jsonl`: true
sentences of the shipped library, faithfully reworded or with one fault put in. With `--data FOLDER`, forms made in the
same way of abstracts are measured too: FOLDER holds `pubmedqa/corpus.jsonl` and `scifact/corpus.jsonl` ({_id, title,
text}); none of their text goes into the repository. Printed as Markdown: detection, the share of the corrupted forms
that weren't SUPPORTED, and false alarms, the share of the faithful forms that weren't. Rules may be fitted on the half
`tuning`; what is told of the gate is measured on the half `test`. Halves share no document.
"""

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.knowledge.glossary import load_glossary
from bot.places import shipped
from tests.benchmarks.edits.forms import CORRUPTED, FAITHFUL, HALVES, KINDS, Form, read_forms, write_forms
from tests.benchmarks.edits.making import make_forms, thinned
from tests.benchmarks.edits.sources import read_abstracts, read_shipped

SUPPORTED = "SUPPORTED"
ABSTRACTS = 300
"""Of each set."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A form and the gate's verdict on it."""

    form: Form
    support: str
    reasons: Sequence[str]

    @property
    def stopped(self) -> bool:
        return self.support != SUPPORTED

    @property
    def right(self) -> bool:
        return self.stopped != self.form.faithful


def judge(forms: Sequence[Form]) -> list[Judged]:
    """Every form through one run of the command."""
    asked = "".join(json.dumps(form.as_asked(), ensure_ascii=False) + "\n" for form in forms)
    command = [sys.executable, "-m", "bot", "verify", "--jsonl"]
    done = subprocess.run(command, input=asked, capture_output=True, text=True, encoding="utf-8", check=False)
    verdicts: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.split("\n") if line]
    if done.returncode != 0 or len(verdicts) != len(forms):
        sys.exit(f"`footnote verify --jsonl` answered {len(verdicts)} of {len(forms)} lines.\n{done.stderr}")
    return [
        Judged(form=form, support=verdict["support"], reasons=verdict["reasons"])
        for form, verdict in zip(forms, verdicts, strict=True)
    ]


def print_table(judged: Mapping[str, Sequence[Judged]]) -> None:
    """Markdown: a row a kind, a column a set of claims."""
    print(f"| not supported | {' | '.join(judged)} |")
    print(f"|---|{'---|' * len(judged)}")
    for kinds, name in ((CORRUPTED, "detection"), (FAITHFUL, "false alarms")):
        rows = {kind: [stopped(items, [kind]) for items in judged.values()] for kind in kinds}
        for kind, cells in rows.items():
            if any(total for _, total in cells):
                print(f"| {kind} | {' | '.join(map(shown, cells))} |")
        totals = [stopped(items, kinds) for items in judged.values()]
        if all(total for _, total in totals):
            print(f"| **{name}, all forms** | {' | '.join(f'**{shown(cell)}**' for cell in totals)} |")
            means = [
                statistics.mean(cells[at][0] / cells[at][1] for cells in rows.values() if cells[at][1])
                for at in range(len(judged))
            ]
            print(f"| **{name}, mean of the kinds** | {' | '.join(f'**{mean:.1%}**' for mean in means)} |")


def stopped(items: Sequence[Judged], kinds: Sequence[str]) -> tuple[int, int]:
    chosen = [item for item in items if item.form.kind in kinds]
    return sum(item.stopped for item in chosen), len(chosen)


def shown(cell: tuple[int, int]) -> str:
    count, total = cell
    return f"{count / total:.1%} ({count}/{total})" if total else "–"


def print_misses(items: Sequence[Judged], count: int) -> None:
    """Up to `count` of each kind: the claim, what it cites and quotes, and why it was stopped."""
    for kind in KINDS:
        missed = [item for item in items if item.form.kind == kind and not item.right]
        for item in missed[:count]:
            form = item.form
            cited = " ".join(passage.text for passage in form.passages if passage.id in form.citations)
            print(f"\n{form.id} ({form.document}): {item.support}\n  claim: {form.claim}")
            print(f"  cited {', '.join(form.citations)}: {cited or 'not among the passages'}")
            print("".join(f"  quoted: {quotation}\n" for quotation in form.quotations), end="")
            print(f"  reasons: {' '.join(item.reasons) or 'none'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="the folder with the abstracts of pubmedqa and scifact")
    parser.add_argument("--half", choices=HALVES, help="only one half of the documents")
    parser.add_argument("--kind", choices=KINDS, action="append", help="only this kind; may be given several times")
    parser.add_argument("--misses", type=int, default=0, metavar="N", help="show up to N wrong verdicts of each kind")
    parser.add_argument("--remake", action="store_true", help="write the forms of today's library, and measure nothing")
    given = parser.parse_args()
    glossary = load_glossary(shipped("knowledge") / "glossary.yaml")
    if given.remake:
        forms = thinned(make_forms(read_shipped(), glossary))
        write_forms(forms)
        print(f"{len(forms)} forms of {len({form.document for form in forms})} documents written.")
        return
    sets = {"library": read_forms()}
    if given.data:
        sets["abstracts"] = make_forms(read_abstracts(given.data, ABSTRACTS), glossary)
    chosen = {
        name: [f for f in forms if given.half in {None, f.half} and (not given.kind or f.kind in given.kind)]
        for name, forms in sets.items()
    }
    verdicts = judge([form for forms in chosen.values() for form in forms])
    judged: dict[str, list[Judged]] = {}
    for name, forms in chosen.items():
        judged[name], verdicts = verdicts[: len(forms)], verdicts[len(forms) :]
    print_table(judged)
    if given.misses:
        print_misses([item for items in judged.values() for item in items], given.misses)


if __name__ == "__main__":
    main()
