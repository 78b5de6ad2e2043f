from researchdesk.harness.training.thinning import Thinning


def kept(points: int) -> list[int]:
    thinning = Thinning()
    return [number for number in range(points) if thinning.keeps_next()]


def test_short_curves_are_kept_whole() -> None:
    assert kept(60) == list(range(60))


def test_long_curves_are_thinned_evenly_enough() -> None:
    few = kept(10_000)
    assert len(few) <= 200
    assert few == sorted(set(few))
    assert 10_000 - few[-1] < 10_000 / 10
