"""The shipped cases are whole; a fault of a case is named with its file, its line and what to do about it."""

import shutil
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from bot.bootstrap.cases import case_folders, know_library
from bot.domain.messages import Audience
from bot.evaluation.case_faults import Known, find_cases
from bot.evaluation.cases import Case, Kind
from bot.places import shipped
from bot.prompts import load_set
from bot.prompts.texts import Faults
from bot.settings import Settings

WHOLE = """\
# One case.
- name: a-dose
  kind: answerable
  conversation:
    - "What is the dose?"
    - "And in children?"
  audience: family
  must_cite: [[trial, overview], notes]
  may_cite: [review]
  must_not_cite: [advert]
  must_say: ["575 mg/m²", [twice, "two times"]]
  must_not_say: ["1000 mg"]
  rewrite_must_contain: [dose]
  origin: "trial: Children were given 575 mg/m² twice."
  reviewer: none
  date: 2026-11-22
"""
KNOWN = Known(
    documents={
        "trial": "The trial. Children were given 575 mg/m² twice. Adults were given 1000 mg.",
        "overview": "An overview of doses.",
        "notes": "Notes.",
        "review": "A review.",
        "advert": "An advert.",
    },
    policy="Nothing is averaged.",
    sentences={"notice.identifiers"},
    today=date(2026, 11, 22),
)

# What is changed, into what, the line on which the fault is named, and what is said of it.
BROKEN = [
    ("kind: answerable", "kind: answerable\n  mood: good", 4, "there is no field mood"),
    ("name: a-dose", "name: A dose!", 2, "name can't be A dose!"),
    ("kind: answerable", "kind: easy", 3, "kind can't be easy"),
    ("  kind: answerable\n", "", 2, "kind is missing"),
    ("  reviewer: none\n", "", 2, "reviewer is missing"),
    ("  date: 2026-11-22\n", "", 2, "date is missing"),
    ("date: 2026-11-22", "date: last week", 16, "date is no date"),
    ("date: 2026-11-22", "date: 2031-01-01", 16, "2031-01-01 has not come yet"),
    ('origin: "trial: Children were given 575 mg/m² twice."', 'origin: ""', 14, "origin is empty"),
    ('origin: "trial: Children were given 575 mg/m² twice."', 'origin: "I know it."', 14, "doesn't say where"),
    ('origin: "trial: Children were', 'origin: "trail: Children were', 14, "the library has no document trail"),
    ('were given 575 mg/m² twice."', 'were given 750 mg/m² twice."', 14, "trial doesn't state this"),
    (
        'origin: "trial: Children were given 575 mg/m² twice."',
        'origin: "policy: All is averaged."',
        14,
        "policy doesn't",
    ),
    ('origin: "trial: Children were given 575 mg/m² twice."', 'origin: "wording: notice.x"', 14, "no sentence called"),
    ("[[trial, overview], notes]", "[[trial, overveiw], notes]", 8, "the library has no document overveiw"),
    ("[[trial, overview], notes]", "[[], notes]", 8, "must_cite is empty"),
    ("may_cite: [review]", "may_cite: [revue]", 9, "the library has no document revue"),
    ("must_not_cite: [advert]", "must_not_cite: [avdert]", 10, "the library has no document avdert"),
    ("must_not_cite: [advert]", "must_not_cite: [notes]", 10, "notes must be cited and must not be"),
    ('must_say: ["575 mg/m²"', 'must_say: ["576 mg/m²"', 11, "“576 mg/m²” stands nowhere in"),
    ('must_not_say: ["1000 mg"]', 'must_not_say: ["575 mg/m²"]', 12, "must be said and must not be"),
    ("  audience: family\n", "  audience: family\n  expect: [answr]\n", 8, "no reply is of the kind answr"),
    (
        "  audience: family\n",
        "  audience: family\n  must_abstain: true\n",
        9,
        "a reply that is abstention cites nothing",
    ),
    ("  audience: family\n", "  audience: family\n  must_abstain: maybe\n", 8, "must_abstain must be true or false"),
    ('    - "And in children?"\n', "", 12, "a first message isn't rewritten"),
    ("rewrite_must_contain: [dose]", "rewrite_must_contain: {dose: yes}", 13, "rewrite_must_contain can't be read"),
]


