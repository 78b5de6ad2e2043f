"""What changed between two versions of a paper, and which notes and claims that touches."""

from dataclasses import dataclass, replace

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.worker import get_current_worker

from researchdesk.domain.changes import SectionChange, VersionChanges
from researchdesk.domain.papers import Paper
from researchdesk.domain.text import one_line
from researchdesk.errors import DeskError
from researchdesk.services import changes, library
from researchdesk.services.desk import Desk
from researchdesk.tui.commands import bindings, keyed
from researchdesk.tui.dialogs.choice import Choice, ChoiceDialog
from researchdesk.tui.dialogs.question import QuestionDialog
from researchdesk.tui.fetching import Fetching
from researchdesk.tui.messages import Fetch, Follow, OpenPaper
from researchdesk.tui.notices import say, telling, words_of
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.screens.changes_verbs import CHANGES_VERBS
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.changes_list import ChangesList
from researchdesk.tui.widgets.changes_words import (
    by_harm,
    head_of,
    link_to,
    number_words,
    pinned_words,
    section_words,
    words_about,
)

_WORKING = "Both versions are taken apart and compared …"
_NO_VERSION = """No PDF of this paper is on the desk, so there is nothing to compare.

Press {changes.get} to fetch a version."""
_ONE_VERSION = """Only version {held} of this paper is on the desk, so there is nothing to compare.

Press {changes.get} to fetch another version."""
_MIXED = "  (HTML and PDF: formulas are written differently)"
_SAME_TEXT = "The text says the same in both versions."


