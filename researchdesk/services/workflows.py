"""Workflows from TOML files: the shipped ones, and the user's own in the desk folder.

A file is of a reading workflow, unless its ``kind`` says that it is of investigations.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from researchdesk.assets import folder
from researchdesk.domain.investigation_workflows import (
    KIND,
    InvestigationWorkflow,
    kind_of,
    read_steps,
)
from researchdesk.domain.text import one_line, slug
from researchdesk.domain.toml_tables import Problem
from researchdesk.domain.workflow_files import read_workflow
from researchdesk.domain.workflows import Workflow
from researchdesk.errors import BadInputError, NotOnDeskError
from researchdesk.files import write_text
from researchdesk.services.desk import Desk

_NAME = re.compile(r"^name\s*=.*$", re.MULTILINE)
_SIZE_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class WorkflowFile:
    """A file with what it holds: a workflow, or ``problems``. ``own``: it is the user's.

    ``steps`` is the workflow in place of ``workflow`` where the file is ``of_investigations``.
    """

    path: Path
    own: bool
    workflow: Workflow | None
    problems: tuple[Problem, ...]
    of_investigations: bool = False
    steps: InvestigationWorkflow | None = None

    @property
    def name(self) -> str:
        """What the workflow is called; ``""`` where it cannot be read."""
        found = self.workflow or self.steps
        return found.name if found else ""

    @property
    def words(self) -> str:
        """The first problem with the file's name, and how many there are besides; ``""``: none."""
        if not self.problems:
            return ""
        more = len(self.problems) - 1
        return one_line(f"{self.path}: {self.problems[0]}") + (
            f" (and {more} more)" if more else ""
        )


def workflows(desk: Desk) -> dict[str, Workflow]:
    """The workflows at hand by name: the shipped ones, then those in the desk's ``workflows/``,
    which replace shipped ones of the same name. Broken files are left out; see
    ``workflow_problems``."""
    return load_workflows(_folders(desk))[0]


def workflow_problems(desk: Desk) -> list[str]:
    """What is wrong with workflow files, one message a file."""
    return load_workflows(_folders(desk))[1]


def workflow_files(desk: Desk) -> list[WorkflowFile]:
    """Every file of a reading workflow, the shipped ones first, broken ones too."""
    return [item for item in _read_all(_folders(desk)) if not item.of_investigations]


def investigation_files(desk: Desk) -> list[WorkflowFile]:
    """Every file of a workflow of investigations, the shipped ones first, broken ones too."""
    return [item for item in _read_all(_folders(desk)) if item.of_investigations]


def own_folder(desk: Desk) -> Path:
    """Where the user's own workflows go; it need not exist."""
    return desk.root / "workflows"


def load_workflows(folders: Sequence[Path]) -> tuple[dict[str, Workflow], list[str]]:
    """Workflows by name from every ``*.toml`` of these folders, and the problems met.

    A later folder wins over an earlier one. A broken file gives one message, which names the file,
    the line and the key, and the rest load. A folder that does not exist holds none.
    """
    found: dict[str, Workflow] = {}
    problems: list[str] = []
    for item in _read_all(folders):
        if item.workflow is not None:
            found[item.workflow.name] = item.workflow
        elif not item.of_investigations:
            problems.append(item.words)
    return found, problems


def check_workflow(path: Path) -> WorkflowFile:
    """Read one file. Raises BadInputError where it cannot be read at all."""
    return _read(path, own=True)


def new_workflow(desk: Desk, name: str, like: str = "three-pass") -> Path:
    """Begin a workflow of one's own as a copy of one at hand. A file that is there stays.

    Raises NotOnDeskError for an unknown ``like``, BadInputError where the file is there already.
    """
    files = [item for item in workflow_files(desk) if item.workflow]
    known = {item.workflow.name: item.path for item in files if item.workflow}
    if like not in known:
        raise NotOnDeskError(
            f"There is no reading workflow {like!r}.", f"There are: {', '.join(sorted(known))}."
        )
    target = own_folder(desk) / f"{slug(name)}.toml"
    if target.exists():
        raise BadInputError(
            f"{target} is there already; it stays as it is.", "Choose another name."
        )
    text = known[like].read_text(encoding="utf-8")
    write_text(target, _NAME.sub(f'name = "{slug(name)}"', text, count=1))
    return target


def _folders(desk: Desk) -> list[Path]:
    return [folder("data") / "workflows", own_folder(desk)]


def _read_all(folders: Sequence[Path]) -> list[WorkflowFile]:
    """The files of each folder in turn; a name that stands twice in a folder is a problem."""
    found: list[WorkflowFile] = []
    for place in folders:
        names: dict[tuple[bool, str], Path] = {}
        for path in sorted(place.glob("*.toml")):
            item = _read_or_tell(path, own=place != folder("data") / "workflows")
            if item.name:
                name = item.of_investigations, item.name
                if name in names:
                    what = f"{item.name!r} is the name in {names[name].name} too"
                    twice = (Problem(1, "name", what),)
                    item = WorkflowFile(path, item.own, None, twice, item.of_investigations)
                names.setdefault(name, path)
            found.append(item)
    return found


def _read_or_tell(path: Path, *, own: bool) -> WorkflowFile:
    try:
        stat = path.stat()
        return _kept(path, own, stat.st_mtime_ns, stat.st_size)
    except OSError as error:
        unread = Problem(1, "", f"{path} cannot be read: {error.strerror}.")
        return WorkflowFile(path, own, None, (unread,))
    except BadInputError as error:
        return WorkflowFile(path, own, None, (Problem(1, "", error.message),))


@lru_cache(maxsize=64)
def _kept(path: Path, own: bool, _changed: int, _size: int) -> WorkflowFile:
    """The file as it was read when it was last changed: every step of a pass asks for it."""
    return _read(path, own=own)


def _read(path: Path, *, own: bool) -> WorkflowFile:
    try:
        if path.stat().st_size > _SIZE_LIMIT:
            raise BadInputError(
                f"{path.name} is too large for a workflow.",
                "Is it the right file? A workflow is a TOML file of a few kilobytes.",
            )
        source = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise BadInputError(f"{path} cannot be read: {why}.", "Look at the path.") from error
    if kind_of(source) == KIND:
        steps, problems = read_steps(source)
        return WorkflowFile(path, own, None, problems, True, steps)
    return WorkflowFile(path, own, *read_workflow(source))
