"""Detectors of one family: data."""

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.data.batches import Batches
from researchdesk.harness.training.watch.detectors.data.broken import Broken
from researchdesk.harness.training.watch.detectors.data.drift import Drift
from researchdesk.harness.training.watch.detectors.data.epochs import Epochs
from researchdesk.harness.training.watch.detectors.data.flow import Flow, Part, names_of
from researchdesk.harness.training.watch.detectors.data.labels import Moving, Spread, Unrelated
from researchdesk.harness.training.watch.detectors.data.leak import Leak
from researchdesk.harness.training.watch.detectors.data.order import Order
from researchdesk.harness.training.watch.detectors.data.overlap import Overlap
from researchdesk.harness.training.watch.detectors.data.reseeded import Reseeded
from researchdesk.harness.training.watch.detectors.data.scale import Difference, Scale
from researchdesk.harness.training.watch.detectors.data.stored import Saved
from researchdesk.harness.training.watch.detectors.data.workers import Seeds, Workers

_PARTS: tuple[type[Part], ...] = (
    *(Overlap, Order, Scale, Difference, Spread, Moving, Unrelated, Leak, Broken, Batches, Drift),
    *(Epochs, Reseeded),
)


class Rows(Flow):
    """Everything that looks at the rows that models are given."""

    parts = _PARTS
    names = names_of(_PARTS)


DETECTORS: tuple[type[Detector], ...] = (Rows, Workers, Seeds, Saved)
