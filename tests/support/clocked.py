"""Run as a file: ``researchdesk`` under a clock that is off, and jumps after some looks at it.

    python clocked.py OFFSET LOOKS JUMP ARGS...

The clock shows so many seconds more than it is; after so many looks it jumps by so many seconds.
"""

import sys
from datetime import UTC, datetime, timedelta
from itertools import count

from researchdesk.domain import clock

_true_now, _looks = clock.utc_now, count(1)
_offset, _before, _jump = map(int, sys.argv[1:4])


def _now() -> datetime:
    moved = _offset + (_jump if next(_looks) > _before else 0)
    return max(_true_now() + timedelta(seconds=moved), datetime(1970, 1, 1, tzinfo=UTC))


clock.utc_now = _now
sys.argv[1:] = sys.argv[4:]

from researchdesk.cli.main import main  # noqa: E402 - under that clock

main()
