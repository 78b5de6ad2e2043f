"""Detectors of one family: training mode and evaluation mode."""

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.mode.dropping import AlwaysDropping
from researchdesk.harness.training.watch.detectors.mode.modes import Modes

DETECTORS: tuple[type[Detector], ...] = (Modes, AlwaysDropping)
