"""Desks to measure on: an empty one, one of many papers, one after years of work."""

import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from full_desk import NOW, fill
from library_desk import make_desk

from parts import furnishing
from parts.rows import Place
from researchdesk.config import Settings
from researchdesk.services import library
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.library_search import page, parse_query


def empty(place: Place) -> Path:
    """A desk on which nothing was put."""
    root = place.folder / "empty"
    open_desk(Settings(desk=root, state=root / "state", offline=True)).close()
    return root


def begun(place: Place) -> Path:
    """A desk with what the program itself puts on it, and nothing else."""
    root = place.folder / "begun"
    desk = open_desk(Settings(desk=root, state=root / "state", offline=True))
    library.seed_bundled(desk)
    page(desk, parse_query("x"))
    desk.close()
    return root


def papers(place: Place, count: int) -> Path:
    """A desk of so many made-up papers."""
    root = place.folder / f"papers-{count}"
    if not root.exists():
        place.say(f"making a desk of {count:,} papers")
        part = root.with_name(f"{root.name}-{os.getpid()}")
        make_desk(part, count).close()
        part.rename(root)
    return root


def copied(place: Place, root: Path) -> Path:
    """A copy for those who write on it."""
    copy = place.folder / f"{root.name}-written"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(root, copy)
    return copy


def full(place: Place) -> Desk:
    """The desk of ``full_desk``, with something for each screen: a copy of its own for who asks.
    Closed by the caller."""
    root = place.folder / "furnished"
    settings = Settings(desk=root / "desk", state=root / "state", offline=True)
    if not (root / "made").exists():
        shutil.rmtree(root, ignore_errors=True)
        desk = open_desk(settings, clock=lambda: NOW)
        fill(desk, lambda what: place.say(f"making {what}"))
        place.say("making something for each screen")
        furnishing.furnish(desk, root)
        desk.close()
        (root / "made").touch()
    used = place.folder / "used"
    shutil.rmtree(used, ignore_errors=True)
    shutil.copytree(root, used)
    again = Settings(desk=used / "desk", state=used / "state", offline=True)
    return open_desk(again, clock=lambda: NOW)
