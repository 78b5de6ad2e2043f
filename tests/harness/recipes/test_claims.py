"""Claims of a recipe: the tolerance follows from its rule, and what a kind has and has not."""

from pathlib import Path

import pytest
from support.recipe_maker import ARM, write_recipe

from researchdesk.domain.recipes import Claim, ClaimKind, SpreadKind, ToleranceRule
from researchdesk.errors import BadInputError
from researchdesk.harness.recipes import load_recipe

OTHER = '\n[[arms]]\nname = "other"\n'
BASE = """
[[claims]]
id = "c"
text = "so much"
metric = "score"
arm = "ours"
where = "table 1"
"""
VALUE = f'{BASE}kind = "value"\nclaimed = 0.94\n'


def claim_of(tmp_path: Path, lines: str) -> Claim:
    recipe = load_recipe(write_recipe(tmp_path, toml=ARM + OTHER + lines), bundled=False)
    return recipe.claims[0]


def problems_of(tmp_path: Path, lines: str) -> list[str]:
    with pytest.raises(BadInputError) as caught:
        claim_of(tmp_path, lines)
    lines_ = caught.value.message.splitlines()[1:]
    assert all("recipe.toml:" in line for line in lines_)
    return [line.partition("claims[0].")[2] for line in lines_]


@pytest.mark.parametrize(
    ("lines", "rule", "tolerance"),
    [
        ('printed = "94 %"\ntolerance_rule = "last digit"', ToleranceRule.LAST_DIGIT, 0.005),
        ('printed = "0.940"\ntolerance_rule = "last digit"', ToleranceRule.LAST_DIGIT, 0.0005),
        ('spread = 0.03\ntolerance_rule = "paper\'s spread"', ToleranceRule.PAPERS_SPREAD, 0.03),
        (
            'effect = [0.94, 0.26]\ntolerance_rule = "fifth of effect"',
            ToleranceRule.FIFTH_OF_EFFECT,
            0.136,
        ),
        (
            'tolerance = 0.1\ntolerance_rule = "chosen"\ntolerance_reason = "as in table 3"',
            ToleranceRule.CHOSEN,
            0.1,
        ),
        (
            'effect = [0, 0.94]\ntolerance = 0.188\ntolerance_rule = "fifth of effect"',
            ToleranceRule.FIFTH_OF_EFFECT,
            0.188,
        ),
        (
            'effect = [0.94, 1.88]\ntolerance_rule = "fifth of effect"',
            ToleranceRule.FIFTH_OF_EFFECT,
            0.188,
        ),
    ],
)
def test_the_tolerance_follows_from_its_rule(
    tmp_path: Path, lines: str, rule: ToleranceRule, tolerance: float
) -> None:
    claim = claim_of(tmp_path, f"{VALUE}{lines}\n")
    assert claim.tolerance_rule is rule
    assert claim.tolerance == pytest.approx(tolerance)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ('tolerance_rule = "last digit"', "printed: is missing: the tolerance's rule 'last digit'"),
        ('tolerance_rule = "paper\'s spread"', "spread: is missing: the tolerance's rule"),
        ('tolerance_rule = "fifth of effect"', "effect: is missing: the tolerance's rule"),
        ('tolerance_rule = "chosen"\ntolerance = 0.1', "tolerance_reason: is missing"),
        ('tolerance_rule = "chosen"\ntolerance_reason = "so"', "tolerance: is missing"),
        ('tolerance_rule = "a tenth"\ntolerance = 0.1', "tolerance_rule: is 'a tenth', not one of"),
        ("tolerance = 0.1", "tolerance_rule: is missing: say beforehand"),
        (
            'printed = "94 %"\ntolerance_rule = "last digit"\ntolerance = 0.05',
            "tolerance: is 0.05, but the rule 'last digit' gives 0.005",
        ),
        (
            'printed = "93 %"\ntolerance_rule = "last digit"',
            "printed: '93 %' says 0.93 in the claim's unit, but claimed is 0.94",
        ),
        ('printed = "94"\ntolerance_rule = "last digit"', "printed: '94' says 94 in the claim's"),
        ('printed = "high"\ntolerance_rule = "last digit"', "printed: 'high' is not one number"),
        ('effect = [1, 1]\ntolerance_rule = "fifth of effect"', "effect: is none"),
        ('effect = [1]\ntolerance_rule = "fifth of effect"', "effect: is not a list of 2 numbers"),
        ('effect = [1, "x"]\ntolerance_rule = "fifth of effect"', "effect: is text, not a number"),
        ('effect = [1e308, -1e308]\ntolerance_rule = "fifth of effect"', "effect: is too large"),
        ('spread_kind = "sd"', "spread_kind: says what a spread is"),
        ('spread = 1\nspread_kind = "range"', "spread_kind: is 'range', not one of sd, standard"),
        ("runs = 0", "runs: is 0, not a whole number from 1"),
        ('better = "more"', "better: is 'more', not one of higher, lower"),
        ('versus = "other"', "versus: has no meaning for a claim of kind value"),
        ("paired = true", "paired: has no meaning for a claim of kind value"),
        ('over = ["a"]', "over: has no meaning for a claim of kind value"),
        ('direction = "at least"', "direction: has no meaning for a claim of kind value"),
        ("tolerence = 1", "tolerence: is unknown; known are id, text"),
        (
            'tolerance_rule = "fifth of effect"\neffect = [7.0, 1.0]',
            "effect: has not 0.94, the number claimed, on either side",
        ),
    ],
)
def test_a_tolerance_that_does_not_follow_is_refused(
    tmp_path: Path, lines: str, problem: str
) -> None:
    found = problems_of(tmp_path, f"{VALUE}{lines}\n")
    assert any(line.startswith(problem) for line in found), found


