import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from researchdesk.errors import BadInputError, BusyError, DeskError
from researchdesk.services import keeping, restoring
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.library import file_metadata, list_papers
from researchdesk.sources.progress import silent
from researchdesk.storage.migrations import desk_migrations


def titles(desk: Desk) -> list[str]:
    return sorted(item.paper.title for item in list_papers(desk))


def test_a_backup_is_put_back_and_what_was_there_is_kept(desk, paper, fake_time):
    first = keeping.backup(desk.settings, desk.clock, silent)
    fake_time.sleep(60.0)
    file_metadata(desk, replace(paper.metadata, title="Another", arxiv_id="2001.00001"))
    before = restoring.restore(desk.settings, desk.clock, first.path, silent, force=True)
    assert titles(desk) == [paper.title], "an open desk sees it at once"
    fake_time.sleep(60.0)
    assert before is not None
    assert keeping.latest(desk.settings) == replace(first, counts={})
    desk.close()
    restoring.restore(desk.settings, desk.clock, before.path, silent)
    assert titles(desk) == ["Another", paper.title]


def test_one_is_put_back_though_the_desk_is_broken(desk, paper):
    made = keeping.backup(desk.settings, desk.clock, silent)
    desk.close()
    database = desk.root / "desk.db"
    broken = b"no database at all" * 1000
    database.write_bytes(broken)
    before = restoring.restore(desk.settings, desk.clock, made.path, silent)
    assert before is not None
    assert before.path.read_bytes() == broken
    again = open_desk(desk.settings, desk.clock)
    assert titles(again) == [paper.title]
    again.close()


_OPEN = """
import sys
from pathlib import Path
from researchdesk.storage.database import DeskDatabase

held = DeskDatabase(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.readline()
with held.writing() as db:
    db.execute("UPDATE papers SET comment = 'written by another program'")
print(held.raw.execute("SELECT title FROM papers").fetchall(), flush=True)
sys.stdin.readline()
"""


def test_a_desk_that_another_program_has_open_is_left_or_seen_anew(desk, paper):
    """Not without being told to; then the other one reads and writes what was put back."""
    made = keeping.backup(desk.settings, desk.clock, silent)
    file_metadata(desk, replace(paper.metadata, title="Another", arxiv_id="2001.00001"))
    desk.close()
    argv = [sys.executable, "-c", _OPEN, str(desk.root)]
    with subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as other:
        assert other.stdout.readline() == "open\n"
        with pytest.raises(BusyError, match="Another program has the desk"):
            restoring.restore(desk.settings, desk.clock, made.path, silent)
        assert titles(desk) == ["Another", paper.title]
        desk.close()
        restoring.restore(desk.settings, desk.clock, made.path, silent, force=True)
        other.stdin.write("write\n")
        assert other.stdout.readline() == f"[({paper.title!r},)]\n"
        (item,) = list_papers(desk)
        assert item.paper.metadata.comment == "written by another program"
        desk.close()
        other.stdin.write("end\n")
    restoring.restore(desk.settings, desk.clock, made.path, silent)


def test_a_damaged_desk_that_is_open_is_not_moved_from_under_its_user(desk, paper):
    made = keeping.backup(desk.settings, desk.clock, silent)
    desk.database.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file = desk.root / "desk.db"
    data = bytearray(file.read_bytes())
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    file.write_bytes(data)
    with pytest.raises(BusyError, match="no program has it open"):
        restoring.restore(desk.settings, desk.clock, made.path, silent, force=True)
    assert file.read_bytes() == data
    desk.close()
    restoring.restore(desk.settings, desk.clock, made.path, silent)
    assert titles(desk) == [paper.title]


def test_a_backup_of_an_older_schema_is_migrated_before_anybody_sees_it(desk, paper, tmp_path):
    older = tmp_path / "older.db"
    with closing(sqlite3.connect(older)) as raw:
        desk_migrations.apply(Database(raw), stop_before="m002_passes")
        old = {"key": "old", "title": "An old paper", "added_at": "2019-05-01T00:00:00Z"}
        Database(raw).table("papers").insert(old)
    kept = older.read_bytes()
    seen = []

    def look(what: str, done: int, total: int | None) -> None:
        with closing(sqlite3.connect(desk.root / "desk.db")) as raw:
            seen.append(raw.execute("SELECT COUNT(*) FROM notes").fetchone())

    desk.close()
    restoring.restore(desk.settings, desk.clock, older, look)
    assert seen
    with closing(sqlite3.connect(desk.root / "desk.db")) as raw:
        assert not desk_migrations.pending(Database(raw))
    assert titles(desk) == ["An old paper"]
    assert older.read_bytes() == kept
    assert not list(desk.root.glob(".restoring-*"))
    assert not list((desk.root / "backups").glob("desk-*.db"))


