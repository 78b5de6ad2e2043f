"""What a person does to papers while arXiv is asked about them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from support.arxiv_server import Fault
from support.faketime import FakeTime
from support.loopback import Asked
from support.oai_server import OaiServer
from support.taken_off import take_off

from researchdesk.config import Settings
from researchdesk.domain.papers import Metadata
from researchdesk.services import claims, library, reading
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.syncing import sync

_BEGUN, _CLAIMED, _LEFT, _GONE = (f"2001.0000{number}" for number in range(1, 5))
_EVERY = (_BEGUN, _CLAIMED, _LEFT, _GONE)


@pytest.fixture
def server() -> Iterator[OaiServer]:
    with OaiServer() as running:
        yield running


@pytest.fixture
def desk(settings: Settings, server: OaiServer, fake_time: FakeTime) -> Iterator[Desk]:
    there = replace(settings, arxiv_url=server.url, oai_url=f"{server.url}/oai")
    opened = open_desk(there, fake_time.clock)
    yield opened
    opened.close()


def _work(desk: Desk) -> None:
    """As a person does in another window."""
    with_own = open_desk(desk.settings, desk.clock)
    reading.start_pass(with_own, library.get_paper(with_own, _BEGUN), 1)
    claims.add_claim(with_own, library.get_paper(with_own, _CLAIMED), "94 %")
    take_off(with_own, _GONE)
    with_own.close()


@pytest.mark.parametrize("during", ["/api/query", "/oai"])
def test_what_is_read_while_arxiv_is_asked_keeps_its_version(
    desk: Desk,
    server: OaiServer,
    fake_time: FakeTime,
    monkeypatch: pytest.MonkeyPatch,
    during: str,
) -> None:
    for name in _EVERY:
        heard = Metadata("First words", arxiv_id=name, version=1, updated=fake_time.clock())
        library.file_metadata(desk, heard)
        server.add(f"{name}v1", title="First words")
        server.add(f"{name}v2", title="Other words")
    asked_for: list[str] = []

    def meanwhile(asked: Asked, fault: Fault) -> Any:
        if asked.path.startswith(during) and during not in asked_for:
            asked_for.append(during)
            _work(desk)
        return answer(asked, fault)

    answer = server.answer
    monkeypatch.setattr(server, "answer", meanwhile)
    report = sync(desk, sleep=fake_time.sleep)
    assert asked_for == [during]
    assert (report.asked, report.left, report.problems) == (len(_EVERY), 0, ())
    assert sorted((item.name, item.text) for item in report.news) == [
        (name, "v2 is out; v1 is at hand") for name in _EVERY if name != _GONE
    ]
    now = [library.get_paper(desk, name) for name in (_BEGUN, _CLAIMED, _LEFT)]
    assert [(one.version, one.title, one.latest) for one in now] == [
        (1, "First words", 2),
        (1, "First words", 2),
        (2, "Other words", 2),
    ]
