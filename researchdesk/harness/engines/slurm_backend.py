"""Trials as jobs of Slurm, through submitit.

Trials that are handed over together are one array. The file system is shared, as on every cluster
that submitit works on: a trial writes its mail, its steps and its checkpoints into its own folder,
where the desk reads them. Before its limit of time, and when it is preempted, a trial ends its
worker in good order and goes back to the queue; when it is begun again, it goes on from its
checkpoint.

A start that ends so, or whose worker or node is lost, counts against ``retries``: a training that
is longer than its time on a node needs as many. Slurm shares no GPU: half of one asks for a whole.

What was tested with what. With submitit's local launcher, by tests: the whole way from handing over
to the results, processes killed, limits of time, preemption, a desk that is killed, cancelling.
With a real Slurm 22.05, two nodes on one machine and no accounts, by tests that run where
``sbatch`` works: arrays, ``scontrol requeue``, the signal to make room, ``scancel``, ``squeue`` in
place of ``sacct``. There by hand only: preemption by a partition of higher priority, limits of
time, too little memory, a node set down, a node whose daemon was killed, the controller away, 1,200
trials at once. Not tested: ``sacct`` of a cluster that keeps accounts (its answers are read as its
manual has them), GPUs, other versions of Slurm, and a network file system between machines.
"""

import os
import re
import tempfile
import time
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from researchdesk.domain.engines import EngineSettings, Fate, Needs, Standing
from researchdesk.domain.text import one_line
from researchdesk.errors import BadInputError, DeskError, EngineError
from researchdesk.harness.engines.backend import Handed
from researchdesk.harness.engines.slurm_handing import handed_over, last_lines
from researchdesk.harness.engines.slurm_local import LocalQueue
from researchdesk.harness.engines.slurm_options import LOCAL, Options, options_of
from researchdesk.harness.engines.slurm_python import try_python
from researchdesk.harness.engines.slurm_queue import SlurmQueue, first_said
from researchdesk.harness.engines.slurm_submit import Order
from researchdesk.harness.engines.slurm_trial import Trial, has_ended

SUBMITIT = ".submitit"
"""Below a run's folder of trials: submitit's pickles and logs."""
_TRIALS = "trials"
_CANCELLED = "cancelled"
_ASK_S = 10.0
_PASSING = re.compile(
    r"contact|connect|socket|timed? ?out|temporar|unavailable|busy|limit",
    re.IGNORECASE,
)
_NO_MEMORY = re.compile(r"memory limit|oom[-_ ]?kill|out of memory", re.IGNORECASE)
"""Not every cluster calls such a job OUT_OF_MEMORY; its log tells on all."""
_NEW = Standing(Fate.WAITING)


class Queue(Protocol):
    """A launcher's jobs."""

    def describe(self) -> dict[str, Any]: ...

    def most_in_array(self) -> int: ...

    def handle(self, job_id: str) -> str: ...

    def standings(self, handles: Sequence[str]) -> Mapping[str, Standing]: ...

    def cancel(self, handles: Sequence[str]) -> None: ...

    def handed_from(self, folder: Path) -> Sequence[str]: ...


def connect(engine: EngineSettings, run_folder: Path) -> "SlurmBackend":
    """The engine for the run of this folder.

    Raises BadInputError for options that cannot be used, EngineError where this machine hands no
    jobs to Slurm, or where the folder cannot be used.
    """
    options = options_of(engine)
    folder = run_folder.absolute() / _TRIALS / SUBMITIT
    if "%" in str(folder):
        raise EngineError(
            f"The folder {run_folder} has a % in its name, which Slurm takes for a pattern of its "
            "own. Nothing was handed over.",
            "Take a desk without one: `researchdesk --desk DIR`.",
        )
    queue: Queue = LocalQueue() if options.launcher == LOCAL else SlurmQueue()
    return SlurmBackend(options, folder, queue)


