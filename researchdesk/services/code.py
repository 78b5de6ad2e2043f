"""A paper's code: its links, and clones of it on the desk. None of it is ever run."""

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from researchdesk.domain.code import Clone, Repository, parse_repository
from researchdesk.domain.documents import CodeLink
from researchdesk.domain.identifiers import folder_name
from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import Note, PassState
from researchdesk.domain.workflows import Place
from researchdesk.errors import (
    BadInputError,
    BusyError,
    DeskError,
    NotOnDeskError,
    SourceError,
    offline,
)
from researchdesk.files import leads_out
from researchdesk.services.desk import Desk
from researchdesk.services.documents import document_of
from researchdesk.services.notes import notes_of
from researchdesk.services.reading import passes_of, workflow_of
from researchdesk.sources import git
from researchdesk.sources.git import Limits
from researchdesk.storage import clones

Progress = Callable[[str, int, int | None], None]
PROTOCOLS = ("https",)

_LIMITS = Limits()


def code_links(desk: Desk, paper: Paper) -> tuple[CodeLink, ...]:
    """The links to code that the paper's text has, those of its authors first.

    Empty where the desk has no text of it. May parse the paper: slow the first time.
    """
    try:
        links = document_of(desk, paper).code_links
    except NotOnDeskError:
        return ()
    return tuple(sorted(links, key=lambda link: (not link.own, not link.cloneable)))


def clone(
    desk: Desk,
    paper: Paper,
    url: str,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    *,
    protocols: Sequence[str] = PROTOCOLS,
    limits: Limits = _LIMITS,
) -> Clone:
    """Bring the newest commit of a repository to the desk; one that is there stays as it is.

    ``url`` is any address of the repository or of something in it. Raises UsageProblemError for one
    that git cannot clone, SourceError where it did not come (or the desk is offline), DeskError
    without git, BusyError while another process clones for this paper. Nothing is left then.
    """
    wanted = parse_repository(url, protocols)
    if held := find_clone(desk, paper, wanted.url):
        return held
    _check_online(desk)
    with _alone(desk, paper) as home:
        target = _free_folder(home, wanted)
        part = Path(tempfile.mkdtemp(prefix=".part-", dir=home))
        try:
            _clone_into(part / "clone", wanted, protocols, limits, progress, cancel)
            commit = _head(part / "clone")
            (part / "clone").rename(target)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        made = Clone(paper.id, wanted.url, target, commit, desk.clock())
        with desk.database.writing() as db:
            clones.put(db, desk.root, made)
        return made


def update(
    desk: Desk,
    paper: Paper,
    held: Clone,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    *,
    protocols: Sequence[str] = PROTOCOLS,
    limits: Limits = _LIMITS,
) -> Clone:
    """Bring the repository's newest commit into view. Earlier ones stay readable.

    Raises what ``clone`` raises, and BadInputError where files of the clone were changed by hand:
    they are as they were.
    """
    _check_online(desk)
    with _alone(desk, paper):
        _check_untouched(held)
        git.read(["update-ref", f"refs/researchdesk/{held.commit}", held.commit], held.folder)
        git.fetch(
            ["fetch", "--depth", "1", "--no-tags", "--", held.url, "HEAD"],
            held.folder, protocols=protocols, limits=limits, progress=progress, cancel=cancel,
        )  # fmt: skip
        git.read(
            ["checkout", "--quiet", "--detach", "--no-overwrite-ignore", "FETCH_HEAD"], held.folder
        )
        newer = replace(held, commit=_head(held.folder), cloned_at=desk.clock())
        with desk.database.writing() as db:
            clones.put(db, desk.root, newer)
        return newer


def remove_clone(desk: Desk, paper: Paper, held: Clone) -> None:
    """Take a clone off the disk; notes on it stay, with the words they quote.

    Raises BadInputError where files of it were changed or made by hand, or commits, BusyError as
    ``clone`` does.
    """
    with _alone(desk, paper) as home:
        _check_untouched(held, "all", "--ignored")
        _check_no_work(held)
        held.folder.rename(home / f".part-{held.folder.name}")
        with desk.database.writing() as db:
            clones.remove(db, paper.id, held.url)
        shutil.rmtree(home / f".part-{held.folder.name}", ignore_errors=True)


