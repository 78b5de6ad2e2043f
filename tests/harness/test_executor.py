"""Worker processes: what they are given, what they answer, how they end."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from support.processes import has_ended, is_alive
from support.recipe_maker import write_recipe

from researchdesk.domain.runs import Task
from researchdesk.errors import DeskError
from researchdesk.harness.executor import execute
from researchdesk.harness.jobs import MEASURE, ArmSetup, Job, Plan, job_line
from researchdesk.harness.training import leash

Said = tuple[str, Task | None, Mapping[str, Any]]


class Seen:
    """What was recorded, in order; ``stop_after`` so many events, the run is to stop."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.events: list[Said] = []
        self.engine: Mapping[str, Any] = {}
        self._stop_after = stop_after

    def record(self, kind: str, task: Task | None, data: Mapping[str, Any]) -> None:
        self.events.append((kind, task, data))

    def stop(self) -> bool:
        return self._stop_after is not None and len(self.events) >= self._stop_after

    def set_engine(self, engine: Mapping[str, Any]) -> None:
        self.engine = engine

    def of(self, kind: str) -> dict[Task, Mapping[str, Any]]:
        return {task: data for found, task, data in self.events if found == kind and task}


def run(
    folder: Path,
    experiment: str,
    seeds: int = 1,
    *,
    settings: Mapping[str, Any] | None = None,
    jobs: int = 1,
    stop_after: int | None = None,
) -> Seen:
    recipe = write_recipe(folder / "recipes", experiment)
    tasks: Sequence[Task] = [Task("ours", seed) for seed in range(seeds)]
    arms = {"ours": ArmSetup(settings or {})}
    plan = Plan(recipe, tasks, arms, folder / "stdout.log", jobs, folder / "cache")
    seen = Seen(stop_after)
    went_through = execute(plan, seen.record, seen.stop, seen.set_engine)
    assert went_through is (stop_after is None)
    return seen


def test_a_seed_is_measured_with_its_arm_settings_and_curves(tmp_path: Path) -> None:
    seen = run(
        tmp_path,
        """
        def measure(run):
            for step in range(3):
                run.log(step, loss=1.0 / (step + 1))
            assert run.arm == "ours"
            run.result(late=run.settings["late"])
            return {"score": run.seed + 0.5, "count": 10**12}
        """,
        settings={"late": 0.25},
    )
    assert [kind for kind, _, _ in seen.events] == [
        *("seed_started", "metric", "metric", "metric", "seed_finished"),
    ]
    metrics = seen.of("seed_finished")[Task("ours", 0)]["metrics"]
    assert metrics == {"loss": 1 / 3, "late": 0.25, "score": 0.5, "count": 10**12}
    assert seen.events[2][2] == {"step": 1, "name": "loss", "value": 0.5}


def test_long_curves_are_thinned_and_keep_their_ends(tmp_path: Path) -> None:
    seen = run(
        tmp_path,
        """
        def measure(run):
            for step in range(5000):
                run.log(step, x=step)
        """,
    )
    steps = [data["step"] for kind, _, data in seen.events if kind == "metric"]
    assert len(steps) < 220
    assert (steps[0], steps[-1]) == (0, 4999)


def test_every_generator_is_seeded_and_one_thread_used(tmp_path: Path) -> None:
    experiment = """
        import random, numpy, torch
        def measure(run):
            assert torch.get_num_threads() == 1
            assert torch.are_deterministic_algorithms_enabled()
            tiny = torch.full((9,), 1e-30, requires_grad=True)
            (tiny * 1e-9).sum().backward()
            assert not (tiny * 1e-9).any(), "subnormal numbers make a step ten times as long"
            return {
                "python": random.random(),
                "numpy": numpy.random.rand(),
                "torch": torch.rand(()),
                "hash": hash("text") % 1000,
            }
        """
    first = run(tmp_path, experiment, 2, jobs=1)
    second = run(tmp_path, experiment, 2, jobs=2)
    values = {task: data["metrics"] for task, data in first.of("seed_finished").items()}
    again = {task: data["metrics"] for task, data in second.of("seed_finished").items()}
    assert values == again
    a, b = (values[Task("ours", seed)] for seed in (0, 1))
    assert all(a[name] != b[name] for name in ("python", "numpy", "torch"))
    assert first.engine["compute"].startswith("torch ")
    assert first.engine["threads"] == 1
    assert first.engine["subnormals"] == "flushed to zero"


