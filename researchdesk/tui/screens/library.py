"""The library: what is on the desk, found as one types, with a look at each paper."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from researchdesk.domain.papers import Paper
from researchdesk.errors import DeskError
from researchdesk.services import exporting, library, links, notes, reading, recipes
from researchdesk.services.desk import Desk
from researchdesk.services.library import Listed
from researchdesk.services.shipped import shipped_ids
from researchdesk.tui.commands import bindings
from researchdesk.tui.dialogs.add import AddDialog
from researchdesk.tui.dialogs.find import FindDialog
from researchdesk.tui.dialogs.question import QuestionDialog
from researchdesk.tui.fetching import Fetching
from researchdesk.tui.messages import Fetch, OpenBench, OpenChanges, OpenClaims, OpenPaper
from researchdesk.tui.notices import say, telling
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.screens.library_verbs import LIBRARY_VERBS
from researchdesk.tui.shelf import Sign, newer_version, papers_with, signs_of
from researchdesk.tui.widgets.paper_list import PaperList
from researchdesk.tui.widgets.paper_preview import Known, PaperPreview

_PAUSE = 0.12
_NOTHING = """There is no paper here yet.

Press a and give an arXiv id, an address or the path of a PDF — for example 1706.03762.
Press f to search arXiv.
Press ? for every key."""


class LibraryScreen(DeskScreen):
    """Papers at the left, the one under the cursor at the right."""

    MODE = "library"
    ABOUT = "The papers on the desk. Enter reads the one under the cursor, b runs its experiment."
    VERBS = LIBRARY_VERBS
    BINDINGS = bindings(LIBRARY_VERBS)
    CSS_PATH = ["base.tcss", "library.tcss"]

    @dataclass
    class Loaded(Message):
        papers: list[Listed]
        signs: dict[int, Sign]

    @dataclass
    class Looked(Message):
        known: Known

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._prefer = ""
        self._soon: Timer | None = None
        self._look_soon: Timer | None = None
        self._removed: list[Paper] = []
        self._as_shipped = False

    def compose_body(self) -> ComposeResult:
        yield Input(placeholder="words of title, author, category, abstract; or: due", id="filter")
        yield Static(Content(_NOTHING), id="nothing")
        with Horizontal(id="columns"):
            with Vertical(id="list-side"):
                yield Static("", id="count", markup=False)
                yield PaperList()
            yield PaperPreview()

    def on_mount(self) -> None:
        self.query_one("#filter", Input).compact = True
        self.query_one(PaperList).focus()
        self.reload()

    def on_screen_resume(self) -> None:
        self.reload()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in {"bench", "claims", "changes", "export", "remove", "fetch"}:
            return bool(self.paper_at_hand())
        return True

    def paper_at_hand(self) -> str:
        found = self.query(PaperList)
        current = found.first().current if found else None
        return current.paper.name if current else ""

    # The list

    def reload(self, prefer: str = "") -> None:
        """Read the list again; the cursor stays on its paper or goes to ``prefer``."""
        self._prefer = prefer or self._prefer
        self._load(self.query_one("#filter", Input).value)

    @work(thread=True, exclusive=True, group="list", exit_on_error=False)
    def _load(self, words: str) -> None:
        papers = papers_with(self.desk, words)
        signs = signs_of(self.desk, papers)
        if not get_current_worker().is_cancelled:
            self.post_message(self.Loaded(papers, signs))

    @on(Loaded)
    def show_papers(self, message: Loaded) -> None:
        words = self.query_one("#filter", Input).value.strip()
        if not words:
            shipped = set(shipped_ids())
            self._as_shipped = all(item.paper.name in shipped for item in message.papers)
        self.query_one(PaperList).show(message.papers, self._prefer, message.signs)
        self._prefer = ""
        self.set_class(not message.papers and not words, "-empty")
        self.refresh_bindings()
        count = len(message.papers)
        papers = "1 paper" if count == 1 else f"{count:,} papers"
        if words:
            papers += f" with “{words}” — esc shows all"
        self.query_one("#count", Static).update(Content(papers))

    @on(Input.Changed, "#filter")
    def filter_soon(self) -> None:
        if self._soon is not None:
            self._soon.stop()
        self._soon = self.set_timer(_PAUSE, self.reload)

    @on(Input.Submitted, "#filter")
    def to_list(self) -> None:
        self.query_one(PaperList).focus()

    @on(PaperList.Highlighted)
    def look_soon(self, event: PaperList.Highlighted) -> None:
        if self._look_soon is not None:
            self._look_soon.stop()
        if event.listed is None:
            self.query_one(PaperPreview).show(None)
        else:
            listed = event.listed
            self._look_soon = self.set_timer(_PAUSE / 2, lambda: self._look(listed))

    @work(thread=True, exclusive=True, group="look", exit_on_error=False)
    def _look(self, listed: Listed) -> None:
        paper = listed.paper
        try:
            recipe = recipes.recipe_for(self.desk, paper.name).name
        except DeskError:
            recipe = ""
        passes = tuple(reading.passes_of(self.desk, paper))
        count = len(notes.notes_of(self.desk, paper))
        linked = len(links.backlinks(self.desk, "paper", paper.name))
        if not get_current_worker().is_cancelled:
            known = Known(
                paper,
                listed.status,
                passes,
                count,
                recipe,
                self._as_shipped,
                newer_version(paper, passes),
                linked,
            )
            self.post_message(self.Looked(known))

    @on(Looked)
    def show_known(self, message: Looked) -> None:
        self.query_one(PaperPreview).show(message.known)

    # What keys do

    def action_filter(self) -> None:
        field = self.query_one("#filter", Input)
        field.add_class("-shown")
        self.set_focus(field)

    def action_back(self) -> None:
        """Out of the filter, and all papers again."""
        field = self.query_one("#filter", Input)
        field.remove_class("-shown")
        field.value = ""
        self.query_one(PaperList).focus()

    @on(PaperList.Opened)
    def read(self, event: PaperList.Opened) -> None:
        self.post_message(OpenPaper(event.listed.paper.name))

    def action_changes(self) -> None:
        if paper := self._paper():
            self.post_message(OpenChanges(paper.name))

    def action_claims(self) -> None:
        if paper := self._paper():
            self.post_message(OpenClaims(paper.name))

    def action_bench(self) -> None:
        if paper := self._paper():
            self.post_message(OpenBench(paper.name))

    def action_fetch(self) -> None:
        if paper := self._paper():
            self.post_message(Fetch((str(paper.arxiv or paper.name),)))

    def action_add(self) -> None:
        self.app.push_screen(AddDialog())

    def action_find(self) -> None:
        self.app.push_screen(FindDialog(self.desk))

    def action_remove(self) -> None:
        """Take the paper off the desk at once; ctrl+z brings it back."""
        if paper := self._paper():
            with telling(self):
                library.remove_paper(self.desk, paper.name)
                self._removed.append(paper)
                say(self, f"{paper.title}\nctrl+z brings it back, with its notes.", "Removed")
                self.reload()

    def action_undo(self) -> None:
        if self._removed:
            paper = self._removed.pop()
            with telling(self):
                library.restore_paper(self.desk, paper)
                say(self, paper.title, "Back on the desk")
                self.reload(paper.name)

    def action_export(self) -> None:
        if paper := self._paper():
            question = QuestionDialog(
                f"Export the notes on {paper.name}",
                "Folder to write the markdown file to",
                str(Path.cwd() / "notes"),
                "Export",
            )
            self.app.push_screen(question, partial(self._export_to, paper))

    def _export_to(self, paper: Paper, folder: str | None) -> None:
        if folder:
            self._export(paper, Path(folder).expanduser().absolute())

    @work(thread=True, group="export", exit_on_error=False)
    def _export(self, paper: Paper, folder: Path) -> None:
        for item in exporting.export_notes(self.desk, [paper.name], folder):
            say(self, f"{'Written' if item.changed else 'Nothing new in'} {item.path}", "Notes")

    def show_fetching(self, fetching: Fetching) -> bool:
        """How far a paper is stands in the line above the list."""
        if fetching.added is not None:
            self.reload(fetching.added.paper.name)
        elif fetching.error is None:
            self.query_one("#count", Static).update(Content(fetching.words))
        else:
            self.reload()
        return False

    def _paper(self) -> Paper | None:
        current = self.query_one(PaperList).current
        return current.paper if current else None
