"""What a story still lacks, each with the experiment that would mend it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, OptionList

from researchdesk.domain.missing import Missing
from researchdesk.errors import DeskError
from researchdesk.tui.commands import Command, bindings, keyed
from researchdesk.tui.dialogs.base import CANCEL, Dialog, button
from researchdesk.tui.notices import words_of
from researchdesk.tui.widgets.brief import Option, Static

_INVESTIGATE = Command(
    "missing.investigate", "v", "investigate", "Investigate",
    "Make the marked one a step of an investigation.", True,
)  # fmt: skip
_LONGEST = 120
_RUN, _WRITE = "▷", "✎"
_READING = "Reading the story …"
_NONE = """Nothing is missing that the rules know of.

They look for statements without evidence, ablations without a baseline, claims on one seed or one
data set, comparisons without the method of the paper they cite, and papers that were withdrawn or
replaced since."""


@dataclass(frozen=True, slots=True)
class MissingAsked:
    """``what`` is to be done about it: go (to its line), investigate."""

    what: str
    missing: Missing


class MissingDialog(Dialog[MissingAsked]):
    """``find`` reads the story, in a thread. Ends with what is to be done about one finding."""

    AUTO_FOCUS = "#missing"
    CSS_PATH = ["dialogs.tcss", "story.tcss"]
    VERBS: ClassVar[tuple[Command, ...]] = (_INVESTIGATE, CANCEL)
    BINDINGS = bindings(VERBS)

    @dataclass
    class Found(Message):
        missing: Sequence[Missing]
        problem: str = ""

    def __init__(self, find: Callable[[], Sequence[Missing]], line: int) -> None:
        super().__init__()
        self._find, self._line = find, line
        self._found: list[Missing] = []

    def heading(self) -> str:
        return "What is missing"

    def compose_fields(self) -> ComposeResult:
        yield Static(Content(_READING), id="state", markup=False)
        yield OptionList(id="missing", markup=False)

    def compose_buttons(self) -> ComposeResult:
        yield button("accept", "Go to the line  enter", "Put the cursor there.", "primary")
        yield button("investigate", keyed("Investigate  {missing.investigate}"), _INVESTIGATE.help)
        yield button("cancel", self.leaving("Close"), CANCEL.help)

    def on_mount(self) -> None:
        self.query_one("#missing").display = False
        self._read()

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _read(self) -> None:
        try:
            found = self._find()
        except DeskError as error:
            self.post_message(self.Found((), words_of(error)))
        else:
            self.post_message(self.Found(found))

    @on(Found)
    def show_found(self, message: Found) -> None:
        self._found = list(message.missing)
        shown = self.query_one("#missing", OptionList)
        options: list[Option | None] = []
        for item in self._found:
            options += [None, Option(_prompt(item))] if options else [Option(_prompt(item))]
        shown.add_options(options)
        shown.display = bool(options)
        self.query_one("#state", Static).update(Content(message.problem or _about(self._found)))
        if self._found:
            ahead = [at for at, item in enumerate(self._found) if item.line >= self._line]
            shown.highlighted = ahead[0] if ahead else 0
            shown.focus()
        # its lines are wrapped anew once it has its place, and only then need a scrollbar or none
        self.call_after_refresh(shown.refresh, layout=True)
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action not in {"accept", "investigate"} or bool(self._found)

    @on(OptionList.OptionSelected)
    async def choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        await self.action_accept()

    async def action_accept(self) -> None:
        self._end("go")

    def action_investigate(self) -> None:
        self._end("investigate")

    @on(Button.Pressed, "#investigate")
    def _pressed(self) -> None:
        self._end("investigate")

    def _end(self, what: str) -> None:
        at = self.query_one("#missing", OptionList).highlighted
        if at is None or not self._found:
            return
        found = self._found[at]
        if what == "investigate" and not (found.to_run or found.investigation):
            self.complain("This one is mended by writing, not by a run: enter goes to its line.")
        else:
            self.dismiss(MissingAsked(what, found))


def _about(found: Sequence[Missing]) -> str:
    if not found:
        return _NONE
    one = len(found) == 1
    run = sum(item.to_run for item in found)
    what = f"{len(found)} thing{'' if one else 's'}"
    return f"{what}: {run} to run ({_RUN}), {len(found) - run} to write ({_WRITE})."


def _short(sentence: str) -> str:
    if len(sentence) <= _LONGEST:
        return sentence
    return f"{sentence[:_LONGEST].rpartition(' ')[0]} …"


def _prompt(item: Missing) -> Content:
    taken = f"\n  in investigation {item.investigation}" if item.investigation else ""
    return Content.assemble(
        (f"Line {item.line + 1}: {item.message}", "bold"),
        f"\n“{_short(item.sentence)}”" if item.sentence else "",
        f"\n{_RUN if item.to_run else _WRITE} {item.experiment}",
        taken,
    )
