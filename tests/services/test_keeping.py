import errno
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from support.faketime import FakeTime

from researchdesk.errors import BadInputError, NotOnDeskError
from researchdesk.services import keeping
from researchdesk.sources.progress import silent


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


def test_no_room_is_said_before(desk, paper, monkeypatch):
    usage = keeping.shutil.disk_usage(desk.root)
    monkeypatch.setattr(keeping.shutil, "disk_usage", lambda _: usage._replace(free=10))
    with pytest.raises(BadInputError, match="needs"):
        keeping.backup(desk.settings, desk.clock, silent)
    assert not list((desk.root / "backups").iterdir())


def test_a_folder_that_cannot_be_written_is_no_want_of_room(desk, paper, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(keeping, "room_for", refuse)
    with pytest.raises(BadInputError, match="backups cannot be written") as told:
        keeping.backup(desk.settings, desk.clock, silent)
    assert told.value.hint == "Choose another folder with --to."


def test_the_one_just_made_stays_though_the_clock_was_set_back(desk, paper, fake_time):
    fake_time.advance(days=3)
    for _ in range(8):
        keeping.backup(desk.settings, desk.clock, silent)
        fake_time.advance(minutes=1)
    fake_time.advance(days=-3)
    made = keeping.backup(desk.settings, desk.clock, silent, newest=2)
    assert made.path.is_file()


def test_a_folder_of_its_own_is_taken(desk, paper, tmp_path: Path):
    made = keeping.backup(desk.settings, desk.clock, silent, folder=tmp_path / "disk" / "copies")
    assert made.path.parent == tmp_path / "disk" / "copies"
    assert keeping.backups(desk.settings) == []
    assert len(keeping.backups(desk.settings, tmp_path / "disk" / "copies")) == 1
