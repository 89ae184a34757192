"""The conversation in the README is what the shipped library says today."""

import asyncio

from tests.tools.readme import README, converse, with_conversation


def test_the_readme_shows_a_real_conversation() -> None:
    readme = README.read_text(encoding="utf-8")
    expected = with_conversation(readme, asyncio.run(converse()))
    assert readme == expected, "run `python -m tests.tools.readme`"
