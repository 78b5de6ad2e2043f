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


def test_it_goes_on_from_its_state() -> None:
    whole, first, second = Thinning(), Thinning(), Thinning()
    expected = [whole.keeps_next() for _ in range(500)]
    found = [first.keeps_next() for _ in range(123)]
    second.restore(first.state())
    assert found + [second.keeps_next() for _ in range(377)] == expected
