"""A judged claim as JSON."""

import json

from researchdesk.cli.claims_json import claim_json
from researchdesk.domain.recipes import Claim, ClaimKind, SpreadKind, ToleranceRule
from researchdesk.domain.verdicts import ClaimResult, Interval, Verdict

CLAIM = Claim(
    "c",
    "It is so",
    ClaimKind.VALUE,
    "m",
    "ours",
    "table 1, page 3",
    0.93,
    quote="0.93 ± 0.01",
    tolerance=0.02,
    tolerance_rule=ToleranceRule.CHOSEN,
    tolerance_reason="a reason",
    spread=0.01,
    spread_kind=SpreadKind.SD,
    runs=5,
)
RESULT = ClaimResult(
    "c",
    Verdict.DIFFERENT,
    "why",
    5,
    0.8,
    0.01,
    Interval(0.7, 0.9),
    "prediction interval",
    0.01,
    p_adjusted=0.02,
    effect=-2.0,
    arithmetic=("a line",),
    more_seeds=None,
    level=0.99,
)


def test_a_claim_has_all_that_its_verdict_was_come_to_by() -> None:
    record = json.loads(json.dumps(claim_json(CLAIM, RESULT)))
    wanted = {
        "id": "c",
        "place": "table 1, page 3",
        "where": "table 1, page 3",
        "quote": "0.93 ± 0.01",
        "claimed": 0.93,
        "tolerance": 0.02,
        "tolerance_rule": "chosen",
        "tolerance_reason": "a reason",
        "chosen": True,
        "spread": 0.01,
        "spread_kind": "sd",
        "n": 5,
        "mean": 0.8,
        "sd": 0.01,
        "interval": [0.7, 0.9],
        "interval_level": 0.99,
        "test": "prediction interval",
        "p": 0.01,
        "p_adjusted": 0.02,
        "effect": -2.0,
        "arithmetic": ["a line"],
        "more_seeds": None,
        "causes": [],
        "verdict": "different",
        "why": "why",
        "shortfall": None,
    }
    assert {key: record[key] for key in wanted} == wanted
