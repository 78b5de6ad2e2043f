"""The matrix in the cache: extended, made anew, never trusted blindly."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support.taken_off import take_off
from support.topics import TOPICS, file_topic, liked

from researchdesk.services import library, ranking_matrix, ranking_terms, recommending
from researchdesk.services.desk import Desk
from researchdesk.services.ranking_matrix import DeskMatrix
from researchdesk.storage import ranking

VISION, LANGUAGE, GRAPHS = TOPICS


@pytest.fixture(autouse=True)
def _every_desk_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small desks are made anew at each change; these are to be extended."""
    monkeypatch.setattr(ranking_matrix, "SMALL", 0)


@pytest.fixture
def filled(desk: Desk) -> Desk:
    for topic in TOPICS:
        file_topic(desk, topic, 20)
    return desk


def cache(desk: Desk) -> Path:
    return desk.settings.cache / "recommending"


def dense(matrix: DeskMatrix) -> np.ndarray:
    return matrix.rows.take(np.arange(len(matrix.rows))).toarray()


def from_scratch(desk: Desk, matrix: DeskMatrix) -> dict[int, list[float]]:
    """What the same vocabulary gives for each paper of the desk."""
    found = list(ranking.words(desk.database.connection))
    rows = matrix.vocabulary.rows(text for _, _, text in found).toarray()
    return {found[at][0]: rows[at].tolist() for at in range(len(found))}


def rows_of(matrix: DeskMatrix) -> dict[int, list[float]]:
    rows = dense(matrix)
    return {int(key): rows[at].tolist() for at, key in enumerate(matrix.ids)}


def assert_same(one: dict[int, list[float]], other: dict[int, list[float]]) -> None:
    assert one.keys() == other.keys()
    for key, row in one.items():
        np.testing.assert_allclose(row, other[key], rtol=1e-5, atol=1e-6)


def test_rows_are_tf_idf_of_length_one(filled: Desk) -> None:
    matrix = ranking_matrix.current(filled)
    np.testing.assert_allclose(np.linalg.norm(dense(matrix), axis=1), 1, rtol=1e-5)
    assert dense(matrix).dtype == np.float32
    assert_same(rows_of(matrix), from_scratch(filled, matrix))


def test_the_weights_are_those_of_scikit_learn(filled: Desk) -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer

    matrix = ranking_matrix.current(filled)
    texts = [text for _, _, text in ranking.words(filled.database.connection)]
    vectorizer = TfidfVectorizer(
        sublinear_tf=True,
        vocabulary=[term.decode() for term in matrix.vocabulary.terms],
        analyzer=lambda text: [term.decode() for term in ranking_terms.terms_of(text)],
    )
    np.testing.assert_allclose(
        dense(matrix), vectorizer.fit_transform(texts).toarray(), rtol=1e-4, atol=1e-6
    )


def test_new_papers_are_added_without_learning_anew(filled: Desk) -> None:
    first = ranking_matrix.current(filled)
    before = (cache(filled) / "matrix.npz").read_bytes()
    file_topic(filled, VISION, 5, first=100)
    more = ranking_matrix.current(filled)
    assert more.name == first.name
    assert (cache(filled) / "matrix.npz").read_bytes() == before
    assert len(more.ids) == 65
    assert_same(rows_of(more), from_scratch(filled, more))
    file_topic(filled, GRAPHS, 2, first=100)
    assert_same(rows_of(ranking_matrix.current(filled)), from_scratch(filled, more))
    assert_same(rows_of(ranking_matrix.current(filled)), from_scratch(filled, more))


def test_it_is_made_anew_once_a_fifth_is_new(filled: Desk) -> None:
    first = ranking_matrix.current(filled)
    file_topic(filled, VISION, 12, first=100)
    assert ranking_matrix.current(filled).name == first.name
    file_topic(filled, VISION, 1, first=200)
    grown = ranking_matrix.current(filled)
    assert grown.name != first.name
    assert len(grown.ids) == 73
    assert not (cache(filled) / "added.npz").exists()


