"""The heavy part of scipy (most of a second to load), when it is first needed."""

import importlib
from types import ModuleType


def scipy_stats() -> ModuleType:
    return importlib.import_module("scipy.stats")
