"""Any two drafts of a story compared, word by word."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.worker import get_current_worker

from researchdesk.domain.clock import local_minute
from researchdesk.domain.word_diff import How, Piece
from researchdesk.errors import DeskError
from researchdesk.services import stories
from researchdesk.services.desk import Desk
from researchdesk.tui.commands import Command, bindings, keyed
from researchdesk.tui.dialogs.choice import Choice, ChoiceDialog
from researchdesk.tui.notices import telling, words_of
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.story_diff import StoryDiff

_VERBS = (
    Command("story-compare.old", "o", "choose('old')", "Older", "Choose the draft to begin from.",
            True),
    Command("story-compare.new", "w", "choose('new')", "Newer", "Choose the draft it became.",
            True),
    Command("story-compare.back", "escape", "back", "Back", "Back to the story.", True),
)  # fmt: skip
_READING = "Both drafts are compared …"
_SAME = "The two drafts say the same."


class StoryCompareScreen(DeskScreen):
    """One text with both drafts in it."""

    ABOUT = (
        "Two drafts in one text: {+put in+}, [-taken out-]. {diff.next} and {diff.before} go "
        "from change to change."
    )
    VERBS = _VERBS
    BINDINGS = bindings(_VERBS)
    CSS_PATH = ["base.tcss", "story_compare.tcss"]

    @dataclass
    class Compared(Message):
        old: int
        new: int
        pieces: Sequence[Piece]

    @dataclass
    class Failed(Message):
        error: DeskError

    def __init__(self, desk: Desk, slug: str, old: int, new: int) -> None:
        super().__init__(desk)
        self._slug, self._old, self._new = slug, old, new
        self._words: Counter[How] = Counter()

    def compose_body(self) -> ComposeResult:
        yield Static(id="pair", classes="heading", markup=False)
        yield Static(id="said", markup=False)
        yield StoryDiff()

    def on_mount(self) -> None:
        self.query_one(StoryDiff).focus()
        self._begin()

    def _begin(self) -> None:
        self.query_one("#said", Static).update(Content(_READING))
        with telling(self):
            titles = [
                stories.get_draft(self.desk, self._slug, number).name
                for number in (self._old, self._new)
            ]
            self.query_one("#pair", Static).update(Content(f" {' → '.join(titles)}"))
            self._compare(self._old, self._new)

    @work(thread=True, exclusive=True, group="compare", exit_on_error=False)
    def _compare(self, old: int, new: int) -> None:
        worker = get_current_worker()
        try:
            pieces = stories.diff_of(self.desk, self._slug, old, new)
        except DeskError as error:
            self.post_message(self.Failed(error))
        else:
            if not worker.is_cancelled:
                self.post_message(self.Compared(old, new, pieces))

    @on(Compared)
    def show_compared(self, message: Compared) -> None:
        self._words = Counter()
        for piece in message.pieces:
            self._words[piece.how] += len(piece.text.split())
        self.query_one(StoryDiff).show(message.pieces)

    @on(StoryDiff.Moved)
    def show_place(self, message: StoryDiff.Moved) -> None:
        changes = self.query_one(StoryDiff).changes
        line = Content(f" {_SAME}")
        if changes:
            line = Content.assemble(
                (f" {{+{self._words[How.ADDED]} words+}}", "$text-success"),
                (f"  [-{self._words[How.REMOVED]} words-]", "$text-error"),
                f"  {self._words[How.SAME]} stayed",
                f"  ·  change {message.at + 1} of {changes}"
                + keyed(": {diff.next} next, {diff.before} previous"),
            )
        self.query_one("#said", Static).update(line)

    @on(Failed)
    def show_failure(self, message: Failed) -> None:
        self.query_one("#said", Static).update(Content(words_of(message.error)))

    def action_choose(self, which: str) -> None:
        with telling(self):
            found = stories.drafts(self.desk, self._slug)
            choices = [
                Choice(str(item.number), item.name, local_minute(item.saved_at))
                for item in reversed(found)
            ]
            current = self._old if which == "old" else self._new
            title = "Compare from" if which == "old" else "Compare to"
            dialog = ChoiceDialog(title, choices, str(current))
            self.app.push_screen(dialog, partial(self._chosen, which))

    def _chosen(self, which: str, name: str | None) -> None:
        if name is None:
            return
        if which == "old":
            self._old = int(name)
        else:
            self._new = int(name)
        self._begin()

    def action_back(self) -> None:
        self.dismiss(None)
