"""A sweep's TOML: read with all its problems at once, written back the same."""

import math
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from researchdesk.domain.recipes import Arm, ArmKind, Command, HyperRange, Recipe
from researchdesk.domain.sampling import Sampler
from researchdesk.domain.sweeps import (
    Budget,
    Dimension,
    Distribution,
    MedianRule,
    Search,
    SweepSpec,
)
from researchdesk.domain.text import one_line
from researchdesk.errors import BadInputError, UsageProblemError
from researchdesk.harness.sweeps.checking import check_against, usual_settings
from researchdesk.harness.sweeps.spec import load_spec, read_spec, spec_from_ranges, spec_toml
from researchdesk.harness.toml_writing import toml_of

TEXT = """
recipe = "1904.09237"
arm = "amsgrad"
metric = "valid_accuracy"
better = "higher"
search = "random"
seed = 3
width = 8
test = ["accuracy"]
[budget]
trials = 50
gpu_hours = 1.5
[stop]
after = 500
[settings]
epochs = 5
[space.lr]
distribution = "log-uniform"
low = 1e-5
high = 1e-1
[space.batch_size]
values = [32, 64, 128]
[space.layers]
distribution = "integer"
low = 1
high = 4
"""
FILE = Path("optimisers.toml")
SPEC = SweepSpec(
    name="optimisers",
    recipe="1904.09237",
    arm="amsgrad",
    metric="valid_accuracy",
    better="higher",
    space=(
        Dimension("lr", Distribution.LOG_UNIFORM, 1e-5, 1e-1),
        Dimension("batch_size", Distribution.CHOICE, values=(32, 64, 128)),
        Dimension("layers", Distribution.INTEGER, 1, 4),
    ),
    seed=3,
    width=8,
    budget=Budget(50, 0.0, 1.5),
    stop=MedianRule(500, 5),
    test=("accuracy",),
    settings={"epochs": 5},
)
RECIPE = Recipe(
    name="1904.09237-adam",
    folder=Path("adam"),
    arxiv_id="1904.09237",
    version=1,
    title="Adam",
    summary="",
    seeds=3,
    arms=(
        Arm(
            "amsgrad", settings={"lr": 0.1, "batch_size": 16, "layers": 2, "epochs": 3, "act": "r"}
        ),
        Arm("theirs", kind=ArmKind.AUTHORS, command=Command("", "", ("run",))),
        Arm("baseline:majority", kind=ArmKind.BASELINE, settings={"lr": 0.1}),
    ),
    claims=(),
    digest="0",
    bundled=False,
    ranges=(
        HyperRange("lr", 1e-4, 1e-1, log=True),
        HyperRange("layers", 1.5, 4.2),
        HyperRange("act", choices=("relu", "tanh")),
        HyperRange("other", 0.0, 1.0),
    ),
)


def problems(text: str) -> list[str]:
    with pytest.raises(BadInputError) as caught:
        read_spec(text, FILE)
    assert "othing was run" in caught.value.hint
    return caught.value.message.splitlines()[1:]


def test_a_sweep_is_read_and_named_by_its_file(tmp_path: Path) -> None:
    assert read_spec(TEXT, FILE) == SPEC
    assert read_spec(f'name = "mine"{TEXT}', FILE).name == "mine"
    file = tmp_path / "wide.toml"
    file.write_text(TEXT)
    assert load_spec(file) == replace(SPEC, name="wide")
    with pytest.raises(BadInputError, match="There is no file"):
        load_spec(tmp_path / "none.toml")
    with pytest.raises(BadInputError, match="cannot be read: Is a directory"):
        load_spec(tmp_path)
    with pytest.raises(BadInputError, match="is not TOML"):
        read_spec("recipe = ", FILE)


def test_what_is_given_beside_the_file_goes_before_it_and_is_checked_with_it() -> None:
    found = read_spec(TEXT, FILE, {"seed": 9, "budget": {"trials": 7}, "settings": {"lr2": 1}})
    budget = Budget(7, 0.0, 1.5)
    assert found == replace(SPEC, seed=9, budget=budget, settings={"epochs": 5, "lr2": 1})
    with pytest.raises(BadInputError, match=r"budget\.trials: is 0"):
        read_spec(TEXT, FILE, {"budget": {"trials": 0}})


