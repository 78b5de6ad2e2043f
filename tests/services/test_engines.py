"""The engines of the settings, listed and tried."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from researchdesk.domain.engines import EngineKind
from researchdesk.errors import BadInputError, NotOnDeskError
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.engines import Step, check_engine, engines

TABLES: dict[str, dict[str, Any]] = {
    "far": {"kind": "ray", "address": "127.0.0.1:9"},
    "odd": {"kind": "ray", "address": "nonsense"},
    "wrong": {"kind": "ray", "adress": "x"},
    "sub": {"kind": "slurm", "launcher": "local"},
}


@pytest.fixture
def away(desk: Desk) -> Desk:
    return open_desk(replace(desk.settings, engines=TABLES, engine="far"), desk.clock)


def test_engines_are_listed_with_what_is_wrong_and_one_out_of_reach_says_what_to_do(
    away: Desk,
) -> None:
    listed = {entry.name: entry for entry in engines(away)}
    assert list(listed) == ["local", "ray", "slurm", "far", "odd", "wrong", "sub"]
    assert [name for name, entry in listed.items() if entry.usual] == ["far"]
    assert "address" in listed["wrong"].problem
    assert listed["wrong"].settings is None
    assert listed["far"].settings is not None
    assert listed["far"].settings.kind is EngineKind.RAY
    assert listed["far"].library == "ray"
    assert listed["far"].version
    told: list[Step] = []
    found = check_engine(away, "far", 1, told.append)
    assert not found.ok
    assert list(found.steps) == told
    assert [(step.name, step.ok) for step in told] == [("extra", True), ("connect", False)]
    assert "127.0.0.1:9" in told[-1].words
    assert "ray status" in told[-1].hint
    odd = check_engine(away, "odd", 1, told.append)
    assert "is no address" in odd.steps[-1].words
    with pytest.raises(NotOnDeskError, match="no engine"):
        check_engine(away, "fat", 1, told.append)
    with pytest.raises(BadInputError):
        check_engine(away, "wrong", 1, told.append)
    assert not list(away.root.glob("engine-check*"))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["local", "sub"])
def test_a_trial_comes_through_an_engine_that_works(away: Desk, name: str) -> None:
    found = check_engine(away, name, 2, lambda step: None)
    assert found.ok, found.steps
    assert found.steps[-1].name == "trial"
    assert "came back" in found.steps[-1].words
    told = {step.name: step.words for step in found.steps}.get("describe", "")
    assert name == "local" or told.startswith("It is submitit 1")
    assert name == "local" or "launcher local" in told
    assert not list(away.root.glob("engine-check*"))


@pytest.mark.slow
def test_a_trial_that_ends_without_a_word_is_told_with_the_file_that_it_left(
    desk: Desk, tmp_path: Path
) -> None:
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\n[ "$1" = -c ] && exit 0\necho boo >&2\nexit 3\n')
    python.chmod(0o755)
    table = {"kind": "slurm", "launcher": "local", "python": str(python)}
    odd = open_desk(replace(desk.settings, engines={"odd": table}), desk.clock)
    last = check_engine(odd, "odd", 1, lambda step: None).steps[-1]
    assert (last.name, last.ok) == ("begin", False)
    (kept,) = odd.root.glob("engine-check*")
    assert str(kept) in last.hint
    (log,) = kept.glob("trials/.submitit/*/*.err")
    assert str(log) in last.words
    assert "boo" in log.read_text()
