"""Which words of a theme could be hard to read."""

from collections.abc import Iterator, Mapping

from textual.color import Color
from textual.theme import Theme

from researchdesk.domain.contrast import ENOUGH, contrast

_WORDS = (
    "foreground", "text-muted", "text-primary", "text-secondary", "text-accent", "text-success",
    "text-warning", "text-error", "primary", "accent", "footer-key-foreground",
)  # fmt: skip
_GROUNDS = ("background", "surface", "panel")
_CURSORS = ("block-cursor", "block-cursor-blurred", "screen-selection")


def contrast_notes(theme: Theme) -> list[str]:
    """The pairs of words and grounds whose contrast is not enough, each in words."""
    colours = {**theme.to_color_system().generate(), **theme.variables}
    return [
        f"{words} on {ground} has a contrast of {ratio:.1f}; text needs {ENOUGH:g}"
        for words, ground, ratio in _pairs(colours)
        if ratio < ENOUGH
    ]


def lowest_contrast(theme: Theme) -> float:
    """The least contrast that words of this theme have to the ground below them."""
    colours = {**theme.to_color_system().generate(), **theme.variables}
    return min(ratio for _, _, ratio in _pairs(colours))


def _pairs(colours: Mapping[str, str]) -> Iterator[tuple[str, str, float]]:
    named = [(words, ground) for ground in _GROUNDS for words in _WORDS]
    named += [(f"{name}-foreground", f"{name}-background") for name in _CURSORS]
    base = _colour(colours, "background")
    for words, ground in named:
        over, below = _colour(colours, words), _colour(colours, ground)
        if base and over and below:
            below = base + below
            yield words, ground, contrast((below + over).normalized, below.normalized)


def _colour(colours: Mapping[str, str], name: str) -> Color | None:
    """None for what is made from its ground (``auto``), left as it is, or seen through."""
    text, _, share = colours.get(name, "").partition(" ")
    if not text or text in ("auto", "initial"):
        return None
    colour = Color.parse(text)
    colour = colour.multiply_alpha(int(share.rstrip("%")) / 100) if share else colour
    return colour if colour.a else None
