"""A disk that is full and one that may not be written: what is said, and that nothing is lost."""

import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database
from support.feed_server import FeedServer, Told
from support.made_paper import write_paper
from support.recipe_maker import write_recipe
from support.small_disk import SmallDisk, can_mount
from support.terminal import Terminal

from researchdesk.storage.migrations import desk_migrations

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not can_mount(), reason="no disk can be mounted here"),
]
needs_tmux = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
_ENTRY = """@article{{p{n}, title={{Paper {n}}}, author={{Ann Author}}, year={{2020}},
  eprint={{2001.{n:05d}}}, archivePrefix={{arXiv}}, abstract={{{words}}}}}
"""
_LONG = "word " * 20_000


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallDisk]:
    """A desk with papers, a note, a story and a backup, on a disk of 24 megabytes."""
    with SmallDisk(tmp_path / "disk", "24m", tmp_path / "streams") as made:
        monkeypatch.setenv("RESEARCHDESK_DESK", str(made.folder / "desk"))
        monkeypatch.setenv("RESEARCHDESK_STATE", str(made.folder / "state"))
        (tmp_path / "few.bib").write_text(_entries(1, 4), "utf-8")
        (tmp_path / "many.bib").write_text(_entries(100, 300), "utf-8")
        write_paper(tmp_path / "own.pdf", stamp="")
        for args in (
            ("import", str(tmp_path / "few.bib")),
            ("note", "add", "2001.00001", "--pass", "1", "before"),
            ("story", "new", "--title", "S"),
        ):
            assert made.run(*args).returncode == 0
        write_recipe(made.outside / "desk" / "recipes")
        yield made


def _entries(first: int, count: int) -> str:
    return "".join(_ENTRY.format(n=n, words="words " * 200) for n in range(first, first + count))


def _sound(disk: SmallDisk) -> None:
    checks = json.loads(disk.run("--offline", "doctor", "--deep", "--json").stdout)["checks"]
    found = {check["name"]: check["health"] for check in checks if check["name"] != "folder"}
    assert "problem" not in found.values(), checks


def test_every_writing_command_tells_of_a_full_disk_and_harms_nothing(
    disk: SmallDisk, tmp_path: Path
) -> None:
    backup = disk.run("backup").stdout.strip()
    writing = [
        ("add", str(tmp_path / "own.pdf")),
        ("note", "add", "2001.00001", _LONG),
        ("note", "edit", "1", _LONG),
        ("story", "edit", "s", _LONG),
        ("import", str(tmp_path / "many.bib")),
        ("export", "notes", "--all", "--to", str(disk.folder / "vault")),
        ("backup",),
        ("restore", backup),
        ("reproduce", "2001.00001", "--trust", "--seeds", "1"),
        ("funny", "add", _LONG, "--expected", "a", "--observed", "b"),
        ("tag", "add", "x", "--to", "2001.00001"),
        ("recipe", "new", "2001.00003"),
    ]
    for args in writing:
        with disk.full():
            done = disk.run(*args)
        said = done.stderr
        assert done.returncode in (4, 5, 6), (args[:2], done.returncode, said)
        assert "Traceback" not in said
        assert "not a desk" not in said
        assert "full" in said or "No space" in said or "needs" in said, said
        assert "hint:" in said or "room" in said, said
        done = disk.run(*args)
        assert done.returncode in (0, 6), (args[:2], done.stderr)
    _sound(disk)


def test_what_is_there_is_read_from_a_full_disk(disk: SmallDisk, tmp_path: Path) -> None:
    with disk.full():
        for args in (
            ("list",),
            ("search", "paper"),
            ("show", "2001.00001"),
            ("note", "list"),
            ("runs", "list"),
            ("export", "bibtex", "--all", "--to", str(tmp_path / "out.bib")),
            ("--offline", "doctor"),
        ):
            done = disk.run(*args)
            assert done.returncode == 0, (args, done.stderr)
    assert "Paper 1" in (tmp_path / "out.bib").read_text("utf-8")


def test_what_was_piped_in_is_left_in_a_file(disk: SmallDisk, tmp_path: Path) -> None:
    with disk.full():
        done = disk.run("note", "add", "2001.00001", "-", stdin="my own words")
    assert done.returncode == 5
    file = Path(done.stderr.rpartition("Your words are in ")[2].strip())
    assert file.read_text("utf-8") == "my own words"
    file.unlink()


