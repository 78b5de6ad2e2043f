"""The PDF that a download brings, and the error of one that fails."""

from pathlib import Path

import pytest
from support.tiny_pdf import tiny_pdf

from researchdesk.domain.identifiers import ArxivId
from researchdesk.errors import SourceError
from researchdesk.sources.arxiv import ArxivSource

PAPER = ArxivId("1706.03762", 5)
PDF = tiny_pdf("Attention Is All You Need", padding=300_000)


def problem(source: ArxivSource, target: Path) -> SourceError:
    """The error of a download; asserts that nothing is left of it."""
    with pytest.raises(SourceError) as caught:
        source.download_pdf(PAPER, target)
    assert caught.value.hint
    assert caught.value.exit_code == 4
    assert not target.exists()
    return caught.value
