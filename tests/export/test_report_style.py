"""The page's colours: enough contrast in both schemes, as WCAG 2.2 asks (AA)."""

import re

import pytest

from researchdesk.assets import folder
from researchdesk.export.report_html import plot_colours

CSS = (folder("data") / "templates" / "report" / "page.css").read_text("utf-8")
VERDICTS = ("good", "unsure", "bad", "apart", "none")


def _variables(scheme: str) -> dict[str, str]:
    """The colours of a scheme: the first block of the root is the light one."""
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    of = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[0]))
    if scheme == "dark":
        of |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[1]))
    return of


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    """Of two colours, 1 to 21."""
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_and_pictures_can_be_told_from_their_ground(scheme: str) -> None:
    of = _variables(scheme)
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    for ground in ("ground", "card"):
        for ink in ("ink", "soft", "link", *VERDICTS):
            assert contrast(of[ink], of[ground]) >= 4.5, (ink, ground)
    for name in VERDICTS:
        assert contrast(of[name], of[f"{name}-tint"]) >= 4.5, name  # a badge, a caution's title
        assert contrast(of["ink"], of[f"{name}-tint"]) >= 4.5, name
        assert contrast(of["card"], of[name]) >= 4.5, name  # words in the strip
    plots = plot_colours()[scheme]
    for name, colour in plots.items():
        for ground in ("ground", "card"):
            if name in ("--plot-ink", "--plot-muted"):
                assert contrast(colour, of[ground]) >= 4.5, name
            elif name not in ("--plot-grid", "--plot-ground"):
                assert contrast(colour, of[ground]) >= 3, name


def test_the_page_needs_no_other_file_and_every_colour_of_it_is_there() -> None:
    assert not re.search(r"@import|url\(|https?://[^\"]", CSS.replace('href^="http"', ""))
    used = set(re.findall(r"var\(--([\w-]+)\)", CSS))
    assert used <= set(re.findall(r"--([\w-]+):", CSS))
