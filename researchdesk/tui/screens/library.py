"""The library: what is on the desk, found as one types, with a look at each paper."""

from functools import partial
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from researchdesk.domain.search_query import parse_query
from researchdesk.tui.commands import bindings, keyed
from researchdesk.tui.late import late, open_dialog
from researchdesk.tui.messages import Fetch, OpenBench, OpenChanges, OpenClaims, OpenPaper
from researchdesk.tui.notices import say, telling, warn
from researchdesk.tui.screens.library_marking import LibraryMarking
from researchdesk.tui.screens.library_paging import SORTS
from researchdesk.tui.screens.library_verbs import LIBRARY_VERBS
from researchdesk.tui.search_words import Names
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.paper_list import PaperList
from researchdesk.tui.widgets.paper_preview import PaperPreview

if TYPE_CHECKING:
    from researchdesk.tui.fetching import Fetching

_NOTHING = """There is no paper here yet.

{library.add}   adds one: an arXiv id, an address or the path of a PDF
{library.find}   searches arXiv, and adds from it
{app.triage}   follows arXiv categories and authors, and asks you of each new paper
{app.help}   has every key; {library.undo} brings back what was removed

What you have elsewhere comes in at the command line:

researchdesk import library.bib    BibTeX, CSL-JSON, Zotero, or a folder
researchdesk reading-list list     what to read in a field, and why"""
_NONE = """No paper has all of this.

Take a word away, or press {library.back} for all papers.
{Filter.list}, then {library.find}, searches arXiv for these words.

author:hinton     a name           year:2019..      from that year on
title:attention   in the title     stars:>=3        three stars and more
cat:cs.CL         a category       is:due           also new, starred
tag:vision        a tag            has:note         also pdf, claim, run
in:thesis         a collection     cites:1706.03762 what cites it
"in a row"        as it stands     -survey          without it"""
_FETCHED = 100
_ONE = {"write", "bench", "claims", "changes"}
_SEVERAL = {"export", "remove", "fetch", "tag", "collect", "stars", "priority"}


