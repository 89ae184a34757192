"""What is said of what is kept is what the declaration says, and the declaration is what the database holds."""

import re
from pathlib import Path

import pytest

from bot.channels.keeping import describe_kept, how_long, table_of_kept
from bot.domain.keeping import APPROVED, ERASURES, KINDS, RETENTION_DAYS, REVIEWS, TURNS
from bot.places import shipped
from bot.prompts import load_set, load_wording
from bot.settings import Settings
from bot.stores.tables import metadata
from bot.stores.whose import Whose
from tests.names import NAMES

WORDING = load_wording(shipped("prompts"))
README = Path(__file__).parents[3] / "README.md"


def test_every_column_of_the_database_belongs_to_one_declared_kind_and_no_other_is_declared() -> None:
    held = {table.name: sorted(column.name for column in table.columns) for table in metadata.sorted_tables}
    declared = [(table, sorted(columns)) for kind in KINDS for table, columns in kind.tables.items()]
    assert dict(declared) == held
    assert len(declared) == len(held)


def test_every_table_that_names_a_user_or_a_chat_is_searched_for_both_forget_and_export() -> None:
    naming = {
        table.name
        for table in metadata.sorted_tables
        if {column.name for column in table.columns} & {"user", "reported_by", "scope", "chat", "chat_id"}
    }
    whose = Whose.named(NAMES, "telegram:5", 5)
    forgotten, (noted, _) = {table.name for table, _ in whose.rows.values()}, whose.noted
    assert noted.name not in forgotten
    assert forgotten | {noted.name} == naming


@pytest.mark.parametrize("code", ["en", "de"])
@pytest.mark.parametrize("days", [RETENTION_DAYS, 0, 400])
def test_every_kind_is_described_in_every_language(code: str, days: int) -> None:
    prompts = shipped("prompts")
    wording = load_set(prompts, prompts).wordings[code]
    told = describe_kept(wording, days)
    assert len(told) == len(set(told)) == len(KINDS)
    assert not any(re.search(r"\{\{|\b0 (days|Tage)", line) for line in told)


def test_what_an_approval_or_a_report_keeps_never_goes_sooner_than_the_conversation() -> None:
    assert how_long(APPROVED, WORDING, 30) == "365 days from the approval"
    assert how_long(APPROVED, WORDING, 400) == "400 days from the approval"
    assert "90 days" in how_long(REVIEWS, WORDING, 30)
    assert how_long(TURNS, WORDING, 0) == how_long(REVIEWS, WORDING, 0) == "until /forget"


def test_the_note_of_a_deletion_stays_as_long_as_anything_that_it_may_be_needed_for() -> None:
    assert how_long(ERASURES, WORDING, 30) == "365 days"
    assert how_long(ERASURES, WORDING, 400) == "400 days"
    assert how_long(ERASURES, WORDING, 0) == "without a limit of time"
    assert ERASURES.days == max(kind.days for kind in KINDS)


def test_the_readme_tells_the_same() -> None:
    section = README.read_text(encoding="utf-8").partition("<!-- kept -->\n")[2].partition("<!-- /kept -->")[0]
    assert section.splitlines() == list(table_of_kept(WORDING, RETENTION_DAYS))


def test_the_setting_has_the_declared_default() -> None:
    assert Settings().retention_days == RETENTION_DAYS
