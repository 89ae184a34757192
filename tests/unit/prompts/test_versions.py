"""No text changes without its version, and what was accepted stays what it was."""

from pathlib import Path

import pytest

from bot.places import shipped
from bot.prompts import check_set, load_prompt
from bot.prompts.versions import NAME, write_ledger
from tests.unit.prompts.folders import bump, copied, edit


def accept(folder: Path) -> None:
    checked = check_set(folder)
    write_ledger(folder, checked.stamps, checked.needed)


def test_the_shipped_words_are_without_fault_and_all_accepted() -> None:
    checked = check_set(shipped("prompts"))
    assert (checked.faults, checked.idle_faults) == ((), ())


def test_every_guard_of_a_shipped_prompt_names_the_case_that_showed_it() -> None:
    words = check_set(shipped("prompts")).words
    assert words is not None
    assert [
        (prompt.id, guard.text) for prompt in words.prompts.values() for guard in prompt.guards if not guard.case
    ] == []


@pytest.mark.parametrize(("file", "name"), [("compose.md", "compose"), ("wording/en.yaml", "wording/en")])
def test_a_changed_text_needs_a_new_version_which_is_then_accepted(tmp_path: Path, file: str, name: str) -> None:
    folder = copied(tmp_path / "prompts")
    path = folder / file
    path.write_text(path.read_text(encoding="utf-8") + ("\n" if file.endswith("md") else "# Note\n"), encoding="utf-8")
    (fault,) = check_set(folder).faults
    assert (fault.path, fault.what) == (str(path), f"the text of {name} changed, but its version is still 1.")
    assert fault.line == path.read_text(encoding="utf-8").splitlines().index("version: 1") + 1
    bump(path)
    checked = check_set(folder)
    assert checked.words is not None
    assert [fault.what for fault in checked.idle_faults] == [f"version 2 of {name} is new."]
    accept(folder)
    assert check_set(folder).idle_faults == ()
    edit(path, "version: 2", "version: 1")
    (fault,) = check_set(folder).faults
    assert "version 2 was there already" in fault.what
    assert "version: 3" in fault.remedy


def test_an_accepted_text_may_come_back(tmp_path: Path) -> None:
    folder = copied(tmp_path / "prompts")
    before = (folder / "judge.md").read_text(encoding="utf-8")
    edit(folder / "judge.md", "at most fifteen words", "at most twenty words")
    bump(folder / "judge.md")
    accept(folder)
    (folder / "judge.md").write_text(before, encoding="utf-8")
    assert check_set(folder).faults == ()


def test_a_sentence_that_the_program_says_stays_needed_however_often_is_accepted(tmp_path: Path) -> None:
    folder = copied(tmp_path / "prompts")
    edit(folder / "wording" / "en.yaml", '  goodbye: "Goodbye."\n', "")
    bump(folder / "wording" / "en.yaml")
    accept(folder)
    assert any("terminal.goodbye is missing" in fault.what for fault in check_set(folder).faults)


def test_a_folder_of_ones_own_may_keep_a_ledger_too(tmp_path: Path) -> None:
    base, own = copied(tmp_path / "prompts"), tmp_path / "own"
    own.mkdir()
    (own / "judge.md").write_text((base / "judge.md").read_text(encoding="utf-8"), encoding="utf-8")
    edit(own / "judge.md", "at most fifteen words", "at most twenty words")
    bump(own / "judge.md")
    checked = check_set(base, own)
    write_ledger(own, checked.stamps, checked.needed)
    assert "sentences" not in (own / NAME).read_text(encoding="utf-8")
    edit(own / "judge.md", "at most twenty words", "at most thirty words")
    (fault,) = check_set(base, own).faults
    assert fault.what == "the text of judge changed, but its version is still 2."


def test_parameters_reach_the_prompt(tmp_path: Path) -> None:
    folder = copied(tmp_path / "prompts")
    edit(folder / "judge.md", "  temperature: 0", "  temperature: 0.5\n  max_tokens: 40")
    prompt = load_prompt(folder, None, "judge")
    assert (prompt.temperature, prompt.max_tokens) == (0.5, 40)
