"""Results tables: what each arm measured of several metrics, and claimed against measured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from researchdesk.domain import figures
from researchdesk.domain.ablation import AblationTable, Cell, Raw, Words
from researchdesk.domain.recipes import Arm, Claim, Recipe, ToleranceRule
from researchdesk.domain.runs import SeedResult
from researchdesk.domain.text import one_line
from researchdesk.domain.verdicts import ClaimResult, Verdict
from researchdesk.harness.ablation import families
from researchdesk.harness.arm_values import ArmValues, bold_notes, data_notes
from researchdesk.harness.leads import leads

_KEY = (
    "± after a claimed number is the tolerance declared beforehand; after a measured one, the "
    "standard deviation over n seeds. Intervals are 95 % ones of the mean or of a difference "
    "(Δ: of rates)"
)
_PREDICTION = "; one marked † is where a run like the paper's would fall"
_PREDICTS = "prediction interval"
_UNSAID = (Verdict.NOT_COMPARABLE, Verdict.UNTESTED)


@dataclass(frozen=True, slots=True)
class Part:
    """One run's share of a table. ``name`` is empty where the table is of one run.

    ``run_of`` says of an arm which run it is from, where it is not ``run``.
    """

    name: str
    run: str
    recipe: Recipe
    results: Sequence[SeedResult]
    quick: bool = False
    data: Mapping[str, str] = field(default_factory=dict)
    claims: Sequence[ClaimResult] = ()
    run_of: Mapping[str, str] = field(default_factory=dict)

    def of(self, words: str) -> str:
        """The words, with the run's name before them where there are several."""
        return f"{self.name}: {words}" if self.name else words


_Share = tuple[Part, Sequence[Arm], Sequence[ArmValues]]


def results_table(parts: Sequence[Part], metrics: Sequence[str], title: str) -> AblationTable:
    """A row for each arm of each run that measured one of the metrics, a column for each metric.

    The best of a metric is looked for within each run: runs may differ in more than their arms.
    Holm's correction is over the whole table.
    """
    shares = [_share(part, metrics) for part in parts]
    columns = {
        (of, at, part.of(name)): column
        for of, (part, arms, seen) in enumerate(shares)
        for at, values in enumerate(seen)
        for name, column in values.columns(arms).items()
    }
    best = dict(zip(columns, leads(list(columns.values())), strict=True))
    rows: list[tuple[Cell, ...]] = []
    runs: list[str] = []
    for of, (part, arms, seen) in enumerate(shares):
        own = [
            [lead for (place, metric, _), lead in best.items() if (place, metric) == (of, at)]
            for at in range(len(metrics))
        ]
        for arm in arms:
            cells = [values.cell(arm.name, of_it) for values, of_it in zip(seen, own, strict=True)]
            rows.append((*_first(part), Words(arm.name), *cells))
            runs.append(part.run_of.get(arm.name, part.run))
    first = ("run", "arm") if any(part.name for part in parts) else ("arm",)
    named = {name: lead for (_, _, name), lead in best.items()}
    notes = (*_key(shares, metrics), *bold_notes(named, _within(shares)), *_made(shares))
    heads = (*first, *metrics)
    return AblationTable(title, ", ".join(metrics), heads, tuple(rows), notes, runs=tuple(runs))


def claims_table(parts: Sequence[Part], title: str) -> AblationTable:
    """A row for each claim of each run: claimed, measured, interval, verdict."""
    rows: list[tuple[Cell, ...]] = []
    runs: list[str] = []
    told: list[str] = []
    for part in parts:
        by_id = {claim.id: claim for claim in part.recipe.claims}
        for result in part.claims:
            claim = by_id[result.claim_id]
            rows.append((*_first(part), *_claim(claim, result)))
            runs.append(part.run)
            if result.verdict in _UNSAID:
                told.append(part.of(f"{one_line(claim.text)}: {one_line(result.why)}."))
    heads = ("claim", "claimed", "measured", "95 % interval", "verdict")
    first = ("run",) if any(part.name for part in parts) else ()
    made = _made([_share(part, sorted(_metrics(part))) for part in parts])
    notes = (*_keys(parts), *made, *told)
    return AblationTable(title, "", (*first, *heads), tuple(rows), notes, runs=tuple(runs))


