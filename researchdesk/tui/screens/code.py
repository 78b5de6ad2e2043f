"""The paper's code: where it is, its files, and notes on lines of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.worker import get_current_worker

from researchdesk.domain.code import Clone, CodeFile, CodeHit
from researchdesk.domain.documents import CodeLink
from researchdesk.domain.papers import Paper
from researchdesk.domain.text import one_line
from researchdesk.errors import DeskError
from researchdesk.services import clone_files, code, library
from researchdesk.services.desk import Desk
from researchdesk.tui.commands import bindings, keyed
from researchdesk.tui.dialogs.code_find import CodeFindDialog
from researchdesk.tui.editor import edit_file
from researchdesk.tui.notices import say, tell, telling, words_of
from researchdesk.tui.screens.code_fetching import CodeFetching
from researchdesk.tui.screens.code_noting import CodeNoting
from researchdesk.tui.screens.code_verbs import CODE_VERBS
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.code_notes import CodeNotes
from researchdesk.tui.widgets.code_sources import CodeSources
from researchdesk.tui.widgets.code_tree import CodeTree
from researchdesk.tui.widgets.code_view import CodeView

_LOOKING = "Looking for links to code in the paper …"
_NO_LINKS = """The text of this paper names no code.

Press {code.address} and type or paste an address, such as https://github.com/OWNER/NAME."""
_NO_CLONE = (
    "No code of this paper is on the desk yet.\n\nPress enter on a link to clone it, or "
    "{code.address} to give "
    "another address. It asks first, and nothing of the code is ever run."
)
_NO_FILE = """Press enter on a file to read it here.

{code.find} finds words in all files, {code.note} keeps a note on a line."""


