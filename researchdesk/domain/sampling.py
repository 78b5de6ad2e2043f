"""The settings of a sweep's trials: each a pure function of the spec and the trial's number."""

import math
from collections.abc import Iterable, Mapping, Sequence
from random import Random
from statistics import NormalDist
from typing import Any

from researchdesk.domain.seeding import TRIAL, stream_seed
from researchdesk.domain.sweeps import Dimension, Distribution, Search, SweepSpec

WHOLE = (Distribution.INTEGER, Distribution.LOG_INTEGER)
"""The distributions of whole numbers."""
_SLACK = 1e-9


class Sampler:
    """Draws trials at random, or goes through the grid.

    ``usual`` are the arm's own settings: a drawn number is whole where theirs is, and a float where
    theirs is one. At random each setting has a generator of its own, seeded by the sweep's seed,
    the trial's number and the setting's name: another dimension changes none of the others. The
    grid goes in row-major order: the last setting of the space changes from trial to trial, the
    first one last of all. Raises ValueError for a grid over a setting that has no points, and for
    the trials that Optuna chooses.
    """

    def __init__(self, spec: SweepSpec, usual: Mapping[str, Any]) -> None:
        if spec.search is Search.OPTUNA:
            raise ValueError("Optuna's trials follow from the results of those before them.")
        self._spec = spec
        self._usual = usual
        self._axes = [axis(one) for one in spec.space] if spec.search is Search.GRID else []

    @property
    def size(self) -> int | None:
        """How many trials the grid has; None for draws, which have no end."""
        return grid_size(self._spec)

    def settings(self, number: int) -> dict[str, Any]:
        """The settings of trial ``number``, from 0. Raises IndexError beyond the grid."""
        found = self._at(number) if self._axes else self._drawn(number)
        return {name: like(value, self._usual.get(name)) for name, value in found.items()}

    def _drawn(self, number: int) -> dict[str, Any]:
        seed = self._spec.seed
        return {one.name: draw(one, generator(seed, number, one.name)) for one in self._spec.space}

    def _at(self, number: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        rest = number
        for one, points in zip(reversed(self._spec.space), reversed(self._axes), strict=True):
            rest, place = divmod(rest, len(points))
            found[one.name] = points[place]
        if rest:
            raise IndexError(f"The grid has {self.size} trials, and none with number {number}.")
        return {one.name: found[one.name] for one in self._spec.space}


def generator(sweep: int, number: int, name: str) -> Random:
    """The generator of one setting of trial ``number`` in the sweep with the seed ``sweep``."""
    return Random(stream_seed(f"{TRIAL}:{sweep}:setting:{name}", number))  # noqa: S311 - no secret


def draw(one: Dimension, random: Random) -> Any:
    """One value. Whole numbers by the logarithm as Optuna has them: the logarithm is uniform over
    ``low - 0.5`` to ``high + 0.5`` and the value is rounded, so that the ends are not halved."""
    match one.distribution:
        case Distribution.CHOICE:
            return one.values[random.randrange(len(one.values))]
        case Distribution.NORMAL:
            return random.gauss(one.mean, one.sd)
        case Distribution.LOG_NORMAL:
            return math.exp(random.gauss(one.mean, one.sd))
        case Distribution.LOG_UNIFORM:
            return _by_logarithm(one.low, one.high, random.random())
        case Distribution.LOG_INTEGER:
            found = round(_by_logarithm(one.low - 0.5, one.high + 0.5, random.random()))
            return min(max(found, int(one.low)), int(one.high))
    if one.step or one.distribution is Distribution.INTEGER:
        return _stepped(one, random.randrange(_steps(one) + 1))
    return _between(one.low, one.high, random.random())


def axis(one: Dimension) -> Sequence[Any]:
    """The values that a grid takes of one dimension, in order, each once.

    Those of a choice; else ``points`` evenly spaced ones with both ends (by the logarithm for those
    drawn so; one point: the middle), or the middles of ``points`` equally likely parts of a normal
    distribution; without ``points`` every step of what has steps. Raises ValueError where nothing
    says how many.
    """
    if one.distribution is Distribution.CHOICE:
        return one.values
    if not one.points:
        if one.distribution is Distribution.LOG_INTEGER:
            return range(int(one.low), int(one.high) + 1)
        if not one.step and one.distribution is not Distribution.INTEGER:
            raise ValueError(f"A grid needs the number of points of {one.name}.")
        return [_stepped(one, place) for place in range(_steps(one) + 1)]
    shares = [place / max(1, one.points - 1) for place in range(one.points)]
    shares = shares if one.points > 1 else [0.5]
    match one.distribution:
        case Distribution.NORMAL | Distribution.LOG_NORMAL:
            parts = [(2 * place + 1) / (2 * one.points) for place in range(one.points)]
            found = [NormalDist(one.mean, one.sd).inv_cdf(part) for part in parts]
            logarithm = one.distribution is Distribution.LOG_NORMAL
            return [math.exp(value) for value in found] if logarithm else found
        case Distribution.UNIFORM:
            return sorted(_between(one.low, one.high, share) for share in shares)
        case Distribution.LOG_UNIFORM:
            return sorted(_by_logarithm(one.low, one.high, share) for share in shares)
        case Distribution.LOG_INTEGER:
            return _once(round(_by_logarithm(one.low, one.high, share)) for share in shares)
    return _once(_stepped(one, round(share * _steps(one))) for share in shares)


def _once(values: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(values))


def axis_length(one: Dimension) -> int:
    """How many values ``axis`` has, at the most; 0 where nothing says so."""
    if one.distribution is Distribution.CHOICE:
        return len(one.values)
    if one.points:
        return one.points
    if one.step or one.distribution in WHOLE:
        return _steps(one) + 1
    return 0


def grid_size(spec: SweepSpec) -> int | None:
    """How many trials the whole grid has; None where the search is no grid."""
    if spec.search is not Search.GRID:
        return None
    return math.prod(len(axis(one)) for one in spec.space)


def like(value: Any, usual: Any) -> Any:
    """``value`` whole where ``usual`` is, and a float where it is one."""
    if isinstance(value, bool) or isinstance(usual, bool):
        return value
    if isinstance(value, float) and isinstance(usual, int):
        return round(value)
    return float(value) if isinstance(value, int) and isinstance(usual, float) else value


def top_step(one: Dimension) -> float:
    """The highest value that steps from ``low`` reach; ``high`` for what has no steps."""
    stepped = one.step or one.distribution is Distribution.INTEGER
    return float(_stepped(one, _steps(one))) if stepped else one.high


def _steps(one: Dimension) -> int:
    """How many steps lead from ``low`` to the last value that is not above ``high``."""
    if one.distribution in WHOLE:
        return (int(one.high) - int(one.low)) // max(1, int(one.step))
    return math.floor((one.high - one.low) / one.step + _SLACK)


def _stepped(one: Dimension, place: int) -> float | int:
    if one.distribution in WHOLE:
        return int(one.low) + place * max(1, int(one.step))
    if place == 0:
        return one.low
    # 0.1 + 2 * 0.1 is 0.30000000000000004, which nobody would recognise in a table of trials
    return min(float(f"{one.low + place * one.step:.12g}"), one.high)


def _between(low: float, high: float, share: float) -> float:
    """``high - low`` itself may be more than a float holds."""
    return min(max(low * (1 - share) + high * share, low), high)


def _by_logarithm(low: float, high: float, share: float) -> float:
    if share in (0, 1):
        return high if share else low
    return min(max(math.exp(_between(math.log(low), math.log(high), share)), low), high)
