"""What bringing a library in costs: BibTeX entries with abstracts, in and out again.

    python tests/benchmarks/importing.py [ENTRIES] [--others FOLDER]

Each line is a process of its own, from its start to its end. ``--others`` is a folder in which
papis and cobib are installed, or will be, in an environment of their own; they get fewer entries
(papis writes a folder for each), and the table gives all in milliseconds an entry.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Sequence
from pathlib import Path

LIMIT_S = 30.0
OTHERS = {"papis": 50, "cobib": 500}
_WORDS = (Path(__file__).parent / "library_words.txt").read_text("utf-8").split()


def library(entries: int, seed: int = 3) -> str:
    """A file of so many entries, each with accents, an abbreviation and 170 words of abstract."""
    chance = random.Random(seed)

    def words(count: int) -> str:
        return " ".join(chance.choices(_WORDS, k=count))

    parts = []
    for number in range(entries):
        names = " and ".join(f"{words(1).title()}, {words(1).title()}" for _ in range(4))
        parts.append(
            f"@article{{key{number},\n"
            f"  title = {{{words(7)} {{GAN}} {number}}},\n"
            f"  author = {{{names} and M{{\\\"u}}ller, J{{\\'e}}r{{\\^o}}me}},\n"
            f"  year = {{{chance.randint(1980, 2025)}}},\n  month = jul,\n"
            f"  journal = {{Journal of {words(3)}}},\n  volume = {{{number % 50}}},\n"
            f"  pages = {{1--9}},\n  doi = {{10.1234/abc.{number}}},\n"
            f"  abstract = {{{words(90)} {{\\'e}} \\textendash {words(80)}}},\n"
            f"  keywords = {{{words(1)}, {words(1)}}},\n"
            f"  file = {{/nowhere/{number}.pdf}},\n  x-own = {{kept}}\n}}\n"
        )
    return "\n".join(parts)


def timed(command: Sequence[str], environment: dict[str, str]) -> float:
    """Seconds from the start of a process to its end; it must end well."""
    begun = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(
            f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}"
        )
    return time.perf_counter() - begun


def ours(folder: Path, entries: int) -> dict[str, float]:
    """Seconds of the import, of the same again, of the export, and of the undo."""
    file, out = folder / "library.bib", folder / "out.bib"
    file.write_text(library(entries), "utf-8")
    environment = os.environ | {"HOME": str(folder)}
    base = [sys.executable, "-m", "researchdesk", "--desk", str(folder / "desk")]
    steps = {
        "import": ["import", str(file)],
        "the same again": ["import", str(file)],
        "export bibtex": ["export", "bibtex", "--all", "--to", str(out)],
        "import what was exported": ["import", str(out)],
        "undo": ["undo", "--yes"],
    }
    timed([*base, "list"], environment)
    return {name: timed([*base, *command], environment) for name, command in steps.items()}


def others(folder: Path, tools: Path) -> dict[str, tuple[float, int]]:
    """Seconds and entries of papis and cobib; without those that cannot be installed."""
    if not (tools / "bin" / "python").exists():
        venv.create(tools, with_pip=True)
    home = folder / "home"
    for name in ("config/papis", "config/cobib", "data", "cache", "papers"):
        (home / name).mkdir(parents=True)
    settings = f"[settings]\ndefault-library = papers\n[papers]\ndir = {home / 'papers'}\n"
    (home / "config" / "papis" / "config").write_text(settings, "utf-8")
    environment = os.environ | {"HOME": str(home)}
    environment |= {
        f"XDG_{kind.upper()}_HOME": str(home / kind) for kind in ("config", "data", "cache")
    }
    found = {}
    for name, entries in OTHERS.items():
        if not (tools / "bin" / name).exists():
            install = [str(tools / "bin" / "pip"), "install", "-q", name]
            if subprocess.run(install, capture_output=True, check=False).returncode:
                print(f"{name} cannot be installed here", file=sys.stderr)
                continue
        file = folder / f"{name}.bib"
        file.write_text(library(entries), "utf-8")
        command = str(tools / "bin" / name)
        if name == "cobib":
            timed([command, "init"], environment)
            taken = timed([command, "add", "--skip-download", "-b", str(file)], environment)
        else:
            taken = timed([command, "bibtex", "read", str(file), "import", "--all"], environment)
        found[name] = (taken, entries)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("entries", nargs="?", type=int, default=10_000)
    parser.add_argument("--others", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        rows = {
            f"researchdesk {step}": (taken, options.entries)
            for step, taken in ours(Path(name), options.entries).items()
        }
        if options.others:
            rows |= others(Path(name), options.others.absolute())
    print(f"{'':40} {'entries':>8} {'seconds':>8} {'ms each':>8}")
    for told, (taken, entries) in rows.items():
        print(f"{told:40} {entries:8,} {taken:8.1f} {1000 * taken / entries:8.2f}")
    limit = LIMIT_S * options.entries / 10_000
    within = rows["researchdesk import"][0] <= limit
    print(f"import at most {limit:.0f} s: {'kept' if within else 'NOT KEPT'}")
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
