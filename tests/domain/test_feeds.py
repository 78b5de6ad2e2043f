"""Feeds by themselves: days at arXiv, what can have changed, what was missed, names."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.feeds import (
    Announced,
    Feed,
    FeedEntry,
    FeedKind,
    category_named,
    eastern_day,
    has_gap,
    is_due,
    is_in,
    why_empty,
)
from researchdesk.domain.papers import Metadata
from researchdesk.errors import UsageProblemError

NOW = datetime(2026, 4, 14, 12, tzinfo=UTC)


def feed(kind: FeedKind, checked: datetime | None, day: date | None = None) -> Feed:
    return Feed(1, kind, "x", "", NOW, checked, day)


def test_the_day_at_arxiv_begins_at_midnight_us_eastern() -> None:
    assert eastern_day(datetime(2026, 4, 14, 3, 59, tzinfo=UTC)) == date(2026, 4, 13)
    assert eastern_day(datetime(2026, 4, 14, 4, tzinfo=UTC)) == date(2026, 4, 14)
    assert eastern_day(datetime(2026, 1, 14, 4, 59, tzinfo=UTC)) == date(2026, 1, 13)


@pytest.mark.parametrize(
    ("item", "due"),
    [
        (feed(FeedKind.CATEGORY, None), True),
        (feed(FeedKind.CATEGORY, NOW - timedelta(hours=5), date(2026, 4, 14)), False),
        (feed(FeedKind.CATEGORY, NOW - timedelta(minutes=5), date(2026, 4, 13)), False),
        (feed(FeedKind.CATEGORY, NOW - timedelta(hours=2), date(2026, 4, 13)), True),
        (feed(FeedKind.AUTHOR, NOW - timedelta(hours=7)), False),
        (feed(FeedKind.SEARCH, NOW - timedelta(hours=9)), True),
        (feed(FeedKind.ADDRESS, NOW - timedelta(minutes=59)), False),
        (feed(FeedKind.ADDRESS, NOW - timedelta(hours=1)), True),
        (feed(FeedKind.ADDRESS, NOW + timedelta(days=9)), True),
    ],
)
def test_only_what_can_have_changed_is_asked_for(item: Feed, due: bool) -> None:
    assert is_due(item, NOW) is due


@pytest.mark.parametrize(
    ("last", "day", "missed"),
    [
        ((2026, 4, 10), (2026, 4, 13), False),
        ((2026, 4, 9), (2026, 4, 13), True),
        ((2026, 4, 9), (2026, 4, 11), True),
        ((2026, 4, 13), (2026, 4, 14), False),
        ((2026, 4, 13), (2026, 4, 15), True),
        ((2026, 4, 14), (2026, 4, 14), False),
        ((2026, 4, 15), (2026, 4, 14), False),
    ],
)
def test_days_with_announcements_between_were_missed(last, day, missed) -> None:
    assert has_gap(date(*last), date(*day), empty=False) is missed


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 30))
def test_more_than_three_days_always_hold_a_gap(last: date, days: int) -> None:
    found = has_gap(last, last + timedelta(days=days), empty=False)
    assert found or days <= 3
    assert not found or days >= 2


def test_why_a_day_is_empty() -> None:
    assert why_empty(date(2026, 4, 12), frozenset()) == "arXiv announces nothing on a Sunday"
    assert "Tuesday" in why_empty(date(2026, 4, 14), frozenset({"tuesday"}))
    assert "holiday" in why_empty(date(2026, 4, 14), frozenset({"sunday"}))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (" CS.lg ", "cs.LG"),
        ("Stat.ml", "stat.ML"),
        ("HEP-TH", "hep-th"),
        ("cs", "cs"),
        ("q-bio.nc", "q-bio.NC"),
        ("Cond-Mat.Mes-Hall", "cond-mat.mes-hall"),
    ],
)
def test_categories_are_spelled_as_arxiv_does(text: str, name: str) -> None:
    assert category_named(text) == name


@given(st.text(max_size=12))
def test_any_text_is_a_category_or_refused(text: str) -> None:
    try:
        name = category_named(text)
    except UsageProblemError:
        return
    assert category_named(name) == name
    assert is_in(name, name)


def test_an_archive_has_its_categories() -> None:
    assert is_in("cs.LG", "cs")
    assert not is_in("csx.LG", "cs")
    assert not is_in("cs.LG", "cs.L")


def test_a_replacement_says_what_it_replaces_and_links_its_version() -> None:
    words = Metadata("x", arxiv_id="2604.00001", version=3)
    entry = FeedEntry(1, "2604.00001", Announced.REPLACE_CROSS, words, NOW, before=2)
    assert entry.kind_words == "replaced v2 → v3"
    assert entry.link == "https://arxiv.org/abs/2604.00001v3"
