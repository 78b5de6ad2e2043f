"""Holm's correction over the claims of a table."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from researchdesk.domain.recipes import Claim, ClaimKind
from researchdesk.domain.verdicts import ClaimResult, Verdict

Judge = Callable[..., tuple[ClaimResult, ...]]
OURS = (0.91, 0.935, 0.92, 0.955, 0.9)
VALUE = Claim("c", "t", ClaimKind.VALUE, "m", "ours", "w", 0.93, tolerance=0.001)
ORDER = Claim(
    "o", "t", ClaimKind.ORDERING, "m", "ours", "w", 0.0, versus="base", direction="at least"
)


def table(claimed: Sequence[float], name: str = "table 2") -> list[Claim]:
    return [replace(VALUE, id=f"c{i}", claimed=c, table=name) for i, c in enumerate(claimed)]


def test_a_claim_just_outside_is_not_different_among_ten(results: Judge) -> None:
    (alone,) = results(table([0.995]), {"ours": OURS})
    assert alone.verdict is Verdict.DIFFERENT
    assert alone.p_adjusted == alone.p
    among = results(table([0.995, *[0.93] * 9]), {"ours": OURS})[0]
    assert among.verdict is Verdict.IMPRECISE
    assert among.p == alone.p
    assert among.p_adjusted == pytest.approx(10 * (among.p or 0))
    assert "not after Holm over the 10 tests of table 2" in among.why
    assert among.interval is not None
    assert alone.interval is not None
    assert alone.interval.high < 0.995 < among.interval.high
    assert (alone.level, among.level) == (0.95, pytest.approx(0.995))
    assert among.arithmetic[-1].startswith("Holm over the 10 tests of table 2: p = ")


def test_a_claim_far_outside_is_different_among_ten(results: Judge) -> None:
    found = results(table([1.5, *[0.93] * 9]), {"ours": OURS})
    assert found[0].verdict is Verdict.DIFFERENT
    assert all(result.verdict is Verdict.IMPRECISE for result in found[1:])


def test_each_table_is_corrected_by_itself(results: Judge) -> None:
    others = [replace(claim, id=f"x{claim.id}") for claim in table([0.93] * 9, "table 3")]
    found = results([*table([0.995]), *others], {"ours": OURS})
    assert found[0].verdict is Verdict.DIFFERENT


def test_claims_without_a_table_are_corrected_over_the_recipe(results: Judge) -> None:
    found = results(table([0.995, *[0.93] * 9], ""), {"ours": OURS})[0]
    assert found.verdict is Verdict.IMPRECISE
    assert "over the 10 tests of the recipe" in found.why


def test_orderings_are_shown_only_after_the_correction(results: Judge) -> None:
    arms = {"ours": (0.8, 0.84, 0.83), "base": (0.7, 0.75, 0.78)}
    (alone,) = results([ORDER], arms)
    assert alone.verdict is Verdict.REPRODUCED
    many = [replace(ORDER, id=f"o{i}") for i in range(5)]
    found = results(many, arms)
    assert all(result.verdict is Verdict.IMPRECISE for result in found)
    assert found[0].p_adjusted == pytest.approx(5 * (alone.p or 0))


def test_equivalence_is_not_corrected_and_has_no_adjusted_p(results: Judge) -> None:
    near = [replace(VALUE, id=f"c{i}", claimed=0.92, tolerance=0.05) for i in range(10)]
    found = results(near, {"ours": OURS})
    assert all(result.verdict is Verdict.REPRODUCED for result in found)
    assert all(result.p_adjusted is None for result in found)


def test_what_was_not_tested_is_no_part_of_the_family(results: Judge) -> None:
    absent = [replace(VALUE, id=f"u{i}", arm="base") for i in range(9)]
    found = results([*table([0.995], ""), *absent], {"ours": OURS})
    assert found[0].verdict is Verdict.DIFFERENT
