"""Notes begun and not kept: on disk, so that neither escape nor a crash loses a word."""

import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from researchdesk import files
from researchdesk.domain.reading import NoteKind
from researchdesk.errors import DeskError
from researchdesk.tui.dialogs.note import NoteForm


class Drafts:
    """One file a draft in ``folder``, which is made when the first is kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, NoteForm] = {}

    def keep(self, name: str, form: NoteForm) -> None:
        """Keep this; one without words of one's own is not worth a file."""
        if not form.text.strip():
            self.forget(name)
            return
        self._held[name] = form
        with suppress(DeskError):  # where the disk is full, they are held until the program ends
            files.write_text(self._path(name), json.dumps(asdict(form)))

    def load(self, name: str) -> NoteForm | None:
        """What was kept under this name; None where there is none that can be read."""
        if name in self._held:
            return self._held[name]
        try:
            made = json.loads(self._path(name).read_text("utf-8"))
            page = made["page"]
            return NoteForm(
                text=str(made["text"]),
                quote=str(made["quote"]),
                page=page if isinstance(page, int) else None,
                kind=NoteKind(made["kind"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def forget(self, name: str) -> None:
        """What was kept under this name is a note now, or was emptied."""
        self._held.pop(name, None)
        with suppress(OSError):
            self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"
