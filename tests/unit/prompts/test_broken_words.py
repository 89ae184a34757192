"""Whatever a maintainer breaks is named with its file, its line and what to do about it."""

from pathlib import Path

import pytest

from bot.domain.errors import WordingError
from bot.prompts import check_set, load_set
from tests.unit.prompts.folders import bump, copied, edit

COMPOSE, ENGLISH, GERMAN, JUDGE = "compose.md", "wording/en.yaml", "wording/de.yaml", "judge.md"

# What is changed, into what, how many lines further down the fault is named, and what is said of it.
IN_PLACE = [
    (COMPOSE, "Question:\n{{question}}", "Question:\n{{qestion}}", 1, "qestion isn't filled in"),
    (COMPOSE, "The patient, as far as the user has said: {{patient}}", "The patient: {{patient}", 0, "whole variable"),
    (COMPOSE, "Your reader is {{reader}}.", "Your reader is {{#if reader}}.", 0, "whole variable"),
    (COMPOSE, "Your reader is {{reader}}.", "Your reader {% if reader %}.", 0, "whole variable"),
    (COMPOSE, "variables: [topic, reader,", "variables: [reader,", 0, "topic isn't used"),
    (COMPOSE, "variables: [topic,", "variables: [topic, mood,", 0, "mood isn't used"),
    (COMPOSE, "variables: [topic,", "variables: {topic: yes}\nrest: [", 0, "variables must be a list of names"),
    (COMPOSE, "id: compose", "id: composer", 0, "id must be compose"),
    (COMPOSE, "version: 1", "version: one", 0, "version must be a number from 1"),
    (COMPOSE, "version: 1", "version: 0", 0, "version must be a number from 1"),
    (COMPOSE, "description: Turns", "describtion: Turns", 0, "there is no field describtion"),
    (COMPOSE, "  role: main", "  role: boss", 0, "there is no role boss"),
    (COMPOSE, "  temperature: 0", "  temperature: 9", 0, "temperature from 0 to 2"),
    (COMPOSE, "  temperature: 0", "  temperature: 0\n  max_tokens: many", 1, "max_tokens must be a number"),
    (COMPOSE, "  temperature: 0", "  temperature: 0\n  top_q: 1", 1, "no parameter top_q"),
    (COMPOSE, "  role: main", "  role: main\n  role: small", 1, "role stands there twice"),
    (COMPOSE, "# User\n", "# Reader\n", None, "expected two sections"),
    (COMPOSE, "# User\n", "# User\nHello.\n# User\n", 2, "# User stands there twice"),
    (COMPOSE, "Calculate nothing, round nothing.", "Round. # System\n", None, ""),
    (
        COMPOSE,
        "copied character by character, that",
        "copied, that",
        None,
        "must contain “copied character by character”",
    ),
    (COMPOSE, "    case: results-in-adults\n", "    cases: results-in-adults\n", None, "each guard needs"),
    (COMPOSE, 'output: "one', 'output: "one\ntwo: "', None, ""),
    (JUDGE, "---\nid: judge", "id: judge", 0, "the front matter is missing"),
    (ENGLISH, '  goodbye: "Goodbye."', '  goodbye: ""', 0, "terminal.goodbye is empty"),
    (ENGLISH, '  goodbye: "Goodbye."', "  goodbye: [a, b]", 0, "must be one text"),
    (ENGLISH, '  goodbye: "Goodbye."', "", None, "the sentence terminal.goodbye is missing"),
    (ENGLISH, '  goodbye: "Goodbye."', '  goodbye: "Bye {{name}}."', 0, "uses name, which isn't filled in"),
    (ENGLISH, '  goodbye: "Goodbye."', '  goodbye: "Goodbye.', None, "a quotation mark is missing"),
    (ENGLISH, '  goodbye: "Goodbye."', '\tgoodbye: "Goodbye."', 0, "Write spaces in the place of the tab"),
    (ENGLISH, '  goodbye: "Goodbye."', "  goodbye: &a Goodbye", 0, "anchors"),
    (ENGLISH, '  goodbye: "Goodbye."', "  goodbye: !!python/name:os.system", 0, "isn't read here"),
    (ENGLISH, '  goodbye: "Goodbye."', '  goodbye: "Goodbye."\n  goodbye: "Bye."', 1, "goodbye stands there twice"),
    (ENGLISH, "language: en", "language: fr", 0, "language must be en"),
    (ENGLISH, "version: 1", "version: soon", 0, "version must be a number"),
    (ENGLISH, "No dose of {{drug}} is stated", "No dose is stated", 0, "doesn't use drug"),
    (GERMAN, "  goodbye: ", "  gooodbye: ", 0, "there is no sentence called terminal.gooodbye"),
    (GERMAN, "Eine Dosis von {{drug}} steht", "Eine Dosis von {{medikament}} steht", 0, "uses medikament"),
]


@pytest.mark.parametrize(("file", "old", "new", "further", "says"), IN_PLACE)
def test_a_fault_of_the_shipped_files_is_named(
    tmp_path: Path, file: str, old: str, new: str, further: int | None, says: str
) -> None:
    folder = copied(tmp_path / "prompts")
    line = edit(folder / file, old, new)
    checked = check_set(folder)
    assert checked.words is None
    fault = next(fault for fault in checked.faults if says in f"{fault.what} {fault.remedy}")
    assert fault.path == str(folder / file)
    assert fault.remedy
    assert fault.line is not None
    if further is not None:
        assert fault.line == line + further
    with pytest.raises(WordingError):
        load_set(folder)


