"""What stands with a caption: the box of a figure or table, and the print inside it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from researchdesk.document.pdf.displays import NUMBER
from researchdesk.document.pdf.kinds import is_prose
from researchdesk.document.pdf.lines import BodyStyle, Line, PageText, union
from researchdesk.document.pdf.order import Columns
from researchdesk.document.pdf.paragraphs import Paragraph
from researchdesk.document.pdf.words import CAPTION, CAPTION_KINDS, mend
from researchdesk.domain.documents import BlockKind, Box, FigureKind

_GAP = 7.0
_LEAST = 8.0
_PARTED = 4.0
_WALLS = {BlockKind.CAPTION, BlockKind.FOOTNOTE}


@dataclass(slots=True, eq=False)
class Pictured:
    """A caption and, once found, the box of what it speaks of; ``pieces`` are those above it."""

    caption: Paragraph
    kind: FigureKind
    above: Box | None = None
    below: Box | None = None
    box: Box | None = None
    pieces: list[Box] = field(default_factory=list)

    @property
    def sides(self) -> list[Box]:
        return [box for box in (self.above, self.below) if box]


class Pictures:
    """Finds what is pictured on one page. ``paragraphs`` are all that begin on it."""

    def __init__(
        self, page: PageText, paragraphs: Sequence[Paragraph], columns: Columns, body: BodyStyle
    ) -> None:
        self._page, self._columns, self._body = page, columns, body
        self._by_height: defaultdict[int, list[Line]] = defaultdict(list)
        for line in page.lines:
            for height in {round((line.y1 + off) / 2) for off in (-0.8, 0, 0.8)}:
                self._by_height[height].append(line)
        self._walls: list[Box] = []
        self._texts: list[Paragraph] = []
        self._inside: list[Paragraph] = []
        self.found: list[Pictured] = []
        for at, paragraph in enumerate(paragraphs):
            if paragraph.kind is BlockKind.CAPTION:
                match = CAPTION.match(mend(paragraph.lines[0].text))
                kind = CAPTION_KINDS[match["kind"][0].lower()] if match else "figure"
                self.found.append(Pictured(paragraph, FigureKind(kind)))
            if self._is_wall(paragraphs, at):
                if paragraph.kind is BlockKind.TEXT:
                    self._texts.append(paragraph)
                self._walls.append(paragraph.box)
            else:
                self._inside.append(paragraph)
        for pictured in self.found:
            caption = pictured.caption.box
            if pictured.kind is FigureKind.ALGORITHM and (box := self._ruled(caption)):
                pictured.below = box
                continue
            pictured.pieces = self._side(caption, up=True)
            pictured.above = _large(pictured.pieces)
            pictured.below = _large(self._side(caption, up=False))

    def _is_wall(self, paragraphs: Sequence[Paragraph], at: int) -> bool:
        """Whether this is print that no figure or table can hold."""
        paragraph = paragraphs[at]
        if paragraph.kind in _WALLS or paragraph.sure:
            return True
        if paragraph.kind is BlockKind.FRONT:
            return not _overlaps(paragraph.box, self._page.graphics)
        if paragraph.kind is BlockKind.EQUATION:
            around = [*paragraphs[max(0, at - 1) : at], *paragraphs[at + 1 : at + 2]]
            numbered = NUMBER.fullmatch(paragraph.lines[-1].text.strip())
            near = [p for p in around if _near(paragraph.box, p.box) or _near(p.box, paragraph.box)]
            return bool(numbered) or any(map(self._is_prose, near))
        if 0 < paragraph.level < 4 and paragraph.lines[0].top > self._body.size + 0.6:
            return True
        if paragraph.level:
            after = paragraphs[at + 1 : at + 2]
            return any(self._is_prose(item) and _near(paragraph.box, item.box) for item in after)
        return self._is_prose(paragraph)

    def _is_prose(self, paragraph: Paragraph) -> bool:
        prose = is_prose(paragraph, self._page, self._columns, self._body)
        return prose and not self._is_column_of_cells(paragraph)

    def _is_column_of_cells(self, paragraph: Paragraph) -> bool:
        """Whether most of its lines have short pieces of print beside them, as rows of tables."""
        rows = 0
        for line in paragraph.lines:
            beside = self._by_height.get(round(line.y1 / 2), [])
            near = 0.5 * self._body.size, 8 * self._body.size
            rows += any(
                near[0] < other.x0 - line.x1 < near[1] and other.width < 0.6 * line.width
                for other in beside
            )
        return len(paragraph.lines) > 1 and 2 * rows > len(paragraph.lines)

    def _ruled(self, caption: Box) -> Box | None:
        """What stands between the ruled line under an algorithm's caption and the next one."""
        left, right = self._sideways(caption)
        rules = sorted(
            (box[1], box)
            for box in self._page.graphics
            if box[3] - box[1] < 2
            and box[2] - box[0] > 0.5 * (right - left)
            and _inside(box, (left, caption[3] - 3, right, self._page.height))
        )
        apart = [box for at, (y, box) in enumerate(rules) if not at or y - rules[at - 1][0] > 3]
        if len(apart) < 2 or apart[0][1] - caption[3] > 1.5 * self._body.size:
            return None
        return union(apart[:2])

    def _side(self, caption: Box, up: bool) -> list[Box]:
        """The print and drawings next to the caption, up to the next running text."""
        zone = self._zone(caption, up)
        pieces = [line.box for p in self._inside for line in p.lines if line.page == p.page]
        pieces += self._page.graphics
        kept = [_clipped(box, zone) for box in pieces if _inside(box, zone)]
        kept.sort(key=lambda box: -box[3] if up else box[1])
        edge = caption[1] if up else caption[3]
        most = _GAP * self._body.size
        taken: list[Box] = []
        for box in kept:
            gap = edge - box[3] if up else box[1] - edge
            if gap > most:
                break
            if gap > self._body.size and box[3] - box[1] < 2 and taken:
                break  # the ruled line of a running head or a footnote
            edge = min(edge, box[1]) if up else max(edge, box[3])
            taken.append(box)
        return taken

    def _zone(self, caption: Box, up: bool) -> Box:
        left, right = self._sideways(caption)
        top, bottom = 0.0, self._page.height
        for x0, y0, x1, y1 in self._walls:
            if min(x1, right) - max(x0, left) < 4:
                continue
            if up and y1 <= caption[1] + 3:
                top = max(top, y1)
            elif not up and y0 >= caption[3] - 3:
                bottom = min(bottom, y0)
        return (left, top, right, caption[1]) if up else (left, caption[3], right, bottom)

    def _sideways(self, caption: Box) -> tuple[float, float]:
        """How far the zone reaches: the caption's column, less what stands beside the caption."""
        left, right = self._columns.span(self._page, caption)
        if left <= self._columns.left + 1:
            left = max(0.0, left - 50)
        if right >= self._columns.right - 1:
            right = min(self._page.width, right + 50)
        for x0, y0, x1, y1 in self._walls:
            if min(y1, caption[3]) - max(y0, caption[1]) < 3:
                continue
            if x1 <= caption[0] + 2:
                left = max(left, (x1 + caption[0]) / 2)
            elif x0 >= caption[2] - 2:
                right = min(right, (x0 + caption[2]) / 2)
        return min(left, caption[0]), max(right, caption[2])

    def mark(self) -> None:
        """Print inside what is pictured becomes GRAPHIC."""
        for pictured in self.found:
            written = pictured.kind is FigureKind.ALGORITHM
            for paragraph in self._inside + (self._texts if written else []):
                if pictured.box and _inside(paragraph.box, pictured.box):
                    paragraph.kind, paragraph.level, paragraph.title = BlockKind.GRAPHIC, 0, ""


