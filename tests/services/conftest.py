"""A desk for the services, and a paper on it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.empty_desk import lay
from support.faketime import FakeTime
from support.origin import Origin

from researchdesk.config import Settings
from researchdesk.domain.code import Clone
from researchdesk.domain.papers import Metadata, Paper
from researchdesk.services import code
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.library import file_metadata


@pytest.fixture
def desk(settings: Settings, fake_time: FakeTime) -> Iterator[Desk]:
    """A desk whose time does not pass."""
    lay(settings.desk)
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


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    made = Origin(tmp_path / "far" / "attention")
    made.commit(
        model_dot_py=b"import torch\n\nclass Attention:\n    warmup = 4000  # steps\n",
        src__train_dot_py=b"from model import Attention\nWarmup = 1\n",
        weights_dot_bin=b"\0\1warmup",
        empty_dot_txt=b"",
    )
    return made


@pytest.fixture
def held(desk: Desk, paper: Paper, origin: Origin) -> Clone:
    return code.clone(desk, paper, origin.url, protocols=("file",))
