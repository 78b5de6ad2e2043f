"""Lines of text with their place and style: what layout works on, free of any PDF library."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from researchdesk.domain.documents import Box


@dataclass(frozen=True, slots=True)
class Line:
    """A line of print. Lengths are points, y grows downwards, ``page`` counts from 1.

    ``size`` is the font size most of its characters have, ``top`` the largest among its letters;
    ``lead`` is its leading bold part, ``run_in`` whether a wide blank sets that off; ``group``
    numbers the block of print it stands in; ``math`` is the share of its characters that are set
    in a font of formulas; ``raised`` says that it begins with a small mark, as footnotes do.
    """

    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    text: str
    size: float
    top: float
    font: str
    bold: bool
    italic: bool
    lead: str
    group: int
    run_in: bool = False
    math: float = 0.0
    raised: bool = False

    @property
    def box(self) -> Box:
        return self.x0, self.y0, self.x1, self.y1

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link that can be clicked on a page: where it leads and where it stands."""

    page: int
    uri: str
    box: Box


@dataclass(frozen=True, slots=True)
class PageText:
    """One page: upright ``lines``, and ``aside`` the text that runs in another direction.

    ``width`` and ``height`` are those of the page turned so that its text is upright; ``turn`` is
    the direction that its text has on the page as displayed. ``graphics`` are boxes of pictures
    and drawings, in the turned page's points; they are read only where a caption may be.
    """

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    aside: tuple[str, ...] = ()
    uris: tuple[PageLink, ...] = ()
    graphics: tuple[Box, ...] = ()
    turn: tuple[int, int] = (1, 0)

    def displayed(self, box: Box) -> Box:
        """The box, given in the turned page's points, on the page as it is displayed."""
        x0, y0, x1, y1 = box
        if self.turn == (0, -1):
            return y0, self.width - x1, y1, self.width - x0
        if self.turn == (0, 1):
            return self.height - y1, x0, self.height - y0, x1
        if self.turn == (-1, 0):
            return self.width - x1, self.height - y1, self.width - x0, self.height - y0
        return box


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """An entry of the PDF's own table of contents. ``page`` counts from 1, 0 where unknown."""

    level: int
    title: str
    page: int


@dataclass(frozen=True, slots=True)
class BodyStyle:
    """The font and size that most of the text is set in."""

    font: str
    size: float


def body_style(lines: Iterable[Line]) -> BodyStyle:
    """The style of most characters, among lines long enough to be running text."""
    weights: Counter[tuple[str, float]] = Counter()
    for line in lines:
        running = len(line.text) > 25
        weights[line.font, round(line.size * 2) / 2] += len(line.text) if running else 1
    if not weights:
        return BodyStyle("", 10.0)
    sizes: Counter[float] = Counter()
    for (_, size), weight in weights.items():
        sizes[size] += weight
    size = sizes.most_common(1)[0][0]
    font = max((w, f) for (f, s), w in weights.items() if s == size)[1]
    return BodyStyle(font, size)


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around these; at least one."""
    every = list(boxes)
    return (
        min(box[0] for box in every),
        min(box[1] for box in every),
        max(box[2] for box in every),
        max(box[3] for box in every),
    )


def join_baselines(lines: Sequence[Line], reach: float) -> list[Line]:
    """Pieces on one baseline, at most ``reach`` font sizes apart, become one line."""
    joined: list[Line] = []
    for line in lines:
        if joined and _same_baseline(joined[-1], line, reach):
            joined[-1] = _joined(joined[-1], line)
        else:
            joined.append(line)
    return joined


def _same_baseline(one: Line, two: Line, reach: float) -> bool:
    size = max(one.size, two.size)
    over = max(one.top, two.top) if one.math + two.math > 0 else 0.3 * size
    return (
        one.group == two.group
        and abs(one.y1 - two.y1) < 0.45 * size
        and -over <= two.x0 - one.x1 < reach * size
    )


def _joined(one: Line, two: Line) -> Line:
    gap = "" if one.text.endswith(" ") or two.x0 - one.x1 < 0.12 * one.size else " "
    main = two if len(two.text) > len(one.text) else one
    whole = one.lead == one.text
    return replace(
        main,
        x0=min(one.x0, two.x0),
        y0=min(one.y0, two.y0),
        x1=max(one.x1, two.x1),
        y1=max(one.y1, two.y1),
        text=one.text + gap + two.text,
        top=max(one.top, two.top),
        bold=one.bold and two.bold,
        lead=one.lead + gap + two.lead if whole and two.lead else one.lead,
        math=_shared_math(one, two),
        raised=one.raised or _is_mark(one, two),
        run_in=one.run_in or (whole and not two.lead and two.x0 - one.x1 > 0.6 * one.size),
    )


def _shared_math(one: Line, two: Line) -> float:
    lengths = len(one.text), len(two.text)
    return (one.math * lengths[0] + two.math * lengths[1]) / max(sum(lengths), 1)


def _is_mark(one: Line, two: Line) -> bool:
    return len(one.text.strip()) <= 2 and one.top < two.top - 0.8
