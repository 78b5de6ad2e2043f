"""Recipe folders: read, found, and every problem named with file, line and key."""

from pathlib import Path

import pytest
from support.recipe_maker import ARM, CLAIM, write_recipe

from researchdesk.domain.recipes import ClaimKind
from researchdesk.errors import BadInputError
from researchdesk.harness.recipes import Root, digest_of, find_recipe, load_recipe


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(BadInputError) as caught:
        load_recipe(folder, bundled=False)
    assert caught.value.exit_code == 5
    return caught.value.message.replace(f"{folder}/", "").splitlines()[1:]


def test_a_recipe_is_read(tmp_path: Path) -> None:
    recipe = load_recipe(write_recipe(tmp_path, seeds=4), bundled=False)
    assert (recipe.name, recipe.arxiv_id, recipe.version) == ("2001.00001-tiny", "2001.00001", 1)
    assert (recipe.seeds, recipe.bundled) == (4, False)
    (arm,), (claim,) = recipe.arms, recipe.claims
    assert (arm.name, dict(arm.settings), dict(arm.quick)) == ("ours", {"steps": 4}, {"steps": 2})
    assert (claim.kind, claim.claimed, claim.tolerance) == (ClaimKind.VALUE, 0.5, 0.2)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("seeds = 3", "seeds = 0", "recipe.toml:3: seeds: is 0, not a whole number from 1"),
        ("seeds = 3", "seeds = true", "recipe.toml:3: seeds: is True, not a whole number from 1"),
        ("seeds = 3", "seeds = 10001", "recipe.toml:3: seeds: is 10001, not a whole number from 1"),
        ("seeds = 3", f"seeds = 0x1{'0' * 5000}", "recipe.toml:3: seeds: is not a whole number"),
        ("claimed = 0.5", f"claimed = 1{'0' * 400}", "recipe.toml:23: claims[0].claimed: is too l"),
        ("claimed = 0.5", f"claimed = 0x1{'0' * 5000}", "recipe.toml:23: claims[0].claimed: is to"),
        ("steps = 4", f"steps = 1{'0' * 400}", "recipe.toml:12: arms[0].settings.steps: is or has"),
        ("steps = 4", f"steps = {'[' * 60}{']' * 60}", "recipe.toml:12: arms[0].settings.steps: i"),
        ("seeds = 3", "sedes = 3", "recipe.toml:3: sedes: is unknown; known are title, "),
        ('id = "2001.00001"', 'id = "nonsense"', "recipe.toml:6: paper.id: 'nonsense' is not an"),
        ('id = "2001.00001"', 'id = "2001.00002"', "recipe.toml:6: paper.id: the folder's name"),
        ('kind = "value"', 'kind = "vlaue"', "recipe.toml:19: claims[0].kind: is 'vlaue', not one"),
        ('arm = "ours"', 'arm = "hours"', "recipe.toml:21: claims[0].arm: names the arm 'hours'"),
        ("claimed = 0.5", 'claimed = "much"', "recipe.toml:23: claims[0].claimed: is text, not a"),
        ("claimed = 0.5", "claimed = nan", "recipe.toml:23: claims[0].claimed: is nan, not a"),
        ("claimed = 0.5", "", "recipe.toml:16: claims[0].claimed: is missing"),
        ("tolerance = 0.2", "", "recipe.toml:16: claims[0].tolerance: is missing: no rule"),
        ("tolerance = 0.2", "tolerance = -1", "recipe.toml:24: claims[0].tolerance: is -1, not a"),
        (
            'tolerance_rule = "chosen"',
            "",
            "recipe.toml:16: claims[0].tolerance_rule: is m",
        ),
        (
            '"chosen"',
            '"a tenth"',
            "recipe.toml:25: claims[0].tolerance_rule: is 'a tenth', n",
        ),
        ('where = "table 1"', "verified = true", "recipe.toml:22: claims[0].verified: is true, b"),
        ('kind = "value"', 'kind = "bound"', "recipe.toml:24: claims[0].tolerance: has no mean"),
        ('kind = "value"', 'kind = "ordering"', "recipe.toml:16: claims[0].versus: is missing"),
        ("steps = 2", "stpes = 2", "recipe.toml:14: arms[0].quick.stpes: overrides a setting"),
        ("steps = 4", "steps = 2020-01-01", "recipe.toml:12: arms[0].settings.steps: is or has a"),
        ('name = "ours"', "name = 3", "recipe.toml:10: arms[0].name: is a number, not text"),
        ('title = "A tiny experiment"', "title = []", "recipe.toml:1: title: is a list, not text"),
    ],
)
def test_a_problem_names_file_line_and_key(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    folder = write_recipe(tmp_path)
    text = (folder / "recipe.toml").read_text()
    assert old in text
    (folder / "recipe.toml").write_text(text.replace(old, new, 1))
    assert any(line.startswith(problem) for line in problems_of(folder)), problems_of(folder)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path, toml=ARM + ARM + CLAIM + CLAIM.replace("value", "guess"))
    told = "\n".join(problems_of(folder))
    assert "recipe.toml:17: arms[1].name: 'ours' is there twice" in told
    assert "claims[1].id: 'score' is there twice" in told
    assert "claims[1].kind: is 'guess'" in told


