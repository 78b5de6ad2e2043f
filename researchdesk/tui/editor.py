"""The user's own editor, opened on a text."""

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from textual.app import App, SuspendNotSupported

from researchdesk.errors import DeskError


def edit_text(app: App[None], text: str) -> str:
    """``text`` as $VISUAL or $EDITOR (else vi) leaves it; the app steps aside meanwhile.

    Raises DeskError where no editor can be opened or the editor failed; nothing is changed then.
    """
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    with tempfile.TemporaryDirectory(prefix="researchdesk-") as folder:
        path = Path(folder) / "text.md"
        path.write_text(text and text.rstrip("\n") + "\n", encoding="utf-8")
        _run(app, [*_words(command), str(path)], command)
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise DeskError(
                f"What the editor wrote cannot be read: {error}. Nothing was changed."
            ) from error


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError as error:
        raise DeskError(
            f"EDITOR is {command!r}, which cannot be read: {error}.", "Set EDITOR to a command."
        ) from error


def _run(app: App[None], command: list[str], name: str) -> None:
    try:
        with app.suspend():
            code = subprocess.run(command, check=False).returncode
        app.refresh(layout=True)
    except SuspendNotSupported as error:
        raise DeskError(
            "This terminal cannot be handed to an editor.", "Edit the note here: press enter on it."
        ) from error
    except OSError as error:
        raise DeskError(
            f"The editor {name!r} could not be started: {error.strerror}.",
            "Set EDITOR to one that is installed, for example: export EDITOR=nano",
        ) from error
    if code != 0:
        raise DeskError(f"The editor {name!r} ended with {code}; nothing was changed.")
