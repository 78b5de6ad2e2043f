"""The desk's schema, as ordered, named steps. A step that was released is never changed."""

from sqlite_utils import Database, Migrations

from researchdesk.domain.links import links_in
from researchdesk.storage import (
    library_migrations,
    loop_migrations,
    search_migrations,
    telling_migrations,
)

desk_migrations = Migrations("researchdesk")


@desk_migrations()
def m001_papers(db: Database) -> None:
    db.executescript(
        """
        CREATE TABLE papers (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            arxiv_id TEXT UNIQUE,
            version INTEGER NOT NULL DEFAULT 1,
            title TEXT NOT NULL,
            authors TEXT NOT NULL DEFAULT '[]',
            abstract TEXT NOT NULL DEFAULT '',
            categories TEXT NOT NULL DEFAULT '[]',
            published TEXT,
            updated TEXT,
            doi TEXT NOT NULL DEFAULT '',
            journal_ref TEXT NOT NULL DEFAULT '',
            comment TEXT NOT NULL DEFAULT '',
            added_at TEXT NOT NULL,
            removed_at TEXT
        );
        CREATE TABLE versions (
            paper_id INTEGER NOT NULL REFERENCES papers(id) ON DELETE CASCADE,
            version INTEGER NOT NULL,
            pdf TEXT NOT NULL DEFAULT '',
            sha256 TEXT NOT NULL DEFAULT '',
            size INTEGER NOT NULL DEFAULT 0,
            fetched_at TEXT,
            PRIMARY KEY (paper_id, version)
        );
        CREATE INDEX versions_sha256 ON versions(sha256) WHERE sha256 != '';
        """,
    )


@desk_migrations()
def m002_passes(db: Database) -> None:
    db.executescript(
        """
        CREATE TABLE passes (
            id INTEGER PRIMARY KEY,
            paper_id INTEGER NOT NULL REFERENCES papers(id) ON DELETE CASCADE,
            version INTEGER NOT NULL,
            workflow TEXT NOT NULL,
            number INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('started', 'finished', 'dropped')),
            step INTEGER NOT NULL DEFAULT 0,
            started_at TEXT NOT NULL,
            ended_at TEXT,
            why TEXT NOT NULL DEFAULT '',
            again_on TEXT,
            UNIQUE (paper_id, version, workflow, number)
        );
        CREATE TABLE pass_events (
            id INTEGER PRIMARY KEY,
            pass_id INTEGER NOT NULL REFERENCES passes(id) ON DELETE CASCADE,
            state TEXT NOT NULL,
            why TEXT NOT NULL DEFAULT '',
            again_on TEXT,
            at TEXT NOT NULL
        );
        """
    )


@desk_migrations()
def m003_notes(db: Database) -> None:
    db.executescript(
        """
        CREATE TABLE notes (
            id INTEGER PRIMARY KEY,
            paper_id INTEGER NOT NULL REFERENCES papers(id) ON DELETE CASCADE,
            version INTEGER NOT NULL,
            pass_id INTEGER NOT NULL REFERENCES passes(id) ON DELETE CASCADE,
            kind TEXT NOT NULL DEFAULT 'note' CHECK (kind IN ('note', 'question', 'trick')),
            page INTEGER CHECK (page IS NULL OR page >= 1),
            quote TEXT NOT NULL DEFAULT '',
            text TEXT NOT NULL,
            step TEXT NOT NULL DEFAULT '',
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            deleted_at TEXT
        );
        CREATE INDEX notes_paper ON notes(paper_id);
        CREATE TABLE note_revisions (
            id INTEGER PRIMARY KEY,
            note_id INTEGER NOT NULL REFERENCES notes(id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            page INTEGER,
            quote TEXT NOT NULL,
            text TEXT NOT NULL,
            saved_at TEXT NOT NULL
        );
        CREATE INDEX note_revisions_note ON note_revisions(note_id);
        """,
    )


@desk_migrations()
def m004_surprises_and_stories(db: Database) -> None:
    db.executescript(
        """
        CREATE TABLE surprises (
            id INTEGER PRIMARY KEY,
            text TEXT NOT NULL,
            expected TEXT NOT NULL,
            observed TEXT NOT NULL,
            "on" TEXT NOT NULL DEFAULT '',
            noticed_at TEXT NOT NULL
        );
        CREATE TABLE stories (
            id INTEGER PRIMARY KEY,
            slug TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL,
            created_at TEXT NOT NULL
        );
        CREATE TABLE drafts (
            story_id INTEGER NOT NULL REFERENCES stories(id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            text TEXT NOT NULL,
            saved_at TEXT NOT NULL,
            PRIMARY KEY (story_id, number)
        );
        """,
    )


@desk_migrations()
def m005_search(db: Database) -> None:
    db.table("papers").enable_fts(
        ["title", "authors", "abstract"], create_triggers=True, tokenize="porter"
    )
    db.table("notes").enable_fts(["text", "quote"], create_triggers=True, tokenize="porter")


@desk_migrations()
def m006_html(db: Database) -> None:
    db.executescript(
        """
        ALTER TABLE versions ADD COLUMN html TEXT NOT NULL DEFAULT '';
        ALTER TABLE versions ADD COLUMN html_sha256 TEXT NOT NULL DEFAULT '';
        ALTER TABLE versions ADD COLUMN html_asked_at TEXT;
        """
    )


