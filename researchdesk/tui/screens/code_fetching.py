"""Links and clones on the code screen: chosen, fetched in a thread, stopped."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import on, work
from textual.content import Content
from textual.message import Message

from researchdesk.domain.code import Clone, parse_repository
from researchdesk.domain.documents import CodeLink
from researchdesk.domain.papers import Paper
from researchdesk.domain.sizes import megabytes
from researchdesk.errors import DeskError
from researchdesk.services import code
from researchdesk.services.desk import Desk
from researchdesk.tui.commands import keyed
from researchdesk.tui.dialogs.bench_confirm import ConfirmDialog
from researchdesk.tui.dialogs.question import QuestionDialog
from researchdesk.tui.notices import say, tell, telling
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.widgets.code_sources import CodeSources

Fetch = Callable[[code.Progress, threading.Event], Clone]


class CodeFetching(DeskScreen):
    """The part of the code screen that brings code to the desk."""

    PROTOCOLS = code.PROTOCOLS
    clone: Clone | None

    @dataclass
    class Progressed(Message):
        words: str

    @dataclass
    class Came(Message):
        clone: Clone

    @dataclass
    class Failed(Message):
        error: DeskError

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._stop: threading.Event | None = None
        self.links: Sequence[CodeLink] = ()

    @property
    def busy(self) -> bool:
        """Whether something is being fetched."""
        return self._stop is not None

    @property
    def paper(self) -> Paper | None:
        """The paper whose code this is."""
        raise NotImplementedError

    def show_doing(self, words: str) -> None:
        """Say what is being done; ``""`` takes it away."""
        raise NotImplementedError

    def show_clone(self, held: Clone) -> None:
        """Show a clone that came just now."""
        raise NotImplementedError

    def show_sources(self, prefer: str = "") -> None:
        if self.paper is not None:
            held = code.clones_of(self.desk, self.paper)
            self.query_one(CodeSources).show(held, self.links, self.PROTOCOLS, prefer)
            self.set_class(not held and not self.links, "-no-sources")
            self.refresh_bindings()

    @on(CodeSources.Chosen)
    def choose_source(self, message: CodeSources.Chosen) -> None:
        source = message.source
        if source.clone is not None:
            self.show_clone(source.clone)
        elif source.cloneable:
            self.ask_and_clone(source.url)
        else:
            say(self, keyed("git cannot clone this; {code.browser} opens it in the browser."))

    @on(CodeSources.OptionHighlighted)
    def mark_source(self) -> None:
        self.refresh_bindings()

    def action_clone(self) -> None:
        if source := self.query_one(CodeSources).current:
            self.ask_and_clone(source.url)

    def action_update(self) -> None:
        if self.clone is not None:
            self.update_clone(self.clone)

    def action_browser(self) -> None:
        source = self.query_one(CodeSources).current
        if source is not None and source.url.startswith(("https://", "http://")):
            self.app.open_url(source.url)

    def ask_and_clone(self, address: str) -> None:
        """Say where it goes, and clone after a yes."""
        paper = self.paper
        if paper is None or self._is_busy():
            return
        with telling(self):
            wanted = parse_repository(address, self.PROTOCOLS)
            folder = self.desk.settings.papers.joinpath(paper.name.replace("/", "_"), "code")
            words = Content.assemble(
                ("From  ", "$text-muted"), (wanted.url, "bold"), "\n",
                ("To    ", "$text-muted"), str(folder / wanted.folder), "\n\n",
                "Its newest commit is copied. Nothing of it is run.",
            )  # fmt: skip
            dialog = ConfirmDialog("Clone this to the desk?", words, "Yes, clone it")
            self.app.push_screen(dialog, lambda yes: self._clone(wanted.url) if yes else None)

    def action_address(self) -> None:
        if not self._is_busy():
            dialog = QuestionDialog(
                "Code from an address", "Where is the code? (https://github.com/OWNER/NAME)",
                accept="Go on",
            )  # fmt: skip
            self.app.push_screen(dialog, lambda text: self.ask_and_clone(text) if text else None)

    def update_clone(self, held: Clone) -> None:
        """Bring the newest commit of this clone."""
        paper = self.paper
        if paper is not None and not self._is_busy():
            self._begin(
                lambda progress, stop: code.update(
                    self.desk, paper, held, progress, stop, protocols=self.PROTOCOLS
                )
            )

    def action_stop(self) -> None:
        if self._stop is not None:
            self._stop.set()
            self.show_doing("Stopping …")

    def on_unmount(self) -> None:
        if self._stop is not None:
            self._stop.set()

    def _is_busy(self) -> bool:
        if self.busy:
            say(self, keyed("Code is being fetched already; {code.stop} stops it."))
        return self.busy

    def _clone(self, url: str) -> None:
        paper = self.paper
        if paper is not None and not self._is_busy():
            self._begin(
                lambda progress, stop: code.clone(
                    self.desk, paper, url, progress, stop, protocols=self.PROTOCOLS
                )
            )

    def _begin(self, fetch: Fetch) -> None:
        self._stop = threading.Event()
        self.show_doing("Asking for it …")
        self.refresh_bindings()
        self._fetch(fetch, self._stop)

    @work(thread=True, group="clone", exit_on_error=False)
    def _fetch(self, fetch: Fetch, stop: threading.Event) -> None:
        def progress(what: str, done: int, total: int | None) -> None:
            amount = f", {megabytes(done)}" if done else ""
            self.post_message(self.Progressed(f"{what}{amount}"))

        try:
            held = fetch(progress, stop)
        except DeskError as error:
            self.post_message(self.Failed(error))
        else:
            self.post_message(self.Came(held))

    @on(Progressed)
    def show_progress(self, message: Progressed) -> None:
        if self._stop is not None and not self._stop.is_set():
            self.show_doing(keyed("{doing}   ({code.stop} stops it)", doing=message.words))

    @on(Came)
    def show_came(self, message: Came) -> None:
        self._end()
        self.show_clone(message.clone)

    @on(Failed)
    def show_failure(self, message: Failed) -> None:
        stopped = self._stop is not None and self._stop.is_set()
        self._end()
        if stopped:
            say(self, "Stopped. Nothing on the desk was changed.")
        else:
            tell(self, message.error)

    def _end(self) -> None:
        self._stop = None
        self.show_doing("")
        self.refresh_bindings()
