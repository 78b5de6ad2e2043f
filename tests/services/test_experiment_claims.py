"""Hypotheses as claims: how many digits a measured number is told with."""

from dataclasses import replace
from datetime import UTC, datetime

from researchdesk.domain.expectations import parse_expectation
from researchdesk.domain.investigations import (
    Experiment,
    Hypothesis,
    Outcome,
    OutcomeKind,
    SeedMean,
)
from researchdesk.services.experiment_claims import mean_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MEASURED = Outcome(OutcomeKind.HELD, measured=SeedMean(0.08883475510689, None, 1))
PLAIN = Experiment(1, 2, 1, "", "ours", "", {}, NOW, outcome=MEASURED)


def _said(text: str) -> Experiment:
    expected = parse_expectation(text)
    stated = Hypothesis(
        "", expected.metric, expected.relation, expected.value, expected.within, NOW
    )
    return replace(PLAIN, versions=(stated,))


def test_a_mean_has_the_digits_that_its_hypothesis_needs() -> None:
    assert mean_of(PLAIN) == "0.08883"
    assert mean_of(_said("score = 0.0888348 +- 1e-07")) == "0.0888348"
    assert mean_of(_said("score = 0.09 +- 0.01")) == "0.08883"
    assert mean_of(_said("score >= 0.088834")) == "0.088835"
    assert mean_of(_said("score higher by 0.1")) == "0.08883"
    assert mean_of(replace(PLAIN, outcome=Outcome(OutcomeKind.NOT_TESTED))) == ""
