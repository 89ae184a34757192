"""A run as one HTML page that needs nothing else: no script, no network."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from difflib import SequenceMatcher
from html import escape

from bot.evaluation.metrics import BY_NAME, METRICS, Metric
from bot.evaluation.outcome import Change, Result, said
from bot.evaluation.plots import draw_difference, draw_estimate
from bot.evaluation.records import Record
from bot.prompts.comparing import TOKEN

STYLE = """
:root { --ink: #1d2327; --soft: #5c666d; --line: #d9dee1; --paper: #fff; --wash: #f5f7f8; --a: #7a868d; --b: #1f6f8b;
  --good: #2c7a4b; --bad: #b3372b; --ins: #d8efdf; --del: #f7dcd8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ea; --soft: #9aa5ab; --line: #39424a; --paper: #15191c;
  --wash: #1d2327; --a: #93a0a7; --b: #6cbad3; --good: #74c795; --bad: #ee8a7e; --ins: #1f4630; --del: #55271f; } }
* { box-sizing: border-box; }
body { font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 76rem;
  margin: 0 auto; padding: 2.5rem 1.25rem 5rem; }
h1 { font-size: 1.7rem; font-weight: 600; margin: 0 0 .25rem; } h2 { font-size: 1.2rem; margin: 2.75rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; } p { max-width: 46rem; } .soft, small { color: var(--soft); }
.verdict { font-size: 1.15rem; padding: .8rem 1.1rem; border-left: 4px solid var(--line); background: var(--wash); }
.verdict.worse { border-color: var(--bad); } .verdict.better { border-color: var(--good); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } th { font-weight: 600; font-size: .85rem; color: var(--soft); }
th, td { text-align: left; vertical-align: middle; padding: .45rem .8rem .45rem 0; border-top: 1px solid var(--line); }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td small { display: block; max-width: 24rem; line-height: 1.35; }
td:first-child { min-width: 15rem; } .word { white-space: nowrap; }
svg { width: 170px; height: 16px; display: block; } svg line { stroke-width: 2; stroke-linecap: round; }
.axis { stroke: var(--line); } .side0 line { stroke: var(--a); } .side0 circle { fill: var(--a); }
.side1 line, .higher line, .lower line { stroke: var(--b); } .side1 circle,
.higher circle, .lower circle { fill: var(--b); }
.no-difference line { stroke: var(--a); } .no-difference circle { fill: var(--a); }
.worse line { stroke: var(--bad); } .worse circle { fill: var(--bad); }
.better line { stroke: var(--good); } .better circle { fill: var(--good); }
.word-worse { color: var(--bad); font-weight: 600; } .word-better { color: var(--good); font-weight: 600; }
article { border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.2rem; margin: 1rem 0; }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem; margin-top: .6rem; }
@media (max-width: 48rem) { .two { grid-template-columns: 1fr; } }
.two > div { min-width: 0; overflow-wrap: anywhere; } .two p { margin: .35rem 0; }
ins { background: var(--ins); text-decoration: none; } del { background: var(--del); }
ul.why { margin: .6rem 0 0; padding-left: 1.1rem; font-size: .92rem; }
blockquote { margin: .2rem 0 0; color: var(--soft); }
a { color: var(--b); } dt { font-weight: 600; margin-top: .9rem; } dd { margin: 0; }
"""


def write_report(result: Result, about: Mapping[str, str], made: datetime) -> str:
    """The whole page. `about` tells in pairs what was run."""
    title = " against ".join(result.sides)
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            f"<title>Evaluation: {escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>",
            f"<h1>Evaluation: {escape(title)}</h1>",
            f'<p class="soft">{made:%Y-%m-%d %H:%M} UTC. {escape(_about(about))}</p>',
            *_verdict(result),
            *_metrics(result),
            *_audiences(result),
            *_judge(result),
            *(_changes(result) if result.differences else _short(result)),
            *_passages(result),
            "</body>\n</html>\n",
        ]
    )


def _about(about: Mapping[str, str]) -> str:
    return " ".join(f"{name}: {value}." for name, value in about.items())


def _verdict(result: Result) -> Iterator[str]:
    cases = len({record["case"] for record in result.records})
    if not result.differences:
        yield f'<p class="verdict">{cases} cases, {len(result.short)} of them fall short somewhere.</p>'
        return
    first, second = map(escape, result.sides)
    words = {
        "worse": f"<b>{second}</b> is worse than <b>{first}</b>",
        "better": f"<b>{second}</b> is better than <b>{first}</b>",
        "no difference": f"No difference is shown between <b>{first}</b> and <b>{second}</b>",
    }
    told = {
        word: ", ".join(BY_NAME[one.metric].title for one in result.differences if one.verdict == word)
        for word in ("worse", "better")
    }
    in_what = f" ({escape(told[result.verdict])})" if result.verdict in told else ""
    if result.verdict == "worse" and told["better"]:
        in_what += f", though better in some ({escape(told['better'])})"
    yield (
        f'<p class="verdict {result.verdict.replace(" ", "-")}">{words[result.verdict]}{in_what}. {cases} cases, '
        f"{len(result.changes)} with another reply or score.</p>"
    )


def _metrics(result: Result) -> Iterator[str]:
    yield "<h2>Scores</h2>"
    yield (
        '<p class="soft">Means over the cases that a metric applies to, with 95 % intervals (bootstrap by case). A '
        "difference counts only where its interval leaves out zero; those of the metrics that decide hold all "
        "together, at 99 %.</p>"
    )
    heads = "".join(f'<th class="n">{escape(side)}</th>' for side in result.sides)
    more = '<th class="n">Difference</th><th></th><th></th>' if result.differences else ""
    yield f'<div class="scroll"><table>\n<tr><th>Metric</th>{heads}<th></th>{more}<th class="n">Cases</th></tr>'
    differences = {one.metric: one for one in result.differences}
    for metric in METRICS:
        sides = [
            (side, result.estimates[side][metric.name])
            for side in result.sides
            if metric.name in result.estimates[side]
        ]
        if sides:
            yield _row(metric, result, differences)
    yield "</table></div>"


def _row(metric: Metric, result: Result, differences: Mapping[str, object]) -> str:
    from bot.evaluation.intervals import Difference

    found = [(side, result.estimates[side].get(metric.name)) for side in result.sides]
    cells = "".join(
        f'<td class="n">{one.mean:.{metric.digits}f}</td>' if one else '<td class="n">–</td>' for _, one in found
    )
    plot = draw_estimate(metric, [(side, one) for side, one in found if one])
    more, cases = "", max((one.cases for _, one in found if one), default=0)
    if result.differences:
        one = differences.get(metric.name)
        if isinstance(one, Difference):
            word = one.verdict
            more = (
                f'<td class="n">{one.mean:+.{metric.digits}f}</td><td>{draw_difference(metric, one)}</td>'
                f'<td class="word word-{word.replace(" ", "-")}">{word}</td>'
            )
            cases = one.cases
        else:
            more = "<td></td><td></td><td></td>"
    name = f"{escape(metric.title)}<small>{escape(metric.says)}</small>"
    return f'<tr><td>{name}</td>{cells}<td>{plot}</td>{more}<td class="n">{cases}</td></tr>'


def _audiences(result: Result) -> Iterator[str]:
    """How hard the answers are to read, for whom they were written."""
    grades: dict[tuple[str, str], list[float]] = {}
    for record in result.records:
        for score in record["scores"]:
            if score["metric"] == "reading_grade":
                grades.setdefault((record["audience"], record["side"]), []).append(score["value"])
    readers = sorted({reader for reader, _ in grades})
    if not readers:
        return
    yield "<h2>Reading grade by reader</h2>"
    heads = "".join(f'<th class="n">{escape(side)}</th>' for side in result.sides)
    yield f'<div class="scroll"><table>\n<tr><th>Reader</th>{heads}<th class="n">Answers</th></tr>'
    for reader in readers:
        own = [grades.get((reader, side), []) for side in result.sides]
        cells = "".join(
            f'<td class="n">{sum(one) / len(one):.1f}</td>' if one else '<td class="n">–</td>' for one in own
        )
        yield f'<tr><td>{escape(reader)}</td>{cells}<td class="n">{len(own[-1])}</td></tr>'
    yield "</table></div>"


def _judge(result: Result) -> Iterator[str]:
    told = result.judgement
    if told is None:
        return
    kappa = "not defined, since one of them always said the same" if told.kappa is None else f"{told.kappa:.2f}"
    yield "<h2>A second model's word</h2>"
    yield (
        f"<p>{escape(told.model)} read {told.claims} claims beside their passages. It said the same as the gate of "
        f"{told.agreement:.0%} of them (Cohen's kappa: {kappa}). It supported {told.only_judge} that the gate "
        f"withheld, and objected to {told.only_gate} that the gate let pass. Its word changes no score.</p>"
    )


def _changes(result: Result) -> Iterator[str]:
    yield f"<h2>Cases that changed ({len(result.changes)}), worst first</h2>"
    if not result.changes:
        yield "<p>None.</p>"
    for change in result.changes:
        yield _article(change, result.sides)


def _article(change: Change, sides: Sequence[str]) -> str:
    before, after = change.before, change.after
    old, new = mark(said(before), said(after))
    reasons = []
    for name in change.metrics:
        told = [_score(record, name) for record in (before, after)]
        reasons.append(f"<li>{escape(BY_NAME[name].title)}: {told[0]} → {told[1]}</li>")
    columns = "".join(
        f"<div><small>{escape(side)}: {escape(record['reply']['kind'])}</small>{_lines(text)}{_cited(record)}</div>"
        for side, record, text in zip(sides, (before, after), (old, new), strict=True)
    )
    return (
        f'<article id="{escape(before["case"])}"><h3>{escape(before["case"])}</h3>{_asked(before)}'
        f'<div class="two">{columns}</div><ul class="why">{"".join(reasons)}</ul></article>'
    )


def _short(result: Result) -> Iterator[str]:
    yield f"<h2>Cases that fall short ({len(result.short)}), worst first</h2>"
    for record in result.short:
        reasons = "".join(
            f"<li>{escape(BY_NAME[score['metric']].title)}: {_score(record, score['metric'])}</li>"
            for score in record["scores"]
            if BY_NAME[score["metric"]].better and score["value"] < 1
        )
        yield (
            f'<article id="{escape(record["case"])}"><h3>{escape(record["case"])}</h3>{_asked(record)}'
            f"<small>{escape(record['reply']['kind'])}</small>{_lines(escape(said(record)))}{_cited(record)}"
            f'<ul class="why">{reasons}</ul></article>'
        )


def _asked(record: Record) -> str:
    talk = " → ".join(f"“{escape(text)}”" for text in record["conversation"])
    return f'<p class="soft">{escape(record["kind"])}, for {escape(record["audience"])}: {talk}</p>'


def _lines(text: str) -> str:
    return "".join(f"<p>{line}</p>" for line in text.split("\n") if line)


def _cited(record: Record) -> str:
    links = ", ".join(
        f'<a href="#{_anchor(one)}">{escape(one["document"])}</a>' for one in record["reply"]["citations"]
    )
    return f"<small>Cites {links}</small>" if links else ""


def _score(record: Record, name: str) -> str:
    score = next((score for score in record["scores"] if score["metric"] == name), None)
    if score is None:
        return "–"
    reason = f" ({escape(score['reason'])})" if score["reason"] else ""
    return f"{score['value']:.{BY_NAME[name].digits}f}{reason}"


def _passages(result: Result) -> Iterator[str]:
    """The quotations that the cases above link to."""
    shown: list[Record] = [record for change in result.changes for record in (change.before, change.after)]
    shown = shown if result.differences else list(result.short)
    quoted = {_anchor(one): one for record in shown for one in record["reply"]["citations"]}
    if not quoted:
        return
    yield "<h2>Passages</h2>\n<dl>"
    for anchor, one in quoted.items():
        yield (
            f'<dt id="{anchor}">{escape(one["title"])}</dt>'
            f"<dd><small>{escape(one['path'])}, {escape(one['locator'])}</small>"
            f"<blockquote>“{escape(one['quote'])}”</blockquote></dd>"
        )
    yield "</dl>"


def _anchor(citation: Mapping[str, str]) -> str:
    import hashlib

    told = f"{citation['passage']} {citation['quote']}"
    return f"p{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def mark(old: str, new: str) -> tuple[str, str]:
    """Both texts as HTML, what only one of them says marked word by word."""
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    left, right = [], []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = "".join(before[a:b]), "".join(after[c:d])
        left.append(escape(gone) if tag == "equal" else _wrapped("del", gone))
        right.append(escape(come) if tag == "equal" else _wrapped("ins", come))
    return "".join(left), "".join(right)


def _wrapped(tag: str, text: str) -> str:
    """Marked line by line, since a line becomes a paragraph."""
    return "\n".join(f"<{tag}>{escape(line)}</{tag}>" if line.strip() else line for line in text.split("\n"))
