"""A storyline written to files, and the parts it is made of."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from researchdesk.domain.papers import Metadata
from researchdesk.errors import BadInputError, NotOnDeskError, UsageProblemError
from researchdesk.services import importing, library, stories, story_export, story_templates
from researchdesk.services.bibliographies import export_bibliography
from researchdesk.services.desk import Desk


@pytest.fixture
def slug(desk: Desk) -> str:
    slug = stories.new_story(desk, "Why it falls").slug
    stories.save_draft(desk, slug, "It fell.")
    stories.new_draft(desk, slug)
    stories.save_draft(desk, slug, "It falls [[1904.09237]], [[2002.00002]].\n? proof: none")
    return slug


def test_markdown_goes_to_a_file_or_into_a_folder(desk: Desk, slug: str, tmp_path: Path) -> None:
    (path,) = story_export.write_markdown(desk, slug, tmp_path / "out")
    assert path == tmp_path / "out" / "why-it-falls.md"
    text = path.read_text("utf-8")
    assert "It falls Reddi et al. (2019), arXiv:2002.00002 (2020).\n" in text
    assert "proof" not in text
    (other,) = story_export.write_markdown(desk, slug, tmp_path / "x.md", 1, questions=True)
    assert "It fell." in other.read_text("utf-8")
    assert story_export.write_markdown(desk, slug, tmp_path / "out") == [path]
    with pytest.raises(NotOnDeskError):
        story_export.write_markdown(desk, slug, tmp_path, 3)


@pytest.mark.parametrize("write", [story_export.write_latex, story_export.write_markdown])
def test_an_empty_draft_is_not_written_over_what_the_one_before_gave(
    desk: Desk, slug: str, tmp_path: Path, write: Callable[..., list[Path]]
) -> None:
    (path, *_) = write(desk, slug, tmp_path / "out")
    before = path.read_bytes()
    stories.new_draft(desk, slug)
    with pytest.raises(BadInputError, match=r"Draft 3 of why-it-falls is empty") as refused:
        write(desk, slug, tmp_path / "out")
    assert "`--draft 2`" in refused.value.hint
    assert path.read_bytes() == before
    assert write(desk, slug, tmp_path / "out", 2)[0].read_bytes() == before


def test_latex_has_its_bibtex_beside_it(desk: Desk, slug: str, tmp_path: Path) -> None:
    tex, bib = story_export.write_latex(desk, slug, tmp_path / "intro.tex")
    assert (tex.name, bib.name) == ("intro.tex", "intro.bib")
    cited = tex.read_text("utf-8").split("\\cite{")[1:]
    keys = [part.partition("}")[0] for part in cited]
    assert len(keys) == 2
    assert all(f"@misc{{{key}," in bib.read_text("utf-8") for key in keys)


def test_a_file_that_is_not_ours_is_not_written_over(desk: Desk, slug: str, tmp_path: Path) -> None:
    (tmp_path / "intro.bib").write_text("@misc{mine}\n", "utf-8")
    with pytest.raises(BadInputError, match="Nothing was written"):
        story_export.write_latex(desk, slug, tmp_path / "intro.tex")
    assert not (tmp_path / "intro.tex").exists()
    assert (tmp_path / "intro.bib").read_text("utf-8") == "@misc{mine}\n"


def test_the_text_cannot_be_named_as_the_papers_are(desk: Desk, slug: str, tmp_path: Path) -> None:
    for name in ("x.bib", "x.BIB"):
        with pytest.raises(UsageProblemError, match="Nothing was written"):
            story_export.write_latex(desk, slug, tmp_path / name)
    assert list(tmp_path.glob("x.*")) == []


@pytest.mark.parametrize("name", ["a.md", "a.tex"])
def test_what_stands_in_a_file_is_written_over_only_where_it_is_this_story_as_written(
    desk: Desk, slug: str, tmp_path: Path, name: str
) -> None:
    write = story_export.write_latex if name == "a.tex" else story_export.write_markdown
    path = tmp_path / name
    write(desk, slug, path, 1)
    write(desk, slug, path)
    other = stories.new_story(desk, "Other").slug
    stories.save_draft(desk, other, "Other.")
    before = path.read_bytes()
    with pytest.raises(BadInputError, match=f"another storyline, {slug}. Nothing was written"):
        write(desk, other, path)
    assert path.read_bytes() == before
    edited = before + b"\nMine.\n"
    path.write_bytes(edited)
    with pytest.raises(BadInputError, match=r"edited since .*Nothing was written") as error:
        write(desk, slug, path)
    assert "Move it away" in error.value.hint
    assert path.read_bytes() == edited


def test_papers_whose_keys_are_the_same_are_cited_apart(desk: Desk) -> None:
    rain = Metadata(
        "Deep networks for rain",
        ("Kaiming He",),
        arxiv_id="1501.00001",
        published=datetime(2015, 1, 1, tzinfo=UTC),
    )
    assert library.file_metadata(desk, rain).key == "he2015deep"
    slug = stories.new_story(desk, "S").slug
    text = "Residuals help [[1512.03385]]. Rain [[1501.00001]], [[he2015deep]]."
    stories.save_draft(desk, slug, text)
    tex, bib = story_export.story_latex(desk, slug)
    assert "help~\\cite{he2015deepb}. Rain~\\cite{he2015deep},~\\cite{he2015deep}." in tex
    one, other = bib.split("@misc")[1:]
    assert one.startswith("{he2015deep,\n  title = {{Deep networks for rain}}")
    assert other.startswith("{he2015deepb,\n  title = {{Deep Residual Learning")


def test_keys_and_entries_are_those_of_an_export_of_the_desk(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "library.bib"
    file.write_text(
        "@article{müller_20, title={On Rain}, author={{The Rain and Snow Group}}, "
        "journal={Journal of Rain}, year={2020}}\n",
        "utf-8",
    )
    importing.import_library(desk, [file])
    snow = Metadata("Snow", ("Ada Frost",), arxiv_id="2001.00001", venue="ICML 2020")
    library.file_metadata(desk, snow)
    with_pattern = replace(desk, settings=replace(desk.settings, bibtex_keys="{Author}-{year}"))
    key = library.paper_named(desk, "2001.00001").key
    rain = next(one for one in library.get_papers(desk, ["müller_20"]))
    slug = stories.new_story(desk, "S").slug
    stories.save_draft(desk, slug, f"[[{rain.key}]], [[{key}]], [[2002.00002]].")
    tex, bib = story_export.story_latex(with_pattern, slug)
    assert "\\cite{müller_20},~\\cite{Frost-2020},~\\cite{arXiv:2002.00002}." in tex
    cited = library.get_papers(desk, ["2001.00001", "müller_20"])
    assert export_bibliography(with_pattern, cited, "bibtex") in bib
    assert "@misc{arXiv:2002.00002," in bib
    assert "author = {{The Rain and Snow Group}}" in bib


def test_the_parts_of_a_story_ask_in_comments(desk: Desk) -> None:
    found = story_templates.templates(desk)
    assert [item.name for item in found] == [
        "motivation", "problem", "idea", "evidence", "ablations", "weak-spots", "what-is-new",
    ]  # fmt: skip
    for item in found:
        assert item.text.startswith(f"## {item.title}\n")
        assert item.text.count("<!--") == item.text.count("-->") >= 2
    text = story_templates.with_template("# T\n\n", found[0])
    assert text == f"# T\n\n{found[0].text}"
    slug = stories.new_story(desk, "T").slug
    stories.save_draft(desk, slug, text)
    assert story_export.story_markdown(desk, slug).endswith("# T\n\n## Motivation\n")


def test_a_part_of_ones_own_is_a_file(desk: Desk) -> None:
    folder = desk.root / "templates" / "story"
    folder.mkdir(parents=True)
    (folder / "idea.md").write_text("\ufeff## My idea\n\n<!-- ? -->", "utf-8")
    (folder / "cost.md").write_text("No heading.", "utf-8")
    (folder / "broken.md").write_bytes(b"\xff")
    found = {item.name: item.title for item in story_templates.templates(desk)}
    assert (found["idea"], found["cost"], len(found)) == ("My idea", "cost", 8)
    assert story_templates.get_template(desk, "cost").text == "No heading.\n"
    with pytest.raises(NotOnDeskError, match="broken"):
        story_templates.get_template(desk, "broken")
