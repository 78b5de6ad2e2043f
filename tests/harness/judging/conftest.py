"""A recipe made of claims, and numbers in place of a run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from researchdesk.domain.recipes import Arm, Claim, DataNeed, Recipe
from researchdesk.domain.runs import SeedResult, Task
from researchdesk.domain.verdicts import ClaimResult
from researchdesk.harness.comparison import judge

Arms = Mapping[str, Sequence[float]]


@pytest.fixture
def results() -> Callable[..., tuple[ClaimResult, ...]]:
    """The verdicts on claims, from the values that each arm gave for metric ``m``, seed by seed."""

    def make(
        claims: Sequence[Claim],
        arms: Arms,
        *,
        exact: Sequence[str] = (),
        needs: Sequence[DataNeed] = (),
        vary: str = "",
        also: Sequence[SeedResult] = (),
        **options: Any,
    ) -> tuple[ClaimResult, ...]:
        names = {*arms, *(claim.arm for claim in claims), *(c.versus for c in claims if c.versus)}
        made = tuple(Arm(name, deterministic=name in exact) for name in sorted(names))
        recipe = Recipe("n", Path(), "2001.00001", 1, "t", "s", 5, made, tuple(claims), "d", True)
        metrics: dict[Task, dict[str, float]] = {}
        for arm, values in arms.items():
            name = arm.split("/")[0]
            for seed, value in enumerate(values):
                metrics.setdefault(Task(name, seed, vary), {})["m" + arm.removeprefix(name)] = value
        found = [
            SeedResult(task, {**measured, "drawn": task.seed}, 1.0)
            for task, measured in metrics.items()
        ]
        return judge(replace(recipe, data=tuple(needs)), [*found, *also], **options)

    return make


@pytest.fixture
def result(results: Callable[..., tuple[ClaimResult, ...]]) -> Callable[..., ClaimResult]:
    """The verdict on one claim; a list of values is arm ``ours``."""

    def make(claim: Claim, values: Sequence[float] | Arms, **options: Any) -> ClaimResult:
        arms = values if isinstance(values, Mapping) else {"ours": values}
        return results((claim,), arms, **options)[0]

    return make
