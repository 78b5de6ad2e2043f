"""The dialog that files evidence about a surprise."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label, OptionList

from researchdesk.domain.surprises import Case, Doubt, Side, lacks
from researchdesk.domain.text import one_line
from researchdesk.services.doubts import Known
from researchdesk.tui.dialogs.base import Dialog
from researchdesk.tui.widgets.brief import Option
from researchdesk.tui.widgets.option import OptionButton, OptionSet

_LOOKING = "Looking for what the desk knows already…"
_NONE = "The desk knows nothing more about it: it looks at the run or the paper it was met on."
_KNOWN = "Or what the desk knows already: enter files the marked one"
_SIGNS = {Side.FOR: "+", Side.AGAINST: "−"}


@dataclass(frozen=True, slots=True)
class EvidenceForm:
    """``text`` begins with a link, or is words only; ``known`` is there where that was taken."""

    about: str
    side: Side
    text: str = ""
    known: Known | None = None


class EvidenceDialog(Dialog[EvidenceForm]):
    """What it bears on, which way it speaks, and a link or words; or one of what is known.

    ``known`` gives what the desk knows; it is asked in a thread.
    """

    ACCEPT_LABEL = "File"
    DEFAULT_CSS = """
    EvidenceDialog {
        RadioSet { width: 1fr; background: $background; border: none; padding: 0; }
        RadioButton { background: $background; }
        #side { layout: horizontal; height: 1; }
        #side RadioButton { width: auto; margin-right: 2; }
        #known { display: none; height: auto; max-height: 7; background: $panel; }
        #known.-shown { display: block; }
        #known > .option-list--option { text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    @dataclass
    class Found(Message):
        known: list[Known]

    def __init__(self, case: Case, known: Callable[[], Sequence[Known]]) -> None:
        super().__init__()
        self._case, self._ask = case, known
        self._known: list[Known] = []
        self._abouts = [*(doubt.value for doubt in Doubt), *(i.letter for i in case.explanations)]

    def heading(self) -> str:
        return f"Evidence: {one_line(self._case.surprise.text)}"

    def compose_fields(self) -> ComposeResult:
        lacking = [lack.doubt.value for lack in lacks(self._case)]
        usual = self._abouts[len(Doubt)] if self._case.explanations else self._abouts[0]
        first = next(iter(lacking), usual)
        yield Label("What does it bear on?", classes="label")
        with OptionSet(id="about", compact=True):
            for name in self._abouts:
                yield OptionButton(self._spoken(name), chosen=name == first)
        with Horizontal(classes="row"):
            yield Label("It speaks ", classes="label")
            with OptionSet(id="side", compact=True):
                yield OptionButton("for", chosen=True)
                yield OptionButton("against", chosen=False)
        yield Label(
            "A link (a paper's id, run:…, claim:…, note:…), words, or both", classes="label"
        )
        yield Input(
            id="text", placeholder="run:20261121-101500-x the same over 5 seeds", compact=True
        )
        yield Label(_LOOKING, id="state", classes="label", markup=False)
        yield OptionList(id="known", markup=False)

    def on_mount(self) -> None:
        self.query_one("#about").focus()
        self._look()

    def unsaved(self) -> str:
        if self._text():
            return self.not_yet("The evidence is not filed yet", "files it", "lets it go")
        return ""

    def settle(self) -> None:
        """Nothing to keep: ``unsaved`` said so."""

    @work(thread=True, exit_on_error=False)
    def _look(self) -> None:
        self.post_message(self.Found(list(self._ask())))

    @on(Found)
    def offer(self, message: Found) -> None:
        """Show what is known and was not filed yet."""
        filed = {(i.about, i.side, i.ref, i.words) for i in self._case.evidence if i.counts}
        self._known = [
            item
            for item in message.known
            if (item.about.value, item.side, item.ref, item.words) not in filed
        ]
        self.query_one("#state", Label).update(Content(_KNOWN if self._known else _NONE))
        options = self.query_one("#known", OptionList)
        options.add_options(Option(_prompt(item)) for item in self._known)
        options.set_class(bool(self._known), "-shown")

    @on(OptionList.OptionSelected, "#known")
    def take(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        item = self._known[event.option_index]
        self.end_with(EvidenceForm(item.about.value, item.side, known=item))

    @on(OptionSet.Settled)
    def go_on(self, event: OptionSet.Settled) -> None:
        self.focus_next()

    async def on_input_submitted(self) -> None:
        await self.action_accept()

    async def action_accept(self) -> None:
        if not self._text():
            self.complain("A link or a few words; or tab to what is known and press enter.")
            return
        about = self._abouts[max(0, self.query_one("#about", OptionSet).pressed_index)]
        index = self.query_one("#side", OptionSet).pressed_index
        self.end_with(EvidenceForm(about, list(Side)[max(0, index)], self._text()))

    def _text(self) -> str:
        return self.query_one("#text", Input).value.strip()

    def _spoken(self, name: str) -> str:
        explanation = self._case.explanation(name)
        return f"{name}: {one_line(explanation.text)}" if explanation else Doubt(name).question


def _prompt(item: Known) -> Content:
    return Content.assemble((f"{_SIGNS[item.side]} {item.about.value}  ", "bold"), item.words)
