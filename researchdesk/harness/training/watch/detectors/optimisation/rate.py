"""What is known of one optimizer's steps."""

from dataclasses import dataclass, field

from torch import Tensor

from researchdesk.harness.training.watch.detectors.optimisation.keeping import spread
from researchdesk.harness.training.watch.findings import Site


@dataclass
class Rate:
    """One optimizer: its learning rate at each step in sum, its updates in observed steps."""

    site: Site
    kind: str
    steps: int = 0
    peak: float = 0.0
    gone: int = 0
    zero: int = 0
    some_zero: int = 0
    groups: int = 1
    observed: int = 0
    still: int = 0
    flat: int = 0
    ratios: list[float] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    decay: tuple[float, float] = (0.0, 0.0)
    momentum: float = 0.0
    before: list[tuple[Tensor, Tensor]] = field(default_factory=list)
    whole: bool = False

    def some(self, p: Tensor) -> Tensor:
        """Rows of a parameter, spread over all of them; all where nothing was seen to move."""
        return p.detach() if self.whole else spread(p.detach())
