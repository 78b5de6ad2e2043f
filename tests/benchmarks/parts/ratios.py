"""The ratios that are committed, and what of a run is worse than they are."""

import os
import platform
import sys
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import textual

from parts.rows import Row

FILE = Path(__file__).parents[1] / "ratios.toml"
WORSE = 1.2
"""So much more than the committed ratio is a regression."""


def read(file: Path = FILE) -> dict[str, float]:
    """The ratio of each row by its name; none where nothing was kept yet."""
    if not file.exists():
        return {}
    return {str(k): float(v) for k, v in tomllib.loads(file.read_text("utf-8"))["ratios"].items()}


def keep(rows: Sequence[Row], file: Path = FILE) -> None:
    """Write the ratios of these rows; those of rows that were not measured stay."""
    known = read(file) | {row.name: row.ratio for row in rows if row.ratio and row.ratio > 0}
    lines = [
        "# Made by: python tests/benchmarks/all.py --keep",
        f'machine = "{_machine()}"',
        f"date = {datetime.now(UTC):%Y-%m-%d}",
        "",
        "[ratios]",
        *(f'"{name}" = {ratio:.3g}' for name, ratio in sorted(known.items())),
    ]
    file.write_text("\n".join(lines) + "\n", "utf-8")


def regressed(row: Row, known: Mapping[str, float]) -> bool:
    """Whether the ratio is more than a fifth above the one that is committed."""
    kept = known.get(row.name)
    return kept is not None and row.ratio is not None and not row.ratio <= WORSE * kept


def _machine() -> str:
    """In words that name nobody's machine."""
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python "
        f"{sys.version.split()[0]}, Textual {textual.__version__}, load "
        f"{os.getloadavg()[0]:.1f}"
    )
