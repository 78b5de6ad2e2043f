"""A recipe that keeps a diary of its seeds: which began and ended, in which process."""

from pathlib import Path

from support.recipe_maker import CLAIM, write_recipe

COUNTED = """
import os, pathlib, time
def measure(run):
    with open(run.settings["diary"], "a") as diary:
        diary.write(f"begin {run.seed} {os.getpid()}\\n")
    time.sleep(run.settings["pause"])
    with open(run.settings["diary"], "a") as diary:
        diary.write(f"end {run.seed} {os.getpid()}\\n")
    return {"score": 0.5 + 0.01 * run.seed}
"""


def write_counted(
    recipes: Path,
    diary: Path,
    pause: float = 0.0,
    seeds: int = 3,
    arxiv_id: str = "2001.00001",
) -> Path:
    """Write the recipe, each seed of which takes ``pause`` seconds."""
    arm = f'[[arms]]\nname = "ours"\n[arms.settings]\ndiary = "{diary}"\npause = {pause}\n'
    return write_recipe(recipes, COUNTED, arxiv_id=arxiv_id, toml=arm + CLAIM, seeds=seeds)


def seeds_that(did: str, diary: Path) -> list[int]:
    """The seeds that did ``begin`` or ``end``, in the order of the diary."""
    lines = diary.read_text().splitlines() if diary.exists() else []
    return [int(line.split()[1]) for line in lines if line.startswith(did)]
