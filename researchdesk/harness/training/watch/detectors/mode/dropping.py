"""Dropout that evaluation mode does not switch off."""

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.events import Dropped
from researchdesk.harness.training.watch.findings import LIKELY, LOOK


class AlwaysDropping(Detector):
    """``dropout-always-on``: ``functional.dropout`` drops while its module is in eval mode."""

    names = ("dropout-always-on",)

    def dropped(self, dropped: Dropped) -> None:
        owner = dropped.owner
        if owner is None:
            if dropped.grad or dropped.asked or not self.session.step:
                return
            where = "a plain function, without recording gradients"
        elif owner.training:
            return
        else:
            where = f"{type(owner).__name__}, which is in evaluation mode"
        self.session.report(
            "dropout-always-on",
            LOOK if dropped.asked else LIKELY,
            f"A function zeroed a share of {dropped.p:g} at random in {where}.",
            dropped.site,
            p=dropped.p,
        )
