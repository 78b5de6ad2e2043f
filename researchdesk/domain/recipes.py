"""Recipes: the experiment that tests what a paper claims."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from researchdesk.domain.text import one_line
from researchdesk.errors import UsageProblemError

SUBSTITUTE = "substitute:"
"""Stands before the source that a run took in place of the data that a recipe names."""
MOST_SEEDS = 10_000
"""More seeds of an arm than this are taken for a slip of the hand."""


class ClaimKind(StrEnum):
    """What sort of sentence the claim is, which decides how it is tested.

    ``RATE``: of so many trials (seeds), this share succeeded; its metric is 0 or 1 for each seed.
    """

    VALUE = "value"
    COUNT = "count"
    ORDERING = "ordering"
    BOUND = "bound"
    RATE = "rate"


class SpreadKind(StrEnum):
    """What the paper's ± is: of runs, of their mean, or not said."""

    SD = "sd"
    SE = "standard error"
    UNKNOWN = "unknown"


class ToleranceRule(StrEnum):
    """What a tolerance follows from. ``CHOSEN`` needs its reason in writing, and is shown so."""

    LAST_DIGIT = "last digit"
    PAPERS_SPREAD = "paper's spread"
    FIFTH_OF_EFFECT = "fifth of effect"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a paper says that a run could contradict.

    ``claimed`` is in ``unit``; ``tolerance`` in the same unit, declared beforehand by a
    ``tolerance_rule`` with its ``tolerance_reason``. ``where`` is the place in the paper, ``quote``
    its words, ``verified`` says whether the quote was held against stored text of the paper or of
    its authors' repository. ``arm`` is the arm measured and ``versus`` the arm it is compared with
    (ordering). ``direction`` is ``"at least"`` or ``"at most"`` for bounds and orderings, ``""``
    else. ``better`` is ``"higher"``, ``"lower"`` or ``""``.

    ``printed`` is the number as the paper prints it, ``effect`` the two numbers A and B of the
    effect claimed. ``spread`` is the paper's ±, of kind ``spread_kind`` over ``runs`` runs;
    for a rate, ``runs`` are the paper's trials. ``table`` groups the claims whose difference tests
    are corrected together. ``over`` are the datasets of an ordering that holds over several: the
    metric of each is ``metric/dataset``. ``paired``: the seeds of the two arms belong together.
    """

    id: str
    text: str
    kind: ClaimKind
    metric: str
    arm: str
    where: str
    claimed: float
    quote: str = ""
    verified: bool = False
    unit: str = ""
    tolerance: float | None = None
    tolerance_rule: ToleranceRule | None = None
    tolerance_reason: str = ""
    direction: str = ""
    versus: str = ""
    better: str = ""
    printed: str = ""
    effect: tuple[float, float] | None = None
    spread: float | None = None
    spread_kind: SpreadKind = SpreadKind.UNKNOWN
    runs: int | None = None
    table: str = ""
    over: tuple[str, ...] = ()
    paired: bool = False


class ArmKind(StrEnum):
    """What an arm is there for."""

    OURS = "ours"
    AUTHORS = "authors"
    BASELINE = "baseline"
    ABLATION = "ablation"
    LADDER = "ladder"


@dataclass(frozen=True, slots=True)
class Command:
    """An arm that is a command run in the authors' own checkout, at a pinned ``commit``.

    Words of ``setup`` and ``run`` may hold ``{python}``, ``{seed}`` and ``{setting:NAME}``. Metrics
    are read from ``metrics_file`` (JSON, names to numbers), or by the regular expressions of
    ``patterns`` (metric to pattern with one group; the last match counts) from what it prints.
    ``interpreter`` is a path relative to the checkout, or empty for the one we run with.
    """

    repository: str
    commit: str
    run: tuple[str, ...]
    setup: tuple[tuple[str, ...], ...] = ()
    interpreter: str = ""
    patterns: Mapping[str, str] = field(default_factory=dict)
    metrics_file: str = ""


@dataclass(frozen=True, slots=True)
class Arm:
    """One variant of the experiment. A deterministic arm runs once, whatever the seeds.

    ``settings`` are whole: an arm with a ``parent`` has the parent's, but for its one ``change``
    (a key and its value in words). ``seeds`` is the arm's own number of them where it has one.
    ``needs`` names the data (of the recipe's) it works on; empty: all of them. An arm with
    ``needs_minutes`` (a seed's, on one core) is run where it is asked for by name only, one with
    ``needs_gpu`` where there is one.
    """

    name: str
    description: str = ""
    deterministic: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    quick: Mapping[str, Any] = field(default_factory=dict)
    kind: ArmKind = ArmKind.OURS
    parent: str = ""
    change: str = ""
    seeds: int | None = None
    needs: tuple[str, ...] = ()
    command: Command | None = None
    needs_minutes: float | None = None
    needs_gpu: bool = False


@dataclass(frozen=True, slots=True)
class DataNeed:
    """Data that the experiment works on.

    ``source`` is ``scikit-learn:digits``, ``hf:ylecun/mnist@<revision>``, ``made`` and the like.
    ``substitute`` is what takes its place where it is not to be had, or always (``always``): value
    claims are then not comparable. ``why`` says so in words.
    """

    name: str
    source: str
    substitute: str = ""
    always: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class HyperRange:
    """A setting that ``--vary hyper`` draws: uniformly, or by its logarithm, or one of a list."""

    name: str
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    choices: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What one seed may take: minutes by the clock, and memory in GB; None: no limit."""

    minutes: float | None = None
    memory_gb: float | None = None


@dataclass(frozen=True, slots=True)
class Recipe:
    """A recipe folder, read. ``digest`` is the SHA-256 over its files; ``bundled``: it is ours.

    ``data_note`` says what data the experiment needs, ``budget`` what it costs in words and
    ``budget_minutes`` in minutes on two cores, ``notes`` what could not be verified or was chosen
    by us. ``varies`` names the sources of randomness that the experiment seeds apart, ``ranges``
    the settings that may be drawn, ``baselines`` those that come free for classifiers. ``device``:
    the arms can use an accelerator.
    """

    name: str
    folder: Path
    arxiv_id: str
    version: int | None
    title: str
    summary: str
    seeds: int
    arms: tuple[Arm, ...]
    claims: tuple[Claim, ...]
    digest: str
    bundled: bool
    budget: str = ""
    data_note: str = ""
    notes: tuple[str, ...] = ()
    budget_minutes: float | None = None
    data: tuple[DataNeed, ...] = ()
    limits: Limits = Limits()
    varies: tuple[str, ...] = ()
    ranges: tuple[HyperRange, ...] = ()
    baselines: tuple[str, ...] = ()

    def arm(self, name: str) -> Arm | None:
        return next((arm for arm in self.arms if arm.name == name), None)


def arm_named(recipe: Recipe, name: str) -> Arm:
    """Raises UsageProblemError where the recipe has no such arm."""
    found = recipe.arm(name)
    if found is None:
        raise no_arm(recipe, name)
    return found


def no_arm(recipe: Recipe, *names: str) -> UsageProblemError:
    """What to raise where the recipe has no arms of these names."""
    asked = ", ".join(repr(one_line(name)) for name in names)
    return UsageProblemError(
        f"The recipe {recipe.name} has no arm {asked}; nothing was run or changed.",
        f"Its arms: {', '.join(arm.name for arm in recipe.arms)}.",
    )
