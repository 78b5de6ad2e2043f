"""A source that asks the loopback server, in time that does not pass."""

from pathlib import Path

import pytest
from support.arxiv_server import ArxivServer
from support.downloads import PDF
from support.faketime import FakeTime

from researchdesk.config import Settings
from researchdesk.sources.arxiv import ArxivSource


@pytest.fixture
def source(arxiv_settings: Settings, fake_time: FakeTime) -> ArxivSource:
    return ArxivSource(arxiv_settings, fake_time.clock, fake_time.sleep)


@pytest.fixture
def target(arxiv_settings: Settings) -> Path:
    """Where the PDF goes."""
    return arxiv_settings.papers / "1706.03762" / "v5.pdf"


@pytest.fixture
def offered(arxiv_server: ArxivServer) -> None:
    """The loopback server has the PDF."""
    arxiv_server.add("1706.03762v5", pdf=PDF)
