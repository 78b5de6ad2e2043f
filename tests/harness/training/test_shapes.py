"""What an experiment.py offers, and where a job is to run."""

import textwrap
from pathlib import Path

import pytest
import torch

from researchdesk.harness.training.assignment import device_named
from researchdesk.harness.training.shapes import Shape, load_shape

CLASS = """
    from researchdesk.harness.training.experiment import Experiment

    class Tiny(Experiment):
        task = "classification"
"""
MEASURE = "\n    def measure(run): ...\n"


def shape(folder: Path, text: str) -> Shape:
    (folder / "experiment.py").write_text(textwrap.dedent(text))
    return load_shape(folder)


def test_each_shape_is_found(tmp_path: Path) -> None:
    assert shape(tmp_path, MEASURE).measure is not None
    both = shape(tmp_path, MEASURE + "\n    def measure_seeds(runs): ...\n")
    assert both.measure is not None
    assert both.measure_seeds is not None
    assert type(shape(tmp_path, CLASS).experiment).__name__ == "Tiny"


def test_a_derived_experiment_stands_for_its_base(tmp_path: Path) -> None:
    found = shape(tmp_path, CLASS + "\n    class Better(Tiny): ...\n").experiment
    assert type(found).__name__ == "Better"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1", r"no measure\(run\), measure_seeds\(runs\) or Experiment"),
        (CLASS + MEASURE, "the class Tiny and a function measure"),
        (
            CLASS + "\n    class Other(Experiment): ...\n",
            "several classes.*: Tiny, Other",
        ),
    ],
)
def test_nothing_and_too_much_are_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        shape(tmp_path, text)


def test_a_device_is_taken_where_it_is() -> None:
    here = torch.cuda.is_available()
    assert device_named("cpu").type == "cpu"
    assert device_named("auto").type == ("cuda" if here else "cpu")
    with pytest.raises(ValueError, match="no device 'warp'"):
        device_named("warp")
    if not here:
        with pytest.raises(ValueError, match="no CUDA device here"):
            device_named("cuda")
