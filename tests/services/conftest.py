"""A desk for the services, and a paper on it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from support.faketime import FakeTime

from researchdesk.config import Settings
from researchdesk.domain.papers import Metadata, Paper
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.library import file_metadata


@pytest.fixture
def desk(settings: Settings, fake_time: FakeTime) -> Iterator[Desk]:
    """A desk whose time does not pass."""
    opened = open_desk(settings, fake_time.clock)
    yield opened
    opened.close()


@pytest.fixture
def paper(desk: Desk) -> Paper:
    """A paper with metadata and without a PDF."""
    words = Metadata(
        title="On [b]Bold[/b] *Claims*",
        authors=("Ada Author", "Bo Writer"),
        abstract="We claim 94% & <b>more</b>.",
        categories=("cs.LG", "stat.ML"),
        published=datetime(2019, 4, 19, tzinfo=UTC),
        arxiv_id="1904.00001",
        version=2,
    )
    return file_metadata(desk, words)
