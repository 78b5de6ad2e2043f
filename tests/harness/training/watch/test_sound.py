"""Sound programs stay quiet, and compute under observation what they compute without it."""

import re

import pytest
from support.programs import odd
from support.programs.sound import PROGRAMS
from support.watching import Zygote

FAST = (
    "mlp with batch norm",
    "lbfgs",
    "mixed precision",
    "character model, truncated",
    "gan",
    "torch.func without optimizer",
)


def check(zygote: Zygote, name: str, every: int = 0) -> None:
    watched = zygote.watch(PROGRAMS[name], every=every)
    assert watched.exit_code == 0, watched.printed
    assert re.search(r"0x[01]\.\w+p", watched.printed)
    assert watched.printed == zygote.run_alone(PROGRAMS[name])
    loud = [item for item in watched.report["findings"] if item["name"] in watched.loud]
    assert loud == []


@pytest.mark.parametrize("name", FAST)
def test_a_sound_program_is_quiet_and_its_numbers_are_its_own(zygote: Zygote, name: str) -> None:
    check(zygote, name)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in PROGRAMS if name not in FAST])
def test_so_is_every_other(zygote: Zygote, name: str) -> None:
    check(zygote, name)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cnn with log-softmax", "vae", "transformer encoder"])
def test_so_it_is_where_every_second_step_is_looked_at(zygote: Zygote, name: str) -> None:
    check(zygote, name, every=2)


@pytest.mark.parametrize("name", odd.PROGRAMS)
def test_what_is_odd_is_left_as_it_is(zygote: Zygote, name: str) -> None:
    program = odd.HEAD + odd.PROGRAMS[name]
    watched = zygote.watch(program)
    assert watched.exit_code == 0, watched.printed
    assert _without_paths(watched.printed) == _without_paths(zygote.run_alone(program))


def test_what_could_not_be_seen_is_said(zygote: Zygote) -> None:
    limits = " ".join(zygote.watch(PROGRAMS["torch.func without optimizer"]).report["limits"])
    assert "torch.func" in limits
    assert "no training was judged" in limits
    nothing = zygote.watch("import torch\nprint(torch.ones(1))").report
    assert "nothing was trained" in nothing["limits"][0]
    left = zygote.watch("import os, torch\nos._exit(7)")
    assert (left.exit_code, left.report["exit_code"], left.report["ended"]) == (7, 7, "os._exit")


def _without_paths(printed: str) -> str:
    printed = re.sub(r".*\.cpp:\d+\].*\n", "", printed)  # the profiler's own log, with the time
    return re.sub(r"/\S+/\d+/train\.py", "train.py", printed)
