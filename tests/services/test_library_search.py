from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from support.taken_off import take_off

from researchdesk.domain.papers import Metadata, Paper, PaperVersion
from researchdesk.services import library, library_search, smart_lists
from researchdesk.services.desk import Desk
from researchdesk.services.library_search import LibraryPage, ids_of, page, parse_query
from researchdesk.services.notes import add_note, delete_note
from researchdesk.services.reading import drop_pass
from researchdesk.services.stories import new_story, save_draft
from researchdesk.services.surprises import add_surprise
from researchdesk.storage import library_search as finding
from researchdesk.storage import papers as rows

Search = Callable[[str], list[str]]


@pytest.fixture
def three(desk: Desk) -> list[Paper]:
    """Attention (2017), Adam (2014) and a paper without an arXiv id (2020), added in this order."""
    return [
        library.file_metadata(
            desk,
            Metadata(
                "Attention is all you need",
                ("Ashish Vaswani", "Noam Shazeer"),
                "We propose the Transformer, a network without recurrence.",
                ("cs.CL", "cs.LG"),
                datetime(2017, 6, 12, tzinfo=UTC),
                arxiv_id="1706.03762",
                venue="Advances in Neural Information Processing Systems 30",
            ),
        ),
        library.file_metadata(
            desk,
            Metadata(
                "Adam: a method for stochastic optimization",
                ("Diederik P. Kingma", "Jimmy Ba"),
                "Straightforward to implement; needs little attention.",
                ("cs.LG",),
                datetime(2014, 12, 22, tzinfo=UTC),
                arxiv_id="1412.6980",
            ),
        ),
        library.file_metadata(
            desk,
            Metadata("Naïve networks", ("Bernhard Schölkopf",), "", ("stat.ML",), stated_year=2020),
        ),
    ]


@pytest.fixture
def found(desk: Desk, three: list[Paper]) -> Search:
    """The names of what a query finds; as a page and as a whole it is the same."""

    def search(text: str) -> list[str]:
        query = parse_query(text)
        shown = page(desk, query)
        assert ids_of(desk, query) == [row.id for row in shown.rows], "ids_of is not the page"
        assert library_search.count(desk, query) == len(shown.rows)
        assert (shown.total, shown.exact) == (len(shown.rows), True)
        return [row.name for row in shown.rows]

    return search


ATTENTION, ADAM, NAIVE = "1706.03762", "1412.6980", "schlkopf2020naive"


def test_the_whole_library_is_the_last_added_first(found: Search, three: list[Paper]) -> None:
    assert found("") == [three[2].name, ADAM, ATTENTION]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("attention", [ATTENTION, ADAM]),
        ("atten need", [ATTENTION, ADAM]),
        ("tention", []),
        ("transf vasw", [ATTENTION]),
        ('"all you need"', [ATTENTION]),
        ('"you all"', []),
        ('"all yo', [ATTENTION]),
        ("title:attention", [ATTENTION]),
        ("abstract:attention", [ADAM]),
        ("attention -transformer", [ADAM]),
        ("-attention", ["naive"]),
        ("network", ["naive", ATTENTION]),
        ("naive", ["naive"]),
        ("author:scholkopf", ["naive"]),
        ("author:king adam", [ADAM]),
        ("author:king transformer", []),
        ("1706.037", [ATTENTION]),
        ("https://arxiv.org/abs/1706.03762v7", [ATTENTION]),
        ("cat:cs", [ADAM, ATTENTION]),
        ("cat:CS.lg", [ADAM, ATTENTION]),
        ("cat:cs.c", [ATTENTION]),
        ("cat:cs.CL", [ATTENTION]),
        ("-cat:cs.CL", ["naive", ADAM]),
        ("cs", []),
        ("cat:cs network", [ATTENTION]),
        ("year:2014", [ADAM]),
        ("year:>2016", ["naive", ATTENTION]),
        ("-year:2015..", [ADAM]),
        ("since:2017-06", [ATTENTION]),
        ("stars:>=3", []),
        ("stars:0", ["naive", ADAM, ATTENTION]),
        ("status:unread", ["naive", ADAM, ATTENTION]),
        ("pass:1", []),
        ("pass:0", ["naive", ADAM, ATTENTION]),
        ("venue:neurips", [ATTENTION]),
        ("venue:neu", [ATTENTION]),
        ("venue:ICML", []),
        ("-venue:neurips", ["naive", ADAM]),
        ("sort:year", ["naive", ATTENTION, ADAM]),
        ("sort:title", [ADAM, ATTENTION, "naive"]),
        ("sort:year atten", [ATTENTION, ADAM]),
        ("sort:title -naive", [ADAM, ATTENTION]),
        ("nowhere", []),
        ("++", ["naive", ADAM, ATTENTION]),
        ('"" - : "', ["naive", ADAM, ATTENTION]),
    ],
)
def test_what_a_query_finds(found: Search, three: list[Paper], text: str, names: list[str]) -> None:
    assert found(text) == [three[2].name if name == "naive" else name for name in names]


def test_a_word_in_the_title_comes_before_one_in_the_abstract(desk: Desk, found: Search) -> None:
    assert found("attention") == [ATTENTION, ADAM]
    assert found("sort:added attention") == [ADAM, ATTENTION]


