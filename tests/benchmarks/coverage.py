"""How often intervals hold what they are to hold, and how often a true claim is called different.

Simulated: the paper's number comes from the very experiment that our seeds repeat. Run it with
``python tests/benchmarks/coverage.py [ROUNDS]``; it prints two tables and takes minutes.
"""

import math
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from researchdesk.domain.recipes import Arm, Claim, ClaimKind, Recipe, SpreadKind
from researchdesk.domain.runs import SeedResult, Task
from researchdesk.domain.verdicts import ClaimResult, Interval, Verdict
from researchdesk.harness.comparison import judge
from researchdesk.harness.statistics import means, proportions
from researchdesk.harness.statistics.samples import sample

ROUNDS = 10_000
SIZES = (3, 5, 10)
Draw = Callable[[random.Random], float]

SEEDS: dict[str, Draw] = {
    "normal": lambda rng: rng.gauss(0, 1),
    "uniform": lambda rng: rng.uniform(-1, 1),
    "skewed (log-normal)": lambda rng: rng.lognormvariate(0, 0.5),
    "heavy tails (t, 3)": lambda rng: rng.gauss(0, 1) / math.sqrt(rng.gammavariate(1.5, 2) / 3),
    "two modes": lambda rng: rng.gauss(rng.choice((-3, 3)), 1),
    "coarse (sd 1, grid 0.5)": lambda rng: round(2 * rng.gauss(0.1, 1)) / 2,
    "coarse (sd 1, grid 2)": lambda rng: 2.0 * round(rng.gauss(0.3, 1) / 2),
}
"""How a seed's number may fall."""

_CLAIM = Claim("c", "t", ClaimKind.VALUE, "m", "ours", "w", 0.0, tolerance=0.1)


def held(rounds: int, hit: Callable[[random.Random], bool], seed: int = 0) -> float:
    """The share of rounds that hit."""
    rng = random.Random(seed)
    return sum(hit(rng) for _ in range(rounds)) / rounds


def prediction_coverage(draw: Draw, n: int, rounds: int) -> float:
    """How often the prediction interval of n seeds holds one further run."""

    def hit(rng: random.Random) -> bool:
        ours = sample([draw(rng) for _ in range(n)])
        return _holds(means.further_run(ours, draw(rng)).interval(), 0.0)

    return held(rounds, hit)


def paper_coverage(draw: Draw, n: int, runs: int, rounds: int, *, welch: bool) -> float:
    """How often the interval of the difference from a paper's mean over ``runs`` holds 0."""

    def hit(rng: random.Random) -> bool:
        ours = sample([draw(rng) for _ in range(n)])
        paper = sample([draw(rng) for _ in range(runs)])
        of = means.welch if welch else means.papers_mean
        return _holds(of(ours, paper).interval(), 0.0)

    return held(rounds, hit)


def wilson_coverage(n: int, rate: float) -> float:
    """Exactly: the chance that Wilson's interval of n trials holds the rate."""
    return sum(
        _binomial(k, n, rate) for k in range(n + 1) if _holds(proportions.wilson(k, n), rate)
    )


def newcombe_coverage(n: int, trials: int, rate: float) -> float:
    """Exactly: the chance that Newcombe's interval of two samples of one rate holds 0."""
    return sum(
        _binomial(k, n, rate) * _binomial(j, trials, rate)
        for k in range(n + 1)
        for j in range(trials + 1)
        if _holds(proportions.newcombe(k, n, j, trials), 0.0)
    )


def verdict(claim: Claim, arms: dict[str, Sequence[float]]) -> ClaimResult:
    """The verdict on one claim by itself."""
    return verdicts((claim,), arms)[0]


def verdicts(claims: tuple[Claim, ...], arms: dict[str, Sequence[float]]) -> Sequence[ClaimResult]:
    """The verdicts on the claims of one recipe."""
    stochastic = tuple(Arm(name) for name in arms)
    recipe = Recipe("n", Path(), "2001.00001", 1, "t", "s", 5, stochastic, claims, "d", True)
    metrics = {claim.metric for claim in claims}
    results = [
        SeedResult(Task(name, seed), dict.fromkeys(metrics, value), 1.0)
        for name, values in arms.items()
        for seed, value in enumerate(values)
    ]
    return judge(recipe, results)


def value_called_different(draw: Draw, n: int, tolerance: float, rounds: int) -> float:
    """The paper prints one run."""

    def hit(rng: random.Random) -> bool:
        claim = replace(_CLAIM, claimed=draw(rng), tolerance=tolerance)
        return _different(verdict(claim, {"ours": [draw(rng) for _ in range(n)]}))

    return held(rounds, hit)


def mean_called_different(
    draw: Draw, n: int, runs: int, tolerance: float, rounds: int, kind: SpreadKind = SpreadKind.SD
) -> float:
    """The paper prints the mean of ``runs`` runs and its ±; of UNKNOWN kind that is left out."""

    def hit(rng: random.Random) -> bool:
        paper = sample([draw(rng) for _ in range(runs)])
        spread = paper.error if kind is SpreadKind.SE else paper.sd
        claim = replace(_CLAIM, claimed=paper.mean, tolerance=tolerance, spread=spread)
        claim = replace(claim, spread_kind=kind, runs=runs)
        return _different(verdict(claim, {"ours": [draw(rng) for _ in range(n)]}))

    return held(rounds, hit)


