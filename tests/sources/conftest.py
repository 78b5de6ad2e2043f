"""A source that asks the loopback server, in time that does not pass."""

import pytest
from support.faketime import FakeTime

from researchdesk.config import Settings
from researchdesk.sources.arxiv import ArxivSource


@pytest.fixture
def source(arxiv_settings: Settings, fake_time: FakeTime) -> ArxivSource:
    return ArxivSource(arxiv_settings, fake_time.clock, fake_time.sleep)
