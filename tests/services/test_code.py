"""Clones of a paper's code: fetched, read, updated; nothing of them runs, nothing half is left."""

import os
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from support.origin import Origin
from support.processes import has_ended

from researchdesk.domain.code import Clone, parse_repository
from researchdesk.domain.papers import Paper
from researchdesk.errors import (
    BusyError,
    DeskError,
    NotOnDeskError,
    SourceError,
    UsageProblemError,
)
from researchdesk.services import code
from researchdesk.services.clone_files import files_of, find_words, place_of, read_file
from researchdesk.services.desk import Desk
from researchdesk.sources.git import Limits, StoppedError

FILE = ("file",)


def leftovers(desk: Desk) -> list[Path]:
    return [path for path in desk.root.glob("papers/*/code/*") if path.name != ".lock"]


def test_a_clone_lies_with_its_paper_and_knows_its_commit(
    desk: Desk, paper: Paper, origin: Origin
) -> None:
    said: list[str] = []
    made = code.clone(desk, paper, origin.url, lambda what, *_: said.append(what), protocols=FILE)
    assert made.commit == origin.git("rev-parse", "HEAD")
    assert made.folder == desk.root / "papers" / paper.name / "code" / "file-far-attention"
    assert (made.folder / "src" / "train.py").is_file()
    assert code.clones_of(desk, paper) == [made]
    assert any(what.endswith("100 %") for what in said)
    assert leftovers(desk) == [made.folder]


def test_the_same_address_again_is_the_same_clone(
    desk: Desk, paper: Paper, origin: Origin, held: Clone
) -> None:
    origin.commit(more_dot_py=b"x = 1\n")
    assert code.clone(desk, paper, origin.url, protocols=FILE) == held


def test_a_clone_whose_folder_is_gone_is_made_again(
    desk: Desk, paper: Paper, origin: Origin, held: Clone
) -> None:
    held.folder.rename(held.folder.with_name("elsewhere"))
    assert code.clones_of(desk, paper) == []
    assert code.clone(desk, paper, origin.url, protocols=FILE).folder == held.folder
    assert len(code.clones_of(desk, paper)) == 1


@pytest.mark.parametrize(
    ("address", "url", "folder"),
    [
        ("https://github.com/a/b", "https://github.com/a/b", "github-com-a-b"),
        ("https://www.github.com/a/b.git/", "https://github.com/a/b", "github-com-a-b"),
        ("github.com/a/b.", "https://github.com/a/b", "github-com-a-b"),
        ("http://github.com/A/b_c?tab=x#y", "https://github.com/A/b_c", "github-com-a-b-c"),
        ("https://github.com/a/b/tree/main/x/y", "https://github.com/a/b", "github-com-a-b"),
        ("https://gitlab.com/a/g/b/-/blob/m/x.py", "https://gitlab.com/a/g/b", "gitlab-com-a-g-b"),
        ("git@github.com:a/b.git", "https://github.com/a/b", "github-com-a-b"),
        (
            "https://huggingface.co/datasets/a/b/tree/main",
            "https://huggingface.co/datasets/a/b",
            "huggingface-co-datasets-a-b",
        ),
        (
            "https://git.example.org:8443/x",
            "https://git.example.org:8443/x",
            "git-example-org-8443-x",
        ),
    ],
)
def test_addresses_that_name_a_repository(address: str, url: str, folder: str) -> None:
    found = parse_repository(address)
    assert (found.url, found.folder) == (url, folder)


@pytest.mark.parametrize(
    "address",
    [
        "", "attention", "https://github.com", "https://github.com/a", "file:///etc", "ssh://h/a/b",
        "ext::sh -c touch% x", "https://user:word@github.com/a/b", "https://github.com/a/-b",
        "https://github.com/../b", "--upload-pack=x", "https://[bad/a/b", "git://github.com/a/b",
        "https://github.com/a b/c", "https://h:port/a", "https://github.com/a/b\0c",
        "https://github.com/a\x1b[2J/b",
    ],
)  # fmt: skip
def test_addresses_that_do_not_are_refused(desk: Desk, paper: Paper, address: str) -> None:
    with pytest.raises(UsageProblemError) as caught:
        code.clone(desk, paper, address)
    assert "user:word" not in caught.value.message
    assert leftovers(desk) == []


