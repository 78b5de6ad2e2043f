"""The worker process: jobs in, answers out."""

import json
import textwrap
from pathlib import Path

import pytest
import torch
from support.training_worker import Answer, TrainingWorker, of

from researchdesk.harness.training.places import checkpoint_file, steps_file

EXPERIMENT = """
    import torch
    from torch import nn
    from researchdesk.harness.training.experiment import Experiment, Split

    class Tiny(Experiment):
        task = "classification"
        batchable = True

        def data(self, run):
            made = torch.Generator().manual_seed(5)
            x = torch.randn(60, 2, generator=made)
            y = (x[:, 0] > 0).long()
            return Split((x[:40], y[:40]), (x[40:], y[40:]))

        def model(self, run):
            return nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 2))
"""
SETTINGS = {"lr": 0.1, "steps": 12, "batch_size": 8}


class Bench:
    """Starts workers on an experiment's text."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "stdout.log"
        self.run_folder = folder / "run"

    def worker(self, experiment: str = EXPERIMENT) -> TrainingWorker:
        (self.folder / "experiment.py").write_text(textwrap.dedent(experiment))
        return TrainingWorker(self.folder, self.log)

    def answers(self, experiment: str, *seeds: int, **more: object) -> list[Answer]:
        with self.worker(experiment) as worker:
            return worker.do("measure", *seeds, run_folder=self.run_folder, **more)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_measure_is_answered_with_its_curves_and_metrics(bench: Bench) -> None:
    found = bench.answers(
        """
        import random
        def measure(run):
            print("to the log")
            for step in range(3):
                run.log(step, loss=1.0 / (step + 1))
            run.note("a remark")
            assert run.data == {"digits": "substitute:made"} and run.cache.name == "cache"
            return {"score": run.seed + run.settings["bonus"], "drawn": random.random()}
        """,
        0,
        1,
        settings={"bonus": 0.5},
        data={"digits": "substitute:made"},
        cache=bench.folder / "cache",
    )
    kinds = [one["kind"] for one in found]
    assert kinds == ["started", "metric", "metric", "metric", "finished"] * 2
    assert [(one["seed"], one["vary"]) for one in found] == [(0, "")] * 5 + [(1, "")] * 5
    assert found[0]["device"] == "cpu"
    assert found[4]["metrics"]["score"] == 0.5
    assert found[4]["notes"] == ["a remark"]
    assert found[4]["metrics"]["drawn"] != found[9]["metrics"]["drawn"]
    steps = steps_file(bench.run_folder, "ours", 0).read_text().splitlines()
    assert json.loads(steps[1]) == {"s": 1, "m": {"loss": 0.5}}
    assert "to the log" in bench.log.read_text()


def test_a_seed_takes_the_settings_drawn_for_it_and_its_streams(bench: Bench) -> None:
    found = bench.answers(
        """
        def measure(run):
            return {"lr": run.settings["lr"], "stream": run.stream("init")}
        """,
        {"seed": 0, "vary": "hyper", "settings": {"lr": 0.5}, "streams": {"init": 77}},  # type: ignore[arg-type]
        settings={"lr": 0.1},
    )
    assert of(found, "finished")[0]["metrics"] == {"lr": 0.5, "stream": 77}
    assert of(found, "finished")[0]["vary"] == "hyper"


def test_all_seeds_of_measure_seeds_are_measured_in_one_call(bench: Bench) -> None:
    found = bench.answers(
        """
        def measure_seeds(runs):
            for step in range(2):
                for run in runs:
                    run.log(step, loss=run.seed)
            return [{"together": len(runs)} for run in runs]
        """,
        3,
        4,
    )
    assert [one["metrics"] for one in of(found, "finished")] == [
        {"loss": 3, "together": 2},
        {"loss": 4, "together": 2},
    ]
    assert len(steps_file(bench.run_folder, "ours", 4).read_text().splitlines()) == 2


@pytest.mark.slow
def test_seeds_of_an_experiment_are_stacked_or_trained_one_by_one(bench: Bench) -> None:
    together = bench.answers(EXPERIMENT, 0, 1, settings=SETTINGS)
    alone = bench.answers(EXPERIMENT, 1, settings=SETTINGS)
    assert {one["together"] for one in of(together, "timing")} == {2}
    found = of(together, "finished")[1]["metrics"]
    assert found == pytest.approx(of(alone, "finished")[0]["metrics"], rel=1e-5)
    assert checkpoint_file(bench.run_folder, "ours", 0).exists()
    assert not list(checkpoint_file(bench.run_folder, "ours", 0).parent.glob("together*"))
    own = EXPERIMENT.replace("batchable = True", "batchable = False")
    single = bench.answers(own, 0, 1, settings=SETTINGS)
    assert of(single, "timing")
    assert not any("together" in one for one in of(single, "timing"))


@pytest.mark.slow
def test_the_other_jobs_are_answered_too(bench: Bench) -> None:
    with bench.worker() as worker:
        more = {"settings": SETTINGS, "run_folder": bench.run_folder}
        (untrained,) = worker.do("errors", **more)
        (planned,) = worker.do("plan", 0, 1, **more)
        (checked,) = worker.do("twice", **more)
        worker.do("measure", **more)
        (looked,) = worker.do("look", **more)
        (analysed,) = worker.do("errors", **more)
        (unknown,) = worker.do("dance", **more)
        base = worker.do("measure", baseline="majority", **{**more, "settings": {}})
    assert untrained["kind"] == "failed"
    assert "no trained model" in untrained["error"]
    assert planned["kind"] == "plan"
    assert planned["same"] is True
    assert checked == {**checked, "kind": "check", "name": "same seed, same result", "ok": True}
    assert json.loads(Path(looked["file"]).read_text())
    assert json.loads(Path(analysed["file"]).read_text())["step"] == 12
    assert "no job 'dance'" in unknown["error"]
    assert set(of(base, "finished")[0]["metrics"]) == {"train_accuracy", "test_accuracy"}


@pytest.mark.parametrize(
    ("experiment", "words"),
    [
        ("raise RuntimeError('not today')", "not today"),
        ("def measure(run): return {'score': 'high'}", "'score' is str, not a number"),
        ("def measure(run): pass", "gave no metric"),
    ],
)
def test_a_wrong_experiment_fails_each_of_its_seeds(
    bench: Bench, experiment: str, words: str
) -> None:
    found = of(bench.answers(experiment, 0, 1, settings=SETTINGS), "failed")
    assert [one["seed"] for one in found] == [0, 1]
    assert all(words in one["error"] for one in found)


def test_numbers_that_stop_being_finite_fail_the_seed_with_step_and_layer(bench: Bench) -> None:
    found = bench.answers(EXPERIMENT, settings={**SETTINGS, "lr": 1e38})
    (failed,) = of(found, "failed")
    assert failed["step"] >= 1
    assert failed["layer"]
    assert failed["checkpoint"] == str(checkpoint_file(bench.run_folder, "ours", 0))
    assert torch.load(failed["checkpoint"], weights_only=True)["step"] == 0


def test_a_device_that_is_not_here_fails_the_seeds(bench: Bench) -> None:
    found = bench.answers("def measure(run): return {'x': 1}", 0, 3, device="warp")
    assert [(one["seed"], one["kind"]) for one in found] == [(0, "failed"), (3, "failed")]
    assert "no device 'warp'" in found[0]["error"]


def test_a_full_disk_is_told_as_such(bench: Bench) -> None:
    found = bench.answers(
        """
        import resource
        def measure(run):
            resource.setrlimit(resource.RLIMIT_FSIZE, (2000, resource.RLIM_INFINITY))
            for step in range(1000):
                run.log(step, loss=1.0)
        """,
        0,
    )
    (failed,) = of(found, "failed")
    assert failed["disk_full"] is True
    assert "the disk is full" in failed["error"]


def test_a_seed_that_takes_too_long_fails_and_the_next_one_runs(bench: Bench) -> None:
    found = bench.answers(
        """
        import time
        def measure(run):
            if run.seed == 0:
                try:
                    while True:
                        time.sleep(0.01)
                except Exception:
                    return {"caught": 1}
            return {"score": 1}
        """,
        0,
        1,
        limits={"minutes": 0.01, "memory_gb": None},
    )
    (failed,) = of(found, "failed")
    assert "longer than the recipe's limit of 0.01 minutes" in failed["error"]
    assert [one["seed"] for one in of(found, "finished")] == [1]


@pytest.mark.slow
def test_code_that_cannot_be_interrupted_ends_with_its_worker(bench: Bench) -> None:
    text = """
        import signal
        def measure(run):
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
            signal.sigtimedwait([signal.SIGUSR1], 60)
    """
    with bench.worker(text) as worker:
        worker.give(limits={"minutes": 0.005, "memory_gb": None})
        assert [one["kind"] for one in worker.answers()] == ["ready", "started"]
        assert worker.wait() == 124
    assert "longer than the recipe's limit" in bench.log.read_text()


def test_a_seed_that_wants_too_much_memory_fails_and_the_next_one_runs(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")  # CUDA reserves more than any limit
    found = bench.answers(
        """
        import torch, numpy
        def measure(run):
            if run.seed == 0:
                return {"x": torch.zeros(400_000_000).sum()}
            if run.seed == 1:
                return {"x": numpy.ones(200_000_000).sum()}
            return {"x": torch.zeros(10_000_000).sum()}
        """,
        0,
        1,
        2,
        limits={"minutes": None, "memory_gb": 1.0},
    )
    assert [one["seed"] for one in of(found, "finished")] == [2]
    for failed in of(found, "failed"):
        assert "more than the recipe's limit of 1 GB of memory" in failed["error"]


@pytest.mark.slow
@pytest.mark.parametrize("seeds", [(0,), (0, 1)], ids=["alone", "together"])
def test_a_training_killed_by_kill_9_resumes_to_the_same_numbers(
    bench: Bench, tmp_path: Path, seeds: tuple[int, ...]
) -> None:
    settings = {**SETTINGS, "steps": 6000, "checkpoint_every": 50}
    whole = tmp_path / "whole"
    with bench.worker() as worker:
        more = {"settings": settings, "run_folder": whole}
        expected = of(worker.do("measure", *seeds, **more), "finished")
    with bench.worker() as worker:
        worker.give(seeds=seeds, settings=settings, run_folder=bench.run_folder)
        for answer in worker.answers():
            if answer["kind"] == "predictions" and answer["step"] > 320:
                worker.kill()
                break
    path = steps_file(bench.run_folder, "ours", 0)
    assert len(path.read_bytes().splitlines()) >= 320
    found = bench.answers(EXPERIMENT, *seeds, settings=settings, resume=True)
    assert 300 <= of(found, "started")[0]["step"] < 6000
    assert [one["metrics"] for one in of(found, "finished")] == [one["metrics"] for one in expected]
    for seed in seeds:
        ours, theirs = (steps_file(folder, "ours", seed) for folder in (bench.run_folder, whole))
        assert ours.read_bytes() == theirs.read_bytes()
        models = [
            torch.load(checkpoint_file(folder, "ours", seed), weights_only=True)["model"]
            for folder in (bench.run_folder, whole)
        ]
        assert all(torch.equal(models[0][name], models[1][name]) for name in models[0])
