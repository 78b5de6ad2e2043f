"""Jobs about an experiment's data and its trained models, and the baselines.

Apart from the others, since scikit-learn takes a second to import and few workers need it.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from researchdesk import files
from researchdesk.harness.training.assignment import Assignment
from researchdesk.harness.training.baselines import measure_baseline
from researchdesk.harness.training.checkpoints import Checkpoints
from researchdesk.harness.training.errors import analyse
from researchdesk.harness.training.experiment import Experiment
from researchdesk.harness.training.looking import look
from researchdesk.harness.training.one_seed import model_of, split_of
from researchdesk.harness.training.places import ANALYSIS, analysis_file, checkpoint_file
from researchdesk.harness.training.run import Run
from researchdesk.harness.training.shapes import Shape
from researchdesk.harness.training.steplog import NotWrittenError


def look_at_data(job: Assignment, shape: Shape) -> dict[str, Any]:
    """Look at the data of the job's first seed; gives the ``file`` that tells of it."""
    experiment = _experiment(shape)
    given = job.seeds[0]
    found = look(split_of(experiment, job.run(given)), experiment.task, given.seed)
    return {"file": str(_written(_folder(job) / ANALYSIS / "look.json", found))}


def analyse_errors(job: Assignment, shape: Shape) -> dict[str, Any]:
    """Analyse the errors of the first seed's trained model; gives the ``file`` that tells."""
    experiment = _experiment(shape)
    given = job.seeds[0]
    kept = checkpoint_file(_folder(job), job.arm, given.seed, given.vary)
    state = Checkpoints(kept).load()
    if state is None:
        raise FileNotFoundError(f"There is no trained model: {kept} is missing or not whole.")
    run = job.run(given)
    split = split_of(experiment, run)
    model = model_of(experiment, run)
    model.load_state_dict(state["model"])
    found = analyse(model, split, job.device)
    path = analysis_file(_folder(job), job.arm, given.seed, given.vary)
    return {"file": str(_written(path, found | {"step": state["step"]}))}


def baseline(job: Assignment, run: Run, shape: Shape) -> dict[str, float]:
    """The metrics of the job's baseline on the experiment's data."""
    return measure_baseline(job.baseline, split_of(_experiment(shape), run), run.seed, run.note)


def _experiment(shape: Shape) -> Experiment:
    if shape.experiment is None:
        raise TypeError("experiment.py has no Experiment, so that its data is not known.")
    return shape.experiment


def _folder(job: Assignment) -> Path:
    if job.run_folder is None:
        raise ValueError("The job has no folder to write to.")
    return job.run_folder


def _written(path: Path, found: Mapping[str, Any]) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with files.written(path, lasting=False) as file:
            file.write(json.dumps(found).encode())
    except OSError as error:
        raise NotWrittenError(path, error) from error
    return path