def test_every_problem_is_told_at_once_with_its_line_and_key() -> None:
    text = TEXT.replace("[budget]", "[buget]").replace("low = 1e-5", "lwo = 3\nlow = -1")
    text = text.replace('"integer"', '"intger"').replace('"higher"', '"more"')
    text += '[space.x]\nvaleus = [1]\n[space.y]\ndistribution = "normal"\nlow = 3\nmean = 0\n'
    assert problems(text) == [
        "optimisers.toml:10: buget: is unknown; did you mean 'budget'?",
        "optimisers.toml:19: space.lr.lwo: is unknown; did you mean 'low'?",
        "optimisers.toml:20: space.lr.low: is -1, not above 0, and the logarithm is drawn",
        "optimisers.toml:25: space.layers.distribution: is 'intger'; did you mean 'integer'?",
        "optimisers.toml:29: space.x.valeus: is unknown; did you mean 'values'?",
        "optimisers.toml:32: space.y.low: has no meaning for normal, which takes mean, sd, points",
        "optimisers.toml:30: space.y.sd: is missing",
        "optimisers.toml:1: budget: is missing: random has no end; give trials, hours or gpu_hours",
        "optimisers.toml:5: better: is 'more', not one of higher, lower",
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("low = 1e-5", "low = 0.1", "space.lr.high: is 0.1, not above `low`"),
        ("low = 1\n", "low = 1.5\n", "space.layers.low: is 1.5, not a whole number"),
        ("low = 1\n", "low = 1\nstep = 9\n", "space.layers.step: is more than"),
        ("low = 1\n", "low = 1\npoints = 9\n", "space.layers.points: has a meaning for a grid"),
        ("low = 1e-5", "low = 1e-5\nstep = 1e-5", "space.lr.step: has no meaning for log-uniform"),
        ("values = [32, 64, 128]", "values = []", "space.batch_size.values: is not a list with"),
        ("values = [32, 64, 128]", "values = [1979-05-27]", "holds a date"),
        ("values = [32, 64, 128]", "low = 1", "space.batch_size.distribution: is missing: one of"),
        ('"random"', '"grid"', "space.lr.points: is missing: a grid over a continuous setting"),
        ('"random"', '"gird"', "search: is 'gird'; did you mean 'grid'?"),
        ("epochs = 5", "lr = 0.1", "settings.lr: is fixed here and drawn in [space] as well"),
        ('["accuracy"]', '["valid_accuracy"]', "test: keeps back the metric"),
        ("trials = 50", "trials = 1_000_001", "budget.trials: is 1000001, not a whole number"),
        ("width = 8", "width = 0", "width: is 0, not a whole number from 1"),
        ("after = 500", "after = -1", "stop.after: is -1"),
    ],
)
def test_what_makes_no_sense_is_refused(old: str, new: str, words: str) -> None:
    assert old in TEXT
    assert any(words in one for one in problems(TEXT.replace(old, new)))


def test_grids_have_their_size_and_optuna_its_distributions() -> None:
    grid = '\n[space.x]\ndistribution = "uniform"\nlow = 0\nhigh = 1\npoints = 1000'
    head = TEXT.split("[budget]")[0].replace('"random"', '"grid"')
    assert len(read_spec(head + grid, FILE).space) == 1
    both = head + grid + grid.replace("space.x", "space.y").replace("1000", "1001")
    assert "space: makes a grid of 1,001,000 trials" in problems(both)[0]
    assert "space: is empty" in problems(head)[0]
    optuna = TEXT.replace('"random"', '"optuna"')
    normal = '\n[space.x]\ndistribution = "normal"\nmean = 0\nsd = 1'
    assert "is none that Optuna has" in problems(optuna + normal)[0]
    far = normal.replace('"normal"', '"log-normal"').replace("mean = 0", "mean = 699")
    assert "out of reach" in problems(TEXT + far)[0]


WORDS = st.text(min_size=1, max_size=8).filter(lambda text: one_line(text) == text)
FINITE = st.floats(-1e9, 1e9)
VALUES = st.one_of(st.booleans(), st.integers(-(2**60), 2**60), FINITE, WORDS, st.lists(FINITE))


@st.composite
def dimensions(draw: Any, name: str, search: Search) -> Dimension:
    kinds = list(Distribution)
    if search is Search.OPTUNA:
        kinds = [kind for kind in kinds if "normal" not in kind]
    kind = draw(st.sampled_from(kinds))
    if kind is Distribution.CHOICE:
        return Dimension(name, kind, values=tuple(draw(st.lists(VALUES, min_size=1, max_size=4))))
    points = draw(st.integers(1, 9)) if search is Search.GRID else 0
    if "normal" in kind:
        mean, sd = draw(st.floats(-9, 9)), draw(st.floats(0.1, 9))
        return Dimension(name, kind, mean=mean, sd=sd, points=points)
    whole = "integer" in kind
    low = float(draw(st.integers(1, 99) if whole else st.floats(1e-6, 99)))
    high = low + (draw(st.integers(1, 99)) if whole else draw(st.floats(0.1, 99)))
    step = 0.0
    if not points and "log" not in kind:
        step = draw(st.sampled_from([0.0, 1.0] if whole else [0.0, 0.01, (high - low) / 2]))
    return Dimension(name, kind, low, high, step=step, points=points)


