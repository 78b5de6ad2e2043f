"""What a run was made with: versions, machine, state of the checkout."""

import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from researchdesk import __version__
from researchdesk.harness.imports import imported_versions

_PACKAGES = ("torch", "numpy", "scipy", "scikit-learn")
_GIT_PATIENCE_S = 5.0
_GPU_SIGNS = ("/dev/nvidiactl", "/proc/driver/nvidia/version", "/dev/dxg")
# Each seed has a worker to itself: how many there are, and who started it, changes no number.
_NO_MATTER = ("jobs", "engine_details")


def environment(recipe: Path, jobs: int, *, elsewhere: bool = False) -> dict[str, Any]:
    """Package versions, Python, machine, and the git state of here and of the recipe's folder.

    ``imports`` are the versions of what the recipe's code imports. ``elsewhere``: the seeds run on
    other machines, and their workers tell of those.
    """
    return {
        **({} if elsewhere else machine()),
        "jobs": jobs,
        "packages": _versions(),
        "imports": imported_versions(recipe),
        "git": {"here": git_state(Path(os.curdir)), "recipe": git_state(recipe)},
    }


def machine() -> dict[str, Any]:
    """Python and the machine that this process runs on."""
    return {
        "python": sys.version.split()[0],
        "platform": platform.platform(),
        "cpu": _cpu(),
        "cpus": os.cpu_count() or 1,
    }


def gpu_likely() -> bool:
    """Whether this machine shows an NVIDIA GPU that the environment does not hide.

    A worker knows better: torch tells it. Here torch is not imported.
    """
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1")
    return not hidden and any(Path(path).exists() for path in _GPU_SIGNS)


def changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The entries that can change numbers and in which two environments differ, if both have them.

    The number of worker processes is none of them.
    """
    both = before.keys() & now.keys() - set(_NO_MATTER)
    return sorted(key for key in both if before[key] != now[key])


def git_state(folder: Path) -> dict[str, Any]:
    """``commit`` and ``dirty`` of the checkout that the folder is in; empty where it is in none, or
    where git tracks nothing of it: a folder that is ignored is in no commit."""
    commit = _git(folder, "rev-parse", "HEAD")
    if not commit or not _git(folder, "ls-files", "--", "."):
        return {}
    changes = _git(folder, "status", "--porcelain", "--untracked-files=normal", "--", ".")
    return {"commit": commit, "dirty": bool(changes)}


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "--no-optional-locks", "-c", "core.fsmonitor=", "-C", str(folder), *arguments],
            capture_output=True,
            text=True,
            timeout=_GIT_PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _versions() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found | {"researchdesk": __version__}


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())
