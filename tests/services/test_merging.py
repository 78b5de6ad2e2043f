"""One paper in two records: proposed, merged, two again exactly as they were."""

import json
from datetime import UTC, datetime

import pytest
from support.searching import found_ids
from support.taken_off import take_off
from support.undoing import undo_last

from researchdesk.domain.papers import Metadata, Paper, PaperVersion
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services import (
    claims,
    ideas,
    labels,
    library,
    links,
    merging,
    notes,
    reading,
    surprises,
)
from researchdesk.services.desk import Desk
from researchdesk.storage import papers

AUTHORS = ("Sara Sabour", "Nicholas Frosst", "Geoffrey E. Hinton")
TITLE = "Dynamic Routing Between Capsules"


@pytest.fixture
def preprint(desk: Desk) -> Paper:
    words = Metadata(
        TITLE,
        AUTHORS,
        "A capsule is a group of neurons.",
        ("cs.CV",),
        datetime(2017, 10, 26, tzinfo=UTC),
        datetime(2017, 11, 7, tzinfo=UTC),
        "1710.09829",
        2,
    )
    return library.file_metadata(desk, words)


@pytest.fixture
def published(desk: Desk) -> Paper:
    words = Metadata(
        "Dynamic routing between capsules",
        ("Sabour, Sara", "Frosst, Nicholas"),
        doi="10.5555/3294996",
        venue="NeurIPS",
        stated_year=2017,
    )
    return library.file_metadata(desk, words)


@pytest.fixture
def worked_on(desk: Desk, preprint: Paper, published: Paper) -> tuple[Paper, Paper]:
    """Both papers with all that can hang on one."""
    for paper, word in ((preprint, "one"), (published, "two")):
        held = PaperVersion(paper.version, f"papers/{word}.pdf", word * 8, 9, desk.clock())
        with desk.database.writing() as db:
            papers.set_version(db, paper.id, held)
        reading.start_pass(desk, paper, 1)
        first = notes.add_note(desk, paper, 1, f"note {word} [[{paper.key}]]")
        notes.edit_note(desk, first.id, text=f"note {word}, better [[{paper.key}]]")
        reading.finish_pass(desk, paper, 1, f"why {word}")
        claims.add_claim(desk, paper, f"claim {word}")
        labels.tag(desk, [paper.id], ["both", word])
        labels.put_in(desk, [paper.id], "shelf")
        surprises.add_surprise(desk, f"funny {word}", "up", "down", paper.name)
        ideas.add_idea(desk, f"idea {word}", of=paper.name)
    labels.put_in(desk, [published.id], "only here")
    labels.set_stars(desk, [published.id], 4)
    merging.propose(desk)
    return preprint, published


def dump(desk: Desk) -> dict[str, list[str]]:
    """Every table with every row; what the search index makes of them is left out."""
    db = desk.database.connection
    names = [name for name in db.table_names() if "_fts" not in name]
    names = [name for name in names if name not in {"library_actions", "_sqlite_migrations"}]
    return {
        name: sorted(json.dumps(row, default=str, sort_keys=True) for row in db.table(name).rows)
        for name in names
    }


@pytest.mark.parametrize("keep", ["arXiv's", "the published one"])
def test_a_merge_taken_back_leaves_everything_exactly_as_it_was(desk, worked_on, keep) -> None:
    preprint, published = worked_on
    before = dump(desk)
    pair = (preprint.id, published.id)
    merging.merge(desk, *(pair if keep == "arXiv's" else reversed(pair)))
    assert dump(desk) != before
    merging.unmerge(desk)
    after = dump(desk)
    for name, rows in before.items():
        assert after[name] == rows, name


def test_all_that_hangs_on_it_comes_to_the_kept_one(desk, worked_on) -> None:
    preprint, published = worked_on
    merging.merge(desk, preprint.id, published.id)
    kept = library.get_paper(desk, "1710.09829")
    texts = [note.text.partition(",")[0] for note in notes.notes_of(desk, kept)]
    assert sorted(texts) == ["note one", "note two"]
    assert sorted(item.text for item in claims.claims_of(desk, kept)) == ["claim one", "claim two"]
    assert len(reading.passes_of(desk, kept)) == 2
    assert labels.tags_of(desk, kept.id) == ["both", "one", "two"]
    assert {item.on for item in surprises.list_surprises(desk)} == {"1710.09829"}
    assert kept.stars == 4
    assert (kept.metadata.doi, kept.metadata.venue) == ("10.5555/3294996", "NeurIPS")
    assert (kept.title, kept.version) == (TITLE, 2)
    records = list(desk.database.connection.table("records").rows)
    assert [(row["source"], row["doi"], row["paper_id"]) for row in records] == [
        ("merged", "10.5555/3294996", kept.id)
    ]