def test_removed_changed_and_returned_papers(filled: Desk) -> None:
    ranking_matrix.current(filled)
    take_off(filled, "2001.00003")
    with filled.database.writing() as db:
        db.execute("UPDATE papers SET abstract = 'edge edge' WHERE arxiv_id = '2001.00004'")
    changed = ranking_matrix.current(filled)
    assert len(changed.ids) == 59
    assert_same(rows_of(changed), from_scratch(filled, changed))
    paper = library.get_paper(filled, "2001.00004")
    row = changed.rows.take(changed.places([paper.id]))
    assert "edge" in {changed.vocabulary.word(at) for at in row.indices}
    with filled.database.writing() as db:
        db.execute("UPDATE papers SET removed_at = NULL")
    assert_same(rows_of(ranking_matrix.current(filled)), from_scratch(filled, changed))


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        *(("matrix.npz", damage) for damage in ("cut", "garbage", "empty", "folder")),
        ("added.npz", "cut"),
        ("added.npz", "gone"),
        ("model-", "garbage"),
        ("values-", "cut"),
        ("values-", "gone"),
        ("columns-", "garbage"),
    ],
)
def test_a_broken_cache_is_made_again(filled: Desk, name: str, damage: str) -> None:
    liked(filled, *file_topic(filled, VISION, 4))
    recommending.recommend(filled, limit=5)
    file_topic(filled, VISION, 5, first=100)
    whole = recommending.recommend(filled, limit=100)
    paths = [path for path in cache(filled).iterdir() if path.name.startswith(name)]
    assert len(paths) == 1
    data = paths[0].read_bytes()
    paths[0].unlink()
    if damage == "folder":
        paths[0].mkdir()
    elif damage != "gone":
        cut = {"cut": data[: len(data) // 2], "garbage": b"x" * 500, "empty": b""}
        paths[0].write_bytes(cut[damage])
    again = recommending.recommend(filled, limit=100)
    assert len(again.suggestions) == len(whole.suggestions) == 61
    assert [item.name[:4] for item in again.suggestions[:20]] == ["2001"] * 20


def test_arrays_that_do_not_go_together_are_not_used(filled: Desk) -> None:
    first = ranking_matrix.current(filled)
    path = cache(filled) / "matrix.npz"
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    for wrong in (
        {"ids": arrays["ids"][:-1]},
        {"starts": arrays["starts"][:-1]},
        {"starts": arrays["starts"] - 1},
        {"terms": arrays["terms"][:30], "idf": arrays["idf"][:1]},
        {"idf": arrays["idf"][:-1]},
        {"format": np.array([0])},
    ):
        with path.open("wb") as file:
            np.savez(file, **{**arrays, **wrong})
        assert_same(rows_of(ranking_matrix.current(filled)), rows_of(first))


def test_a_cache_that_cannot_be_written_is_done_without(filled: Desk) -> None:
    filled.settings.cache.parent.mkdir(exist_ok=True)
    filled.settings.cache.write_text("a file where the folder should be")
    liked(filled, *file_topic(filled, VISION, 4))
    found = recommending.recommend(filled, limit=5)
    assert [item.name[:4] for item in found.suggestions] == ["2001"] * 5


def test_what_a_killed_process_left_is_cleared(filled: Desk) -> None:
    ranking_matrix.current(filled)
    part = cache(filled) / ".values-0.npy.half"
    part.write_bytes(b"half")
    ranking_matrix.current(filled)
    assert not part.exists()


@pytest.mark.slow
def test_two_processes_at_once(filled: Desk) -> None:
    """Both rank, both with the same words; the cache is whole when they are done."""
    liked(filled, *file_topic(filled, VISION, 4))
    code = (
        "import sys; from pathlib import Path; from researchdesk.config import Settings;"
        "from researchdesk.services.desk import open_desk;"
        "from researchdesk.services import recommending;"
        "desk = open_desk(Settings(desk=Path(sys.argv[1])));"
        "print([item.name for item in recommending.recommend(desk, limit=9).suggestions])"
    )
    command = [sys.executable, "-c", code, str(filled.root)]
    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert said[0][0] == said[1][0]
    own = [item.name for item in recommending.recommend(filled, limit=9).suggestions]
    assert said[0][0].strip() == str(own)
    assert not list(cache(filled).glob(".*"))


def test_limits_grow_with_the_desk() -> None:
    limits = [ranking_terms.limits(n) for n in (1, 49, 50, 999, 1000, 10_000, 100_000)]
    assert [least for least, _ in limits] == [1, 1, 2, 2, 3, 5, 5]
    assert limits[0] == (1, 1)
    assert limits[1] == (1, 49)
    assert limits[-1] == (5, 33_333)
