"""A process that hands trials to submitit and ends; those it began go on without it.

Started as ``python -m researchdesk.harness.engines.slurm_submit REPLY_FD`` with a pickled ``Order``
on standard input. It answers with lines of JSON: ``{"ids": [...]}`` for each array as soon as it is
handed over, the jobs of the trials in their order; at the end ``{}``, or ``{"error": "..."}``.
submitit's log, which would stand among the data of the command line, goes to its standard output.
"""

import contextlib
import json
import os
import pickle
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from researchdesk.harness.engines.slurm_trial import Trial

_INSIDE = "SLURM_JOB_ID"


@dataclass(frozen=True, slots=True)
class Order:
    """Trials that become one array, or several where one may have no more than ``most`` jobs.

    ``folder`` is for submitit's own files, ``python`` the command that starts Python there, and
    ``parameters`` are those of submitit's executor.
    """

    folder: Path
    local: bool
    trials: Sequence[Trial]
    most: int = 1_000
    python: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)


def submit(order: Order) -> Iterator[list[str]]:
    """The job ids of each array, as it is handed over. Raises what submitit raises."""
    import submitit  # noqa: PLC0415 - an extra
    from submitit.helpers import clean_env  # noqa: PLC0415 - an extra

    kind = submitit.LocalExecutor if order.local else submitit.SlurmExecutor
    executor = kind(folder=order.folder, python=order.python or None)
    executor.update_parameters(**order.parameters)
    inside = clean_env() if _INSIDE in os.environ else contextlib.nullcontext()
    with inside:
        for first in range(0, len(order.trials), order.most):
            jobs = executor.submit_array(order.trials[first : first + order.most])
            yield [job.job_id for job in jobs]


def main(arguments: list[str]) -> None:
    """Answer the order on standard input through the descriptor that the argument names."""
    order = pickle.load(sys.stdin.buffer)  # noqa: S301 - of the process that started this one
    with os.fdopen(int(arguments[0]), "w") as reply:

        def answer(**said: Any) -> None:
            reply.write(json.dumps(said) + "\n")
            reply.flush()

        try:
            for ids in submit(order):
                answer(ids=ids)
        except Exception as error:  # noqa: BLE001 - told to the one who asked
            answer(error=f"{error}".strip() or type(error).__name__)
        else:
            answer()


if __name__ == "__main__":
    main(sys.argv[1:])
