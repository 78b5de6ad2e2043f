"""However many changes are made: undone one by one, each leaves what was there before it; made
again one by one, each leaves what it left the first time."""

import random
from typing import Any

import pytest
from support.undoing import undo_last

from researchdesk.domain.labels import Change
from researchdesk.domain.papers import Metadata
from researchdesk.errors import DeskError
from researchdesk.services import collecting, labels, library, smart_lists
from researchdesk.services.desk import Desk

WORDS = ("a", "B", "b", "c c")


def state(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """All that the changes are about."""
    ask = desk.database.connection.conn.execute
    queries = {
        "tags": "SELECT tag, paper_id FROM paper_tags ORDER BY 1, 2",
        "marks": "SELECT id, stars, priority, removed_at IS NULL FROM papers ORDER BY 1",
        "collections": "SELECT name, about FROM collections ORDER BY 1",
        "lists": "SELECT name, query FROM smart_lists ORDER BY 1",
        "members": "SELECT collection, paper_id, place FROM collection_papers ORDER BY 1, 3, 2",
    }
    return {name: ask(sql).fetchall() for name, sql in queries.items()}


def searches(desk: Desk, draw: random.Random) -> Change:
    """A change of the smart lists, as the history has it; its id is 0 where nothing was changed."""
    word, other = draw.choice(WORDS), draw.choice(WORDS)
    before = labels.next_back(desk)
    draw.choice(
        [
            lambda: smart_lists.keep_list(desk, word, f"stars:{draw.randint(1, 5)}"),
            lambda: smart_lists.keep_list(desk, word, f'list:"{other}"'),
            lambda: smart_lists.rename_list(desk, word, other),
            lambda: smart_lists.drop_list(desk, word),
        ]
    )()
    made = labels.next_back(desk)
    return Change(0, "", 0) if made is None or made == before else made


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
            lambda: searches(desk, draw),
            lambda: searches(desk, draw),
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
    after = []
    for what, known in reversed(before):
        after.append((what, state(desk)))
        undone = undo_last(desk)
        assert undone is not None
        assert undone.what == what
        assert state(desk) == known, what
    assert undo_last(desk) is None
    for what, known in reversed(after):
        redone = labels.redo_last(desk)
        assert redone is not None
        assert redone.what == what
        assert state(desk) == known, what
    assert labels.redo_last(desk) is None
    for what, known in reversed(before):
        assert (undo_last(desk) or Change(0, "", 0)).what == what
        assert state(desk) == known, what