def _first(part: Part) -> tuple[Cell, ...]:
    return (Words(part.name, {"run_name": part.name}),) if part.name else ()


def _share(part: Part, metrics: Sequence[str]) -> _Share:
    """A run's arms with a number, baselines first, each after its parent, and their values."""
    seen = [ArmValues(part.recipe, part.results, name) for name in metrics]
    every = families(part.recipe.arms)
    return part, [arm for arm in every if any(of.of(arm.name) for of in seen)], seen


def _metrics(part: Part) -> set[str]:
    return {name for result in part.results for name in result.metrics}


def _key(shares: Sequence[_Share], metrics: Sequence[str]) -> list[str]:
    """What the numbers are, and what is better."""
    better = {
        way: [
            name
            for at, name in enumerate(metrics)
            if any(seen[at].better == way for _, _, seen in shares)
        ]
        for way in ("higher", "lower")
    }
    ways = "".join(f"; {way} is better: {', '.join(of)}" for way, of in better.items() if of)
    return [f"Mean ± standard deviation over n seeds{ways}."]


def _within(shares: Sequence[_Share]) -> str:
    """In words, the rows that a best one is held against."""
    apart = any(len(seen[0].columns(arms)) > 1 for _, arms, seen in shares if seen)
    run = " of its run" if len(shares) > 1 else ""
    return f"every other row{run}{' on the same data' if apart else ''}"


def _made(shares: Sequence[_Share]) -> list[str]:
    """How the runs came about."""
    notes = [part.of("Of a shortened run.") for part, _, _ in shares if part.quick]
    for part, arms, _ in shares:
        lines = data_notes(part.recipe, part.data, [arm.name for arm in arms])
        notes += [part.of(line) for line in lines]
    return notes


def _claim(claim: Claim, result: ClaimResult) -> tuple[Cell, ...]:
    low, high = (result.interval.low, result.interval.high) if result.interval else (None, None)
    mark = " †" if result.interval and _PREDICTS in result.test else ""
    about: dict[str, Raw] = {
        "claim": claim.id, "text": claim.text, "kind": claim.kind.value, "of_metric": claim.metric,
        "arm": claim.arm, "versus": claim.versus, "direction": claim.direction,
        "where": claim.where,
    }  # fmt: skip
    rule = claim.tolerance_rule.value if claim.tolerance_rule else ""
    said: dict[str, Raw] = {
        "claimed": claim.claimed, "unit": claim.unit, "tolerance": claim.tolerance,
        "tolerance_rule": rule,
    }  # fmt: skip
    ends: dict[str, Raw] = {
        "interval_low": low, "interval_high": high,
        "interval_level": result.level if result.interval else None,
        "test": result.test, "p": result.p, "p_holm": result.p_adjusted,
    }  # fmt: skip
    numbers: dict[str, Raw] = {
        "measured_mean": result.mean, "measured_sd": result.sd, "measured_n": result.n
    }  # fmt: skip
    verdict: dict[str, Raw] = {"verdict": result.verdict.value, "why": result.why}
    return (
        Words(f"{claim.text} ({claim.where})" if claim.where else claim.text, about),
        Words(figures.claimed(claim), said),
        Words(figures.measured(claim, result), numbers),
        Words(f"{figures.interval(claim, result)}{mark}", ends),
        Words(result.verdict.value, verdict),
    )


def _keys(parts: Sequence[Part]) -> list[str]:
    predicted = any(
        result.interval and _PREDICTS in result.test for part in parts for result in part.claims
    )
    keys = [f"{_KEY}{_PREDICTION if predicted else ''}."]
    if any(figures.is_wider(result) for part in parts for result in part.claims):
        keys.append(figures.WIDER)
    chosen = {
        claim.id: claim
        for part in parts
        for claim in part.recipe.claims
        if claim.tolerance_rule is ToleranceRule.CHOSEN
    }
    if chosen:
        keys.append(f"{figures.CHOSEN} a tolerance chosen for its reason, not by a rule.")
    return keys
