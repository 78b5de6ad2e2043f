"""An authors' command in their checkout."""

import json
import os
import signal
import sys
import textwrap
import threading
from pathlib import Path
from typing import Any

import pytest
from support.processes import has_ended
from support.tiny_training import Lines
from support.training_worker import TrainingWorker, of

from researchdesk.domain.recipes import Command
from researchdesk.harness.training.command import CommandError, alone, run_command
from researchdesk.harness.training.run import Run

TRAIN = """
    import json, sys
    seed, rate = int(sys.argv[1]), float(sys.argv[2])
    for epoch in range(3):
        print(f"epoch {epoch}: \\x1b[31mloss = {rate / (epoch + 1):.3f}\\x1b[0m", end="\\r")
    print(f"\\nfinal accuracy: {90 + seed}%", file=sys.stderr)
    with open(f"out-{seed}.json", "w") as file:
        json.dump({"f1": 0.25, "name": "x"}, file)
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    folder.mkdir()
    (folder / "train.py").write_text(textwrap.dedent(TRAIN))
    return folder


def command(**given: Any) -> Command:
    words = ("{python}", "train.py", "{seed}", "{setting:rate}")
    return Command("local", "abc", given.pop("run", words), **given)


def test_metrics_are_read_from_what_it_prints_and_from_its_file(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = Lines()
    run = Run("authors", 2, {"rate": 0.5}, steps=lines)
    patterns = {"loss": r"loss = ([\d.]+)", "accuracy": r"accuracy: ([\d.]+)%"}
    given = command(patterns=patterns, metrics_file="out-{seed}.json")
    assert run_command(run, given, checkout) == {"loss": 0.167, "accuracy": 92.0, "f1": 0.25}
    logged = [json.loads(line) for line in lines.kept]
    assert [(one["s"], one["m"]) for one in logged] == [
        (1, {"loss": 0.5}),
        (2, {"loss": 0.25}),
        (3, {"loss": 0.167}),
        (1, {"accuracy": 92.0}),
    ]
    printed = capsys.readouterr().out
    assert "final accuracy: 92%" in printed
    assert "\x1b" not in printed


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"run": ("{python}", "-c", "print('so it goes'); raise SystemExit(3)")}, "code 3.\nso it"),
        ({"run": ("no-such-program",)}, "cannot be run: No such file"),
        ({"run": ("{python}", "{setting:depth}")}, "no setting 'depth'"),
        ({"patterns": {"bleu": r"BLEU (\d+)"}}, "matches the pattern of bleu"),
        ({"patterns": {"loss": r"(epoch)"}}, "'epoch', which is no number"),
        ({"metrics_file": "else.json"}, "did not write else.json"),
        ({"metrics_file": "old.json"}, "did not write old.json"),
        ({"metrics_file": "link.json"}, "not inside the checkout"),
    ],
)
def test_what_goes_wrong_is_told(checkout: Path, given: dict[str, Any], words: str) -> None:
    (checkout / "old.json").write_text('{"f1": 1}')
    (checkout.parent / "outside.json").write_text('{"f1": 1}')
    (checkout / "link.json").symlink_to(checkout.parent / "outside.json")
    with pytest.raises(CommandError) as caught:
        run_command(Run("authors", 0, {"rate": 1}), command(**given), checkout)
    assert words in str(caught.value)


def test_words_are_filled_in_and_never_read_by_a_shell(checkout: Path) -> None:
    script = "import sys; print('got', sys.argv[1:]); print('x=1')"
    given = command(
        run=("{python}", "-c", script, "{seed};rm *", "{setting:a b}{seed}", "{other}"),
        patterns={"x": r"x=(\d)", "count": r"got \['7;rm \*', 'yes7', '\{other\}'\](.*)"},
    )
    with pytest.raises(CommandError, match=r"'', which is no number"):
        run_command(Run("authors", 7, {"a b": "yes"}), given, checkout)


SLEEPS = """
    import subprocess, os, sys, time
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    print(f"pids={os.getpid()} child={child.pid}", flush=True)
    if sys.argv[1] == "stay":
        time.sleep(600)
    if sys.argv[1] == "eat":
        kept = bytearray(400_000_000)
        time.sleep(600)
"""
PATTERNS = {"pid": r"pids=(\d+)", "child": r"child=(\d+)"}


def job(checkout: Path, how: str) -> dict[str, Any]:
    (checkout / "sleeps.py").write_text(textwrap.dedent(SLEEPS))
    run = ["{python}", "sleeps.py", how]
    return {"command": {"run": run, "patterns": PATTERNS}, "checkout": checkout}


def pids_of(answers: Any) -> list[int]:
    return [int(one["value"]) for one in answers if one["kind"] == "metric"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("how", "limits", "words"),
    [
        ("go", {}, ""),
        ("stay", {"minutes": 0.05}, "longer than the recipe's limit of 0.05 minutes"),
        ("eat", {"memory_gb": 0.2}, "more than the recipe's limit of 0.2 GB"),
    ],
)
def test_a_command_and_its_children_end_with_their_seed(
    tmp_path: Path, checkout: Path, how: str, limits: dict[str, float], words: str
) -> None:
    with TrainingWorker(tmp_path, tmp_path / "log") as worker:
        found = worker.do("measure", **job(checkout, how), limits=limits)
        pids = pids_of(found)
        assert len(pids) == 2
        assert all(map(has_ended, pids))
        assert all(words in one["error"] for one in of(found, "failed"))
        assert len(of(found, "failed")) == (1 if words else 0)
        again = worker.do("measure", **job(checkout, "go"))
        assert of(again, "finished")


def test_a_command_ends_with_its_worker(tmp_path: Path, checkout: Path) -> None:
    with TrainingWorker(tmp_path, tmp_path / "log") as worker:
        worker.give(**job(checkout, "stay"))
        pids: list[int] = []
        for answer in worker.answers():
            pids += pids_of([answer])
            if len(pids) == 2:
                break
        os.kill(worker.pid, signal.SIGKILL)
        assert sys.platform != "linux" or has_ended(pids[0])
        os.kill(pids[1], signal.SIGKILL)


def test_two_seeds_never_write_one_file_at_once(checkout: Path) -> None:
    def overlaps(metrics_file: str, within: float) -> bool:
        given = command(metrics_file=metrics_file)
        second = threading.Event()

        def other() -> None:
            with alone(given, checkout):
                second.set()

        with alone(given, checkout):
            thread = threading.Thread(target=other)
            thread.start()
            overlapped = second.wait(within)
        thread.join()
        return overlapped

    assert not overlaps("results.json", 0.3)
    assert overlaps("results-{seed}.json", 30)