def _large(pieces: Sequence[Box]) -> Box | None:
    if not pieces:
        return None
    whole = union(pieces)
    return whole if whole[3] - whole[1] >= _LEAST else None


def settle(pages: Iterable[Pictures]) -> None:
    """Chooses for each caption the side on which its picture stands.

    Where there is something on both, it is the side on which most others of its kind have theirs,
    less what another caption has taken.
    """
    pages = list(pages)
    every = [pictured for page in pages for pictured in page.found]
    usual = {kind: _usual([p for p in every if p.kind is kind], kind) for kind in FigureKind}
    for page in pages:
        taken: list[Box] = []
        for pictured in sorted(page.found, key=lambda item: len(item.sides)):
            first, second = pictured.above, pictured.below
            if not usual[pictured.kind]:
                first, second = second, first
            free = [box for box in (first, second) if box and not _overlaps(box, taken)]
            pictured.box = free[0] if free else None
            taken += free[:1]
        for upper in page.found:
            for lower in page.found:
                _share(upper, lower)


def _share(upper: Pictured, lower: Pictured) -> None:
    """Where what stands between two captions is of both, it is parted at its widest gap."""
    if (upper.box is None) is (lower.box is None) or not (upper.below and lower.above):
        return
    given = (upper.box or upper.below, lower.box or lower.above)
    if given != (upper.below, lower.above) or not _overlaps(upper.below, [lower.above]):
        return
    pieces = sorted(lower.pieces, key=lambda box: box[1])
    widest, at, edge = _PARTED, 0, pieces[0][3]
    for index, box in enumerate(pieces):
        if box[1] - edge > widest:
            widest, at = box[1] - edge, index
        edge = max(edge, box[3])
    if at:
        upper.box, lower.box = union(pieces[:at]), union(pieces[at:])


def _usual(found: Sequence[Pictured], kind: FigureKind) -> bool:
    """Whether pictures stand above their captions."""
    clear = [pictured for pictured in found if len(pictured.sides) == 1]
    above = sum(1 for pictured in clear if pictured.above)
    if 2 * above == len(clear):
        return kind is FigureKind.FIGURE
    return 2 * above > len(clear)


def _overlaps(box: Box, others: Iterable[Box]) -> bool:
    return any(
        min(box[3], other[3]) - max(box[1], other[1]) > 4
        and min(box[2], other[2]) - max(box[0], other[0]) > 4
        for other in others
    )


def _inside(box: Box, zone: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return zone[0] <= x <= zone[2] and zone[1] <= y <= zone[3]


def _clipped(box: Box, zone: Box) -> Box:
    return max(box[0], zone[0]), max(box[1], zone[1]), min(box[2], zone[2]), min(box[3], zone[3])


def _near(above: Box, below: Box) -> bool:
    return -4 < below[1] - above[3] < 20
