"""The folder of runs: begun whole, owned by one process, resumed, removed."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.faketime import FakeTime
from support.recipe_maker import write_recipe

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import RunState, Task
from researchdesk.domain.verdicts import ClaimResult, Interval, Shortfall, Verdict
from researchdesk.errors import BadInputError, BusyError, DeskError, NotOnDeskError
from researchdesk.harness.claim_records import claim_record
from researchdesk.harness.history import RunConfig
from researchdesk.harness.open_run import OpenRun
from researchdesk.harness.recipes import load_recipe
from researchdesk.harness.store import RunStore

TASKS = (Task("ours", 0), Task("ours", 1))
Start = Callable[..., OpenRun]


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    return load_recipe(write_recipe(tmp_path / "recipes"), bundled=False)


@pytest.fixture
def store(tmp_path: Path, fake_time: FakeTime) -> RunStore:
    return RunStore(tmp_path / "runs", fake_time.clock)


@pytest.fixture
def start(store: RunStore, recipe: Recipe) -> Start:
    def starting(tasks: tuple[Task, ...] = TASKS, quick: bool = False, **more: Any) -> OpenRun:
        return store.start(recipe, config_of(recipe, tasks, quick, **more), lambda event: None)[0]

    return starting


def config_of(
    recipe: Recipe, tasks: tuple[Task, ...] = TASKS, quick: bool = False, **more: Any
) -> RunConfig:
    return RunConfig(recipe.name, recipe.digest, recipe.arxiv_id, False, quick, tasks, **more)


def finish(run: OpenRun, *tasks: Task, end: bool = True) -> None:
    for task in tasks:
        run.record("seed_started", task)
        run.record("seed_finished", task, {"metrics": {"score": 0.5}, "seconds": 1.0})
    if end:
        run.record("run_finished")
    run.close()


def test_a_run_tells_what_it_did(store: RunStore, start: Start, fake_time: FakeTime) -> None:
    run = start()
    run.record("run_started")
    assert store.get(run.id).state is RunState.RUNNING
    fake_time.advance(seconds=5)
    run.record("seed_failed", TASKS[1], {"error": "boom"})
    finish(run, TASKS[0])
    summary = store.get(run.id)
    assert run.id == "20260412-120000-2001.00001-tiny"
    assert summary.state is RunState.FINISHED
    assert (summary.arxiv_id, summary.quick, summary.tasks) == ("2001.00001", False, TASKS)
    assert [result.task for result in summary.results] == [TASKS[0]]
    assert summary.failures == {TASKS[1]: "boom"}
    assert summary.ended_at is not None
    assert (summary.ended_at - summary.started_at).total_seconds() == 5


def test_claims_come_back_from_the_event_of_the_end(store: RunStore, start: Start) -> None:
    claims = [
        ClaimResult("a", Verdict.REPRODUCED, "w", 5, 1.0, 0.1, Interval(0.9, 1.1), "TOST", 0.01),
        ClaimResult("b", Verdict.UNTESTED, "no", shortfall=Shortfall.NOT_RUN, level=0.98),
    ]
    run = start()
    data = {"verdict": "reproduced", "claims": [claim_record(claim) for claim in claims]}
    run.record("run_finished", data=data)
    run.close()
    summary = store.get(run.id)
    assert (summary.verdict, list(summary.claims)) == (Verdict.REPRODUCED, claims)
    assert summary.state is RunState.FAILED  # no seed finished


def test_an_unfinished_run_is_resumed_and_a_finished_one_is_not(start: Start) -> None:
    first = start()
    first.record("run_started")
    finish(first, TASKS[0], end=False)
    second = start()
    assert second.id == first.id
    finish(second, TASKS[1])
    third = start()
    assert third.id == f"{first.id}-02"
    third.close()


def test_another_plan_is_another_run(start: Start) -> None:
    first = start()
    first.close()
    others = [start(tasks=TASKS[:1]), start(quick=True)]
    assert len({first.id, *(run.id for run in others)}) == 3
    again = start()
    assert again.id == first.id
    for run in (*others, again):
        run.close()


def test_a_changed_recipe_is_another_run_and_it_is_said(
    store: RunStore, start: Start, recipe: Recipe
) -> None:
    first = start()
    first.close()
    (recipe.folder / "experiment.py").write_text("def measure(run): return {'score': 1}\n")
    changed = load_recipe(recipe.folder, bundled=False)
    run, note = store.start(changed, config_of(changed), lambda event: None)
    assert run.id != first.id
    assert first.id in note
    assert "return {'score': 1}" in (run.recipe / "experiment.py").read_text()
    run.close()


def test_a_run_whose_copy_of_the_recipe_was_touched_is_not_resumed(start: Start) -> None:
    first = start()
    first.close()
    (first.recipe / "experiment.py").write_text("def measure(run): return {'score': 0.5}\n")
    second = start()
    assert second.id != first.id
    second.close()


def test_a_run_under_way_is_left_alone(store: RunStore, start: Start) -> None:
    run = start()
    with pytest.raises(BusyError, match=run.id):
        start()
    with pytest.raises(BusyError, match=run.id):
        store.remove(run.id)
    run.close()
    store.remove(run.id)
    assert store.all() == []


def test_a_run_under_way_can_be_asked_to_stop(store: RunStore, start: Start) -> None:
    run = start()
    assert not run.stop_asked()
    store.ask_to_stop(run.id)
    assert run.stop_asked()
    run.close()
    with pytest.raises(NotOnDeskError, match="not under way"):
        store.ask_to_stop(run.id)
    resumed = start()
    assert not resumed.stop_asked()
    resumed.close()


def test_a_seed_that_failed_and_then_finished_has_not_failed(store: RunStore, start: Start) -> None:
    run = start()
    run.record("seed_failed", TASKS[0], {"error": "boom"})
    finish(run, TASKS[0])
    assert store.get(run.id).failures == {}


@pytest.mark.parametrize("name", ["", "..", "../recipes", "20260412-120000-none", "a/b"])
def test_what_is_no_run_is_not_found(store: RunStore, start: Start, name: str) -> None:
    start().close()
    with pytest.raises(NotOnDeskError):
        store.get(name)
    with pytest.raises(NotOnDeskError):
        store.remove(name)


def test_a_run_that_cannot_be_read_does_not_hide_the_others(store: RunStore, start: Start) -> None:
    first = start()
    finish(first, *TASKS)
    broken = start()
    broken.close()
    (broken.folder / "config.toml").write_text("tasks = 3")
    assert [run.id for run in store.all()] == [first.id]


def test_what_a_crash_left_half_made_is_no_run_and_goes(
    store: RunStore, start: Start, tmp_path: Path
) -> None:
    half = tmp_path / "runs" / ".new-half"
    half.mkdir(parents=True)
    (half / "config.toml").write_text("")
    assert store.all() == []
    start().close()
    assert not half.exists()


def test_a_folder_that_cannot_be_written_is_told(
    recipe: Recipe, tmp_path: Path, fake_time: FakeTime
) -> None:
    (tmp_path / "file").write_text("")
    blocked = RunStore(tmp_path / "file" / "runs", fake_time.clock)
    with pytest.raises(DeskError, match="could not be started"):
        blocked.start(recipe, config_of(recipe), lambda event: None)
    assert blocked.all() == []


@pytest.mark.parametrize("what", [MemoryError, KeyboardInterrupt, OSError])
def test_a_beginning_that_fails_leaves_nothing(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: type[BaseException]
) -> None:
    def fail(*_: object) -> None:
        raise what

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", fail)
        with pytest.raises(DeskError if what is OSError else what) as caught:
            start()
    assert [path.name for path in (tmp_path / "runs").iterdir()] == [".lock"]
    assert what is not OSError or caught.value.exit_code == 6  # type: ignore[attr-defined]
    start().close()


def test_what_looks_like_a_run_and_is_none_hides_no_other(
    store: RunStore, start: Start, tmp_path: Path
) -> None:
    first = start()
    finish(first, *TASKS)
    runs = tmp_path / "runs"
    (runs / "20260101-000000-file").touch()
    (runs / "20260101-000000-dangling").symlink_to(tmp_path / "nowhere")
    (runs / "20260101-000000-empty").mkdir()
    for name, odd in (("events", "events.jsonl"), ("config", "config.toml"), ("lock", "lock")):
        folder = runs / f"20260101-000000-{name}"
        shutil.copytree(first.folder, folder)
        (folder / odd).unlink()
        (folder / odd).mkdir()
    for name, line in (("deep", "a = " + "[" * 3000), ("seed", 'tasks = [{arm="a", seed=inf}]')):
        folder = runs / f"20260101-000000-{name}"
        folder.mkdir()
        (folder / "config.toml").write_text(line)
    moment = runs / "99999999-999999-moment"
    shutil.copytree(first.folder, moment)
    (moment / "events.jsonl").unlink()
    assert {first.id} <= {run.id for run in store.all()} <= {first.id, "20260101-000000-lock"}
    with pytest.raises(NotOnDeskError):
        store.get("20260101-000000-file")
    with pytest.raises(BadInputError, match="events"):
        store.get("20260101-000000-events")
    second = start()
    assert second.id.startswith(first.id)
    second.close()


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
odd_lines = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(
            ["run_started", "seed_started", "seed_finished", "seed_failed", "run_finished"]
        ),
        "at": st.just("2026-04-12T12:00:00+00:00"),
        "arm": st.sampled_from(["ours", "none"]),
        "seed": st.none() | st.integers(0, 2),
        "data": st.fixed_dictionaries(
            {},
            optional={
                name: json_values | st.sampled_from(["reproduced", [{"id": 1}], {"a": "nan"}])
                for name in ("metrics", "seconds", "error", "verdict", "claims")
            },
        ),
    }
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None
)
@given(st.lists(odd_lines, max_size=6))
def test_no_file_of_events_makes_a_run_unreadable(
    store: RunStore, start: Start, lines: list[dict[str, Any]]
) -> None:
    run = start()
    run.close()
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (run.folder / "events.jsonl").write_text(text, "utf-8")
    summary = store.get(run.id)
    assert {result.task for result in summary.results} <= set(TASKS)
    store.remove(run.id)
