"""The judged claims that the end of a run tells of, also as earlier versions wrote them."""

from typing import Any

import pytest

from researchdesk.domain import figures
from researchdesk.domain.verdicts import ClaimResult, Interval, Verdict
from researchdesk.harness.claim_records import claim_record, claims_of

WIDER = ClaimResult(
    "score", Verdict.IMPRECISE, "open", n=5, interval=Interval(0.1, 0.3), level=0.99
)


def test_what_is_written_is_read_as_it_was() -> None:
    assert claims_of({"claims": [claim_record(WIDER)]}) == (WIDER,)


@pytest.mark.parametrize("level", [None, 1.0, 0, -1, "NaN", "Infinity", "much", [0.99]], ids=str)
def test_without_a_level_that_can_be_the_interval_is_one_at_95_percent(level: Any) -> None:
    record = {**claim_record(WIDER), "level": level}
    if level is None:
        del record["level"]
    (found,) = claims_of({"claims": [record]})
    assert (found.level, found.interval) == (0.95, WIDER.interval)
    assert (figures.level(found), figures.is_wider(found)) == ("95 %", False)
