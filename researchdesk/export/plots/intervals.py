"""The picture of a claim: the paper's number with its tolerance, each seed, mean and interval."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from researchdesk.domain.claim_pictures import ClaimPicture, PicturePanel, PictureRow
from researchdesk.domain.verdicts import Interval
from researchdesk.export.plots.style import HTML, Look, drawing, drawn, with_variables

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CARD = replace(HTML, name="card", width=105)
"""As wide as fits beside a column of text, and still readable on a telephone."""

_FEW = 3
_LETTERS, _LINES, _LINE_MM = 4.4, 2, 3.6
_FILLED = 1.1
"""A title has letters of the usual width, and some room to its right."""
_MARGIN, _TICKS, _LONGEST = 0.06, 5, 64
_LETTER_MM, _GAP = 0.21, 3
_DOT, _LONE, _CAP, _DOWN = 6.0, 8.0, 0.15, 0.16
_LEVELS = 5


@dataclass(frozen=True, slots=True)
class _Room:
    """Heights in millimetres: of a row, of one of many, of one without a label, of an axis; the
    size of the mean's mark in points."""

    row: float
    one_of_many: float
    bare: float
    axis: float
    mark: float


_ALONE, _CLOSE = _Room(11.5, 8.5, 11.5, 11.0, 15), _Room(8.0, 7.0, 4.6, 7.4, 9)


@dataclass(frozen=True, slots=True)
class _Part:
    """A panel with the lines above it, and what stands at the right end of the last of them."""

    panel: PicturePanel
    lines: Sequence[str] = ()
    beside: str = ""


def claim_svg(picture: ClaimPicture, look: Look = CARD) -> str:
    """The picture as SVG whose colours are CSS variables, with title and description."""
    figure = interval_figure([picture], look)
    return with_variables(drawn(figure, "svg", picture.title, picture.about).decode("utf-8"))


def interval_figure(
    pictures: Sequence[ClaimPicture], look: Look, *, close: bool | None = None
) -> "Figure":
    """The pictures one below the other. ``close``, as several are: each has its claim above it and
    no more room than it needs; what is drawn stands beside the claim then."""
    close = len(pictures) > 1 if close is None else close
    parts = [part for picture in pictures for part in _parts(picture, look, close)]
    room = _CLOSE if close else _ALONE
    heights = [_height(part, room) for part in parts]
    with drawing(look, sum(heights)) as figure:
        axes = figure.subplots(len(heights), squeeze=False, height_ratios=heights)[:, 0]
        for part, ax in zip(parts, axes, strict=True):
            _panel(ax, part.panel, look, room)
            ax.set_title("\n".join(part.lines), loc="left", fontsize=look.font, pad=2)
            ax.set_title(part.beside, loc="right", fontsize=look.small, pad=2)
    return figure


def on_pages(
    pictures: Sequence[ClaimPicture], look: Look, highest: float
) -> list[list[ClaimPicture]]:
    """The pictures of several claims in their order, as many to a page as ``highest`` millimetres
    hold; one that is higher by itself has its own."""
    pages: list[list[ClaimPicture]] = []
    left = 0.0
    for picture in pictures:
        high = sum(_height(part, _CLOSE) for part in _parts(picture, look, close=True))
        if not pages or high > left:
            pages.append([])
            left = highest
        pages[-1].append(picture)
        left -= high
    return pages


def _parts(picture: ClaimPicture, look: Look, close: bool) -> list[_Part]:
    """The panels of a picture, each with the lines above it."""
    if not close:
        return [_Part(panel) for panel in picture.panels]
    letters = int(look.width * _LETTERS / look.font)
    lines = wrap(picture.title, letters)[:_LINES]
    return [
        _closely(panel, lines if at == 0 else [""], letters)
        for at, panel in enumerate(picture.panels)
    ]


def _closely(panel: PicturePanel, lines: list[str], letters: int) -> _Part:
    """Without the row of the claimed number, where the line tells it all; the label of a row by
    itself stands above it."""
    rows = [row for row in panel.rows if row.dots or row.interval or not row.claimed]
    beside = _short(panel.axis)
    if len(rows) == 1:
        beside = _short(f"{panel.axis}: {rows[0].label}")
        rows = [replace(rows[0], label="")]
    if lines[-1] and len(lines[-1]) + len(beside) + _GAP > _FILLED * letters:
        lines = [*lines, ""]
    return _Part(replace(panel, axis="", rows=tuple(rows)), lines, beside)


def _height(part: _Part, room: _Room) -> float:
    rows = part.panel.rows
    row = room.row if len(rows) <= _FEW else room.one_of_many
    high = row * len(rows) if rows[0].label else room.bare
    return high + room.axis + _LINE_MM * len(part.lines)


