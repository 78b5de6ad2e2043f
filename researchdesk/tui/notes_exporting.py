"""Notes into a vault: asked for on a screen, and told of."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from textual.app import App

from researchdesk.domain.labels import papers
from researchdesk.domain.text import one_line
from researchdesk.services.exporting import Export
from researchdesk.services.library import paper_of
from researchdesk.tui.dialogs.notes_export import Last, NotesExportDialog, Wanted
from researchdesk.tui.notices import say, warn
from researchdesk.tui.screens.base import DeskScreen

_TOLD = 3
_TITLE = "Notes exported"
_LAST: WeakKeyDictionary[App[Any], Last] = WeakKeyDictionary()
"""What was chosen last in each app that runs."""


def ask_of_paper(screen: DeskScreen, ref: str, title: str) -> None:
    """Ask where to write one paper, or all."""
    _ask(screen, Wanted(f"{ref} {one_line(title)}", lambda: [ref]))


def ask_of_marked(screen: DeskScreen, ids: Sequence[int]) -> None:
    """Ask where to write the papers of these rows, or all."""

    def refs() -> list[str]:
        found = (paper_of(screen.desk, one) for one in ids)
        return [paper.name for paper in found if paper is not None]

    _ask(screen, Wanted(f"Marked: {papers(len(ids))}", refs))


def _ask(screen: DeskScreen, first: Wanted) -> None:
    last = _LAST.setdefault(screen.app, Last(str(Path.cwd() / "notes")))
    choices = (first, Wanted("All papers on the desk", lambda: None))
    dialog = NotesExportDialog(screen.desk, choices, last)
    screen.app.push_screen(dialog, partial(_tell, screen))


def _tell(screen: DeskScreen, done: Export | None) -> None:
    """All in one notice; it stays longer where a person has to do something."""
    if done is None:
        return
    changed = sum(one.changed for one in done.files)
    words = [f"{changed:,} of {len(done.files):,} pages changed."]
    if done.pictured:
        words.append(f"{done.pictures:,} of {done.pictured:,} figures copied.")
    if len(done.files) == 1:
        words.append(str(done.files[0].path))
    asked = [*_conflicts(done), *_problems(done)]
    if asked:
        warn(screen, "\n".join([*words, *asked]), _TITLE)
    else:
        say(screen, "\n".join(words), _TITLE)


def _conflicts(done: Export) -> list[str]:
    found = [one for one in done.files if one.conflicts]
    if not found:
        return []
    told = [
        f"{one.path.name}: you changed {', '.join(one.conflicts)}; the newer text is in "
        f"{one.beside.name if one.beside else 'no file'}"
        for one in found
    ]
    return [
        *_first(told, "pages like that"),
        "To settle it, export again and choose there what becomes of your changes.",
    ]


def _problems(done: Export) -> list[str]:
    told = [f"{one.message} {one.hint}" for one in done.problems]
    return _first(told, "files were left as they are")


def _first(told: Sequence[str], rest: str) -> list[str]:
    more = len(told) - _TOLD
    return [*told[:_TOLD], *([f"{more:,} more {rest}."] if more > 0 else [])]
