"""The picture of a claim: what is drawn where, in the page's colours, the same each time."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from matplotlib.backends.backend_agg import FigureCanvasAgg

from researchdesk.domain.claim_pictures import ClaimPicture, PicturePanel, PictureRow
from researchdesk.domain.verdicts import Interval
from researchdesk.export.plots.inline import inlined
from researchdesk.export.plots.intervals import CARD, claim_svg, interval_figure
from researchdesk.export.plots.style import COLUMN, Look

PAPER = PictureRow("claimed", (), 1.0, claimed=True)
OURS = PictureRow("ours <&> $x$", (0.8, 1.0, 1.3), 1.033, Interval(0.4, 1.6))
PICTURE = ClaimPicture(
    "A </svg> claim",
    (
        PicturePanel("score (%)", (PAPER, OURS), 1.0, Interval(0.9, 1.1)),
        PicturePanel("difference", (OURS,), 0.5, side="at least", zero=True),
    ),
    "in words",
    "",
)
NUMBERS = st.floats(-1e90, 1e90, allow_nan=False)


def _x_of(svg: str, label: str) -> float:
    """Where a number of an axis stands."""
    tree = etree.fromstring(svg.encode())
    (text,) = [t for t in tree.iter("{*}text") if t.text == label][:1]
    return float(text.get("x"))


def test_it_is_drawn_in_the_pages_colours_with_its_words_as_words() -> None:
    svg = claim_svg(PICTURE)
    assert svg == claim_svg(PICTURE)
    tree = etree.fromstring(svg.encode())
    texts = {text.text for text in tree.iter("{*}text")}
    assert {"claimed", "ours <&> $x$", "score (%)", "difference"} <= texts
    assert tree.findtext("{*}title") == "A </svg> claim"
    assert tree.findtext("{*}desc") == "in words"
    assert not re.findall(r"#[0-9a-f]{6}", svg)
    assert {"var(--plot-good)", "var(--plot-1)", "var(--plot-ink)"} <= set(
        re.findall(r"var\(--plot-\w+\)", svg)
    )
    markers = [use.get("x") for use in tree.iter("{*}use") if "--plot-1" in use.get("style", "")]
    low, high = _x_of(svg, "0.5"), _x_of(svg, "1.5")
    assert float(markers[0]) == pytest.approx(low + (high - low) * 0.3, abs=0.01)


def test_two_pictures_in_one_page_do_not_meddle() -> None:
    a, b = (inlined(claim_svg(PICTURE), name) for name in ("a", "b"))
    for svg, name in ((a, "a"), (b, "b")):
        tree = etree.fromstring(svg)
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids))
        assert all(one.startswith(f"{name}-") for one in ids)
        used = re.findall(r"(?:url\(#|href=\"#)([\w-]+)", svg)
        assert used
        assert set(used) <= set(ids)
        assert tree.xpath("//*[local-name() = 'style' or local-name() = 'metadata']") == []
        assert (tree.get("role"), tree.get("aria-labelledby")) == (
            "img",
            f"{name}-title {name}-desc",
        )
        assert "xlink" not in svg


@pytest.mark.parametrize("look", [CARD, COLUMN])
@pytest.mark.parametrize(
    ("number", "room"),
    [(19_400_000, 50_000), (1_700_000, 900), (-0.0012345678, 1e-10), (0.5, 0.2), (1e-70, 1e-70)],
)
def test_numbers_of_an_axis_stand_apart(look: Look, number: float, room: float) -> None:
    band = Interval(number - room, number + room)
    panel = PicturePanel("parameters", (PictureRow("ours", (number,)),), number, band)
    figure = interval_figure([ClaimPicture("t", (panel,), "", "")], look)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    (ax,) = figure.axes
    low, high = ax.get_xlim()
    shown = [label for label in ax.get_xticklabels() if low <= label.get_position()[0] <= high]
    boxes = [label.get_window_extent(canvas.get_renderer()) for label in shown]
    assert len(boxes) >= 2
    assert all(a.x1 < b.x0 for a, b in pairwise(boxes))


@settings(max_examples=12, deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=4), NUMBERS, st.sampled_from(("", "at most")))
def test_any_numbers_can_be_drawn(dots: list[float], line: float, side: str) -> None:
    row = PictureRow("ours", tuple(dots), dots[0], Interval(min(dots), max(dots)))
    panel = PicturePanel("x", (row,), line, side=side, zero=True)
    assert "nan" not in claim_svg(ClaimPicture("t", (panel,), "", "")).lower()
