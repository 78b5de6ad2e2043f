"""The terminal app: its screens, its themes, and what holds on all of them."""

import asyncio
import gc
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.notifications import Notify
from textual.screen import Screen
from textual.theme import BUILTIN_THEMES, Theme
from textual.worker import Worker

from researchdesk.assets import folder
from researchdesk.errors import DeskError
from researchdesk.services import acquire, library
from researchdesk.services.desk import Desk
from researchdesk.services.workflows import workflow_problems
from researchdesk.tui import pictures
from researchdesk.tui.commands import Command, bindings
from researchdesk.tui.dialogs.end import EndDialog
from researchdesk.tui.dialogs.help import HelpDialog
from researchdesk.tui.fetching import Fetching
from researchdesk.tui.first_screen import calls_home
from researchdesk.tui.going import MODE_SCREENS
from researchdesk.tui.last_used import keep_last_used, last_used
from researchdesk.tui.messages import Fetch, LibraryChanged, OpenPaper
from researchdesk.tui.notices import say, tell_fault, telling, warn, words_of
from researchdesk.tui.noticing import NoticingApp
from researchdesk.tui.palette import DeskCommands
from researchdesk.tui.protocols import FetchWatcher, Guarded
from researchdesk.tui.screens.bench import BenchScreen
from researchdesk.tui.screens.home import HomeScreen
from researchdesk.tui.screens.investigations import InvestigationsScreen
from researchdesk.tui.screens.library import LibraryScreen
from researchdesk.tui.synced_warning import synced_warning
from researchdesk.tui.theme_memory import keep_theme, kept_theme
from researchdesk.tui.themes import load_themes
from researchdesk.tui.verbs import EVERYWHERE

_COLLECT_AFTER = 50_000