def test_files_of_the_published_record_are_no_versions_of_arxivs(desk, worked_on) -> None:
    preprint, published = worked_on
    merging.merge(desk, preprint.id, published.id)
    kept = library.get_paper(desk, "1710.09829")
    assert {held.version: held.pdf for held in kept.versions} == {
        2: "papers/one.pdf",
        1001: "papers/two.pdf",
    }
    pinned = {note.text[:8]: note.version for note in notes.notes_of(desk, kept)}
    assert pinned == {"note one": 2, "note two": 1001}


def test_where_only_the_published_file_is_there_it_is_the_one_at_hand(
    desk, preprint, published
) -> None:
    held = PaperVersion(1, "papers/two.pdf", "two", 9, desk.clock())
    with desk.database.writing() as db:
        papers.set_version(db, published.id, held)
    merging.merge(desk, preprint.id, published.id)
    kept = library.get_paper(desk, "1710.09829")
    assert (kept.version, kept.metadata.version, str(kept.arxiv)) == (1001, 2, "1710.09829v2")
    assert notes.add_note(desk, kept, 1, "of the published one").version == 1001
    assert library.file_metadata(desk, preprint.metadata).id == kept.id
    with desk.database.writing() as db:
        papers.set_version(db, kept.id, PaperVersion(2, "papers/one.pdf", "one", 9, desk.clock()))
    assert library.get_paper(desk, "1710.09829").version == 2


def test_where_the_published_record_is_kept_it_becomes_arxivs_too(desk, worked_on) -> None:
    preprint, published = worked_on
    merging.merge(desk, published.id, preprint.id)
    kept = library.get_paper(desk, published.key)
    assert (kept.id, kept.name, kept.version) == (published.id, "1710.09829", 2)
    assert {held.version: held.pdf for held in kept.versions} == {
        2: "papers/one.pdf",
        1001: "papers/two.pdf",
    }
    assert library.get_paper(desk, "1710.09829v1").id == published.id


def test_ids_and_keys_of_both_lead_to_the_kept_one(desk, worked_on) -> None:
    preprint, published = worked_on
    merging.merge(desk, preprint.id, published.id)
    for ref in ("1710.09829", "arXiv:1710.09829v2", preprint.key, published.key):
        assert library.get_paper(desk, ref).id == preprint.id
        named = library.paper_named(desk, ref)
        assert named is None or named.id == preprint.id
    assert library.paper_of(desk, published.id).id == preprint.id
    assert [item.paper.id for item in library.list_papers(desk)] == [preprint.id]
    assert len(links.backlinks(desk, "paper", published.key)) == 2


def test_adding_it_again_makes_no_second_paper(desk, worked_on) -> None:
    preprint, published = worked_on
    merging.merge(desk, published.id, preprint.id)
    again = library.file_metadata(desk, preprint.metadata)
    assert again.id == published.id
    assert again.metadata.doi == "10.5555/3294996"
    assert len(library.list_papers(desk)) == 1


def test_search_finds_what_is_written_where_it_is(desk, worked_on) -> None:
    preprint, published = worked_on

    def found(words: str) -> list[int]:
        return found_ids(desk, words)

    assert found('"note two"') == [published.id]
    merging.merge(desk, preprint.id, published.id)
    assert found('"note two"') == found('"claim two"') == [preprint.id]
    merging.unmerge(desk)
    assert found('"note two"') == found('"claim two"') == [published.id]
    assert found('"note one"') == [preprint.id]


def test_the_library_s_own_undo_takes_a_merge_back(desk, worked_on) -> None:
    preprint, published = worked_on
    before = dump(desk)
    merging.merge(desk, preprint.id, published.id)
    undo_last(desk)
    assert dump(desk) == before


def test_what_was_written_since_stays_with_the_kept_one(desk, worked_on) -> None:
    preprint, published = worked_on
    change = merging.merge(desk, preprint.id, published.id)
    kept = library.get_paper(desk, "1710.09829")
    notes.add_note(desk, kept, 1, "written since")
    moved = next(n for n in notes.notes_of(desk, kept) if n.text.startswith("note two"))
    notes.edit_note(desk, moved.id, text="edited since")
    labels.set_stars(desk, [kept.id], 5)
    merging.unmerge(desk, change.id)
    assert [n.text for n in notes.notes_of(desk, library.get_paper(desk, published.key))] == [
        "edited since"
    ]
    now = library.get_paper(desk, "1710.09829")
    assert "written since" in [n.text for n in notes.notes_of(desk, now)]
    assert now.stars == 5


def test_a_merge_is_taken_back_once_and_from_the_last(desk, worked_on) -> None:
    preprint, published = worked_on
    third = library.file_metadata(desk, Metadata("Capsules", ("Sara Sabour",), stated_year=2018))
    first = merging.merge(desk, preprint.id, published.id)
    merging.merge(desk, third.id, preprint.id)
    with pytest.raises(UsageProblemError, match="became part of another paper"):
        merging.unmerge(desk, first.id)
    merging.unmerge(desk)
    merging.unmerge(desk)
    with pytest.raises(NotOnDeskError):
        merging.unmerge(desk)
    assert len(library.list_papers(desk)) == 3


