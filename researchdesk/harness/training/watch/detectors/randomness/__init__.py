"""Detectors of one family: randomness."""

from researchdesk.harness.training.watch.detector import Detector

DETECTORS: tuple[type[Detector], ...] = ()
