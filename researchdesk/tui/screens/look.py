"""Something looked at page by page: the pages at the left, the marked one at the right."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.worker import get_current_worker

from researchdesk.domain.recipes import Recipe
from researchdesk.errors import DeskError
from researchdesk.services.desk import Desk
from researchdesk.services.trust import UntrustedError, trust, what_would_run
from researchdesk.tui.commands import keyed
from researchdesk.tui.looked_at import LookPage
from researchdesk.tui.notices import telling, words_of
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.screens.bench_questions import may_run
from researchdesk.tui.surprise_form import SurpriseForm
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.cell_grid import CellGrid
from researchdesk.tui.widgets.confusion_grid import ConfusionGrid
from researchdesk.tui.widgets.page_list import PageList
from researchdesk.tui.widgets.tile_gallery import TileGallery

_DOING = "{doing} … {seconds} s    {look.stop} stops it; {look.back} leaves."


class Words(VerticalScroll, can_focus=True):
    """The words of a page, which scroll."""


class LookScreen(DeskScreen):
    """A subclass says in ``look`` what is seen, in ``subject`` what of."""

    CSS_PATH = ["base.tcss", "look.tcss"]
    AUTO_FOCUS = ""

    @dataclass
    class Seen(Message):
        """The pages, or why there are none; ``turn`` is the look it came of."""

        pages: Sequence[LookPage]
        turn: int
        problem: str = ""

    @dataclass
    class Asked(Message):
        """The look ``turn`` would run code that waits for a yes."""

        recipe: Recipe
        turn: int

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._turn = 0
        self._busy = False
        self._seconds = 0
        self._stopped: set[int] = set()

    @abstractmethod
    def look(self, stop: Callable[[], bool]) -> Sequence[LookPage]:
        """The pages. Runs in a thread; may raise DeskError."""

    @abstractmethod
    def subject(self) -> tuple[str, str]:
        """What is looked at: its name, and what of it."""

    @property
    def doing(self) -> str:
        """What is done meanwhile, in words."""
        return "Looking"

    @property
    def busy(self) -> bool:
        return self._busy

    def compose_body(self) -> ComposeResult:
        yield Static("", id="about", markup=False)
        yield Static("", id="doing", markup=False)
        yield Static("", id="nothing", markup=False)
        with Horizontal(id="panes"):
            yield PageList()
            with Vertical(id="page"):
                with Words(id="words"):
                    yield Static("", id="page-text", markup=False)
                yield CellGrid()
                yield ConfusionGrid()
                yield TileGallery()
                yield Static("", id="detail", markup=False)

    def on_mount(self) -> None:
        self.set_interval(1, self._tick)
        self.query_one(PageList).focus()
        self.look_again()

    def on_unmount(self) -> None:
        self._stopped.add(self._turn)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "stop":
            return self._busy
        if action == "enter":
            return not self._busy and self._body() is not None
        return True

    # Looking

    def look_again(self) -> None:
        """Look; what is shown stays until it is done."""
        self._stopped.add(self._turn)
        self._turn += 1
        self._busy, self._seconds = True, -1
        name, what = self.subject()
        words = Content.assemble((name, "bold"), "  ", (what, "$text-muted"))
        self.query_one("#about", Static).update(words)
        self.remove_class("-empty")
        self._tick()
        self.refresh_bindings()
        self._look(self._turn)

    @work(thread=True, exclusive=True, group="look", exit_on_error=False)
    def _look(self, turn: int) -> None:
        worker = get_current_worker()
        message: Message
        try:
            pages = self.look(lambda: worker.is_cancelled or turn in self._stopped)
            message = self.Seen(pages, turn)
        except UntrustedError as error:
            message = self.Asked(error.recipe, turn)
        except DeskError as error:
            message = self.Seen((), turn, words_of(error))
        if not worker.is_cancelled:
            self.post_message(message)

    @on(Seen)
    def take(self, message: Seen) -> None:
        if message.turn != self._turn:
            return
        self._busy = False
        self.set_class(False, "-busy")
        self.set_class(not message.pages, "-empty")
        self.query_one("#nothing", Static).update(Content(message.problem))
        self.query_one(PageList).put(message.pages)
        self.refresh_bindings()

    @on(Asked)
    def ask(self, message: Asked) -> None:
        """Ask, and look once more after a yes to the code that was shown."""
        if message.turn != self._turn:
            return
        code = replace(message.recipe, arms=())

        def answered(yes: bool | None) -> None:
            if yes:
                with telling(self):
                    trust(self.desk, code)
                    self.look_again()
                    return
            self.take(
                self.Seen(
                    (),
                    message.turn,
                    "Nothing was run: it is code that waits for "
                    "your yes. Leave this page and come again to be asked.",
                )
            )

        self.app.push_screen(may_run(what_would_run(code)), answered)

    def _tick(self) -> None:
        self._seconds += 1
        self.set_class(self._busy, "-busy")
        if self._busy:
            words = keyed(_DOING, doing=self.doing, seconds=self._seconds)
            self.query_one("#doing", Static).update(Content(words))

    def action_stop(self) -> None:
        self._stopped.add(self._turn)

    def surprise_at_hand(self) -> SurpriseForm:
        """What is said of the marked picture; of a page with a mark, its title and count."""
        page, form = self.query_one(PageList).current, super().surprise_at_hand()
        tile = self.query_one(TileGallery).tile if page and page.tiles else None
        if tile is not None and tile.words:
            return replace(form, observed=tile.words)
        marked = page is not None and page.mark and page.count
        return replace(form, observed=f"{page.title}: {page.count}") if page and marked else form

    # The marked page

    @on(PageList.Highlighted)
    def show_page(self, message: PageList.Highlighted) -> None:
        page = message.page
        if page is None:
            return
        for name, given in (("text", page.text), ("cells", page.cells), ("tiles", page.tiles),
                            ("heat", page.heat)):  # fmt: skip
            self.set_class(bool(given), f"-{name}")
        self.set_class(not (page.cells or page.tiles or page.heat), "-alone")
        self.query_one("#page-text", Static).update(page.text or Content(""))
        self.query_one("#words").scroll_home(animate=False)
        self.query_one("#detail", Static).update(Content(""))
        if page.cells:
            self.query_one(CellGrid).show(page.cells)
        if page.tiles:
            self.query_one(TileGallery).show(page.tiles)
        if page.heat:
            self.query_one(ConfusionGrid).show(page.heat)
        self.refresh_bindings()

    @on(TileGallery.Marked)
    def tell_tile(self, message: TileGallery.Marked) -> None:
        words = message.tile.words if message.tile else ""
        self.query_one("#detail", Static).update(Content(words))

    @on(PageList.Opened)
    def action_enter(self) -> None:
        """Into the marked page."""
        if body := self._body():
            body.focus()

    def _body(self) -> Widget | None:
        found = self.query(PageList)
        page = found.first().current if found else None
        if page is None:
            return None
        if page.tiles:
            return self.query_one(TileGallery)
        if page.heat:
            return self.query_one(ConfusionGrid)
        return self.query_one(CellGrid if page.cells else Words)

    def action_back(self) -> None:
        """To the list; from there out."""
        pages = self.query_one(PageList)
        if pages.has_focus or self._busy or self.has_class("-empty"):
            self._stopped.add(self._turn)
            self.dismiss()
        else:
            pages.focus()
