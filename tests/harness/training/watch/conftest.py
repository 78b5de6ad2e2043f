"""One zygote for all programs of a test process."""

from collections.abc import Iterator

import pytest
from support.watching import Zygote


@pytest.fixture(scope="session")
def zygote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    made = Zygote(tmp_path_factory.mktemp("watched"))
    yield made
    made.close()
