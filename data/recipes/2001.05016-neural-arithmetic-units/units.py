"""NMU, NALU and NAC• for many seeds at once, with their gradients written out.

Tensors are (seeds, features, batch); the parameters of all seeds are one tensor, ``numbers`` of
(seeds, parameters), of which each matrix is a view. A network keeps what its last ``forward``
computed, for ``back``, which writes the gradients into a tensor like ``numbers``.
"""

import math

import torch
from torch import Tensor

Ends = tuple[float, float]

HIDDEN, INPUTS = 2, 4
EPSILON = 1e-7  # ε of NAC•, in the authors' code


def spread_of_nac(inputs: int, outputs: int) -> float:
    """r of the uniform [-r, r] for Ŵ and M̂ that gives W the variance 2 / (inputs + outputs).

    As in the authors' code: by bisection, the sum of inputs and outputs taken to be 5 at least.
    """
    wanted = 2 / max(inputs + outputs, 5)
    low, high = 1e-9, 10.0
    for _ in range(100):
        r = (low + high) / 2
        variance = (1 - math.tanh(r) / r) * (r - math.tanh(r / 2)) / (2 * r)
        low, high = (r, high) if variance < wanted else (low, r)
    return (low + high) / 2


class Matrix:
    """A matrix for each seed, (seeds, outputs, inputs), that is a view into all parameters."""

    def __init__(self, first: int, outputs: int, inputs: int) -> None:
        self.first, self.outputs, self.inputs = first, outputs, inputs
        self.end = first + outputs * inputs

    def of(self, numbers: Tensor) -> Tensor:
        """These numbers of ``numbers`` (seeds, all), as matrices."""
        return numbers[:, self.first : self.end].view(-1, self.outputs, self.inputs)


class Held(Matrix):
    """The weights of NAU or NMU, which begin in ``start`` and are held ``within``."""

    def __init__(self, first: int, outputs: int, inputs: int, start: Ends, within: Ends) -> None:
        super().__init__(first, outputs, inputs)
        self.start, self.within = start, within

    def draw(self, numbers: Tensor, generator: torch.Generator) -> None:
        self.of(numbers).uniform_(*self.start, generator=generator)

    def weights(self, numbers: Tensor) -> Tensor:
        return self.of(numbers)

    def hold(self, numbers: Tensor) -> None:
        self.of(numbers).clamp_(*self.within)


class Nac:
    """The weights of NAC, W = tanh(Ŵ) σ(M̂), which are bounded by themselves."""

    def __init__(self, first: int, outputs: int, inputs: int) -> None:
        self.w_hat = Matrix(first, outputs, inputs)
        self.m_hat = Matrix(self.w_hat.end, outputs, inputs)
        self.end = self.m_hat.end

    def draw(self, numbers: Tensor, generator: torch.Generator) -> None:
        """Fill one seed's share of ``numbers`` (1, all)."""
        r = spread_of_nac(self.w_hat.inputs, self.w_hat.outputs)
        for matrix in (self.w_hat, self.m_hat):
            matrix.of(numbers).uniform_(-r, r, generator=generator)

    def weights(self, numbers: Tensor) -> Tensor:
        self.tanh = self.w_hat.of(numbers).tanh()
        self.sigmoid = self.m_hat.of(numbers).sigmoid()
        return self.tanh * self.sigmoid

    def back(self, slope: Tensor, into: Tensor) -> None:
        """Write the gradients of Ŵ and M̂, given that of W."""
        slope = slope * self.sigmoid
        self.w_hat.of(into).copy_(slope * (1 - self.tanh.square()))
        self.m_hat.of(into).copy_(slope * self.tanh * (1 - self.sigmoid))

    def hold(self, numbers: Tensor) -> None:
        pass


