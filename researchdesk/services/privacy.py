"""What is nobody else's: the settings where a key stands in them, the state, the notes."""

import contextlib
import importlib
import os
import stat
from pathlib import Path

from researchdesk import files
from researchdesk.config import ENVIRONMENT, Settings, config_path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_SECRETS = ("setup", "runtime_env")
"""What of an engine may hold a token."""
_TOLD = "open-settings"


def open_settings(settings: Settings) -> str:
    """What is wrong where others may read a key in the settings file; ``""`` where nothing is."""
    if not _has_key(settings):
        return ""
    path = config_path()
    try:
        held = path.stat()
    except OSError:
        return ""
    if os.name != "posix" or not held.st_mode & _OTHERS:
        return ""
    return f"A key stands in {path}, and other people of this machine may read it."


def way_to_close() -> str:
    """How the settings file is taken from others."""
    path = importlib.import_module("shlex").quote(str(config_path()))
    return f"Take it from them: chmod 600 {path}"


def told_once(settings: Settings) -> str:
    """What is to be said of open settings when they are loaded: once for each time that the file
    was changed; ``""`` else."""
    said = open_settings(settings)
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


def _has_key(settings: Settings) -> bool:
    if settings.s2_key and not os.environ.get(ENVIRONMENT["s2_key"]):
        return True
    return any(one.get(name) for one in settings.engines.values() for name in _SECRETS)
