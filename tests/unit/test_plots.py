"""The plots of the benchmarks."""

import itertools
import re
from xml.etree import ElementTree as ET

import pytest

from tests.benchmarks.plots import HEIGHT, LEFT, LINE, RIGHT, TOP, WIDTH, Axis, Series, draw

SVG = "{http://www.w3.org/2000/svg}"
SIZES = Axis(label="passages", is_log=True)
TIME = Axis(label="ms")


def circles(svg: str) -> list[tuple[float, float]]:
    found = ET.fromstring(svg).iter(f"{SVG}circle")
    return [(float(one.attrib["cx"]), float(one.attrib["cy"])) for one in found]


def test_tenfold_steps_are_equally_far_apart_on_a_logarithmic_axis() -> None:
    svg = draw("t", SIZES, TIME, [Series(name="p50", points=[(100, 1), (1000, 1), (10_000, 1)])])
    (first, _), (second, _), (third, _) = circles(svg)
    assert first == LEFT
    assert third == WIDTH - RIGHT
    assert second - first == pytest.approx(third - second, abs=0.2)


def test_a_greater_value_stands_higher_and_all_stand_inside() -> None:
    svg = draw("t", SIZES, TIME, [Series(name="p50", points=[(10, 3), (100, 7.5), (1000, 149)])], limit=150)
    heights = [y for _, y in circles(svg)]
    assert heights == sorted(heights, reverse=True)
    assert all(TOP <= y <= HEIGHT for y in heights)
    assert "at most 150" in svg


def test_names_of_lines_that_meet_dont_overlap() -> None:
    series = [Series(name=name, points=[(10, 0), (100, 0)]) for name in ("p50", "p95", "p99")]
    written = ET.fromstring(draw("t", SIZES, TIME, series)).iter(f"{SVG}text")
    levels = sorted(float(one.attrib["y"]) for one in written if one.text in {"p50", "p95", "p99"})
    assert all(b - a >= LINE for a, b in itertools.pairwise(levels))


def test_what_is_written_is_escaped_and_every_point_tells_its_value() -> None:
    svg = draw("a < b & c", SIZES, TIME, [Series(name="<x>", points=[(100_000, 12.34)])])
    told = [one.text for one in ET.fromstring(svg).iter(f"{SVG}title")]
    assert told == ["<x>: 12.3 at 100,000"]


def test_it_is_readable_on_dark_pages_and_its_axes_are_labelled() -> None:
    svg = draw("t", SIZES, TIME, [Series(name="p50", points=[(1, 1)])])
    assert "prefers-color-scheme:dark" in re.sub(r"\s", "", svg)
    assert {"passages", "ms"} <= {one.text for one in ET.fromstring(svg).iter(f"{SVG}text")}


def test_what_cant_be_drawn_is_said() -> None:
    with pytest.raises(ValueError, match="at least one point"):
        draw("t", SIZES, TIME, [])
    with pytest.raises(ValueError, match="passages"):
        draw("t", SIZES, TIME, [Series(name="p50", points=[(0, 1)])])