class SlurmBackend:
    """Hands trials to submitit, and asks Slurm (or the processes of its local launcher) of them."""

    def __init__(self, options: Options, folder: Path, queue: Queue) -> None:
        self._options = options
        self._local = options.launcher == LOCAL
        self._tried = False
        self._folder = folder
        self._queue = queue
        self._ask_s = 0.0 if self._local else _ASK_S
        self._known: dict[str, Standing] = {}
        self._asked: float | None = None

    def describe(self) -> Mapping[str, Any]:
        """submitit's version, the launcher, and the cluster as far as it tells."""
        asked = {key: getattr(self._options, key) for key in ("partition", "account", "qos")}
        return {
            "version": f"submitit {version('submitit')}",
            "launcher": self._options.launcher,
            **{key: value for key, value in asked.items() if value},
            **self._queue.describe(),
        }

    def submit(self, trials: Sequence[Handed]) -> Sequence[str]:
        """Hand trials over, those with the same needs as one array; all of them or none.

        Raises BadInputError where Slurm would never take them, as for want of such a partition,
        and where their interpreter is of this machine and is none.
        """
        if not self._tried:
            try_python(self._options)
            self._tried = True
        handles: dict[int, str] = {}
        by_needs: dict[Needs, list[int]] = {}
        for place, trial in enumerate(trials):
            by_needs.setdefault(trial.needs, []).append(place)
        for needs, places in by_needs.items():
            try:
                ids = self._handed_over([trials[place] for place in places], needs)
            except DeskError:
                self._queue.cancel(list(handles.values()))
                raise
            handles |= dict(zip(places, ids, strict=True))
        return [handles[place] for place in range(len(trials))]

    def collect(self, trials: Mapping[str, Handed]) -> None:
        """Nothing is to be brought where the file system is shared; a network's is made to look."""
        for trial in trials.values():
            if trial.folder.is_dir():
                os.utime(trial.folder)

    def standing(self, trials: Mapping[str, Handed]) -> Mapping[str, Standing]:
        """How the trials stand. A cluster is asked no more often than every few seconds."""
        now = time.monotonic()
        if self._asked is None or now - self._asked >= self._ask_s:
            found = self._queue.standings(list(trials))
            unknown = Standing(Fate.UNKNOWN, "Nothing is known of it there.")
            self._known = {handle: found.get(handle, unknown) for handle in trials}
            self._asked = now
        cancelled = self._cancelled()
        return {handle: self._of(handle, trial, cancelled) for handle, trial in trials.items()}

    def cancel(self, handles: Sequence[str]) -> None:
        """End trials, those that wait too."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / _CANCELLED).open("a") as file:
            file.write("".join(f"{handle}\n" for handle in handles))
        self._queue.cancel(handles)
        self._asked = None

    def close(self) -> None:
        """Nothing is held."""

    def _of(self, handle: str, trial: Handed, cancelled: Set[str]) -> Standing:
        """A job that is over has ended where its mail says so; otherwise it was ended."""
        standing = self._known.get(handle, _NEW)
        if not standing.fate.is_over:
            return standing
        if has_ended(trial.folder):
            return replace(standing, fate=Fate.ENDED)
        if standing.fate in (Fate.ENDED, Fate.UNKNOWN) and handle in cancelled:
            return replace(standing, fate=Fate.CANCELLED)
        fate, words, log = standing.fate, [standing.words], self._log_of(handle)
        if fate is Fate.ENDED:
            fate = Fate.KILLED
            where = f" Its standard error is {log}." if log else ""
            words.append(f"It ended without a word.{where}")
        last = last_lines(log) if log else []
        if fate is Fate.KILLED and any(map(_NO_MEMORY.search, last)):
            fate = Fate.OUT_OF_MEMORY
        return replace(standing, fate=fate, words="\n".join([" ".join(words), *last]))

    def _cancelled(self) -> Set[str]:
        try:
            return set((self._folder / _CANCELLED).read_text().split())
        except FileNotFoundError:
            return set()

    def _log_of(self, handle: str) -> Path | None:
        """What the job wrote to standard error."""
        job = handle.split(":")[2] if handle.startswith("local:") else handle
        logs = self._folder.glob(f"*/{job}_0_log.err")
        return max(logs, key=lambda log: log.stat().st_mtime, default=None)

    def _handed_over(self, trials: Sequence[Handed], needs: Needs) -> list[str]:
        options = self._options
        local, notice = self._local, options.notice_s(needs)
        name = one_line(trials[0].run_id) or "researchdesk"
        order = Order(
            self._new_folder(),
            local,
            [Trial(trial, notice, local) for trial in trials],
            self._queue.most_in_array(),
            options.python,
            options.parameters(needs, name),
        )
        answer = handed_over(order, self._options.setup if local else ())
        handles = [self._queue.handle(job) for job in answer.ids]
        if answer.error or len(handles) != len(trials):
            self._take_back(handles, order.folder, cut_short=answer.cut_short)
            said = answer.error or "the answer was not understood"
            raise _refused(said, for_now=answer.cut_short)
        return handles

    def _take_back(self, handles: Sequence[str], folder: Path, *, cut_short: bool) -> None:
        """End what was handed over, for all of it will be handed over again."""
        try:
            untold = self._queue.handed_from(folder) if cut_short else []
            self._queue.cancel([*handles, *untold])
        except EngineError as error:
            raise EngineError(
                "Handing over was cut short, and trials of it may wait with Slurm. "
                f"{error.message}",
                "Look with `squeue --me`, end what waits there with `scancel`, then give the same "
                "command again.",
            ) from error

    def _new_folder(self) -> Path:
        """For one handing over, so that a number that comes again meets no older file."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            return Path(tempfile.mkdtemp(prefix="", dir=self._folder))
        except OSError as error:
            raise EngineError(f"Nothing could be handed over: {error}.", "Make room.") from error


def _refused(said: str, *, for_now: bool) -> DeskError:
    """Nobody waits for a cluster that will say the same again."""
    words = first_said(said).rstrip(".")
    if for_now or _PASSING.search(one_line(said)):
        return EngineError(
            f"Slurm took no trial for now: {words}. What it took before goes on.",
            "Look with `squeue --me`, then give the same command again.",
        )
    return BadInputError(
        f"Slurm takes no such trial: {words}. What it took before goes on.",
        "Mend the engine's table in the settings file: `researchdesk config` says which.",
    )
