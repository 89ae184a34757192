"""The dashboard and the alerts ask for metrics that are there, by labels and words that they have."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser as promql
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.channels.status.metrics import (
    CALLED,
    KINDS,
    LEVELS,
    METHODS,
    OTHER,
    REFUSALS,
    ROLES,
    STAGES,
    WRITERS,
    Metrics,
)
from bot.domain.answers import SupportLabel
from bot.domain.inbox import ArrivalKind

FOLDER = Path(__file__).parents[4] / "bot" / "operations"
OF_THE_TARGET = {"job", "instance"}
OF_PROMETHEUS = {"up"}
WORDS: dict[tuple[str, str], set[str]] = {
    ("footnote_questions_total", "kind"): {*KINDS, OTHER},
    ("footnote_questions_total", "writer"): set(WRITERS),
    ("footnote_updates_total", "kind"): {kind.value for kind in ArrivalKind},
    ("footnote_gate_verdicts_total", "support"): {label.value for label in SupportLabel},
    ("footnote_model_calls_total", "role"): set(ROLES),
    ("footnote_model_calls_total", "outcome"): {*CALLED, OTHER},
    ("footnote_telegram_calls_total", "method"): {*METHODS, OTHER},
    ("footnote_telegram_calls_total", "outcome"): set(REFUSALS),
    ("footnote_log_records_total", "level"): set(LEVELS),
    ("footnote_stage_seconds_bucket", "stage"): {*STAGES, OTHER},
}


def samples() -> dict[str, set[str]]:
    """The labels of every series, by its name, when everything has happened once."""
    metrics = Metrics()
    metrics.runs(version="1", python="3", composer="extractive")
    metrics.called_telegram("sendMessage", "ok", 1.0)
    metrics.asked_model("writer", "ok", 1.0)
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(metrics.exposed().decode()):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def expressions() -> Iterator[tuple[str, str]]:
    """Every expression with the name of its panel or alert."""
    for group in yaml.safe_load((FOLDER / "alerts.yaml").read_text(encoding="utf-8"))["groups"]:
        for rule in group["rules"]:
            yield rule["alert"], rule["expr"]
    for panel in json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"].replace("$__rate_interval", "5m")


ASKED = list(expressions())
THERE = samples()


def faults(expression: str) -> list[str]:
    """What is wrong with an expression; PromQL that can't be read raises."""
    return [fault for part in _parts(promql.parse(expression)) for fault in _wrong(part)]


@pytest.mark.parametrize(("where", "expression"), ASKED, ids=[where for where, _ in ASKED])
def test_what_is_asked_for_is_there(where: str, expression: str) -> None:
    assert faults(expression) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "footnote_question_total",
        'footnote_questions_total{sort="answer"}',
        'footnote_questions_total{kind="answers"}',
        'footnote_model_calls_total{outcome!~"ok|slow"}',
        "sum by (kid) (footnote_questions_total)",
        "rate(footnote_inbox_depth[5m])",
    ],
)
def test_a_slip_would_be_found(wrong: str) -> None:
    assert faults(wrong)


def test_each_alert_says_what_is_wrong_and_where_to_look() -> None:
    rules = yaml.safe_load((FOLDER / "alerts.yaml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    assert len({rule["alert"] for rule in rules}) == len(rules)
    for rule in rules:
        assert set(rule["annotations"]) == {"summary", "description"}
        assert rule["labels"]["severity"] in {"info", "warning", "critical"}


def test_no_metric_of_ours_is_left_out_of_the_dashboard() -> None:
    shown = " ".join(expression for _, expression in ASKED)
    families = text_string_to_metric_families(Metrics().exposed().decode())
    ours = {family.name for family in families if family.name.startswith("footnote_")}
    assert {name for name in ours if name not in shown} == set()


def _parts(node: Any, around: str = "") -> Iterator[tuple[Any, str]]:
    """Every selector and every grouping below, with the function around it."""
    match node:
        case promql.VectorSelector():
            yield node, around
        case promql.MatrixSelector():
            yield from _parts(node.vector_selector, around)
        case promql.Call():
            for argument in node.args:
                yield from _parts(argument, node.func.name)
        case promql.AggregateExpr():
            yield node, around
            yield from _parts(node.expr)
        case promql.BinaryExpr():
            yield from _parts(node.lhs)
            yield from _parts(node.rhs)
        case promql.ParenExpr() | promql.UnaryExpr() | promql.SubqueryExpr():
            yield from _parts(node.expr, around)
        case _:
            """Numbers and texts name nothing."""


def _wrong(part: tuple[Any, str]) -> Iterator[str]:
    node, around = part
    if isinstance(node, promql.AggregateExpr):
        inner = [one for one, _ in _parts(node.expr) if isinstance(one, promql.VectorSelector)]
        for label in node.modifier.labels if node.modifier else ():
            if not all(label in THERE.get(one.name or "", set()) | OF_THE_TARGET for one in inner):
                yield f"no label {label} to sum by"
        return
    name = node.name or ""
    if name not in THERE:
        if name not in OF_PROMETHEUS:
            yield f"no metric {name}"
        return
    if around in {"rate", "increase"} and not name.endswith(("_total", "_bucket", "_sum", "_count")):
        yield f"{name} doesn't count"
    for matcher in node.matchers.matchers:
        if matcher.name not in THERE[name] | OF_THE_TARGET:
            yield f"{name} has no label {matcher.name}"
        elif (name, matcher.name) in WORDS and (odd := set(matcher.value.split("|")) - WORDS[name, matcher.name]):
            yield f"{name} never has {sorted(odd)} for {matcher.name}"