def test_what_cannot_be_one_is_refused_and_nothing_is_changed(desk, preprint) -> None:
    other = library.file_metadata(desk, Metadata(TITLE, AUTHORS, arxiv_id="1904.00001"))
    before = dump(desk)
    with pytest.raises(UsageProblemError, match="two papers of arXiv"):
        merging.merge(desk, preprint.id, other.id)
    with pytest.raises(UsageProblemError, match="one paper already"):
        merging.merge(desk, preprint.id, preprint.id)
    take_off(desk, "1904.00001")
    with pytest.raises(NotOnDeskError):
        merging.merge(desk, preprint.id, other.id)
    library.restore_paper(desk, other)
    assert dump(desk) == before


def test_the_right_pair_is_proposed_once(desk, preprint, published) -> None:
    library.file_metadata(desk, Metadata(f"{TITLE} II", AUTHORS, stated_year=2017))
    library.file_metadata(desk, Metadata(TITLE, ("Ada Example",), stated_year=2017))
    (item,) = merging.propose(desk)
    assert (item.kept.id, item.other.id) == (preprint.id, published.id)
    assert item.why == "same title, same first authors, 2017"
    assert merging.propose(desk) == []
    assert [one.why for one in merging.proposals(desk)] == [item.why]


def test_a_doi_of_arxivs_and_one_doi_of_both_are_enough(desk, preprint) -> None:
    copied = library.file_metadata(desk, Metadata("Capsules!", doi="10.48550/arXiv.1710.09829"))
    (item,) = merging.propose(desk)
    assert (item.kept.id, item.other.id) == (preprint.id, copied.id)
    assert item.why == "the DOI 10.48550/arXiv.1710.09829 is that of arXiv:1710.09829"
    one = library.file_metadata(desk, Metadata("On X", ("A. Bee",), doi="10.1/X", stated_year=1999))
    two = library.file_metadata(desk, Metadata("About X", ("A Bee",), doi="10.1/x"))
    (item,) = merging.propose(desk)
    assert {item.kept.id, item.other.id} == {one.id, two.id}


def test_pairs_that_wait_are_read_at_once(desk, preprint, published, monkeypatch) -> None:
    twin = library.file_metadata(desk, published.metadata)
    new = merging.propose(desk)
    monkeypatch.setattr(papers, "by_id", None)
    assert merging.waiting(desk) == {
        tuple(sorted((item.kept.id, item.other.id))): item.why for item in new
    }
    assert (published.id, twin.id) in merging.waiting(desk)


def test_what_was_refused_is_not_proposed_again(desk, preprint, published) -> None:
    merging.propose(desk)
    merging.refuse(desk, published.id, preprint.id)
    assert merging.proposals(desk) == merging.propose(desk) == []
    merging.unrefuse(desk, preprint.id, published.id)
    assert len(merging.proposals(desk)) == 1
    with pytest.raises(NotOnDeskError):
        merging.unrefuse(desk, preprint.id, published.id)


def test_a_refusal_holds_for_what_the_papers_become_part_of(desk, preprint, published) -> None:
    twin = library.file_metadata(desk, published.metadata)
    merging.propose(desk)
    merging.refuse(desk, preprint.id, published.id)
    merging.merge(desk, twin.id, published.id)
    assert all(
        {item.kept.id, item.other.id} != {preprint.id, published.id}
        for item in merging.proposals(desk)
    )


def test_both_stand_side_by_side(desk, worked_on) -> None:
    preprint, published = worked_on
    found = merging.side_by_side(desk, published, preprint)
    assert (found.kept.id, found.other.id) == (preprint.id, published.id)
    lines = {line.name: line for line in found.lines}
    assert (lines["arXiv"].kept, lines["arXiv"].other) == ("1710.09829 v2", "")
    assert not lines["title"].unlike
    assert lines["authors"].unlike
    assert (lines["notes"].kept, lines["tags"].other) == ("1", "both, two")
    turned = merging.side_by_side(desk, published, preprint, keep=published.id)
    assert turned.kept.id == published.id


def test_every_pair_of_a_large_library_is_found(desk: Desk) -> None:
    many = 3000
    stamp = desk.clock().isoformat()
    rows = []
    for number in range(many):
        words = f"Learning {number} things about subject{number % 977} and{number}"
        arxiv = f"{1501 + number // 99999:04}.{number % 99999 + 1:05}"
        rows.append((f"k{number}", arxiv, words, '["Wei Wang"]', 2015, stamp))
        if number % 10 == 0:
            rows.append((f"p{number}", None, words.lower(), '["Wang, Wei"]', 2016, stamp))
    with desk.database.writing() as db:
        db.conn.executemany(
            "INSERT INTO papers (key, arxiv_id, title, authors, year, added_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            rows,
        )
    assert len(merging.propose(desk)) == many // 10
