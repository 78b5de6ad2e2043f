"""From a story to its talk: slides outlined, and rehearsed."""

from contextlib import suppress
from typing import Any

from textual import work

from researchdesk.errors import DeskError
from researchdesk.tui.dialogs.question import QuestionDialog
from researchdesk.tui.late import late
from researchdesk.tui.messages import OpenRehearsal
from researchdesk.tui.notices import say, tell, warn
from researchdesk.tui.screens.story_base import StoryBase

_MINUTES = "30"
_TOLD = 3


class StoryTalking(StoryBase):
    """The part of the storyline's screen that has to do with talks."""

    def action_rehearse(self) -> None:
        """Rehearse the slides that were outlined."""
        if self.story is not None:
            self.settle()
            self.post_message(OpenRehearsal(self.story.slug))

    def action_outline(self) -> None:
        if self.story is not None:
            self.settle()
            minutes = _MINUTES
            with suppress(DeskError):
                there = late("services.talks").frame_of(self.desk, self.story.slug)
                minutes = f"{there.minutes:g}" if there else _MINUTES
            dialog = QuestionDialog(
                "Outline a talk", "How many minutes may it take?", minutes, "Write the slides"
            )
            self.app.push_screen(dialog, self._outline_of)

    def _outline_of(self, minutes: str | None) -> None:
        if minutes is None or self.story is None:
            return
        number = 0.0
        with suppress(ValueError):
            number = float(minutes.strip())
        self._outline(self.story.slug, number)

    @work(thread=True, exclusive=True, group="talk", exit_on_error=False)
    def _outline(self, slug: str, minutes: float) -> None:
        """In a thread: pictures are drawn."""
        talks = late("services.talks")
        try:
            made = talks.outline(self.desk, slug, talks.Asked(minutes))
        except DeskError as error:
            self.app.call_from_thread(tell, self, error)
        else:
            self.app.call_from_thread(self._outlined, made)

    def _outlined(self, made: Any) -> None:
        """Where the slides are, and what they ask for."""
        stays = f"{made.beside.name} was edited and stays as it is." if made.beside else ""
        asked = [f"Slide {number}: {words}" for number, words in made.todo[:_TOLD]]
        more = len(made.todo) - len(asked)
        rest = f"And {more} more, as TODO in the notes." if more > 0 else ""
        lines = [
            f"{len(made.slides)} slides: {made.path}",
            stays,
            made.kept,
            *made.warnings,
            *asked,
            rest,
        ]
        words = "\n".join(filter(None, lines))
        if made.todo or made.warnings or made.beside:
            warn(self, words, "A talk was outlined")
        else:
            say(self, words, "A talk was outlined")
