import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from researchdesk.domain.clock import utc_now
from researchdesk.domain.health import Health
from researchdesk.domain.papers import PaperVersion
from researchdesk.services import doctor, keeping
from researchdesk.services.doctor import Examination
from researchdesk.services.synced_folders import keeper_of
from researchdesk.sources.pacing import Pacer
from researchdesk.sources.progress import silent
from researchdesk.storage import papers, soundness


def examined(desk, **more):
    """The checks, by what they say is wrong or to be noted."""
    asked = Examination(desk.settings, desk.clock, silent, network=False, **more)
    return [c for c in doctor.examine(asked) if c.health is not Health.OK], asked


@pytest.fixture
def held(desk, paper):
    """A PDF that the desk has of the paper."""
    path = desk.root / "papers" / "1904.00001" / "v2.pdf"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"%PDF-1.7 of some kind")
    digest = "5a6f9e8bb8f29eb91ffd9e8f1d1a3ad2d5b1d4fa3e0a3c5ef6e1eac39fa8b8c4"
    version = PaperVersion(2, "papers/1904.00001/v2.pdf", digest, 21, desk.clock())
    with desk.database.writing() as db:
        papers.set_version(db, paper.id, version)
    return path


def test_a_sound_desk_with_a_backup_has_nothing_to_note(desk, paper):
    keeping.backup(desk.settings, desk.clock, silent)
    assert examined(desk)[0] == []


def test_without_a_desk_it_says_what_makes_one(desk, tmp_path):
    asked = Examination(
        replace(desk.settings, desk=tmp_path / "none"), desk.clock, silent, network=False
    )
    found = doctor.examine(asked)
    assert not (tmp_path / "none").exists()
    assert {c.name for c in found if c.health is Health.NOTE} == {"folder", "database", "backups"}


def test_a_missing_file_is_a_problem_and_forgotten_when_told(desk, paper, held):
    held.unlink()
    found, asked = examined(desk)
    assert [c.message for c in found if c.name == "files"] == [
        "1 of 1 files are not there, as papers/1904.00001/v2.pdf."
    ]
    assert desk.database.connection.execute("SELECT pdf FROM versions").fetchone() != ("",)
    assert doctor.repair(asked) == ["files: 1 that were not there are forgotten"]
    assert not [c for c in examined(desk)[0] if c.name == "files"]


def test_bytes_that_are_not_what_was_filed_are_found_where_it_looks_deep(desk, held):
    assert not [c for c in examined(desk)[0] if c.name == "files"]
    assert [c.health for c in examined(desk, deep=True)[0] if c.name == "files"] == [Health.PROBLEM]


def test_an_orphan_is_moved_and_not_lost_and_leftovers_go(desk, held):
    orphan = held.with_name("v9.pdf")
    orphan.write_bytes(b"mine")
    left = held.with_name(".copy-abc")
    left.write_bytes(b"half")
    fresh = held.with_name(".copy-def")
    fresh.write_bytes(b"half")
    week = desk.clock().timestamp() - 8 * 86400
    os.utime(left, (week, week))
    now = desk.clock().timestamp()
    os.utime(fresh, (now, now))
    found, asked = examined(desk)
    assert len([c for c in found if c.name == "files"]) == 2
    doctor.repair(asked)
    (moved,) = (desk.root / "backups").rglob("v9.pdf")
    assert moved.read_bytes() == b"mine"
    assert not left.exists()
    assert fresh.exists()
    assert held.exists()


@pytest.mark.parametrize(
    "name",
    [
        *(
            "backups/.backup-1.part-journal",
            "backups/desk-1.part-wal",
            "cache/documents/.a.json.part",
            "cache/queries/a.tmp",
        ),
        *("runs/20260101-000000-a/.outline.jsonl.17", ".restoring-a/desk.db"),
        *("drafts/.1f.lock", "drafts/.paper-1@1f.json.part"),
    ],
)
def test_every_half_made_file_of_the_desk_goes_when_it_is_old(desk, name):
    path = desk.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half")
    old = desk.clock().timestamp() - 8 * 86400
    for one in (path, path.parent):
        os.utime(one, (old, old))
    _, asked = examined(desk)
    assert doctor.repair(asked) == ["files: 1 leftovers deleted"]
    assert not path.exists()


def test_what_is_in_a_clone_of_code_is_neither_an_orphan_nor_a_leftover(desk, held):
    clone = held.parent / "code" / "repository"
    clone.mkdir(parents=True)
    theirs = [clone / name for name in ("paper.pdf", "index.html", "data.part")]
    for path in theirs:
        path.write_bytes(b"theirs")
        os.utime(path, (1, 1))
    left = clone.with_name(".part-1")
    left.mkdir()
    os.utime(left, (1, 1))
    _, asked = examined(desk)
    assert doctor.repair(asked) == ["files: 1 leftovers deleted"]
    assert all(path.exists() for path in theirs)
    assert not left.exists()


