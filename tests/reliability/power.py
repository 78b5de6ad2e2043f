"""The power fails at any moment: is everything there that the desk had acknowledged?

    python tests/reliability/power.py --cuts 500 --seed N

Some work is done at a desk, and every call that changes a file is written down (a library is built
with cc and loaded before libc). Then the disk is rebuilt as it may be where the power fails at a
random call: only what was waited for is sure, the rest is there or not, torn by sectors, in any
order. Ends with 1 where a desk does not open or is not whole, where something acknowledged is not
there, a backup cannot be read, or a file is torn.
"""

import argparse
import hashlib
import json
import os
import platform
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from reliability.power_disk import Call, Disk, calls

from researchdesk import __version__
from researchdesk.config import Settings
from researchdesk.errors import DeskError
from researchdesk.services.desk import open_desk
from researchdesk.storage import copies
from researchdesk.tui.draft_files import DraftFiles

_HERE = Path(__file__).parent
_PER_WORK = 100
_ACTIONS = 120
Told = dict[str, str]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cuts", type=int, default=500)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    args = parser.parse_args()
    done: Counter[str] = Counter()
    failures: list[str] = []
    with tempfile.TemporaryDirectory(prefix="power-") as name:
        for part in range(-(-args.cuts // _PER_WORK)):
            cuts = min(_PER_WORK, args.cuts - part * _PER_WORK)
            seed = args.seed + part
            failures += power(Path(name) / str(part), cuts, seed, done)
            print(f"{part * _PER_WORK + cuts} cuts, {len(failures)} failures", file=sys.stderr)
    return report(done, failures, args.cuts, args.seed)


def power(
    folder: Path, cuts: int, seed: int, done: Counter[str], actions: int = _ACTIONS
) -> list[str]:
    """Work once, lose power so often; what was not there, in words."""
    log = list(calls(_work(folder, seed, actions)))
    dice = random.Random(seed)
    begun = next(at for at, call in enumerate(log) if call.path == "told")
    at_calls = sorted(dice.randint(begun, len(log)) for _ in range(cuts))
    disk, told, at, failures = Disk(), list[Told](), 0, list[str]()
    for number, stop in enumerate(at_calls):
        for call in log[at:stop]:
            _do(disk, told, call)
        at = stop
        place = folder / f"cut-{number}"
        place.mkdir()
        disk.lose_power(place, dice)
        problems = _problems(place, told, done)
        failures += [f"seed {seed}, cut {number} at call {stop}: {text}" for text in problems]
        done["cuts"] += 1
        shutil.rmtree(place)
    done["calls"] += len(log)
    return failures


def _do(disk: Disk, told: list[Told], call: Call) -> None:
    if call.path != "told":
        disk.do(call)
    elif call.kind == b"w":
        told.append(json.loads(call.data))


def _work(folder: Path, seed: int, actions: int) -> bytes:
    """The log of some work below ``folder``."""
    root, library, log = folder / "work", folder / "shim.so", folder / "log"
    root.mkdir(parents=True)
    source = str(_HERE / "power_shim.c")
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-O1", "-o", str(library), source, "-ldl"], check=True
    )
    environ = {
        **os.environ, "LD_PRELOAD": str(library), "POWER_ROOT": str(root), "POWER_LOG": str(log)
    }  # fmt: skip
    script = [sys.executable, str(_HERE / "power_work.py"), str(root), str(seed), str(actions)]
    subprocess.run(script, env=environ, check=True)
    return log.read_bytes()


# What is left


def _problems(place: Path, told: list[Told], done: Counter[str]) -> list[str]:
    problems = []
    try:
        desk = open_desk(Settings(desk=place / "desk", state=place / "state", offline=True))
    except DeskError as error:
        return [error.message]
    raw = desk.database.raw
    try:
        said = [row[0] for row in raw.execute("PRAGMA integrity_check")]
        said += [str(row) for row in raw.execute("PRAGMA foreign_key_check")]
        if said != ["ok"]:
            problems.append(f"integrity: {said[:3]}")
        problems += _lost_rows(raw, told)
    finally:
        desk.close()
    done["acknowledged"] += sum(item["kind"] != "means" for item in told)
    return problems + _lost_files(place, told) + _lost_backups(place, told)


_READ = {
    "kept": "SELECT text FROM note_revisions",
    "tag": "SELECT tag FROM paper_tags",
    "surprise": "SELECT text FROM surprises",
    "paper": "SELECT title FROM papers",
    "typed": "SELECT text FROM drafts UNION ALL SELECT text FROM draft_states",
}


def _lost_rows(raw: sqlite3.Connection, told: list[Told]) -> list[str]:
    has: dict[str, set[Any]] = {
        kind: {row[0] for row in raw.execute(sql)} for kind, sql in _READ.items()
    }
    has["typed"] = {word for text in has["typed"] for word in text.split()}
    return [
        f"{item['kind']} {item['words'][:40]!r} is lost"
        for item in told
        if item["kind"] in has and item["words"] not in has[item["kind"]]
    ]


def _lost_files(place: Path, told: list[Told]) -> list[str]:
    """Each file is whole, and as it was told last or as it was meant to be since."""
    fine: dict[str, set[str]] = {}
    sure: dict[str, bool] = {}
    for item in told:
        name = item["about"]
        if item["kind"] == "means":
            fine.setdefault(name, set()).add(item["words"])
        elif item["kind"] == "file":
            fine[name], sure[name] = {item["words"]}, True
        elif item["kind"] == "begun":
            name = f"desk/drafts/{name}"
            fine[name], sure[name] = {item["words"]}, True
    problems = []
    for name, words in fine.items():
        found = _words_of(place, name)
        if found is None and name in sure:
            problems.append(f"file {name} is lost")
        elif found is not None and found not in words:
            problems.append(f"file {name} is torn or old")
    return problems


def _words_of(place: Path, name: str) -> str | None:
    """The hash of a file, of a draft its text; None where it is not there."""
    folder, _, draft = name.partition("desk/drafts/")
    if draft and not folder:
        path = DraftFiles(place / "desk" / "drafts").to_read(draft)
        try:
            return None if path is None else str(json.loads(path.read_text("utf-8"))["text"])
        except ValueError:
            return "torn"
    file = place / name
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else None


def _lost_backups(place: Path, told: list[Told]) -> list[str]:
    made = {item["words"]: int(item["about"]) for item in told if item["kind"] == "backup"}
    for item in told:
        if item["kind"] == "removed":
            made.pop(item["words"], None)
    problems = []
    for name, count in made.items():
        try:
            found = copies.looked_at(place / name)["notes"]
        except DeskError as error:
            problems.append(f"backup: {error.message}")
        else:
            problems += [f"backup {name} has {found} notes"] if found != count else []
    return problems


def report(done: Counter[str], failures: list[str], cuts: int, seed: int) -> int:
    """Print the table; 0 where nothing was lost."""
    with_what = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    when = f"{datetime.now(UTC):%Y-%m-%d}"
    print(f"Loss of power, seed {seed}, {when}; {with_what}, researchdesk {__version__}")
    print(f"{'cuts':<34}{done['cuts']:>10,}")
    print(f"{'calls that change files':<34}{done['calls']:>10,}")
    print(f"{'acknowledged, looked for again':<34}{done['acknowledged']:>10,}")
    print(f"{'failures':<34}{len(failures):>10,}")
    for text in failures[:50]:
        print(text)
    if failures:
        print(f"Again: python tests/reliability/power.py --cuts {cuts} --seed {seed}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