class Gated(Nac):
    """One layer of NALU: its sums W h and G h are one product, with W above G."""

    def __init__(self, first: int, outputs: int, inputs: int) -> None:
        super().__init__(first, outputs, inputs)
        self.gate = Matrix(self.end, outputs, inputs)
        self.end = self.gate.end

    def draw(self, numbers: Tensor, generator: torch.Generator) -> None:
        super().draw(numbers, generator)
        r = math.sqrt(6 / (self.gate.inputs + self.gate.outputs))  # Glorot and Bengio's
        self.gate.of(numbers).uniform_(-r, r, generator=generator)

    def forward(self, numbers: Tensor, h: Tensor) -> Tensor:
        self.h, self.w = h, self.weights(numbers)
        self.rows = torch.cat([self.w, self.gate.of(numbers)], -2)
        self.distance = h.abs().add_(EPSILON)
        self.logs = self.distance.log()
        total, gate = (self.rows @ h).split(self.gate.outputs, -2)
        self.g = gate.sigmoid()
        self.product = (self.w @ self.logs).exp_()
        self.gap = total - self.product
        return torch.addcmul(self.product, self.g, self.gap)

    def back_from(self, slope: Tensor, into: Tensor) -> tuple[Tensor, Tensor]:
        """Write this layer's gradients; gives those of its sums, (W h, G h) and W log(|h| + ε)."""
        of_rows = slope.new_empty(len(slope), 2 * self.gate.outputs, slope.shape[-1])
        of_total, of_gate = of_rows.split(self.gate.outputs, -2)
        torch.mul(slope, self.g, out=of_total)
        of_logs = (slope - of_total).mul_(self.product)
        torch.mul(of_total, self.gap, out=of_gate).addcmul_(of_gate, self.g, value=-1)
        of_w, of_g = (of_rows @ self.h.mT).split(self.gate.outputs, -2)
        self.back(of_w + of_logs @ self.logs.mT, into)
        self.gate.of(into).copy_(of_g)
        return of_rows, of_logs

    def back_to_inputs(self, of_rows: Tensor, of_logs: Tensor) -> Tensor:
        through_logs = (self.w.mT * of_logs).div_(self.distance.copysign_(self.h))
        return through_logs.add_(self.rows.mT @ of_rows)


class Network:
    """Two layers. Subclasses go forward and back; ``size`` counts the numbers of a seed."""

    def __init__(self, first: Held | Nac, second: Held | Nac) -> None:
        self.layers = self.first, self.second = first, second
        self.size = second.end

    def draw(self, numbers: Tensor, generator: torch.Generator) -> None:
        for layer in self.layers:
            layer.draw(numbers, generator)

    def weights(self, numbers: Tensor) -> tuple[Tensor, Tensor]:
        return self.first.weights(numbers), self.second.weights(numbers)

    def hold(self, numbers: Tensor) -> None:
        for layer in self.layers:
            layer.hold(numbers)


class NacMul(Network):
    """NAC+ then NAC•."""

    def __init__(self) -> None:
        first = Nac(0, HIDDEN, INPUTS)
        super().__init__(first, Nac(first.end, 1, HIDDEN))

    def forward(self, numbers: Tensor, x: Tensor) -> Tensor:
        w1, self.w2 = self.weights(numbers)
        self.z = w1 @ x
        self.distance = self.z.abs().add_(EPSILON)
        self.logs = self.distance.log()
        return (self.w2 @ self.logs).exp_()

    def back(self, x: Tensor, y: Tensor, slope: Tensor, into: Tensor) -> None:
        """Write the gradients of all parameters, given that of y."""
        slope = slope * y
        self.second.back(slope @ self.logs.mT, into)
        slope = (self.w2.mT * slope).div_(self.distance.copysign_(self.z))
        self.first.back(slope @ x.mT, into)


class Nalu(Network):
    """NALU twice."""

    def __init__(self) -> None:
        first = Gated(0, HIDDEN, INPUTS)
        super().__init__(first, Gated(first.end, 1, HIDDEN))

    def forward(self, numbers: Tensor, x: Tensor) -> Tensor:
        return self.second.forward(numbers, self.first.forward(numbers, x))

    def back(self, x: Tensor, y: Tensor, slope: Tensor, into: Tensor) -> None:
        of_sums = self.second.back_from(slope, into)
        self.first.back_from(self.second.back_to_inputs(*of_sums), into)


class Nmu(Network):
    """NAU then NMU, whose weights are a column, as they meet the two hidden units."""

    def __init__(self) -> None:
        first = Held(0, HIDDEN, INPUTS, start=(-0.5, 0.5), within=(-1.0, 1.0))
        second = Held(first.end, HIDDEN, 1, start=(0.25, 0.75), within=(0.0, 1.0))
        super().__init__(first, second)

    def forward(self, numbers: Tensor, x: Tensor) -> Tensor:
        w1, self.w2 = self.weights(numbers)
        self.z_less_1 = (w1 @ x).sub_(1)
        self.factors = (self.w2 * self.z_less_1).add_(1)
        return self.factors.prod(-2, keepdim=True)

    def back(self, x: Tensor, y: Tensor, slope: Tensor, into: Tensor) -> None:
        slope = slope * self.factors.flip(-2)  # of two factors, the other one is the derivative
        self.second.of(into).copy_((slope * self.z_less_1).sum(-1, keepdim=True))
        self.first.of(into).copy_((slope * self.w2) @ x.mT)


NETWORKS = {"nac-mul": NacMul, "nalu": Nalu, "nmu": Nmu}
