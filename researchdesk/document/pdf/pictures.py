"""Pages and parts of them as PNG files. Imported in the worker process only."""

import hashlib
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pymupdf

from researchdesk.document.jobs import PictureWish
from researchdesk.document.pdf.turning import main_direction
from researchdesk.document.tables.print import characters_in, raw_lines
from researchdesk.domain.documents import Box

_mupdf: Any = pymupdf  # its own annotations are partial
_MOST_PIXELS = 12_000_000
_LONGEST = 8_000
_TURNS = {(1, 0): 0, (0, -1): 90, (-1, 0): 180, (0, 1): 270}


class NoSuchPageError(ValueError):
    """The file has no page of this number."""


def draw(document: Any, wishes: Sequence[PictureWish], folder: Path) -> Iterator[Path]:
    """Draws each wish into a file of the folder, the caller's own, and gives its path.

    A picture is at most 8,000 pixels long and of 12 million pixels; a lower resolution is taken
    where it would be larger. Raises NoSuchPageError for a page that is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for wish in wishes:
        if not 1 <= wish.page <= len(document):
            raise NoSuchPageError(str(wish.page))
        path = folder / name_of(wish)
        path.write_bytes(_pixels(document[wish.page - 1], wish))
        yield path


def name_of(wish: PictureWish) -> str:
    """The file's name; the same wish has the same one."""
    place = "" if wish.box is None else ",".join(f"{side:.1f}" for side in wish.box)
    part = hashlib.sha256(place.encode()).hexdigest()[:10] if place else "page"
    return f"p{wish.page:04d}-{part}-{wish.dpi}.png"


def _pixels(page: Any, wish: PictureWish) -> bytes:
    lines = raw_lines(page.get_text("rawdict", flags=0))
    if lines:  # else nothing says what is upright but the page's own turn
        direction = main_direction((way, characters_in(line)) for way, line in lines)
        page.set_rotation(_TURNS[direction])
    whole = page.rect
    clip = _clip(whole, wish.box)
    zoom = _zoom(clip, min(max(wish.dpi, 20), 400) / 72)
    picture = page.get_pixmap(matrix=_mupdf.Matrix(zoom, zoom), clip=clip, alpha=False)
    return bytes(picture.tobytes("png"))


def _clip(whole: Any, box: Box | None) -> Any:
    """The box, within the page; all of the page where nothing of the box lies on it."""
    if box is None or not all(math.isfinite(side) for side in box):
        return whole
    part = _mupdf.Rect(box) & whole
    return whole if part.is_empty or part.width < 1 or part.height < 1 else part


def _zoom(clip: Any, zoom: float) -> float:
    width, height = max(float(clip.width), 1.0), max(float(clip.height), 1.0)
    most = min(_LONGEST / max(width, height), math.sqrt(_MOST_PIXELS / width / height))
    return min(zoom, most)
