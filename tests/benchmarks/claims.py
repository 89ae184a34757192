"""The gate against public claims: `python -m tests.benchmarks.claims --data FOLDER`.

FOLDER holds `scifact/claims_train.jsonl` ({claim, doc, evidence, label: SUPPORT | CONTRADICT | NEI}), each claim with a
whole abstract. Printed: how many of each label the shipped gate lets pass, its balanced accuracy (SUPPORT against the
rest), the same cross-validated by document (the coefficients fitted anew without the documents that are judged), and
what one claim costs. `--list CONTRADICT` shows the claims of a label that were judged wrongly; `--fit` prints
coefficients fitted on all of them. Cross-validation doesn't undo that the signals were chosen on these very claims.
"""

import argparse
import json
import statistics
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.answering import exactness, likelihood, quantities, tokens, verify
from bot.answering.checks import CHECKS
from bot.answering.exactness import check_exactness, check_tail
from bot.answering.synonyms import opposites
from bot.answering.verify import Evidence, compare_claim, verify_claim
from bot.domain import text
from bot.domain.answers import SupportLabel
from bot.domain.glossary import Glossary
from tests.benchmarks.edits.forms import read_forms
from tests.benchmarks.retrieval import lines_of, quantile, read_glossary

LABELS = ("SUPPORT", "CONTRADICT", "NEI")
FOLDS, SEEDS = 10, 5
RIDGE = 10.0
TURNED = {"SUPPORT": (0.0, 0.4), "CONTRADICT": (1.0, 0.2)}
"""By label: what a claim turned into its opposite counts as, and its weight beside a real one."""
Vector = NDArray[np.float64]
ANOTHER = "Another claim was made of this before."


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A claim with its signals, those of its opposite, and whether a rule of the gate has decided already."""

    claim: str
    document: str
    label: str
    signals: tuple[float, ...]
    opposite: tuple[float, ...] | None
    stopped: bool
    quoting: bool


def turn_round(claim: str) -> str | None:
    """The claim with its first direction or negation turned; None where that can't be done by a word."""
    said = claim.split()
    for at, word in enumerate(said):
        if word == "not":
            return " ".join([*said[:at], *said[at + 1 :]])
        if other := min(opposites().get(word, ()), default=""):
            return " ".join([*said[:at], other, *said[at + 1 :]])
    for at, word in enumerate(said):
        if word in {"is", "are", "was", "were", "has", "can"}:
            return " ".join([*said[: at + 1], "not", *said[at + 1 :]])
    return None


def judge(line: Mapping[str, str], glossary: Glossary) -> Judged:
    evidence = [Evidence(id="E1", text=line["evidence"])]
    compared = compare_claim(line["claim"], evidence, glossary)
    stopped = any(check(compared) for check in (*CHECKS, check_tail))
    free = likelihood.holds_too_little(compared) or likelihood.denies_alone(compared) is not None
    judged = check_exactness(compared) is not None if compared.quoting else free
    opposite = turn_round(line["claim"])
    turned = None if opposite is None else likelihood.measure(compare_claim(opposite, evidence, glossary))
    return Judged(
        claim=line["claim"],
        document=line["doc"],
        label=line["label"],
        signals=tuple(likelihood.measure(compared).values()),
        opposite=None if turned is None else tuple(turned.values()),
        stopped=stopped or judged,
        quoting=compared.quoting,
    )


def fit(signals: Vector, wanted: Vector, weights: Vector) -> Vector:
    """Bias and coefficients of a ridge logistic regression, by Newton's method."""
    design = np.c_[np.ones(len(signals)), signals]
    ridge = np.eye(design.shape[1]) * RIDGE
    ridge[0, 0] = 0.0
    found = np.zeros(design.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-design @ found))
        gradient = design.T @ (weights * (chance - wanted)) + ridge @ found
        found -= np.linalg.solve((design * (weights * chance * (1 - chance))[:, None]).T @ design + ridge, gradient)
    return found


def learn(claims: Sequence[Judged]) -> tuple[Vector, float]:
    """Bias and coefficients for raw signals, and the floor that serves the whole gate best."""
    rows = np.array([claim.signals for claim in claims])
    wanted = np.array([float(claim.label == "SUPPORT") for claim in claims])
    weights = np.where(wanted == 1, 0.5 / wanted.mean(), 0.5 / (1 - wanted.mean()))
    turned = [(c.opposite, *TURNED[c.label]) for c in claims if c.opposite is not None and c.label in TURNED]
    middle, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    found = fit(
        (np.r_[rows, np.array([signals for signals, _, _ in turned])] - middle) / spread,
        np.r_[wanted, [label for _, label, _ in turned]],
        np.r_[weights, [weight for _, _, weight in turned]],
    )
    slopes = found[1:] / spread
    model = np.r_[found[0] - slopes @ middle, slopes]
    odds = model[0] + rows @ slopes
    floors = np.quantile(odds, np.linspace(0.2, 0.9, 71))
    gains = np.array([balanced(claims, passes(claims, odds, floor)) for floor in floors])
    smooth = np.convolve(np.pad(gains, 4, mode="edge"), np.ones(9) / 9, "valid")
    return model, float(floors[int(smooth.argmax())])


def passes(claims: Sequence[Judged], odds: Vector, floor: float) -> NDArray[np.bool_]:
    """Which claims the gate lets pass with these odds: rules first, the model for those that don't quote."""
    free = np.array([not claim.stopped for claim in claims])
    quoting = np.array([claim.quoting for claim in claims])
    return free & (quoting | (odds >= floor))


