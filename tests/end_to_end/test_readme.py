"""What the README shows and tells is what the program says today."""

import asyncio

from bot.settings import Settings
from tests.tools.readme import README, SETTINGS, USE, converse, tell_use, with_conversation, with_part
from tests.tools.settings_table import EXAMPLES, GROUPS, tell_settings


def test_the_readme_shows_a_real_conversation() -> None:
    readme = README.read_text(encoding="utf-8")
    expected = with_conversation(readme, asyncio.run(converse()))
    assert readme == expected, "run `python -m tests.tools.readme`"


def test_the_readme_tells_the_intended_use_and_the_figures_that_were_measured() -> None:
    readme = README.read_text(encoding="utf-8")
    assert readme == with_part(readme, USE, tell_use()), "run `python -m tests.tools.readme`"


def test_the_readme_tells_every_setting_as_the_program_knows_it() -> None:
    readme = README.read_text(encoding="utf-8")
    assert readme == with_part(readme, SETTINGS, tell_settings()), "run `python -m tests.tools.readme`"


def test_every_setting_has_a_group_and_an_example_that_is_taken_and_is_not_the_default() -> None:
    grouped = [name for names in GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(Settings.model_fields) == sorted(EXAMPLES)
    for name, example in EXAMPLES.items():
        if "`" in example:
            continue
        taken = Settings.model_validate({name: example})
        same = getattr(taken, name) == Settings.model_fields[name].get_default(call_default_factory=True)
        assert not same or name == "embeddings", f"the example of {name} is its default"
