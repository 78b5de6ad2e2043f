"""The terminal app: its screens, its themes, and what holds on all of them."""

import asyncio
import gc
import os
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on, work
from textual.notifications import Notify
from textual.screen import Screen
from textual.worker import Worker, get_current_worker

from researchdesk.domain.terminals import wants_ascii
from researchdesk.errors import OUR_FAULT, BusyError, DeskError
from researchdesk.services.desk import Desk, damage_told
from researchdesk.tui import pictures
from researchdesk.tui.commands import Command, bindings, keyed
from researchdesk.tui.first_screen import calls_home, may_call
from researchdesk.tui.going import MODE_SCREENS
from researchdesk.tui.last_used import keep_last_used, last_used
from researchdesk.tui.late import late
from researchdesk.tui.messages import Fetch, FirstShown, LibraryChanged, OpenPaper
from researchdesk.tui.notices import keep_fault, say, tell, tell_fault, telling, warn, words_of
from researchdesk.tui.palette import DeskCommands
from researchdesk.tui.preferences import PreferringApp
from researchdesk.tui.protocols import FetchWatcher, Guarded
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.verbs import EVERYWHERE

if TYPE_CHECKING:
    from researchdesk.tui.fetching import Fetching

LATER = (
    *(f"tui.screens.{module}" for module, _ in MODE_SCREENS.values()),
    "tui.following",
    "tui.noticing",
)
"""Modules that are loaded once the first screen stands, so that keys find them there."""
_COLLECT_AFTER = 50_000


