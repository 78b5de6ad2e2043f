"""The steps of the desk's schema that make a library of it: records, tags, lists, news, feeds,
citations."""

from sqlite_utils import Database, Migrations

from researchdesk.domain.identifiers import year_of
from researchdesk.storage.title_key import title_key

_LIBRARY = """
    ALTER TABLE papers ADD COLUMN year INTEGER;
    ALTER TABLE papers ADD COLUMN venue TEXT NOT NULL DEFAULT '';
    ALTER TABLE papers ADD COLUMN stars INTEGER NOT NULL DEFAULT 0 CHECK (stars BETWEEN 0 AND 5);
    ALTER TABLE papers ADD COLUMN priority INTEGER NOT NULL DEFAULT 0
        CHECK (priority BETWEEN 0 AND 3);
    ALTER TABLE papers ADD COLUMN merged_into INTEGER REFERENCES papers(id) ON DELETE SET NULL;
    ALTER TABLE papers ADD COLUMN withdrawn_version INTEGER;
    ALTER TABLE papers ADD COLUMN withdrawn_why TEXT NOT NULL DEFAULT '';
    ALTER TABLE papers ADD COLUMN latest_version INTEGER;
    ALTER TABLE papers ADD COLUMN synced_at TEXT;
    CREATE TABLE paper_numbers (highest INTEGER NOT NULL);
    INSERT INTO paper_numbers VALUES (0);
    CREATE INDEX papers_added ON papers(added_at DESC, id DESC) WHERE removed_at IS NULL;
    CREATE INDEX papers_year ON papers(year);
    CREATE INDEX papers_doi ON papers(doi COLLATE NOCASE) WHERE doi != '';
    CREATE TABLE records (
        id INTEGER PRIMARY KEY,
        paper_id INTEGER NOT NULL REFERENCES papers(id) ON DELETE CASCADE,
        source TEXT NOT NULL,
        kind TEXT NOT NULL DEFAULT '',
        key TEXT NOT NULL DEFAULT '',
        arxiv_id TEXT NOT NULL DEFAULT '',
        doi TEXT NOT NULL DEFAULT '',
        fields TEXT NOT NULL DEFAULT '{}',
        added_at TEXT NOT NULL
    );
    CREATE INDEX records_paper ON records(paper_id);
    CREATE INDEX records_key ON records(source, key);
    CREATE INDEX records_doi ON records(doi COLLATE NOCASE) WHERE doi != '';
    CREATE TABLE paper_tags (
        tag TEXT NOT NULL COLLATE NOCASE,
        paper_id INTEGER NOT NULL REFERENCES papers(id) ON DELETE CASCADE,
        PRIMARY KEY (tag, paper_id)
    ) WITHOUT ROWID;
    CREATE INDEX paper_tags_paper ON paper_tags(paper_id);
    CREATE TABLE collections (
        name TEXT NOT NULL PRIMARY KEY COLLATE NOCASE,
        about TEXT NOT NULL DEFAULT '',
        created_at TEXT NOT NULL
    );
    CREATE TABLE collection_papers (
        collection TEXT NOT NULL COLLATE NOCASE
            REFERENCES collections(name) ON DELETE CASCADE ON UPDATE CASCADE,
        paper_id INTEGER NOT NULL REFERENCES papers(id) ON DELETE CASCADE,
        place INTEGER NOT NULL DEFAULT 0,
        why TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (collection, paper_id)
    );
    CREATE INDEX collection_papers_paper ON collection_papers(paper_id);
    CREATE TABLE smart_lists (
        name TEXT NOT NULL PRIMARY KEY COLLATE NOCASE,
        query TEXT NOT NULL,
        created_at TEXT NOT NULL
    );
    CREATE TABLE library_actions (
        id INTEGER PRIMARY KEY,
        what TEXT NOT NULL,
        undo TEXT NOT NULL,
        at TEXT NOT NULL,
        undone_at TEXT
    );
"""
_NEWS = """
    CREATE TABLE news (
        id INTEGER PRIMARY KEY,
        paper_id INTEGER NOT NULL REFERENCES papers(id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        text TEXT NOT NULL,
        version INTEGER,
        at TEXT NOT NULL,
        seen_at TEXT
    );
    CREATE INDEX news_paper ON news(paper_id);
    CREATE INDEX news_unseen ON news(at) WHERE seen_at IS NULL;
    CREATE INDEX papers_merged ON papers(merged_into) WHERE merged_into IS NOT NULL;
    CREATE INDEX papers_synced ON papers(synced_at) WHERE arxiv_id IS NOT NULL;
    CREATE TABLE merge_proposals (
        paper_id INTEGER NOT NULL REFERENCES papers(id) ON DELETE CASCADE,
        other_id INTEGER NOT NULL REFERENCES papers(id) ON DELETE CASCADE,
        why TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'merged', 'refused')),
        at TEXT NOT NULL,
        settled_at TEXT,
        PRIMARY KEY (paper_id, other_id),
        CHECK (paper_id < other_id)
    );
"""
_FEEDS = """
    CREATE TABLE feeds (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('category', 'author', 'search', 'address')),
        what TEXT NOT NULL,
        title TEXT NOT NULL DEFAULT '',
        added_at TEXT NOT NULL,
        checked_at TEXT,
        announced_on TEXT,
        etag TEXT NOT NULL DEFAULT '',
        problem TEXT NOT NULL DEFAULT '',
        UNIQUE (kind, what)
    );
    CREATE TABLE feed_entries (
        id INTEGER PRIMARY KEY,
        arxiv_id TEXT NOT NULL,
        version INTEGER NOT NULL DEFAULT 1,
        announced TEXT NOT NULL DEFAULT 'new'
            CHECK (announced IN ('new', 'cross', 'replace', 'replace-cross')),
        title TEXT NOT NULL,
        authors TEXT NOT NULL DEFAULT '[]',
        abstract TEXT NOT NULL DEFAULT '',
        categories TEXT NOT NULL DEFAULT '[]',
        doi TEXT NOT NULL DEFAULT '',
        journal_ref TEXT NOT NULL DEFAULT '',
        published TEXT,
        seen_at TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'kept', 'later', 'no')),
        why TEXT NOT NULL DEFAULT '',
        decided_at TEXT,
        again_on TEXT,
        score REAL,
        speaks TEXT NOT NULL DEFAULT '[]'
    );
    CREATE UNIQUE INDEX feed_entries_first ON feed_entries(arxiv_id)
        WHERE announced IN ('new', 'cross');
    CREATE UNIQUE INDEX feed_entries_replacement ON feed_entries(arxiv_id, version)
        WHERE announced IN ('replace', 'replace-cross');
    CREATE INDEX feed_entries_state ON feed_entries(state, score DESC);
    CREATE TABLE feed_sources (
        entry_id INTEGER NOT NULL REFERENCES feed_entries(id) ON DELETE CASCADE,
        feed_id INTEGER NOT NULL REFERENCES feeds(id) ON DELETE CASCADE,
        PRIMARY KEY (entry_id, feed_id)
    );
    CREATE INDEX feed_sources_feed ON feed_sources(feed_id);
    CREATE TABLE feed_decisions (
        id INTEGER PRIMARY KEY,
        entry_id INTEGER NOT NULL REFERENCES feed_entries(id) ON DELETE CASCADE,
        state TEXT NOT NULL,
        before TEXT NOT NULL,
        filed_paper INTEGER REFERENCES papers(id) ON DELETE SET NULL,
        at TEXT NOT NULL,
        undone_at TEXT
    );
"""
_CITATIONS = """
    CREATE TABLE cited_works (
        id INTEGER PRIMARY KEY,
        source TEXT NOT NULL DEFAULT 's2',
        source_id TEXT NOT NULL,
        arxiv_id TEXT NOT NULL DEFAULT '',
        doi TEXT NOT NULL DEFAULT '',
        title TEXT NOT NULL,
        authors TEXT NOT NULL DEFAULT '[]',
        year INTEGER,
        venue TEXT NOT NULL DEFAULT '',
        cited_by INTEGER,
        fetched_at TEXT NOT NULL,
        UNIQUE (source, source_id)
    );
    CREATE INDEX cited_works_arxiv ON cited_works(arxiv_id) WHERE arxiv_id != '';
    CREATE INDEX cited_works_doi ON cited_works(doi COLLATE NOCASE) WHERE doi != '';
    CREATE TABLE citation_edges (
        paper_id INTEGER NOT NULL REFERENCES papers(id) ON DELETE CASCADE,
        relation TEXT NOT NULL CHECK (relation IN ('references', 'cited-by', 'similar')),
        work_id INTEGER NOT NULL REFERENCES cited_works(id) ON DELETE CASCADE,
        place INTEGER NOT NULL DEFAULT 0,
        influential INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (paper_id, relation, work_id)
    );
    CREATE INDEX citation_edges_work ON citation_edges(work_id, relation);
    CREATE TABLE citation_answers (
        paper_id INTEGER NOT NULL REFERENCES papers(id) ON DELETE CASCADE,
        relation TEXT NOT NULL,
        source TEXT NOT NULL DEFAULT 's2',
        fetched_at TEXT NOT NULL,
        total INTEGER,
        known INTEGER NOT NULL DEFAULT 1,
        asked TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (paper_id, relation, source)
    );
    CREATE TABLE work_edges (
        of_id INTEGER NOT NULL REFERENCES cited_works(id) ON DELETE CASCADE,
        relation TEXT NOT NULL CHECK (relation IN ('references', 'cited-by', 'similar')),
        work_id INTEGER NOT NULL REFERENCES cited_works(id) ON DELETE CASCADE,
        place INTEGER NOT NULL DEFAULT 0,
        influential INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (of_id, relation, work_id)
    );
    CREATE INDEX work_edges_work ON work_edges(work_id);
    CREATE TABLE work_answers (
        of_id INTEGER NOT NULL REFERENCES cited_works(id) ON DELETE CASCADE,
        relation TEXT NOT NULL,
        source TEXT NOT NULL DEFAULT 's2',
        fetched_at TEXT NOT NULL,
        total INTEGER,
        known INTEGER NOT NULL DEFAULT 1,
        asked TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (of_id, relation, source)
    );
"""


def add_to(migrations: Migrations) -> None:
    """Register the steps, in their order, behind those that ``migrations`` has."""
    for step in (m017_library, m018_news, m019_feeds, m020_citations):
        migrations()(step)


def m017_library(db: Database) -> None:
    """What imported records said stays beside the paper, tags and lists come to be.

    ``year`` is kept in a column of its own, so that it can be asked for."""
    db.executescript(_LIBRARY)
    rows = list(db.query("SELECT id, published, arxiv_id FROM papers"))
    years = [
        (int(row["published"][:4]) if row["published"] else year_of(row["arxiv_id"]), row["id"])
        for row in rows
        if row["published"] or row["arxiv_id"]
    ]
    db.conn.executemany("UPDATE papers SET year = ? WHERE id = ?", years)


def m018_news(db: Database) -> None:
    db.executescript(_NEWS)


def m019_feeds(db: Database) -> None:
    db.executescript(_FEEDS)


def m020_citations(db: Database) -> None:
    """``citation_edges`` are of papers on the desk, ``work_edges`` of works that are not."""
    db.executescript(_CITATIONS)
    for table in ("papers", "cited_works"):
        db.execute(f"CREATE INDEX {table}_title ON {table}({title_key('title')})")
