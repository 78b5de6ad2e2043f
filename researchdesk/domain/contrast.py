"""How well a colour can be told from another."""

RGB = tuple[float, float, float]
"""Red, green and blue, each from 0 to 1, as sRGB has them."""
ENOUGH, HIGH, LARGE = 4.5, 7.0, 3.0
"""What text needs (level AA, AAA); what large text, signs and what is switched off needs (AA)."""
SEEN = 1.5
"""Below this, text is lost in its ground: a floor of ours, which no guideline names."""


def contrast(one: RGB, other: RGB) -> float:
    """The contrast ratio of two colours: 1 for the same, 21 for black and white.

    Source: Web Content Accessibility Guidelines 2.2, "contrast ratio" and "relative luminance".
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: RGB) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
