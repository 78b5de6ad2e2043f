"""Run as a file: trains a bundled recipe under observation, by its quick settings.

Prints what was found that is certain or likely, as JSON.
"""

import inspect
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import torch
from support.experiments import experiment_of, recipe_of

from researchdesk.harness.training.experiment import Experiment
from researchdesk.harness.training.ladder.climbing import Climb
from researchdesk.harness.training.ladder.watched import silent_bugs
from researchdesk.harness.training.one_seed import split_of
from researchdesk.harness.training.randomness import seed_everything
from researchdesk.harness.training.run import Run
from researchdesk.harness.training.watch.findings import LOOK
from researchdesk.harness.training.watch.observer import observed

SECONDS = 25.0


class OverError(Exception):
    """Enough was seen of a long run."""


class Short(Run):
    """A run that ends itself after a while."""

    until = 0.0

    def log(self, *args: Any, **metrics: Any) -> None:
        if time.monotonic() > self.until:
            raise OverError


def main(arxiv_id: str) -> None:
    torch.set_num_threads(1)
    module, recipe = experiment_of(arxiv_id), recipe_of(arxiv_id)
    arm = next(one for one in recipe.arms if not one.command)
    settings = {**arm.settings, **arm.quick}
    cache = Path(tempfile.mkdtemp())
    data = {need.name: need.substitute or need.source for need in recipe.data}
    kinds = [
        one
        for one in vars(module).values()
        if inspect.isclass(one) and issubclass(one, Experiment) and one is not Experiment
    ]
    if kinds:
        run = Run(arm.name, 0, settings, data=data, cache=cache)
        experiment = kinds[-1]()
        begun = time.monotonic()
        climb = Climb(
            experiment, run, split_of(experiment, run), until=begun + SECONDS, clock=time.monotonic
        )
        found = silent_bugs(climb)
        print(json.dumps([found.message] if found.state.value == "failed" else []))
        return
    session = observed()
    seed_everything(0)
    runs = [Short(arm.name, seed, settings, data=data, cache=cache) for seed in range(2)]
    for one in runs:
        one.until = time.monotonic() + SECONDS
    try:
        if hasattr(module, "measure_seeds"):
            module.measure_seeds(runs)
        else:
            module.measure(runs[0])
    except OverError:
        pass
    session.finish()
    loud = [one for one in session.findings() if one.certainty != LOOK]
    print(json.dumps([f"{one.name}: {one.message}" for one in loud]))


if __name__ == "__main__":
    main(sys.argv[1])
