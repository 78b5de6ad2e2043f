"""Home and what is finished: celebrated by one key, and the way on from there."""

from textual import on

from researchdesk.tui.commands import keyed
from researchdesk.tui.home_row import OpenIdeas, OpenStory
from researchdesk.tui.late import late
from researchdesk.tui.messages import Follow, LibraryChanged
from researchdesk.tui.notices import say, telling
from researchdesk.tui.screens.home_news import HomeNews


class HomeFinished(HomeNews):
    """The part of Home that is about papers of one's own that are finished."""

    def action_celebrate(self) -> None:
        """Mark the finished paper as celebrated; ctrl+z takes that back."""
        if (row := self.current_row()) is None or not row.story:
            return
        after, slug = late("services.stories_finishing"), row.story
        with telling(self):
            after.celebrate(self.desk, slug)
            told = ("Still to be celebrated", row.title)
            self._undoable.append((told, lambda: after.celebrate(self.desk, slug, back=True)))
            say(self, keyed("{title}\n{home.undo} takes it back.", title=row.title), "Celebrated")
            self.post_message(LibraryChanged())

    @on(OpenStory)
    async def open_story(self, message: OpenStory) -> None:
        """Show a story on its screen."""
        message.stop()
        screen = await getattr(self.app, "base_of")("story")  # noqa: B009
        screen.look_at(message.slug)

    @on(OpenIdeas)
    async def open_ideas(self, message: OpenIdeas) -> None:
        """Show the ideas, at one where it is named."""
        message.stop()
        if message.number:
            self.post_message(Follow(f"idea:{message.number}"))
        else:
            await self.run_action("app.mode('ideas')")
