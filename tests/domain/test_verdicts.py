import pytest

from researchdesk.domain.verdicts import (
    ClaimResult,
    Shortfall,
    Verdict,
    exit_code,
    overall,
    untested_note,
)

R = Verdict.REPRODUCED
M = Verdict.IMPRECISE
D = Verdict.DIFFERENT
N = Verdict.NOT_COMPARABLE
U = Verdict.UNTESTED


@pytest.mark.parametrize(
    ("verdicts", "word", "code"),
    [
        ((R, R), R, 0),
        ((R, N, U), R, 0),
        ((R, M), M, 6),
        ((R, M, D), D, 1),
        ((D, U), D, 1),
        ((N, U), N, 6),
        ((U,), U, 6),
        ((), U, 6),
    ],
)
def test_a_run_is_as_good_as_its_worst_tested_claim(
    verdicts: tuple[Verdict, ...], word: Verdict, code: int
) -> None:
    results = [ClaimResult(str(i), verdict, "") for i, verdict in enumerate(verdicts)]
    assert overall(results) is word
    assert exit_code(results) == code


@pytest.mark.parametrize(
    ("verdicts", "code"), [((R, R), 6), ((R, M), 6), ((R, D), 1), ((D, N), 1), ((), 6)]
)
def test_a_run_with_failed_seeds_is_never_a_success(
    verdicts: tuple[Verdict, ...], code: int
) -> None:
    results = [ClaimResult(str(i), verdict, "") for i, verdict in enumerate(verdicts)]
    assert exit_code(results, failed=True) == code


@pytest.mark.parametrize(
    ("shortfall", "code"),
    [
        (Shortfall.NOT_FINITE, 6),
        (Shortfall.FAILED, 6),
        (Shortfall.NOT_MEASURED, 6),
        (Shortfall.LEFT_OUT, 0),
        (Shortfall.ONE_SEED, 0),
        (Shortfall.NO_TOLERANCE, 0),
    ],
)
def test_a_claim_that_the_run_gave_no_number_for_spoils_its_success(
    shortfall: Shortfall, code: int
) -> None:
    results = [ClaimResult("a", R, ""), ClaimResult("b", N, "", shortfall=shortfall)]
    assert exit_code(results) == code
    assert exit_code([*results, ClaimResult("c", D, "")]) == 1


def test_what_was_not_tested_is_counted_with_its_reasons() -> None:
    def result(verdict: Verdict, shortfall: Shortfall | None = None) -> ClaimResult:
        return ClaimResult("c", verdict, "", shortfall=shortfall)

    odd, out = result(N, Shortfall.NOT_FINITE), result(U, Shortfall.LEFT_OUT)
    lonely = result(N, Shortfall.ONE_SEED)
    assert untested_note([result(R), odd, odd, out, lonely, out, result(M)]) == (
        "3 of 7 claims are not comparable, 2 untested: "
        "no finite number (2), left out (2), one seed only (1)."
    )
    assert untested_note([result(R), out]) == "1 of 2 claims is untested: left out (1)."
    assert untested_note([lonely]) == "1 of 1 claim is not comparable: one seed only (1)."
    assert untested_note([result(R), result(D)]) == ""
