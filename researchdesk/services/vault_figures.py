"""A paper's figures as pictures for a vault."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace

from researchdesk.domain.documents import Figure, FigureKind
from researchdesk.domain.papers import Paper
from researchdesk.errors import DeskError
from researchdesk.export.vault.papers import Picture, Shown
from researchdesk.services import documents
from researchdesk.services.desk import Desk
from researchdesk.services.vault_folder import VaultFolder

_DPI = 150
_LEAST = 20.0
"""Points that must be left of a figure without its caption."""
_UNSAFE = re.compile(r"[^\w.-]+")


def figures_of(desk: Desk, paper: Paper, vault: VaultFolder, stem: str) -> Sequence[Picture]:
    """The figures of a paper whose PDF is on the desk; none where it is not, or cannot be read.

    The name of a picture tells what is in it, so that one which is there is the same, or was made
    another by a person.
    """
    try:
        found = documents.document_of(desk, paper).figures
        figures = [one for one in found if one.kind is FigureKind.FIGURE and one.page > 0]
        drawn = documents.pictures(desk, paper, [_bare(one) for one in figures], _DPI)
    except DeskError:
        return ()
    pictures = []
    for place, (figure, source) in enumerate(zip(figures, drawn, strict=True), 1):
        if source is None:
            continue
        known = hashlib.sha256(source.name.encode()).hexdigest()[:8]
        number = _UNSAFE.sub("-", figure.number) or f"{place}x"
        file = vault.picture_file(stem, f"figure-{number}-{known}.png")
        named = f"Figure {figure.number}".strip()
        pictures.append(Picture(Shown(named, figure.caption, file), source, vault.path(file)))
    return pictures


def _bare(figure: Figure) -> Figure:
    """The figure without its caption, where that stands above or below it: the page has it."""
    if figure.box is None or figure.caption_box is None:
        return figure
    left, top, right, bottom = figure.box
    above, below = figure.caption_box[1], figure.caption_box[3]
    if above - top > _LEAST and above - top >= bottom - below:
        return replace(figure, box=(left, top, right, above))
    if bottom - below > _LEAST:
        return replace(figure, box=(left, below, right, bottom))
    return figure
