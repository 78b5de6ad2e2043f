"""Rewriting: a new draft with the last one beside it, old drafts read, compared, taken up."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from textual.content import Content

from researchdesk.domain.clock import local_day
from researchdesk.domain.stories import Draft, DraftState
from researchdesk.services import stories
from researchdesk.services.desk import Desk
from researchdesk.tui.commands import keyed
from researchdesk.tui.dialogs.question import QuestionDialog
from researchdesk.tui.dialogs.story_drafts import DraftAsked, DraftsDialog
from researchdesk.tui.dialogs.story_states import StatesDialog
from researchdesk.tui.notices import say, telling
from researchdesk.tui.screens.story_base import StoryBase
from researchdesk.tui.screens.story_compare import StoryCompareScreen
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.story_text import StoryText

_ONE = "There is one draft only; {^story.new-draft} begins the next."


class StoryDrafting(StoryBase):
    """The part of the storyline's screen that has to do with drafts."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.beside: Draft | None = None
        self.before = StoryText("before", read_only=True)
        """The old draft, which can be read and not written."""

    # Beside the text

    def put_away(self) -> None:
        """Nothing stands beside the text any more."""
        self.beside = None
        self.remove_class("-beside")
        self.refresh_bindings()

    def read_beside(self, draft: Draft) -> None:
        """Show this draft beside the text, or over it where there is no room for both."""
        if self.story is not None:
            self.look_at(self.story.slug)
        self._put_beside(draft)
        self.add_class("-beside")
        if self.has_class("-narrow"):
            self.before.focus()
        self.refresh_bindings()

    def _put_beside(self, draft: Draft) -> None:
        self.beside = draft
        self.before.load_text(draft.text)
        head = f" {draft.name} · {local_day(draft.saved_at)} · to read only"
        self.query_one("#before-line", Static).update(Content(head))

    def action_beside(self) -> None:
        """Show or hide the old draft; where none was chosen, the one before this."""
        if self.has_class("-beside"):
            self.remove_class("-beside")
            self.text.focus()
            self.refresh_bindings()
        elif self.beside is not None:
            self.read_beside(self.beside)
        elif self.draft < 2:
            say(self, keyed(_ONE))
        else:
            self._ask("show", self.draft - 1)

    # Begun, taken up

    def action_new_draft(self) -> None:
        """An empty draft; the last one stands beside it where there is room."""
        if self.story is None or not self.kept():
            return
        with telling(self):
            if not self.text.text.strip():
                say(self, f"Draft {self.draft} is empty already: write.")
                self.text.focus()
                return
            last = stories.get_draft(self.desk, self.story.slug, self.draft)
            stories.new_draft(self.desk, self.story.slug)
            self.look_at(self.story.slug)
            self._put_beside(last)
            self.set_class(not self.has_class("-narrow"), "-beside")
            words = "{name} is kept; {^story.beside} shows it or puts it away."
            say(self, keyed(words, name=last.name), f"Draft {self.draft}")

    def action_take_up(self) -> None:
        """A new draft that begins with the words of the one beside."""
        if self.beside is not None:
            with telling(self):
                self._take_up(self.beside)

    def _take_up(self, old: Draft) -> None:
        if self.story is None or not self.kept():
            return
        stories.new_draft(self.desk, self.story.slug, f"from draft {old.number}")
        self.put_away()
        self.look_at(self.story.slug)
        self.write(old.text)
        self.settle()
        say(self, "It goes on as the newest draft; the others are kept.", old.name)

    # The list of drafts

    def action_drafts(self) -> None:
        if self.story is None:
            return
        self.settle()
        with telling(self):
            found = stories.drafts(self.desk, self.story.slug)
            if found:
                self.app.push_screen(DraftsDialog(self.story.title, found), self._asked)
            else:
                say(self, "There is no draft yet; write something.")

    def _asked(self, asked: DraftAsked | None) -> None:
        if asked is not None:
            self._ask(asked.what, asked.number)

    def _ask(self, what: str, number: int) -> None:
        """Do with a draft what is asked: read, show, take up, compare, title, states."""
        if self.story is None:
            return
        with telling(self):
            draft = stories.get_draft(self.desk, self.story.slug, number)
            newest = number == self.draft
            if what == "compare" and newest:
                self._compare_last()
            elif what == "compare":
                self._compare(draft)
            elif what == "states":
                self._states(draft)
            elif what == "title":
                dialog = QuestionDialog(draft.name, "Its title", draft.title)
                self.app.push_screen(dialog, lambda title: self._title(number, title))
            elif newest:
                self.put_away()
                self.look_at(self.story.slug)
            else:
                self._look(what, draft)

    def _look(self, what: str, old: Draft) -> None:
        """Read, show or take up what stood there once."""
        if what == "take up":
            self._take_up(old)
        else:
            self.read_beside(old)
            if what == "read":
                self.before.focus()

    def _states(self, draft: Draft) -> None:
        if self.story is None:
            return
        found = stories.states(self.desk, self.story.slug, draft.number)
        if found:
            self.app.push_screen(StatesDialog(draft, found), partial(self._state, draft, found))
        else:
            say(self, keyed("It has none yet; {^story.save} keeps one."), draft.name)

    def _state(self, draft: Draft, states: Sequence[DraftState], asked: DraftAsked | None) -> None:
        if asked is None:
            return
        state = next(item for item in states if item.number == asked.number)
        title = ", ".join(filter(None, (draft.title, f"state {state.number}")))
        old = replace(draft, title=title, text=state.text, saved_at=state.saved_at)
        with telling(self):
            self._look(asked.what, old)

    def _title(self, number: int, title: str | None) -> None:
        if title is not None and self.story is not None:
            with telling(self):
                stories.title_draft(self.desk, self.story.slug, number, title)
                self.open(self.story.slug)
                self.action_drafts()

    # Compared

    def action_compare(self) -> None:
        """The one beside, else the one before, with what is written now."""
        if self.beside is not None:
            self._compare(self.beside)
        else:
            self._compare_last()

    def _compare_last(self) -> None:
        if self.draft < 2:
            say(self, keyed(_ONE))
        else:
            self._ask("compare", self.draft - 1)

    def _compare(self, old: Draft) -> None:
        if self.story is None:
            return
        self.settle()
        with telling(self):
            new = stories.get_draft(self.desk, self.story.slug, self.draft)
            self.app.push_screen(StoryCompareScreen(self.desk, self.story.slug, old, new))