def clones_of(desk: Desk, paper: Paper) -> list[Clone]:
    """The clones of this paper whose folders are there, the oldest first."""
    found = clones.of_paper(desk.database.connection, desk.root, paper.id)
    return [
        item
        for item in found
        if (item.folder / ".git").is_dir() and not leads_out(item.folder, desk.root)
    ]


def find_clone(desk: Desk, paper: Paper, url: str) -> Clone | None:
    """The clone of this address (as ``Clone.url`` has it), if the desk has one."""
    return next((item for item in clones_of(desk, paper) if item.url == url), None)


def code_notes(desk: Desk, paper: Paper, held: Clone) -> list[Note]:
    """The notes pinned to lines of this clone, by path and line."""
    pinned = [
        note for note in notes_of(desk, paper) if note.code and note.code.repository == held.url
    ]
    return sorted(pinned, key=lambda n: (n.code.path, n.code.line, n.id) if n.code else ("", 0, 0))


def code_step(desk: Desk, paper: Paper) -> tuple[int, str]:
    """The pass and the step's key that a note on code belongs to: the pass under way, else the
    workflow's pass that looks at code."""
    workflow = workflow_of(desk, paper)
    steps = {
        reading.number: step.key
        for reading in workflow.passes
        for step in reading.steps
        if Place.CODE in step.places
    }
    begun = [item for item in passes_of(desk, paper) if item.state is PassState.STARTED]
    number = begun[-1].number if begun else next(iter(steps), workflow.passes[-1].number)
    return number, steps.get(number, "")


def _check_online(desk: Desk) -> None:
    if desk.settings.offline:
        raise offline("no code was fetched")


def _check_untouched(held: Clone, untracked: str = "no", *more: str) -> None:
    """What Python itself writes beside its modules does not count."""
    told = git.read(
        ["status", "--porcelain", "-z", f"--untracked-files={untracked}", *more, "--", ".",
         ":(exclude,glob)**/__pycache__/**"],
        held.folder,
    )  # fmt: skip
    if told:
        raise BadInputError(
            f"Files in {held.folder} were changed by hand; they stay as they are.",
            "Take your changes elsewhere, then try again.",
        )


def _check_no_work(held: Clone) -> None:
    """Raises BadInputError for commits, or a stash, that were not fetched."""
    own = git.read(
        ["rev-list", "--max-count=1", "HEAD", "--all",
         "--not", held.commit, "--glob=refs/researchdesk", "--remotes"],
        held.folder,
    )  # fmt: skip
    if own:
        raise BadInputError(
            f"{held.folder} holds commits of your own; they stay as they are.",
            "Push them, or take them elsewhere, then try again.",
        )


@contextmanager
def _alone(desk: Desk, paper: Paper) -> Iterator[Path]:
    """The folder of the paper's code, for this process alone; what a killed one left is gone."""
    home = desk.settings.papers / folder_name(paper.name) / "code"
    try:
        home.mkdir(parents=True, exist_ok=True)
        with FileLock(home / ".lock", timeout=0):
            for left in home.glob(".part-*"):
                shutil.rmtree(left, ignore_errors=True)
            yield home
    except Timeout as error:
        raise BusyError(
            f"Code of {paper.name} is being fetched already.", "Try again when it has come."
        ) from error
    except OSError as error:
        raise DeskError(
            f"{home} could not be written: {error.strerror or error}. The desk is as it was.",
            "Make room, or mend its permissions.",
        ) from error


def _clone_into(
    part: Path,
    wanted: Repository,
    protocols: Sequence[str],
    limits: Limits,
    progress: Progress | None,
    cancel: threading.Event | None,
) -> None:
    git.fetch(
        ["clone", "--depth", "1", "--single-branch", "--no-tags", "--no-recurse-submodules",
         "--template=", "--config", "core.symlinks=false", "--", wanted.url, part.name],
        part.parent, protocols=protocols, limits=limits, progress=progress, cancel=cancel,
    )  # fmt: skip


def _head(folder: Path) -> str:
    try:
        return git.read(["rev-parse", "--verify", "HEAD^{commit}"], folder).decode().strip()
    except DeskError as error:
        raise SourceError(
            "The repository is empty; nothing was kept.",
            "Look whether the paper names another one.",
        ) from error


def _free_folder(home: Path, wanted: Repository) -> Path:
    names = [wanted.folder, *(f"{wanted.folder}-{number}" for number in range(2, 1000))]
    return next(home / name for name in names if not (home / name).exists())