def test_prints_go_to_the_log_and_never_among_the_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESEARCHDESK_S2_KEY", "a secret")
    seen = run(
        tmp_path,
        """
        import os, sys
        print('{"kind": "failed", "error": "import"}')
        def measure(run):
            print("from the recipe")
            os.write(1, b'{"kind": "finished", "metrics": {"score": 9}}\\n')
            os.system("echo from a child")
            print("complaint", file=sys.stderr)
            os.system("env")
            return {"score": 1}
        """,
    )
    assert [kind for kind, _, _ in seen.events] == ["seed_started", "seed_finished"]
    log = (tmp_path / "stdout.log").read_text()
    for words in ("from the recipe", "from a child", "complaint", "PATH="):
        assert words in log
    assert "a secret" not in log


def test_an_exception_fails_its_seed_and_the_next_one_runs(tmp_path: Path) -> None:
    seen = run(
        tmp_path,
        """
        def measure(run):
            if run.seed == 0:
                raise ValueError("no luck \\x1b[31m")
            if run.seed == 1:
                raise SystemExit(3)
            return {"score": float("nan"), "best": float("inf")}
        """,
        3,
    )
    failed = seen.of("seed_failed")
    assert failed[Task("ours", 0)]["error"].splitlines()[-1] == "ValueError: no luck "
    assert "in measure" in failed[Task("ours", 0)]["error"]
    assert "SystemExit" in failed[Task("ours", 1)]["error"]
    metrics = seen.of("seed_finished")[Task("ours", 2)]["metrics"]
    assert metrics["score"] != metrics["score"]
    assert metrics["best"] == float("inf")


@pytest.mark.parametrize(
    ("death", "words"),
    [
        ("os.kill(os.getpid(), signal.SIGSEGV)", "was ended by SIGSEGV"),
        ("os._exit(7)", "ended with exit code 7"),
    ],
)
def test_a_crash_fails_its_seed_and_a_new_worker_goes_on(
    tmp_path: Path, death: str, words: str
) -> None:
    seen = run(
        tmp_path,
        f"""
        import os, signal, sys
        def measure(run):
            if run.seed == 0:
                print("last words", file=sys.stderr, flush=True)
                {death}
            return {{"score": 1}}
        """,
        2,
    )
    error = seen.of("seed_failed")[Task("ours", 0)]["error"]
    assert words in error.splitlines()[0]
    assert error.splitlines()[-1] == "last words"
    assert Task("ours", 1) in seen.of("seed_finished")


def test_a_child_that_outlives_its_crashed_worker_holds_nothing_up(tmp_path: Path) -> None:
    seen = run(
        tmp_path,
        """
        import os, time
        def measure(run):
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
            os._exit(9)
        """,
    )
    assert "exit code 9" in seen.of("seed_failed")[Task("ours", 0)]["error"]


@pytest.mark.parametrize(
    ("experiment", "words"),
    [
        ("raise RuntimeError('not today')\ndef measure(run): ...", "RuntimeError: not today"),
        ("def measure(run): pass", "measure(run) gave no metric"),
        ("def measure(run): return {'score': 'high'}", "'score' is str, not a number"),
    ],
)
def test_a_wrong_experiment_fails_its_seeds(tmp_path: Path, experiment: str, words: str) -> None:
    seen = run(tmp_path, experiment, 2)
    assert [words in data["error"] for data in seen.of("seed_failed").values()] == [True, True]


