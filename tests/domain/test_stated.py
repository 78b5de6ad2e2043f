"""The one number a text states: never a guess."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.stated import number_in, stated


@pytest.mark.parametrize(
    ("text", "value", "spread", "unit"),
    [
        ("0.31", 0.31, None, ""),
        ("93.4 %", 93.4, None, "%"),
        ("93.4%", 93.4, None, "%"),
        ("58 per cent", 58, None, "%"),
        ("93.4 ± 0.2", 93.4, 0.2, ""),
        ("93.4 ± 0.2 %", 93.4, 0.2, "%"),
        ("(93.4 ± 0.2) %", 93.4, 0.2, "%"),
        ("93.4% ± 0.2%", 93.4, 0.2, "%"),
        ("0.1 +/- 0.01", 0.1, 0.01, ""),
        ("about 1e-3", 1e-3, None, ""),
        ("1.2 × 10⁻³", 1.2e-3, None, ""),
        ("1.2×10^-3", 1.2e-3, None, ""),
        ("10^-3", 1e-3, None, ""),
        ("1,234", 1234, None, ""),
        ("1,234,567 parameters", 1234567, None, "parameter"),
        ("−0.5 nats", -0.5, None, "nat"),
        ("loss=.5", 0.5, None, ""),
        ("it falls to 0.31.", 0.31, None, ""),
        ("CIFAR-10, top-5: 93.4 %", 93.4, None, "%"),
        ("F1 of ResNet50: 0.31", 0.31, None, ""),
        ("0.5 (Table 1)", 0.5, None, ""),
        ("0.5, as [[1904.09237]] says in §3.2 [4]", 0.5, None, ""),
        ("0.51 ± 0.01 (n=3)", 0.51, 0.01, ""),
        ("over 5 seeds: 0.3", 0.3, None, ""),
        ("fails in 3 seeds", 3, None, "seed"),
        ("after 900 steps", 900, None, "step"),
        ("at step 900", 900, None, "step"),
        ("12 ms", 12, None, "ms"),
        ("12ms", 12, None, "ms"),
        ("12 s", 12, None, "s"),
        ("–0.1", -0.1, None, ""),
        ("1e–3", 1e-3, None, ""),
        ("10^–3", 1e-3, None, ""),
        ("2.2 pp", 2.2, None, "pp"),
        ("2.2 percentage points", 2.2, None, "pp"),
        ("2.2 points", 2.2, None, "pp"),
        ("it fell to 0.31", 0.31, None, ""),
        ("dropped slowly to 91.2 %", 91.2, None, "%"),
    ],
)
def test_a_text_with_one_number_states_it(
    text: str, value: float, spread: float | None, unit: str
) -> None:
    found = stated(text)
    assert found is not None
    assert (found.value, found.spread, found.unit) == (value, spread, unit)
    assert number_in(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "it falls to the end",
        "0.31 at step 900, 0.44 at step 1000",
        "0.1 … 0.2",
        "0.1-0.2",
        "0.9 -> 0.8",
        "0.31 ± 0.02 and 0.05",
        "± 0.2",
        "1/2",
        "3 of 5 seeds",
        "2024-11-21",
        "10:30",
        "1.2.3",
        "0,31",
        "12,34",
        "2^10",
        "2¹⁰",
        "3x3",
        "CIFAR-10",
        "ResNet50",
        "see Table 2",
        "1904.09237",
        "arXiv:1904.09237v2",
        "1e999",
        "1e-99999999999",
        "9" * 500,
        "93 % ± 0.2 s",
        "nan",
        "inf",
        "1. it falls",
        "0.1–0.2",
        "CIFAR–10",
        "2.2 pp lower",
        "dropped by 2.2 percentage points",
        "fell by 3 %",
        "fell 3 %",
        "falls 3 %",
        "a drop of 3 %",
        "2 orders of magnitude less",
        "3 times",
        "3x",
        "2× faster",
        "rose 2 points",
        "gained 0.3",
        "5 % more",
        "3 % below theirs",
    ],
)
def test_what_is_no_one_number_states_none(text: str) -> None:
    assert stated(text) is None
    assert number_in(text) is None


@given(st.floats(-1e12, 1e12, allow_nan=False))
def test_a_number_as_python_writes_it_is_read_as_it_was(value: float) -> None:
    assert number_in(f"{value!r}") == value
    assert number_in(f"about {value!r} at the end") == value


@given(st.integers(0, 10**15))
def test_thousands_are_read_with_their_commas(value: int) -> None:
    assert number_in(f"{value:,}") == value


@given(st.integers(-9999, 9999), st.integers(0, 6), st.integers(1, 99))
def test_a_printed_figure_gives_back_its_parts(number: int, places: int, spread: int) -> None:
    value, wide = number / 10**places, spread / 10**places
    found = stated(f"{value:.{places}f} ± {wide:.{places}f} %")
    assert found is not None
    assert found.value == pytest.approx(value)
    assert found.spread == pytest.approx(wide)
    assert found.unit == "%"
    assert found.digit == pytest.approx(10.0**-places)
    assert found.rounds_from(value + 0.49 * found.digit)
    assert not found.rounds_from(value + 0.51 * found.digit)


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    found = stated(text)
    assert found is None or math.isfinite(found.value)


@given(st.lists(st.integers(0, 999), min_size=2, max_size=5, unique=True))
def test_several_numbers_are_never_one(numbers: list[int]) -> None:
    assert number_in(" then ".join(map(str, numbers))) is None
