"""A desk with a paper whose text is known, and the app over it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.empty_desk import lay
from support.faketime import FakeTime
from textual.pilot import Pilot

from researchdesk import assets
from researchdesk.config import Settings
from researchdesk.domain.documents import Block, Document, Section, SectionKind
from researchdesk.domain.papers import Metadata, Paper, PaperVersion
from researchdesk.services import library
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.documents import keep_document
from researchdesk.storage import papers
from researchdesk.tui import notices
from researchdesk.tui.app import ResearchDeskApp

NOW = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)
DIGEST = "0" * 64


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a slow machine takes longer for is waited for: no test goes by the clock."""
    monkeypatch.setattr(ResearchDeskApp, "CALL_PATIENCE_S", 60.0)
    monkeypatch.setattr(ResearchDeskApp, "KEY_PATIENCE_S", 60.0)
    monkeypatch.setattr(notices, "_SHORT", 60.0)


@pytest.fixture
def desk(settings: Settings) -> Iterator[Desk]:
    """An offline desk on which it is always the same moment."""
    lay(settings.desk)
    opened = open_desk(replace(settings, offline=True), clock=lambda: NOW)
    yield opened
    opened.close()


@pytest.fixture
def bare_desk(
    settings: Settings, fake_time: FakeTime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    """A desk without bundled recipes, whose time does not pass."""
    data = tmp_path / "data"
    (data / "recipes").mkdir(parents=True)
    kinds = {"data": data, "themes": assets.folder("themes")}
    monkeypatch.setattr(assets, "folder", kinds.__getitem__)
    lay(settings.desk)
    opened = open_desk(settings, fake_time.clock)
    yield opened
    opened.close()


@pytest.fixture
def bundled(bare_desk: Desk) -> Path:
    """Where recipes are bundled, so that nobody is asked about their code."""
    return assets.folder("data") / "recipes"


@pytest.fixture
def paper(desk: Desk) -> Paper:
    """A paper with a text of four pages, of which some words look like markup."""
    library.seed_bundled(desk)
    filed = library.file_metadata(
        desk,
        Metadata(
            title="Brackets [red]everywhere[/b]: a study of [x] in titles",
            authors=("Ada Example", "Ben Sample"),
            abstract="We show that text such as [/b] and [link=x] is only text.",
            categories=("cs.LG", "cs.CL"),
            published=datetime(2025, 1, 2, tzinfo=UTC),
            arxiv_id="2501.00001",
            version=2,
        ),
    )
    path = desk.root / "papers" / "2501.00001" / "v2.pdf"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"%PDF-1.7 stands in for a file; its text is in the cache")
    held = PaperVersion(2, "papers/2501.00001/v2.pdf", DIGEST, 55, NOW)
    papers.set_version(desk.database.connection, filed.id, held)
    keep_document(desk, DIGEST, _document())
    return library.get_paper(desk, "2501.00001")


@pytest.fixture
def make_app(desk: Desk) -> Callable[..., ResearchDeskApp]:
    """Makes the app over ``desk``, at a paper where one is named."""

    def make(ref: str = "", number: int | None = None) -> ResearchDeskApp:
        app = ResearchDeskApp(desk, ref, number)
        app.animation_level = "none"
        return app

    return make


async def until(pilot: Pilot[None], condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait until the condition holds; fail where it never does."""
    for _ in range(int(seconds / 0.02)):
        if condition():
            await pilot.pause()
            return
        await pilot.pause(0.02)
    raise AssertionError("what was waited for never came")


@pytest.fixture(name="until")
def _until() -> Callable[..., object]:
    return until


def _document() -> Document:
    blocks = (
        Block(1, "Brackets [red]everywhere[/b]", 1),
        Block(1, "Ada Example, Ben Sample"),
        Block(1, "Abstract", 1),
        Block(1, "We show that text such as [/b] and [link=x] is only text."),
        Block(1, "1 Introduction", 1),
        *(Block(2, f"Paragraph {n} of the introduction. {_WORDS}") for n in range(1, 4)),
        Block(3, "2 Method", 1),
        *(Block(3, f"Paragraph {n} of the method. {_WORDS}") for n in range(1, 4)),
        Block(4, "3 Conclusion", 1),
        Block(4, "Text is data. It was data all along."),
    )
    sections = (
        Section("Abstract", 1, SectionKind.ABSTRACT, 1, 2, 4),
        Section("1 Introduction", 1, SectionKind.INTRODUCTION, 1, 4, 8),
        Section("2 Method", 1, SectionKind.BODY, 3, 8, 12),
        Section("3 Conclusion", 1, SectionKind.CONCLUSION, 4, 12, 14),
    )
    return Document("Brackets [red]everywhere[/b]", 4, blocks, sections, ())


_WORDS = "A sentence that is long enough to be broken over lines on a narrow screen. " * 3
