"""Detectors of one family: losses."""

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.losses.binary import BinaryInput
from researchdesk.harness.training.watch.detectors.losses.byhand import ByHand
from researchdesk.harness.training.watch.detectors.losses.clamps import ClampedErrors
from researchdesk.harness.training.watch.detectors.losses.crossentropy import (
    CrossEntropyInput,
    LikelihoodInput,
)
from researchdesk.harness.training.watch.detectors.losses.direction import (
    CutOff,
    Direction,
    MovingTarget,
)
from researchdesk.harness.training.watch.detectors.losses.divergence import Divergence
from researchdesk.harness.training.watch.detectors.losses.ignored import Ignored
from researchdesk.harness.training.watch.detectors.losses.layout import ClassDimension
from researchdesk.harness.training.watch.detectors.losses.padding import Padding
from researchdesk.harness.training.watch.detectors.losses.policy import PolicySign
from researchdesk.harness.training.watch.detectors.losses.scales import Scales, Terms
from researchdesk.harness.training.watch.detectors.losses.shapes import Broadcast
from researchdesk.harness.training.watch.detectors.losses.start import InitialLoss
from researchdesk.harness.training.watch.detectors.losses.targets import (
    LabelsAsNumbers,
    TargetRange,
)

DETECTORS: tuple[type[Detector], ...] = (
    CrossEntropyInput,
    LikelihoodInput,
    BinaryInput,
    Broadcast,
    TargetRange,
    LabelsAsNumbers,
    Divergence,
    CutOff,
    Direction,
    MovingTarget,
    ClassDimension,
    Padding,
    Ignored,
    InitialLoss,
    Scales,
    Terms,
    ClampedErrors,
    PolicySign,
    ByHand,
)
