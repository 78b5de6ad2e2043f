"""Where numbers stopped being finite: the first layer, found by running a step again."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from torch import Tensor, nn


class NotFiniteError(Exception):
    """NaN or infinity in the training of a seed.

    ``what`` says what was noticed, after ``noticed`` steps; ``step`` is the first step with such a
    number and ``layer`` where in the model it was (empty where that could not be found);
    ``checkpoint`` is the last state that was whole.
    """

    def __init__(
        self, what: str, noticed: int, step: int, layer: str = "", checkpoint: Path | None = None
    ) -> None:
        self.step = step
        self.layer = layer
        self.checkpoint = checkpoint
        first = f"; the first such number was at step {step}" if step != noticed else ""
        where = f", in {layer}" if layer else ""
        kept = f" The last good checkpoint is {checkpoint}." if checkpoint else ""
        super().__init__(f"{what} at step {noticed}{first}{where}.{kept}")


def not_finite(values: Mapping[str, float | int]) -> str:
    """The first of the values that is NaN or infinite, in words; empty where all are finite."""
    for name, value in values.items():
        if not math.isfinite(value):
            return f"{name} became {value}"
    return ""


def all_finite(tensors: Iterable[Tensor]) -> bool:
    """Whether no element is NaN or infinite."""
    return all(bool(tensor.isfinite().all()) for tensor in tensors)


def broken_parameter(model: nn.Module) -> str:
    """The first parameter or buffer that is not finite, by name; empty where all are."""
    for name, tensor in (*model.named_parameters(), *model.named_buffers()):
        if not all_finite([tensor]):
            return name
    return ""


class Watch:
    """What the layers of a model gave while it was watched: the first that was not finite."""

    def __init__(self, model: nn.Module) -> None:
        self._model = model
        self._output = ""
        self._gradient = ""

    @property
    def layer(self) -> str:
        """The layer in words; empty where outputs and gradients were finite."""
        return self._output or self._gradient or self._of_parameters()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look at every output and its gradient meanwhile."""
        hooks = [
            module.register_forward_hook(self._looks_at(name or type(module).__name__))
            for name, module in self._model.named_modules()
        ]
        try:
            yield
        finally:
            for hook in hooks:
                hook.remove()

    def _looks_at(self, name: str) -> Callable[[nn.Module, Any, Any], None]:
        def look(module: nn.Module, given: Any, output: Any) -> None:
            words = f"{name} ({type(module).__name__})"
            for tensor in _tensors(output):
                if self._output:
                    return
                if not all_finite([tensor]):
                    came_in = any(not all_finite([one]) for one in _tensors(given))
                    self._output = f"what goes into {words}" if came_in else words
                elif tensor.requires_grad:
                    looks = self._looks_back(words)
                    tensor.register_hook(looks)  # type: ignore[no-untyped-call]

        return look

    def _looks_back(self, words: str) -> Callable[[Tensor], None]:
        def look(gradient: Tensor) -> None:
            if not self._gradient and not all_finite([gradient]):
                self._gradient = f"the gradient at the output of {words}"

        return look

    def _of_parameters(self) -> str:
        for name, parameter in self._model.named_parameters():
            if parameter.grad is not None and not all_finite([parameter.grad]):
                return f"the gradient of {name}"
        return ""


def _tensors(value: Any) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        if value.is_floating_point() or value.is_complex():
            yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _tensors(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _tensors(item)
