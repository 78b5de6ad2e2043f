"""The experiment of {{id}}: replace this by the paper's own, in one file that can be read."""

import torch


def measure(run):
    """Measure one seed of one arm.

    Python, numpy and torch are seeded with run.seed, on one thread, with deterministic algorithms.
    run.arm is the arm's name, run.settings its settings; run.log(step, name=value) draws a curve;
    what is returned are the metrics that the claims name.
    """
    score = 0.0
    for step in range(1, run.settings["steps"] + 1):
        score += (torch.rand(()).item() - score) / step
        run.log(step, score=score)
    return {"score": score}