def test_a_damaged_backup_or_another_database_changes_nothing(desk, paper, tmp_path):
    made = keeping.backup(desk.settings, desk.clock, silent)
    data = bytearray(made.path.read_bytes())
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    (tmp_path / "half.db").write_bytes(data)
    (tmp_path / "text.db").write_text("hello")
    with closing(sqlite3.connect(tmp_path / "other.db")) as raw:
        raw.execute("CREATE TABLE songs (name)")
    for name in ("half.db", "text.db", "other.db"):
        with pytest.raises(BadInputError):
            restoring.restore(desk.settings, desk.clock, tmp_path / name, silent)
    assert titles(desk) == [paper.title]


def test_a_backup_of_a_newer_program_is_refused(desk, paper):
    made = keeping.backup(desk.settings, desk.clock, silent)
    with closing(sqlite3.connect(made.path)) as raw:
        raw.execute("UPDATE _sqlite_migrations SET name = 'm999_x' WHERE name = 'm001_papers'")
        raw.commit()
    with pytest.raises(BadInputError, match="m999_x"):
        restoring.restore(desk.settings, desk.clock, made.path, silent)


@pytest.mark.parametrize("damaged", [False, True])
def test_where_there_is_no_room_nothing_is_moved(desk, paper, monkeypatch, damaged):
    made = keeping.backup(desk.settings, desk.clock, silent)
    desk.close()
    if damaged:
        (desk.root / "desk.db").write_bytes(b"no database" * 500)
    before = (desk.root / "desk.db").read_bytes()
    usage = keeping.shutil.disk_usage(desk.root)
    monkeypatch.setattr(keeping.shutil, "disk_usage", lambda _: usage._replace(free=10))
    with pytest.raises(BadInputError, match="as it was"):
        restoring.restore(desk.settings, desk.clock, made.path, silent)
    assert (desk.root / "desk.db").read_bytes() == before
    assert [path.name for path in (desk.root / "backups").iterdir()] == [made.path.name]


def test_a_copy_that_fails_ends_the_restore_before_anything_is_moved(desk, paper, monkeypatch):
    made = keeping.backup(desk.settings, desk.clock, silent)

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(keeping.copies, "copy_out", full)
    desk.close()
    with pytest.raises(BadInputError, match="disk is full"):
        restoring.restore(desk.settings, desk.clock, made.path, silent)
    assert titles(desk) == [paper.title]


def test_what_was_moved_aside_comes_back_where_nothing_could_be_put_there(desk, paper, monkeypatch):
    made = keeping.backup(desk.settings, desk.clock, silent)
    desk.close()
    broken = b"no database" * 500
    (desk.root / "desk.db").write_bytes(broken)

    def full(_: Path) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(restoring, "_writable", full)
    with pytest.raises(DeskError, match="as it was"):
        restoring.restore(desk.settings, desk.clock, made.path, silent)
    assert (desk.root / "desk.db").read_bytes() == broken


_KILLED = """
import os, signal, sys
from pathlib import Path
from datetime import UTC, datetime
from dataclasses import replace
from researchdesk.config import load_settings
from researchdesk.services import keeping, restoring

settings = replace(load_settings(), desk=Path(sys.argv[1]))

def die(what, done, total):
    if what.startswith(sys.argv[2]) and done:
        os.kill(os.getpid(), signal.SIGKILL)

clock = lambda: datetime(2026, 5, 1, tzinfo=UTC)
if sys.argv[2].startswith("copying"):
    keeping.backup(settings, clock, die)
else:
    restoring.restore(settings, clock, Path(sys.argv[3]), die)
"""


@pytest.mark.parametrize("moment", ["copying", "putting"])
def test_killed_in_the_middle_the_desk_is_what_it_was(desk, paper, moment, fake_time):
    big = {"paper_id": paper.id, "source": "x", "added_at": "", "fields": "y" * 4000}
    with desk.database.writing() as db:
        db.table("records").insert_all({**big, "key": str(n)} for n in range(20_000))
    made = keeping.backup(desk.settings, desk.clock, silent)
    file_metadata(desk, replace(paper.metadata, title="Later", arxiv_id="2001.00001"))
    desk.close()
    argv = [sys.executable, "-c", _KILLED, str(desk.root), moment, str(made.path)]
    assert subprocess.run(argv, check=False).returncode == -9
    again = open_desk(desk.settings, lambda: fake_time.clock() + timedelta(days=1))
    assert titles(again) == ["Later", paper.title]
    assert keeping.backup(again.settings, again.clock, silent).counts["records"] == 20_000
    again.close()
