"""What is nobody else's: the settings where a key stands in them, the state, the notes."""

import contextlib
import importlib
import os
import stat
from pathlib import Path

from researchdesk import files
from researchdesk.config import Settings, config_path, load_settings
from researchdesk.errors import BadInputError

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_SECRETS = ("setup", "runtime_env")
"""What of an engine may hold a token."""
_TOLD = "open-settings"


def open_settings() -> str:
    """What is wrong where others may read a key in the settings file; ``""`` where nothing is.
    Judged by the file alone: what the environment says makes no key in it less readable."""
    path = config_path()
    if os.name != "posix" or not _is_open(path) or not _holds_key(path):
        return ""
    return f"A key stands in {path}, and other people of this machine may read it."


def can_be_closed() -> bool:
    """Whether the settings file is the person's own, and lies where it seems to."""
    path = config_path()
    try:
        held = path.stat()
    except OSError:
        return False
    inside = not files.leads_out(path, path.parent)
    return inside and stat.S_ISREG(held.st_mode) and held.st_uid == os.geteuid()


def close_settings() -> str:
    """Take an open settings file with a key in it from others; what was done, in words, ``""``
    where nothing was: where nothing is wrong, or the file is not the person's own."""
    if not open_settings() or not can_be_closed():
        return ""
    path = config_path()
    try:
        descriptor = os.open(path.resolve(strict=True), os.O_RDONLY | os.O_NOFOLLOW)
        try:
            os.fchmod(descriptor, os.fstat(descriptor).st_mode & 0o600)
        finally:
            os.close(descriptor)
    except OSError:
        return ""
    return (
        f"own key: {path} is yours alone now (0600). A key that others could read is best replaced"
    )


def way_to_close() -> str:
    """How the settings file is taken from others."""
    path = importlib.import_module("shlex").quote(str(config_path()))
    return f"Take it from them: chmod 600 {path}"


def told_once(settings: Settings) -> str:
    """What is to be said of open settings when they are loaded: once for each time that the file
    was changed; ``""`` else."""
    said = open_settings()
    if not said:
        return ""
    marker = settings.state / _TOLD
    with contextlib.suppress(OSError):
        held = config_path().stat()
        now = f"{held.st_ino} {held.st_mode} {held.st_mtime_ns}"
        if marker.is_file() and marker.read_text("utf-8") == now:
            return ""
        make_private(settings.state)
        marker.write_text(now, "utf-8")
    return f"{said} {way_to_close()}"


def make_private(folder: Path) -> None:
    """Make the folder where it is not there, for its owner alone; that which the program chose
    itself is closed where an earlier version left it open. What cannot be done is left: whoever
    writes there says so."""
    with contextlib.suppress(OSError):
        files.make_private(folder)
        if folder.stat().st_mode & _OTHERS and folder == Settings().state:
            folder.chmod(0o700)


def _is_open(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & _OTHERS)
    except OSError:
        return False


def _holds_key(path: Path) -> bool:
    """A file that cannot be used as settings may hold one all the same."""
    try:
        told = load_settings({}, path)
    except BadInputError:
        return _names_key(path)
    return bool(told.s2_key) or any(
        one.get(name) for one in told.engines.values() for name in _SECRETS
    )


def _names_key(path: Path) -> bool:
    try:
        text = path.read_bytes()
    except OSError:
        return False
    return any(name.encode() in text for name in ("s2_key", *_SECRETS))