def test_a_repository_that_is_not_there_leaves_nothing(desk: Desk, paper: Paper) -> None:
    with pytest.raises(SourceError, match="git did not bring it"):
        code.clone(desk, paper, (desk.root / "nowhere").as_uri(), protocols=FILE)
    assert leftovers(desk) == []
    assert code.clones_of(desk, paper) == []


def test_an_empty_repository_leaves_nothing(desk: Desk, paper: Paper, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="empty"):
        code.clone(desk, paper, Origin(tmp_path / "void").url, protocols=FILE)
    assert leftovers(desk) == []


def test_offline_nothing_is_fetched(desk: Desk, paper: Paper, origin: Origin, held: Clone) -> None:
    offline = replace(desk, settings=replace(desk.settings, offline=True))
    with pytest.raises(SourceError, match="offline"):
        code.clone(offline, paper, "https://github.com/a/b")
    with pytest.raises(SourceError, match="offline"):
        code.update(offline, paper, held, protocols=FILE)
    assert code.clone(offline, paper, origin.url, protocols=FILE) == held


def test_without_git_it_says_so(
    desk: Desk, paper: Paper, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DeskError, match="git is not installed"):
        code.clone(desk, paper, "https://github.com/a/b")
    assert leftovers(desk) == []


def test_what_is_too_large_is_not_kept(desk: Desk, paper: Paper, origin: Origin) -> None:
    with pytest.raises(SourceError, match="larger than"):
        code.clone(desk, paper, origin.url, protocols=FILE, limits=Limits(size=1000))
    assert leftovers(desk) == []


