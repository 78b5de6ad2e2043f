"""Fifty kills with a seed; and that a desk that lost something is found out, each time."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from reliability.killing.attempts import Attempt
from reliability.killing.catalogue import OPERATIONS
from reliability.killing.hatched import HALF, build_shim
from reliability.killing.judging import before_and_after, when_done
from reliability.killing.observing import GONE, observe
from reliability.kills import hit, kill, table
from support.tiny_pdf import tiny_pdf

from researchdesk.config import Settings
from researchdesk.services import acquire, notes, stories
from researchdesk.services.desk import open_desk

ARMED = """
import ctypes, sys
shim = ctypes.CDLL(None)
shim.kills_arm(2, int(sys.argv[2]), 0)
with open(sys.argv[1], "w") as file:
    file.write("x" * 1000)
"""


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_fifty_kills_lose_nothing() -> None:
    done = kill(50, range(100), OPERATIONS, jobs=2, hits=50)
    faults = [f"kill {one.number}, {one.operation}: {told}" for one in done for told in one.faults]
    assert faults == []
    assert 50 <= hit(done) < 70, table(done, 50, 0.0)


@pytest.fixture
def kept(settings: Settings, tmp_path: Path) -> Path:
    """A desk with a paper, a note in two states and a draft in two states."""
    (tmp_path / "one.pdf").write_bytes(tiny_pdf("One"))
    desk = open_desk(settings)
    paper = acquire.add(desk, str(tmp_path / "one.pdf")).paper
    note = notes.add_note(desk, paper, 1, "n1 first")
    notes.edit_note(desk, note.id, text="n1 second")
    stories.new_story(desk, "why")
    for text in ("one", "two"):
        stories.save_draft(desk, "why", text)
    desk.close()
    return settings.desk


HARMS = {
    "note n1": "DELETE FROM note_revisions WHERE text = 'n1 first'",
    "note n1 ": "UPDATE notes SET text = 'n1 sec'",
    "paper one": "UPDATE papers SET removed_at = '2026-01-01'",
    "pdf one 1": "UPDATE versions SET sha256 = 'ab'",
    "draft why 1": "UPDATE drafts SET text = 'tw'",
    "states why 1": "DELETE FROM draft_states WHERE text LIKE 'one%'",
    "story why": "UPDATE stories SET title = 'Who'",
}


def test_whatever_a_desk_loses_is_found(kept: Path, tmp_path: Path) -> None:
    before = observe(kept)
    assert before_and_after(Attempt(), before, observe(kept), ()) == []
    for number, (name, harm) in enumerate(HARMS.items()):
        harmed = tmp_path / f"harmed{number}"
        shutil.copytree(kept, harmed)
        with closing(sqlite3.connect(harmed / "desk.db")) as raw:
            raw.execute(harm)
            raw.commit()
        (fault,) = before_and_after(Attempt(), before, observe(harmed), ())
        assert fault.startswith(name.strip())
    next(kept.rglob("v1.pdf")).write_bytes(b"%PDF-half")
    (fault,) = before_and_after(Attempt(), before, observe(kept), ())
    assert fault.startswith("pdf one 1")


def test_what_is_half_done_or_said_and_not_done_or_not_done_again_is_found() -> None:
    one, other = ("paper", "a"), ("paper", "b")
    attempt = Attempt(new={one: 1, other: 2}, together=[[one, other]])
    assert before_and_after(attempt, {}, {}, ()) == []
    assert before_and_after(attempt, {}, {one: 1, other: 2}, (one, other)) == []
    (half,) = before_and_after(attempt, {}, {one: 1}, ())
    assert half.startswith("half of it is done")
    assert len(before_and_after(attempt, {}, {}, (one,))) == 1
    assert len(when_done(attempt, {}, {one: 1}, {})) == 1
    assert when_done(attempt, {one: 1}, {one: 1, other: 2}, {}) == []
    moved = Attempt(settles=lambda key: True, at_once=True)
    old, new = {one: "old", other: "old"}, {one: "new", other: "new"}
    assert when_done(moved, old, new, old) == when_done(moved, new, new, old) == []
    assert len(when_done(moved, {one: "old", other: "new"}, new, old)) == 1
    assert len(when_done(moved, {one: "torn", other: GONE}, new, old)) == 2


@pytest.mark.parametrize(("how", "size"), [(0, 0), (HALF, 500), (2, 1000)])
def test_a_process_dies_at_the_very_call(tmp_path: Path, how: int, size: int) -> None:
    shim = build_shim(tmp_path)
    if shim is None:
        pytest.skip("there is no C compiler")
    command = [sys.executable, "-c", ARMED, tmp_path / "file", str(how)]
    done = subprocess.run(command, env={"LD_PRELOAD": str(shim)})
    assert done.returncode == -9
    assert (tmp_path / "file").stat().st_size == size
