"""The page over all papers: what it says, and that only what changed is made anew."""

from pathlib import Path

import pytest
from lxml import html
from support.funny_runs import RUNG, ended_run
from support.recipe_maker import write_recipe

from researchdesk.domain.papers import Metadata
from researchdesk.errors import BadInputError, NotOnDeskError, UsageProblemError
from researchdesk.services import reading, report_index
from researchdesk.services.desk import Desk
from researchdesk.services.library import file_metadata
from researchdesk.services.report_index import write_index
from researchdesk.services.surprises import add_surprise


def _told(desk: Desk, to: Path) -> tuple[list[str], html.HtmlElement]:
    done = write_index(desk, to)
    page = html.fromstring(done[0].path.read_text("utf-8"))
    return [item.path.name for item in done if item.changed], page


def test_all_papers_with_what_was_tested_and_only_the_changed_ones_anew(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = tmp_path / "out"
    with pytest.raises(NotOnDeskError):
        write_index(desk, to)
    write_recipe(desk.settings.recipes)
    write_recipe(desk.settings.recipes, arxiv_id="2002.00002", name="other")
    file_metadata(desk, Metadata("Tested & <true>", ("Ada",), arxiv_id="2001.00001"))
    read = file_metadata(desk, Metadata("Only read", ("Bo",), arxiv_id="2003.00003"))
    reading.start_pass(desk, read, 1)
    file_metadata(desk, Metadata("Unread", ("Cy",), arxiv_id="2004.00004"))
    first = ended_run(desk, (0.49, 0.5, 0.51))
    ended_run(desk, (0.1, 0.1001, 0.1002), recipe="2002.00002-other")
    changed, page = _told(desk, to)
    assert sorted(changed) == ["2001.00001.html", "2002.00002.html", "index.html"]
    assert page.xpath("//h3/a/text()") == ["arXiv:2002.00002", "Tested & <true>"]
    assert page.xpath("//h3/a/@href") == ["2002.00002.html", "2001.00001.html"]
    assert [" ".join(li.text_content().split()) for li in page.xpath("(//ul)[1]/li")] == [
        "✓ 1 reproduced",
        "✗ 1 different",
    ]
    told = page.text_content()
    assert "Only read" in told
    assert "Unread" not in told
    drawn = []
    whole = report_index.text_of
    monkeypatch.setattr(report_index, "text_of", lambda *of: drawn.append(1) or whole(*of))
    assert _told(desk, to)[0] == []
    assert drawn == []
    add_surprise(desk, "odd", "even", "odd", f"run:{first}")
    assert _told(desk, to)[0] == ["2001.00001.html"]
    (to / "2002.00002.html").unlink()
    assert _told(desk, to)[0] == ["2002.00002.html"]
    assert len(drawn) == 2
    (desk.settings.cache / "reports.json").write_text('{"x": 1', "utf-8")
    assert _told(desk, to)[0] == []


def test_pages_that_were_changed_by_hand_stay_and_newer_ones_stand_beside_them(
    desk: Desk, tmp_path: Path
) -> None:
    write_recipe(desk.settings.recipes)
    run = ended_run(desk, (0.49, 0.5, 0.51))
    write_index(desk, tmp_path)
    mine = {}
    for name in ("index.html", "2001.00001.html"):
        mine[name] = (tmp_path / name).read_text("utf-8").replace("</h1>", " (mine)</h1>")
        (tmp_path / name).write_text(mine[name], "utf-8")
    assert not any(item.changed for item in write_index(desk, tmp_path))
    add_surprise(desk, "odd", "even", "odd", f"run:{run}")
    ended_run(desk, (0.1, 0.1001, 0.1002))
    done = write_index(desk, tmp_path)
    assert [item.path.name for item in done] == ["index.new.html", "2001.00001.new.html"]
    assert [item.instead_of and item.instead_of.name for item in done] == list(mine)
    assert {name: (tmp_path / name).read_text("utf-8") for name in mine} == mine


def test_counts_stand_with_what_is_to_be_known_before_they_are_believed(
    desk: Desk, tmp_path: Path
) -> None:
    for name in ("alpha", "tiny"):
        write_recipe(desk.settings.recipes, name=name)
    ended_run(desk, (0.49, 0.5, 0.51), [RUNG])
    for _ in range(2):  # the second time it is not judged anew
        _, page = _told(desk, tmp_path)
        assert page.xpath("//*[contains(@class, 'caution')]//strong/text()") == ["Checks failed."]
    ended_run(desk, (0.49, 0.5, 0.51), recipe="2001.00001-alpha")
    assert "Checks failed (1 of 2 runs)." in _told(desk, tmp_path)[1].text_content()


def test_a_paper_that_cannot_be_told_does_not_keep_the_others_back(
    desk: Desk, tmp_path: Path
) -> None:
    write_recipe(desk.settings.recipes)
    write_recipe(desk.settings.recipes, arxiv_id="2002.00002", name="other")
    broken = ended_run(desk)
    ended_run(desk, recipe="2002.00002-other")
    for path in (desk.settings.runs / broken).rglob("recipe.toml"):
        path.write_text("x = ", "utf-8")
    changed, page = _told(desk, tmp_path)
    assert sorted(changed) == ["2002.00002.html", "index.html"]
    assert "It could not be told." in page.text_content()
    assert page.xpath("//h3/a/@href") == ["2002.00002.html"]


def test_files_that_are_not_ours_stay(desk: Desk, tmp_path: Path) -> None:
    write_recipe(desk.settings.recipes)
    ended_run(desk)
    home = tmp_path / "index.html"
    home.write_text("<h1>My home page</h1>", "utf-8")
    with pytest.raises(BadInputError, match=r"index\.html"):
        write_index(desk, tmp_path)
    assert [path.name for path in tmp_path.glob("*.html")] == ["index.html"]
    with pytest.raises(UsageProblemError):
        write_index(desk, home)
