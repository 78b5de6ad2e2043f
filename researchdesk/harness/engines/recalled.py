"""What an earlier process left with an engine, as the events of the run tell it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from researchdesk.domain.runs import Event, Task
from researchdesk.harness.engines.handing import key_of
from researchdesk.harness.jobs import Job

SUBMITTED, OVER = "trial_submitted", "trial_over"
CALLED_OFF = "trials_called_off"
"""Said before the trials are ended; each is ``OVER`` when it is."""
MAIL_MARK = "mail"
"""In the data of a seed's event: the submission it came from, and how far its mail is read."""
_ENDS = ("seed_finished", "seed_failed")


@dataclass(slots=True)
class Left:
    """A job with the engine: its handle there, the seeds still to come, how far it was read,
    whether its end was asked for, and the GPUs that each seed holds, if that was written."""

    job: Job
    submission: int
    handle: str
    left: list[Task] = field(default_factory=list)
    read: int = 0
    called_off: bool = False
    gpus: float | None = None


def submitted_data(
    key: str, job: Job, submission: int, handle: str, gpus: float | None = None
) -> dict[str, Any]:
    """The data of the event that tells of a job's submission."""
    return {
        "key": key,
        "submission": submission,
        "handle": handle,
        "job": job.kind,
        "arm": job.arm,
        "seeds": [[task.seed, task.vary] for task in job.tasks],
        **({} if gpus is None else {"gpus": gpus}),
    }


def recalled(events: Sequence[Event]) -> tuple[list[Left], dict[Task, int]]:
    """What is with the engine still, and how often each seed was tried again since it failed."""
    there: dict[str, Left] = {}
    tries: dict[Task, int] = {}
    of: dict[Task, str] = {}
    for event in events:
        task = Task(event.arm, event.seed, event.vary) if event.seed is not None else None
        if event.kind == SUBMITTED and (left := _left(event.data)) is not None:
            key = key_of(left.job)
            there[key] = left
            of |= dict.fromkeys(left.job.tasks, key)
        elif event.kind == OVER:
            there.pop(str(event.data.get("key")), None)
        elif event.kind == CALLED_OFF:
            for left in there.values():
                left.called_off = True
        elif task is not None:
            if event.kind == "seed_retried":
                tries[task] = tries.get(task, 0) + 1
            elif event.kind == "seed_failed":
                tries.pop(task, None)
            if (left := there.get(of.get(task, ""))) is not None:
                _follow(left, task, event)
    return list(there.values()), tries


def _follow(left: Left, task: Task, event: Event) -> None:
    mark = event.data.get(MAIL_MARK)
    if isinstance(mark, list) and len(mark) == 2 and mark[0] == left.submission:
        left.read = max(left.read, int(mark[1]))
    if event.kind in _ENDS and task in left.left:
        left.left.remove(task)


def _left(data: Mapping[str, Any]) -> Left | None:
    try:
        arm = str(data["arm"])
        tasks = tuple(Task(arm, int(seed), str(vary)) for seed, vary in data["seeds"])
        job = Job(str(data["job"]), arm, tasks)
        gpus = float(data["gpus"]) if "gpus" in data else None
        submission, handle = int(data["submission"]), str(data["handle"])
        return Left(job, submission, handle, list(tasks), gpus=gpus)
    except (KeyError, ValueError, TypeError):
        return None
