"""The ratios that are committed, and what of a run is worse than they are."""

import os
import platform
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import textual

from parts.rows import Row

FILE = Path(__file__).parents[1] / "ratios.toml"
WORSE = 1.2
"""So much more than the committed ratio is a regression."""

Kept = Mapping[str, Mapping[str, float]]
"""The ratio of each row by its name, by the name of its group."""


def read(file: Path = FILE) -> Kept:
    """What was kept; nothing where nothing was kept yet."""
    if not file.exists():
        return {}
    groups = tomllib.loads(file.read_text("utf-8"))["ratios"]
    return {
        str(group): {str(name): float(ratio) for name, ratio in rows.items()}
        for group, rows in groups.items()
    }


def keep(found: Mapping[str, Sequence[Row]], file: Path = FILE) -> None:
    """Write the ratios of the rows of these groups; groups that were not measured stay."""
    known = {**read(file), **{group: _ratios(rows) for group, rows in found.items()}}
    lines = [
        "# Made by: python tests/benchmarks/all.py --keep",
        f'machine = "{_machine()}"',
        f"date = {datetime.now(UTC):%Y-%m-%d}",
    ]
    for group, ratios in sorted(known.items()):
        lines += ["", f"[ratios.{group}]"]
        lines += [f'"{name}" = {ratio:.3g}' for name, ratio in sorted(ratios.items())]
    file.write_text("\n".join(lines) + "\n", "utf-8")


def regressed(row: Row, known: Mapping[str, float]) -> bool:
    """Whether the ratio is more than a fifth above the one that is committed."""
    kept = known.get(row.name)
    return kept is not None and row.ratio is not None and not row.ratio <= WORSE * kept


def unmatched(found: Mapping[str, Sequence[Row]], kept: Kept) -> Iterator[str]:
    """A sentence for each row of these groups that has no kept ratio, and for each kept ratio of
    them of which no row was measured: neither can be seen to get worse."""
    for group, rows in found.items():
        known, ratios = kept.get(group, {}), _ratios(rows)
        again = f"`all.py --only {group} --keep`"
        for name in ratios:
            if name not in known:
                yield f"{name}: no ratio is kept for it; {again} keeps one."
        for name in known:
            if name not in ratios:
                yield f"{name}: a ratio is kept, and nothing was measured; {again} forgets it."


def _ratios(rows: Sequence[Row]) -> dict[str, float]:
    return {row.name: row.ratio for row in rows if row.ratio and row.ratio > 0}


def _machine() -> str:
    """In words that name nobody's machine."""
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python "
        f"{sys.version.split()[0]}, Textual {textual.__version__}, load "
        f"{os.getloadavg()[0]:.1f}"
    )
