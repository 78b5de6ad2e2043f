"""Every finding that a detector can report has its page, and every page a finding."""

import subprocess
import sys

import pytest

from researchdesk.domain.text import slug
from researchdesk.domain.watching import Certainty
from researchdesk.errors import NotOnDeskError
from researchdesk.services.finding_pages import finding_page, finding_pages

_NAMES = """
from researchdesk.harness.training.watch.detectors import DETECTORS
print(*sorted({name for kind in DETECTORS for name in kind.names}), sep="\\n")
"""


@pytest.mark.slow
def test_each_name_of_a_detector_has_a_page_and_each_page_a_detector():
    told = subprocess.run(
        [sys.executable, "-c", _NAMES], capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == sorted(finding_pages())


def test_pages_say_all_that_they_should():
    for name, page in finding_pages().items():
        assert slug(name) == name == page.name
        assert page.certainties
        assert set(page.certainties) <= set(Certainty)
        for part in (page.title, page.family, page.seen, page.why, page.mend, page.sound):
            assert part.strip(), name
        assert "\n" not in page.title
        assert len(page.title) <= 80, name


def test_a_name_that_there_is_not_leads_to_the_nearest():
    with pytest.raises(NotOnDeskError) as caught:
        finding_page("gradients-not-zero")
    assert "gradients-not-zeroed" in caught.value.hint
    with pytest.raises(NotOnDeskError) as caught:
        finding_page("xyzzy")
    assert "--list" in caught.value.hint