@pytest.fixture
def slow_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git that begins to clone, starts a child, and then waits for ever."""
    pids = tmp_path / "pids"
    tool = tmp_path / "bin" / "git"
    tool.parent.mkdir()
    tool.write_text(
        "#!/bin/sh\nfor last; do :; done\nmkdir -p $last\n"
        f"sleep 600 & echo $$ $! > {pids}.new; mv {pids}.new {pids}\nwait\n"
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}:{os.environ['PATH']}")
    return pids


def _wait(condition: object) -> None:
    for _ in range(6000):
        if callable(condition) and condition():
            return
        time.sleep(0.01)
    raise AssertionError("what was waited for never came")


def test_stopped_it_leaves_neither_folder_nor_process(
    desk: Desk, paper: Paper, slow_git: Path
) -> None:
    cancel = threading.Event()

    def stop() -> None:
        try:
            _wait(slow_git.exists)
        finally:
            cancel.set()

    stopper = threading.Thread(target=stop)
    stopper.start()
    with pytest.raises(StoppedError):
        code.clone(desk, paper, "https://github.com/a/b", cancel=cancel)
    stopper.join()
    assert leftovers(desk) == []
    for pid in slow_git.read_text().split():
        _wait(lambda pid=pid: has_ended(int(pid)))


def test_what_takes_too_long_is_stopped(desk: Desk, paper: Paper, slow_git: Path) -> None:
    with pytest.raises(SourceError, match="longer than"):
        code.clone(desk, paper, "https://github.com/a/b", limits=Limits(seconds=0.3))
    assert leftovers(desk) == []


def test_two_at_once_do_not_meet(desk: Desk, paper: Paper, slow_git: Path) -> None:
    cancel, ended = threading.Event(), threading.Event()

    def first() -> None:
        with pytest.raises(StoppedError):
            code.clone(desk, paper, "https://github.com/a/b", cancel=cancel)
        ended.set()

    thread = threading.Thread(target=first)
    thread.start()
    _wait(slow_git.exists)
    with pytest.raises(BusyError):
        code.clone(desk, paper, "https://github.com/a/c")
    cancel.set()
    thread.join()
    assert ended.is_set()


def test_what_a_killed_one_left_is_taken_away(desk: Desk, paper: Paper, origin: Origin) -> None:
    left = desk.root / "papers" / paper.name / "code" / ".part-dead"
    (left / "clone").mkdir(parents=True)
    made = code.clone(desk, paper, origin.url, protocols=FILE)
    assert leftovers(desk) == [made.folder]


def test_nothing_of_the_repository_runs(
    desk: Desk, paper: Paper, origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither hooks of a template, nor filters and settings of the user, nor submodules."""
    proof = tmp_path / "ran"
    script = f"#!/bin/sh\necho $0 >> {proof}\n"
    template = tmp_path / "template"
    for name in ("post-checkout", "post-merge", "reference-transaction"):
        hook = template / "hooks" / name
        hook.parent.mkdir(parents=True, exist_ok=True)
        hook.write_text(script)
        hook.chmod(0o755)
    tool = tmp_path / "smudge"
    tool.write_text(script)
    tool.chmod(0o755)
    (Path(os.environ["HOME"]) / ".gitconfig").write_text(
        f"[init]\ntemplateDir = {template}\n[core]\nhooksPath = {template / 'hooks'}\n"
        f'fsmonitor = {tool}\n[filter "lfs"]\nsmudge = {tool}\nrequired = true\n'
        f'[diff "x"]\ntextconv = {tool}\n'
    )
    monkeypatch.setenv("GIT_SSH_COMMAND", str(tool))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other"))
    origin.commit(_dot_gitattributes=b"*.py filter=lfs diff=x\n")
    origin.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    origin.commit(_dot_gitmodules=b'[submodule "module"]\npath = module\nurl = ./evil\n')
    made = code.clone(desk, paper, origin.url, protocols=FILE)
    origin.commit(new_dot_py=b"y = 2\n")
    newer = code.update(desk, paper, made, protocols=FILE)
    assert [item.path for item in files_of(newer)].count("module") == 0
    assert "class Attention" in read_file(newer, "model.py")
    assert find_words(newer, "warmup")
    assert not proof.exists()


def test_links_lead_nowhere(desk: Desk, paper: Paper, origin: Origin, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    (origin.folder / "link.txt").symlink_to(secret)
    (origin.folder / "up").symlink_to(tmp_path)
    origin.commit()
    made = code.clone(desk, paper, origin.url, protocols=FILE)
    assert not any(path.is_symlink() for path in made.folder.rglob("*"))
    assert Origin(made.folder).git("status", "--porcelain") == ""
    assert "link.txt" not in [item.path for item in files_of(made)]
    for path in ("../../../../../secret.txt", str(secret), ".git/config", "up/secret.txt", ""):
        with pytest.raises(NotOnDeskError):
            place_of(made, path)
        with pytest.raises(NotOnDeskError):
            read_file(made, path)


def test_a_clone_that_came_with_settings_that_run_something_is_not_read(
    desk: Desk, paper: Paper, held: Clone, tmp_path: Path
) -> None:
    marker, config = tmp_path / "ran", held.folder / ".git" / "config"
    plain = config.read_text()
    (held.folder / "model.py").write_text("changed")
    (held.folder / ".git" / "info").mkdir(exist_ok=True)
    (held.folder / ".git" / "info" / "attributes").write_text("* filter=x\n")
    for planted in (
        f'[filter "x"]\n\tclean = "touch {marker}; cat"\n',
        "[core]\n\tworktree = /\n",
        f"[include]\n\tpath = {tmp_path / 'more'}\n",
    ):
        config.write_text(plain + planted)
        with pytest.raises(DeskError, match="could run something"):
            code.remove_clone(desk, paper, held)
    assert not marker.exists()
    config.write_text(plain + '[user]\n\tname = "A Reader"\n')
    assert find_words(held, "warmup")
