"""Judged claims as plain data, in the event of a run's end."""

from collections.abc import Mapping
from typing import Any

from researchdesk.domain.verdicts import USUAL_LEVEL, ClaimResult, Interval, Shortfall, Verdict
from researchdesk.harness.events import number_of


def claim_record(result: ClaimResult) -> dict[str, Any]:
    """A judged claim as plain data."""
    interval = result.interval
    return {
        "id": result.claim_id,
        "verdict": str(result.verdict),
        "why": result.why,
        "n": result.n,
        "mean": result.mean,
        "sd": result.sd,
        "interval": [interval.low, interval.high] if interval else None,
        "level": result.level,
        "test": result.test,
        "p": result.p,
        "shortfall": result.shortfall,
        "p_adjusted": result.p_adjusted,
        "effect": result.effect,
        "arithmetic": list(result.arithmetic),
        "more_seeds": result.more_seeds,
        "causes": list(result.causes),
    }


def claims_of(data: Mapping[str, Any]) -> tuple[ClaimResult, ...]:
    """The judged claims of the event; none where it does not hold them whole."""
    records = data.get("claims")
    if not isinstance(records, list):
        return ()
    try:
        return tuple(_claim_of(record) for record in records)
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError):
        return ()


def _claim_of(record: Mapping[str, Any]) -> ClaimResult:
    interval = record.get("interval")
    ends = [number_of(end) for end in interval] if isinstance(interval, list) else []
    low, high = ends if len(ends) == 2 else (None, None)
    more = number_of(record.get("more_seeds"))
    return ClaimResult(
        claim_id=str(record["id"]),
        verdict=Verdict(record["verdict"]),
        why=str(record.get("why", "")),
        n=int(record.get("n", 0)),
        mean=number_of(record.get("mean")),
        sd=number_of(record.get("sd")),
        interval=Interval(low, high) if low is not None and high is not None else None,
        test=str(record.get("test", "")),
        p=number_of(record.get("p")),
        shortfall=Shortfall(record["shortfall"]) if record.get("shortfall") else None,
        p_adjusted=number_of(record.get("p_adjusted")),
        effect=number_of(record.get("effect")),
        arithmetic=_lines(record.get("arithmetic")),
        more_seeds=None if more is None else int(more),
        causes=_lines(record.get("causes")),
        level=_level(record.get("level")),
    )


def _level(given: Any) -> float:
    """That of an interval; runs of earlier versions say none."""
    level = number_of(given)
    return level if level is not None and 0.0 < level < 1.0 else USUAL_LEVEL


def _lines(given: Any) -> tuple[str, ...]:
    return tuple(map(str, given)) if isinstance(given, list) else ()
