"""What is typed is written down at each change; a state of the draft is kept at each pause."""

from textual import on, work
from textual.timer import Timer
from textual.widgets import TextArea

from researchdesk.domain.stories import Story, settled
from researchdesk.domain.story_diff import carried
from researchdesk.domain.text import as_written, one_line
from researchdesk.errors import DeskError
from researchdesk.services import stories
from researchdesk.services.desk import Desk
from researchdesk.tui.commands import keyed
from researchdesk.tui.notices import say, tell, telling, warn, words_of
from researchdesk.tui.screens.story_base import StoryBase

_IDLE = 3.0
_AGAIN = 0.5
_FLUSH = 0.5
_LOOK = 2.0
_THEIRS = (
    "It is shown now; what stood here is a state of it: {^story.drafts}, the newest draft, "
    "{drafts.states}."
)
_PATIENCE = 4
"""How often it is tried again before a person is told."""


class StoryKeeping(StoryBase):
    """The part of the storyline's screen that keeps the text."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._kept = ""
        self._refused: DeskError | None = None
        self._tries = 0
        self._warned = False
        self._idle: Timer | None = None
        self._again: Timer | None = None
        self._flushing: Timer | None = None
        self._on_its_way = False

    @property
    def unkept(self) -> str:
        """Why what is on the screen is not on disk, in words; ``""`` where it is."""
        return "" if self._refused is None else self._refused.message

    @property
    def is_on_its_way(self) -> bool:
        """Whether a loss of power could still take the last keys; that is for half a second."""
        return self._on_its_way

    def put(self, story: Story) -> None:
        """Show this story's newest draft, unless what is shown cannot be kept."""
        shown = (self.story.slug, self.draft) if self.story else None
        other = shown != (story.slug, max(story.drafts, 1))
        if other and self._refused is not None and not self.kept():
            return
        self.story, self.draft = story, max(story.drafts, 1)
        if other:
            self._kept = story.text
            self.text.load_text(story.text)
            self.text.move_cursor(self.text.document.end)
        else:
            self._take(story.text)

    def _take(self, theirs: str) -> bool:
        """Show what another program wrote into this draft; False where it wrote nothing, or where
        something here is not written down yet: then theirs becomes a state when that is.

        Empty lines at the end stay: a new paragraph was to begin there."""
        if _as_state(theirs) == _as_state(self._kept) or not self._is_down:
            return False
        here = self.text.text
        end = here[len(here.rstrip()) :]
        self._kept = theirs
        self.write(theirs.rstrip() + end if end.count("\n") > 1 else theirs)
        return True

    @property
    def _is_down(self) -> bool:
        """Whether all that stands here was written down: keys may be on their way to ``keep``."""
        return self._refused is None and _as_state(self.text.text) == _as_state(self._kept)

    def write(self, text: str) -> None:
        area, top = self.text, self.text.scroll_offset.y
        before = area.document.get_text_range(area.document.start, area.cursor_location)
        lines = text[: carried(area.text, text, len(before))].split("\n")
        area.replace(text, area.document.start, area.document.end)
        area.move_cursor(area.clamp_visitable((len(lines) - 1, len(lines[-1]))))
        area.scroll_to(y=top, animate=False)

    def on_mount(self) -> None:
        self.set_interval(_LOOK, self._follow_others)

    def _follow_others(self) -> None:
        """Show what another program wrote into this draft, unless something is typed just now."""
        if self._idle is None and self.is_current:
            with telling(self):
                self._took_theirs()

    def _took_theirs(self) -> bool:
        """Whether another program wrote into this draft since; then its text is shown."""
        if self.story is not None and not self.story.drafts:
            self.story = stories.get_story(self.desk, self.story.slug)
        if self.story is None or not self.story.drafts:
            return False
        if not self._take(stories.get_draft(self.desk, self.story.slug, self.draft).text):
            return False
        say(self, keyed(_THEIRS), "Changed by another program")
        return True

    @on(TextArea.Changed, "#text")
    def keep(self) -> None:
        """Write down what is there now, before it is drawn."""
        if self.story is None or self.text.text == self._kept:
            return
        self._keep_now()
        _stop(self._idle)
        self._idle = self.set_timer(_IDLE, self.keep_state)

    def _keep_now(self) -> None:
        _stop(self._again)
        if self.story is None:
            return
        try:
            text = self.text.text
            self._kept = stories.autosave(
                self.desk, self.story.slug, self.draft, text, over=self._kept
            )
        except DeskError as error:
            self._refused = error
            self._tries += 1
            self._again = self.set_timer(_AGAIN, self._keep_now)
            if self._tries == _PATIENCE:
                warn(self, words_of(error), "What you type is not written down")
            self.show_heading()
        else:
            self._tries = 0
            self._on_its_way = True
            if self._flushing is None:
                self._flushing = self.set_timer(_FLUSH, self._flush)
            if self._refused is not None:
                self._refused, self._warned = None, False
                self.show_heading()

    @work(thread=True, group="story-flush", exit_on_error=False)
    def _flush(self) -> None:
        """Runs in a thread: the disk may be slow. What is typed from now on is flushed after it."""
        self._flushing = None
        self.desk.database.flush()
        self.app.call_from_thread(self._flushed)

    def _flushed(self) -> None:
        if self._flushing is None:
            self._on_its_way = False
            self.show_heading()

    def keep_state(self) -> None:
        """Keep a state at a pause; while another program writes, that waits for the next."""
        if self._refused is not None:
            self._keep_now()
        if self._refused is None:
            self.settle()

    def settle(self) -> None:
        """Keep how the draft stands as a state of it, if anything changed."""
        self.kept()

    def kept(self) -> bool:
        _stop(self._idle)
        self._idle = None
        if self.story is None:
            return True
        text = self.text.text
        try:
            if self._took_theirs():
                return True
            self.story = stories.save_draft(self.desk, self.story.slug, text, self.draft)
        except DeskError as error:
            return self._is_written_down(self.story, error)
        self._kept = _as_state(text)
        _stop(self._again)
        self._refused, self._tries, self._warned = None, 0, False
        self.show_heading()
        return True

    def _is_written_down(self, story: Story, error: DeskError) -> bool:
        """Whether no more than a state is missing; what is wrong is told."""
        if self._is_down:
            tell(self, error)
            return True
        stays = f"“{one_line(story.title)}” stays open with it until there is room."
        warn(self, f"{words_of(error)}\n{stays}", "What you typed is not written down")
        self._refused = self._refused or error
        _stop(self._again)
        self._again = self.set_timer(_AGAIN, self._keep_now)
        self.show_heading()
        return False

    def unsaved(self) -> str:
        """Why the app should not end now; said once only, for a disk may stay full."""
        if self._refused is not None:
            self._keep_now()
        if self._refused is None or self._warned:
            return ""
        self._warned = True
        return f"What you typed last is not written down: {words_of(self._refused)}"

    def on_screen_suspend(self) -> None:
        self.keep_state()

    def action_save(self) -> None:
        self.keep_state()


def _as_state(text: str) -> str:
    """As a state of a draft says it."""
    return settled(as_written(text))


def _stop(timer: Timer | None) -> Timer | None:
    """Stop it; what is left of it is None."""
    if timer is not None:
        timer.stop()
    return None
