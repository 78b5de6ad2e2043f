"""What the probes see, as the detectors get it."""

from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn

from researchdesk.harness.training.watch.findings import Site


@dataclass(slots=True)
class Call:
    """A module was called. ``root``: no other module's call is around it.

    ``grad``: autograd was recording. ``site`` is known for roots only.
    """

    module: nn.Module
    inputs: tuple[Any, ...]
    output: Any
    root: bool
    grad: bool
    site: Site = field(default_factory=Site)


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
class Backward:
    """``backward`` was asked for. ``retain``: the graph was kept for another time."""

    root: Tensor
    retain: bool
    site: Site


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
