"""Files written over older ones, where a person may have written too."""

from pathlib import Path

from reliability.killing.attempts import Attempt, Operation
from reliability.killing.everyday import note_add, words
from reliability.killing.hatched import Outcome
from reliability.killing.leftovers import half_made
from reliability.killing.observing import Facts, Key
from reliability.killing.world import World

MINE = "My own words, which nobody else may touch."


def _files(key: Key) -> bool:
    return key[0] == "file"


def export_notes(world: World) -> Attempt:
    """A vault written again over pages in which a person wrote."""
    folder = world.out / "vault"
    args = ["export", "notes", "--all", "--to", str(folder)]
    world.paper()
    if not folder.is_dir() and world.dice.random() < 0.8:
        world.peacefully(*args)
        for page in sorted(folder.rglob("*.md"))[:3]:
            page.write_text(f"{page.read_text('utf-8')}\n{MINE}\n", "utf-8")
    written = [page for page in _pages(folder) if MINE in page.read_text("utf-8")]
    for _ in range(2):
        kept = note_add(world)
        world.peacefully(*kept.args, stdin=kept.stdin)

    def look(world: World, facts: Facts, outcome: Outcome) -> list[str]:
        lost = [f"{page} lost what a person wrote" for page in written if not _has_mine(page)]
        return lost + whole_files(world, facts, outcome)

    return Attempt(args, settles=_files, look=look)


def export_bibtex(world: World) -> Attempt:
    """A BibTeX file written over an older one."""
    file = world.out / "all.bib"
    world.paper()
    args = ["export", "bibtex", "--all", "--to", str(file)]
    if not file.exists():
        world.peacefully(*args)
    world.peacefully("add", world.offer())
    return Attempt(args, settles=_files, look=whole_files)


def export_story(world: World) -> Attempt:
    """A story written out over an older version of it."""
    slug = f"s{world.number()}"
    file = world.out / f"{slug}.md"
    args = ["story", "export", slug, "--to", str(file)]
    world.peacefully("story", "new", "--title", slug)
    for _ in range(2):
        world.peacefully("story", "edit", slug, words(world))
        if not file.exists():
            world.peacefully(*args)
    return Attempt(args, settles=_files, look=whole_files)


def whole_files(world: World, facts: Facts, outcome: Outcome) -> list[str]:
    """Half-written files beside a person's own, once the export came to its end; and newer text
    beside a file that nobody changed."""
    if outcome.killed:
        return []
    beside = [path for path in world.out.rglob("*") if ".new" in path.suffixes[:-1]]
    left = [f"left beside the exported files: {path.name}" for path in half_made(world.out)]
    return left + [f"taken for a person's own: what {path.name} stands beside" for path in beside]


def _pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.md")) if folder.is_dir() else []


def _has_mine(page: Path) -> bool:
    return page.is_file() and MINE in page.read_text("utf-8")


OPERATIONS = (
    Operation("export notes", export_notes, 8, 50, 0.2),
    Operation("export bibtex", export_bibtex, 5, 36, 0.1),
    Operation("export story", export_story, 2, 36, 0.1),
)
