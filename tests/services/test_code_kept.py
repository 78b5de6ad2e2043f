"""Clones that are kept: read, searched, updated, removed; what was done in them by hand stays."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.origin import Origin

from researchdesk.domain.code import Clone, CodeFile
from researchdesk.domain.papers import Paper
from researchdesk.errors import (
    BadInputError,
    DeskError,
    NotOnDeskError,
)
from researchdesk.services import code
from researchdesk.services.clone_files import files_of, find_words, place_of, read_file
from researchdesk.services.desk import Desk

FILE = ("file",)


def leftovers(desk: Desk) -> list[Path]:
    return [path for path in desk.root.glob("papers/*/code/*") if path.name != ".lock"]


def test_files_with_their_size_and_kind(held: Clone) -> None:
    assert files_of(held) == (
        CodeFile("empty.txt", 0, True),
        CodeFile("model.py", 58, True),
        CodeFile("src/train.py", 39, True),
        CodeFile("weights.bin", 8, False),
    )


def test_text_is_read_clean(desk: Desk, paper: Paper, origin: Origin) -> None:
    origin.commit(odd_dot_py="a = 'é'\r\nb\x1b[31m\u2028c\n".encode() + b"\xff\n")
    made = code.clone(desk, paper, origin.url, protocols=FILE)
    assert read_file(made, "odd.py") == "a = 'é'\nb c\n\ufffd\n"
    assert place_of(made, "odd.py").read_bytes().startswith(b"a = ")


def test_what_cannot_be_shown_says_why(
    desk: Desk, paper: Paper, origin: Origin, held: Clone
) -> None:
    with pytest.raises(BadInputError, match="no text"):
        read_file(held, "weights.bin")
    with pytest.raises(NotOnDeskError, match="folder"):
        read_file(held, "src")
    with pytest.raises(NotOnDeskError, match=r"no none\.py"):
        read_file(held, "none.py")
    origin.commit(large_dot_txt=b"x\n" * 1_500_000)
    with pytest.raises(BadInputError, match="too much"):
        read_file(code.update(desk, paper, held, protocols=FILE), "large.txt")


def test_words_are_found_with_their_place(held: Clone) -> None:
    hits = find_words(held, "warmup")
    assert [(hit.path, hit.line) for hit in hits] == [("model.py", 4), ("src/train.py", 2)]
    assert hits[0].text == "    warmup = 4000  # steps"
    assert [hit.path for hit in find_words(held, "Warmup")] == ["src/train.py"]
    assert find_words(held, "w.rmup") == find_words(held, "--help") == find_words(held, " ") == ()
    assert len(find_words(held, "a", most=2)) == 2


def test_an_update_shows_the_newest_and_keeps_the_old(
    desk: Desk, paper: Paper, origin: Origin, held: Clone
) -> None:
    for number in range(3):
        origin.commit(model_dot_py=f"class Attention{number}:\n".encode())
    newest = code.update(desk, paper, held, protocols=FILE)
    assert newest.commit == origin.git("rev-parse", "HEAD") != held.commit
    assert code.clones_of(desk, paper) == [newest]
    assert read_file(newest, "model.py") == "class Attention2:\n"
    assert place_of(newest, "model.py").read_text() == "class Attention2:\n"
    assert "warmup = 4000" in read_file(newest, "model.py", held.commit)
    with pytest.raises(NotOnDeskError, match="does not hold commit"):
        read_file(newest, "model.py", origin.git("rev-parse", "HEAD~1"))
    with pytest.raises(NotOnDeskError, match="does not hold commit"):
        read_file(newest, "model.py", "HEAD")


def test_an_update_spares_what_was_changed_by_hand(
    desk: Desk, paper: Paper, origin: Origin, held: Clone
) -> None:
    origin.commit(model_dot_py=b"new\n")
    (held.folder / "model.py").write_text("mine\n")
    with pytest.raises(BadInputError, match="changed by hand"):
        code.update(desk, paper, held, protocols=FILE)
    assert (held.folder / "model.py").read_text() == "mine\n"
    assert "warmup = 4000" in read_file(held, "model.py")


def test_a_clone_is_removed_unless_it_was_worked_in(
    desk: Desk, paper: Paper, origin: Origin, held: Clone
) -> None:
    (held.folder / "mine.txt").write_text("mine")
    with pytest.raises(BadInputError, match="changed by hand"):
        code.remove_clone(desk, paper, held)
    assert code.clones_of(desk, paper) == [held]
    (held.folder / "mine.txt").unlink()
    (held.folder / "src" / "__pycache__").mkdir()
    (held.folder / "src" / "__pycache__" / "train.pyc").write_bytes(b"\0")
    code.remove_clone(desk, paper, held)
    assert code.clones_of(desk, paper) == leftovers(desk) == []
    assert code.clone(desk, paper, origin.url, protocols=FILE).folder == held.folder


def test_code_is_read_in_the_pass_under_way_else_in_the_workflows(desk: Desk, paper: Paper) -> None:
    from researchdesk.services import reading

    assert code.code_step(desk, paper) == (3, "code")
    reading.start_pass(desk, paper, 1)
    assert code.code_step(desk, paper) == (1, "")
    reading.finish_pass(desk, paper, 1)
    reading.start_pass(desk, paper, 3)
    assert code.code_step(desk, paper) == (3, "code")


def test_without_a_text_there_are_no_links(desk: Desk, paper: Paper) -> None:
    assert code.code_links(desk, paper) == ()


def test_what_was_made_where_git_does_not_look_stays_too(
    desk: Desk, paper: Paper, origin: Origin
) -> None:
    origin.commit(_dot_gitignore=b"results.txt\n")
    held = code.clone(desk, paper, origin.url, protocols=FILE)
    mine = held.folder / "results.txt"
    mine.write_text("a week of runs")
    with pytest.raises(BadInputError, match="changed by hand"):
        code.remove_clone(desk, paper, held)
    origin.git("rm", "--quiet", ".gitignore")
    origin.commit(results_dot_txt=b"theirs")
    with pytest.raises(DeskError):
        code.update(desk, paper, held, protocols=FILE)
    assert mine.read_text() == "a week of runs"


@pytest.mark.parametrize("how", ["commit", "stash", "branch"])
def test_commits_of_ones_own_are_not_removed(
    desk: Desk, paper: Paper, origin: Origin, held: Clone, how: str
) -> None:
    origin.commit(more_dot_py=b"x = 1\n")
    held = code.update(desk, paper, held, protocols=FILE)
    mine = Origin(held.folder)
    if how == "stash":
        (held.folder / "model.py").write_text("mine\n")
        mine.git("stash")
    else:
        mine.git("checkout", "--quiet", "-b", "mine")
        mine.commit(model_dot_py=b"mine\n")
    if how == "branch":
        mine.git("checkout", "--quiet", "--detach", held.commit)
    with pytest.raises(BadInputError, match="commits of your own"):
        code.remove_clone(desk, paper, held)
    assert code.clones_of(desk, paper) == [held]


def test_a_clone_that_was_updated_is_removed(
    desk: Desk, paper: Paper, origin: Origin, held: Clone
) -> None:
    origin.commit(more_dot_py=b"x = 1\n")
    code.remove_clone(desk, paper, code.update(desk, paper, held, protocols=FILE))
    assert leftovers(desk) == []


def test_a_broken_clone_never_means_a_repository_around_the_desk(
    desk: Desk, paper: Paper, held: Clone
) -> None:
    around = Origin(desk.root)
    around.git("init", "--quiet", "--initial-branch=main")
    commit = around.commit(notes_dot_txt=b"mine")
    (held.folder / ".git" / "HEAD").unlink()
    for attempt in (
        lambda: files_of(replace(held, commit=commit)),
        lambda: read_file(replace(held, commit=commit), "notes.txt"),
        lambda: code.update(desk, paper, replace(held, commit=commit), protocols=FILE),
    ):
        with pytest.raises(DeskError):
            attempt()
    assert around.git("for-each-ref", "refs/researchdesk") == ""
