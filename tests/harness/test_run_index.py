"""Lists of runs: quick, and always what the folders say."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest
from support.many_runs import FIRST, add_runs, paper_of, recipe_of
from support.recipe_maker import write_recipe

from researchdesk.domain.clock import utc_now
from researchdesk.domain.run_rows import RunChoice, RunRow
from researchdesk.domain.runs import Event, RunState, RunSummary, Task
from researchdesk.errors import BusyError
from researchdesk.harness.events import encode
from researchdesk.harness.history import RunConfig
from researchdesk.harness.index_file import INDEX
from researchdesk.harness.recipes import load_recipe
from researchdesk.harness.run_index import row_of
from researchdesk.harness.store import RunStore

COUNT = 75
INTERRUPTED = RunChoice(state=RunState.INTERRUPTED)
FINISHED = RunChoice(state=RunState.FINISHED)


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    add_runs(tmp_path / "runs", COUNT, steps=1)
    return tmp_path / "runs"


@pytest.fixture
def store(runs: Path) -> RunStore:
    return RunStore(runs, utc_now)


def truth(store: RunStore) -> list[RunRow]:
    return [row_of(run) for run in store.all()]


def ids(store: RunStore, choice: RunChoice, limit: int | None = None) -> list[str]:
    return [row.id for row in store.index.newest(choice, limit).rows]


def holds(store: RunStore) -> None:
    """Everything that is listed is what the folders say, whatever is asked for."""
    every = truth(store)
    assert store.index.newest().rows == every
    for state in RunState:
        choice = RunChoice(state=state)
        assert store.index.newest(choice).rows == [row for row in every if row.state is state]
    begun = {run.id for run in every if store.events(run.id)}
    assert {name for _, _, name in store.index.written()} == begun


def test_what_is_listed_is_what_the_folders_say(store: RunStore, runs: Path) -> None:
    holds(store)
    holds(RunStore(runs, utc_now))  # as another process, of what the first kept
    every = truth(store)
    few = store.index.newest(limit=7)
    assert (few.rows, few.more) == (every[:7], COUNT - 7)
    both = RunChoice(paper_of(3), recipe_of(3), RunState.FINISHED)
    found = store.index.newest(both, 1)
    of_both = [row for row in every if both.takes(row)]
    assert len(of_both) == 2
    assert (found.rows, found.more) == (of_both[:1], 1)
    by_recipe = store.index.of_each_recipe(1)
    assert next(shown.rows[0] for shown in by_recipe.values()) == every[0]
    for recipe, shown in by_recipe.items():
        mine = [row for row in every if row.recipe == recipe]
        assert (shown.rows, shown.more) == (mine[:1], len(mine) - 1)
    of_paper = [name for _, _, name in store.index.written(paper_of(3))]
    assert of_paper == [row.id for row in every if row.arxiv_id == paper_of(3)]


def test_finished_runs_are_read_once(
    store: RunStore, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.index.catch_up()
    read: list[str] = []
    original = RunStore.get

    def counted(self: RunStore, run_id: str) -> RunSummary:
        read.append(run_id)
        return original(self, run_id)

    monkeypatch.setattr(RunStore, "get", counted)
    again = RunStore(runs, utc_now)
    assert len(again.index.newest().rows) == COUNT
    assert len(again.index.newest(FINISHED).rows) > COUNT // 2
    assert read == []


def test_runs_that_go_and_come_are_seen(store: RunStore, runs: Path, tmp_path: Path) -> None:
    holds(store)
    gone, copied = sorted(ids(store, FINISHED))[:2]
    shutil.move(runs / gone, tmp_path / gone)
    holds(store)
    shutil.copytree(runs / copied, runs / "20300101-000000-copied-in-by-hand")
    shutil.copytree(tmp_path / gone, runs / gone)
    holds(store)
    assert ids(store, RunChoice(), 1) == ["20300101-000000-copied-in-by-hand"]


def test_another_run_in_the_place_of_a_finished_one_is_seen(store: RunStore, runs: Path) -> None:
    holds(store)
    one, other = ids(store, FINISHED)[0], ids(store, INTERRUPTED)[0]
    shutil.copytree(runs / other, runs / f".{one}")
    shutil.rmtree(runs / one)
    (runs / f".{one}").rename(runs / one)
    holds(store)
    assert one in ids(store, INTERRUPTED)


def test_what_is_written_to_a_run_is_seen(store: RunStore, runs: Path) -> None:
    holds(store)
    one = ids(store, INTERRUPTED)[0]
    with (runs / one / "events.jsonl").open("a") as file:
        file.write(encode(Event("run_resumed", FIRST)))
        file.write(encode(Event("seed_finished", FIRST, "ours", 4, {"metrics": {}, "seconds": 1})))
    holds(store)
    with (runs / one / "events.jsonl").open("a") as file:
        file.write(encode(Event("run_finished", FIRST, data={"verdict": "different"})))
    holds(store)
    assert one in ids(store, FINISHED)
    with (runs / ids(store, FINISHED)[1] / "events.jsonl").open("a") as file:
        file.write(encode(Event("run_interrupted", FIRST)))
    every = truth(store)
    assert store.index.newest(limit=COUNT).rows == every


def test_a_run_that_cannot_be_read_is_left_out_until_it_can(store: RunStore, runs: Path) -> None:
    half = runs / "20300101-000000-half-copied"
    half.mkdir()
    assert half.name not in ids(store, RunChoice())
    holds(store)
    whole = ids(store, FINISHED)[0]
    shutil.copy(runs / whole / "config.toml", half)
    holds(store)
    assert [row.state for row in store.index.newest(limit=1).rows] == [RunState.CRASHED]
    shutil.copy(runs / whole / "events.jsonl", half)
    holds(store)
    assert half.name in ids(store, FINISHED)


@pytest.mark.parametrize(
    "how", ["gone", "garbage", "cut", "foreign", "older", "nonsense", "folder"]
)
def test_an_index_that_is_no_good_is_made_anew(store: RunStore, runs: Path, how: str) -> None:
    store.index.catch_up()
    path = runs / INDEX
    whole = path.read_bytes()
    path.unlink()
    if how == "garbage":
        path.write_bytes(b"\xff" * 9000)
    elif how == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    elif how in ("foreign", "older"):
        with sqlite3.connect(path) as db:
            db.execute("CREATE TABLE runs (id TEXT, what TEXT)")
            db.execute("INSERT INTO runs VALUES ('x', 'y')")
            if how == "older":
                db.execute(f"PRAGMA application_id = {0x52445258}")
                db.execute("PRAGMA user_version = 1")
        db.close()
    elif how == "nonsense":
        path.write_bytes(whole)
        with sqlite3.connect(path) as db:
            db.execute("UPDATE runs SET state = 'dancing', inode = 0")
        db.close()
    elif how == "folder":
        path.mkdir()
    holds(RunStore(runs, utc_now))
    if how != "folder":
        with sqlite3.connect(path) as db:
            assert db.execute("SELECT count(*) FROM runs").fetchone() == (COUNT,)
        db.close()


def test_a_folder_that_cannot_be_written_is_listed(store: RunStore, runs: Path) -> None:
    with sqlite3.connect(runs / INDEX) as held:
        held.execute("CREATE TABLE other (x)")
        held.execute("PRAGMA user_version = 9")
    held.close()
    (runs / INDEX).chmod(0o444)
    runs.chmod(0o555)
    try:
        holds(store)
    finally:
        runs.chmod(0o755)


def test_a_run_under_way_and_one_that_was_killed_are_told_as_they_are(
    store: RunStore, runs: Path, tmp_path: Path
) -> None:
    """Its lock alone tells, and it goes with the process: nothing more is written."""
    one = ids(store, INTERRUPTED)[0]
    program = textwrap.dedent(
        """
        import sys, time
        from pathlib import Path
        from researchdesk.harness.locks import FileLock
        assert FileLock(Path(sys.argv[1])).acquire()
        print("held", flush=True)
        time.sleep(60)
        """
    )
    holds(store)
    command = [sys.executable, "-c", program, str(runs / one / "lock")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert ids(store, RunChoice(state=RunState.RUNNING)) == [one]
        holds(store)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert ids(store, RunChoice(state=RunState.RUNNING)) == []
    holds(store)


def test_the_run_to_go_on_with_is_found_among_many(
    store: RunStore, runs: Path, tmp_path: Path
) -> None:
    recipe = load_recipe(write_recipe(tmp_path / "recipes"), bundled=False)
    tasks = (Task("ours", 0), Task("ours", 1))
    config = RunConfig(recipe.name, recipe.digest, recipe.arxiv_id, False, False, tasks)
    first, _ = store.start(recipe, config, lambda event: None)
    first.record("run_started")
    with pytest.raises(BusyError):
        RunStore(runs, utc_now).start(recipe, config, lambda event: None)
    first.close()
    other = RunConfig(recipe.name, recipe.digest, recipe.arxiv_id, False, False, tasks[:1])
    second, _ = store.start(recipe, other, lambda event: None)
    second.close()
    again, _ = RunStore(runs, utc_now).start(recipe, config, lambda event: None)
    assert again.id == first.id != second.id
    again.close()


def test_two_that_list_and_write_at_once_both_tell_the_truth(runs: Path) -> None:
    found: list[list[RunRow]] = []
    threads = [
        threading.Thread(target=lambda: found.append(RunStore(runs, utc_now).index.newest().rows))
        for _ in range(4)
    ]
    threads += [threading.Thread(target=RunStore(runs, utc_now).index.catch_up) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every = truth(RunStore(runs, utc_now))
    assert found == [every] * 4
    with sqlite3.connect(runs / INDEX) as db:
        assert db.execute("SELECT count(*) FROM runs").fetchone() == (COUNT,)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


def test_how_far_the_first_reading_is_is_told_where_it_takes_long(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, int]] = []
    store.index.newest(FINISHED, tell=lambda done, total: told.append((done, total)))
    assert told == []
    (store._folder / INDEX).unlink()
    monkeypatch.setattr("researchdesk.harness.run_index._LONG_S", 0.0)
    store.index.newest(FINISHED, tell=lambda done, total: told.append((done, total)))
    assert told[0] == (0, COUNT)