def _panel(ax: "Axes", panel: PicturePanel, look: Look, room: _Room) -> None:
    low, high = _limits(panel)
    ax.set_xlim(low, high)
    labelled = bool(panel.rows[0].label)
    ax.set_ylim(*((len(panel.rows) - 0.42, -0.62) if labelled else (0.62, -0.3)))
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_xlabel(_short(panel.axis))
    _cut(ax, look)
    ax.xaxis.set_major_formatter(lambda value, _: _tick(value))
    _reference(ax, panel, (low, high), look)
    for at, row in enumerate(panel.rows):
        _row(ax, at, row, look, room)


def _cut(ax: "Axes", look: Look) -> None:
    """Cut the axis into as many parts as leave its numbers apart."""
    low, high = ax.get_xlim()
    for parts in range(_TICKS, 1, -1):
        ax.locator_params(axis="x", nbins=parts)
        shown = [_tick(value) for value in ax.get_xticks() if low <= value <= high]
        letters = sum(len(text) + _GAP for text in shown)
        if letters * look.small * _LETTER_MM < look.width:
            return


def _tick(value: float) -> str:
    return f"{value:,.10g}"


def _limits(panel: PicturePanel) -> tuple[float, float]:
    """Ends of the axis such that all that is drawn stands a little within them."""
    shown = list(_numbers(panel))
    low, high = min(shown), max(shown)
    room = _MARGIN * (high - low) or 0.05 * abs(high) or 1.0
    return low - room, high + room


def _numbers(panel: PicturePanel) -> Iterable[float]:
    yield from (panel.line,) if panel.line is not None else ()
    yield from (0.0,) if panel.zero else ()
    yield from (panel.band.low, panel.band.high) if panel.band else ()
    for row in panel.rows:
        yield from row.dots
        yield from (row.mean,) if row.mean is not None else ()
        yield from (row.interval.low, row.interval.high) if row.interval else ()


def _reference(ax: "Axes", panel: PicturePanel, ends: tuple[float, float], look: Look) -> None:
    """What the paper says, through all rows: its number, and what is as good as it."""
    colours = look.colours
    band = panel.band
    if panel.line is not None and panel.side:
        above = panel.side == "at least"
        band = Interval(panel.line, ends[1]) if above else Interval(ends[0], panel.line)
    if band is not None:
        ax.axvspan(band.low, band.high, color=colours.good, alpha=0.16, linewidth=0)
    if panel.zero and panel.line:
        ax.axvline(0.0, color=colours.muted, linewidth=0.8)
    if panel.line is not None:
        ax.axvline(panel.line, color=colours.good, linewidth=1.3, linestyle=(0, (5, 2)))


def _row(ax: "Axes", at: int, row: PictureRow, look: Look, room: _Room) -> None:
    colours = look.colours
    colour = colours.good if row.claimed else colours.series[0]
    if row.label:
        ax.text(
            0.006, at - 0.38, _short(row.label), transform=ax.get_yaxis_transform(), va="center",
            fontsize=look.small, color=colours.ink, zorder=4,
            bbox={"facecolor": colours.ground, "alpha": 0.7, "linewidth": 0, "pad": 0.8},
        )  # fmt: skip
    if row.interval is not None:
        low, high = row.interval.low, row.interval.high
        ax.plot([low, high], [at + _DOWN] * 2, color=colour, linewidth=1.6, solid_capstyle="butt")
        for end in (low, high):
            ax.plot([end] * 2, [at + _DOWN - _CAP, at + _DOWN + _CAP], color=colour, linewidth=1.6)
    if row.dots:
        ax.plot(
            row.dots, [at + _DOWN + up for up in _spread(len(row.dots))], linestyle="none",
            marker="o", markersize=_DOT if len(row.dots) > 1 else _LONE, markerfacecolor=colour,
            alpha=0.75, markeredgecolor=colours.ground, markeredgewidth=0.7,
        )  # fmt: skip
    if row.mean is not None and len(row.dots) != 1:
        ax.plot(
            row.mean, at + _DOWN, linestyle="none", color=colour, markeredgecolor=colour,
            **_mark(row, colour, look, room),
        )  # fmt: skip


def _mark(row: PictureRow, colour: str, look: Look, room: _Room) -> dict[str, Any]:
    """How a mean is drawn."""
    style: dict[str, Any] = {"marker": "|", "markersize": room.mark, "markeredgewidth": 2}
    if row.claimed:
        style = {"marker": "D", "markersize": 6, "markerfacecolor": look.colours.ground}
        style["markeredgewidth"] = 1.5
    elif not row.dots:
        style = {"marker": "D", "markersize": 6, "markerfacecolor": colour, "markeredgewidth": 0}
    return style


def _spread(count: int) -> list[float]:
    """Small steps up and down, so that dots on one another can be told apart."""
    if count == 1:
        return [0.0]
    return [0.22 * (at % _LEVELS - (_LEVELS - 1) / 2) / _LEVELS for at in range(count)]


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
