"""Detectors of one family: readings."""

from researchdesk.harness.training.watch.detector import Detector

DETECTORS: tuple[type[Detector], ...] = ()