@pytest.mark.parametrize("key", ["clinician", "trainee", "family", "other", "urgent"])
@pytest.mark.parametrize("emptied", ['""', '" "', "", '"."', '"\u200b"', "{}", "~"])
def test_no_disclaimer_can_be_emptied(tmp_path: Path, key: str, emptied: str) -> None:
    own = tmp_path / "own"
    (own / "wording").mkdir(parents=True)
    (own / "wording" / "en.yaml").write_text(f"disclaimer:\n  {key}: {emptied}\n", encoding="utf-8")
    checked = check_set(copied(tmp_path / "prompts"), own)
    assert checked.words is None
    assert [(fault.line, fault.what) for fault in checked.faults] == [(2, f"disclaimer.{key} is empty.")]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    folder = copied(tmp_path / "prompts")
    edit(folder / COMPOSE, "Your reader is {{reader}}.", "Your reader is a clinician.")
    edit(folder / ENGLISH, '  goodbye: "Goodbye."', '  goodbye: ""')
    edit(folder / JUDGE, "id: judge", "id: jury")
    assert {Path(fault.path).name for fault in check_set(folder).faults} == {COMPOSE, "en.yaml", JUDGE}


# One's own folder

OWN = [
    ("composer.md", "x", 1, "there is no prompt called composer"),
    ("en.yaml", "x: y", 1, "isn't read here"),
    ("wording/english.yaml", "x: y", 1, "english is no code of a language"),
    ("wording/en.yaml", "version: 1\nterminal:\n  goodbye: Bye.\n", 1, "its version is 1 and the shipped one has 1"),
    ("wording/en.yaml", 'terminal:\n  farewell: "Bye."\n', 2, "there is no sentence called terminal.farewell"),
    ("wording/fr.yaml", "language: fr\nversion: 1\nterminal:\n  goodbye: '{{x}}'\n", 4, "uses x"),
    ("versions.yaml", "versions: 3\n", 1, "the ledger of versions can't be read"),
]


@pytest.mark.parametrize(("file", "text", "line", "says"), OWN)
def test_a_fault_of_ones_own_files_is_named(tmp_path: Path, file: str, text: str, line: int, says: str) -> None:
    own = tmp_path / "own"
    (own / "wording").mkdir(parents=True)
    (own / file).write_text(text, encoding="utf-8")
    (fault,) = check_set(copied(tmp_path / "prompts"), own).faults
    assert (fault.path, fault.line, says in fault.what, bool(fault.remedy)) == (str(own / file), line, True, True)


def test_an_own_prompt_needs_a_higher_version_and_keeps_variables_and_guards(tmp_path: Path) -> None:
    base, own = copied(tmp_path / "prompts"), tmp_path / "own"
    own.mkdir()
    mine = own / COMPOSE
    mine.write_text((base / COMPOSE).read_text(encoding="utf-8"), encoding="utf-8")
    assert check_set(base, own).faults == ()
    edit(mine, "fewer are better", "fewer are much better")
    (fault,) = check_set(base, own).faults
    assert (fault.path, fault.line, "version: 2" in fault.remedy) == (str(mine), 3, True)
    bump(mine)
    assert load_set(base, own).prompts["compose"].version == 2
    edit(mine, '  - text: "Do not make anything stronger"\n', '  - text: "Leave out"\n')
    edit(mine, "- Do not make anything stronger", "- Do not add anything")
    (fault,) = check_set(base, own).faults
    assert "must contain “Do not make anything stronger”" in fault.what
    assert "(case may-help)" in fault.remedy


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WordingError, match=r"own doesn't exist\. Make it"):
        load_set(copied(tmp_path / "prompts"), tmp_path / "own")


@pytest.mark.parametrize("broken", ["a folder", "nowhere", "too large"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, broken: str) -> None:
    base, own = copied(tmp_path / "prompts"), tmp_path / "own"
    own.mkdir()
    path = own / JUDGE
    if broken == "a folder":
        path.mkdir()
    elif broken == "nowhere":
        path.symlink_to(tmp_path / "gone")
    else:
        path.write_bytes(b"x" * 1_000_001)
    (fault,) = check_set(base, own).faults
    assert str(path) in str(fault)
    assert fault.remedy


# Cases, which no answer needs


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("name: x", 1, "expected a list of cases"),
        ("- conversation: [x]", 1, "a case needs a name"),
        ("- name: a\n  conversation: []", 2, "the case a has no conversation"),
        ("- name: a\n  conversation: [x]\n  audience: king", 3, "there is no audience king"),
        ("- name: a\n  conversation: [x]\n- name: a\n  conversation: [x]", 3, "there are two cases called a"),
    ],
)
def test_a_broken_case_is_named_and_stops_no_bot(tmp_path: Path, text: str, line: int, says: str) -> None:
    base = copied(tmp_path / "prompts")
    (base / "cases" / "new.yaml").write_text(text, encoding="utf-8")
    checked = check_set(base)
    assert checked.words is not None
    (fault,) = checked.idle_faults
    assert (fault.path, fault.line, says in fault.what) == (str(base / "cases" / "new.yaml"), line, True)


def test_a_guard_that_names_no_case_is_told(tmp_path: Path) -> None:
    base = copied(tmp_path / "prompts")
    line = edit(base / JUDGE, "    case: may-help\n", "    case: may-hlep\n")
    (fault,) = (fault for fault in check_set(base).idle_faults if "may-hlep" in fault.what)
    assert (fault.path, fault.line) == (str(base / JUDGE), line - 2)
