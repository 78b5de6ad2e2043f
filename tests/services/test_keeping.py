import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.faketime import FakeTime

from researchdesk.errors import BadInputError, DeskError, NotOnDeskError
from researchdesk.services import keeping
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.library import file_metadata, list_papers
from researchdesk.sources.progress import silent


def titles(desk: Desk) -> list[str]:
    return sorted(item.paper.title for item in list_papers(desk))


def test_a_backup_holds_what_the_desk_holds_and_was_looked_at(desk, paper):
    made = keeping.backup(desk.settings, desk.clock, silent)
    assert made.path.parent == desk.root / "backups"
    assert made.counts["papers"] == 1
    assert made.size == made.path.stat().st_size
    with closing(sqlite3.connect(made.path)) as raw:
        assert raw.execute("SELECT title FROM papers").fetchall() == [(paper.title,)]
    assert [item.path for item in keeping.backups(desk.settings)] == [made.path]
    assert sorted(path.name for path in made.path.parent.iterdir()) == [made.path.name]


def test_where_there_is_no_desk_nothing_is_made(settings, fake_time):
    elsewhere = replace(settings, desk=settings.desk / "none")
    with pytest.raises(NotOnDeskError):
        keeping.backup(elsewhere, fake_time.clock, silent)
    assert not elsewhere.desk.exists()


def test_what_is_written_meanwhile_neither_waits_nor_gets_in(desk, paper):
    """The copy is of one moment, though somebody writes after each step of it."""
    with desk.database.writing() as db:
        row = {"paper_id": paper.id, "source": "x", "added_at": "", "fields": "y" * 4000}
        db.table("records").insert_all({**row, "key": str(n)} for n in range(12_000))
    written = []

    def write(what: str, done: int, total: int | None) -> None:
        def add() -> None:
            with desk.database.writing() as db:
                db.table("records").insert({**row, "key": "later"})
                written.append(1)

        other = threading.Thread(target=add)
        other.start()
        other.join(10)
        assert not other.is_alive()

    made = keeping.backup(desk.settings, desk.clock, write)
    assert len(written) > 3
    assert made.counts["records"] == 12_000
    with closing(sqlite3.connect(made.path)) as raw:
        late = raw.execute("SELECT COUNT(*) FROM records WHERE key = 'later'").fetchone()
    assert late == (0,)


def test_older_ones_are_thinned_out_and_what_is_not_a_backup_stays(desk, fake_time: FakeTime):
    folder = desk.root / "backups"
    folder.mkdir()
    (folder / "my-own.db").write_bytes(b"x")
    (folder / "desk-20200101T000000000000.db").write_bytes(b"of a migration")
    made = []
    for _ in range(4):
        made.append(keeping.backup(desk.settings, desk.clock, silent, newest=2))
        fake_time.sleep(60.0)
    assert made[-1].removed == (made[1].path,)
    assert {path.name for path in folder.iterdir()} == {
        "my-own.db",
        "desk-20200101T000000000000.db",
        made[2].path.name,
        made[3].path.name,
    }


def test_a_backup_is_put_back_and_what_was_there_is_kept(desk, paper, fake_time):
    first = keeping.backup(desk.settings, desk.clock, silent)
    fake_time.sleep(60.0)
    file_metadata(desk, replace(paper.metadata, title="Another", arxiv_id="2001.00001"))
    before = keeping.restore(desk.settings, desk.clock, first.path, silent)
    assert titles(desk) == [paper.title], "an open desk sees it at once"
    fake_time.sleep(60.0)
    assert before is not None
    assert keeping.latest(desk.settings) == replace(first, counts={})
    keeping.restore(desk.settings, desk.clock, before.path, silent)
    assert titles(desk) == ["Another", paper.title]


