"""The folders of jobs that are handed to an engine, and what of them becomes the run's."""

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from researchdesk.domain.engines import EngineSettings
from researchdesk.domain.json_text import parse_json
from researchdesk.domain.runs import Task
from researchdesk.harness.engines.backend import MAIL, Handed
from researchdesk.harness.jobs import Job, Plan, job_line
from researchdesk.harness.training.places import checkpoint_file, steps_file

TRIALS = "trials"
_PRINTS = "stdout.log"


def key_of(job: Job) -> str:
    """A name of the job within its run that is safe in file names, the same at each try."""
    named = json.dumps([job.kind, job.arm, [[task.seed, task.vary] for task in job.tasks]])
    first = job.tasks[0] if job.tasks else None
    words = f"{job.kind}-{job.arm}-{first.seed if first else ''}"
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", words)[:60]
    return f"{plain}-{hashlib.sha256(named.encode()).hexdigest()[:8]}"


def hand(job: Job, plan: Plan, engine: EngineSettings) -> Handed:
    """The job as it is handed over, in a new folder with what an earlier submission had reached.

    A folder is never used twice, so that a submission that was given up and goes on all the same
    writes nowhere that counts. Raises OSError.
    """
    key = key_of(job)
    home = plan.folder.absolute() / TRIALS / key
    before = _submissions(home)
    number = before[-1] + 1 if before else 1
    folder = home / str(number)
    folder.mkdir(parents=True)
    _copy(plan.folder, folder, job)
    if before:
        _copy(home / str(before[-1]), folder, job)
    job = replace(job, resume=True)
    there = replace(plan, log=folder / _PRINTS)
    return Handed(
        run_id=plan.folder.absolute().name,
        key=key,
        submission=number,
        job=job,
        line=job_line(job, there),
        folder=folder,
        recipe=plan.recipe.absolute(),
        needs=engine.needs,
        minutes=plan.limits.minutes,
        memory_gb=plan.limits.memory_gb,
        retries=engine.retries,
    )


def handed_before(job: Job, submission: int, plan: Plan, engine: EngineSettings) -> Handed:
    """What an earlier process handed over, as far as following it needs."""
    folder = plan.folder.absolute() / TRIALS / key_of(job) / str(submission)
    return Handed(
        plan.folder.absolute().name,
        key_of(job),
        submission,
        job,
        b"",
        folder,
        plan.recipe.absolute(),
        engine.needs,
        retries=engine.retries,
    )


def adopt(trial: Handed, run_folder: Path, tasks: Iterable[Task]) -> None:
    """Take what a submission has of these seeds for the run's; done twice it does nothing.

    Raises OSError.
    """
    for task in tasks:
        for place in (checkpoint_file, steps_file):
            file = place(trial.folder, task.arm, task.seed, task.vary)
            if file.is_file():
                there = place(run_folder, task.arm, task.seed, task.vary)
                there.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(file, there)


def rescue(trial: Handed, run_folder: Path) -> None:
    """Copy what a lost submission had reached, for its seeds to go on from one by one.

    It is copied, for a process that was taken for lost may still write there. Raises OSError.
    """
    _copy(trial.folder, run_folder, trial.job)


def clear(trial: Handed, run_folder: Path) -> None:
    """Add what the trial printed to the run's prints, and remove its folders. Raises OSError."""
    prints = trial.folder / _PRINTS
    if prints.is_file() and (content := prints.read_bytes()):
        with (run_folder / _PRINTS).open("ab") as file:
            file.write(content)
    shutil.rmtree(trial.folder.parent, ignore_errors=True)


@dataclass(slots=True)
class MailReader:
    """Reads what a trial said, from where it was read to before; a torn last line waits."""

    folder: Path
    offset: int = 0

    def new(self) -> Iterator[tuple[str, dict[str, Any], int]]:
        """The kind and data of each whole line that came, and how far the mail is read with it."""
        try:
            with (self.folder / MAIL).open("rb") as file:
                file.seek(self.offset)
                content = file.read()
        except FileNotFoundError:
            return
        for line in content[: content.rfind(b"\n") + 1].splitlines(keepends=True):
            self.offset += len(line)
            if (record := _record(line)) is not None:
                yield record.pop("kind"), record, self.offset


def _record(line: bytes) -> dict[str, Any] | None:
    try:
        record = parse_json(line)
    except ValueError:
        return None
    if not isinstance(record, dict) or not isinstance(record.get("kind"), str):
        return None
    return record


def _submissions(home: Path) -> list[int]:
    if not home.is_dir():
        return []
    return sorted(int(path.name) for path in home.iterdir() if path.name.isdecimal())


def _copy(source: Path, target: Path, job: Job) -> None:
    for task in job.tasks:
        for place in (checkpoint_file, steps_file):
            file = place(source, task.arm, task.seed, task.vary)
            if file.is_file():
                there = place(target, task.arm, task.seed, task.vary)
                there.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(file, there)
