"""A picture, in the manner of this terminal."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image
from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.worker import get_current_worker

from researchdesk.tui.halfblocks import fitted, strips
from researchdesk.tui.pictures import Manner, image_widget, manner, why_none
from researchdesk.tui.widgets.brief import Static

_KEPT = 4
_SMALL = 20_000


def _strips(path: Path, room: Size) -> list[Strip]:
    """The strips of a picture; those of small ones are kept for a while."""
    make = _kept_strips if room.area <= _SMALL else strips
    return make(path, room.width, room.height)


@lru_cache(maxsize=_KEPT)
def _kept_strips(path: Path, columns: int, rows: int) -> list[Strip]:
    return strips(path, columns, rows)


class HalfBlocks(Widget):
    """Strips in the middle of the room there is."""

    DEFAULT_CSS = "HalfBlocks { width: 1fr; height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._strips: list[Strip] = []

    def draw(self, made: list[Strip]) -> None:
        self._strips = made
        self.refresh()

    def render_line(self, y: int) -> Strip:
        base = self.rich_style
        if y >= len(self._strips):
            return Strip.blank(self.size.width, base)
        strip = self._strips[y]
        left = max(0, (self.size.width - strip.cell_length) // 2)
        line = Strip.blank(left, base) + strip if left else strip
        return line.extend_cell_length(self.size.width, base).crop(0, self.size.width)


class Picture(Widget):
    """Shows one PNG, fitted into the room there is, or words in its place."""

    DEFAULT_CSS = """
    Picture {
        width: 1fr; height: 1fr; align: center top; background: $background;
        & > #words { width: 1fr; height: auto; padding: 1 2; color: $foreground; }
        & > .drawn { display: none; }
        &.-drawn > #words { display: none; }
        &.-drawn > .drawn { display: block; }
    }
    """

    @dataclass
    class Drawn(Message):
        """The rows of a picture of this size are made."""

        path: Path
        room: Size
        made: list[Strip]

    @dataclass
    class Failed(Message):
        path: Path
        reason: str

    def __init__(self) -> None:
        super().__init__()
        self._path: Path | None = None
        self._image: Any = None

    def compose(self) -> ComposeResult:
        yield Static("", id="words", markup=False)
        make = image_widget()
        if make is None:
            yield HalfBlocks().add_class("drawn")
        else:
            self._image = make().add_class("drawn")
            yield self._image

    @property
    def path(self) -> Path | None:
        """The file that is shown."""
        return self._path

    @property
    def words(self) -> str:
        """What stands in place of a picture."""
        return str(self.query_one("#words", Static).content)

    def say(self, words: str) -> None:
        """Words in place of the picture."""
        self._path = None
        self.remove_class("-drawn")
        self.query_one("#words", Static).update(Content(words))

    def show(self, path: Path, otherwise: str = "") -> None:
        """Show this file; ``otherwise`` says what can be done where this terminal cannot."""
        if manner(self.app) is Manner.NONE:
            self.say(f"{why_none(self.app)} {otherwise}".strip())
        self._path = path
        self._draw_again()

    def on_resize(self) -> None:
        self._draw_again()

    def _draw_again(self) -> None:
        path, room = self._path, self.size
        if path is None or not room or manner(self.app) is Manner.NONE:
            return
        if self._image is not None:
            self._place(path, room)
        else:
            self._make(path, room)

    def _place(self, path: Path, room: Size) -> None:
        """Hand the file to the widget that speaks the terminal's own language of pictures."""
        try:
            with Image.open(path) as picture:
                wide, high = fitted((picture.width * 99, picture.height * 99), *room)
        except (OSError, ValueError) as error:
            self.say(f"The picture cannot be shown: {error}.")
            return
        self._image.styles.width, self._image.styles.height = wide, high
        self._image.image = path
        self.add_class("-drawn")

    @work(thread=True, exclusive=True, group="picture", exit_on_error=False)
    def _make(self, path: Path, room: Size) -> None:
        try:
            made = _strips(path, room)
        except (OSError, ValueError) as error:
            self.post_message(self.Failed(path, str(error)))
            return
        if not get_current_worker().is_cancelled:
            self.post_message(self.Drawn(path, room, made))

    @on(Drawn)
    def _drawn(self, message: Drawn) -> None:
        message.stop()
        if message.path == self._path and message.room == self.size:
            self.query_one(HalfBlocks).draw(message.made)
            self.add_class("-drawn")

    @on(Failed)
    def _failed(self, message: Failed) -> None:
        message.stop()
        if message.path == self._path:
            self.say(f"The picture cannot be shown: {message.reason}.")
