"""What a worker is told to do: a job of one arm, for one seed or several."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from researchdesk.domain.recipes import Command, Limits
from researchdesk.harness.training.run import Emit, Run, Sink
from researchdesk.harness.training.stopping import Stopper

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class SeedGiven:
    """A seed of the job. ``settings`` are drawn for it and go before the arm's; ``stop`` is the
    rule that may end it early, if there is one: see ``stopping``."""

    seed: int
    vary: str = ""
    streams: Mapping[str, int] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    stop: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A job: its ``kind`` (``measure``, ``plan``, ``twice``, ``look``, ``errors``, ``ladder``) and
    its arm.

    ``run_folder`` is None where nothing is to be written. ``command`` makes the arm an authors'
    command, run in ``checkout``; ``baseline`` names one that comes free. ``seconds`` is
    what a ladder may take, ``brief`` leaves out its long rungs. ``stacked``: several seeds may be
    trained in one go, else one after the other.
    """

    kind: str
    arm: str
    seeds: tuple[SeedGiven, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    run_folder: Path | None = None
    cache: Path | None = None
    resume: bool = False
    command: Command | None = None
    checkout: Path | None = None
    baseline: str = ""
    limits: Limits = field(default_factory=Limits)
    seconds: float = 60.0
    brief: bool = False
    stacked: bool = True

    def settings_of(self, given: SeedGiven) -> dict[str, Any]:
        return {**self.settings, **given.settings}

    def run(self, given: SeedGiven, emit: Emit | None = None, steps: Sink | None = None) -> Run:
        """The seed as the experiment sees it."""
        return Run(
            self.arm,
            given.seed,
            self.settings_of(given),
            emit,
            vary=given.vary,
            streams=given.streams,
            device=self.device,
            data=self.data,
            cache=self.cache,
            steps=steps,
            stopper=Stopper(given.stop) if given.stop and len(self.seeds) == 1 else None,
        )


def read_assignment(line: str) -> Assignment:
    """The job of a line of JSON. Raises ValueError where its device is none or not here."""
    job = json.loads(line)
    command = job.get("command")
    limits = job.get("limits") or {}
    return Assignment(
        kind=job["job"],
        arm=job["arm"],
        seeds=tuple(_seed(given) for given in job.get("seeds") or [{"seed": 0}]),
        settings=job.get("settings") or {},
        data=job.get("data") or {},
        device=device_named(job.get("device") or "cpu"),
        run_folder=_path(job.get("run_folder")),
        cache=_path(job.get("cache")),
        resume=bool(job.get("resume")),
        command=_command(command) if command else None,
        checkout=_path(job.get("checkout")),
        baseline=job.get("baseline") or "",
        limits=Limits(limits.get("minutes"), limits.get("memory_gb")),
        seconds=float(job.get("seconds") or 60.0),
        brief=bool(job.get("brief")),
        stacked=bool(job.get("stacked", True)),
    )


def device_named(name: str) -> torch.device:
    """The device; ``auto`` is CUDA's where there is one. Raises ValueError where it is not here."""
    if name == AUTO:
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError:
        raise ValueError(f"There is no device {name!r}; try cpu, cuda or auto.") from None
    if device.type == "cuda" and not torch.cuda.is_available():
        raise ValueError("There is no CUDA device here; `--device cpu` or `auto` does without.")
    return device


def _seed(given: Mapping[str, Any]) -> SeedGiven:
    return SeedGiven(
        given["seed"],
        given.get("vary") or "",
        given.get("streams") or {},
        given.get("settings") or {},
        given.get("stop") or {},
    )


def _command(given: Mapping[str, Any]) -> Command:
    return Command(
        given.get("repository", ""),
        given.get("commit", ""),
        tuple(given["run"]),
        interpreter=given.get("interpreter") or "",
        patterns=given.get("patterns") or {},
        metrics_file=given.get("metrics_file") or "",
    )


def _path(given: str | None) -> Path | None:
    return Path(given) if given else None