def test_one_is_put_back_though_the_desk_is_broken(desk, paper):
    made = keeping.backup(desk.settings, desk.clock, silent)
    desk.close()
    database = desk.root / "desk.db"
    broken = b"no database at all" * 1000
    database.write_bytes(broken)
    before = keeping.restore(desk.settings, desk.clock, made.path, silent)
    assert before is not None
    assert before.path.read_bytes() == broken
    again = open_desk(desk.settings, desk.clock)
    assert titles(again) == [paper.title]
    again.close()


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
            keeping.restore(desk.settings, desk.clock, tmp_path / name, silent)
    assert titles(desk) == [paper.title]


def test_a_backup_of_a_newer_program_is_refused(desk, paper):
    made = keeping.backup(desk.settings, desk.clock, silent)
    with closing(sqlite3.connect(made.path)) as raw:
        raw.execute("UPDATE _sqlite_migrations SET name = 'm999_x' WHERE name = 'm001_papers'")
        raw.commit()
    with pytest.raises(BadInputError, match="m999_x"):
        keeping.restore(desk.settings, desk.clock, made.path, silent)


def test_no_room_is_said_before(desk, paper, monkeypatch):
    usage = keeping.shutil.disk_usage(desk.root)
    monkeypatch.setattr(keeping.shutil, "disk_usage", lambda _: usage._replace(free=10))
    with pytest.raises(BadInputError, match="needs"):
        keeping.backup(desk.settings, desk.clock, silent)
    assert not list((desk.root / "backups").iterdir())


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
        keeping.restore(desk.settings, desk.clock, made.path, silent)
    assert (desk.root / "desk.db").read_bytes() == before
    assert [path.name for path in (desk.root / "backups").iterdir()] == [made.path.name]


def test_a_copy_that_fails_ends_the_restore_before_anything_is_moved(desk, paper, monkeypatch):
    made = keeping.backup(desk.settings, desk.clock, silent)

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(keeping.copies, "copy_out", full)
    with pytest.raises(BadInputError, match="disk is full"):
        keeping.restore(desk.settings, desk.clock, made.path, silent)
    assert titles(desk) == [paper.title]


def test_what_was_moved_aside_comes_back_where_nothing_could_be_put_there(desk, paper, monkeypatch):
    made = keeping.backup(desk.settings, desk.clock, silent)
    desk.close()
    broken = b"no database" * 500
    (desk.root / "desk.db").write_bytes(broken)

    def full(_: Path) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(keeping, "_writable", full)
    with pytest.raises(DeskError, match="as it was"):
        keeping.restore(desk.settings, desk.clock, made.path, silent)
    assert (desk.root / "desk.db").read_bytes() == broken


def test_the_one_just_made_stays_though_the_clock_was_set_back(desk, paper, fake_time):
    fake_time.advance(days=3)
    for _ in range(8):
        keeping.backup(desk.settings, desk.clock, silent)
        fake_time.advance(minutes=1)
    fake_time.advance(days=-3)
    made = keeping.backup(desk.settings, desk.clock, silent, newest=2)
    assert made.path.is_file()


_KILLED = """
import os, signal, sys
from pathlib import Path
from datetime import UTC, datetime
from dataclasses import replace
from researchdesk.config import load_settings
from researchdesk.services import keeping

settings = replace(load_settings(), desk=Path(sys.argv[1]))

def die(what, done, total):
    if what.startswith(sys.argv[2]) and done:
        os.kill(os.getpid(), signal.SIGKILL)

clock = lambda: datetime(2026, 5, 1, tzinfo=UTC)
if sys.argv[2].startswith("copying"):
    keeping.backup(settings, clock, die)
else:
    keeping.restore(settings, clock, Path(sys.argv[3]), die)
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


def test_a_folder_of_its_own_is_taken(desk, paper, tmp_path: Path):
    made = keeping.backup(desk.settings, desk.clock, silent, folder=tmp_path / "disk" / "copies")
    assert made.path.parent == tmp_path / "disk" / "copies"
    assert keeping.backups(desk.settings) == []
    assert len(keeping.backups(desk.settings, tmp_path / "disk" / "copies")) == 1
