"""The dialog that keeps an idea."""

from dataclasses import dataclass, replace

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Label, TextArea

from researchdesk.domain.ideas import Idea, score_of
from researchdesk.tui.commands import keyed
from researchdesk.tui.dialogs.base import Dialog
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.long_text import LongText

_FIVE = {str(number): number for number in range(1, 6)}
_MOST_DAYS = 10_000


@dataclass(frozen=True, slots=True)
class IdeaForm:
    """What was filled in; None where a number is not said. ``saved``: it is to be kept."""

    text: str = ""
    impact: int | None = None
    work_days: float | None = None
    fun: int | None = None
    instead: str = ""
    of: str = ""
    saved: bool = False


class IdeaDialog(Dialog[IdeaForm]):
    """Words, impact, work, fun, what else could be done, what it came from.

    ``form`` is what stands on the desk, ``begun`` what was written before and not kept. Left with
    escape it ends with what is written, not ``saved``; a number that is none is left out.
    """

    AUTO_FOCUS = "#text"

    def __init__(
        self, title: str, form: IdeaForm | None = None, begun: IdeaForm | None = None
    ) -> None:
        super().__init__()
        self._title, self._form, self._begun = title, form or IdeaForm(), begun

    def heading(self) -> str:
        return f"{self._title}, begun and not kept" if self._begun else self._title

    def compose_fields(self) -> ComposeResult:
        form = self._begun or self._form
        yield Label("What is the idea?", classes="label")
        yield LongText(form.text, id="text", compact=True, soft_wrap=True, tab_behavior="focus")
        with Horizontal(classes="row"):
            yield Label("Impact 1–5 ", classes="name")
            yield Input(_plain(form.impact), id="impact", placeholder="?", compact=True)
            yield Label("Fun 1–5 ", classes="name")
            yield Input(_plain(form.fun), id="fun", placeholder="?", compact=True)
            yield Label("Days of work ", classes="name")
            yield Input(_plain(form.work_days), id="work", placeholder="?", compact=True)
        yield Static("", id="score", markup=False)
        yield Label("What could be done instead? (may stay empty)", classes="label")
        yield Input(form.instead, id="instead", compact=True)
        yield Label("What it came from, as funny:3 (may stay empty)", classes="label")
        yield Input(form.of, id="of", compact=True)

    def on_mount(self) -> None:
        super().on_mount()
        self._show_score()

    def unsaved(self) -> str:
        changed = self._value("text") != self._form.text.strip()
        if changed:
            return self.not_yet("The idea is not kept yet", "keeps it", "lets it go")
        return ""

    def settle(self) -> None:
        """Nothing to keep: ``unsaved`` said so."""

    @on(Input.Changed, "#impact")
    @on(Input.Changed, "#fun")
    @on(Input.Changed, "#work")
    def _show_score(self) -> None:
        found = self._read()
        words = found if isinstance(found, str) else score_words(found)
        self.query_one("#score", Static).update(Content(words))

    async def on_input_submitted(self) -> None:
        self.focus_next()

    async def action_accept(self) -> None:
        found = self._read()
        if isinstance(found, str):
            self.complain(found)
        elif not found.text:
            self.complain(keyed("Say the idea in a few words; or leave with {dialog.cancel}."))
        else:
            self.end_with(replace(found, saved=True))

    def action_cancel(self) -> None:
        self.dismiss(self._written())

    def _read(self) -> IdeaForm | str:
        """What is filled in, or what is wrong with it."""
        for name in ("impact", "fun"):
            if (typed := self._value(name)) and typed not in _FIVE:
                return f"{name.capitalize()} goes from 1 to 5; empty where you cannot say."
        if self._value("work") and _days(self._value("work")) is None:
            return "Days of work are a number above 0, half a day is 0.5; empty for no idea."
        return self._written()

    def _written(self) -> IdeaForm:
        return IdeaForm(
            self._value("text"),
            _FIVE.get(self._value("impact")),
            _days(self._value("work")),
            _FIVE.get(self._value("fun")),
            self._value("instead"),
            self._value("of"),
        )

    def _value(self, name: str) -> str:
        if name == "text":
            return self.query_one("#text", TextArea).text.strip()
        return self.query_one(f"#{name}", Input).value.strip()


def score_words(form: IdeaForm) -> str:
    """The score that these would give, and what of it is assumed."""
    told = score_of(form.impact, form.work_days, form.fun)
    assumed = f"; assumed the middle of: {', '.join(told.assumed)}" if told.assumed else ""
    return f"Score {told.words} = impact × fun / days{assumed}"


def form_of(idea: Idea) -> IdeaForm:
    """An idea as the dialog shows it."""
    return IdeaForm(idea.text, idea.impact, idea.work_days, idea.fun, idea.instead, idea.of)


def _days(typed: str) -> float | None:
    """Days of work; None where these are none."""
    try:
        work = float(typed.replace(",", "."))
    except ValueError:
        return None
    return work if 0 < work <= _MOST_DAYS else None


def _plain(value: float | None) -> str:
    """As short as it is exact: what is not changed in the dialog is as it was."""
    if value is None:
        return ""
    return f"{value:g}" if float(f"{value:g}") == value else str(value)