def test_lines_are_right_below_a_text_over_several_lines(tmp_path: Path) -> None:
    note = 'notes = ["""\n[[arms]]\nseeds = 9\n"""]\n'
    folder = write_recipe(tmp_path, toml=ARM + CLAIM.replace("claimed = 0.5", "claimed = []"))
    file = folder / "recipe.toml"
    file.write_text(note + file.read_text())
    assert problems_of(folder) == [
        "recipe.toml:27: claims[0].claimed: is a list, not a number",
    ]


def test_escape_sequences_of_a_recipe_reach_no_terminal(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path)
    file = folder / "recipe.toml"
    file.write_text(file.read_text().replace("A tiny", "A\\u001b[31m tiny").replace("ours", "o"))
    assert load_recipe(folder, bundled=False).title == "A tiny experiment"


def test_broken_toml_and_missing_files_are_told(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path)
    (folder / "experiment.py").unlink()
    assert problems_of(folder) == ["experiment.py:1: the file is missing"]
    (folder / "recipe.toml").write_text("seeds = = 3")
    with pytest.raises(BadInputError, match="line 1"):
        load_recipe(folder, bundled=False)
    with pytest.raises(BadInputError, match="cannot be read"):
        load_recipe(tmp_path / "nowhere", bundled=False)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("claimed = 0.5", "claimed = " + "[" * 3000),
        ("claimed = 0.5", "claimed = 1" + "0" * 5000),
        ("[arms.settings]", "[arms.settings]\na" + ".a" * 3000 + " = 1"),
        ("title =", "title = 1"),
    ],
)
def test_a_file_that_no_reader_takes_is_a_problem_of_that_file(
    tmp_path: Path, old: str, new: str
) -> None:
    file = write_recipe(tmp_path) / "recipe.toml"
    file.write_text(file.read_text().replace(old, new, 1))
    with pytest.raises(BadInputError, match=r"recipe\.toml"):
        load_recipe(file.parent, bundled=False)


@pytest.mark.parametrize(
    ("experiment", "problem"),
    [
        ("x = (\n", "experiment.py:1: is not Python"),
        (f"x = {'-' * 20_000}1\n", "experiment.py:1: is nested too deeply"),
        (f"x = {'(' * 150}{'lambda: ' * 3000}1\n", "experiment.py:1: is"),
        ("def measured(run): ...\n", "experiment.py:1: there is no `measure(run)`, no"),
    ],
)
def test_an_experiment_is_looked_at_without_running_it(
    tmp_path: Path, experiment: str, problem: str
) -> None:
    assert problems_of(write_recipe(tmp_path, experiment))[0].startswith(problem)


def test_the_digest_follows_every_file_but_what_python_leaves_behind(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path)
    before = digest_of(folder)
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "experiment.pyc").write_bytes(b"x")
    assert digest_of(folder) == before
    (folder / "table.csv").write_text("1")
    with_file = digest_of(folder)
    (folder / "table.csv").rename(folder / "table2.csv")
    assert len({before, with_file, digest_of(folder)}) == 3


def test_the_users_recipe_comes_before_the_bundled_one(tmp_path: Path) -> None:
    roots = [Root(tmp_path / "mine", bundled=False), Root(tmp_path / "ours", bundled=True)]
    write_recipe(tmp_path / "ours")
    found = find_recipe(roots, "2001.00001")
    assert found is not None
    assert found.bundled
    write_recipe(tmp_path / "mine", name="other")
    mine = find_recipe(roots, "2001.00001")
    assert mine is not None
    assert (mine.name, mine.bundled) == ("2001.00001-other", False)
    assert find_recipe(roots, "2001.00001-tiny") == found
    assert find_recipe(roots, "2001.0000") is None


def test_old_style_ids_keep_their_archive(tmp_path: Path) -> None:
    write_recipe(tmp_path, arxiv_id="hep-th/9901001")
    found = find_recipe([Root(tmp_path, bundled=False)], "hep-th/9901001")
    assert found is not None
    assert (found.arxiv_id, found.folder.name) == ("hep-th/9901001", "hep-th_9901001-tiny")
