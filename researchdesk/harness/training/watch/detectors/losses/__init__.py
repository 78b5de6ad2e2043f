"""Detectors of one family: losses."""

from researchdesk.harness.training.watch.detector import Detector

DETECTORS: tuple[type[Detector], ...] = ()