def balanced(claims: Sequence[Judged], passed: NDArray[np.bool_]) -> float:
    true = np.array([claim.label == "SUPPORT" for claim in claims])
    return float(passed[true].mean() + (~passed[~true]).mean()) / 2


def cross_validate(claims: Sequence[Judged]) -> tuple[float, float, Mapping[str, float]]:
    """Mean and spread of the balanced accuracy over the seeds, and the share that passes by label."""
    documents = sorted({claim.document for claim in claims})
    accuracies = []
    shares: Counter[str] = Counter()
    for seed in range(SEEDS):
        order = np.random.default_rng(seed).permutation(len(documents))
        fold = {documents[index]: place % FOLDS for place, index in enumerate(order)}
        passed = np.zeros(len(claims), dtype=bool)
        for number in range(FOLDS):
            model, floor = learn([claim for claim in claims if fold[claim.document] != number])
            here = [index for index, claim in enumerate(claims) if fold[claim.document] == number]
            held_out = [claims[index] for index in here]
            odds = model[0] + np.array([claim.signals for claim in held_out]) @ model[1:]
            passed[here] = passes(held_out, odds, floor)
        accuracies.append(balanced(claims, passed))
        shares.update(claim.label for claim, passes_ in zip(claims, passed, strict=True) if passes_)
    sizes = Counter(claim.label for claim in claims)
    return (
        statistics.mean(accuracies),
        statistics.stdev(accuracies),
        {label: shares[label] / SEEDS / sizes[label] for label in LABELS},
    )


def forget() -> None:
    """What was kept of texts; what is kept of single words stays, as in service."""
    for kept in (
        tokens.read_tokens,
        verify.read_passages,
        verify.all_in,
        exactness.words_in_row,
        text.fold,
        quantities.find_frequencies,
        quantities.read_quantities,
        Glossary.mentions,
    ):
        kept.cache_clear()


def print_gate(lines: Sequence[Mapping[str, str]], glossary: Glossary, listed: str) -> None:
    """The shipped gate: verdict by label, and what a claim costs."""
    seconds, again, found = [], [], Counter[tuple[str, str]]()
    for line in lines:
        evidence = [Evidence(id="E1", text=line["evidence"])]
        forget()
        started = time.thread_time()
        verdict = verify_claim(line["claim"], evidence, glossary)
        seconds.append(time.thread_time() - started)
        forget()
        compare_claim(ANOTHER, evidence, glossary)
        started = time.thread_time()
        verify_claim(line["claim"], evidence, glossary)
        again.append(time.thread_time() - started)
        found[line["label"], verdict.support.value] += 1
        if line["label"] == listed and (verdict.support is SupportLabel.SUPPORTED) != (listed == "SUPPORT"):
            print(f"- {line['claim']}\n  {verdict.support.value}: {' '.join(verdict.reasons)}")
    print(f"| shipped gate | {' | '.join(SupportLabel)} |\n|---|---|---|---|")
    for label in LABELS:
        print(f"| {label} | {' | '.join(str(found[label, support.value]) for support in SupportLabel)} |")
    sizes = Counter(line["label"] for line in lines)
    true = found["SUPPORT", "SUPPORTED"] / sizes["SUPPORT"]
    false = sum(found[label, "SUPPORTED"] for label in LABELS[1:]) / (len(lines) - sizes["SUPPORT"])
    print(f"\nBalanced accuracy, the claims that it was fitted on: {(true + 1 - false) / 2:.3f}")
    print(
        f"A claim on a whole abstract costs {cost(seconds)}, the abstract read before {cost(again)} of processor time."
    )


def print_cost_on_passages(glossary: Glossary) -> None:
    """What a claim costs on the passages of the library that it cites, nothing remembered from another claim."""
    seconds: list[float] = []
    for form in read_forms():
        passages = [Evidence(id=p.id, text=p.text) for p in form.passages if p.id in form.citations]
        if not passages:
            continue
        forget()
        started = time.thread_time()
        verify_claim(form.claim, passages, glossary, form.quotations)
        seconds.append(time.thread_time() - started)
    print(f"A claim on the library's passages costs {cost(seconds)} ({len(seconds)} claims).")


def cost(seconds: Sequence[float]) -> str:
    """Median and 95th percentile."""
    return f"p50 {quantile(seconds, 0.5):.2f} ms, p95 {quantile(seconds, 0.95):.2f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds the sets")
    parser.add_argument("--list", choices=LABELS, default="", help="show the claims of this label judged wrongly")
    parser.add_argument("--fit", action="store_true", help="print coefficients fitted on all claims")
    given = parser.parse_args()
    lines = list(lines_of(given.data / "scifact" / "claims_train.jsonl"))
    glossary = read_glossary()
    print_gate(lines, glossary, given.list)
    print_cost_on_passages(glossary)
    claims = [judge(line, glossary) for line in lines]
    mean, spread, shares = cross_validate(claims)
    print(f"\nCross-validated by document, {FOLDS} folds, {SEEDS} seeds: {mean:.3f} ± {spread:.3f}; passing:")
    print(", ".join(f"{label} {share:.1%}" for label, share in shares.items()))
    if given.fit:
        model, floor = learn(claims)
        names = likelihood.measure(
            compare_claim(lines[0]["claim"], [Evidence(id="", text=lines[0]["evidence"])], glossary)
        )
        print(json.dumps({"BIAS": round(model[0], 3), "FLOOR": round(floor, 3)}))
        print(json.dumps(dict(zip(names, (round(float(value), 3) for value in model[1:]), strict=True)), indent=4))


if __name__ == "__main__":
    main()
