"""A desk every text of which is hostile, whatever the doors would have let in.

It is made of plain words with a marker in each; then the marker is replaced in the rows and files,
so that not the doors are tried but what shows a desk that an older version, another program or a
sync left so.
"""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from support.faketime import FakeTime
from support.feed_desk import announce, followed
from support.funny_runs import RUNG, ended_run, watched
from support.made_sweeps import sweep_of, write_sweep
from support.recipe_maker import ARM, CLAIM, write_recipe
from support.tiny_pdf import tiny_pdf

from researchdesk.config import Settings
from researchdesk.domain.feeds import EntryState, FeedKind
from researchdesk.domain.papers import Metadata
from researchdesk.domain.reading import NoteKind
from researchdesk.domain.surprises import SurpriseState
from researchdesk.domain.watching import Certainty, WatchFinding
from researchdesk.harness.recipes.folders import digest_of
from researchdesk.services import (
    claims,
    collecting,
    experiments,
    explaining,
    feeds,
    ideas,
    investigations,
    labels,
    notes,
    smart_lists,
    stories,
)
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.importing import import_library
from researchdesk.services.library import file_metadata
from researchdesk.services.pdf_imports import import_pdfs
from researchdesk.services.surprises import add_surprise, resolve

MARK = "QQQ"
ID = "2001.00001"
SWEEP = "20260314-150926-made"
_OTHER = """
[[arms]]
name = "narrow"
kind = "ablation"
parent = "ours"
[arms.settings]
steps = 3
"""
_BIB = f"""@article{{key, title = {{Imported {MARK}}}, author = {{Doe {MARK}, Jo and {MARK}}},
  year = 2001, journal = {{J {MARK}}}, abstract = {{A {MARK}}}, note = {{{MARK}}},
  keywords = {{tag-{MARK}}}, own{MARK} = {{{MARK}}}}}
"""
_PDF = f"""Title {MARK} of it
Ada {MARK}
Abstract
We <b>show</b> [b]that[/b] \\input{{x}} and <script>alert(1)</script> are {MARK}.
1 Introduction
Our nets reach an accuracy of 95.1 on {MARK}, see https://github.com/../../x and [@click=quit].
References
[1] A. {MARK}. <img src=x onerror=y> arXiv:2001.00009, 2020.
"""
_DRAFT = f"""# We {MARK}

Narrow nets score 0.5 {MARK}. [[run:%s]]

- They do {MARK}. [[funny:1]]
"""


@dataclass(frozen=True, slots=True)
class Planted:
    """The ids on the desk; ``text`` is what stands in it everywhere."""

    run: str
    sweep: str
    story: str
    claim: str
    note: int
    text: str


def plant(settings: Settings, text: str) -> Planted:
    """Make the desk that ``settings`` name, with ``text`` in all that a person could have written
    or a source said."""
    clock = FakeTime().clock
    with closing(open_desk(settings, clock)) as desk:
        planted = replace(_made(desk), text=text)
    _in_rows(settings.desk / "desk.db", text)
    for path in _files(settings.desk):
        content = path.read_text("utf-8")
        if MARK in content:
            path.write_text(content.replace(MARK, _escaped(text, path)), "utf-8")
    bare = text.encode("utf-8", "replace").decode()
    sweep = sweep_of([0.1, None, 0.3], id=SWEEP, name=bare, metric=bare)
    write_sweep(settings.sweeps / SWEEP, sweep)
    _as_if_run(settings, planted.run)
    return planted


def _as_if_run(settings: Settings, run: str) -> None:
    """The run's recipe is the one that its settings name by its hash."""
    config = settings.runs / run / "config.toml"
    (copied,) = (settings.runs / run / "recipe").iterdir()
    words = config.read_text("utf-8")
    digest = digest_of(copied)
    config.write_text(re.sub(r'(?<=^digest = ")\w+', digest, words, flags=re.M), "utf-8")


