"""Curves with the seeds' band, read back out of the picture's own words and shapes."""

from dataclasses import replace

from lxml import etree

from researchdesk.export.plots.curves import Band, curve_figure
from researchdesk.export.plots.style import COLUMN, HTML, drawn

STEPS = tuple(float(step) for step in range(0, 5000, 100))
FALL = tuple(1 / (1 + step / 100) for step in STEPS)
BAND = Band(
    "full $x_1$", STEPS, FALL, tuple(v * 0.8 for v in FALL), tuple(v * 1.2 for v in FALL), 5, 3
)


def _words(bands: list[Band], *, log: bool = False) -> list[str]:
    svg = drawn(curve_figure(bands, "test_loss", HTML, spread="band: a spread", log=log), "svg")
    return ["".join(node.itertext()).strip() for node in etree.fromstring(svg).iter("{*}text")]


def test_the_picture_names_arms_seeds_metric_and_what_the_band_is() -> None:
    one = replace(BAND, label="no bn", n=1, fewest=1)
    words = _words([BAND, one])
    assert {"full $x_1$ (n=5, 3 at the fewest)", "no bn (n=1)", "band: a spread"} <= set(words)
    assert {"step", "test_loss", "1k", "0.2"} <= set(words)
    svg = drawn(curve_figure([BAND, one], "m", HTML), "svg").decode()
    assert svg.count("opacity: 0.18") == 1


def test_a_logarithmic_axis_has_plain_numbers_and_powers() -> None:
    small = replace(BAND, mean=tuple(v * 1e-4 for v in FALL), low=(0.0,) * len(FALL))
    words = _words([BAND, small], log=True)
    assert {"1", "0.1", "0.01", "10⁻⁴"} <= set(words)
    assert not any("$" in text and "mathdefault" in text for text in words)
    near = replace(
        BAND, mean=(0.3,) * len(STEPS), low=(0.21,) * len(STEPS), high=(0.9,) * len(STEPS)
    )
    assert {"0.2", "0.5"} <= set(_words([near], log=True))


def test_a_curve_of_one_step_and_many_arms_are_drawn() -> None:
    point = Band("one", (3.0,), (0.5,), (0.4,), (0.6,), 2, 2)
    assert b"<svg" in drawn(curve_figure([point], "m", COLUMN), "svg")
    many = [replace(BAND, label=f"arm {place} of a long name") for place in range(14)]
    figure = curve_figure(many, "m", COLUMN)
    styles = {
        (line.get_color(), line.get_marker(), str(line.get_linestyle()))
        for line in figure.axes[0].get_lines()
    }
    assert len(styles) == 14
    assert figure.get_figheight() > curve_figure(many[:1], "m", COLUMN).get_figheight()
