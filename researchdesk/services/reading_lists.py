"""Reading lists: the shipped ones, the user's own, how far they are read, and onto the desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from researchdesk.assets import folder
from researchdesk.domain.identifiers import ArxivId, local_key
from researchdesk.domain.labels import Change, papers
from researchdesk.domain.papers import Metadata
from researchdesk.domain.reading_lists import Entry, ReadingList, read_list
from researchdesk.domain.text import one_line
from researchdesk.errors import BadInputError, NotOnDeskError, SourceError
from researchdesk.files import path_of
from researchdesk.services.desk import Desk
from researchdesk.services.shipped import shipped_metadata
from researchdesk.sources.progress import Progress, silent
from researchdesk.storage import labels, labels_undo, reading_lists
from researchdesk.storage import papers as paper_rows
from researchdesk.storage.database import Database

_SIZE_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry and what the desk has of it: the paper's row, or None; whether it was read.

    Read is a paper of which a pass was finished.
    """

    entry: Entry
    paper_id: int | None
    read: bool


@dataclass(frozen=True, slots=True)
class ListState:
    """A list with how far it is. ``own`` says that it is the user's."""

    list: ReadingList
    path: Path
    own: bool
    entries: tuple[Standing, ...]

    @property
    def on_desk(self) -> int:
        return sum(item.paper_id is not None for item in self.entries)

    @property
    def read(self) -> int:
        return sum(item.read for item in self.entries)

    @property
    def next(self) -> Entry | None:
        """The first entry that was not read."""
        return next((item.entry for item in self.entries if not item.read), None)


@dataclass(frozen=True, slots=True)
class Added:
    """What putting a list on the desk did.

    ``new`` is how many papers came to the desk by it; ``offline`` says why arXiv was not asked, or
    is empty.
    """

    change: Change
    collection: str
    new: int
    offline: str = ""


def own_folder(desk: Desk) -> Path:
    """Where the user's own lists go; it need not exist."""
    return desk.root / "reading_lists"


def lists(desk: Desk) -> list[ListState]:
    """The shipped lists, then the user's own; one of theirs replaces a shipped one of its name.

    Files that cannot be read are left out: see ``problems``.
    """
    return [_state(desk, *item) for item in _readable(desk).values()]


def problems(desk: Desk) -> list[str]:
    """What is wrong with files of reading lists, one message a file."""
    found = []
    for path in _files(desk):
        try:
            _read(path)
        except BadInputError as error:
            found.append(error.message)
    return found


def state_of(desk: Desk, name: str) -> ListState:
    """The list of this name, or in the file of this path.

    Raises NotOnDeskError where there is none, BadInputError where the file is no reading list.
    """
    known = _readable(desk)
    folded = {key.casefold(): key for key in known}
    if name.casefold() in folded:
        return _state(desk, *known[folded[name.casefold()]])
    path = path_of(name)
    if path.suffix == ".toml" or path.is_file():
        return _state(desk, _read(path), path, True)
    raise NotOnDeskError(
        f"There is no reading list {one_line(name)!r}.",
        f"There are: {', '.join(known)}; or give the path of a TOML file.",
    )


def add(desk: Desk, name: str, progress: Progress = silent) -> Added:
    """Put a list on the desk: a collection of its name, in its order, its papers filed.

    arXiv is asked for all of them at once; where it cannot be reached, the papers have the words
    of the list until it can: adding the list again completes them. It is one change, which
    ``labels.undo`` takes back. Raises as ``state_of``.
    """
    state = state_of(desk, name)
    said, offline = _ask(desk, state, progress)
    with desk.database.writing() as db:
        found = reading_lists.papers_of(db, [item.ref for item in state.list.entries])
        back = sorted({number for number, removed in found.values() if removed})
        labels.set_removed(db, back, None)
        _complete(db, {ref: number for ref, (number, _) in found.items()}, said)
        ids: list[int] = []
        new: list[int] = []
        for entry in state.list.entries:
            if entry.ref in found:
                ids.append(found[entry.ref][0])
                continue
            metadata = said.get(entry.arxiv) or shipped_metadata(entry.arxiv) or entry.metadata
            new.append(_file(desk, db, metadata))
            ids.append(new[-1])
        change = _collect(desk, db, state.list, ids, [*new, *back])
        return Added(change, state.list.name, len(new) + len(back), offline)


