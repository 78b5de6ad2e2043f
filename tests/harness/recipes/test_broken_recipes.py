"""However a recipe is broken, the loader says so; it never breaks itself."""

import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from researchdesk import assets
from researchdesk.errors import BadInputError
from researchdesk.harness.recipes import load_recipe

CLASSES = """
from researchdesk.harness.training.experiment import Experiment
class A(Experiment):
    task = "classification"
"""
WHOLE = """\
title = "T"
seeds = 3
varies = ["init"]
baselines = ["majority"]
notes = ["n"]
data = "d"

[paper]
id = "2001.00001"
version = 1

[budget]
minutes = 1

[limits]
minutes = 2
memory_gb = 1

[[data_needs]]
name = "digits"
source = "scikit-learn:digits"
substitute = "made"
always = true
why = "w"

[ranges.lr]
low = 0.1
high = 1
log = true

[[arms]]
name = "ours"
needs = ["digits"]
[arms.settings]
lr = 0.5
[arms.quick]
lr = 0.9

[[arms]]
name = "less"
kind = "ablation"
parent = "ours"
[arms.settings]
lr = 0.7

[[arms]]
name = "authors"
kind = "authors"
[arms.command]
repository = "https://github.com/a/b"
commit = "0123456789abcdef0123456789abcdef01234567"
setup = [["true"]]
run = ["{python}", "x.py"]
interpreter = "bin/python"
metrics_file = "m.json"
[arms.command.patterns]
score = "x: (.*)"

[[claims]]
id = "c"
text = "t"
kind = "value"
metric = "score"
arm = "ours"
where = "w"
quote = "q"
verified = true
claimed = 0.5
unit = "u"
printed = "0.5"
effect = [1, 0.5]
spread = 0.1
spread_kind = "sd"
runs = 3
table = "1"
tolerance_rule = "last digit"

[[claims]]
id = "o"
text = "t"
kind = "ordering"
metric = "score"
arm = "ours"
versus = "less"
direction = "at least"
better = "higher"
over = ["a"]
paired = true
where = "w"
claimed = 0
"""
LINES = WHOLE.splitlines()
VALUES = [
    *(
        "[]",
        "{}",
        "true",
        "-1",
        "0",
        "1e400",
        "nan",
        "-inf",
        '""',
        '"\\u0000"',
        "1979-05-27",
        "[[]]",
    ),
    *(
        '[""]',
        "[1, 2]",
        "{ a = 1 }",
        "[{ a = 1 }]",
        f"0x{'f' * 400}",
        '"' + "9" * 500 + '"',
        "[[1]]",
    ),
    *('"(?P<a>"', '"%"', '"value"', '"ours"', '"chosen"', '"last digit"', f"{'[' * 40}{']' * 40}"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "2001.00001-x"
    made.mkdir()
    (made / "experiment.py").write_text(CLASSES, "utf-8")
    (made / "recipe.toml").write_text(WHOLE, "utf-8")
    return made


def loads_or_says(folder: Path, text: str | bytes) -> None:
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    (folder / "recipe.toml").write_bytes(data)
    said = ""
    try:
        load_recipe(folder, bundled=False)
    except BadInputError as error:
        said = error.message
    assert not said or "recipe.toml" in said
    assert all(sign.isprintable() or sign == "\n" for sign in said)


def test_a_tab_in_a_name_stays_on_its_line(folder: Path) -> None:
    loads_or_says(folder, WHOLE.replace('name = "ours"', 'name = "0\tours"', 1))


def test_the_whole_one_is_right(folder: Path) -> None:
    assert len(load_recipe(folder, bundled=False).claims) == 2


@pytest.mark.parametrize("number", [n for n, line in enumerate(LINES) if " = " in line])
def test_every_value_of_another_kind(folder: Path, number: int) -> None:
    key = LINES[number].partition(" = ")[0]
    for value in VALUES:
        lines = [*LINES[:number], f"{key} = {value}", *LINES[number + 1 :]]
        loads_or_says(folder, "\n".join(lines))


@pytest.mark.parametrize("number", range(len(LINES)))
def test_every_line_left_out_or_twice(folder: Path, number: int) -> None:
    loads_or_says(folder, "\n".join([*LINES[:number], *LINES[number + 1 :]]))
    loads_or_says(folder, "\n".join([*LINES[:number], LINES[number], *LINES[number:]]))


RELAXED = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@RELAXED
@given(
    st.integers(0, len(WHOLE)),
    st.integers(0, 60),
    st.text(alphabet=string.printable + "é\x1b\x00\ud800", max_size=30),
)
def test_any_stretch_written_over(folder: Path, start: int, length: int, put: str) -> None:
    loads_or_says(folder, WHOLE[:start] + put + WHOLE[start + length :])


@RELAXED
@given(st.binary(max_size=200))
def test_any_bytes(folder: Path, data: bytes) -> None:
    loads_or_says(folder, data)


def test_any_stretch_of_the_templates(folder: Path) -> None:
    for shape in ("measure", "experiment"):
        file = assets.folder("data") / "templates" / "recipe" / shape / "recipe.toml"
        text = file.read_text("utf-8").replace("{{version}}", "1").replace("{{id}}", "2001.00001")
        for cut in range(0, len(text), 97):
            loads_or_says(folder, text[:cut])