def rate_called_different(n: int, trials: int | None, rate: float, tolerance: float) -> float:
    """Exactly: the paper's rate is of ``trials``, or known as it is."""
    theirs = range(trials + 1) if trials else [None]
    return sum(
        _binomial(k, n, rate) * (1.0 if j is None or not trials else _binomial(j, trials, rate))
        for k in range(n + 1)
        for j in theirs
        if _different(_rate_verdict(k, n, j, trials, rate, tolerance))
    )


def _rate_verdict(
    k: int, n: int, theirs: int | None, trials: int | None, rate: float, tolerance: float
) -> ClaimResult:
    claimed = rate if theirs is None or not trials else theirs / trials
    claim = replace(_CLAIM, kind=ClaimKind.RATE, claimed=claimed, runs=trials, tolerance=tolerance)
    return verdict(claim, {"ours": [1.0] * k + [0.0] * (n - k)})


def ordering_called_different(draw: Draw, n: int, rounds: int, *, paired: bool = False) -> float:
    """Two arms that do not differ, the worst case of "at least as good"."""
    claim = replace(_CLAIM, kind=ClaimKind.ORDERING, versus="base", direction="at least")
    claim = replace(claim, paired=paired, tolerance=None)

    def hit(rng: random.Random) -> bool:
        arms = {name: [draw(rng) for _ in range(n)] for name in ("ours", "base")}
        return _different(verdict(claim, arms))

    return held(rounds, hit)


def bound_called_different(draw: Draw, n: int, rounds: int) -> float:
    """A bound that is just the true mean."""
    far = random.Random(1)
    mean = sum(draw(far) for _ in range(100_000)) / 100_000
    claim = replace(_CLAIM, kind=ClaimKind.BOUND, claimed=mean, direction="at least")

    def hit(rng: random.Random) -> bool:
        return _different(verdict(claim, {"ours": [draw(rng) for _ in range(n)]}))

    return held(rounds, hit)


def any_called_different(claims: int, n: int, rounds: int) -> float:
    """How often one at least of a table's true claims is called different."""

    def hit(rng: random.Random) -> bool:
        arms = {f"a{i}": [rng.gauss(0, 1) for _ in range(n)] for i in range(claims)}
        table = tuple(
            replace(_CLAIM, id=name, arm=name, claimed=rng.gauss(0, 1), table="table 1")
            for name in arms
        )
        return any(_different(result) for result in verdicts(table, arms))

    return held(rounds, hit)


def _holds(interval: Interval, value: float) -> bool:
    return interval.low - 1e-12 <= value <= interval.high + 1e-12


def _different(result: ClaimResult) -> bool:
    return result.verdict is Verdict.DIFFERENT


def _binomial(k: int, n: int, rate: float) -> float:
    return math.comb(n, k) * rate**k * (1 - rate) ** (n - k)


def _row(name: str, shares: Sequence[float]) -> None:
    print(f"{name:52}" + "".join(f"{share:9.4f}" for share in shares), flush=True)


def _coverage(rounds: int) -> None:
    print(f"{'Coverage of the 95 % interval':52}" + "".join(f"    n={n:3}" for n in SIZES))
    for name, draw in SEEDS.items():
        shares = [prediction_coverage(draw, n, rounds) for n in SIZES]
        _row(f"prediction, {name}", shares)
    for runs in SIZES:
        for welch, form in ((True, "Welch"), (False, "Welch or pooled, the wider")):
            shares = [paper_coverage(SEEDS["normal"], n, runs, rounds, welch=welch) for n in SIZES]
            _row(f"{form}; paper's mean of {runs} runs", shares)
    for rate in (0.13, 0.5, 0.94):
        _row(f"Wilson, rate {rate} (exact)", [wilson_coverage(n, rate) for n in SIZES])
        shares = [newcombe_coverage(n, 100, rate) for n in SIZES]
        _row(f"Newcombe, rate {rate}, 100 trials (exact)", shares)


def _called_different(rounds: int) -> None:
    print(f"\n{'True claims called different':52}" + "".join(f"    n={n:3}" for n in SIZES))
    normal = SEEDS["normal"]
    for name, draw in SEEDS.items():
        _row(
            f"value, one run printed, {name}",
            [value_called_different(draw, n, 0.1, rounds) for n in SIZES],
        )
    for tolerance in (0.001, 1.0):
        shares = [value_called_different(normal, n, tolerance, rounds) for n in SIZES]
        _row(f"value, one run printed, tolerance {tolerance}", shares)
    for runs in SIZES:
        for kind in SpreadKind:
            shares = [mean_called_different(normal, n, runs, 0.1, rounds, kind) for n in SIZES]
            _row(f"value, mean of {runs} runs, ± {kind}", shares)
    for rate in (0.13, 0.5, 0.94):
        shares = [rate_called_different(n, 100, rate, 0.05) for n in SIZES]
        _row(f"rate {rate} of 100 trials (exact)", shares)
        shares = [rate_called_different(n, None, rate, 0.05) for n in SIZES]
        _row(f"rate {rate}, trials unknown (exact)", shares)
    _row("bound, just true", [bound_called_different(normal, n, rounds) for n in SIZES])
    _row("ordering, no difference", [ordering_called_different(normal, n, rounds) for n in SIZES])
    shares = [ordering_called_different(normal, n, rounds // 4, paired=True) for n in SIZES]
    _row("ordering, paired, no difference", shares)
    for claims in (2, 10):
        shares = [any_called_different(claims, n, rounds // claims) for n in SIZES]
        _row(f"any of {claims} true claims of one table (Holm)", shares)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    _coverage(rounds)
    _called_different(rounds)


if __name__ == "__main__":
    main()
