"""The step of the desk's schema that makes all of the library findable as one types."""

from sqlite_utils import Database, Migrations

from researchdesk.storage.search_index import COLUMNS, HEADS, refresh

_TOKENS = "tokenize='unicode61 remove_diacritics 2', prefix='1 2 3'"
# a category is two words that nobody types: "0ccs0lg" and that of its archive, "0ccs"
_TABLES = """
    CREATE VIEW library_words AS SELECT papers.id AS id, title, authors, abstract,
        (SELECT group_concat(notes.text || char(10) || notes.quote, char(10)) FROM notes
            WHERE notes.paper_id = papers.id AND notes.deleted_at IS NULL) AS notes,
        (SELECT group_concat(claims.text || char(10) || claims.quote, char(10)) FROM claims
            WHERE claims.paper_id = papers.id AND claims.removed_at IS NULL) AS claims,
        key || ' ' || COALESCE(arxiv_id, '') || ' ' || doi AS names,
        (SELECT group_concat('0c' || replace(replace(value, '.', '0'), '-', '0') || ' 0c' ||
            replace(substr(value, 1, instr(value || '.', '.') - 1), '-', '0'), ' ')
            FROM json_each(categories)) AS cats
    FROM papers;
    CREATE VIRTUAL TABLE library_fts USING fts5({columns}, {tokens});
    CREATE VIRTUAL TABLE heads_fts USING fts5({heads}, {tokens});
    CREATE TABLE library_stale (id INTEGER PRIMARY KEY);
    CREATE TABLE fulltexts (
        paper_id INTEGER PRIMARY KEY REFERENCES papers(id) ON DELETE CASCADE,
        version INTEGER NOT NULL,
        source TEXT NOT NULL,
        pages TEXT NOT NULL
    );
    CREATE VIRTUAL TABLE fulltext_fts USING fts5(
        pages, content='fulltexts', content_rowid='paper_id', {tokens});
    CREATE TRIGGER found_fulltexts_in AFTER INSERT ON fulltexts BEGIN
        INSERT INTO fulltext_fts(rowid, pages) VALUES (new.paper_id, new.pages);
    END;
    CREATE TRIGGER found_fulltexts_out AFTER DELETE ON fulltexts BEGIN
        INSERT INTO fulltext_fts(fulltext_fts, rowid, pages)
            VALUES ('delete', old.paper_id, old.pages);
    END;
"""
_LIVE = "removed_at IS NULL AND merged_into IS NULL"
_INDEXES = f"""
    DROP INDEX papers_added;
    CREATE INDEX papers_shelf ON papers(added_at DESC, id DESC) WHERE {_LIVE};
    CREATE INDEX papers_by_year ON papers(year DESC, id DESC) WHERE {_LIVE};
    CREATE INDEX papers_by_title ON papers(title COLLATE NOCASE, id) WHERE {_LIVE};
    CREATE INDEX papers_stars ON papers(stars DESC, added_at DESC, id DESC) WHERE stars > 0;
    CREATE INDEX papers_priority ON papers(priority DESC, added_at DESC, id DESC)
        WHERE priority > 0;
    CREATE INDEX papers_off ON papers(id) WHERE removed_at IS NOT NULL OR merged_into IS NOT NULL;
    CREATE INDEX papers_published ON papers(published) WHERE published IS NOT NULL;
    CREATE INDEX papers_withdrawn ON papers(id) WHERE withdrawn_version IS NOT NULL;
    CREATE INDEX papers_newer ON papers(id) WHERE latest_version > version;
    CREATE INDEX papers_venue ON papers(venue) WHERE venue != '';
    CREATE INDEX papers_journal ON papers(journal_ref) WHERE journal_ref != '';
    CREATE INDEX cited_works_venue ON cited_works(venue) WHERE venue != '';
    CREATE INDEX versions_held ON versions(paper_id) WHERE pdf != '';
"""
_TRIGGER = "CREATE TRIGGER {name} AFTER {when} BEGIN {marks} END"
_MARK = "INSERT INTO library_stale VALUES ({}) ON CONFLICT DO NOTHING;"
_FOLLOWED = {
    "papers": ("id", "title, authors, abstract, key, arxiv_id, doi, categories"),
    "notes": ("paper_id", "paper_id, text, quote, deleted_at"),
    "claims": ("paper_id", "paper_id, text, quote, removed_at"),
}


def add_to(migrations: Migrations) -> None:
    """Register the step behind those that ``migrations`` has."""
    migrations()(m021_search)


def m021_search(db: Database) -> None:
    """One index over titles, authors, abstracts, notes and claims, a small one over what stands at
    the head of a paper, and one over full texts.

    Words are not stemmed: what is half typed is not the beginning of a stemmed word. Triggers only
    write down which papers changed, see ``search_index``. The index keeps what it was given, so
    that no order of writes can make it say what is not there.
    """
    for name in ("papers", "notes"):
        db.table(name).disable_fts()
    tables = _TABLES.format(columns=", ".join(COLUMNS), heads=", ".join(HEADS), tokens=_TOKENS)
    for statements in (tables, _INDEXES):
        db.executescript(statements)
    for table, (paper_id, columns) in _FOLLOWED.items():
        changed = " OR ".join(f"old.{name} IS NOT new.{name}" for name in columns.split(", "))
        for rows, event in (
            (("new",), "INSERT ON {}"),
            (("old",), "DELETE ON {}"),
            (("old", "new"), f"UPDATE OF {columns} ON {{}} WHEN {changed}"),
        ):
            name = f"found_{table}_{event.split()[0].lower()}"
            marks = " ".join(_MARK.format(f"{row}.{paper_id}") for row in rows)
            db.execute(_TRIGGER.format(name=name, when=event.format(table), marks=marks))
    db.execute("INSERT INTO library_stale SELECT id FROM papers")
    refresh(db.conn)
