"""Detectors of one family: data."""

from researchdesk.harness.training.watch.detector import Detector

DETECTORS: tuple[type[Detector], ...] = ()
