"""What a worker is given to do: a job of one arm, for one seed or several."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from researchdesk.domain.recipes import Command, Limits
from researchdesk.domain.runs import Task
from researchdesk.domain.seeding import stream_seeds

MEASURE, PLAN, TWICE, LADDER = "measure", "plan", "twice", "ladder"


@dataclass(frozen=True, slots=True)
class ArmSetup:
    """What all seeds of an arm are run with.

    ``checkout`` is the folder of an authors' command, ``baseline`` the name of one that comes free.
    """

    settings: Mapping[str, Any] = field(default_factory=dict)
    command: Command | None = None
    checkout: Path | None = None
    baseline: str = ""

    @property
    def plain(self) -> bool:
        """Whether the recipe's own experiment is what runs."""
        return self.command is None and not self.baseline


@dataclass(frozen=True, slots=True)
class Shape:
    """What an ``experiment.py`` offers: see ``planning.shape_of``."""

    measure_seeds: bool = False
    experiment: bool = False
    batchable: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run, and with what.

    ``folder`` is the run's, ``log`` takes what the recipe prints. ``drawn`` are settings drawn for
    a seed, ``streams`` the seeds of its sources of randomness where they are its own, ``stops`` by
    what it ends early (``metric``, ``better``, ``at``: see ``training.stopping``). ``data`` says
    what was taken for each data need. ``check_twice`` asks for the check that trains twice, where
    the experiment's shape allows it. ``resume``: go on from checkpoints. ``batched`` says of arms
    whose way was chosen before which it was: they keep to it. ``ladder_s``: how long the ladder
    before the seeds may take, about; 0: there is none. ``brief`` leaves out its
    long rungs. ``retries``: how often a seed whose process was killed is tried again. ``together``:
    how many seeds of an arm make a job, one after the other; 0: that is chosen here. ``gpus``: how
    many each seed holds, to be written with it; None: it is not.
    """

    recipe: Path
    tasks: Sequence[Task]
    arms: Mapping[str, ArmSetup]
    log: Path
    jobs: int
    cache: Path
    device: str = "cpu"
    data: Mapping[str, str] = field(default_factory=dict)
    drawn: Mapping[Task, Mapping[str, Any]] = field(default_factory=dict)
    streams: Mapping[Task, Mapping[str, int]] = field(default_factory=dict)
    stops: Mapping[Task, Mapping[str, Any]] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    shape: Shape = Shape()
    check_twice: bool = False
    resume: bool = False
    batched: Mapping[str, bool] = field(default_factory=dict)
    ladder_s: float = 0.0
    brief: bool = True
    retries: int = 0
    together: int = 0
    gpus: float | None = None

    @property
    def folder(self) -> Path:
        return self.log.parent


@dataclass(frozen=True, slots=True)
class Job:
    """Some seeds of one arm, to be measured, or to plan or to check by.

    ``resume``: go on from a checkpoint even where the plan begins anew.
    """

    kind: str
    arm: str
    tasks: tuple[Task, ...]
    resume: bool = False


def job_line(job: Job, plan: Plan) -> bytes:
    """The job as the worker takes it: one line of JSON."""
    arm = plan.arms.get(job.arm, ArmSetup())
    record = {
        "job": job.kind,
        "arm": job.arm,
        "settings": dict(arm.settings),
        "seeds": [
            {
                "seed": task.seed,
                "vary": task.vary,
                "streams": dict(plan.streams.get(task) or stream_seeds(task.seed, task.vary)),
                "settings": dict(plan.drawn.get(task, {})),
                "stop": dict(plan.stops.get(task, {})),
            }
            for task in job.tasks
        ],
        "data": dict(plan.data),
        "device": plan.device,
        "run_folder": str(plan.folder.absolute()),
        "cache": str(plan.cache.absolute()),
        "resume": plan.resume or job.resume,
        "command": asdict(arm.command) if arm.command else None,
        "checkout": str(arm.checkout.absolute()) if arm.checkout else "",
        "baseline": arm.baseline,
        "seconds": plan.ladder_s,
        "brief": plan.brief,
        "stacked": not plan.together,
        "limits": {"minutes": plan.limits.minutes, "memory_gb": plan.limits.memory_gb},
    }
    return json.dumps(record).encode() + b"\n"
