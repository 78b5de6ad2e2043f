"""How one comes from one thing to another: the screens, and what their messages ask for.

How each is done stands in ``opening`` and ``following``, which load every screen: nobody waits for
them where the app starts.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from textual import on
from textual.dom import DOMNode
from textual.message import Message

from researchdesk.services.desk import Desk
from researchdesk.tui.commands import key_words
from researchdesk.tui.keys import KeysInTurn
from researchdesk.tui.late import late
from researchdesk.tui.messages import (
    Follow,
    OpenBench,
    OpenChanges,
    OpenCitations,
    OpenClaims,
    OpenCode,
    OpenInvestigation,
    OpenPaper,
    OpenRecommended,
    OpenRehearsal,
    OpenRun,
    OpenTriage,
)
from researchdesk.tui.notices import say, telling
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.verbs import SCREENS, SELDOM

MODE_SCREENS = {
    "home": ("home", "HomeScreen"),
    "library": ("library", "LibraryScreen"),
    "reader": ("reader", "ReaderScreen"),
    "bench": ("bench", "BenchScreen"),
    "funny": ("surprises", "SurprisesScreen"),
    "story": ("story", "StoryScreen"),
    "tinker": ("investigations", "InvestigationsScreen"),
    "ideas": ("ideas", "IdeasScreen"),
}
"""Of each mode the module in ``screens`` and the class of its screen."""


class GoingApp(KeysInTurn):
    """Has a mode for every main screen, and brings one to what a message names."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._noticing: Any = None
        self.first: Message | None = None
        """Where the program begins, if not where it would by itself."""
        for mode in MODE_SCREENS:
            self.add_mode(mode, partial(self._screen_of, mode))

    async def run_action(
        self,
        action: str | tuple[str, str, tuple[object, ...]],
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Do what a key or a click asks for; what stands against it is told, and the app goes on:
        a recipe or a run may be gone from the disk since the list was read."""
        with telling(self):
            return await super().run_action(action, default_namespace, namespaces)
        return True

    async def on_mount(self) -> None:
        if self.first is not None:
            self.post_message(self.first)

    def _screen_of(self, mode: str) -> DeskScreen:
        module, name = MODE_SCREENS[mode]
        screen: DeskScreen = getattr(late(f"tui.screens.{module}"), name)(self.desk)
        return screen

    async def action_mode(self, mode: str) -> None:
        """Show a mode as it was left; asked for where one is there, what lies over it is left."""
        if mode == self.current_mode:
            await self._to_base()
            return
        ref = self.paper_at_hand()
        await self.switch_mode(mode)
        if isinstance(self.screen, DeskScreen):
            self.screen.came_from(ref)
        if len(self.screen_stack) > 1:
            command = next(item for item in (*SCREENS, *SELDOM) if f"'{mode}'" in item.action)
            key = key_words(self, command)
            say(self, f"As you left it. {key} again shows {command.label} itself.")

    def paper_at_hand(self) -> str:
        """The paper that is looked at on the screen, or ``""``."""
        screen = self.screen
        return screen.paper_at_hand() if isinstance(screen, DeskScreen) else ""

    async def base_of(self, mode: str) -> Any:
        """The mode's own screen, with nothing over it, shown."""
        await self.switch_mode(mode)
        await self._to_base()
        return self.screen

    async def _to_base(self) -> None:
        while len(self.screen_stack) > 1:
            await self.pop_screen()

    @on(OpenPaper)
    async def open_paper(self, message: OpenPaper) -> None:
        """Show a paper in the reader."""
        await _opening().open_paper(self, message)

    @on(OpenCode)
    async def open_code(self, message: OpenCode) -> None:
        """Show a paper's code, over where one is."""
        await _opening().open_code(self, message)

    @on(OpenChanges)
    async def open_changes(self, message: OpenChanges) -> None:
        """Show what changed between a paper's versions, over where one is."""
        await _opening().open_changes(self, message)

    @on(OpenClaims)
    async def open_claims(self, message: OpenClaims) -> None:
        """Show a paper's claims, over where one is."""
        await _opening().open_claims(self, message)

    @on(OpenBench)
    async def open_bench(self, message: OpenBench) -> None:
        """Show a paper's recipe and runs."""
        await _opening().open_bench(self, message)

    @on(OpenRun)
    async def open_run(self, message: OpenRun) -> None:
        """Show a run on the bench."""
        await _opening().open_run(self, message)

    @on(OpenInvestigation)
    async def open_investigation(self, message: OpenInvestigation) -> None:
        """Show an investigation, or begin that of a surprise or an idea."""
        await _opening().open_investigation(self, message)

    @on(OpenTriage)
    async def action_triage(self) -> None:
        """What is new in the feeds."""
        await _opening().open_triage(self)

    @on(OpenRecommended)
    async def open_recommended(self, message: OpenRecommended) -> None:
        """What to read next, or what is like a paper."""
        await _opening().open_recommended(self, message)

    @on(OpenCitations)
    async def open_citations(self, message: OpenCitations) -> None:
        """What is around a paper."""
        await _opening().open_citations(self, message)

    @on(OpenRehearsal)
    async def open_rehearsal(self, message: OpenRehearsal) -> None:
        """Rehearse a talk, over where one is."""
        await late("tui.rehearsing").open_rehearsal(self, message)

    async def action_recommended(self) -> None:
        """What to read next, unless it is shown already."""
        await _opening().open_next(self)

    async def action_similar(self) -> None:
        """What is like the paper that is looked at."""
        await _opening().open_similar(self)

    async def action_citations(self) -> None:
        """What is around the paper that is looked at."""
        await _opening().open_around(self)

    def action_add_surprise(self) -> None:
        """Ask what is funny about what is looked at."""
        self._noticing = self._noticing or late("tui.noticing").Noticing(self)
        self._noticing.ask()

    @on(Follow)
    async def follow(self, message: Follow) -> None:
        """Go where a link points, or say why not. A paper not on the desk may be fetched."""
        await late("tui.following").follow(self, message.target)

    def action_backlinks(self) -> None:
        """Show which notes link to the paper that is looked at."""
        late("tui.following").show_backlinks(self)

    async def action_checklist(self) -> None:
        """Put a checklist to what is looked at."""
        await late("tui.checking").open_checklist(self)


def _opening() -> Any:
    return late("tui.opening")
