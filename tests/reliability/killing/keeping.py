"""Backups made and put back, and desks of older releases brought up to date."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from reliability.killing.attempts import Attempt, Operation, all_when
from reliability.killing.hatched import Outcome
from reliability.killing.observing import GONE, Facts, observe
from reliability.killing.world import World
from sqlite_utils import Database

from researchdesk.storage.migrations import desk_migrations

_OF_FILES = ("backup", "file", "seed", "run")
_FIRST = "m006_html"


def backup(world: World) -> Attempt:
    """Each copy that is there is whole, and holds what the desk held."""
    world.paper()
    before = dict(world.facts)

    def look(world: World, facts: Facts, outcome: Outcome) -> list[str]:
        fresh = [key[1] for key in facts if key[0] == "backup" and key not in before]
        faults = [fault for name in fresh for fault in _unlike(world, name, before)]
        if outcome.lines and not fresh:
            faults.append(f"it said {outcome.lines[0]}, and no backup is there")
        return faults

    return Attempt(["backup", "--keep", "1000"], loose=lambda key: key[0] == "backup", look=look)


def restore(world: World) -> Attempt:
    """What the desk holds is what it held, or what the backup holds: nothing between."""
    world.paper()
    if not world.books.get("backup") or world.dice.random() < 0.5:
        made = world.peacefully("backup", "--keep", "1000").lines[0]
        world.books["backup"] = (made, dict(world.facts))
        world.peacefully("note", "add", world.paper(), "--pass", "1", f"n{world.number()} later")
        world.peacefully("add", world.offer())
    path, then = world.books["backup"]
    new = {
        key: then.get(key, GONE)
        for key in {**world.facts, **then}
        if key[0] not in _OF_FILES and world.facts.get(key, GONE) != then.get(key, GONE)
    }
    return Attempt(
        ["restore", path],
        new=new,
        together=[[*new]],
        loose=lambda key: key[0] == "backup",
        said=all_when("Restored from", [*new]),
    )


def migration(world: World) -> Attempt:
    """A desk of an older release: no row is lost, whenever the change of its schema ends."""
    place = world.root / f"older{world.number()}"
    place.mkdir()
    world.desk = place
    steps = [step.name for step in desk_migrations.pending(Database(memory=True))]
    later = steps[steps.index(_FIRST) :]
    with closing(sqlite3.connect(place / "desk.db")) as raw:
        raw.execute("PRAGMA journal_mode=WAL")
        desk_migrations.apply(Database(raw), stop_before=_FIRST)
        raw.executescript((Path(__file__).parent / "older.sql").read_text("utf-8"))
        start = world.dice.choice(later)
        if start != _FIRST:
            desk_migrations.apply(Database(raw), stop_before=start)
    twin = world.root / f"twin{world.number()}"
    shutil.copytree(place, twin)
    done = world.run("--desk", str(twin), "--offline", "list")
    assert done.code == 0, done.err
    wanted = _tables(twin)

    def look(world: World, facts: Facts, outcome: Outcome) -> list[str]:
        found = _tables(world.desk)
        copies = [key[1] for key in facts if key[0] == "backup"]
        return [fault for name in copies for fault in _unlike(world, name, {})] + [
            f"table {name} has other rows than that of a desk that nobody killed"
            for name in {**wanted, **found}
            if wanted.get(name) != found.get(name)
        ]

    return Attempt(
        ["--offline", "list"],
        loose=lambda key: key[0] == "backup",
        settles=lambda key: key[0] != "backup",
        look=look,
    )


def _tables(desk: Path) -> dict[str, Any]:
    """All rows of all tables, but for the times of the steps themselves."""
    with closing(sqlite3.connect(desk / "desk.db")) as raw:
        names = [
            name
            for (name,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            if not name.startswith(("_sqlite", "sqlite_")) and "_fts" not in name
        ]
        return {name: sorted(map(repr, raw.execute(f'SELECT * FROM "{name}"'))) for name in names}


def _unlike(world: World, name: str, before: Facts) -> list[str]:
    """What a backup has not, of what the desk held when it was begun."""
    place = world.root / f"look{world.number()}"
    place.mkdir()
    shutil.copy(world.desk / "backups" / name, place / "desk.db")
    try:
        with closing(sqlite3.connect(place / "desk.db")) as raw:
            said = raw.execute("PRAGMA integrity_check").fetchall()
    except sqlite3.DatabaseError as error:
        return [f"the backup {name} is none: {error}"]
    (place / "papers").symlink_to(world.desk / "papers")
    held = observe(place)
    shutil.rmtree(place)
    faults = [] if said == [("ok",)] else [f"the backup {name} is damaged: {said}"]
    wanted = {key: value for key, value in before.items() if key[0] not in _OF_FILES}
    lost = [key for key, value in wanted.items() if held.get(key) != value]
    return faults + [f"the backup {name} has not {' '.join(key)}" for key in lost]


OPERATIONS = (
    Operation("backup", backup, 6, 220),
    Operation("restore", restore, 6, 770, 0.4),
    Operation("migration", migration, 7, 900, 1.0),
)