def test_a_feed_and_a_migration_on_a_full_disk(
    disk: SmallDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FeedServer() as server:
        monkeypatch.setenv("RESEARCHDESK_RSS_URL", f"{server.url}/rss")
        monkeypatch.setenv("RESEARCHDESK_ARXIV_URL", server.url)
        new = [Told(f"2106.{n:05d}", abstract="words " * 400) for n in range(1, 60)]
        server.announce(datetime.now(UTC), *new)
        assert disk.run("feed", "follow", "cs.LG").returncode == 0
        with disk.full():
            done = disk.run("feed", "refresh", "--json")
        assert (done.returncode, "Traceback" in done.stderr) == (5, False), done.stderr
        assert "disk is full" in done.stderr
        assert disk.run("feed", "refresh", "--json").returncode == 0
    with closing(sqlite3.connect(tmp_path / "older.db")) as raw:
        desk_migrations.apply(Database(raw), stop_before="m015_drafts_as_rewrites")
    (disk.outside / "older").mkdir()
    shutil.copyfile(tmp_path / "older.db", disk.outside / "older" / "desk.db")
    with disk.full():
        done = disk.run("--desk", str(disk.folder / "older"), "list")
    assert (done.returncode, "Traceback" in done.stderr) == (5, False), done.stderr
    assert "full" in done.stderr or "No space" in done.stderr
    assert disk.run("--desk", str(disk.folder / "older"), "list").returncode == 0


def _in_terminal(disk: SmallDisk, tmp_path: Path) -> Terminal:
    enter = ["nsenter", "-t", str(disk.pid), "-U", "-m", "--preserve-credentials"]
    program = str(Path(sys.executable).parent / "researchdesk")
    names = ("PATH", "HOME", "RESEARCHDESK_DESK", "RESEARCHDESK_STATE", "RESEARCHDESK_CONFIG")
    environ = {name: os.environ[name] for name in names}
    environ |= {"LANG": "C.UTF-8", "TERM": "tmux-256color", "RESEARCHDESK_OFFLINE": "1"}
    return Terminal([*enter, program, "read", "2001.00001"], environ, tmp_path, (160, 40))


@needs_tmux
def test_the_app_keeps_what_is_typed_while_the_disk_is_full(
    disk: SmallDisk, tmp_path: Path
) -> None:
    with _in_terminal(disk, tmp_path) as terminal:
        terminal.wait("1 of 5")
        with disk.full():
            terminal.press("n")
            terminal.wait("Your words")
            terminal.write("kept in spite of it")
            terminal.wait("cannot be put on the disk")
            terminal.press("C-s")
            terminal.wait("could not be written")
            assert "kept in spite of it" in terminal.see()
            terminal.press("C-q")
            terminal.wait("Not ended")
        terminal.press("C-s")
        terminal.wait("2 notes")
        terminal.press("C-q")
        assert terminal.ended(), terminal.see()
    assert "kept in spite of it" in disk.run("note", "list").stdout
    _sound(disk)


@needs_tmux
def test_a_story_is_written_down_once_there_is_room(disk: SmallDisk, tmp_path: Path) -> None:
    with _in_terminal(disk, tmp_path) as terminal:
        terminal.wait("1 of 5")
        terminal.press("F6")
        terminal.wait("no draft yet")
        with disk.full():
            terminal.press("Enter")
            terminal.write("a red thread")
            terminal.wait("not written down yet")
        terminal.wait("· kept")
        terminal.press("C-q")
        assert terminal.ended(), terminal.see()
    assert disk.run("story", "show", "s").stdout.strip() == "a red thread"


def test_a_desk_that_may_only_be_read_is_read(disk: SmallDisk, tmp_path: Path) -> None:
    with disk.read_only():
        for args in (
            ("list",),
            ("search", "paper"),
            ("show", "2001.00001"),
            ("note", "list"),
            ("runs", "list"),
            ("undo", "--list"),
            ("export", "notes", "--all", "--to", str(tmp_path / "vault")),
            ("backup", "--to", str(tmp_path / "copies")),
            ("--offline", "doctor"),
        ):
            done = disk.run(*args)
            assert done.returncode == 0, f"{args}{done.stderr}"
        for args in (("note", "add", "2001.00001", "x"), ("tag", "add", "t", "--to", "2001.00001")):
            done = disk.run(*args)
            assert done.returncode == 5, done.stderr
            assert "it is read-only" in done.stderr
    assert disk.run("note", "list").stdout.count("before") == 1
    _sound(disk)


@needs_tmux
def test_the_app_shows_a_desk_that_may_only_be_read(disk: SmallDisk, tmp_path: Path) -> None:
    with disk.read_only(), _in_terminal(disk, tmp_path) as terminal:
        terminal.wait("1 of 5")
        terminal.press("n")
        terminal.wait("Your words")
        terminal.write("not now")
        terminal.press("C-s")
        terminal.wait("it is read-only")
        terminal.press("Escape")
        terminal.wait("Step")
        terminal.press("C-q", "C-q")
        assert terminal.ended(), terminal.see()
