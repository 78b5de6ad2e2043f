"""Half-made files that stay behind kills: the desk has to tell of them when they are old."""

import os
import time
from pathlib import Path

from reliability.killing.world import World

_STAYS = (".lock", ".index.db", ".gitignore", ".researchdesk-release.json")
_TWO_WEEKS = 14 * 86_400


def untold(world: World) -> list[str]:
    """Half-made files of the desk that ``doctor --repair`` leaves when they are two weeks old."""
    old = time.time() - _TWO_WEEKS
    for path in half_made(world.desk):
        os.utime(path, (old, old))
    done = world.run("--offline", "doctor", "--repair", "--json")
    if done.code != 0:
        return [f"doctor --repair ended with {done.code}: {done.err[-400:]}"]
    left = half_made(world.desk)
    return [f"left behind and not told of: {path.relative_to(world.root)}" for path in left]


def half_made(folder: Path) -> list[Path]:
    """Files and folders that have the look of what was not finished."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if (path.name.startswith(".") and not path.name.startswith(_STAYS))
        or ".part" in path.suffixes
        or ".part-" in path.name
        or path.name.endswith(".tmp")
    ]
