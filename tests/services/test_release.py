"""Releases: what ran, what came out, how to run it again; what its owner wrote stays."""

import csv
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from support.faketime import FakeTime
from support.recipe_maker import ARM, CLAIM, write_recipe

from researchdesk.config import Settings
from researchdesk.domain.checklists import Answer
from researchdesk.domain.papers import Metadata
from researchdesk.domain.surprises import SurpriseState
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services import stories, surprises
from researchdesk.services.checklists import sheet_of
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.library import file_metadata
from researchdesk.services.release import Done, Scaffold, scaffold
from researchdesk.services.reports import report_of
from researchdesk.services.reproduction import ReproduceOptions, reproduce

WRONG = CLAIM.replace('"score"\ntext', '"wrong"\ntext').replace("claimed = 0.5", "claimed = 7.0")
OTHER = ARM.replace('"ours"', '"a|b *c*"\nkind = "ablation"\nparent = "ours"').replace("4", "3")
TITLE = "Adding\n# to [nothing](x) | {{ 1 }}"
Ran = tuple[Desk, str]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    """A desk with a run of which one claim holds and one does not."""
    place = tmp_path_factory.mktemp("ran")
    desk = open_desk(Settings(desk=place / "desk", state=place / "state"), FakeTime().clock)
    write_recipe(desk.settings.recipes, seeds=5, toml=ARM + OTHER + CLAIM + WRONG)
    authors = ("Ada Author", "Bo van der Writer")
    file_metadata(desk, Metadata(TITLE, authors, "We add.", arxiv_id="2001.00001"))
    options = ReproduceOptions(trust=True, jobs=1)
    yield desk, reproduce(desk, "2001.00001", options).run.id
    desk.close()


def done_of(made: Scaffold) -> dict[str, Done]:
    return {file.path: file.done for file in made.files}


