"""Arms of a recipe: whole settings, one change of an ablation, commands of the authors."""

from pathlib import Path

import pytest
from support.recipe_maker import write_recipe

from researchdesk.domain.recipes import ArmKind, Recipe
from researchdesk.errors import BadInputError
from researchdesk.harness.recipes import load_recipe

FULL = """
[[arms]]
name = "full"
needs = ["digits"]
[arms.settings]
lr = 0.1
momentum = 0.9
norm = true
[arms.quick]
lr = 0.5
"""
NEEDS = '\n[[data_needs]]\nname = "digits"\nsource = "scikit-learn:digits"\n'
COMMAND = """
[[arms]]
name = "authors"
kind = "authors"
[arms.settings]
steps = 7
[arms.command]
repository = "https://github.com/someone/theirs"
commit = "0123456789abcdef0123456789abcdef01234567"
setup = [["{python}", "-m", "venv", "venv"]]
interpreter = "venv/bin/python"
run = ["{python}", "train.py", "--seed", "{seed}", "--steps", "{setting:steps}"]
patterns = { score = 'final score: ([-+.\\deE]+)' }
"""
CLASSES = """
from researchdesk.harness.training.experiment import Experiment

class Digits(Experiment):
    task = "classification"
"""
FLAT = "def measure(run): return {'score': 1.0}\n"


def recipe_of(tmp_path: Path, toml: str, experiment: str = FLAT, top: str = "") -> Recipe:
    folder = write_recipe(tmp_path, experiment, toml=toml)
    file = folder / "recipe.toml"
    file.write_text(top + file.read_text("utf-8"), "utf-8")
    return load_recipe(folder, bundled=False)


def problems_of(tmp_path: Path, toml: str, experiment: str = FLAT, top: str = "") -> list[str]:
    with pytest.raises(BadInputError) as caught:
        recipe_of(tmp_path, toml, experiment, top)
    return caught.value.message.splitlines()[1:]


def ablation(settings: str, more: str = "") -> str:
    head = '[[arms]]\nname = "less"\nkind = "ablation"\nparent = "full"\n'
    return f"\n{head}{more}[arms.settings]\n{settings}\n"


def test_an_ablation_has_its_parents_settings_but_for_one(tmp_path: Path) -> None:
    recipe = recipe_of(tmp_path, NEEDS + FULL + ablation("norm = false"))
    arm = recipe.arm("less")
    assert arm is not None
    assert dict(arm.settings) == {"lr": 0.1, "momentum": 0.9, "norm": False}
    assert dict(arm.quick) == {"lr": 0.5}
    assert (arm.kind, arm.parent, arm.change) == (ArmKind.ABLATION, "full", "norm = no")
    assert arm.needs == ("digits",)


def test_its_change_may_be_said_in_words(tmp_path: Path) -> None:
    more = 'change = "without normalisation"\n'
    recipe = recipe_of(tmp_path, NEEDS + FULL + ablation("norm = false", more))
    assert recipe.arms[1].change == "without normalisation"


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ("norm = false\nlr = 0.2", "changes norm and lr at once against the parent 'full'"),
        ("norm = true", "changes nothing against the parent 'full'"),
        ("", "changes nothing against the parent 'full'"),
    ],
)
def test_an_ablation_of_other_than_one_change_is_refused(
    tmp_path: Path, settings: str, problem: str
) -> None:
    (found,) = problems_of(tmp_path, NEEDS + FULL + ablation(settings))
    assert "arms[1].settings: " + problem in found


def test_a_setting_that_is_the_same_is_no_second_change(tmp_path: Path) -> None:
    recipe = recipe_of(tmp_path, NEEDS + FULL + ablation("lr = 0.1\nnorm = false"))
    assert recipe.arms[1].change == "norm = no"


def test_an_ablation_of_an_ablation_and_one_before_its_parent(tmp_path: Path) -> None:
    second = ablation("lr = 0.2").replace('"less"', '"second"').replace('"full"', '"less"')
    recipe = recipe_of(tmp_path, NEEDS + second + ablation("norm = false") + FULL)
    assert dict(recipe.arms[0].settings) == {"lr": 0.2, "momentum": 0.9, "norm": False}


