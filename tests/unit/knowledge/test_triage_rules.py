"""The curators' triage file: what a red flag says is read with its rule, and a fault is told with its place."""

from pathlib import Path

import pytest

from bot.answering.triage import RedFlagAdvice, TriageLevel, triage
from bot.domain.errors import ConfigurationError
from bot.knowledge.triage import load_triage

RULE = """
rules:
  - id: rash
    level: same_day
    why: An example.
{say}    groups:
      - - 'new rash'
"""
SAY = """    say:
      family: "Call the team today."
      clinician: "See the child today."
"""


def written(folder: Path, say: str) -> Path:
    path = folder / "triage.yaml"
    path.write_text(RULE.format(say=say), encoding="utf-8")
    return path


def test_what_a_red_flag_says_to_families_and_clinicians_is_read_with_its_rule(tmp_path: Path) -> None:
    (rule,) = load_triage(written(tmp_path, SAY)).rules
    assert rule.say == RedFlagAdvice(family="Call the team today.", clinician="See the child today.")


def test_a_rule_may_say_nothing_and_fires_all_the_same(tmp_path: Path) -> None:
    silent, telling = load_triage(written(tmp_path, "")), load_triage(written(tmp_path, SAY))
    assert silent.rules[0].say is None
    for rules in (silent, telling):
        assert triage("She has a new rash", rules).is_(TriageLevel.SAME_DAY)


@pytest.mark.parametrize("missing", ["family", "clinician"])
def test_a_red_flag_that_speaks_to_one_reader_only_is_refused_with_its_place(tmp_path: Path, missing: str) -> None:
    partial = "\n".join(line for line in SAY.splitlines() if missing not in line) + "\n"
    with pytest.raises(ConfigurationError, match=rf"rules\.0\.say\.{missing}"):
        load_triage(written(tmp_path, partial))


@pytest.mark.parametrize("pattern", ["a{4294967296}", "(" * 3000 + "a" + ")" * 3000, "("])
def test_a_pattern_that_python_can_not_compile_is_told_with_its_line(tmp_path: Path, pattern: str) -> None:
    path = written(tmp_path, "")
    path.write_text(path.read_text(encoding="utf-8").replace("new rash", pattern), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"line 7: .* isn't a pattern"):
        load_triage(path)


def test_rules_that_are_nested_too_deeply_are_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "triage.yaml"
    path.write_text("rules: " + "[" * 3000, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="isn't valid YAML"):
        load_triage(path)
