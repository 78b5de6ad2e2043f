"""One zygote for all programs of a test process; most are run by a command of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.watching import Zygote

_HERE = Path(__file__).parent
_ALWAYS = {"test_zeroing.py", "test_pacing.py"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the many programs, which take minutes."""
    for item in items:
        if item.path.parent == _HERE and item.path.name not in _ALWAYS:
            item.add_marker(pytest.mark.programs)


@pytest.fixture(scope="session")
def zygote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    made = Zygote(tmp_path_factory.mktemp("watched"))
    yield made
    made.close()
