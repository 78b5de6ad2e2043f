"""What the seeds of an arm measured of one metric, or why nothing can be said of it."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from researchdesk.domain.recipes import Arm, Recipe
from researchdesk.domain.runs import SeedResult, Task
from researchdesk.domain.verdicts import Shortfall, Verdict


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a run brought forth; ``left_out`` are the arms it did not set out to run."""

    recipe: Recipe
    results: Sequence[SeedResult]
    failures: Mapping[Task, str]
    left_out: Collection[str]


@dataclass(frozen=True, slots=True)
class Measured:
    """One arm's values of one metric; ``exact`` where there is no spread to test with.

    ``whole`` is false where seeds failed or did not measure it.
    """

    arm: Arm
    values: tuple[float, ...]
    remarks: tuple[str, ...]
    whole: bool

    @property
    def exact(self) -> bool:
        return self.arm.deterministic or len(set(self.values)) == 1


class Undecidable(Exception):  # noqa: N818 - it is a verdict, not an error
    """A claim that cannot be judged, with what it is instead and why."""

    def __init__(
        self, verdict: Verdict, shortfall: Shortfall, why: str, values: Sequence[float] = ()
    ) -> None:
        super().__init__(why)
        self.verdict, self.shortfall, self.why, self.values = verdict, shortfall, why, tuple(values)


def measured(evidence: Evidence, name: str, metric: str) -> Measured:
    """The finite values of an arm, in the order of its seeds. Raises Undecidable."""
    arm = evidence.recipe.arm(name)
    failed = sorted(task.seed for task in evidence.failures if task.arm == name)
    of_arm = [result for result in evidence.results if result.task.arm == name]
    of_arm.sort(key=lambda result: result.task.seed)
    if arm is None or not of_arm:
        raise _nothing(evidence, name, failed)
    values = tuple(r.metrics[metric] for r in of_arm if metric in r.metrics)
    if not values:
        why = f"arm {name} measured no {metric}"
        raise Undecidable(Verdict.UNTESTED, Shortfall.NOT_MEASURED, why)
    odd = [r.task.seed for r in of_arm if not math.isfinite(r.metrics.get(metric, 0.0))]
    if odd:
        every = len(odd) == len(values)
        verdict = Verdict.DIFFERENT if every else Verdict.NOT_COMPARABLE
        words = f"{_seeds(odd)} of arm {name} gave no finite {metric}"
        words += "" if every else f" ({len(values)} measured)"
        raise Undecidable(verdict, Shortfall.NOT_FINITE, words, values)
    if not arm.deterministic and len(values) < 2:
        why = f"one seed of {name} finished; a spread needs two at least"
        raise Undecidable(Verdict.NOT_COMPARABLE, Shortfall.ONE_SEED, why, values)
    whole = not failed and len(values) == len(of_arm)
    return Measured(arm, values, tuple(_remarks(arm, values, failed, len(of_arm))), whole)


def _nothing(evidence: Evidence, name: str, failed: Sequence[int]) -> Undecidable:
    if failed:
        why, shortfall = f"{_seeds(failed)} of arm {name} failed", Shortfall.FAILED
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
    if not arm.deterministic and len(set(values)) == 1:
        remarks.append(
            f"all {len(values)} seeds of {arm.name} gave the same number, so there is no spread to "
            "test with: compared as it is"
        )
    return remarks


def _seeds(seeds: Sequence[int]) -> str:
    return f"seed{'s' if len(seeds) > 1 else ''} {', '.join(map(str, seeds))}"
