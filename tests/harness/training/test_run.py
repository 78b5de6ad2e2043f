"""What an experiment is given, and what it says."""

import json
import math
from pathlib import Path

import pytest
import torch
from support.tiny_training import Lines, Said

from researchdesk.domain.seeding import SOURCES
from researchdesk.harness.training.run import Run
from researchdesk.harness.training.steplog import NotWrittenError, StepLog


def test_every_logged_step_is_a_line_of_strict_json() -> None:
    lines = Lines()
    run = Run("ours", 0, {}, steps=lines)
    run.log(1, loss=0.1, **{'a "name"\n': 3})
    run.log(2, loss=torch.tensor(math.nan), up=math.inf, down=-math.inf, right=True)
    first, second = [json.loads(line) for line in lines.kept]
    assert first == {"s": 1, "m": {"loss": 0.1, 'a "name"\n': 3}}
    assert second == {"s": 2, "m": {"loss": "nan", "up": "inf", "down": "-inf", "right": 1}}
    assert all(line.endswith(b"}\n") and line.count(b"\n") == 1 for line in lines.kept)


def test_curves_are_thinned_and_the_file_of_steps_is_not() -> None:
    lines, said = Lines(), Said()
    run = Run("ours", 0, {}, said, steps=lines)
    for step in range(3000):
        run.log(step, x=step)
    assert run.measured() == {"x": 2999}
    told = [data["step"] for data in said.of("metric")]
    assert len(told) < 220
    assert (told[0], told[-1]) == (0, 2999)
    assert len(lines.kept) == 3000


def test_results_go_before_what_was_logged_last() -> None:
    run = Run("ours", 0, {})
    run.log(1, loss=3.0, score=1.0)
    run.log(2, loss=2.0)
    run.result(score=torch.tensor(0.5))
    assert run.measured() == {"loss": 2.0, "score": 0.5}


@pytest.mark.parametrize("given", ["high", None, [1.0], torch.zeros(2)])
def test_what_is_no_number_is_refused(given: object) -> None:
    with pytest.raises((TypeError, RuntimeError)):
        Run("ours", 0, {}).log(1, loss=given)


def test_sources_of_randomness_are_apart() -> None:
    run, again, other = Run("a", 3, {}), Run("b", 3, {}), Run("a", 4, {})

    def draws(run: Run) -> list[float]:
        return [torch.rand((), generator=run.generator(source)).item() for source in SOURCES]

    first = draws(run)
    assert first == draws(again)
    assert len(set(first + draws(other))) == 2 * len(SOURCES)
    assert run.generator("init") is run.generator("init")
    with pytest.raises(ValueError, match=r"no source of randomness 'luck'.*init, order"):
        run.generator("luck")


def test_a_seed_that_varies_one_source_leaves_the_others_as_they_are() -> None:
    runs = [Run("a", seed, {}, vary="order") for seed in (1, 2)]
    same = {source: len({run.stream(source) for run in runs}) == 1 for source in SOURCES}
    assert same == {source: source != "order" for source in SOURCES}


def test_a_run_goes_on_from_its_state() -> None:
    said, through = Said(), Said()
    whole, first, second = (Run("a", 0, {}, emit) for emit in (through, said, said))
    for run, steps in ((whole, range(500)), (first, range(300))):
        for step in steps:
            run.log(step, x=torch.rand((), generator=run.generator("noise")))
    first.note("a remark")
    second.restore(first.state())
    for step in range(300, 500):
        second.log(step, x=torch.rand((), generator=second.generator("noise")))
    assert second.measured() == whole.measured()
    assert said.all == through.all
    assert second.notes == ["a remark"]


def test_a_full_disk_is_told_from_other_troubles(tmp_path: Path) -> None:
    run = Run("ours", 0, {}, steps=StepLog(Path("/dev/full")))
    with pytest.raises(NotWrittenError, match="the disk is full") as full:
        run.log(1, loss=0.5)
    assert full.value.disk_full
    (tmp_path / "file").touch()
    with pytest.raises(NotWrittenError) as other:
        StepLog(tmp_path / "file" / "0.jsonl")
    assert not other.value.disk_full
    assert "resume" in full.value.hint
