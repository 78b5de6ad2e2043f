"""Finds the folders ``data/`` and ``themes/``, installed in a wheel or in the checkout."""

from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).parent


def folder(kind: Literal["data", "themes"]) -> Path:
    """The folder of shipped files: inside the package when installed, beside it in the checkout."""
    inside = _PACKAGE / kind
    return inside if inside.is_dir() else _PACKAGE.parent / kind
