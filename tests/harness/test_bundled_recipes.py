"""The recipes that ship: sound, quoted from the paper, and their experiments computing rightly."""

import math
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from researchdesk import assets
from researchdesk.domain.recipes import Recipe, ToleranceRule
from researchdesk.harness.recipes import Root, find_recipe, load_recipe, recipe_folders

ROOT = Root(assets.folder("data") / "recipes", bundled=True)
FOLDERS = [folder for folder, _ in recipe_folders([ROOT])]


def bundled(arxiv_id: str) -> Recipe:
    found = find_recipe([ROOT], arxiv_id)
    assert found is not None
    return found


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_bundled_recipe_is_right_and_its_paper_ships(folder: Path) -> None:
    recipe = load_recipe(folder, bundled=True)
    if recipe.arxiv_id:
        paper = assets.folder("data") / "papers" / f"{recipe.arxiv_id.replace('/', '_')}.toml"
        metadata = tomllib.loads(paper.read_text("utf-8"))
        assert (metadata["arxiv_id"], metadata["version"]) == (recipe.arxiv_id, recipe.version)
    assert recipe.notes
    assert recipe.budget_minutes is not None
    for claim in recipe.claims:
        assert claim.where
        assert claim.quote or not claim.verified
        assert claim.tolerance_rule is not ToleranceRule.CHOSEN or claim.tolerance_reason


def test_the_tolerances_of_amsgrad_follow_from_their_rule() -> None:
    for claim in bundled("1904.09237").claims:
        if claim.metric == "x" and claim.tolerance is not None:
            assert claim.tolerance == pytest.approx(abs(1 - -1) / 5)
        if claim.metric == "average_regret":
            threshold = claim.tolerance or claim.claimed
            assert threshold == pytest.approx(2 * 10 / 101 / 5, abs=1e-4)


def test_the_table_of_resnet_parameters_is_in_the_paper(corpus: Path) -> None:
    code = (
        "import sys, pymupdf\n"
        "print(pymupdf.open(sys.argv[1])[6].get_text())"  # in a process of its own
    )
    pdf = corpus / "pdf" / "1512.03385v1.pdf"
    done = subprocess.run(
        [sys.executable, "-c", code, str(pdf)], capture_output=True, text=True, check=True
    )
    text = re.sub(r"\s+", " ", done.stdout)
    for claim in bundled("1512.03385").claims:
        assert claim.quote in text
        assert claim.quote.endswith(f" {claim.printed}")
        printed = float(claim.quote.split()[-1].rstrip("M"))
        decimals = len(claim.quote.split(".")[-1].rstrip("M"))
        assert claim.claimed == pytest.approx(printed * 1e6)
        assert claim.tolerance == pytest.approx(0.5 * 10**-decimals * 1e6)


PROBE = """
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("experiment", sys.argv[1])
experiment = importlib.util.module_from_spec(spec)
spec.loader.exec_module(experiment)
"""


def probe(arxiv_id: str, code: str) -> list[float]:
    """Numbers printed by code that has the recipe's experiment, in a process with torch."""
    path = bundled(arxiv_id).folder / "experiment.py"
    command = [sys.executable, "-B", "-c", PROBE + code, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [float(word) for word in done.stdout.split()]


def algorithm_2(amsgrad: bool, steps: int) -> Iterator[tuple[float, float]]:
    """x and average regret after each step of the online problem, written anew from the paper."""
    x, m, v, best, total, slopes = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for t in range(1, steps + 1):
        g = 1010.0 if t % 101 == 1 else -10.0
        total, slopes = total + g * x, slopes + g
        m, v = 0.9 * m + 0.1 * g, 0.99 * v + 0.01 * g**2
        best = max(best, v) if amsgrad else v
        x = min(1.0, max(-1.0, x - m / math.sqrt(t * best)))
        yield x, (total - min(slopes, -slopes)) / t


@pytest.mark.slow
@pytest.mark.parametrize("amsgrad", [False, True])
def test_adam_and_amsgrad_are_the_papers(amsgrad: bool) -> None:
    code = f"""
player = experiment.Player(1.0, 0.9, 0.99, 0.0, amsgrad={amsgrad})
for part in range(5):
    player.play(experiment.online(1 + part * 101, 101))
    print(player.x, player.average_regret)
"""
    found = probe("1904.09237", code)
    expected = list(algorithm_2(amsgrad, 505))[100::101]
    assert found == pytest.approx([number for pair in expected for number in pair], abs=1e-9)


def test_losses_are_drawn_as_the_paper_says() -> None:
    mean, low, high, online = probe(
        "1904.09237",
        """
import torch
drawn = experiment.stochastic(torch.Generator().manual_seed(0), 200_000)
print(sum(g > 0 for g in drawn) / len(drawn), min(drawn), max(drawn))
print(sum(experiment.online(1, 101)))
""",
    )
    assert mean == pytest.approx(0.01, abs=0.001)
    assert (low, high, online) == (-10.0, 1010.0, 1010.0 - 100 * 10)


def test_resnet_parameters_by_hand() -> None:
    """Convolutions 9·in·out, 2·channels for each normalization, 64·10 + 10 at the end."""

    def by_hand(n: int) -> int:
        widths = [16, *(width for width in (16, 32, 64) for _ in range(2 * n))]
        convolutions = 9 * 3 * 16 + sum(9 * a * b for a, b in pairwise(widths))
        return convolutions + 2 * sum(widths) + 64 * 10 + 10

    code = """
for n in (3, 5):
    print(sum(p.numel() for p in experiment.ResNet(n).parameters()))
"""
    assert probe("1512.03385", code) == [by_hand(3), by_hand(5)] == [269722, 464154]
