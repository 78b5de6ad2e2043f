"""What the parts of the storyline's screen share: the story, its draft, its text."""

from researchdesk.domain.stories import Story
from researchdesk.services.desk import Desk
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.widgets.story_text import StoryText

_PLACEHOLDER = "The red thread, in one sentence. Then write; [[ links what shows it."


class StoryBase(DeskScreen):
    """The screen is made of parts, each a class of its own over this one.

    ``draft`` is the number of the draft that is written, the newest of ``story``.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.story: Story | None = None
        self.draft = 1
        self.text = StoryText("text", placeholder=_PLACEHOLDER)
        """Where the draft is written."""

    def subject_at_hand(self) -> str:
        return f"story:{self.story.slug}" if self.story else ""

    def kept(self) -> bool:
        """Keep what is written here. False where the disk refuses it, which is told: whoever would
        put another text in its place stays with this one."""
        raise NotImplementedError

    def open(self, slug: str) -> None:
        """Show this story's newest draft."""
        raise NotImplementedError

    def look_at(self, slug: str) -> None:
        """Open this story to be written in."""
        raise NotImplementedError

    def show_heading(self) -> None:
        """Say again what is written here, and how it is kept."""
        raise NotImplementedError

    def write(self, text: str) -> None:
        """Put ``text`` in the place of the draft's words, as one change that can be undone."""
        raise NotImplementedError
