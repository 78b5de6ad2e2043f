"""What the pages for those who carry on say is so."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from researchdesk.errors import BadInputError
from researchdesk.harness.recipes import load_recipe

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
WRONG = """
title = "x"
bad = 1
data_needs = [{name = "d", source = "made", bad = 1}]
[paper]
id = "2001.00001"
bad = 1
[budget]
minutes = 1
bad = 1
[limits]
bad = 1
[ranges.lr]
low = 0.1
high = 1.0
bad = 1
[[arms]]
name = "ours"
bad = 1
[arms.settings]
lr = 0.1
[arms.command]
bad = 1
[[claims]]
id = "c"
bad = 1
"""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_repository_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, part = target.partition("#")
        place = (page.parent / file).resolve() if file else page
        assert place.exists(), target
        if part:
            heads = re.findall(r"^#+ (.+)$", place.read_text("utf-8"), re.MULTILINE)
            names = {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}
            assert part in names, target


def test_the_guide_names_every_key_that_a_recipe_may_have(tmp_path: Path) -> None:
    folder = tmp_path / "2001.00001-x"
    folder.mkdir()
    (folder / "recipe.toml").write_text(WRONG)
    (folder / "experiment.py").write_text("def measure(run):\n    return {}\n")
    with pytest.raises(BadInputError) as raised:
        load_recipe(folder, bundled=False)
    told = re.findall(r"bad\b.*is unknown; known are (.+)", raised.value.message)
    assert len(told) == 9, raised.value.message
    keys = {key for line in told for key in line.split(", ")} - {"bad"}
    guide = (ROOT / "docs" / "recipes.md").read_text("utf-8")
    assert sorted(key for key in keys if not re.search(rf"`(\[+\w*\.?)?{key}\b", guide)) == []


@pytest.mark.slow
def test_the_reference_is_built_from_the_docstrings(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "build.py", tmp_path], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    page = (tmp_path / "researchdesk/harness/training/experiment.html").read_text("utf-8")
    assert "In the order of the calls" in page or "in the order of the calls" in page
    run = (tmp_path / "researchdesk/harness/training/run.html").read_text("utf-8")
    assert 'id="Run.generator"' in run
    assert 'id="Run.restore_generators"' not in run
    assert "Writing a recipe" in (tmp_path / "index.html").read_text("utf-8")


@pytest.mark.slow
def test_a_release_is_built_checked_and_run(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    subprocess.run(["git", "clone", "-q", ROOT, copy], check=True)
    here = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    release = ["bash", copy / ".ci" / "release"]
    refused = subprocess.run(release, env=here, capture_output=True, text=True)
    assert refused.returncode == 1
    assert "No tag v" in refused.stderr
    done = subprocess.run([*release, "--dry-run"], env=here, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("PASSED") == 2
    assert {file.suffix for file in (copy / "dist").iterdir()} == {".whl", ".gz"}
