"""The numbers and the gaps as one HTML page that needs nothing else: no script, no network."""

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape

from bot.evaluation.gaps import Gap
from bot.evaluation.stats import Counts, Stats

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .6rem; border-top: 1px solid #ccc; }
svg { width: 100%; height: auto; } .bar { fill: #2f6f8f; } text { font: 14px system-ui, sans-serif; fill: #1a1a1a; }
"""
ROW, LABELS, WIDTH, CHARACTERS = 26, 380, 900, 52
"""Of a plot: height of a row, width of the labels and of all of it in pixels; letters of a label."""
MOST_ROWS = 40


def write_page(stats: Stats, gaps: Sequence[Gap], today: date) -> str:
    """The whole page."""
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            f"<title>The library on {today}</title>\n<style>{STYLE}</style>\n</head>\n<body>",
            f"<h1>The library on {today}</h1>",
            f"<p>{stats.documents} documents, {stats.passages} passages.</p>",
            *_plots(stats),
            *_never_cited(stats),
            *_gaps(gaps),
            "</body>\n</html>\n",
        ]
    )


def draw_bars(title: str, counts: Counts) -> str:
    """Horizontal bars with their labels and numbers, as SVG."""
    most = max((count for _, count in counts), default=1)
    lines = [
        f'<svg viewBox="0 0 {WIDTH} {ROW * len(counts)}" role="img" aria-label="{escape(title)}">',
    ]
    for row, (label, count) in enumerate(counts):
        short = label if len(label) <= CHARACTERS else f"{label[: CHARACTERS - 1]}…"
        width = round((WIDTH - LABELS - 60) * count / most)
        top = row * ROW
        lines += [
            f"<g><title>{escape(label)}: {count}</title>",
            f'<text x="{LABELS - 10}" y="{top + 18}" text-anchor="end">{escape(short)}</text>',
            f'<rect class="bar" x="{LABELS}" y="{top + 4}" width="{width}" height="{ROW - 8}"/>',
            f'<text x="{LABELS + width + 8}" y="{top + 18}">{count}</text></g>',
        ]
    return "\n".join([*lines, "</svg>"])


def _plots(stats: Stats) -> Iterator[str]:
    plots = (
        ("Documents by kind", stats.kinds),
        ("Documents by review status", stats.statuses),
        ("Documents by age", stats.ages),
        ("Documents by level of evidence (Oxford 2011)", stats.levels),
        ("Answers that cite a document", stats.citations[:MOST_ROWS]),
    )
    for title, counts in plots:
        yield f"<h2>{escape(title)}</h2>"
        yield draw_bars(title, counts) if counts else "<p>None yet.</p>"


def _never_cited(stats: Stats) -> Iterator[str]:
    yield "<h2>Documents that no answer has cited</h2>\n<ul>"
    yield from (f"<li>{escape(title)}</li>" for title in stats.never_cited)
    yield "</ul>"


def _gaps(gaps: Sequence[Gap]) -> Iterator[str]:
    yield "<h2>Questions without an answer</h2>"
    if not gaps:
        yield "<p>None.</p>"
        return
    yield draw_bars("Questions without an answer", tuple((gap.question, gap.count) for gap in gaps[:MOST_ROWS]))
    yield "<table>\n<tr><th>Question</th><th>Asked</th><th>Last</th><th>Closest documents</th></tr>"
    for gap in gaps:
        others = "".join(f"<br><small>{escape(other)}</small>" for other in gap.others)
        near = "<br>".join(map(escape, gap.nearest))
        yield (
            f"<tr><td>{escape(gap.question)}{others}</td><td>{gap.count}</td>"
            f"<td>{gap.last_asked.date()}</td><td>{near}</td></tr>"
        )
    yield "</table>"
