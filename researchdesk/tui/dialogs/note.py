"""The dialog for a note."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Label, RadioSet, TextArea

from researchdesk.domain.reading import NoteKind
from researchdesk.errors import DeskError
from researchdesk.tui.commands import Command, bindings, keyed
from researchdesk.tui.dialogs.base import ACCEPT, CANCEL, Dialog, button
from researchdesk.tui.notices import hurried, words_of
from researchdesk.tui.widgets.link_offers import TAKING, LinkingText, LinkOffers, Target
from researchdesk.tui.widgets.long_text import LongText
from researchdesk.tui.widgets.option import OptionButton, OptionSet

_DRAFT_S = 1.0
_PAGE_DIGITS = 9
FROM_PAPER = "Quote from the paper"
FROM_CODE = "The line of code"
_SHOWN = 4
_WORDS = "Your words, in markdown; [[ links to a paper or a claim"
RESET = Command(
    "note.reset", "ctrl+r", "reset", "As it was", "Back to how the note stands.", key_label="^r"
)


@dataclass(frozen=True, slots=True)
class NoteForm:
    """A note as it is being written. ``saved``: the person said to keep it."""

    text: str = ""
    quote: str = ""
    page: int | None = None
    kind: NoteKind = NoteKind.NOTE
    saved: bool = False


class NoteDialog(Dialog[NoteForm]):
    """Kind, page, quote and text. Left with escape it ends with the form, not ``saved``.

    ``keep`` is handed the form while it is written, and says why it could not be; ``save`` puts it
    on the desk, and where it raises DeskError the dialog stays open with all words; ``before`` is
    the note as it stands, where one is changed; ``targets`` gives what can be linked to, and is
    asked when ``[[`` is typed; ``quoted`` says what the quote is of.
    """

    AUTO_FOCUS = "#text"
    VERBS: ClassVar[tuple[Command, ...]] = (ACCEPT, CANCEL, RESET)
    BINDINGS = bindings(VERBS)

    def __init__(
        self,
        title: str,
        form: NoteForm,
        keep: Callable[[NoteForm], str],
        save: Callable[[NoteForm], None],
        targets: Callable[[], Sequence[Target]],
        before: NoteForm | None = None,
        quoted: str = FROM_PAPER,
    ) -> None:
        super().__init__()
        self._title, self._form, self._before = title, form, before
        self._quoted = quoted
        self._keep, self._save, self._targets = keep, save, targets
        self._refused = False
        self._timer: Timer | None = None

    def heading(self) -> str:
        unkept = self._before is not None and self._before != self._form
        return f"{self._title}, with a change not kept" if unkept else self._title

    def compose_fields(self) -> ComposeResult:
        with Horizontal(classes="row"):
            yield Label("Kind ", classes="label")
            with OptionSet(id="kind", compact=True):
                for kind in NoteKind:
                    yield OptionButton(kind.value, chosen=kind is self._form.kind)
        with Horizontal(classes="row"):
            yield Label("Page ", classes="label")
            page = "" if self._form.page is None else str(self._form.page)
            yield Input(
                page,
                id="page",
                type="integer",
                max_length=_PAGE_DIGITS,
                placeholder="none",
                compact=True,
            )
        yield Label(self._quoted, classes="label")
        yield LongText(self._form.quote, id="quote", compact=True, soft_wrap=True)
        yield Label(Content(_WORDS), id="words", classes="label")
        text = LinkingText(self._form.text, id="text", compact=True, soft_wrap=True)
        yield text
        yield LinkOffers(text, self._targets, _SHOWN)

    def compose_buttons(self) -> ComposeResult:
        yield from super().compose_buttons()
        if self._before is not None and self._before != self._form:
            yield button("reset", keyed("As it was  {^note.reset}"), RESET.help)

    def on_mount(self) -> None:
        area = self.query_one("#text", TextArea)
        area.move_cursor(area.document.end)
        area.focus()

    def unsaved(self) -> str:
        if self._refused or self._read() != self._form:
            return self.not_yet("The note is not kept yet", "keeps it", "leaves it")
        return ""

    def settle(self) -> None:
        """Nothing to keep: ``unsaved`` said so."""

    async def action_accept(self) -> None:
        form = self._read()
        marked = form.kind is NoteKind.QUESTION and form.quote.strip()
        if not form.text.strip() and not marked:
            self.complain("The note wants a few words of your own.")
        elif form.page is not None and form.page < 1:
            self.complain("Pages count from 1.")
        else:
            self._save_it(form)

    def _save_it(self, form: NoteForm) -> None:
        try:
            with hurried(self):
                self._save(form)
        except DeskError as error:
            self._refused = True
            self._keep(form)
            self.complain(words_of(error))
        else:
            self._leave(replace(form, saved=True))

    def action_cancel(self) -> None:
        self._leave(self._read())

    def action_reset(self) -> None:
        """The note as it stands; what was changed and not kept is let go."""
        if self._before is not None:
            self.query_one("#text", TextArea).text = self._before.text
            self.query_one("#quote", TextArea).text = self._before.quote
            page = self._before.page
            self.query_one("#page", Input).value = "" if page is None else str(page)
            kinds = list(self.query_one("#kind").query(OptionButton))
            kinds[list(NoteKind).index(self._before.kind)].value = True

    def _leave(self, form: NoteForm) -> None:
        if self._timer is not None:
            self._timer.stop()
        self.dismiss(form)

    def _read(self) -> NoteForm:
        page = self.query_one("#page", Input).value.strip()
        index = self.query_one("#kind", RadioSet).pressed_index
        return NoteForm(
            text=self.query_one("#text", TextArea).text,
            quote=self.query_one("#quote", TextArea).text,
            page=int(page) if page.lstrip("+-").isdigit() else None,
            kind=list(NoteKind)[max(index, 0)],
        )

    @on(TextArea.Changed)
    def _keep_soon(self) -> None:
        """A crash loses no more than the last second of typing, also of typing without a pause."""
        if self._timer is None:
            self._timer = self.set_timer(_DRAFT_S, self._keep_now)

    def _keep_now(self) -> None:
        self._timer = None
        form = self._read()
        if form != self._form:
            self.complain(self._keep(form))

    # Links

    @on(TextArea.Changed, "#text")
    @on(TextArea.SelectionChanged, "#text")
    def _offer(self) -> None:
        """Offer what begins as it is typed after ``[[``."""
        self.query_one(LinkOffers).offer()

    @on(LinkOffers.Changed)
    def _show_offers(self, event: LinkOffers.Changed) -> None:
        self.set_class(event.offered, "-offering")
        self.query_one("#words", Label).update(Content(keyed(TAKING) if event.offered else _WORDS))
        self.refresh_bindings()