def _collect(
    desk: Desk, db: Database, wanted: ReadingList, ids: Sequence[int], filed: Sequence[int]
) -> Change:
    """Make the collection, or put into it what it lacks; ``filed`` came to the desk for it."""
    rows = labels.members(db, wanted.name)
    there = {one for one, _, _ in rows}
    first = max((place for _, place, _ in rows), default=0) + 1
    whys = dict(zip(ids, (entry.why for entry in wanted.entries), strict=True))
    lacking = [one for one in dict.fromkeys(ids) if one not in there]
    steps: list[labels_undo.Step] = []
    if lacking:
        ranges = labels_undo.packed(lacking)
        steps.append({"do": "out", "name": wanted.name, "ids": ranges})
    if not labels.collections(db, wanted.name):
        labels.create(db, wanted.name, wanted.title, desk.clock())
        steps.append({"do": "drop", "name": wanted.name})
    if filed:
        steps.append({"do": "remove", "ids": labels_undo.packed(filed)})
    if not steps:
        return Change(0, f"Nothing to do: {wanted.name} is on the desk already.", 0)
    labels.put_in(db, wanted.name, [(one, n, whys[one]) for n, one in enumerate(lacking, first)])
    what = f"reading list {wanted.name} put on the desk: {papers(len(lacking))}"
    return labels_undo.record(db, what, len(lacking), steps, desk.clock())


def _ask(desk: Desk, state: ListState, progress: Progress) -> tuple[Mapping[str, Metadata], str]:
    """What arXiv says of the papers that the desk does not know well, and why it could not."""
    db = desk.database.connection
    refs = [entry.arxiv for entry in state.list.entries if entry.arxiv]
    found = reading_lists.papers_of(db, refs)
    bare = set(reading_lists.without_abstract(db, [number for number, _ in found.values()]))
    wanted = [ref for ref in refs if ref not in found or found[ref][0] in bare]
    if not wanted:
        return {}, ""
    if desk.settings.offline:
        return {}, "--offline was given"
    from researchdesk.sources.arxiv import ArxivSource  # noqa: PLC0415 - slow to import

    source = ArxivSource(desk.settings, desk.clock)
    try:
        return source.metadata_many([ArxivId(ref) for ref in wanted], progress), ""
    except SourceError as error:
        return {}, error.message


def _complete(db: Database, found: Mapping[str, int], said: Mapping[str, Metadata]) -> None:
    """Write arXiv's words over those of a list, where papers had no more than these."""
    for number in reading_lists.without_abstract(db, found.values()):
        ref = next(key for key, value in found.items() if value == number)
        if ref in said:
            paper_rows.update(db, number, said[ref])


def _file(desk: Desk, db: Database, metadata: Metadata) -> int:
    key = local_key(metadata.title, metadata.authors, metadata.year)
    return paper_rows.insert(db, paper_rows.free_key(db, key), metadata, desk.clock()).id


def _state(desk: Desk, wanted: ReadingList, path: Path, own: bool) -> ListState:
    db = desk.database.connection
    found = reading_lists.papers_of(db, [entry.ref for entry in wanted.entries])
    there = {ref: number for ref, (number, removed) in found.items() if not removed}
    read = reading_lists.read(db, there.values())
    standing = tuple(
        Standing(entry, there.get(entry.ref), there.get(entry.ref) in read)
        for entry in wanted.entries
    )
    return ListState(wanted, path, own, standing)


def _readable(desk: Desk) -> dict[str, tuple[ReadingList, Path, bool]]:
    found: dict[str, tuple[ReadingList, Path, bool]] = {}
    mine = own_folder(desk)
    for path in _files(desk):
        try:
            wanted = _read(path)
        except BadInputError:
            continue
        found[wanted.name] = (wanted, path, path.parent == mine)
    return found


def _files(desk: Desk) -> list[Path]:
    places = (folder("data") / "reading_lists", own_folder(desk))
    return [path for place in places for path in sorted(place.glob("*.toml"))]


def _read(path: Path) -> ReadingList:
    """The list of a file. Raises BadInputError, naming the line."""
    try:
        if path.stat().st_size > _SIZE_LIMIT:
            raise BadInputError(
                f"{path} is larger than a reading list can be.",
                "Is it the right file? A list is a TOML file of a few kilobytes.",
            )
        found, wrong = read_list(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInputError(
            f"{path} cannot be read: {error.strerror}.", "Look at the path and its permissions."
        ) from error
    except UnicodeDecodeError as error:
        raise BadInputError(f"{path} is no UTF-8 text.", "Save it as UTF-8.") from error
    if found is None:
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        raise BadInputError(
            one_line(f"{path}: {wrong[0]}{more}"),
            "A list has name, title and [[entries]]; see: researchdesk reading-list --help",
        )
    return found