def test_a_rung_of_a_ladder_may_change_several(tmp_path: Path) -> None:
    rung = ablation("norm = false\nlr = 0.2").replace('"ablation"', '"ladder"')
    assert recipe_of(tmp_path, NEEDS + FULL + rung).arms[1].change == "norm = no, lr = 0.2"


@pytest.mark.parametrize(
    ("toml", "problem"),
    [
        (ablation("x = 1"), "arms[0].parent: names the arm 'full', which is not among less"),
        (ablation("x = 1").replace('"full"', '"less"'), "arms[0].parent: leads in a circle over"),
        (
            ablation("x = 1").replace('parent = "full"\n', ""),
            "arms[0].parent: is missing: an ablation is one change",
        ),
        ('[[arms]]\nname = "a"\nchange = "so"\n', "arms[0].change: has no meaning for an arm with"),
        ('[[arms]]\nname = "../a"\n', "arms[0].name: begins with a letter or digit"),
        ('[[arms]]\nname = "baseline:mlp"\n', "arms[0].name: begins with a letter or digit"),
        ('[[arms]]\nname = "a"\nkind = "other"\n', "arms[0].kind: is 'other', not one of ours"),
        ('[[arms]]\nname = "a"\nneeds = ["b"]\n', "arms[0].needs: names 'b'; known are none"),
        ('[[arms]]\nname = "a"\nkind = "authors"\n', "arms[0].command: is missing"),
        (
            '[[arms]]\nname = "a"\ndeterministic = true\nseeds = 3\n',
            "arms[0].seeds: has no meaning for a deterministic arm",
        ),
    ],
)
def test_what_is_wrong_with_an_arm_is_said(tmp_path: Path, toml: str, problem: str) -> None:
    found = problems_of(tmp_path, toml)
    assert any(problem in line for line in found), found


def test_the_authors_command_is_read(tmp_path: Path) -> None:
    (arm,) = recipe_of(tmp_path, COMMAND).arms
    assert arm.command is not None
    assert arm.command.run[-2:] == ("--steps", "{setting:steps}")
    assert arm.command.setup == (("{python}", "-m", "venv", "venv"),)
    assert arm.command.patterns == {"score": r"final score: ([-+.\deE]+)"}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("https://", "ssh://", "repository: 'ssh://github.com/someone/theirs' names no repos"),
        ("https://github", "https://me:pw@github", "repository: 'https://…@github.com/someone"),
        ("0123456789abcdef01", "main", "commit: is no commit's full name"),
        ("venv/bin/python", "/usr/bin/python", "interpreter: leads out of the checkout"),
        ("venv/bin/python", "../python", "interpreter: leads out of the checkout"),
        ("(", "", "patterns.score: is no regular expression"),
        ("([-+.\\deE]+)", ".*", "patterns.score: has 0 groups; the one group is the number"),
        ("patterns = { score", "# ", "patterns: is missing: say where metrics are read"),
        ("{setting:steps}", "{setting:stpes}", "run: wants the setting 'stpes'"),
        (
            "steps = 7",
            'steps = "7\\nCommand: ls"',
            "run: wants the setting 'steps', which is no sing",
        ),
        ("steps = 7", "steps = [7]", "run: wants the setting 'steps', which is no single"),
        ("run = [", "# run = [", "run: is missing: the words of the command"),
        ('"{python}", "train.py"', '"a\\u001b[31m"', "run: holds line breaks, control charact"),
        ('[["{python}", "-m", "venv", "venv"]]', '["pip"]', "setup: is a list, not a list of com"),
        ('kind = "authors"', "", "arms[0].kind: is 'authors' for an arm with a command"),
        ("setup", "stepup", "stepup: is unknown; known are repository, commit"),
    ],
)
def test_a_command_that_could_do_other_than_it_says_is_refused(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    assert old in COMMAND
    found = problems_of(tmp_path, COMMAND.replace(old, new, 1))
    assert any(problem in line for line in found), found


def test_a_claim_on_the_authors_arm_needs_a_pattern(tmp_path: Path) -> None:
    claim = (
        '\n[[claims]]\nid = "c"\ntext = "t"\nkind = "bound"\nmetric = "loss"\narm = "authors"\n'
        'where = "here"\nclaimed = 1\ndirection = "at most"\n'
    )
    (found,) = problems_of(tmp_path, COMMAND + claim)
    assert "claims[0].metric: 'loss' has no pattern in the arm 'authors'" in found


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("true", ["majority", "1-nn", "logistic", "mlp"]),
        ('["mlp", "1-nn"]', ["mlp", "1-nn"]),
        ("false", []),
    ],
)
def test_baselines_become_arms(tmp_path: Path, wanted: str, names: list[str]) -> None:
    claim = (
        '\n[[claims]]\nid = "c"\ntext = "t"\nkind = "ordering"\nmetric = "test_accuracy"\n'
        'arm = "full"\nversus = "baseline:mlp"\nwhere = "here"\nclaimed = 0\n'
        'direction = "at least"\n'
    )
    toml = NEEDS + FULL + (claim if "mlp" in names else "")
    recipe = recipe_of(tmp_path, toml, CLASSES, f"baselines = {wanted}\n")
    made = recipe.arms[1:]
    assert [arm.name for arm in made] == [f"baseline:{name}" for name in names]
    assert recipe.baselines == tuple(names)
    for arm in made:
        assert (arm.kind, arm.deterministic) == (ArmKind.BASELINE, arm.name != "baseline:mlp")
        assert (arm.settings, arm.needs) == (recipe.arms[0].settings, ("digits",))


