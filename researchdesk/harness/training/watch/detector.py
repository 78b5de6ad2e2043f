"""What a detector is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torch.optim import Optimizer

from researchdesk.harness.training.watch.events import (
    Applied,
    Backward,
    Batch,
    Call,
    Clip,
    Dropped,
    Loaded,
    LossCall,
    LossRefused,
    Stored,
)
from researchdesk.harness.training.watch.findings import Site

if TYPE_CHECKING:
    from researchdesk.harness.training.watch.session import Session


class Detector:
    """Looks for one family of bugs. It overrides the events it needs; the others cost nothing.

    Events come without autograd recording, outside of other events: what a detector computes is
    not observed. It draws no random number, changes no tensor, and keeps none that has a graph.
    ``session.sampled`` says whether this step is one to spend time on. ``names`` are the findings
    that it can report.
    """

    names: tuple[str, ...] = ()

    def __init__(self, session: Session) -> None:
        self.session = session

    def called(self, call: Call) -> None:
        """A module was called by the script itself, and gave its output."""

    def called_inside(self, call: Call) -> None:
        """A module was called within another one, in a step that is sampled."""

    def loss(self, call: LossCall) -> None:
        """A loss function was called."""

    def loss_refused(self, call: LossRefused) -> None:
        """A loss function raised an error, which is under way to the script."""

    def judged(self, call: LossCall) -> None:
        """A loss function was called and no graph came of it, in any step, sampled or not."""

    def applied(self, applied: Applied) -> None:
        """An ``autograd.Function`` of the user's was applied, in a step that is sampled."""

    def dropped(self, dropped: Dropped) -> None:
        """``functional.dropout`` was called with dropping on, in any step."""

    def rootless(self, backward: Backward) -> None:
        """``backward`` is about to be asked of a tensor that nothing was computed for."""

    def before_backward(self, backward: Backward) -> None:
        """``backward`` is about to run: the graph is whole."""

    def after_backward(self, backward: Backward) -> None:
        """``backward`` ran: gradients are there."""

    def before_step(self, optimizer: Optimizer) -> None:
        """An optimizer is about to step."""

    def after_step(self, optimizer: Optimizer) -> None:
        """An optimizer stepped."""

    def zeroed(self, owner: Any) -> None:
        """``zero_grad`` of an optimizer or module is about to be called."""

    def scheduled(self, scheduler: Any) -> None:
        """A learning rate scheduler stepped, other than when it was made."""

    def judged_by(self, scheduler: Any, metric: Any) -> None:
        """A ReduceLROnPlateau was given a metric."""

    def created(self, owner: Any, site: Site) -> None:
        """An optimizer or a learning rate scheduler was made, at this line."""

    def scaled(self, scaler: Any, what: str) -> None:
        """A GradScaler that is on did ``what``: scale, unscale, step (about to), or stepped."""

    def clipped(self, clip: Clip) -> None:
        """Gradients were clipped."""

    def batch(self, batch: Batch) -> None:
        """A DataLoader gave a batch."""

    def epoch_over(self, loader: Any, batches: int) -> None:
        """A pass over a DataLoader came to its end."""

    def made(self, module: Any) -> None:
        """A module's or an optimizer's first use: it was not seen before."""

    def loaded(self, loaded: Loaded) -> None:
        """A state was loaded into a module."""

    def stored(self, stored: Stored) -> None:
        """Data are about to be saved to a file."""

    def fetched(self, stored: Stored) -> None:
        """Data were loaded from a file."""

    def seeding(self, source: str) -> None:
        """A source of randomness is about to be seeded."""

    def seeded(self, source: str) -> None:
        """A source of randomness was seeded: ``torch``, ``numpy`` or ``random``."""

    def finish(self) -> None:
        """The script is over: report what only the whole can tell."""


EVENTS = tuple(name for name, item in vars(Detector).items() if callable(item) and name[0] != "_")