def _made(desk: Desk) -> Planted:
    claim = CLAIM.replace("The score", f"The score {MARK}").replace("table 1", f"table {MARK}")
    folder = write_recipe(
        desk.settings.recipes, toml=ARM + _OTHER + claim + f'quote = "{MARK}"\nunit = "{MARK}"\n'
    )
    file = folder / "recipe.toml"
    file.write_text(file.read_text("utf-8").replace("A tiny experiment", f"A tiny {MARK}"), "utf-8")
    words = Metadata(
        f"Title {MARK}",
        (f"Ada {MARK}", MARK),
        f"Abstract {MARK}",
        categories=("cs.LG",),
        arxiv_id=ID,
        version=1,
        comment=f"Comment {MARK}",
        journal_ref=f"Journal {MARK}",
        doi=f"10.1/{MARK}",
    )
    paper = file_metadata(desk, words)
    other = file_metadata(desk, Metadata(f"Other {MARK}", (MARK,), MARK, stated_year=2001))
    pdf = desk.root.parent / f"{MARK}.pdf"
    pdf.write_bytes(tiny_pdf(_PDF))
    import_pdfs(desk, [pdf])
    labels.tag(desk, [paper.id], [f"tag {MARK}", f"two {MARK}"])
    collecting.new(desk, f"shelf {MARK}", f"about {MARK}")
    collecting.put_in(desk, [paper.id, other.id], f"shelf {MARK}")
    smart_lists.keep_list(desk, f"list {MARK}", "cat:cs.LG")
    note = notes.add_note(desk, paper, 1, f"Note {MARK}\nsecond", page=1, quote=f"Quote {MARK}")
    notes.add_note(desk, paper, 1, f"Why {MARK}?", kind=NoteKind.QUESTION)
    kept = claims.add_claim(desk, paper, f"Claim {MARK}", metric=MARK, dataset=MARK, unit=MARK,
                            where=MARK, quote=MARK)  # fmt: skip
    check = {**RUNG, "name": f"check {MARK}", "message": f"message {MARK}", "figure": MARK}
    run = ended_run(desk, (0.49, 0.5, 0.51, 0.1, 0.11, 0.12), [check], arms=("ours", "narrow"),
                    more={f"metric {MARK}": 0.5}, data={f"data {MARK}": MARK})  # fmt: skip
    _around(desk, run)
    story = stories.new_story(desk, f"Story {MARK}").slug
    stories.save_draft(desk, story, _DRAFT % run)
    stories.new_draft(desk, story, f"Second {MARK}")
    stories.save_draft(desk, story, _DRAFT % run + f"\nMore {MARK}.\n")
    bib = desk.root / "x.bib"
    bib.write_text(_BIB, "utf-8")
    import_library(desk, [bib])
    return Planted(run, SWEEP, story, kept.slug, note.id, "")


def _around(desk: Desk, run: str) -> None:
    """What is noticed, explained, thought of, looked into and announced."""
    for number in (1, 2):
        add_surprise(desk, f"Funny {MARK}", f"exp {MARK}", f"obs {MARK}", f"run:{run}")
        explaining.explain(desk, number, f"bad luck {MARK}", f"pred {MARK}", f"refuted {MARK}")
        explaining.explain(desk, number, f"epsilon {MARK}")
    explaining.file_evidence(desk, 1, "A", "for", f"run:{run}")
    explaining.rule_out(desk, 2, "B", f"never {MARK}")
    resolve(desk, 2, SurpriseState.EXPLAINED, by="A", why=f"why {MARK}")
    ideas.add_idea(desk, f"Idea {MARK}", of="funny:1", instead=f"instead {MARK}")
    found = investigations.begin(desk, f"Is it {MARK}?", "funny:1", recipe=ID, arm="ours")
    experiments.add_experiment(desk, found.id, arm="narrow", title=f"Try {MARK}")
    finding = WatchFinding("softmax-before-cross-entropy", Certainty.LIKELY, f"Saw {MARK}",
                           f"tr{MARK}.py", 7, evidence={f"k{MARK}": f"v {MARK}"},
                           source=f"x = {MARK}")  # fmt: skip
    watched(desk, finding, on=f"run:{run}", folder=f"/home/{MARK}")
    feed = followed(desk, f"http://127.0.0.1:9/{MARK}", FeedKind.ADDRESS)
    announce(desk, feed, f"News {MARK}", f"More {MARK}", scores=(2.0, 1.0), speaks=(MARK, MARK))
    feeds.decide(desk, feeds.waiting(desk)[1].id, EntryState.LATER, MARK, date(2099, 1, 1))


def _in_rows(file: Path, text: str) -> None:
    """Replace the marker in every text of every table; within JSON as JSON writes it."""
    bare = text.encode("utf-8", "replace").decode()
    within = json.dumps(bare)[1:-1]
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        for (table,) in db.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
            " AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%fts%'"
        ).fetchall():
            for _, name, kind, *_ in db.execute(f'PRAGMA table_info("{table}")').fetchall():
                if kind.upper() == "TEXT":
                    db.execute(
                        f'UPDATE OR IGNORE "{table}" SET "{name}" = replace("{name}", ?, '
                        f'CASE WHEN "{name}" GLOB \'[[{{]*\' AND json_valid("{name}") '
                        f'THEN ? ELSE ? END) WHERE instr("{name}", ?)',
                        [MARK, within, bare, MARK],
                    )


def _files(root: Path) -> Iterator[Path]:
    for path in root.rglob("*"):
        if path.suffix in {".json", ".jsonl", ".toml", ".log", ".txt"} and path.is_file():
            yield path


def _escaped(text: str, path: Path) -> str:
    if path.suffix in {".json", ".jsonl"}:
        return json.dumps(text)[1:-1]
    bare = text.encode("utf-8", "replace").decode()
    if path.suffix == ".toml":
        return json.dumps(bare, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007f")
    return bare