def test_a_release_says_what_was_measured_and_how_to_run_it_again(ran: Ran, tmp_path: Path) -> None:
    desk, run_id = ran
    out = tmp_path / "out"
    kept = surprises.add_surprise(desk, "Far off", "7", "0.52", f"run:{run_id}#wrong")
    surprises.resolve(desk, kept.id, SurpriseState.EXPLAINED, "a slip of the pen")
    scaffold(desk, out, "2001.00001")
    readme = (out / "README.md").read_text()
    assert "\n  - funny:1: Explained: a slip of the pen.\n" in readme
    results = {item.claim_id: item for item in report_of(desk, run_id).claims}
    row = next(line for line in readme.splitlines() if line.startswith("| `score`"))
    assert f"0.52 ± {results['score'].sd:.3g} (n=5)" in row
    assert row.endswith("| reproduced |")
    assert run_id in readme
    assert "**What did not hold.**" in readme
    assert "- `wrong` (table 1): claimed 7 ± 0.2" in readme
    assert "\n# to" not in readme
    assert "{{ 1 }}" in readme
    command = "researchdesk --desk . reproduce 2001.00001-tiny --trust"
    assert f"```sh\n{command}\n```" in readme
    told = json.loads((out / "results/results.json").read_text())["runs"][0]
    assert (told["run"], told["command"]) == (run_id, command)
    assert [claim["verdict"] for claim in told["claims"]] == ["reproduced", "different"]
    with (out / "results/results.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    mine = [line for line in rows if (line["arm"], line["metric"]) == ("ours", "score")]
    scores = [float(line["value"]) for line in mine]
    assert sorted(scores) == [0.5, 0.51, 0.52, 0.53, 0.54]
    needs = (out / "requirements.txt").read_text()
    packages = dict(report_of(desk, run_id).environment["packages"])
    version = packages.pop("researchdesk")
    assert all(f"\n{name}=={known}\n" in needs for name, known in packages.items())
    assert "researchdesk==" not in needs
    blank = readme.index(
        f"its sources: TO BE FILLED IN (the address of the sources of researchdesk {version}"
    )
    assert blank < readme.index("pip install -r requirements.txt")


def test_the_released_recipe_runs_and_the_checklist_is_content(ran: Ran, tmp_path: Path) -> None:
    desk, _ = ran
    out = tmp_path / "out"
    made = scaffold(desk, out, "2001.00001", ["Doe, Jane"])
    there = open_desk(Settings(desk=out, state=tmp_path / "state"), FakeTime().clock)
    options = ReproduceOptions(trust=True, jobs=1, arms=("ours",), seeds=2)
    again = reproduce(there, "2001.00001-tiny", options)
    assert [result.metrics["score"] for result in again.run.results] == [0.5, 0.51]
    there.close()
    assert tomllib.loads((out / "recipes/2001.00001-tiny/recipe.toml").read_text())
    answers = {item.item.id: item.answer for item in made.sheet.items}
    for item in ("dependencies", "training-code", "evaluation-code", "results", "commands",
                 "differences", "machine", "citation", "private", "code-kept"):  # fmt: skip
        assert answers[item] is Answer.YES, item
    assert (answers["licence"], answers["trained-models"]) == (Answer.NO, Answer.NO)
    again_made = scaffold(desk, out, "2001.00001")
    assert (again_made.sheet, set(done_of(again_made).values())) == (made.sheet, {Done.UNCHANGED})
    readme = out / "README.md"
    readme.write_text(readme.read_text().replace("different", "the same"))
    readme.write_text(readme.read_text().replace(" 0.52 ", " 0.53 "))
    silent = sheet_of(desk, "release", "2001.00001", out)
    results = next(item for item in silent.items if item.item.id == "results")
    assert results.answer is Answer.PARTLY
    assert "measured, and not in the table with its spread: " in "".join(results.found.lacks)
    differences = next(item for item in silent.items if item.item.id == "differences")
    assert differences.answer is Answer.NO
    (out / "notes.md").write_text('See /home/jane/x; API_KEY = "abcdefghijklmnop"\n')
    alone = sheet_of(desk, "release", "", out)
    private = next(item for item in alone.items if item.item.id == "private")
    assert (private.answer, "notes.md:1" in private.found.lacks[0]) == (Answer.NO, True)
    assert (alone.of, alone.title) == (f"folder:{out.resolve()}", "out")


def test_what_its_owner_wrote_stays(ran: Ran, tmp_path: Path) -> None:
    desk, _ = ran
    out = tmp_path / "out"
    out.mkdir()
    (out / "README.md").write_text("Mine.\n")
    first = scaffold(desk, out, "2001.00001")
    assert done_of(first)["README.md"] is Done.BESIDE
    assert (out / "README.md").read_text() == "Mine.\n"
    assert (out / "README.new.md").read_text().startswith("# Code and results")
    second = done_of(scaffold(desk, out, "2001.00001"))
    assert second.pop("README.md") is Done.KEPT
    assert set(second.values()) == {Done.UNCHANGED}
    (out / "CITATION.cff").write_text("mine: true\n")
    (out / "recipes/2001.00001-tiny/experiment.py").write_text("mine = 1\n")
    third = done_of(scaffold(desk, out, "2001.00001", ["Doe, Jane"]))
    assert third["CITATION.cff"] is Done.BESIDE
    assert third["recipes/2001.00001-tiny/experiment.py"] is Done.KEPT
    assert (out / "CITATION.cff").read_text() == "mine: true\n"
    forced = scaffold(desk, out, "2001.00001", ["Doe, Jane"], force=True)
    assert done_of(forced)["README.md"] is Done.WRITTEN
    assert "Jane" in (out / "CITATION.cff").read_text()
    with pytest.raises(UsageProblemError):
        scaffold(desk, desk.root, "2001.00001")


def test_a_citation_names_the_authors_of_the_code(ran: Ran, tmp_path: Path) -> None:
    desk, _ = ran

    def cited(name: str, *authors: str) -> dict[str, object]:
        scaffold(desk, tmp_path / name, "2001.00001", authors)
        found = yaml.safe_load((tmp_path / name / "CITATION.cff").read_text())
        assert isinstance(found, dict)
        return found

    nobody = cited("none")
    assert nobody["authors"] == [
        {"family-names": "TO BE FILLED IN", "given-names": "TO BE FILLED IN"}
    ]
    (paper,) = nobody["references"]  # type: ignore[misc, attr-defined]
    assert paper["authors"][1] == {"family-names": "van der Writer", "given-names": "Bo"}
    others = cited("others", 'Doe: "x", Jane\n- y', "The Group,")
    assert others["authors"] == [
        {"family-names": 'Doe: "x"', "given-names": "Jane - y"}, {"name": "The Group"},
    ]  # fmt: skip
    assert "preferred-citation" not in others
    own = cited("own", "Author, Ada")
    assert own["preferred-citation"]["url"] == "https://arxiv.org/abs/2001.00001"  # type: ignore[index]
    assert "references" not in own


def test_trained_models_go_along_where_asked_for(ran: Ran, tmp_path: Path) -> None:
    desk, run_id = ran
    kept = desk.settings.runs / run_id / "checkpoints" / "ours"
    kept.mkdir(parents=True)
    (kept / "0.pt").write_bytes(b"\x80weights")
    without = scaffold(desk, tmp_path / "without", run_id)
    assert [model.size for model in without.models] == [8]
    assert not (tmp_path / "without/models").exists()
    made = scaffold(desk, tmp_path / "with", run_id, checkpoints=True)
    name = f"models/{run_id}/ours/0.pt"
    assert (tmp_path / "with" / name).read_bytes() == b"\x80weights"
    assert f"`{name}`" in (tmp_path / "with/README.md").read_text()
    assert {item.item.id: item.answer for item in made.sheet.items}["trained-models"] is Answer.YES


def test_a_story_releases_what_it_links(ran: Ran, tmp_path: Path) -> None:
    desk, run_id = ran
    slug = stories.new_story(desk, "Why it adds").slug
    with pytest.raises(NotOnDeskError) as told:
        scaffold(desk, tmp_path / "out", slug)
    assert "[[run:ID]]" in told.value.hint
    stories.save_draft(desk, slug, f"It adds *because* [[run:{run_id}|it]] can.\n")
    scaffold(desk, tmp_path / "out", slug)
    readme = (tmp_path / "out/README.md").read_text()
    assert readme.startswith("# Why it adds\n")
    assert "`score`" in readme
