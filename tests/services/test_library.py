import threading
from dataclasses import replace

import pytest
from support.recipe_maker import write_recipe
from support.searching import found_ids
from support.sweep_maker import ARMS, spec
from support.taken_off import take_off

from researchdesk.domain.papers import Metadata, Paper
from researchdesk.errors import NotOnDeskError
from researchdesk.harness.recipes import load_recipe
from researchdesk.services import library
from researchdesk.services.desk import Desk
from researchdesk.services.notes import add_note
from researchdesk.services.reproduction import ReproduceOptions, reproduce_recipe
from researchdesk.services.sweep_running import SweepHow, start_sweep


def test_a_paper_is_found_by_every_form_of_its_id_and_by_key(desk: Desk, paper: Paper) -> None:
    for ref in ("1904.00001", "1904.00001v7", "https://arxiv.org/abs/1904.00001", paper.key):
        assert library.get_paper(desk, ref).id == paper.id
    with pytest.raises(NotOnDeskError):
        library.get_paper(desk, "1904.00002")


def test_a_paper_without_an_arxiv_id_has_a_key_of_its_own(desk: Desk) -> None:
    first = library.file_metadata(desk, Metadata("Lecture notes"))
    second = library.file_metadata(desk, Metadata("Lecture notes"))
    assert (first.key, second.key) == ("lecture", "lecturea")
    assert library.get_paper(desk, "LECTURE").id == first.id


def test_words_of_an_older_version_do_not_replace_newer_ones(desk: Desk, paper: Paper) -> None:
    older = replace(paper.metadata, version=1, title="A first try")
    assert library.file_metadata(desk, older).title == paper.title
    newer = replace(paper.metadata, version=3, title="At last")
    assert library.file_metadata(desk, newer).title == "At last"
    assert library.get_paper(desk, paper.name).version == 3


def test_a_removed_paper_comes_back_with_its_notes(desk: Desk, paper: Paper) -> None:
    add_note(desk, paper, 1, "kept")
    take_off(desk, paper.name)
    assert library.list_papers(desk) == []
    with pytest.raises(NotOnDeskError):
        library.get_paper(desk, paper.name)
    library.restore_paper(desk, paper)
    assert library.get_paper(desk, paper.name).id == paper.id


def test_names_are_one_question_and_removed_papers_have_none(desk: Desk, paper: Paper) -> None:
    own = library.file_metadata(desk, Metadata("My notes", ("Ada Example",)))
    gone = library.file_metadata(desk, Metadata("Gone", arxiv_id="2001.00001"))
    take_off(desk, gone.name)
    asked: list[str] = []
    desk.database.raw.set_trace_callback(asked.append)
    names = library.names_of(desk, (own.id, paper.id, paper.id, gone.id, 99))
    assert names == {own.id: own.key, paper.id: paper.name}
    assert len(asked) == 1


def test_search_finds_words_of_papers_and_notes(desk: Desk, paper: Paper) -> None:
    add_note(desk, paper, 1, "the warmup trick")
    assert found_ids(desk, "warm") == [paper.id]
    assert found_ids(desk, "claims bold") == [paper.id]
    assert found_ids(desk, '") OR (') == []
    assert found_ids(desk, "zebra") == []


def test_papers_whose_recipes_ship_are_there_without_a_network(desk: Desk) -> None:
    paper = library.get_paper(desk, "1904.09237")
    assert "Adam" in paper.title
    take_off(desk, "1904.09237")
    library.seed_bundled(desk)
    assert "1904.09237" not in [item.paper.name for item in library.list_papers(desk)]


@pytest.mark.parametrize("swept", [False, True])
def test_what_is_run_of_a_paper_whose_words_ship_files_it_once(desk: Desk, swept: bool) -> None:
    folder = write_recipe(desk.settings.recipes, arxiv_id="1512.03385", name="swept", toml=ARMS)
    recipe, stop = load_recipe(folder, bundled=False), threading.Event()
    stop.set()

    def run() -> list[str | None]:
        if swept:
            start_sweep(desk, recipe, spec(), SweepHow(trust=True), "cpu", cancel=stop)
        else:
            options = ReproduceOptions(trust=True, check=False, device="cpu")
            reproduce_recipe(desk, recipe, options, cancel=stop)
        return [item.paper.metadata.arxiv_id for item in library.list_papers(desk)]

    assert run() == ["1512.03385"]
    take_off(desk, "1512.03385")
    assert run() == []
