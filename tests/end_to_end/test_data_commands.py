"""`footnote export`, `backup` and `restore`, as an operator types them."""

import asyncio
import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.channels.chat import USER
from bot.cli import app
from bot.domain.errors import FootnoteError
from bot.stores.database import open_database
from bot.stores.forgetting import Forgetting
from tests.postgres_server import PostgresServer, programs
from tests.tools import release_data

KEY = "a key for tests, of no secret and long enough"
PAGE = "# Rituximab\n\n## Dose\n\nRituximab was given at 375 mg/m² weekly for 4 consecutive weeks in JDM.\n"


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "rituximab.md").write_text(PAGE, encoding="utf-8")
    monkeypatch.setenv("FOOTNOTE_KNOWLEDGE", str(tmp_path / "library"))
    monkeypatch.setenv("FOOTNOTE_DATA", str(tmp_path / "data"))


def run(*arguments: str, **more: str) -> Result:
    return CliRunner().invoke(app, arguments, **more)  # type: ignore[arg-type]


def exported() -> dict[str, dict[str, object]]:
    done = run("export")
    assert done.exit_code == 0, done.output
    held: dict[str, dict[str, object]] = json.loads(done.stdout)
    return held


def test_what_was_asked_at_the_terminal_is_exported_copied_and_put_back(tmp_path: Path) -> None:
    assert exported() == {}
    assert run("ask", "What is the dose of rituximab?").exit_code == 0
    held = exported()
    assert set(held) == {"turns"}
    assert "What is the dose of rituximab?" in json.dumps(held)

    copy = tmp_path / "copy"
    assert run("backup", str(copy)).stdout == f"Written: {copy}\nWritten: {copy}.key\n"
    for file in (tmp_path / "data").glob("footnote.sqlite*"):
        file.unlink()
    assert exported() == {}
    refused = run("restore", str(copy), input="n\n")
    assert refused.exit_code == 1
    assert exported() == {}
    done = run("restore", str(copy), "--yes")
    assert done.exit_code == 0, done.output
    assert "0 records" in done.stdout
    assert exported() == held


def forget(url: str, key: str = "", user: str = USER) -> None:
    """What `/forget` does, which the terminal hasn't."""

    async def forget_user() -> None:
        async with await open_database(url, key=key) as database:
            await Forgetting(database).forget_user(user, int(user.partition(":")[2] or 0))

    asyncio.run(forget_user())


def put_back(*arguments: str) -> str:
    done = run("restore", *arguments, "--yes")
    assert done.exit_code == 0, done.output
    return done.stdout


def test_what_a_user_deleted_since_the_copy_is_not_brought_back(tmp_path: Path) -> None:
    assert run("ask", "What is the dose of rituximab?").exit_code == 0
    copy, data = tmp_path / "copy", tmp_path / "data"
    assert run("backup", str(copy)).exit_code == 0
    forget(f"sqlite:///{data}/footnote.sqlite")
    assert set(exported()) == {"erasures"}

    assert "Users whose deletions were made again: 1 (records: 1)." in put_back(str(copy))
    assert set(exported()) == {"erasures"}

    # What is written afterwards is in the next copy, which knows of the deletion.
    assert run("ask", "What is the dose of rituximab?").exit_code == 0
    assert run("backup", str(tmp_path / "next")).exit_code == 0
    held = exported()
    assert "made again: 0 (records: 0)." in put_back(str(tmp_path / "next"))
    assert exported() == held
    assert set(held) == {"erasures", "turns"}


def test_where_it_can_t_be_known_what_was_deleted_that_is_said(tmp_path: Path) -> None:
    assert run("ask", "What is the dose of rituximab?").exit_code == 0
    copy, file = tmp_path / "copy", tmp_path / "data" / "footnote.sqlite"
    assert run("backup", str(copy)).exit_code == 0
    forget(f"sqlite:///{file}")
    for left in file.parent.glob("footnote.sqlite*"):
        left.unlink()

    told = put_back(str(copy))

    assert "What users deleted since then isn't known. There is no present database" in told
    assert "must be asked to do so again" in told
    assert "made again" not in told
    assert set(exported()) == {"turns"}