class ChangesScreen(DeskScreen):
    """Sections with their marks at the left, their text at the right; narrow, one or the other."""

    ABOUT = (
        "What changed between two versions: {+added+}, [-removed-], ~ changed, » moved; and which "
        "of your notes and claims quote what changed or is gone."
    )
    VERBS = CHANGES_VERBS
    BINDINGS = bindings(CHANGES_VERBS)
    AUTO_FOCUS = ""
    CSS_PATH = ["base.tcss", "changes.tcss"]

    @dataclass
    class Compared(Message):
        found: VersionChanges
        tables: bool

    @dataclass
    class Failed(Message):
        error: DeskError

    def __init__(self, desk: Desk, ref: str) -> None:
        super().__init__(desk)
        self._ref = ref
        self._paper: Paper | None = None
        self._found: VersionChanges | None = None
        self._whole = False
        self._waiting = False

    def compose_body(self) -> ComposeResult:
        with Horizontal(id="where"):
            yield Static(id="paper", markup=False)
            yield Static(id="pair", markup=False)
        yield Static(Content(_WORKING), id="empty", markup=False)
        with Horizontal(id="panes"):
            yield ChangesList()
            with VerticalScroll(id="reading"):
                yield Static(id="words", markup=False)

    def on_mount(self) -> None:
        self.add_class("-empty")
        self._begin()

    def paper_at_hand(self) -> str:
        return self._paper.name if self._paper else self._ref

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in {"all", "to_change", "jump"}:
            return self._found is not None
        return True

    # What is compared

    def _begin(self, old: int | None = None, new: int | None = None) -> None:
        with telling(self):
            self._paper = library.get_paper(self.desk, self._ref)
            self.query_one("#paper", Static).update(Content(one_line(self._paper.title)))
            held = changes.versions_of(self.desk, self._paper)
            if len(held) < 2:
                one = keyed(_ONE_VERSION, held=held[0]) if held else keyed(_NO_VERSION)
                self._show_nothing(one)
                return
            self._show_nothing(_WORKING)
            self._compare(self._paper, old, new)

    def _show_pair(self) -> None:
        """Which versions are compared."""
        words, found = "", self._found
        if found is not None:
            same = f"  {_SAME_TEXT}" if found.is_same else _MIXED if found.mixed else ""
            words = f"version {found.old} → version {found.new}{same}"
        self.query_one("#pair", Static).update(Content(words))

    def _show_nothing(self, words: str) -> None:
        self._found = None
        self.add_class("-empty")
        self.query_one("#empty", Static).update(Content(words))
        self.query_one("#pair", Static).update("")
        self.refresh_bindings()

    @work(thread=True, exclusive=True, group="compare", exit_on_error=False)
    def _compare(self, paper: Paper, old: int | None, new: int | None) -> None:
        """The text first, then the tables too, which take long the first time."""
        worker = get_current_worker()
        try:
            found = changes.changes(self.desk, paper, old, new)
            if worker.is_cancelled:
                return
            self.post_message(self.Compared(found, tables=False))
            found = changes.changes(self.desk, paper, found.old, found.new, tables=True)
        except DeskError as error:
            if not worker.is_cancelled:
                self.post_message(self.Failed(error))
        else:
            if not worker.is_cancelled:
                self.post_message(self.Compared(found, tables=True))

    @on(Compared)
    def show_found(self, message: Compared) -> None:
        found, shown = message.found, self.query_one(ChangesList)
        self._waiting = not message.tables
        if message.tables and self._found is not None:
            self._found = replace(self._found, numbers=found.numbers)
            shown.show_numbers(self._found)
            self._show_topic()
            return
        self._found = found
        self.remove_class("-empty", "-show-words")
        self._show_pair()
        shown.show(found)
        shown.focus()
        self._show_topic()
        self.refresh_bindings()

    @on(Failed)
    def show_failure(self, message: Failed) -> None:
        self._waiting = False
        if self._found is None:
            self._show_nothing(words_of(message.error))
        else:
            say(self, words_of(message.error), "The tables were not compared")
            self._show_topic()

    # What is shown

    @on(ChangesList.Looked)
    def _show_topic(self) -> None:
        found, topic = self._found, self.query_one(ChangesList).topic
        if found is None or topic is None:
            return
        if isinstance(topic, SectionChange):
            words = section_words(topic, self._whole)
        elif topic == "numbers":
            words = number_words(found.numbers, self._waiting)
        else:
            words = pinned_words(found)
        self.query_one("#words", Static).update(words)
        self.query_one("#reading").scroll_home(animate=False)

    @on(ChangesList.Entered)
    def enter(self) -> None:
        self.add_class("-show-words")
        self.query_one("#reading").focus()

    def action_all(self) -> None:
        self._whole = not self._whole
        self._show_topic()

    def action_to_change(self, by: int) -> None:
        if not self.query_one(ChangesList).step(by):
            say(self, "No further section changed.")

    # To what is touched

    def action_jump(self) -> None:
        """To a note or claim that is touched; where there are several, to the one chosen."""
        items = by_harm(self._found) if self._found else []
        if not items:
            say(self, "No note and no claim quotes words of another version.")
        elif len(items) == 1:
            self.post_message(Follow(link_to(items[0])))
        else:
            choices = [Choice(link_to(item), head_of(item), words_about(item)) for item in items]
            self.app.push_screen(ChoiceDialog("Go to", choices), self._follow)

    @on(events.Click, "#words")
    def _clicked(self, event: events.Click) -> None:
        target = event.style.meta.get("follow")
        self._follow(target if isinstance(target, str) else None)

    def _follow(self, target: str | None) -> None:
        if target is not None:
            self.post_message(Follow(target))

    # What is asked for

    def action_versions(self) -> None:
        if self._paper is None:
            return
        held = changes.versions_of(self.desk, self._paper)
        pairs = [(old, new) for new in reversed(held) for old in reversed(held) if old < new]
        if not pairs:
            say(self, keyed("There is one version only; {changes.get} fetches another."))
            return
        choices = [
            Choice(f"{old} {new}", f"Version {old} → version {new}", "") for old, new in pairs
        ]
        current = f"{self._found.old} {self._found.new}" if self._found else ""
        self.app.push_screen(ChoiceDialog("Compare", choices, current), self._choose)

    def _choose(self, name: str | None) -> None:
        if name is not None:
            old, new = map(int, name.split())
            self._begin(old, new)

    def action_get(self) -> None:
        if self._paper is None or self._paper.arxiv is None:
            say(self, "This paper is not from arXiv; add its other file in the library with a.")
            return
        dialog = QuestionDialog("Fetch another version", "Which version? A number:", accept="Fetch")
        self.app.push_screen(dialog, self._get)

    def _get(self, answer: str | None) -> None:
        number = (answer or "").strip().lower().removeprefix("v")
        if self._paper is None or not answer:
            return
        if number.isascii() and number.isdigit() and int(number) > 0:
            self.post_message(Fetch((f"{self._paper.name}v{int(number)}",)))
        else:
            say(self, f"{answer!r} is no version; versions count 1, 2, 3.")

    def show_fetching(self, fetching: Fetching) -> bool:
        """Another version that came is compared at once."""
        if self._paper is None or not fetching.text.startswith(self._paper.name):
            return False
        if fetching.added is not None and fetching.added.paper.id == self._paper.id:
            self._begin()
        elif fetching.error is None:
            self.query_one("#pair", Static).update(Content(fetching.words))
        else:
            self._show_pair()
        return False

    def action_read(self) -> None:
        if self._paper is not None:
            self.post_message(OpenPaper(self._paper.name))

    def action_back(self) -> None:
        """From the text to the list, from there out."""
        if self.query_one("#reading").has_focus:
            self.remove_class("-show-words")
            self.query_one(ChangesList).focus()
        else:
            self.dismiss(None)
