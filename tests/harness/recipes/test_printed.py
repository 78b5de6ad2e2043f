"""Numbers as papers print them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.harness.recipes.printed import parse_printed


@pytest.mark.parametrize(
    ("text", "unit", "value", "half_digit"),
    [
        ("0.27M", "parameters", 270_000, 5_000),
        ("19.4 million", "", 19_400_000, 50_000),
        ("19.4 million", "million", 19.4, 0.05),
        ("19.4", "million parameters", 19.4, 0.05),
        ("19.4M", "million parameters", 19.4, 0.05),
        ("19.4 million parameters", "parameters", 19_400_000, 50_000),
        ("1.2k", "", 1200, 50),
        ("3.7134e-2", "", 0.037134, 5e-7),
        ("6.7E-04", "", 6.7e-4, 5e-6),
        ("6.7 · 10^{-4}", "", 6.7e-4, 5e-6),
        ("6.7 × 10⁻⁴", "", 6.7e-4, 5e-6),
        ("1.4e4", "iterations", 14_000, 500),
        ("1.4e4 iterations", "iterations", 14_000, 500),
        ("94 %", "", 0.94, 0.005),
        ("94%", "%", 94, 0.5),
        ("94", "%", 94, 0.5),
        ("94.0", "%", 94, 0.05),
        ("94.0 percent", "%", 94, 0.05),
        ("−0.5", "", -0.5, 0.05),
        (".5", "", 0.5, 0.05),
        ("5.", "", 5, 0.5),
        ("60,000", "images", 60_000, 0.5),
        ("60 000", "", 60_000, 0.5),
        ("0", "", 0, 0.5),
        ("5 ms", "ms", 5, 0.5),
    ],
)
def test_a_printed_number_is_read_in_its_unit(
    text: str, unit: str, value: float, half_digit: float
) -> None:
    found = parse_printed(text, unit)
    assert found is not None
    assert found.value == pytest.approx(value, rel=1e-12, abs=1e-300)
    assert found.half_digit == pytest.approx(half_digit, rel=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "about",
        "94 ± 2",
        "1.2.3",
        "0,5",
        "5 ms",
        "5 M bytes",
        "1e",
        "1e9999",
        "1e-999 %",
        "٣",
        ".",
    ],
)
def test_what_is_not_one_number_is_not_guessed_at(text: str) -> None:
    assert parse_printed(text, "seconds") is None


def test_a_metre_is_no_million() -> None:
    found = parse_printed("5 m", "m")
    assert found is not None
    assert found.value == 5


@given(st.text(max_size=40), st.text(max_size=10))
def test_no_text_breaks_it(text: str, unit: str) -> None:
    found = parse_printed(text, unit)
    assert found is None or (math.isfinite(found.value) and math.isfinite(found.half_digit))


@given(
    st.integers(-(10**6), 10**6),
    st.integers(0, 6),
    st.integers(-30, 30),
    st.sampled_from(["e", "E"]),
)
def test_half_a_digit_is_half_of_what_the_last_digit_counts(
    digits: int, decimals: int, power: int, mark: str
) -> None:
    written = f"{digits / 10**decimals:.{decimals}f}"
    found = parse_printed(f"{written}{mark}{power}")
    assert found is not None
    assert found.value == pytest.approx(float(written) * 10.0**power, rel=1e-9)
    assert found.half_digit == pytest.approx(0.5 * 10.0 ** (power - decimals), rel=1e-9)
