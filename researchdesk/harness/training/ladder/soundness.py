"""The rungs that look at one model: its first loss, its outputs, its parameters, what it saves."""

import io
import math
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

from researchdesk.harness.training.experiment import CLASSIFICATION, REGRESSION, Experiment
from researchdesk.harness.training.ladder.climbing import (
    Climb,
    Found,
    class_counts,
    failed,
    not_run,
    outputs,
    passed,
)
from researchdesk.harness.training.ladder.trial import Trial
from researchdesk.harness.training.one_seed import step_count
from researchdesk.harness.training.randomness import seed_everything

_ROWS = 512
_FEW = 6
_STEPS = 12
_ENOUGH = 5


def initial_loss(climb: Climb) -> Found:
    """The loss before training against that of a constant answer."""
    task, experiment = climb.experiment.task, climb.experiment
    x, y = (part[:_ROWS] for part in climb.split.train)
    model = climb.model().train()
    if task == CLASSIFICATION:
        seed_everything(0)
        logits = model(x).detach()
        if logits.dim() != 2 or len(logits) != len(y):
            return not_run(f"The model gives {tuple(logits.shape)} for {len(x)} rows, not logits.")
        return _of_classes(float(functional.cross_entropy(logits, y)), logits.shape[1], y)
    if task != REGRESSION:
        return not_run("The experiment's task does not say what the loss would be.")
    if type(experiment).loss is not Experiment.loss:
        given = model(x).detach()
        loss = float((given - y).square().mean()) if given.shape == y.shape else math.nan
    else:
        loss = float(experiment.loss(model, (x, y), climb.fresh()).detach())
    expected = float(y.double().square().mean())
    figure = f"{loss:.3g}, of a zero answer {expected:.3g}"
    if not math.isfinite(loss):
        return failed(figure, "The loss is not finite before training.")
    if loss > 10 * expected:
        return failed(figure, "The model's first answers are far larger than the targets.")
    return passed(figure)


def _of_classes(loss: float, classes: int, y: Tensor) -> Found:
    expected = math.log(classes)
    shares = class_counts(y).double() / len(y)
    spread = float(-(shares[shares > 0] * shares[shares > 0].log()).sum())
    figure = f"{loss:.3g}, of ln {classes} = {expected:.3g}"
    if not math.isfinite(loss):
        return failed(figure, "The loss is not finite before training.")
    if loss > 2 * expected + 0.5:
        return failed(figure, "An untrained model is far too sure of itself.")
    if loss < 0.7 * min(expected, spread):
        return failed(figure, "An untrained model knows the labels: are they in its inputs?")
    return passed(figure)


def own_input(climb: Climb) -> Found:
    """The outputs of a batch's other rows, when one row is replaced, in eval mode."""
    x = climb.split.train[0]
    if len(x) < 3:
        return not_run("There are fewer than three training rows.")
    count = min(_FEW, len(x) - 1)
    model = climb.model()
    before = outputs(model, x[:count])
    same = torch.allclose(before, outputs(model, x[:count]), rtol=1e-5, atol=0.0)
    if not same:
        return not_run("The outputs differ from call to call, in eval mode and from one seed.")
    scale = float(before.abs().max()) or 1.0
    moved, own = 0.0, 0.0
    for row in range(count):
        changed = x[:count].clone()
        changed[row] = x[count]
        apart = (outputs(model, changed) - before).abs().reshape(count, -1).amax(dim=1) / scale
        own = max(own, float(apart[row]))
        apart[row] = 0.0
        moved = max(moved, float(apart.nan_to_num(math.inf).max()))
    figure = f"others moved by {moved:.1g}"
    if moved > 1e-4:
        return failed(figure, "The output of a row changes with the input of another row.")
    if own == 0.0:
        return failed("outputs all the same", "The output does not change with its own input.")
    return passed(figure)


def parameters(climb: Climb) -> Found:
    """How many there are, and those that are to be trained and do not change."""
    trial = Trial(climb, climb.split)
    before = {name: one.detach().clone() for name, one in trial.model.named_parameters()}
    trial.go(_STEPS)
    given = dict(trial.model.named_parameters())
    count = sum(one.numel() for one in given.values())
    wanted = {name: one for name, one in given.items() if one.requires_grad}
    figure = f"{count:,}"
    if len(wanted) < len(given):
        figure += f", {sum(one.numel() for one in wanted.values()):,} of them trained"
    if trial.steps < _ENOUGH:
        return not_run(f"{trial.steps} steps fitted into the time.", figure)
    groups = trial.training.optimizer.param_groups
    known = {id(one) for group in groups for one in group["params"]}
    still = [name for name, one in wanted.items() if torch.equal(one, before[name])]
    out = [name for name in still if id(wanted[name]) not in known]
    if out:
        return failed(figure, f"In no optimizer, though trainable: {_named(out)}.")
    without = [name for name in still if not _has_gradient(wanted[name])]
    if without:
        words = f"No gradient came to {_named(without)} in {trial.steps} steps."
        return failed(figure, words)
    if still:
        return failed(figure, f"{_named(still)} did not change in {trial.steps} steps.")
    return passed(figure)


def save_reload(climb: Climb) -> Found:
    """Outputs of a trained model, and of new ones with what it saved."""
    trial = Trial(climb, climb.split)
    trial.go(_STEPS)
    x = climb.split.train[0][:_ROWS]
    told = outputs(trial.model, x)
    content = io.BytesIO()
    torch.save(trial.model.state_dict(), content)
    same = _reloaded(climb.model(), content, x)
    other_seed = climb.fresh(streams={"init": climb.run.stream("init") + 1})
    try:
        other = _reloaded(climb.model(other_seed), content, x)
    except RuntimeError:  # of another shape by another seed: that is a kind of model, too
        other = same
    figure = f"{len(content.getvalue()) / 1e6:.3g} MB"
    if not torch.equal(told.nan_to_num(), same.nan_to_num()):
        apart = float((told - same).abs().max())
        words = "The outputs differ: what training changed is not all in state_dict()."
        return failed(f"{figure}, outputs {apart:.2g} apart", words)
    if not torch.equal(told.nan_to_num(), other.nan_to_num()):
        words = (
            "A model that was begun from another seed gives other outputs with what was saved: "
            "numbers that its seed drew are neither parameters nor buffers."
        )
        return failed(f"{figure}, outputs {float((told - other).abs().max()):.2g} apart", words)
    return passed(f"{figure}, outputs the same")


def _reloaded(model: nn.Module, content: io.BytesIO, x: Tensor) -> Tensor:
    content.seek(0)
    model.load_state_dict(torch.load(content, map_location=x.device, weights_only=True))
    return outputs(model, x)


def timings(climb: Climb, clock: Callable[[], float] = time.perf_counter) -> Found:
    """What a step of the arm takes, and a seed."""
    trial = Trial(climb, climb.split)
    trial.go(2)
    begun, first = clock(), trial.steps
    while clock() - begun < 0.5 and trial.steps < 50 and not climb.over:
        trial.training.advance(trial.training.batch())
    made = trial.steps - first
    if not made:
        return not_run("Two steps took all the time there was.")
    each = (clock() - begun) / made
    steps = step_count(climb.experiment, climb.fresh(), climb.split)
    whole = each * steps
    words = f"{whole:.2g} s" if whole < 90 else f"{whole / 60:.2g} min"
    return passed(f"{1000 * each:.3g} ms a step", f"{steps:,} steps a seed: about {words}.")


def _has_gradient(one: Tensor) -> bool:
    return one.grad is not None and bool((one.grad != 0).any())


def _named(names: list[str]) -> str:
    more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more