@st.composite
def specs(draw: Any) -> SweepSpec:
    search = draw(st.sampled_from(list(Search)))
    names = draw(st.lists(WORDS, min_size=1, max_size=4, unique=True))
    space = tuple(draw(dimensions(name, search)) for name in names)
    keys = WORDS.filter(lambda name: name not in names)
    return SweepSpec(
        *(draw(WORDS) for _ in range(3)),
        metric="valid",
        better=draw(st.sampled_from(["higher", "lower"])),
        space=space,
        search=search,
        seed=draw(st.integers(0, 10**9)),
        width=draw(st.integers(1, 10_000)),
        budget=Budget(draw(st.integers(1, 10**6)), draw(st.sampled_from([0.0, 0.5, 3.0]))),
        stop=draw(st.none() | st.builds(MedianRule, st.integers(0, 99), st.integers(1, 9))),
        test=tuple(draw(st.lists(WORDS, max_size=2, unique=True))),
        settings=draw(st.dictionaries(keys, VALUES, max_size=3)),
    )


@settings(max_examples=60, deadline=None)
@given(specs())
def test_a_spec_is_written_and_read_back_the_same(spec: SweepSpec) -> None:
    found = read_spec(spec_toml(spec), Path("another.toml"))
    assert repr(found) == repr(spec), "1, 1.0 and true are three values"


KEYS = st.sampled_from(["lr", "low", "high", "step", "points", "values", "distribution", "trials"])
ANY = st.recursive(
    VALUES | st.sampled_from([*Distribution, *Search, math.inf, math.nan, 0, -1, 2**70]),
    lambda inside: st.dictionaries(KEYS, inside, max_size=6) | st.lists(inside, max_size=2),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["space", "budget", "stop", "search", "seed"]), ANY),
    st.dictionaries(KEYS, st.dictionaries(KEYS, ANY, max_size=6), max_size=3),
)
def test_whatever_a_file_holds_it_is_read_or_refused(
    wild: dict[str, Any], space: dict[str, Any]
) -> None:
    table = tomllib.loads(TEXT) | {"space": space} | wild
    refused, spec = "", SPEC
    try:
        spec = read_spec(toml_of(table), FILE)
    except BadInputError as error:
        refused = error.message
    assert not refused or "\noptimisers.toml:" in refused
    assert read_spec(spec_toml(spec), FILE).space == spec.space
    if spec.search is Search.RANDOM:
        assert Sampler(spec, {}).settings(7).keys() == {one.name for one in spec.space}


def test_what_the_arm_does_not_have_is_told() -> None:
    assert check_against(SPEC, RECIPE) == []
    assert usual_settings(SPEC, RECIPE)["epochs"] == 5
    space = (
        Dimension("lr", Distribution.CHOICE, values=(1, "x")),
        Dimension("layer", Distribution.INTEGER, 1, 4),
        Dimension("batch_size", Distribution.UNIFORM, 1, 4),
        Dimension("layers", Distribution.UNIFORM, 1, 4, step=1.0),
        Dimension("act", Distribution.NORMAL, mean=0, sd=1),
    )
    found = check_against(replace(SPEC, space=space, settings={"epochs": 0.5, "b": 1}), RECIPE)
    assert [one.split(":")[0] for one in found] == [
        "The setting lr is a number in the arm amsgrad",
        "The arm amsgrad has no setting 'layer'",
        "The setting batch_size is a whole number in the arm amsgrad (16 now), and uniform draws "
        "others",
        "The setting act is no number in the arm amsgrad (r now), so none can be drawn for it",
        "The setting epochs is a whole number in the arm amsgrad",
        "The arm amsgrad has no setting 'b'",
    ]
    assert "did you mean 'layers'" in found[1]
    for arm, words in {
        "amsgrat": "did you mean 'amsgrad'",
        "theirs": "a command of the authors",
        "baseline:majority": "a baseline that comes free",
    }.items():
        assert words in check_against(replace(SPEC, arm=arm), RECIPE)[0]


def test_the_recipes_own_ranges_make_a_sweep() -> None:
    spec = spec_from_ranges(RECIPE, "amsgrad", "valid", "lower", Budget(5), seed=4)
    assert spec.space == (
        Dimension("lr", Distribution.LOG_UNIFORM, 1e-4, 1e-1),
        Dimension("layers", Distribution.INTEGER, 2, 4),
        Dimension("act", Distribution.CHOICE, values=("relu", "tanh")),
    )
    assert (spec.recipe, spec.seed, spec.budget.trials) == (RECIPE.name, 4, 5)
    assert check_against(spec, RECIPE) == []
    assert set(Sampler(spec, RECIPE.arms[0].settings).settings(0)) == {"lr", "layers", "act"}
    with pytest.raises(BadInputError, match="has no end"):
        spec_from_ranges(RECIPE, "amsgrad", "valid", "lower", Budget())
    with pytest.raises(UsageProblemError, match="no arm 'amsgrat'") as caught:
        spec_from_ranges(RECIPE, "amsgrat", "valid", "lower", Budget(5))
    assert caught.value.hint.startswith("Its arms: amsgrad, ")
    with pytest.raises(UsageProblemError, match="no ranges for the settings of theirs"):
        spec_from_ranges(RECIPE, "theirs", "valid", "lower", Budget(5))
