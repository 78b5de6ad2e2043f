"""Detectors of one family: model."""

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.model.activations import DeadUnits, Saturation
from researchdesk.harness.training.watch.detectors.model.arrivals import NothingArrived
from researchdesk.harness.training.watch.detectors.model.channels import ChannelsLast
from researchdesk.harness.training.watch.detectors.model.copies import StaleCopies
from researchdesk.harness.training.watch.detectors.model.dependence import Dependence
from researchdesk.harness.training.watch.detectors.model.derivatives import CustomBackward
from researchdesk.harness.training.watch.detectors.model.layering import (
    BiasBeforeNorm,
    MissingActivation,
    OutputWithoutBias,
    SoftmaxOverItems,
)
from researchdesk.harness.training.watch.detectors.model.loading import PartlyLoaded
from researchdesk.harness.training.watch.detectors.model.lookups import Lookups
from researchdesk.harness.training.watch.detectors.model.norms import NormsAtStart
from researchdesk.harness.training.watch.detectors.model.outputs import HighDropout, Outputs
from researchdesk.harness.training.watch.detectors.model.reading import GraphReading
from researchdesk.harness.training.watch.detectors.model.registration import (
    MadeInForward,
    Unregistered,
)
from researchdesk.harness.training.watch.detectors.model.starts import EqualWeights, TiedByCopy
from researchdesk.harness.training.watch.detectors.model.state import CarriedState, ChangedInput
from researchdesk.harness.training.watch.detectors.model.views import DataViews, GraphViews


class Graphs(GraphReading):
    """All that is read from the graphs of models."""

    readers = (
        *(DeadUnits, Saturation, GraphViews, MissingActivation, BiasBeforeNorm),
        *(OutputWithoutBias, SoftmaxOverItems),
    )
    names = tuple(name for reader in readers for name in reader.names)


DETECTORS: tuple[type[Detector], ...] = (
    *(Graphs, DataViews, Outputs, HighDropout, Unregistered, MadeInForward),
    *(EqualWeights, TiedByCopy, PartlyLoaded, CarriedState, ChangedInput),
    *(Dependence, ChannelsLast, NormsAtStart, StaleCopies, CustomBackward),
    *(NothingArrived, Lookups),
)
