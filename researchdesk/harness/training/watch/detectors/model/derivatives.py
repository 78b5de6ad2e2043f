"""Backward passes of the user's own, against differences of the forward pass."""

import dis
import inspect
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.model.rehearsing import aside, is_quiet_code
from researchdesk.harness.training.watch.detectors.model.tensors import is_ordinary
from researchdesk.harness.training.watch.events import Applied
from researchdesk.harness.training.watch.findings import LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session

_CHECKS, _LARGEST, _WAIT = 2, 200_000, 3
_STEP = 1e-3
_SMOOTH, _WRONG = 5e-3, 2e-2
_ON_PURPOSE = re.compile(
    r"ste|straight|surrogate|spik|quant|revers|estimat|proxy|fake|binar|sign|round|clip|scale",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Compared:
    """Along one direction: what backward says, and what two steps of the forward pass say."""

    said: float
    found: float
    again: float

    @property
    def is_flat(self) -> bool:
        return self.found == self.again == 0.0 != self.said

    @property
    def is_smooth(self) -> bool:
        largest = max(abs(self.found), abs(self.again))
        return largest > 0 and abs(self.found - self.again) <= _SMOOTH * largest

    @property
    def is_wrong(self) -> bool:
        return abs(self.said - self.found) > _WRONG * max(abs(self.said), abs(self.found))


class CustomBackward(Detector):
    """``custom-backward-wrong``: an ``autograd.Function`` whose backward is not its derivative.

    Central differences, (f(x + e u) - f(x - e u)) / 2e, in float64 and along two directions, are
    compared with the gradient that backward gives. A forward pass that is flat (rounding, signs),
    or hands its input on, has another backward on purpose.
    """

    names = ("custom-backward-wrong",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._calls: Counter[Any] = Counter()
        self._quiet: dict[Any, bool] = {}

    def applied(self, applied: Applied) -> None:
        kind = applied.kind
        self._calls[kind] += 1
        if self._calls[kind] not in (1, _WAIT) or not self._is_quiet(applied):
            return
        tensors = [one for one in applied.inputs if isinstance(one, Tensor)]
        if not tensors or any(not is_ordinary(x) or x.numel() > _LARGEST for x in tensors):
            return
        try:
            compared = _compare(applied)
        except Exception:  # noqa: BLE001 - one that does not take other numbers is left in peace
            self._quiet[kind] = False
            return
        if compared and all(one.is_wrong and one.is_smooth for one in compared):
            self._say(applied, compared[0])

    def _is_quiet(self, applied: Applied) -> bool:
        kind = applied.kind
        if kind not in self._quiet:
            functions = [inspect.unwrap(kind.forward), applied.backward]
            self._quiet[kind] = all(
                inspect.isfunction(one) and is_quiet_code(one.__code__, one) for one in functions
            )
        return self._quiet[kind]

    def _say(self, applied: Applied, one: _Compared) -> None:
        code, name = applied.backward.__code__, applied.kind.__name__
        self.session.report(
            "custom-backward-wrong",
            LOOK if _ON_PURPOSE.search(name) or _hands_on(code) else LIKELY,
            f"The backward pass of {name} is not the derivative of its forward pass: along one "
            f"direction it gives {one.said:.4g}, and differences of forward give {one.found:.4g}.",
            Site(code.co_filename, _first_line(code)),
            backward=one.said,
            differences=one.found,
        )


def _compare(applied: Applied) -> list[_Compared]:
    """For the first input that is wrong in both directions: the two; none where all is right."""
    learning = [
        n for n, x in enumerate(applied.inputs) if isinstance(x, Tensor) and x.requires_grad
    ]
    if not learning:
        return []
    with aside(applied.inputs[learning[0]].device) as rewind:
        given = [_double(x) for x in applied.inputs]

        def forward(place: int = 0, by: Tensor | None = None) -> list[Tensor]:
            rewind()
            some = [x.clone() if isinstance(x, Tensor) else x for x in given]
            if by is not None:
                some[place] = some[place] + by
            return _floats(applied.kind.apply(*some))

        plain = forward()
        if any(_is_handed_on(one, given) for one in plain):
            return []
        found: list[_Compared] = []
        for place in learning:
            pair = []
            for turn in (1.0, 2.3):
                rewind()
                pair.append(_along(applied, given, place, plain, forward, turn))
            if any(one is None or one.is_flat for one in pair):
                return []
            if not found and all(one is not None and one.is_wrong for one in pair):
                found = [one for one in pair if one is not None]
        return found


def _along(
    applied: Applied, given: list[Any], place: int, plain: list[Tensor], forward: Any, turn: float
) -> _Compared | None:
    """Backward and differences along one direction of one input."""
    x = given[place]
    direction = _wave(x, turn)
    weights = [_wave(one, turn + 1) for one in plain]
    step = _STEP * (float(x.abs().mean()) or 1.0)

    def slope(size: float) -> float:
        ahead, behind = forward(place, size * direction), forward(place, -size * direction)
        terms = zip(ahead, behind, weights, strict=True)
        return sum(float(((a - b) * w).sum()) for a, b, w in terms) / (2 * size)

    with torch.enable_grad():
        some = [y.clone() if isinstance(y, Tensor) else y for y in given]
        for n, y in enumerate(applied.inputs):
            if isinstance(y, Tensor) and y.requires_grad:
                some[n].requires_grad_()
        outputs = _floats(applied.kind.apply(*some))
        total = sum((one * w).sum() for one, w in zip(outputs, weights, strict=True))
        if not isinstance(total, Tensor) or not total.requires_grad:
            return None
        (gradient,) = torch.autograd.grad(total, [some[place]], allow_unused=True)
    if gradient is None:
        return None
    return _Compared(float((gradient * direction).sum()), slope(step), slope(step / 2))


def _double(given: Any) -> Any:
    if not isinstance(given, Tensor):
        return given
    own = given.detach()
    return own.double() if own.is_floating_point() else own.clone()


def _floats(output: Any) -> list[Tensor]:
    parts: Sequence[Any] = output if isinstance(output, tuple | list) else (output,)
    return [one for one in parts if isinstance(one, Tensor) and one.is_floating_point()]


def _wave(like: Tensor, turn: float) -> Tensor:
    """Numbers between -1 and 1, of another pattern than the tensor's, and never drawn."""
    count = torch.arange(like.numel(), dtype=like.dtype, device=like.device)
    return torch.cos(turn * (1.0 + count) + count.square() * 0.37).reshape(like.shape)


def _is_handed_on(output: Tensor, given: list[Any]) -> bool:
    """Whether the output is an input as it was: what its backward does is all that it is for."""
    same = (x for x in given if isinstance(x, Tensor) and x.shape == output.shape)
    return any(torch.equal(x, output) for x in same)


def _first_line(code: Any) -> int:
    """The first line of a function's body: its own is that of what decorates it."""
    lines = [line for _, line in dis.findlinestarts(code) if line]
    later = [line for line in lines if line > code.co_firstlineno]
    return int(min(later, default=code.co_firstlineno))


def _hands_on(code: Any) -> bool:
    """Whether backward computes nothing: a gradient handed straight through."""
    return not any(
        step.opname.startswith(("BINARY_", "CALL", "UNARY_NEGATIVE"))
        for step in dis.get_instructions(code)
    )
