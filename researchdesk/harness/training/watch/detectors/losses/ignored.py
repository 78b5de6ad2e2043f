"""An ``ignore_index`` that is one of the classes."""

from collections import Counter

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.model.tensors import is_ordinary
from researchdesk.harness.training.watch.events import LossCall
from researchdesk.harness.training.watch.findings import LOOK, Site
from researchdesk.harness.training.watch.session import Session

_ITEMS, _LEAST = 200, 0.01
_VIEWS = ("View", "Reshape", "Unsafe", "Transpose", "Permute", "Index", "Slice", "Select")


class Ignored(Detector):
    """``ignored-class``: rows of a label that the model has an output for teach nothing."""

    names = ("ignored-class",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._labels: dict[tuple[Site, int], Counter[int]] = {}

    def loss(self, call: LossCall) -> None:
        ignored = call.options.get("ignore_index", -100)
        if call.name not in ("cross_entropy", "nll_loss") or not isinstance(ignored, int):
            return
        given, target = call.input, call.target
        if ignored < 0 or not is_ordinary(given) or not is_ordinary(target):
            return
        if given.dim() != 2 or target.dim() != 1 or ignored >= given.shape[1]:
            return
        made = type(given.grad_fn).__name__
        # rows that were reshaped are places of sequences, and the index is their padding
        if given.grad_fn is None or made.startswith(_VIEWS):
            return
        counts = self._labels.setdefault((call.site, ignored), Counter())
        if counts.total() < 20_000:
            counts.update(target.tolist())

    def finish(self) -> None:
        for (site, ignored), counts in self._labels.items():
            total, left = counts.total(), counts[ignored]
            if total >= _ITEMS and total > left >= _LEAST * total:
                self.session.report(
                    "ignored-class",
                    LOOK,
                    f"ignore_index={ignored} leaves {left} of {total} labels ({left / total:.0%}) "
                    "out of the loss; there is one label for each row, so it is not padding.",
                    site,
                    ignored=ignored,
                    share=left / total,
                )
