import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from researchdesk.domain.clock import stamp
from researchdesk.domain.papers import Metadata
from researchdesk.errors import BadInputError
from researchdesk.storage import papers
from researchdesk.storage.database import DeskDatabase
from researchdesk.storage.migrations import desk_migrations

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_a_new_desk_has_wal_foreign_keys_and_no_backup(tmp_path: Path) -> None:
    database = DeskDatabase(tmp_path)
    db = database.connection
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    assert not desk_migrations.pending(db)
    assert not (tmp_path / "backups").exists()
    database.close()


def test_an_older_desk_is_migrated_after_a_backup(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "desk.db")) as raw:
        desk_migrations.apply(Database(raw), stop_before="m002_passes")
        old = {"key": "old", "title": "An old paper", "added_at": stamp(NOON)}
        Database(raw).table("papers").insert({**old, "published": "2019-05-01T00:00:00Z"})
    database = DeskDatabase(tmp_path, clock=lambda: NOON)
    assert [paper.title for paper in papers.all_papers(database.connection)] == ["An old paper"]
    assert papers.all_papers(database.connection)[0].metadata.year == 2019
    assert not desk_migrations.pending(database.connection)
    database.close()
    (backup,) = (tmp_path / "backups").iterdir()
    with closing(sqlite3.connect(backup)) as raw:
        assert raw.execute("SELECT title FROM papers").fetchall() == [("An old paper",)]
        assert "notes" not in Database(raw).table_names()


def test_a_newer_desk_is_refused_and_unchanged(tmp_path: Path) -> None:
    DeskDatabase(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "desk.db")) as raw:
        raw.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('researchdesk', 'm999_future', '')"
        )
        raw.commit()
    before = (tmp_path / "desk.db").read_bytes()
    with pytest.raises(BadInputError, match="m999_future"):
        DeskDatabase(tmp_path)
    assert (tmp_path / "desk.db").read_bytes() == before
    assert [path.name for path in tmp_path.glob("desk.db-*")] == []


def test_the_database_of_another_program_is_refused_and_unchanged(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "desk.db")) as raw:
        raw.execute("CREATE TABLE mine (a)")
    before = (tmp_path / "desk.db").read_bytes()
    with pytest.raises(BadInputError, match="another program"):
        DeskDatabase(tmp_path)
    assert (tmp_path / "desk.db").read_bytes() == before


@pytest.mark.parametrize("content", [b"this is no database at all, but a letter" * 40, b"short"])
def test_a_file_that_is_no_desk_is_refused_and_unchanged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "desk.db").write_bytes(content)
    with pytest.raises(BadInputError, match="not a desk"):
        DeskDatabase(tmp_path)
    assert (tmp_path / "desk.db").read_bytes() == content


def test_a_folder_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInputError, match="cannot be used"):
        DeskDatabase(tmp_path / "file" / "desk")


def test_a_failed_migration_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    DeskDatabase(tmp_path).close()

    def breaks(db: Database) -> None:
        db.executescript("CREATE TABLE half (x); INSERT INTO nowhere VALUES (1);")

    step = desk_migrations._Migration("m998_breaks", breaks)
    monkeypatch.setattr(desk_migrations, "_migrations", [*desk_migrations._migrations, step])
    with pytest.raises(BadInputError):
        DeskDatabase(tmp_path)
    with closing(sqlite3.connect(tmp_path / "desk.db")) as raw:
        assert "half" not in Database(raw).table_names()
    assert list((tmp_path / "backups").iterdir())


def test_each_thread_has_its_own_connection(tmp_path: Path) -> None:
    database = DeskDatabase(tmp_path)
    seen: list[Database] = []

    def work() -> None:
        papers.insert(database.connection, f"k{len(seen)}", Metadata("t"), NOON)
        seen.append(database.connection)

    for _ in range(3):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert len({id(db) for db in [*seen, database.connection]}) == 4
    assert len(papers.all_papers(database.connection)) == 3
    database.close()


_CLOSED_UNDER_QUERIES = """
import sys, threading
from pathlib import Path
from researchdesk.storage.database import DeskDatabase

database, stop, errors = DeskDatabase(Path(sys.argv[1])), threading.Event(), []

def ask():
    try:
        while not stop.is_set():
            database.connection.view_names()
    except Exception as error:
        errors.append(error)

threads = [threading.Thread(target=ask) for _ in range(4)]
for thread in threads:
    thread.start()
for _ in range(2000):
    database.close()
stop.set()
for thread in threads:
    thread.join()
sys.exit(repr(errors) if errors else 0)
"""


def test_closing_under_the_queries_of_other_threads_ends_no_process(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CLOSED_UNDER_QUERIES, str(tmp_path)], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
