"""What is looked for, family by family."""

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors import (
    data,
    losses,
    mode,
    model,
    optimisation,
    randomness,
    readings,
)

DETECTORS: tuple[type[Detector], ...] = (
    *optimisation.DETECTORS,
    *losses.DETECTORS,
    *mode.DETECTORS,
    *model.DETECTORS,
    *data.DETECTORS,
    *readings.DETECTORS,
    *randomness.DETECTORS,
)