def test_notes_are_found_edited_and_gone(desk: Desk, found: Search, three: list[Paper]) -> None:
    note = add_note(desk, three[1], 1, "the warmup trick")
    assert found("warm") == [ADAM]
    assert found("note:warmup kingma") == [ADAM]
    assert found("has:note") == [ADAM]
    assert found("status:in") == [ADAM]
    assert found("pass:1 is:reading") == [ADAM]
    assert found("-has:note") == [three[2].name, ATTENTION]
    delete_note(desk, note.id)
    assert found("warm") == []


def test_papers_off_the_desk_are_not_found(desk: Desk, found: Search, three: list[Paper]) -> None:
    take_off(desk, ADAM)
    assert found("attention") == [ATTENTION]
    assert found("") == [three[2].name, ATTENTION]
    assert found("cat:cs.LG sort:title") == [ATTENTION]
    library.restore_paper(desk, three[1])
    assert found("attention") == [ATTENTION, ADAM]


def test_tags_collections_stars_and_priority(desk: Desk, found: Search, three: list[Paper]) -> None:
    with desk.database.writing() as db:
        raw = db.conn
        raw.execute("INSERT INTO paper_tags VALUES ('to cite', 1), ('vision', 1), ('Vision', 2)")
        raw.execute("INSERT INTO collections VALUES ('Thesis', '', '')")
        raw.execute("INSERT INTO collection_papers VALUES ('Thesis', 3, 0, '')")
        raw.execute("UPDATE papers SET stars = 4, priority = 1 WHERE id = 1")
        raw.execute("UPDATE papers SET stars = 5 WHERE id = 2")
    assert found("tag:vision") == [ADAM, ATTENTION]
    assert found('tag:"to cite" attention') == [ATTENTION]
    assert found("-tag:vision") == [three[2].name]
    assert found("in:thesis") == [three[2].name]
    assert found("stars:>=4") == [ADAM, ATTENTION]
    assert found("stars:..4") == [three[2].name, ATTENTION]
    assert found("is:starred priority:1") == [ATTENTION]
    assert found("sort:stars") == [ADAM, ATTENTION, three[2].name]
    assert found("sort:priority") == [ATTENTION, three[2].name, ADAM]
    assert found("has:tag") == [ADAM, ATTENTION]
    row = page(desk, parse_query("tag:vision vaswani")).rows[0]
    assert (row.tags, row.stars, row.priority) == (("to cite", "vision"), 4, 1)


def test_what_was_put_off_is_due(desk: Desk, found: Search, three: list[Paper]) -> None:
    today = desk.today()
    add_note(desk, three[0], 1, "x")
    add_note(desk, three[1], 1, "x")
    drop_pass(desk, three[0], 1, "later", today + timedelta(days=2))
    drop_pass(desk, three[1], 1, "soon", today + timedelta(days=1))
    assert found("is:due") == []
    assert found(f"due:{today + timedelta(days=2)} sort:due") == [ADAM, ATTENTION]
    row = page(desk, parse_query("vaswani")).rows[0]
    assert (row.status, row.again_on) == ("left in pass 1", today + timedelta(days=2))
    assert (row.again_pass, row.again_why) == (1, "later")
    assert found("status:left") == [ADAM, ATTENTION]
    assert found("sort:due") == [ADAM, ATTENTION, three[2].name]


def test_a_row_says_what_the_list_shows(desk: Desk, three: list[Paper]) -> None:
    (row,) = page(desk, parse_query("vaswani")).rows
    assert (row.id, row.key, row.name) == (three[0].id, three[0].key, ATTENTION)
    assert row.authors == ("Ashish Vaswani", "Noam Shazeer")
    assert (row.year, row.category, row.status) == (2017, "cs.CL", "unread")
    assert row.venue.startswith("Advances")
    assert (row.newer, row.withdrawn, row.again_on, row.tags) == (None, None, None, ())
    with desk.database.writing() as db:
        rows.set_version(db, three[0].id, PaperVersion(3, "papers/x/v3.pdf"))
        db.execute("UPDATE papers SET withdrawn_version = 4 WHERE id = 1")
    (row,) = page(desk, parse_query("is:withdrawn has:pdf")).rows
    assert (row.newer, row.withdrawn) == (3, 4)


def test_papers_with_a_surprise(desk: Desk, three: list[Paper], found: Search) -> None:
    assert found("has:surprise") == []
    add_surprise(desk, "giraffes are long", "short", "tall", on=three[2].name)
    assert found("has:surprise") == [three[2].name]
    add_surprise(desk, "giraffes are long", "short", "tall", on=ADAM)
    assert set(found("has:surprise")) == {three[2].name, ADAM}


