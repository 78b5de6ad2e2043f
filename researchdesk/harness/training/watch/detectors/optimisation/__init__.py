"""Detectors of one family: gradients, optimizers, schedulers."""

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.optimisation.zeroing import Zeroing

DETECTORS: tuple[type[Detector], ...] = (Zeroing,)
