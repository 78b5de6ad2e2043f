"""What an experiment is given: arm, seed, settings, and where to say what it measured."""

import json
import math
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, SupportsFloat

import torch

from researchdesk.domain.seeding import SOURCES, stream_seeds
from researchdesk.harness.training.stopping import StoppedEarlyError, Stopper
from researchdesk.harness.training.thinning import Thinning

Emit = Callable[[str, Mapping[str, Any]], None]
Number = float | int


class Sink(Protocol):
    """Takes each logged step as a line of JSON, newline included."""

    def write(self, line: bytes) -> None: ...


class Run:
    """One seed of one arm, as ``measure(run)`` and the methods of an ``Experiment`` see it.

    ``settings`` are the arm's; ``device`` is where tensors are to be; ``data`` says for each data
    need of the recipe what is taken, its own name or ``"substitute:<source>"``; ``cache`` is a
    folder for data sets, kept from run to run. ``vary`` names the only source of randomness that
    this seed is for, if one. ``stopper`` may end a trial of a sweep early.
    """

    def __init__(
        self,
        arm: str,
        seed: int,
        settings: Mapping[str, Any],
        emit: Emit | None = None,
        *,
        vary: str = "",
        streams: Mapping[str, int] | None = None,
        device: torch.device | None = None,
        data: Mapping[str, str] | None = None,
        cache: Path | None = None,
        steps: Sink | None = None,
        stopper: Stopper | None = None,
    ) -> None:
        self.arm = arm
        self.seed = seed
        self.settings = settings
        self.vary = vary
        self.device = device or torch.device("cpu")
        self.data = data or {}
        self.cache = cache or Path(tempfile.gettempdir()) / "researchdesk"
        self.notes: list[str] = []
        self._emit = emit or _to_nobody
        self._steps = steps
        self._stopper = stopper
        self._last_step: int | None = None
        self._streams = stream_seeds(seed, vary) | dict(streams or {})
        self._generators: dict[str, torch.Generator] = {}
        self._curves: dict[str, _Curve] = {}
        self._results: dict[str, Number] = {}
        self._lines = 0

    def log(self, step: int, **metrics: Any) -> None:
        """Say what the metrics are at ``step``; long series are thinned for the curves.

        Values are numbers or tensors of one element. A metric's last value is its result where
        ``result`` names no other. Every step is on disk when this returns; raises
        NotWrittenError where it cannot be written, as on a full disk, and StoppedEarlyError where
        the trial ends with this step.
        """
        step = int(step)
        written = []
        for name, given in metrics.items():
            value = given if type(given) is float else number(name, given)
            curve = self._curves.get(name)
            if curve is None:
                curve = self._curves[name] = _Curve(name)
            curve.value = value
            written.append(f"{curve.key}{_json(value)}")
            if curve.thinning.keeps_next():
                curve.skipped = None
                self._say_point(step, name, value)
            else:
                curve.skipped = step
        self._lines += 1
        if self._steps is not None:
            self._steps.write(f'{{"s":{step},"m":{{{",".join(written)}}}}}\n'.encode())
        if self._stopper and self._stopper.metric in metrics:
            self._hold_to_rule(self._stopper, step)

    def result(self, **metrics: Any) -> None:
        """Say what this seed measured. Raises TypeError where a value is not a number."""
        for name, given in metrics.items():
            self._results[name] = number(name, given)

    def note(self, text: str) -> None:
        """Keep a remark with the seed's result."""
        if text not in self.notes:
            self.notes.append(text)

    def stream(self, source: str) -> int:
        """The seed of one source of randomness, for a generator that is not torch's.

        Raises ValueError where the source is none of ``researchdesk.domain.seeding.SOURCES``.
        """
        if source not in self._streams:
            names = ", ".join(SOURCES)
            raise ValueError(f"There is no source of randomness {source!r}, only {names}.")
        return self._streams[source]

    def generator(self, source: str) -> torch.Generator:
        """The generator of one source of randomness, on the CPU; the same one at each call.

        The sources are ``init``, ``order``, ``noise``, ``augment`` and ``split``. Raises
        ValueError for any other.
        """
        if source not in self._generators:
            self._generators[source] = torch.Generator().manual_seed(self.stream(source))
        return self._generators[source]

    def tell(self, kind: str, data: Mapping[str, Any]) -> None:
        """Say something else of this seed, such as its timings."""
        self._emit(kind, data)

    def silent(
        self,
        settings: Mapping[str, Any] | None = None,
        streams: Mapping[str, int] | None = None,
    ) -> "Run":
        """The same seed at its beginning, of which nothing is told and nothing written.

        ``settings`` are taken in place of its own, ``streams`` of some of its own.
        """
        return Run(
            self.arm,
            self.seed,
            self.settings if settings is None else settings,
            vary=self.vary,
            streams={**self._streams, **(streams or {})},
            device=self.device,
            data=self.data,
            cache=self.cache,
        )

    @property
    def lines(self) -> int:
        """How many steps were logged."""
        return self._lines

    def measured(self) -> dict[str, Number]:
        """The results, and the last logged value of each metric that has none.

        Ends the curves: their last points are said, too.
        """
        for name, curve in self._curves.items():
            if curve.skipped is not None:
                self._say_point(curve.skipped, name, curve.value)
                curve.skipped = None
        return {name: curve.value for name, curve in self._curves.items()} | self._results

    def state(self) -> dict[str, Any]:
        """All that this object holds, as numbers, texts and tensors, for ``restore``."""
        curves = {
            name: [curve.value, curve.skipped, curve.thinning.state()]
            for name, curve in self._curves.items()
        }
        return {
            "curves": curves,
            "generators": self.generator_states(),
            "results": dict(self._results),
            "notes": list(self.notes),
            "lines": self._lines,
            **({"stopper": self._stopper.state()} if self._stopper else {}),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from what ``state`` told of the same seed.

        What was told of the metric that may stop it is told again: it may have been lost with the
        machine that the seed was on.
        """
        self._curves = {}
        for name, (value, skipped, thinning) in state["curves"].items():
            curve = self._curves[name] = _Curve(name)
            curve.value, curve.skipped = value, skipped
            curve.thinning.restore(thinning)
        self.restore_generators(state["generators"])
        self._results = dict(state["results"])
        self.notes = list(state["notes"])
        self._lines = state["lines"]
        if self._stopper and "stopper" in state:
            self._stopper.restore(state["stopper"])
            for step, value in self._stopper.points:
                self._emit("metric", {"step": step, "name": self._stopper.metric, "value": value})

    def ends_at(self, step: int) -> None:
        """Say which step is the last: with that one, nothing is stopped early any more."""
        self._last_step = step

    def _hold_to_rule(self, stopper: Stopper, step: int) -> None:
        worse = stopper.stops(step, self._curves[stopper.metric].value)
        if worse and (self._last_step is None or step < self._last_step):
            raise StoppedEarlyError(step)

    def _say_point(self, step: int, name: str, value: Number) -> None:
        if self._stopper and name == self._stopper.metric:
            self._stopper.points.append((step, value))
        self._emit("metric", {"step": step, "name": name, "value": value})

    def generator_states(self) -> dict[str, torch.Tensor]:
        """Where the generators are that were used."""
        return {name: one.get_state() for name, one in self._generators.items()}

    def restore_generators(self, states: Mapping[str, torch.Tensor]) -> None:
        """Set the generators as they were; one that was not used then begins anew."""
        for source in set(self._generators) - set(states):
            self._generators[source].manual_seed(self.stream(source))
        for source, state in states.items():
            self.generator(source).set_state(state)


class _Curve:
    """The last point of a metric, and whether it was left out of the thinned curve."""

    def __init__(self, name: str) -> None:
        self.key = f"{json.dumps(name)}:"
        self.value: Number = 0.0
        self.skipped: int | None = None
        self.thinning = Thinning()


def number(name: str, given: Any) -> Number:
    """``given`` as a plain number. Raises TypeError where it is not one."""
    value = given.item() if hasattr(given, "item") else given
    if isinstance(value, float):
        return float(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, SupportsFloat) and not isinstance(value, str):
        return float(value)
    raise TypeError(f"The metric {name!r} is {type(given).__name__}, not a number.")


def _json(value: Number) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return f'"{value}"'
    return repr(value)


def _to_nobody(kind: str, data: Mapping[str, Any]) -> None:
    """What a run says where nobody listens, as in a test of a recipe."""
