"""Reads how a loop averages what it got of each batch."""

from __future__ import annotations

import ast
import linecache

from researchdesk.harness.training.watch.findings import Site

_LONGEST = 20_000


def averaged_per_batch(loop: Site) -> Site | None:
    """The line that divides a sum of batches' means by how many batches there were.

    ``loop`` is the line of the ``for`` over a loader. None where the items are counted, or where
    the code cannot be read.
    """
    lines = linecache.getlines(loop.file)
    if not lines or len(lines) > _LONGEST:
        return None
    try:
        tree = ast.parse("".join(lines))
    except (SyntaxError, ValueError):
        return None
    for scope in _scopes(tree):
        for node in _own(scope):
            if isinstance(node, ast.For) and node.lineno <= loop.line <= node.iter.end_lineno:  # type: ignore[operator]
                line = _division(scope, node)
                return Site(loop.file, line) if line else None
    return None


def _scopes(tree: ast.Module) -> list[ast.AST]:
    found = [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return [*found, tree]


def _own(scope: ast.AST) -> list[ast.AST]:
    return [node for node in ast.walk(scope) if node is not scope]


def _division(scope: ast.AST, loop: ast.For) -> int:
    sums, lists, counters = _gathered(loop)
    looped = {node.id for node in ast.walk(loop.iter) if isinstance(node, ast.Name)}
    looped |= {ast.unparse(node) for node in ast.walk(loop.iter) if isinstance(node, ast.Attribute)}
    if isinstance(loop.target, ast.Tuple) and isinstance(loop.target.elts[0], ast.Name):
        counters.add(loop.target.elts[0].id) if "enumerate" in looped else None
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
        if (
            isinstance(node, ast.Call)
            and ast.unparse(node.func).split(".")[-1] in ("mean", "fmean")
            and any(isinstance(one, ast.Name) and one.id in lists for one in node.args)
        ):
            return node.lineno
    return 0


def _gathered(loop: ast.For) -> tuple[set[str], set[str], set[str]]:
    """Names of sums of means, of lists of them, and of counters of batches."""
    sums, lists, counters = set(), set(), set()
    for node in (one for part in loop.body for one in ast.walk(part)):
        if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
            name = ast.unparse(node.target)
            if isinstance(node.value, ast.Constant) and node.value.value == 1:
                counters.add(name)
            elif _is_mean(node.value):
                sums.add(name)
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "append"
            and len(node.args) == 1
            and _is_mean(node.args[0])
        ):
            lists.add(ast.unparse(node.func.value))
    return sums, lists, counters


def _is_mean(value: ast.expr) -> bool:
    """Whether this is a loss or a mean of a batch, not multiplied by its size."""
    parts = [node for node in ast.walk(value) if isinstance(node, ast.BinOp)]
    if any(isinstance(node.op, ast.Mult) for node in parts):
        return False
    text = ast.unparse(value).lower()
    names = {name.lower() for name in _names(value)}
    meant = any("loss" in name or "acc" in name for name in names) or "mean(" in text
    meant = meant or "criterion(" in text or "cross_entropy(" in text or "mse_loss(" in text
    return meant and ".sum(" not in text and "reduction='sum'" not in text


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
