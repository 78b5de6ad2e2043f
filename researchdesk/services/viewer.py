"""What this machine opens pictures and PDFs with."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from shutil import which

from researchdesk.errors import DeskError

_PAGE_FLAGS = {
    "evince": "--page-index={page}",
    "okular": "--page={page}",
    "zathura": "--page={page}",
    "atril": "--page-index={page}",
    "xreader": "--page-index={page}",
    "papers": "--page-index={page}",
}
_SHOWN = {".pdf", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".html", ".htm", ".md", ".json"}
"""What is only shown; a desk from elsewhere may name a file that would be started."""
_SOON_S = 2.0


def open_outside(
    path: Path, page: int | None = None, environ: Mapping[str, str] = os.environ
) -> None:
    """Open a file in the viewer of this machine, apart from this program; a PDF at ``page`` where
    the viewer is known to take one. Waits up to two seconds, to tell a viewer that failed.

    Raises DeskError, with the file's path, where there is no viewer, or the file is of a kind that
    may be started and not shown.
    """
    if path.suffix.lower() not in _SHOWN:
        raise DeskError(
            f"{path.name} is no picture, page or PDF; nothing was opened.", _where(path)
        )
    command = _command(path, page, environ)
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        code = process.wait(_SOON_S)
    except subprocess.TimeoutExpired:
        return
    except OSError as error:
        raise DeskError(
            f"The viewer {command[0]} could not be started: {error.strerror}.", _where(path)
        ) from error
    if code:
        raise DeskError(f"The viewer {command[0]} ended with {code}.", _where(path))


def _command(path: Path, page: int | None, environ: Mapping[str, str]) -> list[str]:
    if sys.platform == "darwin" and not environ.get("SSH_CONNECTION"):
        return ["open", str(path)]
    if not (environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")):
        reason = "over SSH" if environ.get("SSH_CONNECTION") else "without a display"
        raise DeskError(
            f"Nothing can be opened beside this terminal: it runs {reason}.", _where(path)
        )
    viewer = _pdf_viewer() if page and path.suffix == ".pdf" else ""
    if viewer:
        return [viewer, _PAGE_FLAGS[viewer].format(page=page), str(path)]
    if which("xdg-open") is None:
        raise DeskError("There is no xdg-open on this machine.", _where(path))
    return ["xdg-open", str(path)]


def _pdf_viewer() -> str:
    """The default viewer of PDFs, if it is one that can be told the page."""
    if which("xdg-mime") is None:
        return ""
    try:
        asked = subprocess.run(
            ["xdg-mime", "query", "default", "application/pdf"],
            capture_output=True,
            text=True,
            timeout=_SOON_S,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    name = asked.stdout.lower()
    return next((viewer for viewer in _PAGE_FLAGS if viewer in name and which(viewer)), "")


def _where(path: Path) -> str:
    return f"The file is {path}"
