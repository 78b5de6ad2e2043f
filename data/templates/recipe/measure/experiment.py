"""The experiment of {{id}}: replace this by the paper's own, in one file that can be read."""

import torch


def measure(run):
    """Measure one seed of one arm, and return the metrics that the claims name.

    run.arm and run.settings   the arm's name and its settings, from recipe.toml
    run.seed                   the seed; Python, numpy and torch are seeded already, on one thread,
                               with deterministic algorithms
    run.generator("init")      a torch generator for one source of randomness: init, order, noise,
                               augment, split; what is drawn from it can be varied by itself with
                               `reproduce --vary init`
    run.data, run.cache        what was taken for each data need, and a folder for datasets
    run.device                 where tensors are to be
    run.log(step, name=value)  draws a curve
    run.note("...")            keeps a remark with the seed

    Where all seeds are quicker together (a model small enough to be stacked), write
    `measure_seeds(runs)` beside this: each of the runs gets its own log and result(...).
    """
    noise = run.generator("noise")
    score = 0.0
    for step in range(1, run.settings["steps"] + 1):
        drawn = (torch.rand((), generator=noise) ** run.settings["power"]).item()
        score += (drawn - score) / step
        run.log(step, score=score)
    return {"score": score}
