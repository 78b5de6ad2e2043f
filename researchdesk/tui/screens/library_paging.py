"""The library's list, read a page at a time while one types and scrolls."""

from dataclasses import dataclass, replace

from textual import on, work
from textual.content import Content
from textual.message import Message
from textual.widgets import Input
from textual.worker import Worker, WorkerState

from researchdesk.domain.library_rows import LibraryPage
from researchdesk.domain.search_query import parse_query
from researchdesk.errors import DeskError
from researchdesk.services import library_search
from researchdesk.services.desk import Desk
from researchdesk.tui.commands import keyed
from researchdesk.tui.messages import FirstShown
from researchdesk.tui.notices import tell
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.search_words import said
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.filter_input import FilterInput
from researchdesk.tui.widgets.paged_list import PAGE
from researchdesk.tui.widgets.paper_list import PaperList

SORTS = ("", "added", "year", "stars", "priority", "title")
"""Orders that ``s`` goes through; the first is that of the search itself."""
_ORDER_WORDS = {
    "": "",
    "added": "last added first",
    "year": "by year",
    "stars": "by stars",
    "priority": "by priority",
    "title": "by title",
    "relevance": "best first",
}
_HINT = "words, or author: title: cat: tag: year:2019.. is:due …"
_READING = "library-page"
_FIRST = 64
"""Papers that are read at once for a letter typed: a screenful."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A page that is wanted: of which search, from where on.

    ``cursor`` is where the cursor shall be, unless ``prefer``, the row number of a paper, is in the
    list; ``kept`` where that is only the paper that the cursor was on. One that is ``more`` goes on
    with the list that is shown.
    """

    text: str
    offset: int = 0
    cursor: int = 0
    prefer: int = 0
    kept: bool = False
    more: bool = False


