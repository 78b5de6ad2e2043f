"""What else a user could search a library with: papis, cobib, bare SQLite; on the same papers."""

import json
import os
import sqlite3
import subprocess
import sys
import venv
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

Program = tuple[list[str], Mapping[str, str]]
Papers = list[tuple[int, str, str, str, str, int]]
SHARE = 0.25
"""Of the time of papis that a cold search may take."""
_PAPERS = "SELECT id, key, title, authors, abstract, year FROM papers ORDER BY id"
_BARE = """
import json, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
sql = "SELECT rowid, title FROM f WHERE f MATCH ? ORDER BY rank LIMIT 50"
found = db.execute(sql, sys.argv[2:])
print(json.dumps(found.fetchall()))
"""
_COBIB = """
from cobib.config import config
config.database.file = {database!r}
config.database.cache = {cache!r}
config.logging.logfile = {log!r}
config.logging.cache = {cache!r}
"""


def programs(desk: Path, installed: Path | None, words: str) -> dict[str, Program]:
    """The commands that search the desk's papers for two words, by name. Those that cannot be
    installed here are left out, and said so."""
    beside, papers = beside_of(desk), _papers_of(desk)
    found = {
        "bare SQLite FTS5": ([sys.executable, "-c", _BARE, str(bare(desk)), words], os.environ)
    }
    folder = installed or _installed(beside)
    for name, make in (("papis", _papis), ("cobib", _cobib)):
        program = folder / name
        if program.is_file():
            found[name] = make(beside, program, papers, words)
        else:
            print(f"{name} is not there: it was not measured", file=sys.stderr)
    return found


def beside_of(desk: Path) -> Path:
    """The folder of what others need of this desk."""
    beside = desk.with_name(f"{desk.name}-rivals")
    beside.mkdir(exist_ok=True)
    return beside


def _papers_of(desk: Path) -> Papers:
    with closing(sqlite3.connect(desk / "desk.db")) as db:
        papers: Papers = db.execute(_PAPERS).fetchall()
    return papers


def _installed(beside: Path) -> Path:
    """The folder of programs of an environment with the rivals."""
    place = beside / "venv"
    if not place.exists():
        venv.create(place, with_pip=True)
        for name in ("papis", "cobib"):
            asked = [str(place / "bin" / "pip"), "install", "--quiet", name]
            subprocess.run(asked, check=False, capture_output=True)
    return place / "bin"


def bare(desk: Path) -> Path:
    """A database with nothing but a full-text index of the desk's papers."""
    path = beside_of(desk) / "bare.db"
    if not path.exists():
        papers = _papers_of(desk)
        with closing(sqlite3.connect(path)) as db:
            db.execute("CREATE VIRTUAL TABLE f USING fts5(title, authors, abstract)")
            rows = ((paper[0], *paper[2:5]) for paper in papers)
            db.executemany(
                "INSERT INTO f (rowid, title, authors, abstract) VALUES (?, ?, ?, ?)", rows
            )
            db.commit()
    return path


def _papis(beside: Path, program: Path, papers: Papers, words: str) -> Program:
    library, config = beside / "papis", beside / "config" / "papis"
    if not library.exists():
        library.mkdir()
        for key, text in _info(papers):
            (library / key).mkdir()
            (library / key / "info.yaml").write_text(text, "utf-8")
        config.mkdir(parents=True)
        settings = f"[settings]\ndefault-library = papers\n[papers]\ndir = {library}\n"
        (config / "config").write_text(settings, "utf-8")
    environ = {
        **os.environ,
        "XDG_CONFIG_HOME": str(beside / "config"),
        "XDG_CACHE_HOME": str(beside / "cache"),
    }
    return [str(program), "list", "--all", words], environ


def _info(papers: Papers) -> Iterator[tuple[str, str]]:
    for number, key, title, authors, abstract, year in papers:
        fields = {
            "abstract": abstract,
            "author": " and ".join(json.loads(authors)),
            "papis_id": f"{number:032x}",
            "ref": key,
            "title": title,
            "type": "article",
            "year": year,
        }
        lines = (f"{name}: {json.dumps(value)}\n" for name, value in fields.items())
        yield key, "".join(lines)


def _cobib(beside: Path, program: Path, papers: Papers, words: str) -> Program:
    database, settings = beside / "cobib.yaml", beside / "cobib.py"
    if not database.exists():
        with database.open("w", encoding="utf-8") as file:
            for _, key, title, authors, abstract, year in papers:
                fields = {
                    "ENTRYTYPE": "article",
                    "abstract": abstract,
                    "author": " and ".join(json.loads(authors)),
                    "title": title,
                    "year": year,
                }
                lines = (f"  {name}: {json.dumps(value)}\n" for name, value in fields.items())
                file.write(f"---\n{key}:\n{''.join(lines)}...\n")
        made = _COBIB.format(
            database=str(database), cache=str(beside / "cobib.cache"), log=str(beside / "cobib.log")
        )
        settings.write_text(made, "utf-8")
    first, second = words.split()
    asked = [str(program), "-c", str(settings), "list", "++title", first, "++title", second]
    return asked, os.environ
