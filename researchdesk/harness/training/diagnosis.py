"""Finds the step and the layer at which numbers stopped being finite, by training again."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from researchdesk.harness.training.finite import (
    NotFiniteError,
    Watch,
    all_finite,
    broken_parameter,
)
from researchdesk.harness.training.one_seed import Training


def explained(
    training: Training, seen: str, state: Mapping[str, Any] | None, kept: Path | None
) -> NotFiniteError:
    """The failure with its first step and layer.

    Trains again from the last good ``state``, with the same batches and random numbers: first to
    find the step whose gradients or parameters were not finite, then, up to it, to see which layer
    had them. ``seen`` is what was noticed, at the step where ``training`` is; ``kept`` is the file
    of the state.
    """
    step, layer = training.step, ""
    if state is not None:
        try:
            step, layer = _first(training, state)
        except Exception as error:  # noqa: BLE001 - whatever the recipe raises: the NaN is the news
            layer = f"a layer that was not found, since training again raised {error!r}"
    return NotFiniteError(seen, training.step, step, layer, kept)


def _first(training: Training, state: Mapping[str, Any]) -> tuple[int, str]:
    last = training.step
    twin = training.twin(state)
    while twin.step < last and not _broken(twin):
        twin.advance(twin.batch())
    broken, found = _broken(twin), twin.step
    if not broken:
        watch = Watch(twin.model)
        with watch.watching():
            twin.evaluate()
        return last, watch.layer
    again = training.twin(state)
    while again.step < found - 1:
        again.advance(again.batch())
    watch = Watch(again.model)
    with watch.watching():
        again.advance(again.batch())
    return found, watch.layer or broken


def _broken(training: Training) -> str:
    """The first gradient or parameter that is not finite, in words; empty where all are."""
    for name, parameter in training.model.named_parameters():
        if parameter.grad is not None and not all_finite([parameter.grad]):
            return f"the gradient of {name}"
    return broken_parameter(training.model)