class LibraryPaging(DeskScreen):
    """What the search finds, shown. One page is read at a time: what was overtaken by the next
    letter is not shown, and what was not begun yet is not read."""

    @dataclass
    class Came(Message):
        wish: Wish
        page: LibraryPage

    @dataclass
    class Counted(Message):
        """How many papers there are of a search of which only so many were counted."""

        text: str
        total: int

    @dataclass
    class Failed(Message):
        error: DeskError

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.papers = PaperList(desk.today())
        self.field = FilterInput(_HINT, "filter")
        self.shown_text = ""
        self.total = 0
        self.sort = ""
        self._current: Wish | None = None
        self._next: Wish | None = None
        self._told = ""
        self._exact = True
        self._is_new = False
        self._problems: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What is typed to search by."""
        return self.field.value.strip()

    @property
    def search(self) -> str:
        """What is searched: the words, in the order that was chosen where they name none."""
        query = parse_query(self.words)
        order = f" sort:{self.sort}" if self.sort and not query.sort else ""
        return f"{self.words}{order}".strip()

    # Reading

    def show_first(self) -> None:
        """Read the first page at once, where that is quick: the first that is drawn has papers.

        So many that nothing need be read while it is drawn.
        """
        try:
            if not library_search.is_up_to_date(self.desk):
                return
            many = max(_FIRST, 3 * self.app.size.height)
            came = self.Came(*self._page_of(Wish(self.search), many))
        except Exception:  # noqa: BLE001 - read again in a thread, it is told what is wrong
            return
        self.show_page(came)
        self._is_new = True

    def reload_unless_first(self) -> None:
        """Read the list again, unless it was read just now."""
        if not self._is_new:
            self.reload()
        self._is_new = False

    def reload(self, prefer: int = 0) -> None:
        """Read the list again; the cursor stays on its paper or goes to that of row ``prefer``."""
        listed = self.papers
        row = listed.current
        offset = max(0, listed.first_seen - PAGE // 4)
        wish = Wish(self.search, offset, listed.cursor, row.id if row else 0, kept=True)
        waiting = self._next or self._current
        if prefer:
            wish = replace(wish, prefer=prefer, kept=False)
        elif waiting is not None and not (waiting.kept or waiting.more):
            wish = replace(waiting, text=wish.text)
        self._wish(wish)

    def show_search(self, prefer: int = 0) -> None:
        """Show what the words that stand there now find, from the first on, or at ``prefer``."""
        self._wish(Wish(self.search, prefer=prefer))

    def _wish(self, wish: Wish) -> None:
        if self._current is not None:
            self._next = wish
        else:
            self._current = wish
            self._read(wish)

    @work(thread=True, group=_READING, exit_on_error=False)
    def _read(self, wish: Wish) -> None:
        try:
            self.post_message(self.Came(*self._page_of(wish)))
        except DeskError as error:
            self.post_message(self.Failed(error))

    def _page_of(self, wish: Wish, many: int = _FIRST) -> tuple[Wish, LibraryPage]:
        """The page that is wished for, and the wish with the cursor's place in it."""
        query = parse_query(wish.text)
        first = wish.offset == 0 and not wish.more and not (wish.kept and wish.prefer)
        page = library_search.page(self.desk, query, wish.offset, many if first else PAGE)
        if wish.more:
            return wish, page
        at = self._place(wish, page)
        if not page.offset <= at < page.offset + max(1, len(page.rows)):
            start = max(0, min(at, page.total - 1) - PAGE // 2)
            page = library_search.page(self.desk, query, start, PAGE)
        return replace(wish, cursor=at), page

    def _place(self, wish: Wish, page: LibraryPage) -> int:
        if wish.prefer:
            for at, row in enumerate(page.rows, page.offset):
                if row.id == wish.prefer:
                    return at
            every = library_search.ids_of(self.desk, parse_query(wish.text))
            if wish.prefer in every:
                return every.index(wish.prefer)
        return max(0, min(wish.cursor, page.total - 1))

    @on(PaperList.Wanted)
    def read_more(self, event: PaperList.Wanted) -> None:
        if self._current is None:
            self._wish(Wish(self.shown_text, event.offset, more=True))

    @on(Came)
    def show_page(self, message: Came) -> None:
        if self._go_on():
            return
        wish, page = message.wish, message.page
        if wish.more:
            if wish.text == self.shown_text:
                self.papers.fill(page.offset, page.rows, page.total)
            return
        self.shown_text, self.total = wish.text, page.total
        query = parse_query(wish.text)
        self.papers.item_height = 2 if query.wanted else 1
        self.papers.begin(page.total, page.offset, page.rows, self._cursor_of(wish, page))
        self.page_shown(page)

    def _cursor_of(self, wish: Wish, page: LibraryPage) -> int:
        """Where the cursor goes: with the paper that it moved to meanwhile, else as was wished."""
        row = self.papers.current
        if wish.kept and row is not None and row.id != wish.prefer:
            for at, item in enumerate(page.rows, page.offset):
                if item.id == row.id:
                    return at
        return wish.cursor

    @work(thread=True, exclusive=True, group="library-count", exit_on_error=False)
    def _count(self, text: str) -> None:
        total = library_search.count(self.desk, parse_query(text))
        self.post_message(self.Counted(text, total))

    @on(Counted)
    def _show_total(self, message: Counted) -> None:
        if message.text == self.shown_text:
            self.total, self._exact = message.total, True
            self.papers.grow(message.total)
            self.tell_count()

    @on(Failed)
    def _tell_failure(self, message: Failed) -> None:
        self.post_message(FirstShown())
        self._go_on()
        tell(self, message.error)

    def _go_on(self) -> bool:
        """Read what is wanted by now instead, where there is something."""
        self._current = None
        wish, self._next = self._next, None
        if wish is not None:
            self._wish(wish)
        return wish is not None

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.worker.group == _READING and event.state is WorkerState.ERROR:
            self._go_on()

    # What is said of it

    def page_shown(self, page: LibraryPage) -> None:
        """Called when a list was begun."""
        self.post_message(FirstShown())
        self.set_class(page.total == 0 and not self.shown_text, "-empty")
        self.set_class(page.total == 0 and bool(self.shown_text), "-none")
        self._exact, self._problems = page.exact, page.problems
        if not page.exact:
            self._count(self.shown_text)
        self.tell_count()
        self.tell_grammar()
        self.refresh_bindings()

    def tell_count(self) -> None:
        """How many there are, in which order, how many are marked."""
        if self._told:
            self.query_one("#count", Static).update(Content(self._told))
            return
        query = parse_query(self.shown_text)
        more = "" if self._exact else "+"
        count = "1 paper" if self.total == 1 else f"{self.total:,}{more} papers"
        order = query.sort or ("relevance" if query.wanted else "")
        marked = len(self.papers.marked)
        parts: list[str | tuple[str, str]] = [(count, "bold $foreground")]
        if order:
            parts.append(f" · {_ORDER_WORDS[order]}")
        if marked:
            parts += [
                " · ",
                (f"✓ {marked:,} marked", "bold $text-primary"),
                keyed(", {library.back} unmarks"),
            ]
        elif self.words:
            parts.append(keyed(" · {library.back} shows all"))
        self.query_one("#count", Static).update(Content.assemble(*parts))

    def tell_progress(self, words: str) -> None:
        """What is under way, above the list; nothing takes it away."""
        self._told = words
        self.tell_count()

    def tell_grammar(self) -> None:
        """What may be typed next, or what was not understood."""
        field = self.field
        problems = self._problems or parse_query(field.value).problems
        width = max(20, self.size.width - 2)
        line = said(field.value, field.names, problems, width)
        self.query_one("#grammar", Static).update(line)

    @on(Input.Changed, "#filter")
    def typed(self) -> None:
        self._problems = ()
        self.tell_grammar()
        self.show_search()
