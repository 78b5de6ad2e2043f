"""The shape of an experiment is told from its text, and the text is never run."""

from pathlib import Path

import pytest

from researchdesk.harness.recipes.experiments import shape_of

IMPORT = "from researchdesk.harness.training.experiment import Experiment\n"


def told(tmp_path: Path, text: str) -> tuple[tuple[str, ...], tuple[str, ...], list[str]]:
    file = tmp_path / "experiment.py"
    file.write_text(text, "utf-8")
    found = shape_of(file)
    return found.functions, found.experiments, [line.split(": ", 1)[1] for line in found.problems]


@pytest.mark.parametrize(
    ("text", "functions", "classes"),
    [
        ("def measure(run): ...", ("measure",), ()),
        ("def measure_seeds(runs): ...", ("measure_seeds",), ()),
        (
            "def measure(run): ...\ndef measure_seeds(runs): ...",
            ("measure", "measure_seeds"),
            (),
        ),
        ("measure = lambda run: {}", ("measure",), ()),
        ("try:\n    from fast import measure\nexcept ImportError: ...", ("measure",), ()),
        (f"{IMPORT}class A(Experiment): ...", (), ("A",)),
        (f"{IMPORT.strip()} as E\nclass A(E): ...", (), ("A",)),
        (
            "from researchdesk.harness.training import experiment\n"
            "class A(experiment.Experiment): ...\nclass B: ...",
            (),
            ("A",),
        ),
    ],
)
def test_the_shapes(
    tmp_path: Path, text: str, functions: tuple[str, ...], classes: tuple[str, ...]
) -> None:
    assert told(tmp_path, text) == (functions, classes, [])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x = 1", "there is no `measure(run)`"),
        ("def other():\n    def measure(run): ...", "there is no `measure(run)`"),
        (f"{IMPORT}class A(Experiment): ...\nclass B(A): ...", "more than one Experiment: A, B"),
        (f"{IMPORT}class A(Experiment): ...\ndef measure(run): ...", "has the class A and `measu"),
        ("return 1", "is not Python"),
        ("\0", "is not Python"),
    ],
)
def test_what_is_no_experiment(tmp_path: Path, text: str, problem: str) -> None:
    (found,) = told(tmp_path, text)[2]
    assert found.startswith(problem)


def test_it_is_not_run(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    told(tmp_path, f"open({str(ran)!r}, 'w')\ndef measure(run): ...")
    assert not ran.exists()


def test_the_task_is_told(tmp_path: Path) -> None:
    file = tmp_path / "experiment.py"
    for line in ('task = "regression"', 'task: ClassVar[str] = "regression"'):
        file.write_text(f"{IMPORT}class A(Experiment):\n    {line}\n", "utf-8")
        assert shape_of(file).task == "regression"
