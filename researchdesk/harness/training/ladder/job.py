"""The job of a worker that climbs the ladder: rung after rung, each told as it is done."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from researchdesk.domain.recipes import Limits
from researchdesk.harness.training.answers import last_lines
from researchdesk.harness.training.assignment import Assignment
from researchdesk.harness.training.ladder import compared, data, overfit, soundness, watched
from researchdesk.harness.training.ladder.climbing import Climb, Found, failed, not_run, passed
from researchdesk.harness.training.limits import OverTimeError, limited
from researchdesk.harness.training.one_seed import Training, split_of
from researchdesk.harness.training.shapes import Shape
from researchdesk.harness.training.twice import twice

Tell = Callable[[Mapping[str, Any]], None]
Climbed = Callable[[Climb], Found]

_GRACE_S, _LEAST_S, _STRETCH = 3.0, 0.2, 2.0
_SMALL, _MIDDLE, _LARGE = 1.0, 3.0, 6.0

BRIEF: Sequence[tuple[str, Climbed, float]] = (
    ("overlap", data.overlap, _SMALL),
    ("balance", data.balance, _SMALL),
    ("initial-loss", soundness.initial_loss, _SMALL),
    ("own-input", soundness.own_input, _SMALL),
    ("parameters", soundness.parameters, _SMALL),
    ("save-reload", soundness.save_reload, _SMALL),
    ("timings", soundness.timings, _SMALL),
    ("one-sample", overfit.one_sample, _MIDDLE),
    ("one-batch", overfit.one_batch, _LARGE),
    ("input-used", compared.input_used, _MIDDLE),
    ("silent-bugs", watched.silent_bugs, _MIDDLE),
)
"""The rungs before a run, in the order in which they are climbed, with their share of the time."""

WHOLE: Sequence[tuple[str, Climbed, float]] = (
    *BRIEF[:8],
    ("four-samples", overfit.four_samples, _MIDDLE),
    ("one-batch", overfit.one_batch, _LARGE),
    ("input-used", compared.input_used, _LARGE),
    ("5-samples", overfit.five, _MIDDLE),
    ("10-samples", overfit.ten, _MIDDLE),
    ("100-samples", overfit.hundred, _LARGE),
    ("1000-samples", overfit.thousand, _LARGE),
    ("capacity", compared.capacity, _LARGE),
    ("baselines", compared.baselines, _MIDDLE),
    BRIEF[-1],
)


def climb(job: Assignment, shape: Shape, tell: Tell) -> None:
    """Climb the ladder of the job's first seed, telling each rung: ``name``, ``state``, ``figure``,
    ``message``, ``seconds``.

    It takes about ``job.seconds`` of computing, twice as long by the clock at most, so that a busy
    machine does not change what is told; ``job.brief`` leaves out what takes long.
    Raises TypeError where there is no Experiment, and what its ``data`` and ``model`` raise.
    """
    experiment = shape.experiment
    if experiment is None:
        raise TypeError("experiment.py has no Experiment: measure() hands neither data nor model.")
    run = job.run(job.seeds[0])
    clock = busy_clock()
    split = split_of(experiment, run)
    climber = Climb(experiment, run, split, job.brief, clock)
    rungs = list(BRIEF if job.brief else WHOLE)
    if not job.brief:
        at = [name for name, _, _ in rungs].index("timings")
        rungs.insert(at, ("same-seed", lambda _: _same_seed(job, shape), _MIDDLE))
    Training(experiment, run.silent(), split)  # what it raises is no fault of a rung
    end = max(job.seconds, clock() + 0.5 * job.seconds)
    for number, (name, rung, share) in enumerate(rungs):
        shares = sum(one for _, _, one in rungs[number:])
        left = max(0.0, end - clock())
        tell(_told(climber, name, rung, max(_LEAST_S, left * share / shares)))


def busy_clock() -> Callable[[], float]:
    """Seconds since now that this process computed; half of those that went by, where more."""
    wall, busy = time.monotonic(), time.process_time()
    return lambda: max(time.process_time() - busy, (time.monotonic() - wall) / _STRETCH)


def _told(climber: Climb, name: str, rung: Climbed, seconds: float) -> dict[str, Any]:
    begun = time.monotonic()
    climber.until = climber.clock() + seconds
    try:
        with limited(Limits((_STRETCH * seconds + _GRACE_S) / 60)):
            found = rung(climber)
    except OverTimeError:
        found = not_run(f"The time was over: {seconds:.0f} s were not enough.")
    except Exception as error:  # noqa: BLE001 - whatever the experiment raises is what is told
        found = not_run(_raised(error))
    return {
        "name": name,
        "state": found.state.value,
        "figure": found.figure,
        "message": found.message,
        "seconds": round(time.monotonic() - begun, 3),
    }


def _same_seed(job: Assignment, shape: Shape) -> Found:
    told = twice(job, shape)
    return passed("", told["message"]) if told["ok"] else failed("", told["message"])


def _raised(error: Exception) -> str:
    """The last line of what was raised, and where in the recipe."""
    return f"It raised {last_lines(error).splitlines()[-1]}"
