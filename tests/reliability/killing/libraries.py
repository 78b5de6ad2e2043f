"""Libraries brought in and taken back, records merged and parted."""

from pathlib import Path

from reliability.killing.attempts import Attempt, Operation, all_when, each_when
from reliability.killing.observing import GONE, Facts, Key, digest_of
from reliability.killing.world import World


def import_library(world: World) -> Attempt:
    """A BibTeX file with PDFs: all entries at once, and each PDF whole."""
    path, papers, pdfs = _library(world)
    return Attempt(
        ["import", str(path), "--with-files"],
        new=papers | pdfs,
        together=[[*papers]],
        said=each_when({r"\d+ entries|imported|added": [*papers], "PDFs copied": [*pdfs]}),
    )


def import_undone(world: World) -> Attempt:
    """An import taken back: all of it or nothing."""
    path, papers, pdfs = _library(world)
    world.peacefully("import", str(path), "--with-files")
    new = dict.fromkeys([*papers, *pdfs], GONE)
    args = ["undo", "--yes"]

    def again(world: World, facts: Facts) -> list[str] | None:
        return args if next(iter(papers)) in facts else None

    return Attempt(
        args, new=new, together=[[*new]], said=all_when("(?i)taken back", [*new]), again=again
    )


def import_pdfs(world: World) -> Attempt:
    """A folder of PDFs: each by itself, whole."""
    folder = world.root / "in" / f"folder{world.number()}"
    folder.mkdir()
    new: dict[Key, object] = {}
    groups: list[list[Key]] = []
    for _ in range(world.dice.randint(1, 3)):
        path = world.pdf(f"p{world.number()}")
        path = path.rename(folder / path.name)
        keys: list[Key] = [("paper", path.stem), ("pdf", path.stem, "1")]
        new |= dict(
            zip(keys, [(path.stem, True, False), digest_of(path.read_bytes())], strict=True)
        )
        groups.append(keys)
    return Attempt(["import", str(folder)], new=new, together=groups)


def merge(world: World) -> Attempt:
    """Two records become one, with all that hangs on both; or two again."""
    one, other = _two(world)
    undone = world.dice.random() < 0.4
    if undone:
        world.peacefully("merge", one, other, "--keep", one)
    mine = {key for key in world.facts if {one, other} & set(key)}
    notes = {key for key in world.has("note") if world.facts[key][0] in (one, other)}

    def touched(key: Key) -> bool:
        return key in mine | notes or bool({one, other} & set(key))

    def again(world: World, facts: Facts) -> list[str] | None:
        is_merged = any(facts[key][2] for key in (("paper", one), ("paper", other)))
        return None if is_merged is not undone else args

    args = ["merge", "undo"] if undone else ["merge", one, other, "--keep", one]
    return Attempt(args, settles=touched, at_once=True, again=again)


def _library(world: World) -> tuple[Path, dict[Key, object], dict[Key, object]]:
    papers: dict[Key, object] = {}
    pdfs: dict[Key, object] = {}
    entries = []
    for _ in range(world.dice.choice((1, 4, 40))):
        key = f"lovelace{world.number()}"
        file = ""
        if len(pdfs) < 3:
            path = world.pdf(key)
            pdfs["pdf", key, "1"] = digest_of(path.read_bytes())
            file = f",\n  file = {{:{path}:PDF}}"
        title = f"On the engine, part {key[8:]}"
        papers["paper", key] = (title, True, False)
        entries.append(
            f"@article{{{key},\n  title = {{{title}}},\n  author = {{Lovelace, Ada}},\n"
            f"  year = 1843,\n  keywords = {{engine}}{file}\n}}\n"
        )
    path = world.root / "in" / f"library{world.number()}.bib"
    path.write_text("\n".join(entries), "utf-8")
    tags = {("tag", key[1], "engine"): True for key in papers}
    return path, papers | tags, pdfs


def _two(world: World) -> tuple[str, str]:
    """Two papers of the desk that nothing merged yet, with notes on the second."""
    names = []
    for _ in range(2):
        path = world.pdf(f"p{world.number()}")
        world.peacefully("add", str(path))
        names.append(path.stem)
    world.peacefully("note", "add", names[1], "--pass", "1", f"n{world.number()} on the second")
    return names[0], names[1]


OPERATIONS = (
    Operation("import, BibTeX and PDFs", import_library, 8, 220, 0.4),
    Operation("import taken back", import_undone, 4, 125),
    Operation("import, PDFs", import_pdfs, 5, 170, 1.0),
    Operation("merge, undo", merge, 4, 110),
)
