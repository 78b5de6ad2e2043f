"""The keys by which papers are cited: each leads back, and none is lost to what comes later."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.taken_off import take_off

from researchdesk.domain.papers import Metadata
from researchdesk.errors import NotOnDeskError
from researchdesk.services.bibliographies import Dispute, chosen, export_bibliography
from researchdesk.services.desk import Desk
from researchdesk.services.importing import import_library
from researchdesk.services.library import file_metadata, get_paper, get_papers


def brought_in(desk: Desk, folder: Path, text: str) -> None:
    (folder / "in.bib").write_text(text, "utf-8")
    import_library(desk, [folder / "in.bib"])


TITLES = ("The same words here", "Same old words", "Words of another kind", "Same again")


def _filed(desk: Desk, order: list[int]) -> None:
    for number in order:
        words = Metadata(
            TITLES[number],
            ("Ann Author",),
            published=datetime(2019, 1, 1, tzinfo=UTC),
            arxiv_id=f"1901.0000{number}",
        )
        file_metadata(desk, words)


def keys_of(desk: Desk) -> dict[str, int]:
    """Each key of an export of everything, with the paper that goes out under it when alone."""
    found: dict[str, int] = {}
    for paper in chosen(desk, ()):
        for key in re.findall(r"@\w+\{(\S+),", export_bibliography(desk, [paper], "bibtex")):
            assert key.casefold() not in {one.casefold() for one in found}
            found[key] = paper.id
    assert set(found) == set(
        re.findall(r"@\w+\{(\S+),", export_bibliography(desk, chosen(desk, ()), "bibtex"))
    )
    for key, number in found.items():
        assert get_paper(desk, key).id == number
        assert get_paper(desk, key.upper()).id == number
    assert [paper.id for paper in get_papers(desk, list(found))] == list(found.values())
    return found


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 1, 0, 2]])
@pytest.mark.parametrize("pattern", ["{author}{year}{word}", "{Author}{shortyear}", "{key}"])
def test_keys_of_papers_stay_when_more_are_filed(
    desk: Desk, order: list[int], pattern: str
) -> None:
    desk = replace(desk, settings=replace(desk.settings, bibtex_keys=pattern))
    before: dict[str, int] = {}
    for number in order:
        _filed(desk, [number])
        now = keys_of(desk)
        assert before.items() <= now.items()
        before = now
    bare = {"{Author}{shortyear}": "Author19"}.get(pattern, "author2019same")
    assert get_paper(desk, bare).name == f"1901.0000{order[0]}"


def test_every_key_leads_back_to_its_paper_and_stays_its_own(desk: Desk, tmp_path: Path) -> None:
    _filed(desk, [3, 1])
    before = keys_of(desk)
    assert list(before) == ["author2019same", "author2019samea"]
    _filed(desk, [0])
    brought_in(
        desk,
        tmp_path,
        "@misc{Pre:1, title = {An old one}, eprint = {1901.00003}, author = {Doe}, year = 2017}\n"
        "@article{a key+, title = {Odd keys of all}, author = {Doe}, year = 2017}\n"
        "@article{author2019samea, title = {Taken by another}, author = {Doe}, year = 2018}\n"
        "@article{müller, title = {Of no ASCII at all}, author = {Doe}, year = 2018}\n"
        "@article{PRE:1, title = {The key of an entry}, author = {Doe}, year = 2018}\n"
        "@article{dup, title = {Twice in one file}, author = {Doe}, year = 2018, note = {a}}\n"
        "@article{dup, title = {Twice in one file}, author = {Doe}, year = 2018, note = {b}}\n"
        "@article{, title = {Without any key}, author = {Zed}, year = 2018}\n"
        "@article{zed2018without, title = {Its key is made}, author = {Doe}, year = 2018}\n",
    )
    now = keys_of(desk)
    assert now["author2019samea"] == before["author2019samea"]
    assert now["Pre:1"] == before["author2019same"] == get_paper(desk, "author2019same").id
    assert {"akey+", "müller", "dup", "dupa", "zed2018without"} <= set(now)
    assert get_paper(desk, "zed2018without").title == "Its key is made"
    told: list[Dispute] = []
    export_bibliography(desk, [get_paper(desk, "1901.00001")], "bibtex", tell=told.append)
    (one,) = told
    assert (one.key, one.paper.name, one.other.title) == (
        "author2019samea", "1901.00001", "Taken by another",
    )  # fmt: skip
    assert get_paper(desk, one.given).title == "Taken by another"
    again = "@article{PRE-1, title = {One more}}\n@article{akey+, title = {And a last}}\n"
    brought_in(desk, tmp_path, again)
    file_metadata(desk, Metadata("Pre", ("Pre:1",), arxiv_id="1902.00001"))
    assert now.items() <= keys_of(desk).items()
    with pytest.raises(NotOnDeskError):
        get_paper(desk, "author1900nothing")


def test_the_key_of_a_removed_paper_is_free_for_the_entry_that_came_with_it(
    desk: Desk, tmp_path: Path
) -> None:
    brought_in(desk, tmp_path, "@misc{one, title = {A titel}, author = {Doe}, year = 2001}")
    take_off(desk, "one")
    brought_in(desk, tmp_path, "@misc{one, title = {The title of it}, author = {Doe}, year = 2001}")
    assert list(keys_of(desk)) == ["one"]
    assert get_paper(desk, "one").title == "The title of it"


def test_a_key_that_is_imported_comes_before_one_of_a_pattern(desk: Desk, tmp_path: Path) -> None:
    desk = replace(desk, settings=replace(desk.settings, bibtex_keys="{Author}{shortyear}"))
    _filed(desk, [0, 1])
    brought_in(desk, tmp_path, "@misc{Author19, title = {Of the file}, year = 2019}")
    found = keys_of(desk)
    assert get_paper(desk, "author19").title == "Of the file"
    told: list[Dispute] = []
    export_bibliography(desk, chosen(desk, ()), "bibtex", tell=told.append)
    assert {one.given for one in told} < set(found)
    assert {one.key for one in told} == {"Author19"}
