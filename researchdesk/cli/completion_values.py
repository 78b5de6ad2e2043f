"""Values that the desk has to complete: read straight from its files, without opening the desk."""

import os
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

from researchdesk import assets
from researchdesk.config import load_settings
from researchdesk.domain.search_values import FIELDS, FILTERS, SORTS
from researchdesk.domain.text import one_line

Values = list[tuple[str, str]]
"""Each with a few words on it."""

_MOST = 200
_NAME = re.compile(r'^name\s*=\s*"([^"]*)"', re.MULTILINE)
_ARXIV = re.compile(r"(\d{4}\.\d{4,5})(?:-|$)")
_TITLE = re.compile(r'^title\s*=\s*"([^"]*)"', re.MULTILINE)
_PAPERS = """
    SELECT * FROM (
        SELECT arxiv_id AS name, title FROM papers WHERE removed_at IS NULL
        AND merged_into IS NULL AND arxiv_id >= :from AND arxiv_id < :to
        ORDER BY arxiv_id LIMIT :most
    )
    UNION
    SELECT * FROM (
        SELECT key AS name, title FROM papers WHERE removed_at IS NULL AND merged_into IS NULL
        AND (arxiv_id IS NULL OR :from != '') AND key >= :from AND key < :to
        ORDER BY key LIMIT :most
    )
    ORDER BY name LIMIT :most
"""
_TAGS = """
    SELECT tag, COUNT(*) || IIF(COUNT(*) = 1, ' paper', ' papers') FROM paper_tags GROUP BY tag
    HAVING tag >= :from AND tag < :to ORDER BY tag LIMIT :most
"""
_COLLECTIONS = """
    SELECT name, about FROM collections WHERE name >= :from AND name < :to
    ORDER BY name LIMIT :most
"""
_LISTS = """
    SELECT name, query FROM smart_lists WHERE name >= :from AND name < :to
    ORDER BY name LIMIT :most
"""
_NUMBERED = """
    SELECT id AS name, substr({words}, 1, 80) FROM {table} WHERE id || '' >= :from
    AND id || '' < :to {more} ORDER BY id DESC LIMIT :most
"""
_NOTES = _NUMBERED.format(
    table="notes", words="iif(text = '', quote, text)", more="AND deleted_at IS NULL"
)
_SURPRISES = _NUMBERED.format(table="surprises", words="text", more="")
_IDEAS = _NUMBERED.format(table="ideas", words="text", more="")
_INVESTIGATIONS = _NUMBERED.format(table="investigations", words="title", more="")
_FEEDS = _NUMBERED.format(table="feeds", words="iif(title = '', what, title)", more="")
_EXPERIMENTS = """
    SELECT investigation_id || '.' || number AS name, iif(title = '', arm || changed, title)
    FROM experiments WHERE removed_at IS NULL AND name >= :from AND name < :to
    ORDER BY investigation_id DESC, number LIMIT :most
"""
_CLAIMS = """
    SELECT slug, text FROM claims WHERE removed_at IS NULL AND slug >= :from AND slug < :to
    ORDER BY slug LIMIT :most
"""
_STORIES = """
    SELECT slug, title FROM stories WHERE slug >= :from AND slug < :to ORDER BY slug LIMIT :most
"""
_REF_KINDS = {
    "run:": "run", "story:": "story", "funny:": "surprise", "idea:": "idea", "note:": "note",
    "investigation:": "investigation", "claim:": "claim", "experiment:": "experiment",
}  # fmt: skip


def values(kind: str, begun: str, desk: Path) -> Values:
    """The values of this kind that begin so, in their order, of the desk in this folder.

    Raises OSError and sqlite3.Error where the desk cannot be read.
    """
    if kind == "search":
        return _search(begun, desk)
    if kind == "ref":
        return _refs(begun, desk)
    if kind in _QUERIES:
        return _asked(_QUERIES[kind], begun, desk)
    found = _FILES[kind](desk) if kind in _FILES else iter(())
    return sorted(item for item in set(found) if item[0].startswith(begun))[:_MOST]


def _asked(sql: str, begun: str, desk: Path) -> Values:
    path = desk / "desk.db"
    if not path.is_file():
        return []
    with closing(
        sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0.1)
    ) as db:
        rows = db.execute(sql, {"from": begun, "to": f"{begun}\U0010ffff", "most": _MOST})
        return [(one_line(str(value)), one_line(words or "")) for value, words in rows]


def _refs(begun: str, desk: Path) -> Values:
    """A paper, or one of the other kinds with its name before a colon."""
    kind, colon, rest = begun.partition(":")
    if colon:
        known = values(_REF_KINDS[f"{kind}:"], rest, desk) if f"{kind}:" in _REF_KINDS else []
        return [(f"{kind}:{name}", words) for name, words in known]
    fitting = [(word, "") for word in _REF_KINDS if word.startswith(begun)]
    return [*values("paper", begun, desk), *fitting][:_MOST]


