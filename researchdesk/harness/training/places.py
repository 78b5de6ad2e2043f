"""Where the files of a seed are, below the folder of its run."""

import hashlib
from pathlib import Path
from urllib.parse import quote

_PLAIN = " :+=,@()"
_LONGEST = 200
STEPS, CHECKPOINTS, ANALYSIS = "steps", "checkpoints", "analysis"


def steps_file(run_folder: Path, arm: str, seed: int, vary: str = "") -> Path:
    """Every logged step of a seed: JSON lines of ``{"s": step, "m": {name: value}}``.

    NaN and infinities are the words ``"nan"``, ``"inf"`` and ``"-inf"``. The last line may be torn.
    """
    return run_folder / STEPS / file_name(arm) / f"{_seed(seed, vary)}.jsonl"


def checkpoint_file(run_folder: Path, arm: str, seed: int, vary: str = "") -> Path:
    """The last good state of a seed's training; once it finished, the trained model."""
    return run_folder / CHECKPOINTS / file_name(arm) / f"{_seed(seed, vary)}.pt"


def analysis_file(run_folder: Path, arm: str, seed: int, vary: str = "") -> Path:
    """What the analysis of a seed's errors found, as JSON."""
    return run_folder / ANALYSIS / file_name(arm) / f"{_seed(seed, vary)}.json"


def file_name(arm: str) -> str:
    """An arm's name as the name of a folder: itself, unless it holds what a name may not."""
    plain = quote(arm, safe=_PLAIN)
    if len(plain) > _LONGEST:
        return f"{plain[:100]}~{hashlib.sha256(arm.encode()).hexdigest()[:32]}"
    return plain if plain.strip(".") else plain.replace(".", "%2E")


def _seed(seed: int, vary: str) -> str:
    return f"{seed}.{file_name(vary)}" if vary else str(seed)
