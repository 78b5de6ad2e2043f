"""Reads how a loop averages what it got of each batch."""

from __future__ import annotations

import ast
import linecache
import weakref
from dataclasses import dataclass, field

from torch import nn

from researchdesk.harness.training.watch.findings import Site
from researchdesk.harness.training.watch.sites import is_users, users_frame

_LONGEST = 20_000
_PLACES = 50
_CALLERS = 3
_WHOLE = 2
_SMALLER = 0.9


@dataclass(slots=True)
class Sizes:
    """How many items a model got at one line, call by call: ``whole`` ones, a smaller ``last``.

    ``at`` are the lines that were being run for the smaller one, the innermost first.
    """

    model: weakref.ref[nn.Module]
    whole: int
    count: int = 0
    last: int = 0
    at: list[Site] = field(default_factory=list)
    over: bool = False

    def add(self, rows: int) -> bool:
        """Whether a pass of equal batches and one smaller last one has now come to its end."""
        if rows == self.whole:
            self.count += 1
            return bool(self.at)
        if rows > _SMALLER * self.whole or self.count < _WHOLE or self.at:
            self.over = True
        else:
            self.last, self.at = rows, _running()
        return False


class Slices:
    """Finds evaluations in batches that the script cuts itself, and averages by the batch."""

    def __init__(self) -> None:
        self._sizes: dict[Site, Sizes] = {}

    def add(self, site: Site, model: nn.Module, rows: int) -> tuple[Site, Sizes] | None:
        """A model was called there to evaluate these many items: the line that averages so."""
        if not site.file or (site not in self._sizes and len(self._sizes) >= _PLACES):
            return None
        sizes = self._sizes.get(site)
        # one call for each of many models is a fold, not a batch
        if sizes is None or (sizes.model() is not model and not (sizes.at or sizes.over)):
            sizes = self._sizes[site] = Sizes(weakref.ref(model), rows)
        if sizes.over:
            return None
        ended = sizes.model() is not model or sizes.add(rows)
        return self._judge(sizes) if ended else None

    def rest(self) -> list[tuple[Site, Sizes]]:
        """What is to be said at the end, where no other pass followed."""
        left = [sizes for sizes in self._sizes.values() if sizes.at and not sizes.over]
        return [found for sizes in left if (found := self._judge(sizes)) is not None]

    def _judge(self, sizes: Sizes) -> tuple[Site, Sizes] | None:
        sizes.over = True
        for site in sizes.at:
            tree = _tree(site.file)
            found = _around(tree, site.line) if tree is not None else None
            if tree is not None and found is not None:
                # what trains inside is a loop over epochs or folds
                line = 0 if ".backward(" in ast.unparse(found[1]) else _division(*found, tree)
                return (Site(site.file, line), sizes) if line else None
        return None


def _running() -> list[Site]:
    frame = users_frame(2)
    found: list[Site] = []
    while frame is not None and len(found) < _CALLERS:
        if is_users(frame.f_code.co_filename):
            found.append(Site(frame.f_code.co_filename, frame.f_lineno))
        frame = frame.f_back
    return found


def averaged_per_batch(loop: Site) -> Site | None:
    """The line that divides a sum of batches' means by how many batches there were.

    ``loop`` is the line of the ``for`` over a loader. None where the items are counted, or where
    the code cannot be read.
    """
    tree = _tree(loop.file)
    if tree is None:
        return None
    for scope in _scopes(tree):
        for node in _own(scope):
            if isinstance(node, ast.For) and node.lineno <= loop.line <= node.iter.end_lineno:  # type: ignore[operator]
                line = _division(scope, node, tree)
                return Site(loop.file, line) if line else None
    return None


def _tree(file: str) -> ast.Module | None:
    lines = linecache.getlines(file)
    if not lines or len(lines) > _LONGEST:
        return None
    try:
        return ast.parse("".join(lines))
    except (SyntaxError, ValueError):
        return None


def _around(tree: ast.Module, line: int) -> tuple[ast.AST, ast.For] | None:
    """The innermost loop that runs this line, with the function that it is in."""
    for scope in sorted(_scopes(tree), key=lambda one: -getattr(one, "lineno", 0)):
        if not getattr(scope, "lineno", 0) <= line <= (getattr(scope, "end_lineno", None) or line):
            continue
        loops = [node for node in _own(scope) if isinstance(node, ast.For)]
        inside = [x for x in loops if x.body[0].lineno <= line <= (x.body[-1].end_lineno or 0)]
        return (scope, max(inside, key=lambda x: x.lineno)) if inside else None
    return None


