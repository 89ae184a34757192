"""What language models write: lines of objects, in any pieces."""

import unicodedata
from collections.abc import Sequence
from contextlib import suppress

from bot.answering.proposals import LineReader, NotCovered, Proposal, read_object
from bot.conversation.model_contextualizer import read_rewrite
from tests.fuzz.target import Draw, Target, require, text_of
from tests.scripted_provider.composing import Line as Written
from tests.scripted_provider.faults import FAULTS

WRITTEN = (
    Written(role="bottom_line", text="It's {so} \\ “fine”.", sources=("bcdf",), quote="a “b” c"),
    Written(text="Rituximab helped 4 children.", sources=("bcdf", "ghjk"), quote="helped"),
)


def lines(data: bytes) -> None:
    """The same lines however the text is cut, nothing in them that can't be shown."""
    draw = Draw(data)
    cut = draw.number(65536)
    text = draw.rest()
    at = cut % (len(text) + 1)
    whole, pieces = LineReader(), LineReader()
    read = list(whole.feed(text))
    parts = [*pieces.feed(text[:at]), *pieces.feed(text[at:])]
    require(read == parts, "It makes no difference how the text was cut.")
    require(whole.broken == pieces.broken, "Nor for what is broken.")
    for line in read:
        if isinstance(line, Proposal):
            require(line.text == " ".join(line.text.split()) and line.text, "A claim is one line.")
            said = (line.text, *line.quotes, *line.sources)
        else:
            said = line.not_covered if isinstance(line, NotCovered) else ()
        for one in said:
            require(not {unicodedata.category(c)[0] for c in one} & {"C", "M"}, "Everything can be shown.")
            one.encode()
    found = read_object(text)
    require(found is None or isinstance(found, dict), "One object or nothing.")


REWRITES = (
    b'{"standalone": "What is the dose of rituximab?", "variants": ["a"], "keywords": []}',
    b"Sure:\n```json\n{'question': 'What is it?', 'keywords': ['a',],}\n```",
)


def rewrite(data: bytes) -> None:
    """A rewritten question, or a ValueError."""
    with suppress(ValueError):
        require(read_rewrite(text_of(data)).standalone.strip(), "A rewrite says something.")


def seeds() -> Sequence[bytes]:
    return [b"\x00\x20" + FAULTS[name](WRITTEN).encode("utf-8", "replace")[:3000] for name in sorted(FAULTS)]


FRAGMENTS = [
    part.encode()
    for part in (
        "{",
        "}",
        "[",
        "]",
        '"',
        "'",
        "\\",
        "\n",
        ":",
        ",",
        "<think>",
        "</think>",
        "```json",
        '"text"',
        '"claims": [',
        '"sources": ["bcdf"]',
        '{"text": "It helped."}',
        "{'text': 'It helped.'}",
        '{"no_answer": true}',
        '{"not_covered": ["age"]}',
        "{*a}",
        "{[1]: 2}",
        "0x",
        "1or",
        "\\m",
        "\x00",
        "\\ud83d",
        "\u202e",
        "\u0336",
        "9" * 5000,
        "((((",
        "None",
        "\\u0000",
        "1e999",
        "NaN",
        "b'a'",
        "f'{a}'",
        "-",
        "...",
        "0" * 50 + "j",
    )
]
TARGETS = (
    Target(name="model", promise="any model output is read alike in any pieces, and can be shown", run=lines,
    seeds=seeds,
           fragments=FRAGMENTS),
    Target(name="rewrite", promise="a rewritten question or a ValueError", run=rewrite, seeds=lambda: REWRITES,
           fragments=[*FRAGMENTS, b'"standalone": "abc"', b"[" * 3000, b'{"a":' * 2000, b",]", b"</think>"]),
)  # fmt: skip
