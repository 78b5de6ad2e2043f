"""A figure or a page over the whole terminal, to be enlarged and moved about."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import ScrollableContainer
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.worker import Worker, get_current_worker

from researchdesk.domain.documents import Box
from researchdesk.domain.papers import Paper
from researchdesk.domain.text import one_line
from researchdesk.errors import DeskError
from researchdesk.services import documents
from researchdesk.services.desk import Desk
from researchdesk.services.viewer import open_outside
from researchdesk.tui.commands import Command, bindings, keyed
from researchdesk.tui.notices import tell_fault, telling, words_of
from researchdesk.tui.surprise_form import SurpriseForm
from researchdesk.tui.verbs import NOTICE
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.picture import Picture

_DPI = (130, 180, 240, 300)
_SCALES = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Subject:
    """A box on a page, or the page."""

    name: str
    page: int
    box: Box | None


class LargePicture(ModalScreen[None]):
    """Left with escape."""

    ABOUT = "A picture as large as it goes."
    VERBS: ClassVar[tuple[Command, ...]] = (
        Command("large.closer", "plus,equals_sign", "scale(1)", "Closer", "Larger.", True,
                key_label="+"),
        Command("large.farther", "minus", "scale(-1)", "Farther", "Smaller.", True, key_label="-"),
        Command("large.up", "up,k", "pan(0, -1)", "Up", "Move up.", moves=True),
        Command("large.down", "down,j", "pan(0, 1)", "Down", "Move down.", moves=True),
        Command("large.left", "left,h", "pan(-1, 0)", "Left", "Move left.", moves=True),
        Command("large.right", "right,l", "pan(1, 0)", "Right", "Move right.", moves=True),
        Command("large.outside", "O", "outside", "Viewer",
                "Open it in the viewer of this machine.", True, key_label="O"),
        Command("large.close", "escape,z,q,enter", "close", "Close", "Back.", True,
                key_label="esc"),
        NOTICE,
    )  # fmt: skip
    BINDINGS = bindings(VERBS)
    DEFAULT_CSS = """
    LargePicture {
        background: $background;
        #large-title { height: 1; padding: 0 1; background: $surface; color: $foreground; }
        #large-room { height: 1fr; width: 1fr; overflow: auto; }
        Picture { width: 100%; height: 100%; }
    }
    """

    @dataclass
    class Drawn(Message):
        path: Path | None
        problem: str = ""

    def __init__(self, desk: Desk, paper: Paper, subject: Subject) -> None:
        super().__init__()
        self._desk, self._paper, self._subject = desk, paper, subject
        self._scale = 0
        self._path: Path | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="large-title", markup=False)
        with ScrollableContainer(id="large-room", can_focus=False):
            yield Picture()

    def on_mount(self) -> None:
        self.query_one(Picture).say("Drawing …")
        self._title()
        self._draw(_DPI[0])

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        tell_fault(self, event)

    def surprise_at_hand(self) -> SurpriseForm:
        return SurpriseForm(
            expected=f"as {one_line(self._subject.name)} shows", on=self._paper.name
        )

    def action_scale(self, by: int) -> None:
        scale = max(0, min(self._scale + by, len(_SCALES) - 1))
        if scale != self._scale:
            self._scale = scale
            picture, percent = self.query_one(Picture), f"{100 * _SCALES[scale]}%"
            picture.styles.width = picture.styles.height = percent
            self._title()
            self._draw(_DPI[scale])
            self.call_after_refresh(self._to_middle)

    def _to_middle(self) -> None:
        room = self.query_one("#large-room")
        room.scroll_to(room.max_scroll_x // 2, room.scroll_offset.y, animate=False)

    def action_pan(self, x: int, y: int) -> None:
        room = self.query_one("#large-room")
        room.scroll_relative(x * room.size.width // 4, y * room.size.height // 4, animate=False)

    def action_close(self) -> None:
        self.dismiss(None)

    def action_outside(self) -> None:
        if self._path is not None:
            self._open(self._path)

    @work(thread=True, group="outside", exit_on_error=False)
    def _open(self, path: Path) -> None:
        with telling(self):
            open_outside(path)

    @work(thread=True, exclusive=True, group="large", exit_on_error=False)
    def _draw(self, dpi: int) -> None:
        subject = self._subject
        try:
            path = documents.picture(self._desk, self._paper, subject.page, subject.box, dpi)
        except DeskError as error:
            message = self.Drawn(None, words_of(error))
        else:
            message = self.Drawn(path)
        if not get_current_worker().is_cancelled:
            self.post_message(message)

    @on(Drawn)
    def _drawn(self, message: Drawn) -> None:
        picture = self.query_one(Picture)
        self._path = message.path
        if message.path is None:
            picture.say(message.problem)
        else:
            picture.show(message.path, keyed("Press {large.outside} to open it in a viewer."))

    def _title(self) -> None:
        words = (
            f"{self._subject.name} · × {_SCALES[self._scale]}"
            + keyed(" · {large.closer} {large.farther} larger, smaller")
            + keyed(" · arrows move · {large.outside} viewer · {large.close} back")
        )
        self.query_one("#large-title", Static).update(Content(words))