@desk_migrations()
def m007_ends_and_time(db: Database) -> None:
    db.executescript(
        """
        ALTER TABLE passes ADD COLUMN decision TEXT
            CHECK (decision IS NULL OR decision IN ('go on', 'later', 'stop'));
        ALTER TABLE passes ADD COLUMN seconds REAL NOT NULL DEFAULT 0;
        CREATE INDEX passes_again ON passes(again_on) WHERE again_on IS NOT NULL;
        """
    )


@desk_migrations()
def m008_notes_in_the_loop(db: Database) -> None:
    db.executescript(
        """
        ALTER TABLE notes ADD COLUMN code_repository TEXT NOT NULL DEFAULT '';
        ALTER TABLE notes ADD COLUMN code_commit TEXT NOT NULL DEFAULT '';
        ALTER TABLE notes ADD COLUMN code_path TEXT NOT NULL DEFAULT '';
        ALTER TABLE notes ADD COLUMN code_line INTEGER;
        ALTER TABLE notes ADD COLUMN answers INTEGER REFERENCES notes(id);
        ALTER TABLE notes ADD COLUMN resolved_at TEXT;
        CREATE TABLE note_actions (
            id INTEGER PRIMARY KEY,
            paper_id INTEGER NOT NULL REFERENCES papers(id) ON DELETE CASCADE,
            note_id INTEGER NOT NULL REFERENCES notes(id) ON DELETE CASCADE,
            action TEXT NOT NULL,
            before TEXT NOT NULL DEFAULT '',
            after TEXT NOT NULL DEFAULT '',
            at TEXT NOT NULL,
            undone_at TEXT
        );
        CREATE INDEX note_actions_paper ON note_actions(paper_id, id);
        CREATE TABLE note_links (
            note_id INTEGER NOT NULL REFERENCES notes(id) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind IN ('paper', 'claim', 'run', 'funny')),
            target TEXT NOT NULL,
            PRIMARY KEY (note_id, kind, target)
        );
        CREATE INDEX note_links_target ON note_links(kind, target);
        """
    )


@desk_migrations()
def m009_claims_and_clones(db: Database) -> None:
    db.executescript(
        """
        CREATE TABLE claims (
            id INTEGER PRIMARY KEY,
            slug TEXT NOT NULL UNIQUE,
            paper_id INTEGER NOT NULL REFERENCES papers(id) ON DELETE CASCADE,
            version INTEGER NOT NULL,
            text TEXT NOT NULL,
            "where" TEXT NOT NULL DEFAULT '',
            quote TEXT NOT NULL DEFAULT '',
            page INTEGER CHECK (page IS NULL OR page >= 1),
            metric TEXT NOT NULL DEFAULT '',
            dataset TEXT NOT NULL DEFAULT '',
            value REAL,
            spread REAL,
            unit TEXT NOT NULL DEFAULT '',
            created_at TEXT NOT NULL,
            removed_at TEXT
        );
        CREATE INDEX claims_paper ON claims(paper_id);
        CREATE TABLE clones (
            id INTEGER PRIMARY KEY,
            paper_id INTEGER NOT NULL REFERENCES papers(id) ON DELETE CASCADE,
            url TEXT NOT NULL,
            folder TEXT NOT NULL,
            commit_id TEXT NOT NULL,
            cloned_at TEXT NOT NULL,
            UNIQUE (paper_id, url)
        );
        """
    )


@desk_migrations()
def m010_words_of_claims_and_links_between_notes(db: Database) -> None:
    db.executescript(
        """
        CREATE TABLE claim_revisions (
            id INTEGER PRIMARY KEY,
            claim_id INTEGER NOT NULL REFERENCES claims(id) ON DELETE CASCADE,
            text TEXT NOT NULL,
            saved_at TEXT NOT NULL
        );
        CREATE INDEX claim_revisions_claim ON claim_revisions(claim_id);
        INSERT INTO claim_revisions (claim_id, text, saved_at)
            SELECT id, text, created_at FROM claims ORDER BY id;
        DROP TABLE note_links;
        CREATE TABLE note_links (
            note_id INTEGER NOT NULL REFERENCES notes(id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            target TEXT NOT NULL,
            PRIMARY KEY (note_id, kind, target)
        );
        CREATE INDEX note_links_target ON note_links(kind, target);
        """
    )
    found = db.query("SELECT id, text FROM notes WHERE text LIKE '%[[%'")
    links = {
        (row["id"], link.kind.value, link.target) for row in found for link in links_in(row["text"])
    }
    sql = "INSERT INTO note_links (note_id, kind, target) VALUES (?, ?, ?)"
    db.conn.executemany(sql, sorted(links))


@desk_migrations()
def m011_watched_scripts(db: Database) -> None:
    db.executescript(
        """
        CREATE TABLE watch_reports (
            id INTEGER PRIMARY KEY,
            argv TEXT NOT NULL,
            folder TEXT NOT NULL,
            python TEXT NOT NULL,
            torch TEXT NOT NULL DEFAULT '',
            exit_code INTEGER NOT NULL,
            ended TEXT NOT NULL DEFAULT '',
            began_at TEXT NOT NULL,
            seconds REAL NOT NULL DEFAULT 0,
            "on" TEXT NOT NULL DEFAULT '',
            seen TEXT NOT NULL DEFAULT '{}',
            readings TEXT NOT NULL DEFAULT '{}',
            limits TEXT NOT NULL DEFAULT '[]',
            problems TEXT NOT NULL DEFAULT '[]',
            findings TEXT NOT NULL DEFAULT '[]'
        );
        CREATE INDEX watch_reports_began ON watch_reports(began_at);
        """
    )


for later in (loop_migrations, library_migrations, search_migrations, telling_migrations):
    later.add_to(desk_migrations)