def _losses(tree: ast.AST) -> dict[str, bool]:
    """Names of losses that the script made, and whether they give means."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            if not ast.unparse(node.value.func).endswith("Loss"):
                continue
            means = not any(word.arg == "reduction" for word in node.value.keywords)
            found.update({ast.unparse(target): means for target in node.targets})
    return found


def _scopes(tree: ast.Module) -> list[ast.AST]:
    found = [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return [*found, tree]


def _own(scope: ast.AST) -> list[ast.AST]:
    return [node for node in ast.walk(scope) if node is not scope]


def _division(scope: ast.AST, loop: ast.For, tree: ast.Module) -> int:
    sums, lists, counters = _gathered(loop, _losses(tree))
    looped = _looped(loop, counters)
    for node in _own(scope):
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            over, under = (
                (node.left, node.right)
                if isinstance(node, ast.BinOp)
                else (node.target, node.value)
            )
            if _names(over) & sums and _counts_batches(under, looped, counters):
                return node.lineno
            if _names(over) & lists and _is_length_of(under, lists):
                return node.lineno
        if isinstance(node, ast.Call) and _is_mean_of(node, lists):
            return node.lineno
    return 0


def _looped(loop: ast.For, counters: set[str]) -> set[str]:
    """What has as many parts as there are batches. Counters of batches are added to the others."""
    if isinstance(loop.iter, ast.Call) and ast.unparse(loop.iter.func) == "range":
        if len(loop.iter.args) == 1:
            counters.add(ast.unparse(loop.iter.args[0]))
        return {ast.unparse(loop.iter)}
    parts = [node for node in ast.walk(loop.iter) if isinstance(node, ast.Call)]
    if any(ast.unparse(node.func).split(".")[-1] in ("split", "chunk") for node in parts):
        return {ast.unparse(node) for node in parts}
    looped = {node.id for node in ast.walk(loop.iter) if isinstance(node, ast.Name)}
    looped |= {ast.unparse(node) for node in ast.walk(loop.iter) if isinstance(node, ast.Attribute)}
    if isinstance(loop.target, ast.Tuple) and isinstance(loop.target.elts[0], ast.Name):
        counters.add(loop.target.elts[0].id) if "enumerate" in looped else None
    return looped


def _is_mean_of(call: ast.Call, lists: set[str]) -> bool:
    """``mean(list)``, or ``tensor(list).mean()``."""
    if ast.unparse(call.func).split(".")[-1] not in ("mean", "fmean"):
        return False
    given = list(call.args)
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call):
        given += call.func.value.args
    return any(ast.unparse(one) in lists for one in given)


def _gathered(loop: ast.For, losses: dict[str, bool]) -> tuple[set[str], set[str], set[str]]:
    """Names of sums of means, of lists of them, and of counters of batches."""
    sums, lists, counters = set(), set(), set()
    made = {
        ast.unparse(node.targets[0]): node.value
        for node in (one for part in loop.body for one in ast.walk(part))
        if isinstance(node, ast.Assign)
    }
    for node in (one for part in loop.body for one in ast.walk(part)):
        if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
            name = ast.unparse(node.target)
            if isinstance(node.value, ast.Constant) and node.value.value == 1:
                counters.add(name)
            elif _is_mean(node.value, made, losses):
                sums.add(name)
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "append"
            and len(node.args) == 1
            and _is_mean(node.args[0], made, losses)
        ):
            lists.add(ast.unparse(node.func.value))
    return sums, lists, counters


def _is_mean(value: ast.expr, made: dict[str, ast.expr], losses: dict[str, bool]) -> bool:
    """Whether this is a loss or a mean of a batch, not multiplied by its size."""
    used = [node.id for node in ast.walk(value) if isinstance(node, ast.Name)]
    alone = made.get(used[0]) if len(used) == 1 else None
    parts = [value] if alone is None else [value, alone]
    inside = [node for part in parts for node in ast.walk(part)]
    if any(isinstance(x, ast.BinOp) and isinstance(x.op, ast.Mult) for x in ast.walk(value)):
        return False
    called = {ast.unparse(node.func) for node in inside if isinstance(node, ast.Call)}
    text = " ".join(ast.unparse(part) for part in parts).lower()
    if ".sum(" in text or "reduction='sum'" in text or not all(losses.get(x, True) for x in called):
        return False
    meant = any("loss" in name.lower() or "acc" in name.lower() for name in _names(value))
    meant = meant or "mean(" in text or any(losses.get(name) for name in called)
    return meant or any(f"{x}(" in text for x in ("criterion", "cross_entropy", "mse_loss"))


def _names(value: ast.AST) -> set[str]:
    found = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    whole = {ast.unparse(node) for node in ast.walk(value) if isinstance(node, ast.Attribute)}
    return found | whole


def _counts_batches(value: ast.expr, looped: set[str], counters: set[str]) -> bool:
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "max":
        return any(_counts_batches(one, looped, counters) for one in value.args)
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        return bool(_names(value) & counters)
    return _is_length_of(value, looped) or ast.unparse(value) in counters


def _is_length_of(value: ast.expr, names: set[str]) -> bool:
    return (
        isinstance(value, ast.Call)
        and ast.unparse(value.func) == "len"
        and len(value.args) == 1
        and ast.unparse(value.args[0]) in names
    )
