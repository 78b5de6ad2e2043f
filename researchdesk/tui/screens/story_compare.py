"""Any two drafts of a story, or states of them, compared word by word."""

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
from researchdesk.domain.stories import Draft
from researchdesk.domain.story_diff import text_diff
from researchdesk.domain.word_diff import How, Piece
from researchdesk.services import stories
from researchdesk.services.desk import Desk
from researchdesk.tui.commands import Command, bindings, keyed
from researchdesk.tui.dialogs.choice import Choice, ChoiceDialog
from researchdesk.tui.notices import telling
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
        pieces: Sequence[Piece]

    def __init__(self, desk: Desk, slug: str, old: Draft, new: Draft) -> None:
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
        pair = f" {self._old.name} → {self._new.name}"
        self.query_one("#pair", Static).update(Content(pair))
        self._compare(self._old.text, self._new.text)

    @work(thread=True, exclusive=True, group="compare", exit_on_error=False)
    def _compare(self, old: str, new: str) -> None:
        worker = get_current_worker()
        pieces = text_diff(old, new)
        if not worker.is_cancelled:
            self.post_message(self.Compared(pieces))

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

    def action_choose(self, which: str) -> None:
        with telling(self):
            found = stories.drafts(self.desk, self._slug)
            choices = [
                Choice(str(item.number), item.name, local_minute(item.saved_at))
                for item in reversed(found)
            ]
            current = self._old if which == "old" else self._new
            title = "Compare from" if which == "old" else "Compare to"
            dialog = ChoiceDialog(title, choices, str(current.number))
            self.app.push_screen(dialog, partial(self._chosen, which))

    def _chosen(self, which: str, name: str | None) -> None:
        if name is None:
            return
        with telling(self):
            chosen = stories.get_draft(self.desk, self._slug, int(name))
            if which == "old":
                self._old = chosen
            else:
                self._new = chosen
            self._begin()

    def action_back(self) -> None:
        self.dismiss(None)
