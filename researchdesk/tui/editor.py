"""The user's own editor, opened on a text."""

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from textual.app import App, SuspendNotSupported

from researchdesk.errors import DeskError
from researchdesk.services.desk import Desk
from researchdesk.services.editing import edited

_GOTO = {"code", "code-insiders", "codium", "cursor", "windsurf"}
_COLON = {"subl", "hx", "helix", "zed", "micro"}
_VIM = {"vim", "nvim", "gvim"}
_PLUS = {
    "vi", "view", "nano", "pico", "emacs", "emacsclient", "mg", "jed", "joe", "kak", "ne", "mcedit",
    "gedit", "ee",
}  # fmt: skip


def edit_text(app: App[None], text: str) -> str | None:
    """``text`` as $VISUAL or $EDITOR (else vi) leaves it; the app steps aside meanwhile. None where
    it was not saved there.

    Raises DeskError where no editor can be opened or the editor failed; nothing is changed then,
    and what the editor wrote is copied to a file that the hint names.
    """
    command = _editor()
    words = _words(command)
    desk: Desk | None = getattr(app, "desk", None)
    state = desk.settings.state if desk else Path(tempfile.gettempdir())

    def edit(path: Path) -> None:
        _run(app, [*words, str(path)], command, "Edit it here instead.")

    return edited(text, state, edit)


def edit_file(app: App[None], path: Path, line: int) -> None:
    """Open a file at a line (from 1) in $VISUAL or $EDITOR (else vi); the app steps aside.

    Raises DeskError where no editor can be opened or the editor failed.
    """
    command = _editor()
    _run(app, [*_at_line(_words(command), path, line)], command, f"The file is {path}")


def _editor() -> str:
    return os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"


def _at_line(words: list[str], path: Path, line: int) -> list[str]:
    """The command that opens ``path`` at ``line``, in the way this editor wants to be told."""
    name = Path(words[0]).name.removesuffix(".exe")
    if name in _GOTO:
        return [*words, "--goto", f"{path}:{line}"]
    if name in _COLON:
        return [*words, f"{path}:{line}"]
    if name in _VIM:  # a file of others' must not set options of the editor
        words = [*words, "--cmd", "set nomodeline"]
    if name in _PLUS | _VIM:
        return [*words, f"+{line}", str(path)]
    return [*words, str(path)]


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command) or ["vi"]
    except ValueError as error:
        raise DeskError(
            f"EDITOR is {command!r}, which cannot be read: {error}.", "Set EDITOR to a command."
        ) from error


def _run(app: App[None], command: list[str], name: str, instead: str) -> None:
    try:
        with app.suspend():
            code = subprocess.run(command, check=False).returncode
        app.refresh(layout=True)
    except SuspendNotSupported as error:
        raise DeskError("This terminal cannot be handed to an editor.", instead) from error
    except OSError as error:
        raise DeskError(
            f"The editor {name!r} could not be started: {error.strerror}.",
            "Set EDITOR to one that is installed, for example: export EDITOR=nano",
        ) from error
    if code != 0:
        raise DeskError(
            f"The editor {name!r} ended with {code}; nothing was changed.",
            "Edit the text here instead, or set EDITOR to another editor.",
        )
