"""The rungs that look at the data: rows in two splits, classes and their balance."""

import hashlib

import numpy as np
from torch import Tensor

from researchdesk.harness.training.experiment import CLASSIFICATION, REGRESSION
from researchdesk.harness.training.ladder.climbing import (
    Climb,
    Found,
    class_counts,
    failed,
    not_run,
    passed,
)

_MOST_ROWS = 100_000
_TOO_MANY = 0.01


def overlap(climb: Climb) -> Found:
    """Rows of other splits whose input stands in training, too, to the last bit."""
    parts = climb.split.parts()
    seen = set(_digests(parts.pop("train")[0]))
    told, most = [], 0.0
    for name, (x, _) in parts.items():
        digests = _digests(x)
        both = sum(digest in seen for digest in digests)
        share = both / max(1, len(digests))
        most = max(most, share)
        if both:
            told.append(f"{both:,} of {len(digests):,} rows of {name} ({share:.1%})")
    if not told:
        return passed("0 rows", f"None of {', '.join(parts)} stands in training.")
    words = f"In training, too: {'; '.join(told)}."
    return failed(f"{most:.1%}", words) if most >= _TOO_MANY else passed(f"{most:.1%}", words)


def balance(climb: Climb) -> Found:
    """The classes, the share of the most frequent one, and whether each is trained on."""
    task, (_, y) = climb.experiment.task, climb.split.train
    if task == REGRESSION:
        mean, sd = float(y.double().mean()), float(y.double().std(correction=0))
        figure = f"targets {mean:.3g} ± {sd:.3g}"
        return failed(figure, "All targets are the same.") if sd == 0 else passed(figure)
    if task != CLASSIFICATION:
        return not_run("The experiment's task has no classes.")
    counts = class_counts(y.cpu())
    there = counts > 0
    classes, most = int(there.sum()), int(counts.max())
    figure = f"{classes} classes, majority {most / len(y):.1%}"
    if classes < 2:
        return failed(figure, "There is one class only: nothing is to be told apart.")
    if most < 2:
        return passed(figure, "Each training row has a class of its own.")
    for name, (_, given) in climb.split.parts().items():
        other = set(given.reshape(-1).tolist()) - set(there.nonzero().reshape(-1).tolist())
        if other:
            few = ", ".join(map(str, sorted(other)[:3]))
            return failed(figure, f"{name} has {len(other)} classes that training lacks: {few}.")
    rarest = int(counts[there].min())
    said = f"The rarest class has {rarest:,} rows, the most frequent {most:,}."
    return passed(figure, said if rarest < 0.1 * most else "")


def _digests(x: Tensor) -> list[bytes]:
    rows = np.ascontiguousarray(x[:_MOST_ROWS].detach().cpu().reshape(len(x[:_MOST_ROWS]), -1))
    rows = rows + 0  # so that -0.0 and 0.0 are the same
    return [hashlib.blake2b(row.tobytes(), digest_size=16).digest() for row in rows]