def test_a_claim_has_all_that_the_file_says(tmp_path: Path) -> None:
    claim = claim_of(
        tmp_path,
        f'{BASE}kind = "rate"\nclaimed = 0.94\nprinted = "94 %"\nruns = 100\nspread = 0.03\n'
        'spread_kind = "standard error"\ntable = "table 1"\nbetter = "higher"\nquote = "94 %"\n'
        'verified = true\neffect = [0.94, 0.26]\ntolerance_rule = "fifth of effect"\n',
    )
    assert (claim.kind, claim.runs, claim.spread) == (ClaimKind.RATE, 100, 0.03)
    assert (claim.spread_kind, claim.table) == (SpreadKind.SE, "table 1")
    assert (claim.better, claim.verified, claim.effect) == ("higher", True, (0.94, 0.26))


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("claimed = 94.0", "claimed: is not from 0 to 1"),
        ('claimed = 0.94\nunit = "%"', "unit: a rate is a share from 0 to 1"),
        ("claimed = 0.94", "tolerance_rule: is missing"),
    ],
)
def test_a_rate_is_a_share(tmp_path: Path, lines: str, problem: str) -> None:
    found = problems_of(tmp_path, f'{BASE}kind = "rate"\n{lines}\n')
    assert any(line.startswith(problem) for line in found), found


def test_an_ordering_may_hold_over_datasets_and_be_paired(tmp_path: Path) -> None:
    claim = claim_of(
        tmp_path,
        f'{BASE}kind = "ordering"\nclaimed = 0\nversus = "other"\ndirection = "at least"\n'
        'over = ["iris", "wine"]\npaired = true\n',
    )
    assert (claim.over, claim.paired, claim.tolerance) == (("iris", "wine"), True, None)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ('direction = "at least"', "versus: is missing: name the arm to compare with"),
        ('versus = "other"', "direction: is missing: it is 'at least' or 'at most'"),
        ('versus = "other"\ndirection = "above"', "direction: is 'above', not one of at least, at"),
        ('versus = "ours"\ndirection = "at least"', "versus: is the arm itself"),
        ('versus = "none"\ndirection = "at least"', "versus: names the arm 'none', which is not"),
        (
            'versus = "other"\ndirection = "at least"\neffect = [1, 2]',
            "effect: has no meaning for a claim of kind ordering",
        ),
        (
            'versus = "other"\ndirection = "at least"\nover = ["iris", "iris"]',
            "over: names a dataset twice",
        ),
    ],
)
def test_an_ordering_says_of_what(tmp_path: Path, lines: str, problem: str) -> None:
    found = problems_of(tmp_path, f'{BASE}kind = "ordering"\nclaimed = 0\n{lines}\n')
    assert any(line.startswith(problem) for line in found), found


def test_a_bound_may_be_printed(tmp_path: Path) -> None:
    claim = claim_of(
        tmp_path,
        f'{BASE}kind = "bound"\nclaimed = 86\nunit = "%"\nprinted = "86%"\ndirection = "at most"\n',
    )
    assert (claim.claimed, claim.unit, claim.tolerance) == (86, "%", None)
