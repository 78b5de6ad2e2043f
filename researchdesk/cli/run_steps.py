"""Every logged step of a seed, to stdout: CSV, or lines of JSON."""

import csv
import json
from io import StringIO

from researchdesk.cli import output
from researchdesk.domain.runs import Task
from researchdesk.domain.text import sheet_cell
from researchdesk.errors import UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.services.run_curves import Step, steps_of


def write_steps(desk: Desk, run_id: str, arm: str, seed: str, *, as_json: bool) -> None:
    """Write every logged step of ``seed`` (``3``, or ``3.init`` of a varied one) of ``arm``.

    Raises UsageProblemError for what is no seed, NotOnDeskError where nothing was logged.
    """
    number, _, vary = seed.partition(".")
    if not number.isdecimal():
        raise UsageProblemError(f"{seed!r} is no seed.", "It is a number, as 3, or 3.init.")
    steps = steps_of(desk, run_id, Task(arm, int(number), vary))
    output.write(_json_lines(steps) if as_json else _csv(steps))


def _csv(steps: list[Step]) -> str:
    names = list(dict.fromkeys(name for _, metrics in steps for name in metrics))
    page = StringIO()
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow(["step", *map(sheet_cell, names)])
    for step, metrics in steps:
        writer.writerow([step, *(metrics.get(name, "") for name in names)])
    return page.getvalue().rstrip("\n")


def _json_lines(steps: list[Step]) -> str:
    lines = (json.dumps({"step": step, **output.plain(metrics)}) for step, metrics in steps)
    return "\n".join(lines)