def test_baselines_on_data_that_the_seed_splits_have_its_seeds(tmp_path: Path) -> None:
    top = 'baselines = true\nvaries = ["init", "split"]\n'
    recipe = recipe_of(tmp_path, NEEDS + FULL, CLASSES, top)
    assert len(recipe.arms) == 5
    assert not any(arm.deterministic for arm in recipe.arms)


def test_baselines_come_free_for_classification_only(tmp_path: Path) -> None:
    for experiment in (FLAT, CLASSES.replace("classification", "regression")):
        (found,) = problems_of(tmp_path, NEEDS + FULL, experiment, "baselines = true\n")
        assert "recipe.toml:1: baselines: come free only for an Experiment" in found
    (found,) = problems_of(tmp_path, NEEDS + FULL, CLASSES, 'baselines = ["svm"]\n')
    assert "baselines: names 'svm'; known are majority" in found


def quick_of_an_ablation(quick: str, settings: str = "norm = false") -> str:
    return NEEDS + FULL + ablation(settings) + f"[arms.quick]\n{quick}\n"


@pytest.mark.parametrize(
    ("line", "key", "theirs"),
    [("momentum = 0.5", "momentum", "0.9"), ("lr = 0.2", "lr", "0.5")],
)
def test_quick_is_no_second_change_of_an_ablation(
    tmp_path: Path, line: str, key: str, theirs: str
) -> None:
    toml = quick_of_an_ablation(line)
    (problem,) = problems_of(tmp_path, toml)
    (file,) = tmp_path.rglob("recipe.toml")
    at = max(n for n, text in enumerate(file.read_text("utf-8").splitlines(), 1) if text == line)
    assert f"recipe.toml:{at}:" in problem
    assert f"quick.{key}" in problem
    assert f"{theirs} in a quick run of the parent 'full': a second change" in problem


@pytest.mark.parametrize(
    ("line", "settings"),
    [("lr = 0.5", "norm = false"), ("momentum = 0.9", "norm = false"), ("lr = 0.7", "lr = 0.3")],
)
def test_quick_of_an_ablation_may_repeat_its_parents_or_be_its_change(
    tmp_path: Path, line: str, settings: str
) -> None:
    arm = recipe_of(tmp_path, quick_of_an_ablation(line, settings)).arm("less")
    assert arm is not None
    key, _, value = line.partition(" = ")
    assert arm.quick[key] == float(value)
