"""However many changes are made: undone one by one, each leaves what was there before it."""

import random
from typing import Any

import pytest

from researchdesk.domain.labels import Change
from researchdesk.domain.papers import Metadata
from researchdesk.errors import DeskError
from researchdesk.services import collecting, labels, library
from researchdesk.services.desk import Desk

WORDS = ("a", "B", "b", "c c")


def state(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """All that the changes are about."""
    ask = desk.database.connection.conn.execute
    queries = {
        "tags": "SELECT tag, paper_id FROM paper_tags ORDER BY 1, 2",
        "marks": "SELECT id, stars, priority, removed_at IS NULL FROM papers ORDER BY 1",
        "collections": "SELECT name, about FROM collections ORDER BY 1",
        "members": "SELECT collection, paper_id, place FROM collection_papers ORDER BY 1, 3, 2",
    }
    return {name: ask(sql).fetchall() for name, sql in queries.items()}


def change(desk: Desk, ids: list[int], draw: random.Random) -> Change:
    some = draw.sample(ids, draw.randint(1, len(ids)))
    word, other = draw.choice(WORDS), draw.choice(WORDS)
    return draw.choice(
        [
            lambda: labels.tag(desk, some, [word, other]),
            lambda: labels.untag(desk, some, [word]),
            lambda: labels.rename_tag(desk, word, other),
            lambda: labels.set_stars(desk, some, draw.randint(0, 5)),
            lambda: labels.set_priority(desk, some, draw.randint(0, 3)),
            lambda: labels.remove_papers(desk, some[:1]),
            lambda: collecting.new(desk, word, "About"),
            lambda: collecting.put_in(desk, some, word),
            lambda: collecting.take_out(desk, some, word),
            lambda: collecting.move(desk, some[:1], word, draw.randint(1, 5)),
            lambda: collecting.rename(desk, word, other),
            lambda: collecting.drop(desk, word),
        ]
    )()


@pytest.mark.parametrize("seed", range(8))
def test_every_change_is_taken_back(desk: Desk, seed: int) -> None:
    draw = random.Random(seed)
    ids = [library.file_metadata(desk, Metadata(f"Study {word}")).id for word in "abcde"]
    before = []
    while len(before) < 25:
        known = state(desk)
        try:
            made = change(desk, ids, draw)
        except DeskError:
            assert state(desk) == known
            continue
        if made.id:
            before.append((made.what, known))
        else:
            assert state(desk) == known
    for what, known in reversed(before):
        undone = labels.undo_last(desk)
        assert undone is not None
        assert undone.what == what
        assert state(desk) == known, what
    assert labels.undo_last(desk) is None
