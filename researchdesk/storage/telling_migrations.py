"""Steps of the desk's schema for what is told to others: checklists, rehearsals, finished work."""

from sqlite_utils import Database, Migrations

_ANSWERS = """
    CREATE TABLE checklist_answers (
        id INTEGER PRIMARY KEY,
        checklist TEXT NOT NULL,
        subject TEXT NOT NULL,
        item TEXT NOT NULL,
        answer TEXT NOT NULL,
        why TEXT NOT NULL DEFAULT '',
        answered_at TEXT NOT NULL
    );
    CREATE INDEX checklist_answers_of ON checklist_answers(checklist, subject, item, id);
"""
_REHEARSALS = """
    CREATE TABLE rehearsals (
        id INTEGER PRIMARY KEY,
        talk TEXT NOT NULL,
        file TEXT NOT NULL DEFAULT '',
        planned_s REAL NOT NULL,
        began_at TEXT NOT NULL,
        ended_at TEXT
    );
    CREATE INDEX rehearsals_of ON rehearsals(talk, began_at);
    CREATE TABLE rehearsal_slides (
        rehearsal_id INTEGER NOT NULL REFERENCES rehearsals(id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        title TEXT NOT NULL,
        planned_s REAL NOT NULL,
        used_s REAL NOT NULL DEFAULT 0,
        PRIMARY KEY (rehearsal_id, number)
    );
"""
_FINISHED = """
    ALTER TABLE stories ADD COLUMN finished_at TEXT;
    ALTER TABLE stories ADD COLUMN venue TEXT NOT NULL DEFAULT '';
    ALTER TABLE stories ADD COLUMN celebrated_at TEXT;
"""


def add_to(migrations: Migrations) -> None:
    """Put these steps behind those that are there. One that was released is never changed."""
    for step in (m022_checklist_answers, m023_rehearsals, m024_finished_stories):
        migrations()(step)


def m022_checklist_answers(db: Database) -> None:
    """What a person says of an item; the newest row counts, the earlier ones are kept."""
    db.executescript(_ANSWERS)


def m023_rehearsals(db: Database) -> None:
    db.executescript(_REHEARSALS)


def m024_finished_stories(db: Database) -> None:
    """A story that became a paper, and whether that was celebrated."""
    db.executescript(_FINISHED)