@pytest.mark.parametrize("version", ["m007", "m008"])
def test_a_copy_of_an_older_version_is_put_back_without_what_was_deleted_since_the_upgrade(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_HASH_KEY", release_data.KEY)
    monkeypatch.setenv("FOOTNOTE_RETENTION_DAYS", "0")
    copy = tmp_path / "copy"
    with closing(sqlite3.connect(copy)) as database:
        database.executescript((release_data.RELEASES / f"{version}.sqlite.sql").read_text(encoding="utf-8"))
    told = put_back(str(copy))
    assert "There is no present database" in told
    forget(f"sqlite:///{tmp_path}/data/footnote.sqlite", release_data.KEY, f"telegram:{release_data.CHAT}")

    told = put_back(str(copy))

    assert "The copy is of a version that made no notes of deletions" in told
    assert "Users whose deletions were made again: 1 (" in told
    with closing(sqlite3.connect(tmp_path / "data" / "footnote.sqlite")) as database:
        questions = [question for (question,) in database.execute("SELECT question FROM turns ORDER BY asked_at")]
        assert questions == list(release_data.ASKED)
        assert [*database.execute("SELECT * FROM message_map"), *database.execute("SELECT * FROM inbox")] == []


@pytest.fixture
def server(postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostgresServer]:
    """A server with an empty database of the bot's."""
    asyncio.run(postgres_server.run("CREATE DATABASE footnote TEMPLATE template0"))
    monkeypatch.setenv("FOOTNOTE_DATABASE_URL", postgres_server.url("footnote"))
    monkeypatch.setenv("FOOTNOTE_HASH_KEY", KEY)
    yield postgres_server
    for name in ("footnote", "footnote_before"):
        asyncio.run(postgres_server.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


def test_on_postgresql_it_is_deleted_again_after_pg_restore(server: PostgresServer, tmp_path: Path) -> None:
    assert run("ask", "What is the dose of rituximab?").exit_code == 0
    copy, url, found = tmp_path / "copy", server.url("footnote"), programs()
    assert found is not None
    subprocess.run([found / "pg_dump", "--format=custom", f"--file={copy}", url], check=True)
    forget(url, KEY)
    asyncio.run(server.run("ALTER DATABASE footnote RENAME TO footnote_before"))
    asyncio.run(server.run("CREATE DATABASE footnote TEMPLATE template0"))
    subprocess.run([found / "pg_restore", f"--dbname={url}", copy], check=True)
    assert set(exported()) == {"turns"}
    assert run("restore", "--former", "footnote_before", input="n\n").exit_code == 1
    assert set(exported()) == {"turns"}

    assert "Done. Users whose deletions were made again: 1 (records: 1)." in put_back("--former", "footnote_before")

    assert set(exported()) == {"erasures"}
    assert "made again: 0 (records: 0)." in put_back("--former", "footnote_before")
    with pytest.raises(FootnoteError, match="footnote is the database in use"):
        CliRunner().invoke(app, ["restore", "--former", "footnote", "--yes"], catch_exceptions=False)
    with pytest.raises(FootnoteError, match="the server has no such database"):
        CliRunner().invoke(app, ["restore", "--former", "nowhere", "--yes"], catch_exceptions=False)
    with pytest.raises(FootnoteError, match=r"pg_restore.*--former"):
        CliRunner().invoke(app, ["restore", str(copy), "--yes"], catch_exceptions=False)


@pytest.mark.parametrize("named", [[], ["copy", "--former", "footnote_before"]])
def test_one_thing_is_put_back(named: list[str]) -> None:
    with pytest.raises(FootnoteError, match=r"What shall be put back\?"):
        CliRunner().invoke(app, ["restore", *named], catch_exceptions=False)