class CodeScreen(CodeNoting, CodeFetching):
    """Links, files and notes at the left, a file at the right; narrow, one or the other."""

    ABOUT = (
        "The paper's code, cloned to the desk and only read: find what the paper says in it, and "
        "pin notes to file, line and commit."
    )
    VERBS = CODE_VERBS
    BINDINGS = bindings(CODE_VERBS)
    AUTO_FOCUS = ""
    CSS_PATH = ["base.tcss", "code.tcss"]

    @dataclass
    class Linked(Message):
        links: Sequence[CodeLink]

    @dataclass
    class Listed(Message):
        clone: Clone
        files: Sequence[CodeFile]

    @dataclass
    class Unlisted(Message):
        error: DeskError

    @dataclass
    class Read(Message):
        """A file's text, or why it cannot be shown."""

        place: tuple[Clone, str, str, int]
        text: str
        problem: str = ""

    def __init__(self, desk: Desk, ref: str) -> None:
        super().__init__(desk)
        self._ref = ref
        self._paper: Paper | None = None
        self._files: Sequence[CodeFile] = ()

    @property
    def paper(self) -> Paper | None:
        return self._paper

    def paper_at_hand(self) -> str:
        return self._paper.name if self._paper else self._ref

    def compose_body(self) -> ComposeResult:
        with Horizontal(id="where"):
            yield Static(id="paper", markup=False)
            yield Static(id="file", markup=False)
        yield Static(id="doing", markup=False)
        with Horizontal(id="panes"):
            with Vertical(id="left"):
                yield Static("Where the code is", id="sources-heading", classes="heading")
                yield CodeSources()
                yield Static("Files", id="files-heading", classes="heading")
                yield CodeTree()
                yield Static("Notes on it", id="notes-heading", classes="heading")
                yield CodeNotes()
            with Vertical(id="middle"):
                yield Static(Content(_LOOKING), id="empty")
                yield Static(id="unread", markup=False)
                yield CodeView()

    def on_mount(self) -> None:
        self.add_class("-empty", "-no-sources", "-no-clone", "-no-notes")
        with telling(self):
            self._paper = library.get_paper(self.desk, self._ref)
            self.query_one("#paper", Static).update(Content(one_line(self._paper.title)))
            self.show_sources()
            if held := code.clones_of(self.desk, self._paper):
                self.show_clone(held[-1])
            self._look_for_links(self._paper)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "stop":
            return self.busy
        if action in {"find", "update"}:
            return self.clone is not None
        if action in {"note", "editor", "to_note", "edit_note", "delete_note"}:
            return self.path != ""
        if action == "clone":
            source = self.query_one(CodeSources).current
            return source is not None and source.clone is None and source.cloneable
        return True

    # Where the code is

    @work(thread=True, group="links", exit_on_error=False)
    def _look_for_links(self, paper: Paper) -> None:
        try:
            links = code.code_links(self.desk, paper)
        except DeskError:
            links = ()
        self.post_message(self.Linked(links))

    @on(Linked)
    def show_links(self, message: Linked) -> None:
        self.links = message.links
        self.show_sources()
        has_sources = not self.has_class("-no-sources")
        self.query_one("#empty", Static).update(
            Content(keyed(_NO_FILE if self.clone else _NO_CLONE if has_sources else _NO_LINKS))
        )
        if self.clone is None and has_sources:
            self.query_one(CodeSources).focus()

    def show_doing(self, words: str) -> None:
        self.set_class(bool(words), "-busy")
        self.query_one("#doing", Static).update(Content(words))

    # Its files

    def show_clone(self, held: Clone) -> None:
        """Show the files of a clone."""
        newer = self.clone is not None and self.clone.url == held.url != ""
        self.clone = held
        self.remove_class("-no-clone")
        if not newer:
            self.close_file(keyed(_NO_FILE))
        self.show_sources(held.url)
        self.show_notes()
        self._list_files(held)
        if newer and self.path:
            self.open_file(self.path, self.query_one(CodeView).line)

    @work(thread=True, exclusive=True, group="files", exit_on_error=False)
    def _list_files(self, held: Clone) -> None:
        try:
            files = clone_files.files_of(held)
        except DeskError as error:
            self.post_message(self.Unlisted(error))
        else:
            if not get_current_worker().is_cancelled:
                self.post_message(self.Listed(held, files))

    @on(Listed)
    def show_files(self, message: Listed) -> None:
        if message.clone == self.clone:
            self._files = message.files
            tree = self.query_one(CodeTree)
            tree.show(message.files)
            if not self.path:
                tree.focus()

    @on(Unlisted)
    def tell_unlisted(self, message: Unlisted) -> None:
        tell(self, message.error)

    @on(CodeTree.Chosen)
    def choose_file(self, message: CodeTree.Chosen) -> None:
        self.open_file(message.file.path)

    def open_file(self, path: str, line: int = 1, commit: str = "") -> None:
        """Show a file of the clone, as it was at ``commit`` (the newest where none is said)."""
        if self.clone is not None:
            self._read(self.clone, path, commit or self.clone.commit, line)

    @work(thread=True, exclusive=True, group="read", exit_on_error=False)
    def _read(self, held: Clone, path: str, commit: str, line: int) -> None:
        place = (held, path, commit, line)
        try:
            message = self.Read(place, clone_files.read_file(held, path, commit))
        except DeskError as error:
            message = self.Read(place, "", words_of(error))
        if not get_current_worker().is_cancelled:
            self.post_message(message)

    @on(Read)
    def show_file(self, message: Read) -> None:
        held, path, commit, line = message.place
        if self.clone is None or held.url != self.clone.url:
            return
        self.path, self.commit = path, commit
        self.remove_class("-empty")
        self.set_class(bool(message.problem), "-unread")
        self.add_class("-show-file")
        self.query_one("#unread", Static).update(Content(message.problem))
        view = self.query_one(CodeView)
        view.show(message.text, path, line)
        self.mark_lines()
        self.show_where()
        self.query_one(CodeTree).reveal(path)
        view.focus()
        self.refresh_bindings()

    def close_file(self, words: str) -> None:
        """Show no file."""
        self.path = self.commit = ""
        self.query_one(CodeView).clear()
        self.query_one("#empty", Static).update(Content(words))
        self.remove_class("-unread", "-show-file")
        self.add_class("-empty")
        self.show_where()

    @on(CodeView.Moved)
    def show_where(self) -> None:
        held = self.clone
        if held is None:
            return
        older = " (an earlier commit)" if self.commit not in ("", held.commit) else ""
        words = f"{held.name} @ {(self.commit or held.commit)[:10]}{older}"
        if self.path:
            words = f"{one_line(self.path)}:{self.query_one(CodeView).line}  {words}"
        self.query_one("#file", Static).update(Content(words))

    def action_find(self) -> None:
        if self.clone is not None:
            commit = self.commit or self.clone.commit
            dialog = CodeFindDialog(self.clone, commit, self._files)
            self.app.push_screen(dialog, lambda hit: self._go_to(hit, commit))

    def _go_to(self, hit: CodeHit | None, commit: str) -> None:
        if hit is not None:
            self.open_file(hit.path, hit.line, commit)

    def action_editor(self) -> None:
        if self.clone is None or not self.path:
            return
        with telling(self):
            place = clone_files.place_of(self.clone, self.path)
            app: Any = self.app
            edit_file(app, place, self.query_one(CodeView).line)

    def action_back(self) -> None:
        """From the file to the lists, from there out."""
        view = self.query_one(CodeView)
        if self.has_class("-narrow") and self.has_class("-show-file"):
            self.remove_class("-show-file")
            self.query_one(CodeTree).focus()
        elif view.has_focus:
            self.query_one(CodeTree).focus()
        elif self.busy:
            say(self, keyed("Code is being fetched; {code.stop} stops it."))
        else:
            self.dismiss(None)
