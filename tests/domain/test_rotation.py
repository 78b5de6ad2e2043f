from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.rotation import kept

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
MOMENTS = st.lists(
    st.datetimes(datetime(2019, 1, 1), datetime(2027, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)),
    unique=True,
)


def test_of_a_year_of_days_the_last_seven_stay_and_fewer_the_older_they_are() -> None:
    days = [NOON - timedelta(days=n) for n in range(365)]
    stay = sorted(kept(days), reverse=True)
    assert stay[:7] == days[:7]
    ends = [datetime(2026, 2, 28, 12, tzinfo=UTC), datetime(2025, 4, 30, 12, tzinfo=UTC)]
    assert set(ends) < set(stay)
    assert len(stay) == 7 + 3 + 10


@given(MOMENTS, st.integers(0, 20))
def test_the_newest_stay_and_never_more_than_the_rule_allows(moments, newest) -> None:
    stay = kept(moments, newest)
    assert stay <= set(moments)
    assert len(stay) <= max(newest, 1) + 4 + 12
    assert set(sorted(moments)[-max(newest, 1) :]) <= stay


@given(MOMENTS)
def test_what_stayed_once_stays_when_it_is_thinned_out_again(moments) -> None:
    assert kept(kept(moments)) == kept(moments)