class ResearchDeskApp(PreferringApp):
    """The desk on the terminal. With ``ref`` it opens that paper in the reader.

    Else it opens at Home where something there is asked of one now, else at the library. What no
    first screen needs is loaded once that stands.
    """

    TITLE = "Research Desk"
    CALL_PATIENCE_S: ClassVar[float] = 0.4
    """Seconds that the first screen waits for whether Home calls."""

    COMMANDS = {DeskCommands}
    VERBS: ClassVar[tuple[Command, ...]] = EVERYWHERE
    BINDINGS = bindings(EVERYWHERE)

    def __init__(
        self,
        desk: Desk,
        ref: str = "",
        number: int | None = None,
        *,
        only_ascii: bool = False,
    ) -> None:
        super().__init__(desk, only_ascii=only_ascii)
        self._ref, self._number = ref, number
        self._rest_begun = False
        self.damage: DeskError | None = None

    async def on_mount(self) -> None:
        if not self.desk.database.raw.execute("SELECT 1 FROM papers LIMIT 1").fetchone():
            with telling(self):
                late("tui.starting").begin_desk(self.desk)
        await self.switch_mode(await self._first_mode())
        if self._ref:
            await self.open_paper(OpenPaper(self._ref, self._number))
            self.post_message(FirstShown())

    def delay_update(self, delay: float = 0.05) -> None:
        """What Textual does to mask the change from one mode to another: at the start none is."""
        if self._rest_begun:
            super().delay_update(delay)

    async def _first_mode(self) -> str:
        """Home where it calls, or where that takes long to say."""
        if self._ref or self.first:
            return "library"
        since = last_used(self.desk.settings)
        with telling(self):
            if not may_call(self.desk, since):
                return "library"
        asked = asyncio.create_task(asyncio.to_thread(calls_home, self.desk, since))
        await asyncio.wait([asked], timeout=self.CALL_PATIENCE_S)
        if not asked.done():
            return "home"
        with telling(self):
            return "home" if asked.result() else "library"
        return "library"

    # What can wait until something is to be seen

    @on(FirstShown)
    def begin_rest(self) -> None:
        if not self._rest_begun:
            self._rest_begun = True
            if isinstance(self.screen, DeskScreen):
                self.screen.draw_now()
            self.call_after_refresh(self._load_rest)

    def _load_rest(self) -> None:
        self._keep_moment()
        self.read_styles()
        self.prefer_rest()
        self._load_modules()

    @work(thread=True, group="rest", exit_on_error=False)
    def _load_modules(self) -> None:
        """Runs in a thread: what keys lead to is there when they are pressed."""
        starting = late("tui.starting")
        try:
            if starting.begin_desk(self.desk):
                self.call_from_thread(self.reload_library)
        except BusyError:
            pass
        except DeskError as error:
            self.call_from_thread(tell, self, error)
        for words, title in starting.problems(self.desk):
            self.call_from_thread(warn, self, words, title)
        for name in LATER:
            if not get_current_worker().is_cancelled:
                late(name)

    # Where one is

    @on(LibraryChanged)
    def reload_library(self) -> None:
        for screen in self._screens():
            if isinstance(screen, DeskScreen):
                screen.library_changed()

    def action_help(self) -> None:
        dialog = late("tui.dialogs.help").HelpDialog
        if not isinstance(self.screen, dialog):
            self.push_screen(dialog(self.screen))

    def action_help_quit(self) -> None:
        """Ctrl+C does not end a desk: say what does."""
        say(self, keyed("{App.quit} ends the desk."))

    async def action_quit(self) -> None:
        """End. Say so first where something written is not kept yet; ask where a run is on."""
        for screen in self._screens():
            if isinstance(screen, Guarded) and (reason := screen.unsaved()):
                warn(self, reason, "Not ended")
                return
        screens = self._screens()
        if not any(isinstance(screen, DeskScreen) and screen.runs_on for screen in screens):
            self._end(True)
            return
        dialog = late("tui.dialogs.end").EndDialog
        if not isinstance(self.screen, dialog):
            self.push_screen(dialog(), self._end)

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
        fetching: Any = late("tui.fetching").Fetching
        for text in texts:
            self.call_from_thread(self._announce, fetching(text, f"Asking for {text}"))
            progress = partial(self._progress, text)
            try:
                added = late("services.acquire").add(self.desk, text, progress)
            except DeskError as error:
                self.call_from_thread(self._announce, fetching(text, error=error))
            else:
                self.call_from_thread(self._announce, fetching(text, added=added))

    def _progress(self, text: str, what: str, done: int, total: int | None) -> None:
        made = late("tui.fetching").Fetching(text, what, done, total)
        self.call_from_thread(self._announce, made)

    def _announce(self, fetching: "Fetching") -> None:
        shown = False
        for screen in self._screens():
            if isinstance(screen, FetchWatcher):
                shown = (screen.show_fetching(fetching) and screen.is_current) or shown
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

    def _handle_exception(self, error: Exception) -> None:
        """A damaged desk ends the app with the words that any command has for it."""
        self.damage = damage_told(error)
        if self.damage is None:
            keep_fault(self, error)
            super()._handle_exception(error)
        else:
            self.exit(return_code=self.damage.exit_code)

    def _screens(self) -> list[Screen[object]]:
        """Every screen that lives, those of other modes too."""
        found: list[Screen[object]] = []
        for mode in MODE_SCREENS:
            try:
                found.extend(self.get_screen_stack(mode))
            except KeyError:
                continue
        return found


def run(desk: Desk, ref: str = "", number: int | None = None, first: Any = None) -> None:
    """Open the app on this desk, at a paper or a ``first`` message, and return when it ends.

    Raises BadInputError where the desk is damaged, SystemExit where the app broke down.
    """
    only_ascii = wants_ascii(desk.settings.ascii, os.environ)
    if not only_ascii:
        pictures.prepare()
    app = ResearchDeskApp(desk, ref, number, only_ascii=only_ascii)
    app.first = first
    collect_seldom()
    app.run()
    if app.damage is not None:
        raise app.damage
    if app.return_code:
        raise SystemExit(OUR_FAULT)


def collect_seldom() -> None:
    """Have Python look for garbage seldom: to look shows as stalls on the screen.

    What was imported stays for good. Drawing a screen makes and drops tens of thousands of small
    objects without cycles, which the usual threshold would look through dozens of times.
    """
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 20, 50)
    gc.enable()
