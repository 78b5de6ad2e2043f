"""One name in the bar of the screens."""

from textual import events
from textual.content import Content
from textual.widgets import Static

from researchdesk.tui.commands import Command


class ModeTab(Static):
    """A screen's name with its key; a click goes there. Of the class ``-key``: the key alone."""

    ALLOW_SELECT = False

    def __init__(self, command: Command, *, classes: str = "") -> None:
        label = "" if classes == "-key" else f" {command.label}"
        super().__init__(
            Content.assemble((command.key_words, "$accent"), label), classes=classes or None
        )
        self._action = command.action
        self.tooltip = command.help

    async def on_click(self, event: events.Click) -> None:
        event.stop()
        await self.run_action(self._action)
