"""The command palette: every command that can be used where one is."""

from collections.abc import Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.dom import DOMNode

from researchdesk.tui.commands import Command, key_words, keyed


def commands_at(node: DOMNode) -> Iterator[tuple[DOMNode, Command]]:
    """The commands of a node and of those above it, nearest first, that can be used now."""
    for owner in node.ancestors_with_self:
        for command in getattr(owner, "VERBS", ()):
            name = command.action.removeprefix("app.").partition("(")[0]
            target = node.app if command.action.startswith("app.") else owner
            if target.check_action(name, ()) is not False:
                yield owner, command


class DeskCommands(Provider):
    """The screen's commands first, then those of the whole program."""

    async def discover(self) -> Hits:
        for owner, command in self._commands():
            run = partial(self.app.run_action, command.action, owner)
            yield DiscoveryHit(
                Content(self._title(command)), run, command.label, keyed(command.help)
            )

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for owner, command in self._commands():
            title = self._title(command)
            score = max(matcher.match(title), 0.8 * matcher.match(keyed(command.help)))
            if score > 0:
                run = partial(self.app.run_action, command.action, owner)
                yield Hit(score, matcher.highlight(title), run, command.label, keyed(command.help))

    def _commands(self) -> Iterator[tuple[DOMNode, Command]]:
        found = commands_at(self.focused or self.screen)
        return ((owner, command) for owner, command in found if not command.moves)

    def _title(self, command: Command) -> str:
        return f"{command.label} ({key_words(self.app, command)})"
