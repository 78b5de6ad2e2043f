"""The later steps of the desk's schema: surprises followed up, ideas, investigations, drafts."""

from sqlite_utils import Database, Migrations

from researchdesk.domain.refs import as_ref

_SURPRISES = """
    ALTER TABLE surprises ADD COLUMN state TEXT NOT NULL DEFAULT 'noticed';
    ALTER TABLE surprises ADD COLUMN why TEXT NOT NULL DEFAULT '';
    ALTER TABLE surprises ADD COLUMN source TEXT NOT NULL DEFAULT '';
    ALTER TABLE surprises ADD COLUMN expected_value REAL;
    ALTER TABLE surprises ADD COLUMN observed_value REAL;
    ALTER TABLE surprises ADD COLUMN spread REAL;
    ALTER TABLE surprises ADD COLUMN spread_of TEXT NOT NULL DEFAULT '';
    ALTER TABLE surprises ADD COLUMN apart TEXT NOT NULL DEFAULT '';
    ALTER TABLE surprises ADD COLUMN again_on TEXT;
    ALTER TABLE surprises ADD COLUMN touched_at TEXT NOT NULL DEFAULT '';
    UPDATE surprises SET touched_at = noticed_at;
    CREATE INDEX surprises_state ON surprises(state, touched_at);
    CREATE INDEX surprises_on ON surprises("on") WHERE "on" != '';
    CREATE UNIQUE INDEX surprises_source ON surprises(source) WHERE source != '';
    CREATE TABLE explanations (
        id INTEGER PRIMARY KEY,
        surprise_id INTEGER NOT NULL REFERENCES surprises(id) ON DELETE CASCADE,
        letter TEXT NOT NULL,
        text TEXT NOT NULL,
        predicts TEXT NOT NULL DEFAULT '',
        refuted_by TEXT NOT NULL DEFAULT '',
        stated_at TEXT NOT NULL,
        ruled_out TEXT NOT NULL DEFAULT '',
        UNIQUE (surprise_id, letter)
    );
    CREATE TABLE surprise_evidence (
        id INTEGER PRIMARY KEY,
        surprise_id INTEGER NOT NULL REFERENCES surprises(id) ON DELETE CASCADE,
        about TEXT NOT NULL,
        side TEXT NOT NULL CHECK (side IN ('for', 'against')),
        ref TEXT NOT NULL DEFAULT '',
        words TEXT NOT NULL DEFAULT '',
        filed_at TEXT NOT NULL,
        withdrawn_at TEXT
    );
    CREATE INDEX surprise_evidence_of ON surprise_evidence(surprise_id);
"""
_IDEAS = """
    CREATE TABLE ideas (
        id INTEGER PRIMARY KEY,
        text TEXT NOT NULL,
        "of" TEXT NOT NULL DEFAULT '',
        impact INTEGER CHECK (impact IS NULL OR impact BETWEEN 1 AND 5),
        work_days REAL CHECK (work_days IS NULL OR work_days > 0),
        fun INTEGER CHECK (fun IS NULL OR fun BETWEEN 1 AND 5),
        instead TEXT NOT NULL DEFAULT '',
        state TEXT NOT NULL DEFAULT 'open',
        why TEXT NOT NULL DEFAULT '',
        place INTEGER,
        again_on TEXT,
        created_at TEXT NOT NULL,
        touched_at TEXT NOT NULL
    );
    CREATE TABLE happenings (
        id INTEGER PRIMARY KEY,
        "of" TEXT NOT NULL,
        what TEXT NOT NULL,
        said TEXT NOT NULL DEFAULT '',
        why TEXT NOT NULL DEFAULT '',
        until TEXT,
        at TEXT NOT NULL
    );
    CREATE INDEX happenings_of ON happenings("of", id);
    INSERT INTO happenings ("of", what, said, at)
        SELECT 'funny:' || id, 'state', 'noticed', noticed_at FROM surprises ORDER BY id;
"""
_INVESTIGATIONS = """
    CREATE TABLE investigations (
        id INTEGER PRIMARY KEY,
        title TEXT NOT NULL,
        "of" TEXT NOT NULL DEFAULT '',
        workflow TEXT NOT NULL,
        recipe TEXT NOT NULL DEFAULT '',
        state TEXT NOT NULL DEFAULT 'open',
        why TEXT NOT NULL DEFAULT '',
        again_on TEXT,
        created_at TEXT NOT NULL,
        touched_at TEXT NOT NULL
    );
    CREATE INDEX investigations_of ON investigations("of");
    CREATE TABLE investigation_answers (
        id INTEGER PRIMARY KEY,
        investigation_id INTEGER NOT NULL REFERENCES investigations(id) ON DELETE CASCADE,
        step TEXT NOT NULL,
        text TEXT NOT NULL,
        saved_at TEXT NOT NULL
    );
    CREATE INDEX investigation_answers_of ON investigation_answers(investigation_id, step, id);
    CREATE TABLE experiments (
        id INTEGER PRIMARY KEY,
        investigation_id INTEGER NOT NULL REFERENCES investigations(id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        parent INTEGER,
        title TEXT NOT NULL DEFAULT '',
        arm TEXT NOT NULL DEFAULT '',
        changed TEXT NOT NULL DEFAULT '',
        settings TEXT NOT NULL DEFAULT '{}',
        created_at TEXT NOT NULL,
        removed_at TEXT,
        UNIQUE (investigation_id, number)
    );
    CREATE TABLE hypotheses (
        id INTEGER PRIMARY KEY,
        experiment_id INTEGER NOT NULL REFERENCES experiments(id) ON DELETE CASCADE,
        text TEXT NOT NULL,
        metric TEXT NOT NULL DEFAULT '',
        relation TEXT NOT NULL DEFAULT '',
        value REAL,
        within REAL,
        stated_at TEXT NOT NULL,
        result_at TEXT
    );
    CREATE INDEX hypotheses_of ON hypotheses(experiment_id, id);
    CREATE TABLE experiment_runs (
        experiment_id INTEGER NOT NULL REFERENCES experiments(id) ON DELETE CASCADE,
        run_id TEXT NOT NULL,
        arm TEXT NOT NULL,
        linked_at TEXT NOT NULL,
        first_at TEXT,
        PRIMARY KEY (experiment_id, run_id, arm)
    );
    CREATE INDEX experiment_runs_run ON experiment_runs(run_id);
"""
_DRAFTS = """
    ALTER TABLE drafts ADD COLUMN title TEXT NOT NULL DEFAULT '';
    ALTER TABLE drafts ADD COLUMN begun_at TEXT NOT NULL DEFAULT '';
    UPDATE drafts SET begun_at = saved_at;
    CREATE TABLE draft_states (
        id INTEGER PRIMARY KEY,
        story_id INTEGER NOT NULL,
        number INTEGER NOT NULL,
        text TEXT NOT NULL,
        saved_at TEXT NOT NULL,
        FOREIGN KEY (story_id, number) REFERENCES drafts(story_id, number) ON DELETE CASCADE
    );
    CREATE INDEX draft_states_of ON draft_states(story_id, number, id);
    INSERT INTO draft_states (story_id, number, text, saved_at)
        SELECT story_id, number, text, saved_at FROM drafts ORDER BY story_id, number;
    CREATE TABLE story_evidence (
        story_id INTEGER NOT NULL REFERENCES stories(id) ON DELETE CASCADE,
        ref TEXT NOT NULL,
        said TEXT NOT NULL,
        seen_at TEXT NOT NULL,
        PRIMARY KEY (story_id, ref)
    );
"""


