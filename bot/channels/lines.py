"""JSON lines: one object per line of standard input, one per line of standard output."""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any


def read_lines(required: str) -> Iterator[dict[str, Any]]:
    """Each line that is an object with the text `required`; for any other, its error is written instead."""
    for raw in sys.stdin.buffer:
        try:
            line = json.loads(raw.decode("utf-8"))
        except (ValueError, RecursionError):
            write_line({"error": "This line isn't valid JSON."})
            continue
        if not isinstance(line, dict) or not isinstance(line.get(required), str):
            write_line({"error": f'This line lacks "{required}", a text.'})
            continue
        yield line


def answer_each_line(required: str, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Write an answer to each line; one that can't be answered gets an error, and the next is answered."""
    for line in read_lines(required):
        try:
            write_line(answer(line))
        except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError) as error:
            write_line({"error": f"This line can't be used: {error}."})


def write_line(value: dict[str, Any]) -> None:
    """Write an object as a line, at once."""
    # Half of a surrogate pair is valid JSON, yet no text that can be written.
    print(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8"), flush=True)
