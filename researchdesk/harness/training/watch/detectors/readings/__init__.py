"""Detectors of one family: what the curves and the clock say."""

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.readings.curves import Curves
from researchdesk.harness.training.watch.detectors.readings.majority import Majority
from researchdesk.harness.training.watch.detectors.readings.timing import Timing

DETECTORS: tuple[type[Detector], ...] = (Curves, Majority, Timing)
