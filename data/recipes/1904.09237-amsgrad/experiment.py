"""Adam and AMSGrad on the synthetic problems of "On the Convergence of Adam and Beyond", section 5.

One number x in F = [-1, 1] meets the linear losses f_t(x) = c_t x, with

    online:      c_t = 1010 for t mod 101 = 1, else -10
    stochastic:  c_t = 1010 with probability 0.01, else -10

The sum of the c_t is positive, so that x = -1 is the best point and x = +1 the worst.

Names are the paper's. Adam is its Algorithm 1 with the averages of its equation (1); AMSGrad is its
Algorithm 2. Neither has bias correction or an epsilon, as the paper writes them. In one dimension
the projection onto F is clipping, whatever the norm. Plain floats are IEEE double precision, and
for a single number faster than tensors; torch draws the random losses.
"""

import math
from collections.abc import Iterator

import torch

LARGE, SMALL = 1010.0, -10.0
PERIOD = 101
PROBABILITY = 0.01


def online(first: int, count: int) -> list[float]:
    """The slopes c_t of the online problem for t = first, first + 1, ..."""
    return [LARGE if t % PERIOD == 1 else SMALL for t in range(first, first + count)]


def stochastic(generator: torch.Generator, count: int) -> list[float]:
    """Slopes of the stochastic problem, drawn independently."""
    drawn = torch.rand(count, generator=generator, dtype=torch.float64) < PROBABILITY
    return torch.where(drawn, LARGE, SMALL).tolist()


class Player:
    """An online algorithm: meets losses in turn, and moves x after each."""

    def __init__(
        self, alpha: float, beta1: float, beta2: float, start: float, amsgrad: bool
    ) -> None:
        self.alpha, self.beta1, self.beta2 = alpha, beta1, beta2
        self.amsgrad = amsgrad
        self.x = start
        self.m = self.v = self.v_hat = 0.0
        self.t = 0
        self.loss = 0.0  # sum of f_i(x_i)
        self.slope = 0.0  # sum of c_i, so that min over F of the sum of f_i is -|slope|

    def play(self, gradients: list[float]) -> None:
        """Meet these losses, one after the other."""
        beta1, beta2 = self.beta1, self.beta2
        x, m, v, v_hat, t = self.x, self.m, self.v, self.v_hat, self.t
        for g in gradients:
            t += 1
            self.loss += g * x
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g * g
            if v > v_hat or not self.amsgrad:
                v_hat = v
            x -= self.alpha / math.sqrt(t) * m / math.sqrt(v_hat)
            if x > 1.0:
                x = 1.0
            elif x < -1.0:
                x = -1.0
        self.x, self.m, self.v, self.v_hat, self.t = x, m, v, v_hat, t
        self.slope += math.fsum(gradients)

    @property
    def average_regret(self) -> float:
        """R_t / t, with R_t = sum of f_i(x_i) less that of the best fixed point in F."""
        return (self.loss + abs(self.slope)) / self.t


def losses(run, parts: int) -> Iterator[list[float]]:
    """The slopes of all steps, in ``parts`` stretches of equal length."""
    length = run.settings["steps"] // parts
    for part in range(parts):
        if run.settings["problem"] == "online":
            yield online(1 + part * length, length)
        else:
            yield stochastic(run.generator("noise"), length)


def measure(run):
    """Play the game; the metrics are the last x and the average regret over all steps."""
    settings = run.settings
    player = Player(
        settings["alpha"],
        settings["beta1"],
        settings["beta2"],
        settings["start"],
        amsgrad=settings["amsgrad"],
    )
    for gradients in losses(run, parts=100):
        player.play(gradients)
        run.log(player.t, x=player.x, average_regret=player.average_regret)
    return {"x": player.x, "average_regret": player.average_regret}
