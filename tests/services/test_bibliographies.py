"""Bibliographies written out, and brought in again."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pybtex.database import parse_string
from support.taken_off import take_off

from researchdesk.config import Settings
from researchdesk.domain.papers import Metadata, Paper
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services import collecting, labels
from researchdesk.services.bibliographies import chosen, export_bibliography
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.importing import import_library
from researchdesk.services.library import file_metadata, get_paper, list_papers


def written(desk: Desk, form: Any = "bibtex", **options: bool) -> str:
    return export_bibliography(desk, chosen(desk, ()), form, **options)


def brought_in(desk: Desk, folder: Path, text: str, name: str = "in.bib") -> None:
    (folder / name).write_text(text, "utf-8")
    import_library(desk, [folder / name])


def library(desk: Desk, *, entries: bool = True) -> list[Any]:
    """All that a library says, in an order of its own."""
    db = desk.database.connection
    sql = "SELECT id, title, authors, abstract, year, venue, doi, arxiv_id, journal_ref FROM papers"
    found = []
    for number, *words in db.conn.execute(sql).fetchall():
        tags = tuple(labels.tags_of(desk, number))
        kept = "SELECT kind, key, fields FROM records WHERE paper_id = ?"
        rows = db.conn.execute(kept, (number,)).fetchall() if entries else []
        records = sorted(((*head, json.loads(fields)) for *head, fields in rows), key=repr)
        found.append((tuple(words), tags, records))
    return sorted(found, key=repr)


@pytest.fixture
def other(settings: Settings, tmp_path: Path, fake_time: Any) -> Any:
    """A second, empty desk."""
    opened = open_desk(replace(settings, desk=tmp_path / "other"), fake_time.clock)
    yield opened
    opened.close()


@pytest.mark.parametrize("form", ["bibtex", "csl"])
@pytest.mark.parametrize(
    "pattern", ["Ahmed*.bib", "And*.bib", "ajay*.bib", "docl*.bib", "*.json", "*.rdf"]
)
def test_a_real_library_goes_out_and_comes_in_the_same(
    desk: Desk, other: Desk, corpus: Path, tmp_path: Path, pattern: str, form: str
) -> None:
    (path,) = (corpus / "bib").glob(pattern)
    import_library(desk, [path])
    suffix = {"bibtex": ".bib", "csl": ".json"}[form]
    target = tmp_path / f"out{suffix}"
    target.write_text(written(desk, form), "utf-8")
    report = import_library(other, [target])
    assert not report.left_out
    same_form = path.suffix == suffix
    assert library(other, entries=same_form) == library(desk, entries=same_form)
    assert written(other, form) == target.read_text("utf-8")


def test_an_imported_entry_goes_out_as_it_came(desk: Desk, tmp_path: Path) -> None:
    entry = (
        '@string{j = "A Journal"}\n\n'
        "@article{Odd:Key_1,\n  Title = {{A} {\\'e}tude of},\n  author = {Doe, Jo},\n"
        '  journal = j # " (A)",\n  month = jul,\n  x-own = {kept "},\n  keywords = {b, a},\n}\n'
    )
    brought_in(desk, tmp_path, entry)
    assert written(desk) == entry


def test_another_parser_takes_what_goes_out(desk: Desk, paper: Paper, tmp_path: Path) -> None:
    brought_in(
        desk,
        tmp_path,
        '@string{j = "A \\"o J"}\n'
        '@article{a, title = {An \\{odd} title \\\\}, journal = j # J2, note="x \\"a"}\n'
        "@misc{b, title = {Never closed, author = {Doe, Jo}\n@misc{c title = {C}, x = {{y}}}\n",
    )
    words = Metadata("Braces } and { \\ % # of all", ("A {B", "Team and Co"), venue="V}")
    file_metadata(desk, words)
    read = parse_string(written(desk), "bibtex")
    assert sorted(read.entries) == ["a", "author2019bold", "b", "bbraces", "c"]
    assert read.entries["a"].fields["journal"] == 'A \\"o JJ2'


def test_words_that_nothing_defines_come_through(desk: Desk, other: Desk, tmp_path: Path) -> None:
    brought_in(desk, tmp_path, "@article{k, title = {A title}, journal = NIPS # 3, month = Juli}")
    text = written(desk)
    assert text.startswith("@string{nips = {NIPS}}\n@string{juli = {Juli}}\n")
    brought_in(other, tmp_path, text)
    assert library(other) == library(desk)
    assert get_paper(other, "k").metadata.venue == "NIPS3"


def test_what_csl_does_not_know_comes_through(desk: Desk, other: Desk, tmp_path: Path) -> None:
    item = {"id": 7, "title": "A title", "license": "CC0", "custom": {"a": 1}, "type": "book"}
    brought_in(desk, tmp_path, json.dumps([item]), "in.json")
    text = written(desk, "csl")
    assert json.loads(text) == [
        {
            "id": "7",
            "title": "A title",
            "custom": {"a": 1, "other-fields": {"license": "CC0"}},
            "type": "book",
        }
    ]
    brought_in(other, tmp_path, text, "in.json")
    assert library(other)[0][0] == library(desk)[0][0]
    assert json.loads(written(other, "csl")) == json.loads(text)


def test_tags_of_the_desk_go_out_and_those_taken_do_not(desk: Desk, tmp_path: Path) -> None:
    brought_in(desk, tmp_path, "@misc{k, title = {A title}, keywords = {old, gone}, year = 2001}")
    paper = get_paper(desk, "k")
    labels.tag(desk, [paper.id], ["new_one"])
    labels.untag(desk, [paper.id], ["gone"])
    assert "keywords = {old, new\\_one}," in written(desk)
    item = json.loads(written(desk, "csl"))[0]
    assert item["keyword"] == "new_one, old"


def marks(desk: Desk) -> dict[str, Any]:
    """Tags, stars and priority of each paper, and the collections in their order."""
    rows = desk.database.connection.conn.execute(
        "SELECT title, id, stars, priority FROM papers WHERE removed_at IS NULL ORDER BY title"
    ).fetchall()
    titles = {number: title for title, number, *_ in rows}
    held = {
        found.name: [titles[number] for number, _ in collecting.papers_in(desk, found.name)]
        for found in collecting.collections(desk)
    }
    return {
        **{title: (s, p, labels.tags_of(desk, number)) for title, number, s, p in rows},
        "collections": held,
    }


@pytest.mark.parametrize(("form", "name"), [("bibtex", "out.bib"), ("csl", "out.json")])
def test_tags_stars_priority_and_collections_go_out_and_come_in_the_same(
    desk: Desk, other: Desk, paper: Paper, tmp_path: Path, form: str, name: str
) -> None:
    entries = (
        "@misc{a, title = {First of all}, author = {Doe, Jo}, year = 2001, priority = {high}}\n"
        "@misc{b, title = {Second thoughts}, author = {Doe, Jo}, year = 2002,\n"
        " keywords = {old}, groups = {Read, To_do}, ranking = {rank2}}\n"
        "@misc{c, title = {Third time}, author = {Doe, Jo}, year = 2003, biburl = {bibsonomy.org},"
        " groups = {public}}\n"
    )
    brought_in(desk, tmp_path, entries)
    first, second, third = (get_paper(desk, key).id for key in "abc")
    assert marks(desk)["collections"] == {"Read": ["Second thoughts"], "To_do": ["Second thoughts"]}
    labels.tag(desk, [paper.id, second], ["a b", "new_one"])
    labels.set_stars(desk, [paper.id, first], 5)
    labels.set_priority(desk, [paper.id, third], 3)
    collecting.put_in(desk, [third, paper.id, second], "Thesis & more")
    collecting.put_in(desk, [paper.id, second], "in order")
    collecting.take_out(desk, [second], "Read")
    collecting.drop(desk, "Read")
    target = tmp_path / name
    target.write_text(written(desk, form), "utf-8")
    report = import_library(other, [target])
    assert marks(other) == marks(desk)
    assert marks(other)["collections"]["Thesis & more"][0] == "Third time"
    assert written(other, form) == target.read_text("utf-8")
    assert import_library(other, [target]).change is None
    assert report.change is not None
    labels.undo(other, report.change.id)
    assert marks(other) == {"collections": {}}


def test_marks_in_bibtex_are_those_of_jabref(desk: Desk, paper: Paper, tmp_path: Path) -> None:
    labels.set_stars(desk, [paper.id], 4)
    labels.set_priority(desk, [paper.id], 3)
    collecting.put_in(desk, [paper.id], "To read")
    fields = written(desk)
    for line in ("groups = {To read}", "ranking = {rank4}", "priority = {prio1}"):
        assert line in fields
    assert "groupplaces" not in fields
    text = "@misc{x, eprint = {1904.00001}, title = {T}, ranking = {rank1}, priority = {prio3}}"
    brought_in(desk, tmp_path, text)
    assert marks(desk)[paper.title][:2] == (4, 3)
    again = "@misc{x, eprint = {1904.00001}, title = {T}, ranking = {rank9}, groups = {A, b, a}}"
    labels.set_stars(desk, [paper.id], 0)
    brought_in(desk, tmp_path, again)
    assert marks(desk)[paper.title][:2] == (0, 3)
    assert set(marks(desk)["collections"]) == {"A", "b", "To read"}


def test_the_arxiv_id_stands_beside_the_published_record(
    desk: Desk, paper: Paper, tmp_path: Path
) -> None:
    brought_in(
        desk,
        tmp_path,
        "@inproceedings{pub, title = {On [b]Bold[/b] *Claims*}, author = {Author, Ada},\n"
        " year = 2019, booktitle = {Proc. of X}, pages = {1--9}}",
    )
    text = written(desk)
    assert text.count("@") == 1
    assert "@inproceedings{pub," in text
    assert "eprint = {1904.00001}" in text
    assert "primaryClass = {cs.LG}" in text


def test_both_entries_of_a_paper_go_out_or_the_published_one(desk: Desk, tmp_path: Path) -> None:
    pre = (
        "@misc{pre, title = {The same title}, eprint = {1706.03762}, author = {Doe}, year = 2017}\n"
    )
    pub = (
        "@article{pub, title = {The Same Title}, journal = {Nature}, author = {Doe}, year = 2017}\n"
    )
    brought_in(desk, tmp_path, pre + pub)
    assert re.findall(r"@\w+\{(\w+)", written(desk)) == ["pub", "pre"]
    assert re.findall(r"@\w+\{(\w+)", written(desk, one_each=True)) == ["pub"]


def test_every_key_of_a_paper_goes_out_in_another_form_too(
    desk: Desk, other: Desk, tmp_path: Path
) -> None:
    item = {"type": "article-journal", "title": "Deep things", "DOI": "10.1000/deep"}
    items = [{**item, "id": "smith2020"}, {**item, "id": "smith2020again", "note": "twice"}]
    brought_in(desk, tmp_path, json.dumps(items), "in.json")
    labels.set_stars(desk, [get_paper(desk, "smith2020").id], 4)
    out = written(desk)
    assert re.findall(r"@\w+\{(\w+)", out) == ["smith2020", "smith2020again"]
    assert out.count("ranking") == 1
    assert len(re.findall(r"@\w+\{", written(desk, one_each=True))) == 1
    brought_in(other, tmp_path, out)
    assert len(list_papers(other)) == 1
    back = json.loads(written(other, "csl"))
    assert [one["id"] for one in back] == ["smith2020", "smith2020again"]


def test_what_an_entry_refers_to_comes_behind_it(desk: Desk, tmp_path: Path) -> None:
    brought_in(
        desk,
        tmp_path,
        "@proceedings{conf, title = {The Conference}, year = 2001}\n"
        "@inproceedings{one, title = {One of them}, crossref = {Conf}}\n",
    )
    assert re.findall(r"@\w+\{(\w+)", written(desk)) == ["one", "conf"]
    text = export_bibliography(desk, [get_paper(desk, "one")], "bibtex")
    assert re.findall(r"@\w+\{(\w+)", text) == ["one", "conf"]


def test_abbreviations_of_two_files_do_not_mix(desk: Desk, tmp_path: Path) -> None:
    for name, journal in (("a", "Journal A"), ("b", "Journal B")):
        text = f'@string{{j = "{journal}"}}\n@article{{{name}, title = {{Of {name}}}, journal = j}}'
        brought_in(desk, tmp_path, text, f"{name}.bib")
    text = written(desk)
    assert text.count("@string") == 1
    assert "journal = {Journal B}" in text


def test_the_pattern_of_keys_is_the_users(desk: Desk, paper: Paper) -> None:
    def with_pattern(pattern: str) -> str:
        told = replace(desk, settings=replace(desk.settings, bibtex_keys=pattern))
        return written(told).partition("{")[2].partition(",")[0]

    assert with_pattern("{Author}:{shortyear}-{Word}") == "Author:19-Bold"
    assert with_pattern("{arxiv}") == "1904.00001"
    for pattern in ("{nope}", "{", "{author.x}", "{0}", "same"):
        with pytest.raises(UsageProblemError):
            with_pattern(pattern)


def test_a_paper_of_arxiv_goes_out_as_arxiv_tells_it(desk: Desk, paper: Paper) -> None:
    text = written(desk)
    assert text.startswith("@misc{author2019bold,")
    assert "archivePrefix = {arXiv}" in text
    (item,) = json.loads(written(desk, "csl"))
    assert (item["type"], item["archive"], item["number"]) == (
        "article",
        "arXiv",
        "arXiv:1904.00001",
    )
    assert item["author"][0] == {"family": "Author", "given": "Ada"}


def test_ris_has_its_line_ends_and_types(desk: Desk, paper: Paper, tmp_path: Path) -> None:
    brought_in(
        desk,
        tmp_path,
        "@article{a, title = {An {\\'e}tude}, author = {von Doe, Jo and {The Team}}, year = 2001,"
        " journal = {Nature}, volume = 3, number = 4, pages = {5--9}, doi = {10.1000/x},"
        " abstract = {We\n\n do.}, keywords = {b, a}}\n"
        "@inproceedings{b, title = {Talk of it}, booktitle = {Proc.}}\n@book{c, title = {A book}}",
    )
    text = written(desk, "ris")
    assert text.count("\n") == text.count("\r\n")
    blocks = [block.split("\r\n") for block in text.strip().split("\r\n\r\n")]
    assert [block[0] for block in blocks] == [
        "TY  - UNPB", "TY  - JOUR", "TY  - CPAPER", "TY  - BOOK",
    ]  # fmt: skip
    assert all(block[-1].strip() == "ER  -" for block in blocks)
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for block in blocks for line in block[:-1])
    assert blocks[1][1:-1] == [
        "ID  - a", "TI  - An étude", "AU  - von Doe, Jo", "AU  - The Team", "PY  - 2001",
        "JO  - Nature", "VL  - 3", "IS  - 4", "SP  - 5", "EP  - 9", "DO  - 10.1000/x",
        "KW  - a", "KW  - b", "AB  - We do.",
    ]  # fmt: skip


def test_which_papers_go_out(desk: Desk, paper: Paper) -> None:
    second = file_metadata(desk, Metadata("Other things entirely", ("Bo",), arxiv_id="1905.00002"))
    assert [p.id for p in chosen(desk, ())] == [paper.id, second.id]
    assert [p.id for p in chosen(desk, ["1905.00002", "1904.00001", "1905.00002"])] == [
        second.id,
        paper.id,
    ]
    assert [p.id for p in chosen(desk, (), "entirely")] == [second.id]
    with pytest.raises(NotOnDeskError):
        chosen(desk, ["nobody"])
    for query in ("in:nowhere", "++", "year:abc"):
        with pytest.raises(UsageProblemError):
            chosen(desk, (), query)
    take_off(desk, "1905.00002")
    assert [p.id for p in chosen(desk, ())] == [paper.id]


def test_a_list_of_names_that_is_not_whole_names_no_person_others(desk: Desk) -> None:
    words = Metadata("Caffe", ("Yangqing Jia", "others"), arxiv_id="1408.5093")
    file_metadata(desk, words)
    assert "others" not in written(desk, "ris")
    (item,) = json.loads(written(desk, "csl"))
    assert [name["family"] for name in item["author"]] == ["Jia"]
    assert "and others" in written(desk)
