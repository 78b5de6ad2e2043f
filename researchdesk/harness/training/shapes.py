"""Loads a recipe's ``experiment.py`` and tells what it offers."""

import importlib.util
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from researchdesk.harness.training.experiment import Experiment
from researchdesk.harness.training.importing import SourceLoader, import_from
from researchdesk.harness.training.run import Run

_MODULE = "experiment"


@dataclass(frozen=True, slots=True)
class Shape:
    """``measure(run)``, ``measure_seeds(runs)``, or an object of an ``Experiment``."""

    measure: Callable[[Run], Any] | None = None
    measure_seeds: Callable[[Sequence[Run]], Any] | None = None
    experiment: Experiment | None = None


class Recipe:
    """A recipe's folder, whose code is run when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shape: Shape | None = None

    @property
    def shape(self) -> Shape:
        """See ``load_shape``."""
        if self._shape is None:
            self._shape = load_shape(self._folder)
        return self._shape


def load_shape(folder: Path) -> Shape:
    """What the recipe's ``experiment.py`` offers; what is beside it can be imported from it.

    Raises TypeError where it offers nothing or too much, and whatever its code raises.
    """
    module = _load(folder)
    measure = getattr(module, "measure", None)
    measure_seeds = getattr(module, "measure_seeds", None)
    found = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Experiment)
        and value.__module__ == module.__name__
    ]
    last = [one for one in found if not any(one in other.__mro__[1:] for other in found)]
    if len(last) > 1:
        names = ", ".join(one.__name__ for one in last)
        raise TypeError(f"experiment.py has several classes of Experiment: {names}.")
    if last and (measure or measure_seeds):
        raise TypeError(f"experiment.py has the class {last[0].__name__} and a function measure.")
    if last:
        return Shape(experiment=last[0]())
    if not (measure or measure_seeds):
        raise TypeError("experiment.py has no measure(run), measure_seeds(runs) or Experiment.")
    return Shape(measure, measure_seeds)


def _load(folder: Path) -> ModuleType:
    import_from(folder)
    path = folder / "experiment.py"
    loader = SourceLoader(_MODULE, str(path))
    spec = importlib.util.spec_from_file_location(_MODULE, path, loader=loader)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be loaded.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[_MODULE] = module
    spec.loader.exec_module(module)
    return module
