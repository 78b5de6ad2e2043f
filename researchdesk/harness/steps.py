"""Every logged step of a seed, as its worker wrote it: read thinned, or handed out whole."""

from collections.abc import Iterator
from pathlib import Path

from researchdesk.domain.json_text import parse_json
from researchdesk.domain.runs import Task
from researchdesk.domain.text import clean
from researchdesk.errors import NotOnDeskError
from researchdesk.harness.events import number_of
from researchdesk.harness.training.places import steps_file

Step = tuple[int, dict[str, float]]
Curve = tuple[tuple[int, float], ...]


def steps_of(run_folder: Path, task: Task) -> list[Step]:
    """Every step that was logged, in order, with its metrics; torn lines are left out.

    A step that was logged twice, as when a seed went on from a checkpoint, has what was said last.
    Raises NotOnDeskError where the seed logged nothing.
    """
    found: dict[int, dict[str, float]] = {}
    for step, metrics in _lines(steps_file(run_folder, task.arm, task.seed, task.vary)):
        found.setdefault(step, {}).update(metrics)
    if not found:
        vary = f" ({task.vary})" if task.vary else ""
        raise NotOnDeskError(
            f"Nothing was logged of {task.arm} seed {task.seed}{vary} in {run_folder.name}.",
            "`researchdesk runs show RUN` lists the seeds.",
        )
    return sorted(found.items())


def curves_of(run_folder: Path, task: Task, points: int = 200) -> dict[str, Curve]:
    """The seed's curves, metric by metric, thinned to about so many points each.

    Of each stretch of steps the lowest and the highest point are kept, and the very ends.
    """
    whole: dict[str, list[tuple[int, float]]] = {}
    try:
        for step, metrics in steps_of(run_folder, task):
            for name, value in metrics.items():
                whole.setdefault(name, []).append((step, value))
    except NotOnDeskError:
        return {}
    return {name: _thinned(curve, points) for name, curve in whole.items()}


def _thinned(curve: list[tuple[int, float]], points: int) -> Curve:
    if len(curve) <= points:
        return tuple(curve)
    length = max(1, 2 * len(curve) // points)
    kept = {curve[0], curve[-1]}
    for first in range(0, len(curve), length):
        stretch = curve[first : first + length]
        finite = [point for point in stretch if point[1] == point[1]] or stretch
        kept |= {
            min(finite, key=lambda point: point[1]),
            max(finite, key=lambda point: point[1]),
        }
    return tuple(sorted(kept, key=lambda point: point[0]))


def _lines(path: Path) -> Iterator[Step]:
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                step = _step(line)
                if step is not None:
                    yield step
    except FileNotFoundError:
        return


def _step(line: str) -> Step | None:
    try:
        record = parse_json(line)
        step, metrics = record["s"], record["m"]
        if isinstance(step, bool) or not isinstance(step, int):
            return None
        found = {clean(str(name)): number_of(value) for name, value in metrics.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return step, {name: value for name, value in found.items() if value is not None}
