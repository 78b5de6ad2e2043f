"""Which papers go with their notes into which vault, and how far that is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Checkbox, Input, Label, RadioSet
from textual.worker import Worker, WorkerState, get_current_worker

from researchdesk.errors import DeskError
from researchdesk.export.regions import Settle
from researchdesk.files import path_of
from researchdesk.services.desk import Desk
from researchdesk.services.exporting import Export, VaultOptions, export_notes
from researchdesk.services.vault_folder import in_the_way, open_vault
from researchdesk.tui.commands import Command, bindings
from researchdesk.tui.dialogs.base import Dialog
from researchdesk.tui.notices import say, words_of
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.option import OptionButton, OptionSet

_KINDS = {
    "plain": "plain folder of markdown files",
    "obsidian": "Obsidian vault",
    "logseq": "Logseq graph",
}
_WAYS = (
    (Settle.ASK, "stays; newer text goes beside it, into NAME.new.md"),
    (Settle.MINE, "stays, and newer text that lies beside it goes"),
    (Settle.NEW, "gives way to the desk's text"),
)
_EVERY = 25
_WRITE = Command(
    "notes-export.write", "ctrl+s", "accept", "Export", "Write the pages.", key_label="^s"
)
_LEAVE = Command(
    "notes-export.leave",
    "escape",
    "cancel",
    "Cancel",
    "Leave; an export under way stops, and what it wrote is whole.",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Papers that may be meant, in words; ``refs`` finds them, in a thread, None for all."""

    words: str
    refs: Callable[[], Sequence[str] | None]


@dataclass(slots=True)
class Last:
    """What was chosen last."""

    folder: str
    figures: bool = False


class _StoppedError(Exception):
    """A person wants no more of it."""


class NotesExportDialog(Dialog[Export]):
    """Writes one of ``choices`` and ends with what came of it; where that fails, it says why.

    What was chosen is kept in ``last``.
    """

    HEADING = "Export notes"
    AUTO_FOCUS = "#folder"
    CSS_PATH = ["dialogs.tcss", "notes_export.tcss"]
    ACCEPT_LABEL = "Export"
    VERBS = (_WRITE, _LEAVE)
    BINDINGS = bindings(VERBS)

    @dataclass
    class Told(Message):
        """How far it is."""

        words: str

    @dataclass
    class Done(Message):
        export: Export

    @dataclass
    class Failed(Message):
        """``error`` is None where a person stopped it."""

        error: DeskError | None

    def __init__(self, desk: Desk, choices: Sequence[Wanted], last: Last) -> None:
        super().__init__()
        self._desk, self._choices, self._last = desk, choices, last
        self._under_way: Worker[None] | None = None

    def compose_fields(self) -> ComposeResult:
        yield Label("Papers", classes="label")
        with OptionSet(id="papers", compact=True):
            for at, one in enumerate(self._choices):
                yield OptionButton(one.words, chosen=at == 0)
        yield Label("Folder: a vault, or a folder in one", classes="label")
        yield Input(self._last.folder, id="folder", compact=True)
        yield Static("", id="kind", markup=False)
        yield Checkbox(
            "Figures too; they are the authors', so for you alone",
            value=self._last.figures,
            id="figures",
            compact=True,
        )
        yield Label("What you changed in the desk's own parts of a page", classes="label")
        with OptionSet(id="settle", compact=True):
            for at, (_, words) in enumerate(_WAYS):
                yield OptionButton(words, chosen=at == 0)
        yield Static("", id="state", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.tell_kind()

    @on(Input.Changed, "#folder")
    def tell_kind(self) -> None:
        """Which kind of vault it is, below the folder."""
        try:
            folder = self._folder()
            words = _kind_words(folder, self._desk.settings.vault) if folder else ""
        except DeskError as error:
            words = error.message
        self.query_one("#kind", Static).update(words)

    async def on_input_submitted(self) -> None:
        await self.action_accept()

    async def action_accept(self) -> None:
        if self._under_way is not None:
            return
        try:
            folder = self._folder()
        except DeskError as error:
            self.complain(words_of(error))
            return
        if folder is None:
            self.complain("Say which folder.")
            return
        self.complain("")
        figures = self.query_one("#figures", Checkbox).value
        settle = _WAYS[max(self.query_one("#settle", RadioSet).pressed_index, 0)][0]
        wanted = self._choices[max(self.query_one("#papers", RadioSet).pressed_index, 0)]
        self._last.folder, self._last.figures = self.query_one("#folder", Input).value, figures
        self._show_under_way(True)
        self._under_way = self._export(wanted, folder, VaultOptions("", figures, settle))

    def action_cancel(self) -> None:
        """Leave; while pages are written, after the one that is under way."""
        if self._under_way is None:
            self.dismiss(None)
        else:
            self._under_way.cancel()
            self._say_state("Stopping …")

    @work(thread=True, exclusive=True, group="notes", exit_on_error=False)
    def _export(self, wanted: Wanted, folder: Path, options: VaultOptions) -> None:
        worker = get_current_worker()

        def told(what: str, done: int, total: int) -> None:
            if worker.is_cancelled:
                raise _StoppedError
            if options.figures or done % _EVERY == 0:
                self.post_message(self.Told(f"{what}: {done:,} of {total:,}"))

        try:
            done = export_notes(self._desk, wanted.refs(), folder, options, told)
        except DeskError as error:
            self.post_message(self.Failed(error))
        except _StoppedError:
            self.post_message(self.Failed(None))
        else:
            self.post_message(self.Done(done))

    @on(Told)
    def tell_progress(self, message: Told) -> None:
        if self._under_way is not None and not self._under_way.is_cancelled:
            self._say_state(f"{message.words[:1].upper()}{message.words[1:]}")

    @on(Done)
    def end(self, message: Done) -> None:
        self.dismiss(message.export)

    @on(Failed)
    def show_failure(self, message: Failed) -> None:
        if message.error is None:
            say(self, "What was written is whole; an export again goes on.", "Stopped")
            self.dismiss(None)
        else:
            self._show_under_way(False)
            self.complain(words_of(message.error))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        super().on_worker_state_changed(event)
        if event.state is WorkerState.ERROR:
            self._show_under_way(False)

    def _show_under_way(self, yes: bool) -> None:
        """Nothing is changed while it is written."""
        for field in self.query("Input, RadioSet, Checkbox, #accept"):
            field.disabled = yes
        if not yes:
            self._under_way = None
        self.query_one("#cancel" if yes else "#folder").focus()
        self._say_state("Beginning …" if yes else "")

    def _say_state(self, words: str) -> None:
        self.query_one("#state", Static).update(words)

    def _folder(self) -> Path | None:
        words = self.query_one("#folder", Input).value.strip()
        return path_of(words).absolute() if words else None


def _kind_words(folder: Path, setting: str) -> str:
    """What the folder is, as far as can be told without writing there."""
    try:
        if (other := in_the_way(folder)) is not None:
            return f"{other} is a file, no folder."
        vault = open_vault(folder, setting)
        name = _KINDS[vault.dialect.name]
        words = f"{'An' if name[0] in 'AEIOU' else 'A'} {name}"
        if vault.root != vault.folder:
            words = f"In {words[0].lower()}{words[1:]}, {vault.root}"
        if setting:
            words += ", as the setting says"
        return f"{words}." if folder.is_dir() else f"{words}; the folder is made."
    except (OSError, ValueError):
        return "Nobody can look into this folder."
