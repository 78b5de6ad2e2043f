"""Detectors of one family: random numbers, and whether a run can be repeated."""

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.randomness.repeatable import Repeatable
from researchdesk.harness.training.watch.detectors.randomness.seeds import Seeds

DETECTORS: tuple[type[Detector], ...] = (Seeds, Repeatable)
