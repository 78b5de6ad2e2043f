"""Pictures: the same bytes each time, words as they stand, colours that are told apart."""

import subprocess
import sys

import pytest
from lxml import etree

from researchdesk.export.plots.style import (
    COLUMN,
    DARK,
    HTML,
    LIGHT,
    LINES,
    MARKERS,
    TWO_COLUMNS,
    Colours,
    Look,
    css_values,
    drawing,
    drawn,
    with_variables,
)

WORDS = r"$x_1$ {\frac <b>&amp; 中 é − \u202e"


def _made(look: Look, form: str) -> bytes:
    with drawing(look, 40) as figure:
        axes = figure.subplots()
        assert drawn(figure, form)
        for place, colour in enumerate(look.colours.series):
            axes.plot([0, 1], [0, place], color=colour, label=f"{WORDS} {place}")
        axes.set_title(WORDS)
        figure.legend(loc="outside right upper")
    once, again = (drawn(figure, form, "A title", f"Runs a, b. {WORDS}") for _ in range(2))
    assert once == again
    return once


@pytest.mark.slow
@pytest.mark.parametrize("form", ["svg", "pdf", "png"])
def test_a_picture_is_the_same_whenever_it_is_drawn_and_says_what_it_is_of(form: str) -> None:
    first = _made(COLUMN, form)
    assert first == _made(COLUMN, form)
    assert b"CreationDate" not in first
    assert b"A title" in first
    if form == "pdf":
        assert b"/Type3" not in first


def test_the_picture_for_a_page_has_its_words_as_words_and_its_colours_from_css() -> None:
    svg = _made(HTML, "svg").decode()
    tree = etree.fromstring(svg.encode())
    words = ["".join(node.itertext()) for node in tree.iter("{*}text")]
    assert any(r"$x_1$ {\frac <b>&amp; 中 é" in text for text in words)
    assert [etree.QName(child).localname for child in tree][:2] == ["title", "desc"]
    styled = with_variables(svg)
    assert "#010a" not in styled
    assert "var(--plot-ink)" in styled
    assert "var(--plot-6)" in styled
    assert css_values(LIGHT).keys() == css_values(DARK).keys()
    assert css_values(DARK)["--plot-1"] == DARK.series[0]
    assert "sans-serif" in svg


def test_words_of_the_picture_for_a_paper_are_drawn() -> None:
    tree = etree.fromstring(_made(TWO_COLUMNS, "svg"))
    assert not list(tree.iter("{*}text"))
    assert float(tree.get("width").removesuffix("pt")) == pytest.approx(174 / 25.4 * 72, abs=0.1)
    assert COLUMN.small >= 7


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_every_colour_stands_out_from_its_ground(colours: Colours) -> None:
    def contrast(colour: str) -> float:
        low, high = sorted((_light(colour), _light(colours.ground)))
        return (high + 0.05) / (low + 0.05)

    assert min(map(contrast, colours.series)) >= 3
    words = (colours.ink, colours.muted, colours.good, colours.unsure, colours.bad)
    assert min(map(contrast, words)) >= 4.5
    assert len(colours.series) == len(LINES) == len(MARKERS)


def test_matplotlib_is_not_loaded_before_something_is_drawn() -> None:
    code = "import researchdesk.export.plots.style, sys; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
