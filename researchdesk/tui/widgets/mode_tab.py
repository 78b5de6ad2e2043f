"""One name in the bar of the screens."""

from textual import events
from textual.content import Content
from textual.widgets import Static

from researchdesk.tui.commands import Command


class ModeTab(Static):
    """The name of a screen with its key; a click goes there."""

    ALLOW_SELECT = False

    def __init__(self, command: Command, *, current: bool) -> None:
        words = Content.assemble((command.key_words, "$accent"), " ", command.label)
        super().__init__(words, classes="-current" if current else "")
        self._action = command.action
        self.tooltip = command.help

    async def on_click(self, event: events.Click) -> None:
        event.stop()
        await self.run_action(self._action)
