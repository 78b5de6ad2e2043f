"""Backups of the desk's database: made while it is used, verified, thinned out."""

import errno
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from researchdesk.config import Settings
from researchdesk.domain.clock import Clock
from researchdesk.domain.rotation import NEWEST, kept
from researchdesk.errors import BadInputError, NotOnDeskError
from researchdesk.files import sync
from researchdesk.sources.progress import Progress
from researchdesk.storage import copies

_NAME, BEFORE, FORM = "backup-", "before-restore-", "%Y%m%dT%H%M%S%f"
_NO_DESK = "Choose the desk with --desk; any command that keeps something makes one."
_ROOM = 1.1
_PAGE = 4096


class DamagedDeskError(BadInputError):
    """The desk's own database cannot be read whole."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the database. ``size`` is in bytes; ``counts`` are the rows of each table, empty
    where the copy was not looked at; ``removed`` are the older ones that made room for it."""

    path: Path
    at: datetime
    size: int
    counts: Mapping[str, int]
    removed: tuple[Path, ...] = ()


def backup(
    settings: Settings,
    clock: Clock,
    progress: Progress,
    *,
    folder: Path | None = None,
    newest: int = NEWEST,
    name: str = _NAME,
) -> Backup:
    """Copy the database to ``folder`` (that of the desk's backups), and look at the copy.

    It holds what the desk held at the moment it was begun. A copy that is damaged, or has not as
    many rows as the desk, is thrown away. Older backups of the folder are thinned out: the
    ``newest`` stay, and one of each of four weeks and twelve months.

    Raises NotOnDeskError where there is no desk, DamagedDeskError where it cannot be read, and
    BadInputError where the copy could not be made.
    """
    source = settings.desk / "desk.db"
    if not source.is_file():
        raise NotOnDeskError(f"There is no desk in {settings.desk}: nothing was copied.", _NO_DESK)
    target_folder = folder or settings.desk / "backups"
    moment = _behind_the_newest(target_folder, clock())
    target = target_folder / f"{name}{moment:{FORM}}.db"
    part = target.with_name(f".{target.stem}.part")
    try:
        target_folder.mkdir(parents=True, exist_ok=True)
        room_for(source, target_folder)
        counts = _copied(source, part, progress)
        size = part.stat().st_size
        part.replace(target)
        sync(target_folder)
    except (OSError, sqlite3.OperationalError) as error:
        raise _not_made(error, target_folder) from error
    finally:
        _forget(part)
    return Backup(target, moment, size, counts, _thin_out(target_folder, newest, moment))


def _not_made(error: Exception, folder: Path) -> BadInputError:
    if getattr(error, "errno", None) in (errno.EROFS, errno.EACCES, errno.EPERM):
        why, way = f"{folder} cannot be written", "Choose another folder with --to."
    else:
        why = getattr(error, "strerror", None) or str(error)
        way = "Make room, or choose another folder with --to."
    return BadInputError(f"The backup could not be made: {why}. The desk is unharmed.", way)


def _behind_the_newest(folder: Path, moment: datetime) -> datetime:
    """The moment, or where the clock went back, one just behind the newest backup there: what was
    made last stays the newest, and takes no other's name."""
    known = [made for path in folder.glob("*.db") if (made := _moment(path)) is not None]
    newest = max(known, default=moment)
    return moment if moment > newest or not known else newest + timedelta(microseconds=1)


def _forget(part: Path) -> None:
    with suppress(OSError):
        part.unlink(missing_ok=True)


def _copied(source: Path, part: Path, progress: Progress) -> Mapping[str, int]:
    try:
        counts = copies.copy_out(source, part, in_bytes("copying the desk", progress))
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        raise DamagedDeskError(
            f"{source} is damaged: {error}.", "Put a backup back: researchdesk restore"
        ) from error
    progress("verifying the copy", 0, None)
    if (found := _looked_at(part)) != counts:
        raise BadInputError(_differs(counts, found), "Try again; is the disk sound?")
    return counts


def _looked_at(part: Path) -> Mapping[str, int]:
    """A copy is read page by page as its desk was: where it is damaged, so is the desk."""
    try:
        return copies.looked_at(part)
    except BadInputError as error:
        raise DamagedDeskError(
            f"The desk's database is damaged: {error.message}",
            "Put a backup back: researchdesk restore",
        ) from error


def backups(settings: Settings, folder: Path | None = None) -> list[Backup]:
    """The copies in ``folder`` (that of the desk's backups), the newest first; not looked at.

    Those that were made before the schema was changed, or a backup was put back, are among them.
    """
    found = [
        Backup(path, moment, path.stat().st_size, {})
        for path in (folder or settings.desk / "backups").glob("*.db")
        if (moment := _moment(path)) is not None
    ]
    return sorted(found, key=lambda item: item.at, reverse=True)


def latest(settings: Settings) -> Backup | None:
    """The newest that was made as a backup: not what stood there before something was put back,
    nor before the schema was changed."""
    made = (item for item in backups(settings) if item.path.name.startswith(_NAME))
    return next(made, None)


def in_bytes(what: str, progress: Progress) -> copies.OnPages:
    """Tells a copy's progress in bytes."""
    return lambda done, total: progress(what, done * _PAGE, total * _PAGE)


def room_for(source: Path, folder: Path) -> None:
    """Raise OSError where the disk of ``folder`` has not the room for a copy."""
    needed, free = source.stat().st_size * _ROOM, shutil.disk_usage(folder).free
    if needed > free:
        raise OSError(f"it needs {needed / 1e6:,.0f} MB, and {folder} has {free / 1e6:,.0f}")


def _differs(counts: Mapping[str, int], found: Mapping[str, int]) -> str:
    table = next(name for name in {**counts, **found} if counts.get(name) != found.get(name))
    return (
        f"The copy has {found.get(table, 0)} rows of {table}, the desk {counts.get(table, 0)}: "
        "it was thrown away. The desk is unharmed."
    )


def _thin_out(folder: Path, newest: int, made: datetime) -> tuple[Path, ...]:
    """Only what ``backup`` made is ever removed, and not the one just made."""
    by_moment = {_moment(path): path for path in folder.glob(f"{_NAME}*.db")}
    stay = {made, *kept([moment for moment in by_moment if moment is not None], newest)}
    gone = [path for moment, path in by_moment.items() if moment and moment not in stay]
    for path in gone:
        path.unlink(missing_ok=True)
    return tuple(sorted(gone))


def _moment(path: Path) -> datetime | None:
    name, _, stamp = path.stem.rpartition("-")
    if f"{name}-" not in {_NAME, BEFORE, "desk-"}:
        return None
    try:
        return datetime.strptime(stamp, FORM).replace(tzinfo=UTC)
    except ValueError:
        return None
