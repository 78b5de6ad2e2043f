"""Effect sizes, corrections: worked examples and other ways to the same number."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_effectsize

from researchdesk.harness.statistics import effects
from researchdesk.harness.statistics.multiplicity import holm
from researchdesk.harness.statistics.planning import fewest
from researchdesk.harness.statistics.samples import Sample


def test_hedges_g_of_the_example_in_borenstein_et_al_2009_chapter_4() -> None:
    """Means 103 and 100, sd 5.5 and 4.5, n = 50 each: J = 0.9923, g = 0.5924."""
    assert effects.small_sample_correction(98) == pytest.approx(0.9923, abs=5e-5)
    found = effects.hedges_g(Sample(50, 103.0, 5.5), Sample(50, 100.0, 4.5))
    assert found == pytest.approx(0.5924, abs=1e-4)


@pytest.mark.parametrize("freedom", [4, 9, 50])
def test_the_correction_is_near_its_usual_approximation(freedom: int) -> None:
    usual = 1 - 3 / (4 * freedom - 1)
    assert effects.small_sample_correction(freedom) == pytest.approx(usual, abs=0.003)


def test_no_spread_has_no_effect_size() -> None:
    assert effects.hedges_g(Sample(3, 1.0, 0.0), Sample(3, 2.0, 0.0)) is None
    assert effects.hedges_g_of_one(Sample(3, 1.0, 0.0), 2.0) is None
    assert effects.hedges_g_of_one(Sample(2, 1.0, 0.1), 2.0) is None


def test_cohens_h_agrees_with_statsmodels() -> None:
    for a, b in itertools.product((0.0, 0.13, 0.94, 1.0), repeat=2):
        assert effects.cohens_h(a, b) == pytest.approx(proportion_effectsize(a, b))


def test_holm_by_hand() -> None:
    """Times 4, 3, 2, 1 from the smallest on, and never less than the one before."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.02]) == [0.02]
    ps = [0.2, 0.001, 0.04, 0.04, 0.03]
    assert holm(ps) == pytest.approx(list(multipletests(ps, method="holm")[1]))
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_never_makes_a_p_smaller_nor_turns_their_order(ps: list[float]) -> None:
    adjusted = holm(ps)
    assert all(p <= q <= min(1, len(ps) * p) + 1e-12 for p, q in zip(ps, adjusted, strict=True))
    order = sorted(range(len(ps)), key=lambda i: ps[i])
    assert all(adjusted[i] <= adjusted[j] for i, j in itertools.pairwise(order))


@given(st.integers(2, 1200), st.integers(2, 1000))
def test_the_fewest_is_the_least_that_decides(threshold: int, least: int) -> None:
    found = fewest(lambda n: n >= threshold, least=least)
    assert found == (max(threshold, least) if threshold <= 1000 else None)
