"""The options that name who runs trials."""

from collections.abc import Callable
from typing import Any

import click


def engine_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--on ENGINE`` (as ``engine``) and ``--detach``."""
    detach = click.option(
        "--detach",
        is_flag=True,
        help="Hand over as many trials as the engine takes at a time (at_once), and do not wait; "
        "only where they outlive this command.",
    )
    on = click.option(
        "--on",
        "engine",
        metavar="ENGINE",
        default="",
        help="Who runs the trials: local, ray, slurm, or an engine of the settings file.",
    )
    return on(detach(command))
