"""Detectors of one family: mode."""

from researchdesk.harness.training.watch.detector import Detector

DETECTORS: tuple[type[Detector], ...] = ()
