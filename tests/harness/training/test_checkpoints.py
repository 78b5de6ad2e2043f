"""Checkpoints: whole or not there, and never code."""

import os
import pickle
import resource
from pathlib import Path

import pytest
import torch

from researchdesk.harness.training.checkpoints import Checkpoints
from researchdesk.harness.training.steplog import NotWrittenError


class Harmful:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch harmed",)


def test_a_state_comes_back_as_it_was(tmp_path: Path) -> None:
    kept = Checkpoints(tmp_path / "a" / "0.pt")
    assert kept.load() is None
    state = {"step": 3, "model": {"weight": torch.tensor([1.5, float("nan")])}, "list": [1, None]}
    kept.save(state)
    found = kept.load()
    assert found is not None
    assert torch.equal(found["model"]["weight"].nan_to_num(7), torch.tensor([1.5, 7.0]))
    assert (found["step"], found["list"]) == (3, [1, None])
    assert [path.name for path in kept.path.parent.iterdir()] == ["0.pt"] if kept.path else False


@pytest.mark.parametrize("as_torch_does", [True, False])
def test_nothing_in_a_file_is_run(
    tmp_path: Path, as_torch_does: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "0.pt"
    state = {"step": 1, "model": Harmful()}
    if as_torch_does:
        torch.save(state, path)
    else:
        path.write_bytes(pickle.dumps(state, protocol=2))
    monkeypatch.chdir(tmp_path)
    assert Checkpoints(path).load() is None
    assert not (tmp_path / "harmed").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no checkpoint at all"])
def test_a_broken_file_is_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "0.pt"
    path.write_bytes(content)
    assert Checkpoints(path).load() is None


def test_a_disk_that_fills_leaves_the_state_before(tmp_path: Path) -> None:
    kept = Checkpoints(tmp_path / "0.pt")
    kept.save({"step": 1})
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(NotWrittenError) as caught:
            kept.save({"step": 2, "model": torch.zeros(100_000)})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.disk_full
    found = kept.load()
    assert found is not None
    assert found["step"] == 1
    assert [path.name for path in tmp_path.iterdir()] == ["0.pt"]


def test_one_is_due_by_steps_or_by_time() -> None:
    by_steps = Checkpoints(None, 4)
    assert [step for step in range(1, 13) if by_steps.due(step)] == [4, 8, 12]
    assert not Checkpoints(None).due(1_000_000)
