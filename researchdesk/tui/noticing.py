"""Keeping a surprise from anywhere: filled in with what is looked at."""

from functools import partial

from researchdesk.domain.deltas import words
from researchdesk.services.deltas import measured_delta
from researchdesk.services.desk import Desk
from researchdesk.services.surprises import add_surprise
from researchdesk.tui.at_hand import what_is
from researchdesk.tui.dialogs.surprise import SurpriseDialog
from researchdesk.tui.discovering import DiscoveringApp
from researchdesk.tui.drafts import SurpriseDrafts, draft_name
from researchdesk.tui.notices import say, telling
from researchdesk.tui.screens.home import HomeScreen
from researchdesk.tui.screens.surprises import SurprisesScreen
from researchdesk.tui.surprise_form import SurpriseForm, Surprising


class NoticingApp(DiscoveringApp):
    """Asks what is funny on whichever screen one is."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._begun = SurpriseDrafts(desk.root / "drafts")

    def action_add_surprise(self) -> None:
        """Ask for a surprise; one that was begun in the same place is gone on with."""
        form = self._surprise_at_hand()
        name = draft_name(form)
        begun = self._begun.load(name)
        dialog = SurpriseDialog(
            form,
            partial(self._begun.keep, name),
            partial(measured_delta, self.desk),
            partial(what_is, self.desk),
            form.with_words(*begun.words) if begun else None,
        )
        self.push_screen(dialog, partial(self._keep_surprise, name, form))

    def _surprise_at_hand(self) -> SurpriseForm:
        screen = self.screen
        with telling(self):
            return screen.surprise_at_hand() if isinstance(screen, Surprising) else SurpriseForm()
        return SurpriseForm()

    def _keep_surprise(self, name: str, filled: SurpriseForm, form: SurpriseForm | None) -> None:
        if form is None or (form.words == filled.words and not form.saved):
            self._begun.forget(name)
            return
        if form.saved:
            with telling(self):
                kept = add_surprise(self.desk, *form.words, source=form.source, delta=form.delta)
                self._begun.forget(name)
                delta = f"\n{words(kept.delta)}" if kept.delta else ""
                say(self, f"Surprise {kept.id}; F5 shows it.{delta}", "That's funny…")
                self._show_kept()
                return
        else:
            say(self, "The surprise is not kept; ! in the same place goes on with it.")
        self._begun.keep(name, form)

    def _show_kept(self) -> None:
        """Other modes read the log again when they are shown."""
        for screen in self.screen_stack:
            if isinstance(screen, HomeScreen | SurprisesScreen):
                screen.reload()
