"""What takes changes back, in a form that stays small."""

import json

from hypothesis import given
from hypothesis import strategies as st

from researchdesk.storage.labels_undo import packed, unpacked


@given(st.sets(st.integers(1, 2_000)))
def test_what_is_packed_is_unpacked(ids: set[int]) -> None:
    assert unpacked(json.loads(json.dumps(packed(ids)))) == sorted(ids)


def test_a_whole_library_is_one_run() -> None:
    assert packed(range(1, 100_001)) == [[1, 100_000]]
    assert packed([5, 3, 4, 9]) == [[3, 5], 9]
    assert packed([]) == []
