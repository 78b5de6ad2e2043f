"""What the seeds of an arm measured of one metric, or why nothing can be said of it."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from researchdesk.domain.recipes import SUBSTITUTE, Arm, Claim, Recipe
from researchdesk.domain.runs import SeedResult, Task
from researchdesk.domain.verdicts import Shortfall, Verdict

_JUDGED = ("", "all")
_LARGEST = 1e250
"""Larger numbers are as good as infinite: their spread could not be calculated with."""

_ROUNDING = 1e-12
_SMALLEST = 1e-300


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a run brought forth; ``left_out`` are the arms it did not set out to run.

    ``missing`` says why an arm could not be run here, ``data`` what was taken for each data need.
    Seeds that varied one source of randomness only are no evidence for a claim.
    """

    recipe: Recipe
    results: Sequence[SeedResult]
    failures: Mapping[Task, str] = field(default_factory=dict)
    left_out: Collection[str] = ()
    missing: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)

    def of_arm(self, name: str) -> tuple[list[SeedResult], list[int]]:
        """The results of an arm by seed, and the seeds that failed.

        Where some seeds vary nothing apart and some everything, the former are taken.
        """
        results = [r for r in self.results if r.task.arm == name and r.task.vary in _JUDGED]
        failed = [t for t in self.failures if t.arm == name and t.vary in _JUDGED]
        varies = {r.task.vary for r in results} or {t.vary for t in failed}
        vary = "" if "" in varies else "all"
        results = sorted((r for r in results if r.task.vary == vary), key=lambda r: r.task.seed)
        return results, sorted(t.seed for t in failed if t.vary == vary)

    def substituted(self, claim: Claim) -> list[str]:
        """In words, the data of the claim's arms that was not to be had here and was replaced."""
        arms = [self.recipe.arm(name) for name in (claim.arm, claim.versus) if name]
        every = {need.name for need in self.recipe.data}
        wanted = {name for arm in arms if arm for name in (arm.needs or every)}
        words = []
        for need in self.recipe.data:
            taken = self.data.get(
                need.name, f"{SUBSTITUTE}{need.substitute}" if need.always else ""
            )
            if need.name in wanted and taken.startswith(SUBSTITUTE):
                words.append(f"{taken.removeprefix(SUBSTITUTE)} in place of {need.source}")
        return words


@dataclass(frozen=True, slots=True)
class Measured:
    """One arm's values of one metric, in the order of their ``seeds``.

    ``whole`` is false where seeds failed or did not measure it.
    """

    arm: Arm
    seeds: tuple[int, ...]
    values: tuple[float, ...]
    remarks: tuple[str, ...]
    whole: bool

    @property
    def alike(self) -> bool:
        """A stochastic arm whose seeds all gave one number: no spread to test with.

        Numbers that differ by no more than their rounding are one: it is no spread over seeds.
        """
        least = max(_SMALLEST, _ROUNDING * max(map(abs, self.values)))
        return not self.arm.deterministic and max(self.values) - min(self.values) <= least


class Undecidable(Exception):  # noqa: N818 - it is a verdict, not an error
    """A claim that cannot be judged, with what it is instead and why; ``arm``: because of which."""

    def __init__(
        self,
        verdict: Verdict,
        shortfall: Shortfall,
        why: str,
        values: Sequence[float] = (),
        arm: str = "",
    ) -> None:
        super().__init__(why)
        self.verdict, self.shortfall, self.why, self.values = verdict, shortfall, why, tuple(values)
        self.arm = arm


def measured(evidence: Evidence, name: str, metric: str) -> Measured:
    """The finite values of an arm, in the order of its seeds. Raises Undecidable."""
    arm = evidence.recipe.arm(name)
    of_arm, failed = evidence.of_arm(name)
    if arm is None or not of_arm:
        raise _nothing(evidence, name, failed)
    with_it = [r for r in of_arm if metric in r.metrics]
    values = tuple(r.metrics[metric] for r in with_it)
    if not values:
        why = f"arm {name} measured no {metric}"
        raise Undecidable(Verdict.UNTESTED, Shortfall.NOT_MEASURED, why)
    if not arm.deterministic and _one_and_the_same(of_arm):
        why = (
            f"all {len(of_arm)} seeds of arm {name} gave the same number for every metric: the "
            "experiment seems not to use its seed, so that they count as one"
        )
        raise Undecidable(Verdict.NOT_COMPARABLE, Shortfall.ONE_SEED, why, values[:1])
    odd = [r.task.seed for r in with_it if not abs(r.metrics[metric]) <= _LARGEST]
    if odd:
        every = len(odd) == len(values)
        enough = arm.deterministic or len(values) > 1
        verdict = Verdict.DIFFERENT if every and enough else Verdict.NOT_COMPARABLE
        finite = all(map(math.isfinite, values))
        what = f"a {metric} beyond {_LARGEST:g}" if finite else f"no finite {metric}"
        words = f"{_seeds(odd)} of arm {name} gave {what}"
        words += "" if every else f" ({len(values)} measured)"
        raise Undecidable(verdict, Shortfall.NOT_FINITE, words, values, name)
    if not arm.deterministic and len(values) < 2:
        why = f"one seed of {name} finished; a spread needs two at least"
        raise Undecidable(Verdict.NOT_COMPARABLE, Shortfall.ONE_SEED, why, values)
    whole = not failed and len(values) == len(of_arm)
    remarks = tuple(_remarks(arm, values, failed, len(of_arm)))
    return Measured(arm, tuple(r.task.seed for r in with_it), values, remarks, whole)


def _one_and_the_same(results: Sequence[SeedResult]) -> bool:
    """Whether seeds do not differ in anything, though something in them is no round number.

    Round ones, such as 1.0 of an accuracy, are alike where a metric is at the end of its scale.
    """
    first = results[0].metrics
    rough = any(math.isfinite(value) and value != round(value) for value in first.values())
    return len(results) > 1 and rough and all(item.metrics == first for item in results)


def _nothing(evidence: Evidence, name: str, failed: Sequence[int]) -> Undecidable:
    if failed:
        why, shortfall = f"{_seeds(failed)} of arm {name} failed", Shortfall.FAILED
    elif name in evidence.missing:
        why, shortfall = evidence.missing[name], Shortfall.MISSING
    elif name in evidence.left_out:
        why, shortfall = f"arm {name} was left out", Shortfall.LEFT_OUT
    else:
        why, shortfall = f"arm {name} was not run", Shortfall.NOT_RUN
    return Undecidable(Verdict.UNTESTED, shortfall, why)


def _remarks(arm: Arm, values: Sequence[float], failed: Sequence[int], ran: int) -> list[str]:
    remarks = []
    if failed:
        remarks.append(f"{_seeds(failed)} of {arm.name} failed and are not in the mean")
    if len(values) < ran:
        remarks.append(f"{ran - len(values)} of {ran} seeds of {arm.name} did not measure it")
    return remarks


def _seeds(seeds: Sequence[int]) -> str:
    return f"seed{'s' if len(seeds) > 1 else ''} {', '.join(map(str, seeds))}"
