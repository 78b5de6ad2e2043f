"""What a person expects of an experiment, read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.investigations import Expectation, Relation, parse_expectation
from researchdesk.errors import UsageProblemError

_METRICS = st.text(st.characters(categories=["L", "Nd"], include_characters="_/-."), min_size=1)
_NUMBERS = st.floats(-1e100, 1e100)
_STEPS = st.floats(1e-100, 1e100)


@given(_METRICS, st.sampled_from(list(Relation)), _NUMBERS, _STEPS)
def test_what_is_written_is_read_back(
    metric: str, relation: Relation, value: float, step: float
) -> None:
    within = step if relation is Relation.EQUALS else None
    given_value = step if relation.is_to_parent else value
    expectation = Expectation(metric, relation, given_value, within)
    assert parse_expectation(expectation.words) == expectation


@given(_METRICS, st.sampled_from([Relation.HIGHER, Relation.LOWER]))
def test_higher_by_anything_is_read_back(metric: str, relation: Relation) -> None:
    expectation = Expectation(metric, relation)
    assert parse_expectation(expectation.words) == expectation


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = parse_expectation(text)
    except UsageProblemError:
        return
    assert parse_expectation(found.words) == found


@pytest.mark.parametrize(
    ("text", "metric", "relation", "value", "within"),
    [
        ("test_accuracy higher", "test_accuracy", Relation.HIGHER, None, None),
        ("loss is lower by 0.1", "loss", Relation.LOWER, 0.1, None),
        ("loss <= 0.3", "loss", Relation.AT_MOST, 0.3, None),
        ("loss≤.3", "loss", Relation.AT_MOST, 0.3, None),
        ("f1 at least 9e-1", "f1", Relation.AT_LEAST, 0.9, None),
        ("acc/digits > −0.5", "acc/digits", Relation.AT_LEAST, -0.5, None),
        ("x = 1 +- 0.1", "x", Relation.EQUALS, 1.0, 0.1),
        ("x equals 1 ± 0.1", "x", Relation.EQUALS, 1.0, 0.1),
        ("acc = 0.58", "acc", Relation.EQUALS, 0.58, 0.005),
        ("n = 12", "n", Relation.EQUALS, 12.0, 0.5),
    ],
)
def test_the_forms(
    text: str, metric: str, relation: Relation, value: float | None, within: float | None
) -> None:
    found = parse_expectation(text)
    assert (found.metric, found.relation, found.value) == (metric, relation, value)
    assert found.within == (None if within is None else pytest.approx(within))


@pytest.mark.parametrize(
    "text",
    [
        "", "it gets better", "higher", "loss", "loss lower by 0", "loss higher by -1",
        "x = 1 +- -1", "x = 1e999", "x = 1 ± 1e999", "acc >= high", "acc >= 0.9 or so",
    ],
)  # fmt: skip
def test_what_no_run_can_refute_is_refused(text: str) -> None:
    with pytest.raises(UsageProblemError):
        parse_expectation(text)
