"""The files of the desk folder against what the database says of them."""

import hashlib
import math
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from researchdesk.files import leads_out
from researchdesk.harness.locks import is_held
from researchdesk.services.desk import Desk
from researchdesk.sources.progress import Progress
from researchdesk.storage import papers
from researchdesk.storage.paper_rows import is_own_place

_OLD = timedelta(days=7)
_LEFT = (
    *("papers/*/.copy-*", "papers/*/*.part", "papers/*/*.part.json", "papers/*/code/.part-*"),
    "backups/.copy-*",
    *("backups/*.part", "backups/*.part-*", ".restoring-*"),
    *("cache/**/.*.part", "cache/**/*.tmp", "cache/**/.*.np[yz].*", "cache/**/.drawing-*"),
    *("drafts/.*.part", "drafts/.*.lock"),
    *("recipes/.new-*", "recipes/**/.*.part"),
    *("runs/.new-*", "runs/*/.*.[0-9]*", "runs/*/.environment.json", "runs/*/.*.part"),
    *("runs/*/checkpoints/*/.*.part", "runs/*/analysis/*/.*.part"),
    *("sweeps/.new-*", "sweeps/*/.*.[0-9]*", "sweeps/*/.environment.json", "sweeps/*/.*.part"),
    *("sweeps/*/checkpoints/*/.*.part", "sweeps/*/analysis/*/.*.part"),
)
"""What is there only while it is being made."""


@dataclass(frozen=True, slots=True)
class Held:
    """A file that the desk says it has: its column in ``versions``, and its hash where known."""

    paper_id: int
    version: int
    column: str
    path: str
    sha256: str


def held_files(desk: Desk) -> list[Held]:
    """Every file that the database names, PDFs and HTML pages."""
    return [Held(*row) for row in papers.files_named(desk.database.connection)]


def missing(desk: Desk) -> list[Held]:
    """Those that are not there, or are not the desk's."""
    return [
        item
        for item in held_files(desk)
        if not is_own_place(item.path) or not (desk.root / item.path).is_file()
    ]


def changed(desk: Desk, progress: Progress) -> list[Held]:
    """Those whose bytes are not the ones that were filed. Reads every file."""
    found = []
    items = [item for item in held_files(desk) if item.sha256]
    for number, item in enumerate(items):
        progress(f"reading file {number + 1} of {len(items)}", 0, None)
        path = desk.root / item.path
        if is_own_place(item.path) and path.is_file() and sha256(path) != item.sha256:
            found.append(item)
    return found


def forget(db: Database, items: Sequence[Held]) -> None:
    """Say that these files are not there, so that they can be fetched again."""
    for item in items:
        empty = {"pdf": "", "sha256": "", "size": 0, "fetched_at": None}
        gone = {"html": "", "html_sha256": "", "html_asked_at": None}
        row = empty if item.column == "pdf" else gone
        db.table("versions").update((item.paper_id, item.version), row)


def orphans(desk: Desk) -> list[Path]:
    """Files of papers that no paper has; those of clones, and at the end of links, are others'."""
    known = {desk.root / item.path for item in held_files(desk)}
    folder = desk.settings.papers
    return sorted(
        path
        for path in folder.glob("*/*")
        if path.suffix in {".pdf", ".html"}
        and path not in known
        and path.is_file()
        and not path.parent.is_symlink()
    )


def set_aside(desk: Desk, paths: Sequence[Path]) -> Path:
    """Move orphans to a folder of their own below ``backups/``; gives the folder."""
    target = desk.root / "backups" / f"orphans-{desk.clock():%Y%m%dT%H%M%S}"
    for path in paths:
        place = target / path.relative_to(desk.settings.papers)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, place)
    return target


def leftovers(root: Path, now: datetime) -> list[Path]:
    """What was being made when its program was killed, older than a week; no lock that is held,
    and nothing at the end of a link that leads out of the desk."""
    limit = (now - _OLD).timestamp()
    found = {path for pattern in _LEFT for path in root.glob(pattern)}
    old = (path for path in found if _changed(path) < limit and not leads_out(path.parent, root))
    return sorted(path for path in old if path.suffix != ".lock" or not is_held(path))


def _changed(path: Path) -> float:
    """When it was written last; never where another program has just taken it away."""
    try:
        return path.lstat().st_mtime
    except FileNotFoundError:
        return math.inf


def remove(paths: Sequence[Path]) -> None:
    """Delete leftovers, folders too; one that is gone already is no error."""
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def sha256(path: Path) -> str:
    """Of what the file holds, in hexadecimal; read piece by piece. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
