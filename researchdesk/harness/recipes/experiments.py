"""What shape an experiment.py has, told from its text: it is never run for that."""

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_BASE = "Experiment"
_MODULE = "researchdesk.harness.training.experiment"
_FUNCTIONS = ("measure", "measure_seeds")


@dataclass(slots=True)
class Shape:
    """What an experiment's text has at its top. ``task`` is that of the Experiment, where said.

    ``problems`` are whole lines, with file and line.
    """

    functions: tuple[str, ...] = ()
    experiments: tuple[str, ...] = ()
    task: str = ""
    problems: list[str] = field(default_factory=list)


def shape_of(path: Path) -> Shape:
    """The shape of an experiment, with what is wrong with it."""
    try:
        text = path.read_text(encoding="utf-8")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, str(path), "exec", dont_inherit=True)
            tree = ast.parse(text, str(path))
    except FileNotFoundError:
        return Shape(problems=[f"{path}:1: the file is missing"])
    except (SyntaxError, ValueError, OSError) as error:
        line = getattr(error, "lineno", None) or 1
        return Shape(problems=[f"{path}:{line}: is not Python: {error}"])
    except (RecursionError, MemoryError):
        return Shape(problems=[f"{path}:1: is nested too deeply for Python"])
    return _shape(tree, path)


def _shape(tree: ast.Module, path: Path) -> Shape:
    functions = [name for name in _FUNCTIONS if name in set(_bound(tree.body))]
    classes = _experiments(tree.body)
    found = Shape(tuple(functions), tuple(item.name for item in classes))
    if not functions and not classes:
        found.problems.append(
            f"{path}:1: there is no `measure(run)`, no `measure_seeds(runs)`, and no class of "
            "`Experiment`"
        )
    if functions and classes:
        found.problems.append(
            f"{path}:{classes[0].lineno}: has the class {classes[0].name} and "
            f"`{functions[0]}`: an experiment is one or the other"
        )
    if len(classes) > 1:
        names = ", ".join(item.name for item in classes)
        found.problems.append(f"{path}:{classes[1].lineno}: more than one Experiment: {names}")
    if len(classes) == 1:
        found.task = _task(classes[0])
    return found


def _bound(body: list[ast.stmt]) -> Iterator[str]:
    """The names that the statements bind in the module, also under ``if`` and ``try``."""
    for item in body:
        if isinstance(item, ast.FunctionDef):
            yield item.name
        elif isinstance(item, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in item.names)
        elif isinstance(item, ast.Assign | ast.AnnAssign):
            targets = item.targets if isinstance(item, ast.Assign) else [item.target]
            yield from (target.id for target in targets if isinstance(target, ast.Name))
        elif isinstance(item, ast.If | ast.Try | ast.With):
            yield from _bound(item.body)
            yield from _bound(getattr(item, "orelse", []))


def _experiments(body: list[ast.stmt]) -> list[ast.ClassDef]:
    """The classes made from ``Experiment``, by whatever name it was imported, or from such."""
    bases = {_BASE}
    for item in body:
        if isinstance(item, ast.ImportFrom) and item.module == _MODULE:
            bases |= {alias.asname or alias.name for alias in item.names if alias.name == _BASE}
    found = []
    for item in body:
        if isinstance(item, ast.ClassDef) and any(_last(base) in bases for base in item.bases):
            found.append(item)
            bases.add(item.name)
    return found


def _last(base: ast.expr) -> str:
    if isinstance(base, ast.Attribute):
        return base.attr
    return base.id if isinstance(base, ast.Name) else ""


def _task(item: ast.ClassDef) -> str:
    for part in item.body:
        named = part.targets[0] if isinstance(part, ast.Assign) else getattr(part, "target", None)
        value = getattr(part, "value", None)
        if isinstance(named, ast.Name) and named.id == "task" and isinstance(value, ast.Constant):
            return str(value.value)
    return ""
