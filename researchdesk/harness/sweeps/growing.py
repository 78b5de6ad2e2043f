"""A sweep that grows while it is looked at: of its events each is read once."""

from collections.abc import Sequence
from pathlib import Path

from researchdesk.domain.runs import Event
from researchdesk.domain.sweeps import SweepSummary
from researchdesk.errors import BadInputError
from researchdesk.harness.events import decode, is_of_curve
from researchdesk.harness.history import read_config, summarise
from researchdesk.harness.open_run import CONFIG, EVENTS
from researchdesk.harness.outline import without_curves
from researchdesk.harness.sweeps.history import Told, damaged
from researchdesk.harness.sweeps.spec import read_spec

Point = tuple[int, float]


class GrowingSweep:
    """The sweep of a folder, read on from where it was read to. Raises as ``read_sweep``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._config = read_config(folder / CONFIG)
        if not self._config.sweep:
            raise BadInputError(f"{folder} is a run's folder and no sweep's.", "See `runs show`.")
        self.spec = read_spec(self._config.sweep, folder / CONFIG)
        self._told = Told(self.spec)
        self._of_run: list[Event] = []
        self._read_to = 0
        self._any_result = False

    def read_on(self) -> bool:
        """Read what was added since; whether there was anything."""
        path = self._folder / EVENTS
        try:
            with path.open("rb") as file:
                file.seek(self._read_to)
                new = file.read()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise damaged(path, error) from error
        whole = new[: new.rfind(b"\n") + 1]
        self._read_to += len(whole)
        for line in without_curves(whole.split(b"\n")):
            event = decode(line.decode("utf-8", "replace"))
            if event is not None:
                self._take(event)
        return bool(whole)

    def summary(self, owned: bool) -> tuple[SweepSummary, int]:
        """The sweep so far, and how many trials an engine has; ``owned``: a living process keeps
        it."""
        run = summarise(self._folder.name, self._config, self._of_run, owned)
        return self._told.sweep(run), run.at_engine

    def _take(self, event: Event) -> None:
        self._told.take(event)
        if event.kind == "run_resumed":  # by another engine, it may be
            self._config = read_config(self._folder / CONFIG)
        first_result = event.kind == "seed_finished" and not self._any_result
        self._any_result = self._any_result or first_result
        if event.seed is None or first_result:  # all that a run's state is told by
            self._of_run.append(event)


def read_curve(folder: Path, metric: str, number: int) -> Sequence[Point]:
    """What one trial of a sweep measured of ``metric`` on its way, as steps and values in order.

    Raises BadInputError where the events cannot be read.
    """
    found: dict[int, float] = {}
    seed = f'"seed": {number},'.encode()
    path = folder / EVENTS
    try:
        with path.open("rb") as lines:
            for line in lines:
                if seed in line and is_of_curve(line):
                    event = decode(line.decode("utf-8", "replace"))
                    if event is not None and event.seed == number:
                        _add(found, event, metric)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise damaged(path, error) from error
    return sorted(found.items())


def _add(found: dict[int, float], event: Event, metric: str) -> None:
    step, value = event.data.get("step"), event.data.get("value")
    known = isinstance(step, int) and isinstance(value, int | float)
    if known and event.data.get("name") == metric:
        found[step] = float(value)  # type: ignore[index,arg-type]
