"""Keeping a surprise from anywhere: filled in with what is looked at."""

from functools import partial
from typing import TYPE_CHECKING

from researchdesk.domain.deltas import words
from researchdesk.services.deltas import measured_delta
from researchdesk.services.surprises import add_surprise
from researchdesk.tui.at_hand import what_is
from researchdesk.tui.commands import keyed
from researchdesk.tui.dialogs.surprise import SurpriseDialog
from researchdesk.tui.drafts import SurpriseDrafts, draft_name
from researchdesk.tui.notices import say, telling
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.surprise_form import SurpriseForm, Surprising

if TYPE_CHECKING:
    from researchdesk.tui.going import GoingApp


class Noticing:
    """Asks what is funny on whichever screen one is."""

    def __init__(self, app: "GoingApp") -> None:
        self._app = app
        self._desk = app.desk
        self._begun = SurpriseDrafts(app.desk.root / "drafts")

    def ask(self) -> None:
        """Ask for a surprise; one that was begun in the same place is gone on with."""
        form = self._surprise_at_hand()
        name = draft_name(form)
        begun = self._begun.load(name)
        dialog = SurpriseDialog(
            form,
            partial(self._begun.keep, name),
            partial(self._save, name),
            partial(measured_delta, self._desk),
            partial(what_is, self._desk),
            form.with_words(*begun.words) if begun else None,
        )
        self._app.push_screen(dialog, partial(self._kept, name, form))

    def _surprise_at_hand(self) -> SurpriseForm:
        screen = self._app.screen
        with telling(self._app):
            return screen.surprise_at_hand() if isinstance(screen, Surprising) else SurpriseForm()
        return SurpriseForm()

    def _save(self, name: str, form: SurpriseForm) -> None:
        """Raises DeskError."""
        kept = add_surprise(self._desk, *form.words, source=form.source, delta=form.delta)
        self._begun.forget(name)
        delta = f"\n{words(kept.delta)}" if kept.delta else ""
        say(
            self._app,
            keyed("Surprise {id}; {app.funny} shows it.{delta}", id=kept.id, delta=delta),
            "That's funny…",
        )

    def _kept(self, name: str, filled: SurpriseForm, form: SurpriseForm | None) -> None:
        if form is not None and form.saved:
            self._show_kept()
        elif form is None or form.words == filled.words:
            self._begun.forget(name)
        else:
            refused = self._begun.keep(name, form)
            told = keyed(
                "The surprise is not kept; {app.add-surprise} in the same place goes on with it."
            )
            say(self._app, f"{told} {refused}".rstrip())

    def _show_kept(self) -> None:
        """Other modes read the log again when they are shown."""
        for screen in self._app.screen_stack:
            if isinstance(screen, DeskScreen):
                screen.surprise_kept()
