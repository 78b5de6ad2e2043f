"""Writes small recipes for tests."""

import textwrap
from pathlib import Path

HEAD = """\
title = "A tiny experiment"
summary = "Quick, and without data"
seeds = {seeds}

[paper]
id = "{arxiv_id}"
version = 1
"""

ARM = """
[[arms]]
name = "ours"
[arms.settings]
steps = 4
[arms.quick]
steps = 2
"""

CLAIM = """
[[claims]]
id = "score"
text = "The score is 0.5"
kind = "value"
metric = "score"
arm = "ours"
where = "table 1"
claimed = 0.5
tolerance = 0.2
tolerance_rule = "chosen"
tolerance_reason = "wide enough for a test"
"""

SCORE = """
def measure(run):
    for step in range(1, run.settings["steps"] + 1):
        run.log(step, loss=1 / step)
    return {"score": 0.5 + 0.01 * run.seed}
"""


def write_recipe(
    recipes: Path,
    experiment: str = SCORE,
    *,
    arxiv_id: str = "2001.00001",
    name: str = "tiny",
    seeds: int = 3,
    toml: str | None = None,
) -> Path:
    """Write a recipe folder below ``recipes``; ``toml`` stands for its arms and claims."""
    folder = recipes / f"{arxiv_id.replace('/', '_')}-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    head = HEAD.format(seeds=seeds, arxiv_id=arxiv_id)
    (folder / "recipe.toml").write_text(head + (ARM + CLAIM if toml is None else toml), "utf-8")
    (folder / "experiment.py").write_text(textwrap.dedent(experiment), "utf-8")
    return folder
