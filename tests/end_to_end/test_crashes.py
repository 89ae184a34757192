"""The real program, killed while it starts, receives and answers. With more kills: `tests.benchmarks.crashes`."""

from pathlib import Path

import pytest

from tests.crashing import Plan, prepare, run


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(tmp_path_factory.mktemp("prepared"))


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
def test_no_kill_loses_a_question_answers_one_twice_or_out_of_order(
    prepared: Path, tmp_path: Path, webhook: bool
) -> None:
    outcome = run(Plan(kills=6, questions=60, chats=10, webhook=webhook), tmp_path, prepared)

    assert sum(outcome.kills.values()) == 6
    assert (outcome.lost, outcome.twice, outcome.out_of_order, outcome.failed) == (0, 0, 0, 0)
