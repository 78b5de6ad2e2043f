"""What a run was made with and how to make it again: commands, data, environment, arms."""

import shlex
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from researchdesk.domain.recipes import SUBSTITUTE, Arm
from researchdesk.domain.runs import Task
from researchdesk.domain.text import one_line
from researchdesk.errors import DeskError
from researchdesk.harness.history import RunConfig
from researchdesk.services.planning import ReproduceOptions, planned
from researchdesk.services.reports import Report

Pairs = tuple[tuple[str, str], ...]

_KEYS = {
    "python": "Python",
    "engine": "engine",
    "compute": "computes with",
    "device": "device",
    "gpu": "GPU",
    "cuda": "CUDA",
    "cpu": "processor",
    "cpus": "cores",
    "platform": "system",
    "threads": "threads of a worker",
    "jobs": "workers at a time",
    "deterministic": "deterministic algorithms",
    "subnormals": "subnormal numbers",
}
_LEFT_OUT = (
    *("packages", "imports", "git", "numpy", "torch_build", "changed_on_resume", "engine_details"),
    *_KEYS,
)
_SHORT = 12


def commands(report: Report, config: RunConfig) -> tuple[str, ...]:
    """The commands that make the run again and show it; the first is to be typed in a shell."""
    run, recipe = report.run, report.recipe
    # By name: a paper's id means the first of its recipes, which may be another one.
    words = ["researchdesk", "reproduce", recipe.name]
    words += ["--quick"] if run.quick else []
    words += ["--vary", config.vary] if config.vary else []
    arms = _arms(report)
    words += [word for arm in arms for word in ("--arm", arm)]
    seeds = _seeds(report, config, arms)
    words += ["--seeds", str(seeds)] if seeds else []
    words += ["--device", config.device] if config.device != "auto" else []
    words += [] if config.bundled else ["--trust"]
    lines = [shlex.join(map(one_line, words))]
    if run.state.can_go_on:
        lines.append(f"researchdesk runs resume {run.id}")
    return (*lines, f"researchdesk runs show {run.id}")


def remarks(report: Report, config: RunConfig) -> tuple[str, ...]:
    """What must be the same for the numbers to be the same."""
    packages = report.environment.get("packages")
    version = packages.get("researchdesk") if isinstance(packages, Mapping) else None
    ours = "ships with it" if config.bundled else "does not ship: ask for its folder"
    by = f" {one_line(str(version))}" if version else ""
    lines = [
        f"Made with researchdesk{by}; the recipe {one_line(report.recipe.name)} {ours}.",
        f"SHA-256 of the recipe's files: {config.digest}",
    ]
    seeds = {task.seed for task in report.run.tasks}
    if others := sorted(set(range(max(seeds, default=-1) + 1)) - seeds):
        told = ", ".join(map(str, others))
        lines.append(f"The command runs more seeds than the run had, which did without {told}.")
    if not config.bundled:
        lines.append("--trust says yes to running code that does not ship: read it first.")
    return tuple(lines)


def data_taken(report: Report) -> tuple[tuple[str, str, str], ...]:
    """Each data need: its name, the source that the recipe names, and what was taken."""
    rows = []
    for need in report.recipe.data:
        usual = f"{SUBSTITUTE}{need.substitute}" if need.always else ""
        taken = report.run.data.get(need.name, usual)
        if taken.startswith(SUBSTITUTE):
            said = f"in its place: {taken.removeprefix(SUBSTITUTE)}"
            said += f" ({need.why})" if need.why else ""
        else:
            said = "taken as it is" if taken else "not asked for"
        rows.append((one_line(need.name), one_line(need.source), one_line(said)))
    return tuple(rows)


def environment(report: Report) -> Pairs:
    """Packages, Python, machine, device and the state of the checkout, as they were recorded."""
    found = report.environment
    return tuple((name, one_line(value)) for name, value in _environment(found) if value)


def _environment(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    packages: dict[str, Any] = {}
    for key in ("imports", "packages"):
        more = found.get(key)
        packages |= more if isinstance(more, Mapping) else {}
    if packages:
        yield "packages", ", ".join(f"{name} {packages[name]}" for name in sorted(packages))
    for key, name in _KEYS.items():
        yield name, _said(found.get(key))
    git = found.get("git")
    for key, name in (("here", "checkout"), ("recipe", "checkout of the recipe")):
        state = git.get(key) if isinstance(git, Mapping) else None
        if isinstance(state, Mapping) and state.get("commit"):
            changed = ", with changes that were not committed" if state.get("dirty") else ""
            yield name, f"commit {str(state['commit'])[:_SHORT]}{changed}"
    for key in sorted(found.keys() - set(_LEFT_OUT)):
        if isinstance(found[key], str | int | float):
            yield one_line(key), _said(found[key])


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None or isinstance(value, Mapping | list) else str(value)


def arms_told(report: Report) -> Pairs:
    """Each arm with what it is, its settings, and its seeds."""
    return tuple((one_line(arm.name), _arm(report, arm)) for arm in report.recipe.arms)


def _arm(report: Report, arm: Arm) -> str:
    settings = {**arm.settings, **(arm.quick if report.run.quick else {})}
    said = ", ".join(f"{name} = {settings[name]}" for name in settings)
    seeds = [task.seed for task in report.run.tasks if task.arm == arm.name]
    ran = f"seeds {spans(seeds)}" if seeds else "not run"
    return one_line("; ".join(filter(None, (arm.description, arm.change, said, ran))))


def spans(numbers: Iterable[int]) -> str:
    """``0-4, 7``: numbers in order, neighbours as from–to."""
    groups: list[list[int]] = []
    for number in sorted(set(numbers)):
        if groups and number == groups[-1][-1] + 1:
            groups[-1].append(number)
        else:
            groups.append([number])
    return ", ".join(
        f"{group[0]}–{group[-1]}" if len(group) > 1 else str(group[0]) for group in groups
    )


def _arms(report: Report) -> tuple[str, ...]:
    """The arms to name, where not all were asked for or one is run only if it is named."""
    run, recipe = report.run, report.recipe
    tasked = {task.arm for task in run.tasks}
    asked = tasked | run.missing.keys()
    named = any(arm.needs_minutes is not None and arm.name in tasked for arm in recipe.arms)
    if named:
        asked = tasked
    every = {arm.name for arm in recipe.arms}
    return () if asked == every else tuple(arm.name for arm in recipe.arms if arm.name in asked)


def _seeds(report: Report, config: RunConfig, arms: tuple[str, ...]) -> int:
    """The number of seeds to ask for; 0 where the recipe's own gives the same."""
    wanted = set(report.run.tasks)
    most = max((task.seed for task in wanted), default=0) + 1
    for seeds in (None, most):
        options = ReproduceOptions(seeds, arms, quick=report.run.quick, vary=config.vary)
        if _planned(report, options) == wanted:
            return seeds or 0
    return most


def _planned(report: Report, options: ReproduceOptions) -> set[Task]:
    try:
        tasks = planned(report.recipe, options)
    except DeskError:
        return set()
    return {task for task in tasks if task.arm not in report.run.missing}