def test_the_lock_of_a_program_that_runs_is_no_leftover(desk):
    lock = FileLock(desk.root / ".1f.lock")
    with lock:
        (desk.root / "drafts").mkdir()
        Path(lock.lock_file).rename(desk.root / "drafts" / ".1f.lock")
        os.utime(desk.root / "drafts" / ".1f.lock", (1, 1))
        _, asked = examined(desk)
        assert doctor.repair(asked) == []


def test_a_search_index_that_is_not_right_is_made_anew(desk, paper):
    with desk.database.writing() as db:
        db.conn.execute("INSERT INTO ideas_fts(rowid, text) VALUES (77, 'not there')")
    found, asked = examined(desk)
    assert [c.message for c in found if c.name == "search"] == [
        "The search index is not right: ideas_fts."
    ]
    assert doctor.repair(asked) == ["search: made anew: ideas_fts"]
    assert not [c for c in examined(desk)[0] if c.name == "search"]


def test_an_index_that_cannot_be_looked_at_is_not_said_to_be_wrong(desk):
    raw = desk.database.raw
    raw.execute("PRAGMA query_only=ON")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        soundness.differs(raw, "ideas_fts")


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
def test_what_is_made_for_the_state_is_the_owners_alone(tmp_path):
    def no_wait(_seconds):
        pass

    with Pacer(tmp_path / "state" / "requests", utc_now, no_wait).turn("localhost", 0, silent):
        pass
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700


def test_a_damaged_database_leads_to_the_backups(desk, paper):
    database = desk.root / "desk.db"
    desk.close()
    with closing(sqlite3.connect(database)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(database.read_bytes())
    data[4096 * 3 : 4096 * 9] = b"\xff" * 4096 * 6
    database.write_bytes(data)
    found, _ = examined(desk)
    (wrong,) = [c for c in found if c.name == "database"]
    assert wrong.health is Health.PROBLEM
    assert "aside" in wrong.hint
    assert not [c for c in found if "researchdesk backup" in c.hint]
    (desk.root / "backups").mkdir()
    (desk.root / "backups" / "backup-20260101T000000000000.db").write_bytes(b"")
    assert "restore" in next(c.hint for c in examined(desk)[0] if c.name == "database")


def test_rows_that_point_nowhere_are_told(desk, paper):
    desk.close()
    with closing(sqlite3.connect(desk.root / "desk.db")) as raw:
        raw.execute("INSERT INTO versions (paper_id, version) VALUES (999, 1)")
        raw.commit()
    found, _ = examined(desk)
    assert "1 of versions" in next(c.message for c in found if c.name == "database")


@pytest.mark.parametrize(
    ("parts", "keeper"),
    [
        (("Dropbox", "desk"), "Dropbox"),
        (("Dropbox (Institute)", "a", "b"), "Dropbox"),
        (("OneDrive - University",), "OneDrive"),
        (("Library", "Mobile Documents", "desk"), "iCloud Drive"),
        (("GoogleDrive-1126", "My Drive"), "Google Drive"),
        (("nextcloud",), "Nextcloud"),
        (("work", "desk"), ""),
        (("mydropboxes",), ""),
    ],
)
def test_synced_folders_are_told_by_name(tmp_path: Path, parts, keeper):
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/a / ext4 rw 0 0\n")
    assert keeper_of(tmp_path.joinpath(*parts), mounts) == keeper


def test_by_the_marks_of_the_programs_and_by_the_mounts(tmp_path: Path):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/a / ext4 rw 0 0\nserver:/x {tmp_path}/far\\040away nfs4 rw 0 0\n")
    (tmp_path / "near" / ".stfolder").mkdir(parents=True)
    assert keeper_of(tmp_path / "near" / "desk", mounts) == "Syncthing"
    assert keeper_of(tmp_path / "far away" / "desk", mounts) == "a network file system (nfs4)"
    assert keeper_of(tmp_path / "far", mounts) == ""
    assert keeper_of(tmp_path / "far", tmp_path / "none") == ""


def test_a_desk_there_is_warned_about(desk, paper, tmp_path):
    settings = replace(desk.settings, desk=tmp_path / "Dropbox")
    settings.desk.mkdir()
    asked = Examination(settings, desk.clock, silent, network=False)
    assert "Dropbox" in next(c.message for c in doctor.examine(asked) if c.name == "synced folder")


def test_the_network_is_asked_once_for_each_source(desk, arxiv_settings, arxiv_server):
    arxiv_server.add("1706.03762")
    on = replace(arxiv_settings, desk=desk.root)
    asked = Examination(on, desk.clock, silent)
    (check,) = [c for c in doctor.examine(asked) if c.name == "network"]
    assert check.health is Health.OK
    assert len(arxiv_server.paths()) == 1
    out = Examination(replace(on, arxiv_url="http://127.0.0.1:9"), desk.clock, silent)
    (check,) = [c for c in doctor.examine(out) if c.name == "network"]
    assert check.health is Health.NOTE
