"""An empty desk laid where one is wanted: a copy of one that was made as any is, once a process.

To make one takes eighty milliseconds of the processor and a dozen waits for the disk, which is more
than most tests do with it.
"""

import tempfile
from functools import cache
from pathlib import Path

from researchdesk.config import Settings
from researchdesk.services.desk import open_desk


def lay(folder: Path) -> None:
    """Put an empty desk there, unless there is one."""
    file = folder / "desk.db"
    if not file.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_bytes(_empty())
        (folder / "desk.lock").touch()


@cache
def _empty() -> bytes:
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        open_desk(Settings(desk=place / "desk", state=place / "state", offline=True)).close()
        return (place / "desk" / "desk.db").read_bytes()
