"""Every bundled recipe run as a user would, without a network: verdicts, minutes, budget.

``python tests/benchmarks/recipes.py [--quick] [ID ...]``. Minutes are those of the clock, processor
minutes those of all its processes: on a busy machine compare the latter, halved, with the budget.
Ends non-zero where a run broke, or took more processor time than two cores have in its budget.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

COLUMNS = "{:<34}{:>5}{:>8}{:>8}{:>8}  {}"
ANSWERS = (0, 1, 6)


def processor_seconds() -> float:
    """What all ended child processes, and theirs, have used by now."""
    used = os.times()
    return used.children_user + used.children_system


def bundled(desk: Path) -> list[dict]:
    command = [sys.executable, "-m", "researchdesk", "--desk", str(desk), "recipe", "list"]
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True)
    return [recipe for recipe in json.loads(done.stdout)["recipes"] if recipe["bundled"]]


def reproduce(desk: Path, name: str, quick: bool) -> tuple[int, float, float, dict]:
    """Exit code, minutes by the clock, processor minutes, and the report."""
    command = [sys.executable, "-m", "researchdesk", "--desk", str(desk), "--offline"]
    command += ["reproduce", name, "--json", *(["--quick"] if quick else [])]
    before, begun = processor_seconds(), time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    spent = processor_seconds() - before
    report = json.loads(done.stdout) if done.stdout else {"claims": [], "error": done.stderr}
    return done.returncode, (time.perf_counter() - begun) / 60, spent / 60, report


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ids", nargs="*")
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    broken = False
    print(COLUMNS.format("recipe", "exit", "clock", "cpu/2", "budget", "claims"), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for recipe in bundled(Path(folder)):
            name, budget = recipe["name"], recipe["budget_minutes"] or 0.0
            if asked.ids and not {name, recipe["arxiv_id"]} & set(asked.ids):
                continue
            code, clock, spent, report = reproduce(Path(folder), name, asked.quick)
            verdicts = Counter(claim["verdict"] for claim in report["claims"])
            words = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items())
            over = bool(budget) and spent / 2 > budget
            broken = broken or over or code not in ANSWERS or bool(report.get("failures"))
            row = (name[:33], code, f"{clock:.1f}", f"{spent / 2:.1f}", f"{budget:g}")
            print(COLUMNS.format(*row, words or report.get("error", "")), flush=True)
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
