"""The conversation in the README is what the shipped library says today."""

import asyncio

from tests.tools.readme import README, USE, converse, tell_use, with_conversation, with_part


def test_the_readme_shows_a_real_conversation() -> None:
    readme = README.read_text(encoding="utf-8")
    expected = with_conversation(readme, asyncio.run(converse()))
    assert readme == expected, "run `python -m tests.tools.readme`"


def test_the_readme_tells_the_intended_use_and_the_figures_that_were_measured() -> None:
    readme = README.read_text(encoding="utf-8")
    assert readme == with_part(readme, USE, tell_use()), "run `python -m tests.tools.readme`"