def add_to(migrations: Migrations) -> None:
    """Put these steps behind those that are there. One that was released is never changed."""
    for step in (
        m012_surprises_followed_up,
        m013_ideas_and_what_happened,
        m014_investigations,
        m015_drafts_as_rewrites,
        m016_search_in_the_loop,
    ):
        migrations()(step)


def m012_surprises_followed_up(db: Database) -> None:
    """What a surprise was seen on becomes a ref: it was written as somebody typed it."""
    db.executescript(_SURPRISES)
    for row in list(db.query('SELECT id, "on" FROM surprises WHERE "on" != \'\'')):
        db.execute('UPDATE surprises SET "on" = ? WHERE id = ?', [as_ref(row["on"]), row["id"]])


def m013_ideas_and_what_happened(db: Database) -> None:
    db.executescript(_IDEAS)


def m014_investigations(db: Database) -> None:
    db.executescript(_INVESTIGATIONS)


def m015_drafts_as_rewrites(db: Database) -> None:
    """A draft is one writing from scratch; what it said at each pause are its states."""
    db.executescript(_DRAFTS)


def m016_search_in_the_loop(db: Database) -> None:
    db.table("surprises").enable_fts(
        ["text", "expected", "observed", "why"], create_triggers=True, tokenize="porter"
    )
    db.table("ideas").enable_fts(
        ["text", "instead", "why"], create_triggers=True, tokenize="porter"
    )
    db.table("investigations").enable_fts(["title", "why"], create_triggers=True, tokenize="porter")
