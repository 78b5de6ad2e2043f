"""A recipe whose settings do plainly what they say, for investigations."""

from pathlib import Path

from support.recipe_maker import write_recipe

RECIPE = "2001.00001-tiny"

EXPERIMENT = """
import time

def measure(run):
    run.log(1, loss=1.0)
    time.sleep(run.settings["pause"])
    noise = 0.01 * ((7 * run.seed) % 3)
    return {"score": run.settings["gain"] * run.settings["steps"] / 10 + noise, "cost": 1.0}
"""

ARMS = """
[[arms]]
name = "plain"
[arms.settings]
gain = 1.0
steps = 4
pause = {pause}
mode = "usual"
[arms.quick]
steps = 2

[[arms]]
name = "twice"
kind = "ablation"
parent = "plain"
[arms.settings]
gain = 2.0

[[arms]]
name = "both"
[arms.settings]
gain = 2.0
steps = 8
pause = {pause}
mode = "usual"

[[claims]]
id = "score"
text = "The score is 0.5"
kind = "value"
metric = "score"
arm = "plain"
where = "table 1"
claimed = 0.41
tolerance = 0.2
tolerance_rule = "chosen"
tolerance_reason = "wide enough for a test"
"""


def write_tinkered(recipes: Path, *, pause: float = 0.0, seeds: int = 3) -> Path:
    """Arms ``plain``, ``twice`` (one change) and ``both`` (two changes); metrics score, cost."""
    return write_recipe(recipes, EXPERIMENT, toml=ARMS.format(pause=pause), seeds=seeds)