def _search(begun: str, desk: Path) -> Values:
    """The last word of a search: the name of a field, or what can stand behind it."""
    before, blank, word = begun.rpartition(" ")
    minus = "-" * word.startswith("-")
    name, colon, value = word.removeprefix("-").partition(":")
    if not colon:
        found = [(f"{known}:", "") for known in (*FIELDS, *FILTERS, "sort")]
        fitting = [item for item in found if item[0].startswith(name)]
    elif name == "sort":
        fitting = [(f"sort:{order}", "") for order in SORTS if order.startswith(value)]
    else:
        known = values(_SEARCHED[name], value, desk) if name in _SEARCHED else []
        fitting = [(f"{name}:{_quoted(one)}", words) for one, words in known]
    return [(f"{before}{blank}{minus}{value}", words) for value, words in fitting]


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value


def _runs(desk: Path) -> Iterator[tuple[str, str]]:
    return _folders(desk / "runs")


def _sweeps(desk: Path) -> Iterator[tuple[str, str]]:
    return _folders(desk / "sweeps")


def _folders(folder: Path) -> Iterator[tuple[str, str]]:
    if folder.is_dir():
        with os.scandir(folder) as entries:
            yield from ((entry.name, "") for entry in entries if entry.is_dir())


def _recipes(desk: Path) -> Iterator[tuple[str, str]]:
    """By the ids of their papers and by their names."""
    for folder in (assets.folder("data") / "recipes", desk / "recipes"):
        for file in filter(Path.is_file, folder.glob("*/recipe.toml")):
            head = file.read_text(encoding="utf-8", errors="replace")[:4000]
            title = _TITLE.search(head)
            words = one_line(title[1]) if title else ""
            yield file.parent.name, words
            if arxiv := _ARXIV.match(file.parent.name):
                yield arxiv[1], words


def _reading_lists(desk: Path) -> Iterator[tuple[str, str]]:
    for folder in (assets.folder("data") / "reading_lists", desk / "reading_lists"):
        for path in folder.glob("*.toml"):
            head = path.read_text(encoding="utf-8", errors="replace")[:2000]
            name, title = _NAME.search(head), _TITLE.search(head)
            if name:
                yield one_line(name[1]), one_line(title[1]) if title else ""


def _checklists(desk: Path) -> Iterator[tuple[str, str]]:
    for folder in (assets.folder("data") / "checklists", desk / "checklists"):
        for path in folder.glob("*.toml"):
            head = path.read_text(encoding="utf-8", errors="replace")[:2000]
            if title := _TITLE.search(head):
                yield path.stem, one_line(title[1])


def _workflows(desk: Path) -> Iterator[tuple[str, str]]:
    for folder in (assets.folder("data") / "workflows", desk / "workflows"):
        yield from ((path.stem, "") for path in folder.glob("*.toml"))


def _templates(folder: str, end: str) -> Callable[[Path], Iterator[tuple[str, str]]]:
    def found(desk: Path) -> Iterator[tuple[str, str]]:
        for place in (assets.folder("data") / "templates", desk / "templates"):
            for path in (place / folder).glob(f"*{end}"):
                yield path.name.partition(".")[0], ""

    return found


def _engines(_desk: Path) -> Iterator[tuple[str, str]]:
    yield from ((name, "") for name in ("local", "ray", "slurm", *load_settings().engines))


def _categories(_desk: Path) -> Iterator[tuple[str, str]]:
    import tomllib  # noqa: PLC0415 - slow to import

    text = (assets.folder("data") / "arxiv_categories.toml").read_text(encoding="utf-8")
    for archive, subjects in tomllib.loads(text).items():
        yield from ((f"{archive}.{subject}" if subject else archive, "") for subject in subjects)
        if not subjects:
            yield archive, ""


_SEARCHED = {"tag": "tag", "in": "collection", "list": "list", "cites": "paper"}
_QUERIES = {
    "paper": _PAPERS, "tag": _TAGS, "collection": _COLLECTIONS, "list": _LISTS, "note": _NOTES,
    "surprise": _SURPRISES, "idea": _IDEAS, "investigation": _INVESTIGATIONS, "feed": _FEEDS,
    "experiment": _EXPERIMENTS, "claim": _CLAIMS, "story": _STORIES,
}  # fmt: skip
_FILES: Mapping[str, Callable[[Path], Iterator[tuple[str, str]]]] = {
    "run": _runs,
    "sweep": _sweeps,
    "recipe": _recipes,
    "reading-list": _reading_lists,
    "checklist": _checklists,
    "workflow": _workflows,
    "template": _templates("story", ".md"),
    "writing": _templates("writing", ".j2"),
    "engine": _engines,
    "category": _categories,
}
KINDS = frozenset({"search", "ref", *_QUERIES, *_FILES})
"""All there are, but for files and folders, which the shell completes."""
