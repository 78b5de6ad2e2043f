"""Which words of a theme could be hard to read."""

from collections.abc import Iterator, Mapping

from textual.color import Color
from textual.theme import Theme

from researchdesk.domain.contrast import ENOUGH, SEEN, contrast

_WORDS = (
    "foreground", "text-muted", "text-primary", "text-secondary", "text-accent", "text-success",
    "text-warning", "text-error", "primary", "accent", "footer-key-foreground",
)  # fmt: skip
_GROUNDS = ("background", "surface", "panel")
_CURSORS = ("block-cursor", "block-cursor-blurred", "screen-selection")


def contrast_notes(theme: Theme) -> list[str]:
    """The words whose contrast to their ground is not enough, but above ``SEEN``: a line for each
    ground."""
    return [f"{said}; text needs {ENOUGH:g}" for said in _by_ground(theme, SEEN, ENOUGH)]


def contrast_problems(theme: Theme) -> list[str]:
    """As ``contrast_notes``, the words that can hardly be seen at all."""
    return [f"{said}; below {SEEN:g} it cannot be read" for said in _by_ground(theme, 0, SEEN)]


def lowest_contrast(theme: Theme) -> float:
    """The least contrast that words of this theme have to the ground below them."""
    colours = {**theme.to_color_system().generate(), **theme.variables}
    return min(ratio for _, _, ratio in _pairs(colours))


def _by_ground(theme: Theme, low: float, high: float) -> list[str]:
    """The contrasts from ``low`` to below ``high``."""
    colours = {**theme.to_color_system().generate(), **theme.variables}
    found: dict[str, list[str]] = {}
    for words, ground, ratio in _pairs(colours):
        if low <= ratio < high:
            found.setdefault(ground, []).append(f"{words} {ratio:.1f}")
    return [f"contrast on {ground}: {', '.join(pairs)}" for ground, pairs in found.items()]


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