class ResearchDeskApp(NoticingApp):
    """The desk on the terminal. With ``ref`` it opens that paper in the reader.

    Else it opens at Home where something there is asked of one now, else at the library.
    """

    TITLE = "Research Desk"
    CALL_PATIENCE_S: ClassVar[float] = 0.4
    """Seconds that the first screen waits for whether Home calls."""

    COMMANDS = {DeskCommands}
    VERBS: ClassVar[tuple[Command, ...]] = EVERYWHERE
    BINDINGS = bindings(EVERYWHERE)

    def __init__(self, desk: Desk, ref: str = "", number: int | None = None) -> None:
        super().__init__(desk)
        self._ref, self._number = ref, number
        self._theme_problems: list[str] = []
        self._load_themes()

    async def on_mount(self) -> None:
        with telling(self):
            library.seed_bundled(self.desk)
        await self.switch_mode(await self._first_mode())
        self._keep_moment()
        self.theme_changed_signal.subscribe(self, self._keep_theme)
        self._tell_problems()
        if self._ref:
            await self.open_paper(OpenPaper(self._ref, self._number))

    async def _first_mode(self) -> str:
        """Home where it calls, or where that takes long to say."""
        if self._ref:
            return "library"
        since = last_used(self.desk.settings)
        asked = asyncio.create_task(asyncio.to_thread(calls_home, self.desk, since))
        await asyncio.wait([asked], timeout=self.CALL_PATIENCE_S)
        if not asked.done():
            return "home"
        with telling(self):
            return "home" if asked.result() else "library"
        return "library"

    # Where one is

    @on(LibraryChanged)
    def reload_library(self) -> None:
        for screen in self._screens():
            if isinstance(screen, HomeScreen | LibraryScreen):
                screen.reload()

    def action_help(self) -> None:
        if not isinstance(self.screen, HelpDialog):
            self.push_screen(HelpDialog(self.screen))

    async def action_quit(self) -> None:
        """End. Say so first where something written is not kept yet; ask where a run is on."""
        for screen in self._screens():
            if isinstance(screen, Guarded) and (reason := screen.unsaved()):
                warn(self, reason, "Not ended")
                return
        able = (
            item for item in self._screens() if isinstance(item, BenchScreen | InvestigationsScreen)
        )
        if not any(screen.busy for screen in able):
            self._end(True)
        elif not isinstance(self.screen, EndDialog):
            self.push_screen(EndDialog(), self._end)

    def _end(self, yes: bool | None) -> None:
        if yes:
            for screen in self._screens():
                if isinstance(screen, Guarded):
                    screen.settle()
            self._keep_moment()
            self.exit()

    def _keep_moment(self) -> None:
        with telling(self):
            keep_last_used(self.desk.settings, self.desk.clock())

    # Papers on their way

    @on(Fetch)
    def fetch(self, message: Fetch) -> None:
        """Bring papers to the desk, one after the other, while everything else goes on."""
        self._fetch(message.texts)

    @work(thread=True, group="fetch", exit_on_error=False)
    def _fetch(self, texts: tuple[str, ...]) -> None:
        for text in texts:
            self.call_from_thread(self._announce, Fetching(text, f"Asking for {text}"))
            try:
                added = acquire.add(self.desk, text, partial(self._progress, text))
            except DeskError as error:
                self.call_from_thread(self._announce, Fetching(text, error=error))
            else:
                self.call_from_thread(self._announce, Fetching(text, added=added))

    def _progress(self, text: str, what: str, done: int, total: int | None) -> None:
        self.call_from_thread(self._announce, Fetching(text, what, done, total))

    def _announce(self, fetching: Fetching) -> None:
        shown = False
        for screen in self._screens():
            if isinstance(screen, FetchWatcher):
                shown = screen.show_fetching(fetching) or shown
        if fetching.added is not None:
            self.reload_library()
            if not shown:
                (warn if fetching.added.warning else say)(self, fetching.words)
        elif fetching.error is not None and not shown:
            warn(self, words_of(fetching.error), f"{fetching.text} did not come")

    def on_notify(self, event: Notify) -> None:
        """Of plain notices with one title only the last is shown."""
        new = event.notification
        for old in list(self._notifications):
            same = (old.title, old.severity) == (new.title, "information")
            if same and old is not new and new.severity == "information":
                self._unnotify(old)

    # What went wrong

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        tell_fault(self, event)

    def _load_themes(self) -> None:
        themes, self._theme_problems = load_themes([folder("themes"), self.desk.root / "themes"])
        for theme in themes:
            self.register_theme(theme)
        wanted = kept_theme(self.desk.settings)
        if wanted in self.available_themes:
            self.theme = wanted
        else:
            names = ", ".join(theme.name for theme in themes)
            self._theme_problems.append(f"There is no theme {wanted!r}; there are: {names}.")
            self.theme = themes[0].name if themes else self.theme
        for name in BUILTIN_THEMES:
            if themes and name not in {theme.name for theme in themes}:
                self.unregister_theme(name)

    def _keep_theme(self, theme: Theme) -> None:
        if theme.name != kept_theme(self.desk.settings):
            with telling(self):
                keep_theme(self.desk.settings, theme.name)

    def _tell_problems(self) -> None:
        if self._theme_problems:
            warn(self, "\n".join(self._theme_problems), "Themes left out; the rest are there")
        if problems := workflow_problems(self.desk):
            warn(self, "\n".join(problems), "Workflows left out; the rest are there")
        if words := synced_warning(self.desk):
            warn(self, words, "A synced folder")

    def _screens(self) -> list[Screen[object]]:
        """Every screen that lives, those of other modes too."""
        found: list[Screen[object]] = []
        for mode in MODE_SCREENS:
            try:
                found.extend(self.get_screen_stack(mode))
            except KeyError:
                continue
        return found


def run(desk: Desk, ref: str = "", number: int | None = None) -> None:
    """Open the app on this desk, at a paper where one is named, and return when it ends."""
    pictures.prepare()
    app = ResearchDeskApp(desk, ref, number)
    collect_seldom()
    app.run()


def collect_seldom() -> None:
    """Have Python look for garbage seldom: to look shows as stalls on the screen.

    What was imported stays for good. Drawing a screen makes and drops tens of thousands of small
    objects without cycles, which the usual threshold would look through dozens of times.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 20, 50)