def test_snippets_say_where_the_hit_is(desk: Desk, three: list[Paper]) -> None:
    def told(text: str) -> tuple[str, str, list[str]]:
        hit = page(desk, parse_query(text)).rows[0].snippet
        assert hit is not None
        return hit.where, str(hit), [piece.text for piece in hit.pieces if piece.hit]

    assert told("atten all") == ("title", "Attention is all you need", ["Attention", "all"])
    where, said, hits = told("recurrence")
    assert (where, hits) == ("abstract", ["recurrence"])
    assert "without recurrence." in said
    assert told("scholk")[0] == "authors"
    assert told("1412.6980")[0] == "id"
    add_note(desk, three[2], 1, "see [b]zebras[/b]", quote="striped")
    assert told("zebra") == ("note", "see [b]zebras[/b] striped", ["zebras"])
    add_surprise(desk, "giraffes are long", "short", "tall", on=ADAM)
    assert told("giraffe")[:1] == ("surprise",)
    story = new_story(desk, "Animals")
    save_draft(desk, story.slug, f"# Animals\n\nOkapis are shy, see [[{ATTENTION}]].\n\nLions.\n")
    assert told("okapi")[:2] == ("storyline", f"Okapis are shy, see [[{ATTENTION}]].")
    assert page(desk, parse_query("lions")).rows == ()
    assert page(desk, parse_query("")).rows[0].snippet is None


def test_pages_follow_each_other(desk: Desk) -> None:
    for number in range(25):
        library.file_metadata(desk, Metadata(f"Paper {number}", arxiv_id=f"2001.{number:05}"))
    query = parse_query("paper sort:added")
    first, second = (page(desk, query, start, 10) for start in (0, 10))
    names = [row.name for shown in (first, second) for row in shown.rows]
    assert names == [f"2001.{number:05}" for number in range(24, 4, -1)]
    assert page(desk, query, 30, 10) == LibraryPage(25, 30, ())


def test_many_hits_are_paged_without_counting_all(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "RANKED", 6)
    monkeypatch.setattr(finding, "ENOUGH", 5)
    for number in range(30):
        words = Metadata(
            "Zebra" if number % 3 == 0 else "Horse", abstract="zebra", arxiv_id=f"2001.{number:05}"
        )
        library.file_metadata(desk, words)
    query = parse_query("zebra")
    shown = [page(desk, query, start, 7) for start in range(0, 30, 7)]
    ids = [row.id for one in shown for row in one.rows]
    assert sorted(ids) == sorted(set(ids))
    assert len(ids) == 30
    titles = [row.title for one in shown for row in one.rows]
    assert titles == ["Zebra"] * 10 + ["Horse"] * 20
    assert not shown[0].exact
    assert 7 <= shown[0].total <= 30
    assert (shown[-1].total, shown[-1].exact) == (30, True)
    assert ids_of(desk, query) == ids
    assert library_search.count(desk, query) == 30


def test_smart_lists_are_filters(desk: Desk, found: Search) -> None:
    smart_lists.keep_list(desk, "Old ones", "year:..2016")
    smart_lists.keep_list(desk, "nested", 'list:"old ones" kingma')
    assert found('list:"old ones"') == [ADAM]
    assert found("list:nested") == [ADAM]
    assert ADAM not in found('-list:"Old ones"')
    assert found("list:none") == []
    assert page(desk, parse_query("list:none")).problems == ("There is no smart list none.",)
    smart_lists.keep_list(desk, "b", "attention")
    smart_lists.keep_list(desk, "a", "list:b cat:cs")
    with desk.database.writing() as db:  # as an older desk may have it
        db.conn.execute("UPDATE smart_lists SET query = 'list:a attention' WHERE name = 'b'")
    assert found("list:a") == [ATTENTION, ADAM]


def test_citations_are_filters(desk: Desk, found: Search, three: list[Paper]) -> None:
    with desk.database.writing() as db:
        db.executescript(
            """
            INSERT INTO cited_works (id, source_id, arxiv_id, title, fetched_at)
                VALUES (1, 'a', '1412.6980', 'Adam', ''), (2, 'b', '1706.03762', 'Attention', ''),
                       (3, 'c', '1512.03385', 'ResNet', '');
            INSERT INTO citation_edges (paper_id, relation, work_id)
                VALUES (1, 'references', 1), (1, 'references', 3), (2, 'similar', 3);
            """
        )
    assert found("cites:1412.6980") == [ATTENTION]
    assert found(f"cites:{three[1].key}") == [ATTENTION]
    assert found("cites:https://arxiv.org/abs/1512.03385v1") == [ATTENTION]
    assert found("-cites:1512.03385") == [three[2].name, ADAM]
    assert found("cites:nobody") == []
    assert "cites:" in page(desk, parse_query("cites:nobody")).problems[0]
    with desk.database.writing() as db:
        db.execute(
            "INSERT INTO citation_edges (paper_id, relation, work_id) VALUES (3, 'cited-by', 2)"
        )
    assert found(f"cites:{three[2].key}") == [ATTENTION]


@pytest.mark.parametrize(
    "text", ["x\0y", "a" * 5000, '"""', "(NEAR OR", "title:*", "^a {b} + c", "°"]
)
def test_no_text_breaks_the_search(desk: Desk, three: list[Paper], text: str) -> None:
    assert page(desk, parse_query(text)).total >= 0


def test_a_day_is_a_day(desk: Desk) -> None:
    assert page(desk, parse_query(f"due:{date.max}")).rows == ()
