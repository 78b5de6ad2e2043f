"""Where the captions stand on a page."""

from collections.abc import Sequence

from researchdesk.document.pdf.words import comparable
from researchdesk.document.tables.print import Print, Word
from researchdesk.document.tables.rows import union
from researchdesk.domain.documents import Box, Figure, FigureKind

Placed = tuple[Figure, Box]
_NAMES = {FigureKind.TABLE: "tab", FigureKind.FIGURE: "fig", FigureKind.ALGORITHM: "alg"}


def placed(page: Print, figures: Sequence[Figure]) -> list[Placed]:
    """The figures of this page with their captions' boxes; those not found there are left out."""
    found: list[Placed] = []
    for figure in figures:
        box = figure.caption_box or _search(page.words, figure)
        if box:
            found.append((figure, _cut(page, box)))
    return found


def _cut(page: Print, box: Box) -> Box:
    """The caption without what stands below a rule inside it, which is a table."""
    for rule in page.across:
        shared = min(rule.end, box[2]) - max(rule.start, box[0])
        if box[1] + 6 < rule.at < box[3] - 3 and shared > 0.5 * (box[2] - box[0]):
            return box[0], box[1], box[2], rule.at - 0.5
    return box


def _search(words: Sequence[Word], figure: Figure) -> Box | None:
    wanted = [part for part in map(comparable, figure.caption.split()) if part]
    best: tuple[int, Box] | None = None
    for at, word in enumerate(words[:-1]):
        if not word.text.lower().startswith(_NAMES[figure.kind]):
            continue
        number = words[at + 1].text.rstrip(".:|")
        if number.lower() == figure.number.lower():
            count, box = _follow(words, at, wanted)
            if best is None or count > best[0]:
                best = count, box
    return best[1] if best else None


def _follow(words: Sequence[Word], at: int, wanted: Sequence[str]) -> tuple[int, Box]:
    """How many words of the caption follow here, and the box that they fill."""
    boxes = [_box(words[at]), _box(words[at + 1])]
    done, missed = 0, 0
    for word in words[at + 2 :]:
        if done >= len(wanted) or missed > 3 or word.y0 > boxes[-1][3] + 2.5 * word.size:
            break
        text = comparable(word.text)
        nearby = wanted[done : done + 4]
        if not text or text in nearby or any(part.startswith(text) for part in nearby):
            done += nearby.index(text) + 1 if text in nearby else 0
            boxes.append(_box(word))
            missed = 0
        else:
            missed += 1
    return done, union(boxes)


def _box(word: Word) -> Box:
    return word.x0, word.y0, word.x1, word.y1