def read(folder: Path, text: str = WHOLE) -> tuple[tuple[Case, ...], Faults]:
    (folder / "cases").mkdir(exist_ok=True)
    (folder / "cases" / "own.yaml").write_text(text, encoding="utf-8")
    faults = Faults()
    return find_cases([folder], KNOWN, faults), faults


@cache
def shipped_cases() -> tuple[tuple[Case, ...], Faults]:
    settings, faults = Settings(), Faults()
    words = load_set(shipped("prompts"))
    return find_cases(case_folders(settings), know_library(settings, words), faults), faults


def test_a_case_is_read_with_all_that_it_says(tmp_path: Path) -> None:
    (case,), faults = read(tmp_path)
    assert not faults
    assert (case.name, case.kind, case.audience, case.line) == ("a-dose", Kind.ANSWERABLE, Audience.FAMILY, 2)
    assert case.conversation == ("What is the dose?", "And in children?")
    assert case.must_cite == (("trial", "overview"), ("notes",))
    assert case.must_say == (("575 mg/m²",), ("twice", "two times"))
    assert case.named == {"trial", "overview", "notes", "review"}
    assert case.expect == {"answer", "partial_answer"}
    assert not case.must_abstain


@pytest.mark.parametrize(("old", "new", "line", "says"), BROKEN, ids=[says for *_, says in BROKEN])
def test_a_fault_of_a_case_is_named_with_its_place(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    assert WHOLE.count(old) == 1
    _, faults = read(tmp_path, WHOLE.replace(old, new))
    found = [(fault.path, fault.line) for fault in faults if says in fault.what]
    assert found == [(str(tmp_path / "cases" / "own.yaml"), line)], [str(fault) for fault in faults]
    assert all(fault.remedy for fault in faults)


def test_a_case_that_is_only_tried_is_not_evaluated(tmp_path: Path) -> None:
    cases, faults = read(tmp_path, "- name: only-tried\n  conversation: [Why]\n  audience: trainee\n")
    assert (cases, list(faults)) == ((), [])


def test_a_case_of_ones_own_takes_the_place_of_the_shipped_one_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    read(tmp_path / "a")
    read(tmp_path / "b", WHOLE.replace("audience: family", "audience: other"))
    (case,) = find_cases([tmp_path / "a", tmp_path / "b"], KNOWN, Faults())
    assert case.audience is Audience.OTHER


def test_every_shipped_case_holds_to_its_documents() -> None:
    cases, faults = shipped_cases()
    assert [str(fault) for fault in faults] == []
    assert len(cases) >= 80


def test_there_are_shipped_cases_of_every_kind() -> None:
    counted = Counter(case.kind for case in shipped_cases()[0])
    assert {kind: counted[kind] for kind in Kind if counted[kind] < 6} == {}


def test_no_shipped_case_claims_a_review_that_nobody_made() -> None:
    assert {case.reviewer for case in shipped_cases()[0]} == {"none"}


def test_the_shipped_cases_are_about_the_shipped_library_only(tmp_path: Path) -> None:
    own = tmp_path / "words"
    assert case_folders(Settings(knowledge=tmp_path, prompts=own)) == [own]
    assert case_folders(Settings(prompts=own)) == [shipped("prompts"), own]
    assert case_folders(Settings()) == [shipped("prompts")]


def test_shipped_cases_that_were_copied_beside_another_library_are_left_alone(tmp_path: Path) -> None:
    shutil.copytree(shipped("prompts") / "cases", tmp_path / "words" / "cases")
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "trial.md").write_text("# The trial\n\nChildren were given 575 mg/m² twice.\n", "utf-8")
    settings, faults = Settings(knowledge=tmp_path / "library", prompts=tmp_path / "words"), Faults()
    known = know_library(settings, load_set(shipped("prompts")))
    assert find_cases(case_folders(settings), known, faults) == ()
    assert list(faults) == []
    with (tmp_path / "words" / "cases" / "partial.yaml").open("a", encoding="utf-8") as file:
        file.write("# Changed, so it is a file of one's own.\n")
    find_cases(case_folders(settings), known, faults)
    assert "the library has no document rim-trial-2013" in str(faults[0])