class LibraryScreen(LibraryMarking):
    """Papers at the left, the one under the cursor at the right."""

    MODE = "library"
    ABOUT = (
        "The papers on the desk. {List.open} reads the one under the cursor; {library.filter} "
        "searches, {list.mark} marks "
        "several, and what is done to them {library.undo} takes back."
    )
    VERBS = LIBRARY_VERBS
    BINDINGS = bindings(LIBRARY_VERBS)
    CSS_PATH = ["base.tcss", "library.tcss"]

    class NamesRead(Message):
        """The names that a search may hold."""

        def __init__(self, names: Names) -> None:
            super().__init__()
            self.names = names

    def compose_body(self) -> ComposeResult:
        yield self.field
        yield Static("", id="grammar")
        yield Static(Content(keyed(_NOTHING)), id="nothing")
        with Horizontal(id="columns"):
            with Vertical(id="list-side"):
                yield Static("", id="count", markup=False)
                yield Static(Content(keyed(_NONE)), id="none")
                yield self.papers
            yield PaperPreview()

    def on_mount(self) -> None:
        self.papers.focus()
        self.show_first()

    def resumed(self) -> None:
        self.papers.today = self.desk.today()
        self.reload_unless_first()

    def library_changed(self) -> None:
        self.reload()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "filter":
            return self.focused is not self.field
        if action == "back":
            return self.has_class("-searching") or bool(self.papers.marked)
        if action in _ONE:
            return bool(self.paper_at_hand())
        if action in _SEVERAL:
            return bool(self.at_hand())
        return True

    def paper_at_hand(self) -> str:
        current = self.papers.current
        return current.name if current else ""

    # Searching

    def action_filter(self) -> None:
        self.add_class("-searching")
        self.set_focus(self.field)
        self.tell_grammar()
        self._read_names()

    @work(thread=True, exclusive=True, group="names", exit_on_error=False)
    def _read_names(self) -> None:
        names = late("tui.library_names").names_of(self.desk)
        self.post_message(self.NamesRead(names))

    @on(NamesRead)
    def _know_names(self, message: NamesRead) -> None:
        self.field.names = message.names
        self.tell_grammar()

    @on(Input.Submitted, "#filter")
    def to_list(self) -> None:
        self.papers.focus()

    def action_back(self) -> None:
        """Marks away; else out of the search, and all papers again."""
        if self.papers.marked and self.focused is not self.field:
            self.papers.mark(())
            return
        row = self.papers.current
        self.remove_class("-searching")
        self.papers.focus()
        if self.words:
            self.go_to("", row.id if row else 0)

    def go_to(self, query: str, prefer: int = 0) -> None:
        """Show what this search finds; the cursor at ``prefer`` where that is in it."""
        with self.prevent(Input.Changed):
            self.field.value = query
        self.set_class(bool(query), "-searching")
        self.papers.focus()
        self.tell_grammar()
        self.show_search(prefer)

    def action_sort(self) -> None:
        """The next order; one that the words ask for themselves stays."""
        self.sort = SORTS[(SORTS.index(self.sort) + 1) % len(SORTS)]
        self.show_search()

    def action_lists(self) -> None:
        open_dialog(self, "lists", "ListsDialog", self._go_to_list, self.desk)

    def _go_to_list(self, query: str | None) -> None:
        if query is not None:
            self.go_to(query)

    def action_keep(self) -> None:
        """Keep the present search under a name."""
        if not self.search:
            warn(
                self,
                keyed("Search for something first: {library.filter} begins."),
                "Nothing to keep yet",
            )
            return
        query = self.search
        open_dialog(
            self,
            "question",
            "QuestionDialog",
            partial(self._keep, query),
            "Keep this search as a smart list",
            f"{query}\n\nIts name among the smart lists",
        )

    def _keep(self, query: str, name: str | None) -> None:
        if name:
            with telling(self):
                late("services.smart_lists").keep_list(self.desk, name, query)
                say(
                    self,
                    keyed(
                        "{name}: {query}\n{library.lists} shows it again.", name=name, query=query
                    ),
                    "Kept",
                )

    # Where keys lead

    @on(PaperList.Opened)
    def read(self, event: PaperList.Opened) -> None:
        self.post_message(OpenPaper(event.row.name))

    def action_changes(self) -> None:
        self.post_message(OpenChanges(self.paper_at_hand()))

    def action_claims(self) -> None:
        self.post_message(OpenClaims(self.paper_at_hand()))

    def action_bench(self) -> None:
        self.post_message(OpenBench(self.paper_at_hand()))

    def action_fetch(self) -> None:
        ids = self.at_hand()
        if len(ids) > _FETCHED:
            warn(self, f"{_FETCHED} PDFs at most, for arXiv's sake.", "Too many marked")
            return
        paper_of = late("services.library").paper_of
        found = (paper_of(self.desk, one) for one in ids)
        texts = tuple(str(paper.arxiv or paper.name) for paper in found if paper)
        self.post_message(Fetch(texts))

    def action_add(self) -> None:
        open_dialog(self, "add", "AddDialog", None)

    def action_find(self) -> None:
        """Search arXiv; where the library is searched, for the same words."""
        terms = parse_query(self.words).terms
        words = " ".join(term.text for term in terms if not term.excluded)
        open_dialog(self, "find", "FindDialog", None, self.desk, words)

    def action_export(self) -> None:
        """Write the marked papers, else the one at hand, into a vault."""
        exporting = late("tui.notes_exporting")
        row = self.papers.current
        if self.papers.marked:
            exporting.ask_of_marked(self, self.at_hand())
        elif row is not None:
            exporting.ask_of_paper(self, row.name, row.title)

    def action_write(self) -> None:
        """Write a review of the paper at hand, from its notes."""
        late("tui.writing").ask_of_paper(self, self.paper_at_hand())

    def show_fetching(self, fetching: "Fetching") -> bool:
        """How far a paper is stands in the line above the list."""
        if fetching.added is not None:
            self.tell_progress("")
            self.reload(fetching.added.paper.id)
        elif fetching.error is None:
            self.tell_progress(fetching.words)
        else:
            self.tell_progress("")
        return False
