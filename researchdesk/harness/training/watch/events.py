"""What the probes see, as the detectors get it."""

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from researchdesk.harness.training.watch.findings import Site
from researchdesk.harness.training.watch.walks import Walk


@dataclass(slots=True)
class Call:
    """A module was called. ``root``: no other module's call is around it.

    ``inputs`` were given by place, ``named`` by name: ``module(*inputs, **named)`` is the call.
    ``grad``: autograd was recording. ``site`` is known for roots only, as are ``versions``, in
    sampled steps: how often each input had been written to before the call, -1 for no tensor.
    """

    module: nn.Module
    inputs: tuple[Any, ...]
    output: Any
    root: bool
    grad: bool
    named: dict[str, Any] = field(default_factory=dict)
    site: Site = field(default_factory=Site)
    versions: tuple[int, ...] = ()


@dataclass(slots=True)
class LossCall:
    """A loss of ``torch.nn.functional`` was called. ``name`` is the function's."""

    name: str
    input: Tensor
    target: Tensor
    options: dict[str, Any]
    output: Tensor
    site: Site


@dataclass(slots=True)
class LossRefused:
    """A loss of ``torch.nn.functional`` raised ``error`` over what it was given."""

    name: str
    input: Tensor
    target: Tensor
    options: dict[str, Any]
    error: str
    site: Site


@dataclass(slots=True)
class Stored:
    """``data`` are written to a file, or were read from it.

    ``known`` are the tensors and arrays that the line which writes could see.
    """

    path: str
    data: Any
    known: tuple[Any, ...]


@dataclass(slots=True)
class Backward:
    """``backward`` was asked for. ``retain``: the graph was kept for another time."""

    root: Tensor
    retain: bool
    site: Site
    _walk: Walk | None = None
    _value: float | None = None

    @property
    def is_number(self) -> bool:
        """Whether the root is one number, in memory that can be read at once."""
        root = self.root
        return (
            root.numel() == 1
            and type(root) is Tensor
            and root.device.type == "cpu"
            and root.layout is torch.strided
            and not root.is_complex()
        )

    @property
    def value(self) -> float:
        """The root's number, read once."""
        if self._value is None:
            self._value = self.root.item()
        return self._value

    @property
    def walk(self) -> Walk:
        """The graph below the root, before ``backward`` takes it apart."""
        if self._walk is None:
            self._walk = Walk(self.root.grad_fn)
        return self._walk

    def forget(self) -> None:
        """Let go of the graph."""
        self._walk = None


@dataclass(slots=True)
class Applied:
    """A function of the user's own, with a backward pass of its own, was applied to ``inputs``."""

    kind: Any
    inputs: tuple[Any, ...]
    backward: Any


@dataclass(slots=True)
class Clip:
    """Gradients were clipped. ``norm`` is their norm before, None for clipping by value."""

    kind: str
    parameters: list[Tensor]
    limit: float
    norm: float | None
    site: Site


@dataclass(slots=True)
class Batch:
    """A DataLoader gave a batch: ``index`` counts in this pass over it, ``epoch`` the passes."""

    loader: Any
    batch: Any
    index: int
    epoch: int
    site: Site


@dataclass(slots=True)
class Loaded:
    """``load_state_dict`` was called with names missing, or more than the module has."""

    module: nn.Module
    missing: list[str]
    unexpected: list[str]
    site: Site


@dataclass(slots=True)
class Dropped:
    """``functional.dropout``, or attention with dropout, was called, other than by torch itself.

    ``owner``: the module whose method called it, None for a plain function. ``asked``: the call
    says ``training=True`` itself, rather than leaving it to the default. ``grad``: autograd was
    recording.
    """

    owner: nn.Module | None
    p: float
    asked: bool
    grad: bool
    site: Site
