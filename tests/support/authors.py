"""An authors' repository on this machine, of the shape that research code has, and a recipe of it.

Its training script takes flags, writes its model over a file that the repository holds, and prints
its losses among other lines.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from support.origin import Origin
from support.recipe_maker import ARM, CLAIM, write_recipe

TRAIN = b"""\
import argparse, pathlib, random, sys

parser = argparse.ArgumentParser()
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("--total_steps", type=int, default=2000)
parser.add_argument("--baseline", action="store_true")
args = parser.parse_args()
random.seed(args.seed)
here = pathlib.Path(__file__).parent
print("Training baseline model:" if args.baseline else "Training HNN model:")
loss = 1.0
for step in range(args.total_steps):
    loss = 0.5 + 0.5 / (step + 1)
    if step % 2 == 0:
        print("step {}, train_loss {:.4e}, test_loss {:.4e}".format(step, loss, 2 * loss))
(here / "model.tar").write_text(str(random.random()))
(here / "notes.txt").write_text("left behind")
final = loss + 0.01 * args.seed
print("Final train loss {:.4e} +/- {:.4e}".format(final, 0.002), file=sys.stdout)
"""
PATTERN = r"Final train loss ([-+.\deE]+)"

COMMAND = """
[[arms]]
name = "authors"
description = "The authors' own code"
kind = "authors"
[arms.settings]
steps = 4
[arms.command]
repository = {url}
commit = {commit}
setup = {setup}
run = {run}
[arms.command.patterns]
score = {pattern}
"""
RUN = ("{python}", "spring/train.py", "--seed", "{seed}", "--total_steps", "{setting:steps}")


def authors_origin(folder: Path) -> Origin:
    """The repository; its HEAD is the pinned commit."""
    made = Origin(folder)
    made.commit(
        spring__train_dot_py=TRAIN,
        spring__model_dot_tar=b"trained by the authors",
        README_dot_md=b"# Theirs\n",
    )
    return made


def write_authors_recipe(
    recipes: Path,
    origin: Origin,
    *,
    setup: Sequence[Sequence[str]] = (),
    run: Sequence[str] = RUN,
    commit: str = "",
    url: str = "",
    seeds: int = 3,
) -> Path:
    """A recipe with an arm of ours and one of the authors, and a claim on each."""
    arm = COMMAND.format(
        url=json.dumps(url or origin.url),
        commit=json.dumps(commit or origin.git("rev-parse", "HEAD")),
        setup=json.dumps([list(line) for line in setup]) if setup else "[]",
        run=json.dumps(list(run)),
        pattern=json.dumps(PATTERN),
    )
    claim = CLAIM.replace('"score"\ntext', '"authors-score"\ntext').replace('"ours"', '"authors"')
    claim = claim.replace("claimed = 0.5", "claimed = 0.625")
    return write_recipe(recipes, seeds=seeds, toml=ARM + arm + CLAIM + claim)
