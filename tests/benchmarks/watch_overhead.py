"""What watching costs: the same training loop unwatched, watched, and watched with ``--every 10``.

    python tests/benchmarks/watch_overhead.py [ROUNDS]

Milliseconds of the processor a step, over the whole loop after the third step, the first steps
that are all looked at closely among them. In each round the three take turns, and ratios are those
within a round: told is their median over the rounds, and their range. The large loops are grown
until an unwatched step takes 20 ms. Every loop prints its last loss in full: it has to be the same.
"""

import math
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from researchdesk.harness.training.watch import bootstrap

SMALL_LIMIT, LARGE_LIMIT = 2.0, 1.10
LARGE_MS = 20.0
PROGRAM = """
import sys, time
import torch
from torch import nn
torch.manual_seed(0)
torch.set_num_threads(1)
kind, size, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])

class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(width, width, 3, padding=1, bias=False),
                                  nn.BatchNorm2d(width), nn.ReLU())

    def forward(self, x):
        return x + self.body(x)

if kind == "mlp":
    inputs = torch.randn(256, 20)
    model = nn.Sequential(nn.Linear(20, size), nn.ReLU(), nn.Linear(size, size), nn.ReLU(),
                          nn.Linear(size, 10))
elif kind == "cnn":
    inputs = torch.randn(256, 3, 16, 16)
    model = nn.Sequential(nn.Conv2d(3, size, 3, padding=1), nn.ReLU(), *map(Residual, [size] * 6),
                          nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(size, 10))
else:
    inputs = torch.randn(256, 12, size)
    layer = nn.TransformerEncoderLayer(size, 4, 2 * size, batch_first=True)
    model = nn.Sequential(nn.TransformerEncoder(layer, 4), nn.Flatten(), nn.Linear(12 * size, 10))
targets = torch.randint(0, 10, (256,))
data = torch.utils.data.TensorDataset(inputs, targets)
loader = torch.utils.data.DataLoader(data, batch_size=32, shuffle=True)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
done = 0
while done < steps:
    for x, y in loader:
        if done == 3:
            begun, used = time.perf_counter(), time.process_time()
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        done += 1
        if done == steps:
            break
took, used = time.perf_counter() - begun, time.process_time() - used
print(1e3 * took / (steps - 3), 1e3 * used / (steps - 3), loss.item().hex())
"""
LOOPS = {
    "toy MLP": ("mlp", 64, 1500, SMALL_LIMIT),
    "MLP of 20 ms": ("mlp", 0, 150, LARGE_LIMIT),
    "CNN of 20 ms": ("cnn", 0, 150, LARGE_LIMIT),
    "transformer of 20 ms": ("transformer", 0, 150, LARGE_LIMIT),
}
START = {"mlp": 512, "cnn": 8, "transformer": 32}


class Bench:
    """Runs loops, watched or not."""

    def __init__(self, folder: Path) -> None:
        self._script, self._report = folder / "train.py", folder / "report.json"
        self._script.write_text(PROGRAM, "utf-8")

    def step(self, kind: str, size: int, steps: int, every: int | None) -> tuple[float, float, str]:
        """Milliseconds a step by the clock and by the processor, and the last loss."""
        watched = [] if every is None else [str(bootstrap.__file__), str(self._report), str(every)]
        command = [sys.executable, *watched, str(self._script), kind, str(size), str(steps)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        clock, used, loss = done.stdout.split()
        return float(clock), float(used), loss

    def grown(self, kind: str) -> int:
        """The size at which a step takes long enough."""
        size = START[kind]
        while (used := self.step(kind, size, 23, None)[1]) < LARGE_MS:
            size = 8 * math.ceil(size * min(4.0, max(1.1, (LARGE_MS / used) ** 0.5)) / 8)
        return size


def _range(ratios: list[float]) -> str:
    return f"{median(ratios):6.3f} ({ratios[0]:.2f} .. {ratios[-1]:.2f})"


def main(rounds: int) -> int:
    worst = 0
    print(f"{'':22} {'unwatched':>10} {'watched':>20} {'with --every 10':>20}")
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name))
        for words, (kind, given, steps, limit) in LOOPS.items():
            size = given or bench.grown(kind)
            runs = [
                [bench.step(kind, size, steps, every) for every in (None, 0, 10)]
                for _ in range(rounds)
            ]
            plain = median(run[0][1] for run in runs)
            watched, seldom = (sorted(run[at][1] / run[0][1] for run in runs) for at in (1, 2))
            same = len({item[2] for run in runs for item in run}) == 1
            held = same and median(watched) <= limit
            worst |= not held
            print(
                f"{words:22} {plain:7.2f} ms {_range(watched)} {_range(seldom)}   limit {limit:g}: "
                f"{'held' if held else 'exceeded'}{'' if same else '; the losses differ'}",
                flush=True,
            )
    return worst


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
