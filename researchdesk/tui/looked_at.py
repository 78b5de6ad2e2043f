"""What can be looked at, page by page: words, a table, or pictures side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from researchdesk.domain.looking import Picture

_EIGHTHS = " ▏▎▍▌▋▊▉█"


@dataclass(frozen=True, slots=True)
class Tile:
    """A picture with its caption; ``below`` is a second one of the same size, drawn as heat.

    ``words`` say more of it where it is marked.
    """

    caption: str
    picture: Picture | None
    below: Picture | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Heat:
    """Counts of a confusion matrix: ``names`` for its rows and its columns."""

    names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class LookPage:
    """``mark`` is ``"!"`` where it is so, ``"?"`` where it may be; ``share`` draws a bar.

    ``text`` stands above what else there is: ``cells`` (the first row are heads), ``tiles`` or
    ``heat``. A ``head`` begins a part of the list.
    """

    key: str
    title: str
    count: str = ""
    mark: str = ""
    share: float | None = None
    text: Content | None = None
    cells: Sequence[Sequence[str]] = ()
    tiles: Sequence[Tile] = ()
    heat: Heat | None = None
    head: bool = False


def bar(share: float, width: int) -> str:
    """A share of 1 in so many cells, to an eighth of a cell."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    whole, rest = divmod(eighths, 8)
    return ("█" * whole + (_EIGHTHS[rest] if rest else "")).ljust(width)


def bars(rows: Sequence[tuple[str, float, str]], width: int = 30) -> Content:
    """Lines of a name, a bar for a share of 1, and the number."""
    room = max((len(name) for name, _, _ in rows), default=0)
    lines = [
        Content.assemble(
            (f"{name:>{room}}  ", "$text-muted"), (bar(share, width), "$primary"), f"  {number}"
        )
        for name, share, number in rows
    ]
    return Content("\n").join(lines)
