"""What this machine needs for an engine; asked before anything is begun, at the cost of a look."""

import importlib.util
import shutil
from collections.abc import Mapping

from researchdesk.domain.engines import EngineKind, EngineSettings
from researchdesk.errors import EngineError

LIBRARIES: Mapping[EngineKind, tuple[str, str]] = {
    EngineKind.RAY: ("ray", "researchdesk[ray]"),
    EngineKind.SLURM: ("submitit", "researchdesk[slurm]"),
}
"""The library that a kind of engine takes, and the extra that brings it."""
SLURM_PROGRAMS = ("sbatch", "squeue", "scancel")
ELSEWHERE = (
    "Give the command on a machine that jobs are handed over from, or try it out here with "
    'launcher = "local" in the engine\'s table.'
)


def require_here(engine: EngineSettings) -> None:
    """Raises EngineError where the engine's library or Slurm's programs are not on this machine.

    Nothing is imported, and nobody is called.
    """
    require_library(engine)
    if engine.kind is EngineKind.SLURM and engine.options.get("launcher", "slurm") != "local":
        require_programs()


def require_library(engine: EngineSettings) -> None:
    """Raises EngineError where the library of the engine's kind is not installed."""
    if engine.kind not in LIBRARIES:
        return
    library, extra = LIBRARIES[engine.kind]
    if importlib.util.find_spec(library) is None:
        raise EngineError(
            f"The engine {engine.name} needs {library}, which is not installed here. Nothing was "
            "begun, and nothing was handed over.",
            f"`pip install '{extra}'` brings it; `--on local` needs nothing more.",
        )


def require_programs() -> None:
    """Raises EngineError where jobs cannot be handed to Slurm from this machine."""
    for name in SLURM_PROGRAMS:
        if shutil.which(name) is None:
            raise EngineError(
                f"There is no {name} on this machine, so that Slurm cannot be reached from it. "
                "Nothing was handed over.",
                ELSEWHERE,
            )
