import pytest

from researchdesk.domain.verdicts import ClaimResult, Verdict, exit_code, overall

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
