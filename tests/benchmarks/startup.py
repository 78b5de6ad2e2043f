"""How long the program takes to start, as ratios to a bare ``import click`` in the same run."""

import os
import statistics
import subprocess
import sys
import tempfile
import time

COMMANDS = {
    "python -c 'import click'": ["-c", "import click"],
    "researchdesk --help": ["-m", "researchdesk", "--help"],
    "researchdesk list": ["-m", "researchdesk", "list"],
    "researchdesk show": ["-m", "researchdesk", "show", "1904.09237"],
    "researchdesk recipe list": ["-m", "researchdesk", "recipe", "list"],
}
ROUNDS = 9
LIMIT = 2.5
"""Of --help, as a ratio to ``import click``."""


def main() -> None:
    with tempfile.TemporaryDirectory() as desk:
        environ = {**os.environ, "RESEARCHDESK_DESK": desk, "RESEARCHDESK_OFFLINE": "1"}
        times: dict[str, list[float]] = {name: [] for name in COMMANDS}
        for _ in range(ROUNDS):
            for name, args in COMMANDS.items():
                began = time.perf_counter()
                subprocess.run(
                    [sys.executable, *args], env=environ, capture_output=True, check=True
                )
                times[name].append(time.perf_counter() - began)
    base = statistics.median(times["python -c 'import click'"])
    print(f"{'command':28} {'median ms':>10} {'ratio':>6}")
    for name, values in times.items():
        middle = statistics.median(values)
        print(f"{name:28} {1000 * middle:10.0f} {middle / base:6.2f}")
    ratio = statistics.median(times["researchdesk --help"]) / base
    if ratio > LIMIT:
        sys.exit(f"--help takes {ratio:.2f} times as long as import click; at most {LIMIT}")


if __name__ == "__main__":
    main()
