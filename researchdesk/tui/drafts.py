"""What was begun and not kept: on disk, so that neither escape nor a crash loses a word."""

import hashlib
import json
from abc import abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

from researchdesk import files
from researchdesk.domain.json_text import parse_json
from researchdesk.domain.reading import NoteKind
from researchdesk.domain.text import slug
from researchdesk.errors import DeskError
from researchdesk.tui.dialogs.note import NoteForm
from researchdesk.tui.draft_files import DraftFiles
from researchdesk.tui.surprise_form import SurpriseForm

Form = TypeVar("Form")
UNWRITTEN = (
    "What you write cannot be put on the disk: it is full, or read-only. It is held here, and is "
    "lost where the program ends before there is room."
)


class FormDrafts(Generic[Form]):
    """One file a draft in ``folder``, which is made when the first is kept.

    What another program has begun under the same name and is still writing is its own.
    """

    def __init__(self, folder: Path) -> None:
        self._files = DraftFiles(folder)
        self._held: dict[str, Form] = {}
        self._refused: set[str] = set()
        self._told = False

    @abstractmethod
    def is_worth(self, form: Form) -> bool:
        """Whether it has words of one's own: else it is not worth a file."""

    @abstractmethod
    def written(self, form: Form) -> Mapping[str, Any]:
        """What of it is kept, as JSON has it."""

    @abstractmethod
    def read(self, made: Mapping[str, Any]) -> Form:
        """The form that was written so. Raises KeyError, TypeError, ValueError where it is none."""

    def keep(self, name: str, form: Form) -> str:
        """Keep this, where it is worth it. Where the disk refuses it, it is held until the program
        ends, and what to say of that is given."""
        if not self.is_worth(form):
            self.forget(name)
            return ""
        self._held[name] = form
        try:
            files.write_text(self._files.to_write(name), json.dumps(self.written(form)))
        except (DeskError, OSError):
            self._refused.add(name)
            return UNWRITTEN
        self._refused.discard(name)
        return ""

    def unsaved(self) -> str:
        """Why the program should not end now, said once, for a disk may stay full; ``""`` where
        all that was begun is on disk, or could be put there now."""
        for name in list(self._refused):
            self.keep(name, self._held[name])
        if not self._refused or self._told:
            return ""
        self._told = True
        return UNWRITTEN

    def load(self, name: str) -> Form | None:
        """What was kept under this name; None where there is none that can be read."""
        if name in self._refused:
            return self._held[name]
        try:
            path = self._files.to_read(name)
            return None if path is None else self.read(parse_json(path.read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def written_at(self, name: str) -> datetime | None:
        """When what is on disk under this name was written, in UTC; None where nothing is."""
        return self._files.written_at(name)

    def forget(self, name: str) -> None:
        """What was kept under this name is on the desk now, or was emptied."""
        self._held.pop(name, None)
        self._refused.discard(name)
        with suppress(OSError):
            self._files.forget(name)


class Drafts(FormDrafts[NoteForm]):
    """Notes."""

    def is_worth(self, form: NoteForm) -> bool:
        return bool(form.text.strip())

    def written(self, form: NoteForm) -> Mapping[str, Any]:
        return asdict(form)

    def read(self, made: Mapping[str, Any]) -> NoteForm:
        page = made["page"]
        return NoteForm(
            text=str(made["text"]),
            quote=str(made["quote"]),
            page=page if isinstance(page, int) else None,
            kind=NoteKind(made["kind"]),
        )


class SurpriseDrafts(FormDrafts[SurpriseForm]):
    """Surprises, by where they were met: of each place one, and of it the words only."""

    def is_worth(self, form: SurpriseForm) -> bool:
        return any(part.strip() for part in form.words[:3])

    def written(self, form: SurpriseForm) -> Mapping[str, Any]:
        names = ("text", "expected", "observed", "on")
        return dict(zip(names, form.words, strict=True))

    def read(self, made: Mapping[str, Any]) -> SurpriseForm:
        return SurpriseForm(
            text=str(made["text"]),
            expected=str(made["expected"]),
            observed=str(made["observed"]),
            on=str(made["on"]),
        )


def draft_name(form: SurpriseForm) -> str:
    """The name of the draft of a surprise that is met where this one is."""
    digest = hashlib.sha256(form.on.encode()).hexdigest()[:8]
    return f"funny-{slug(form.on or 'nowhere', 40)}-{digest}"