def test_stopping_ends_workers_and_their_children(tmp_path: Path) -> None:
    seen = run(
        tmp_path,
        """
        import os, subprocess, sys, time
        def measure(run):
            deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
            child = subprocess.Popen([sys.executable, "-c", deaf + "print(1, flush=True); "
                "time.sleep(60)"], stdout=subprocess.PIPE)
            child.stdout.readline()
            run.log(0, worker=os.getpid(), child=child.pid)
            time.sleep(60)
        """,
        4,
        jobs=2,
        stop_after=6,
    )
    pids = [int(data["value"]) for kind, _, data in seen.events if kind == "metric"]
    assert len(pids) == 4
    assert all(has_ended(pid, 30) for pid in pids)


def test_a_recording_that_fails_leaves_no_worker_behind(tmp_path: Path) -> None:
    recipe = write_recipe(
        tmp_path, "import os, time\ndef measure(run):\n run.log(0, p=os.getpid())\n time.sleep(60)"
    )
    plan = Plan(recipe, [Task("ours", 0)], {}, tmp_path / "log", 1, tmp_path / "cache")
    pids: list[int] = []

    def record(kind: str, task: Task | None, data: Mapping[str, Any]) -> None:
        if kind == "metric":
            pids.append(int(data["value"]))
            raise DeskError("the disk is full")

    with pytest.raises(DeskError, match="the disk is full"):
        execute(plan, record, lambda: False, lambda engine: None)
    assert not is_alive(pids[0])


def test_a_worker_that_cannot_start_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "torch.py").write_text("raise ImportError('no torch here')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(DeskError, match=r"could not start.*\n(.*\n)*.*no torch here") as caught:
        run(tmp_path, "def measure(run): ...")
    assert caught.value.exit_code == 6


def test_a_worker_ends_with_its_standard_input(tmp_path: Path) -> None:
    """What ends workers where the system does not tell a process that its parent died."""
    recipe = write_recipe(tmp_path, "import time\ndef measure(run):\n time.sleep(600)")
    ours, theirs = os.pipe()
    module = "researchdesk.harness.training.worker"
    worker = subprocess.Popen(
        [sys.executable, "-m", module, str(os.getpid()), str(theirs), str(recipe)],
        stdin=subprocess.PIPE,
        pass_fds=(theirs,),
    )
    os.close(theirs)
    assert worker.stdin is not None
    with os.fdopen(ours) as answers:
        assert '"ready"' in answers.readline()
        task = Task("ours", 0)
        plan = Plan(recipe, [task], {}, tmp_path / "log", 1, tmp_path / "cache")
        worker.stdin.write(job_line(Job(MEASURE, "ours", (task,)), plan))
        worker.stdin.flush()
        assert '"started"' in answers.readline()
        worker.stdin.close()
        assert worker.wait(60) == 0


def test_a_worker_whose_parent_is_another_ends_at_once(tmp_path: Path) -> None:
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(20)
        leash.die_with_parent(os.getppid() + 1)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


@pytest.mark.slow
def test_a_seed_whose_process_is_killed_is_tried_again_from_its_checkpoint(tmp_path: Path) -> None:
    recipe = write_recipe(
        tmp_path / "recipes",
        """
        import os, signal
        from pathlib import Path

        def measure(run):
            tries = Path(__file__).with_name(f"tries-{run.seed}")
            tries.write_text(tries.read_text() + "." if tries.exists() else ".")
            if run.seed == 1 or len(tries.read_text()) < 3 and run.seed == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return {"score": run.seed}
        """,
    )
    tasks = [Task("ours", seed) for seed in range(3)]
    arms = {"ours": ArmSetup()}
    log = tmp_path / "stdout.log"
    plan = Plan(recipe, tasks, arms, log, 2, tmp_path / "cache", retries=2)
    seen = Seen()
    assert execute(plan, seen.record, seen.stop, seen.set_engine)
    assert set(seen.of("seed_finished")) == {tasks[0], tasks[2]}
    again = [(task, data) for kind, task, data in seen.events if kind == "seed_retried"]
    assert sorted((task.seed, data["try"]) for task, data in again if task) == [
        *((0, 2), (0, 3), (1, 2), (1, 3)),
    ]
    assert all("SIGKILL" in data["reason"] for _, data in again)
    failed = seen.of("seed_failed")
    assert set(failed) == {tasks[1]}
    assert "It was tried 3 times." in failed[tasks[1]]["error"]
