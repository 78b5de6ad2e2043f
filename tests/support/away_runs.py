"""A run and a sweep whose trials are with an engine, made without one; and an address to call."""

import contextlib
import json
import socket
from collections.abc import Iterator

from support.recipe_maker import write_recipe
from support.sweep_maker import ARMS, spec, swept_recipe
from support.sweep_maker import ID as SWEPT

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import Task
from researchdesk.domain.seeding import TRIAL
from researchdesk.harness.engines.backend import MAIL
from researchdesk.harness.engines.handing import TRIALS, key_of
from researchdesk.harness.engines.recalled import SUBMITTED, recalled, submitted_data
from researchdesk.harness.events import read_events
from researchdesk.harness.history import RunConfig
from researchdesk.harness.jobs import MEASURE, Job
from researchdesk.harness.open_run import EVENTS, OpenRun
from researchdesk.harness.store import RunStore
from researchdesk.harness.sweeps.spec import spec_toml
from researchdesk.services.desk import Desk
from researchdesk.services.recipes import recipe_for, trust
from researchdesk.services.sweep_store import store_of

ID = "2001.00001"


class Listener:
    """An address of this machine, and whether anybody called it."""

    def __init__(self, held: socket.socket) -> None:
        self._held = held
        self.address = f"127.0.0.1:{held.getsockname()[1]}"

    @property
    def called(self) -> bool:
        with contextlib.suppress(BlockingIOError):
            self._held.accept()[0].close()
            return True
        return False


@contextlib.contextmanager
def listening() -> Iterator[Listener]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        held.setblocking(False)
        yield Listener(held)


def run_at(desk: Desk, engine: str, vary: str = "") -> str:
    """A run, trusted, of which an engine has the one seed."""
    write_recipe(desk.settings.recipes, toml=ARMS)
    found = recipe_for(desk, ID)
    trust(desk, found)
    task = Task("ours", 0, vary)
    config = RunConfig(found.name, found.digest, ID, False, False, (task,), engine=engine)
    run, _ = RunStore(desk.settings.runs, desk.clock).start(found, config, lambda event: None)
    return _left(run, task)


def sweep_at(desk: Desk, engine: str) -> str:
    """A sweep, trusted, of which an engine has the first trial."""
    swept_recipe(desk)
    found = recipe_for(desk, SWEPT)
    trust(desk, found)
    config = _sweep_config(found, engine)
    run = store_of(desk).begin(found, config, lambda event: None, lambda: None)
    return _left(run, Task("ours", 0, TRIAL))


def _sweep_config(found: Recipe, engine: str) -> RunConfig:
    wanted = spec_toml(spec())
    return RunConfig(found.name, found.digest, SWEPT, False, False, (), engine=engine, sweep=wanted)


def ends_there(desk: Desk, found: str, **metrics: float) -> None:
    """The seed that the engine has of a run or a sweep comes to its end there, and nobody asked."""
    (folder,) = (
        one for one in (desk.settings.runs, desk.settings.sweeps) if (one / found).is_dir()
    )
    (left,), _ = recalled(read_events(folder / found / EVENTS))
    (task,) = left.left
    of = {"seed": task.seed, "vary": task.vary}
    trial = folder / found / TRIALS / key_of(left.job) / str(left.submission)
    trial.mkdir(parents=True)
    said = ("started", of), ("finished", {**of, "metrics": metrics, "seconds": 1.0}), ("done", {})
    lines = [json.dumps({"kind": kind, **data}) + "\n" for kind, data in said]
    (trial / MAIL).write_text("".join(lines))


def _left(run: OpenRun, task: Task) -> str:
    run.record("run_started", data={"run": run.id})
    job = Job(MEASURE, task.arm, (task,))
    run.record(SUBMITTED, data=submitted_data(key_of(job), job, 1, "k0/1"))
    run.record("run_detached")
    run.close()
    return run.id
