"""Notes out of the desk, as pages of a vault that stay the user's."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from researchdesk import files
from researchdesk.domain.papers import Paper
from researchdesk.errors import BadInputError, DeskError, NotOnDeskError
from researchdesk.export.regions import Settle
from researchdesk.export.vault.page import Page, Rendered, is_ours, is_untouched_beside, render
from researchdesk.export.vault.papers import Picture, paper_page
from researchdesk.export.vault.pen import Pen
from researchdesk.services.desk import Desk
from researchdesk.services.library import get_papers
from researchdesk.services.vault_contents import Contents, gather
from researchdesk.services.vault_folder import VaultFolder, in_the_way, open_vault
from researchdesk.services.vault_keys import wanted_keys
from researchdesk.storage import papers as paper_rows

Tell = Callable[[str, int, int], None]
"""What is being done, how much of it is done, of how much."""
_TRIES = 3
"""How often a page is made anew that a person saves just when it is to be written."""


@dataclass(frozen=True, slots=True)
class VaultOptions:
    """``vault`` names the kind, ``""`` for that of the settings or what the folder tells. With
    ``figures`` the papers' figures are copied. ``settle``: what becomes of regions that a person
    changed."""

    vault: str = ""
    figures: bool = False
    settle: Settle = Settle.ASK


@dataclass(frozen=True, slots=True)
class Exported:
    """A file of what ``ref`` means; ``changed`` is False where it said everything already.

    ``edited`` names the regions that stay as a person changed them; for ``conflicts``, some of
    these, there is newer text in ``beside``.
    """

    ref: str
    path: Path
    changed: bool
    edited: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    beside: Path | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """What was written, papers first. ``problems`` are of files that were left as they are;
    ``pictures`` says how many figures were copied, ``pictured`` how many there are."""

    kind: str
    files: tuple[Exported, ...]
    problems: tuple[DeskError, ...] = ()
    pictures: int = 0
    pictured: int = 0


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A page that is to be written: what it is of, and how it is made."""

    ref: str
    make: Callable[[Pen], Page]
    pictures: Sequence[Picture] = ()


@dataclass(frozen=True, slots=True)
class _Plan:
    """A file before it is written; ``old`` is the text that ``rendered`` was made from."""

    path: Path
    old: str
    rendered: Rendered
    beside: Path

    @property
    def changes(self) -> bool:
        return self.rendered.text != self.old

    def still_stands(self) -> bool:
        try:
            return files.read_text(self.path) == self.old
        except BadInputError:
            return False


def export_notes(
    desk: Desk,
    refs: Sequence[str] | None,
    folder: Path,
    options: VaultOptions | None = None,
    tell: Tell = lambda *_: None,
) -> Export:
    """Write a page for each paper into the vault ``folder``, and for each run, surprise, idea,
    investigation and watched script that hangs on them; ``None``: all papers, surprises, ideas and
    investigations of the desk.

    What a person wrote stays: outside the marked regions all, within them what was changed by hand.
    A file whose marks are broken, or that is not ours, is left as it is and told as a problem.
    Raises BadInputError where the only file is one, or a file cannot be written, or the folder is a
    file or below one; NotOnDeskError.
    """
    options = options or VaultOptions()
    chosen = _chosen(desk, refs)
    kind = options.vault or desk.settings.vault
    name = wanted_keys(desk.settings.vault_keys)[0]["id"]
    if (other := in_the_way(folder)) is not None:
        raise BadInputError(
            f"{other} is a file, so there is no folder {folder}. Nothing was written.",
            "Name another folder, or move the file away.",
        )
    vault = open_vault(folder, kind, (name, "id"))
    keys, constants = wanted_keys(desk.settings.vault_keys, vault.dialect.keys)
    tell("reading the desk", 0, len(chosen))
    contents = gather(desk, chosen, vault, whole=refs is None)
    writer = _Writer(desk, vault, contents, keys, constants, options, tell)
    return writer.write(chosen)


@dataclass(slots=True)
class _Writer:
    desk: Desk
    vault: VaultFolder
    contents: Contents
    keys: Mapping[str, str]
    constants: Mapping[str, str]
    options: VaultOptions
    tell: Tell
    problems: list[DeskError] = field(default_factory=list)

    def write(self, chosen: Sequence[Paper]) -> Export:
        """Each page is judged and written before the next is made, for that may take minutes."""
        done: list[Exported] = []
        total, copied, pictured = len(chosen) + len(self.contents.things), 0, 0
        for wanted in self._wanted(chosen, total):
            plan = self._planned(wanted)
            if plan is None and len(chosen) == 1 and wanted.ref == chosen[0].name:
                raise self.problems[0]
            if plan is None:
                continue
            try:
                copied += sum(files.write_new(one.path, one.source) for one in wanted.pictures)
                written = self._written(wanted, plan)
            except DeskError as error:
                raise _stopped(error, done, total) from error
            pictured += len(wanted.pictures)
            done += filter(None, [written])
        kind = self.vault.dialect.name
        return Export(kind, tuple(done), tuple(self.problems), copied, pictured)

    def _wanted(self, chosen: Sequence[Paper], total: int) -> Iterator[_Wanted]:
        for number, paper in enumerate(chosen):
            self.tell("pages", number, total)
            told = self.contents.told(paper)
            pictures: Sequence[Picture] = ()
            if self.options.figures:
                # What takes PDFs apart is slow to import.
                from researchdesk.services.vault_figures import figures_of  # noqa: PLC0415

                pictures = figures_of(self.desk, paper, self.vault, self.contents.stem(paper))
                told = self.contents.told(paper, [one.shown for one in pictures])
            yield _Wanted(paper.name, partial(paper_page, told), pictures)
        for number, (ref, thing) in enumerate(self.contents.things.items(), len(chosen)):
            self.tell("pages", number, total)
            yield _Wanted(ref, thing.write)

    def _planned(self, wanted: _Wanted) -> _Plan | None:
        place = self.contents.places[wanted.ref]
        path = self.vault.path(place.file)
        page = wanted.make(Pen(self.vault.dialect, self.contents.places, place.file))
        try:
            _refuse_outside(path, self.vault.root)
            old = files.read_text(path)
            _refuse_foreign(path, old)
            rendered = render(
                page,
                old,
                self.vault.dialect,
                self.keys,
                self.constants,
                name=place.page,
                where=str(path),
                settle=self.options.settle,
            )
        except BadInputError as error:
            self.problems.append(error)
            return None
        return _Plan(path, old, rendered, self.vault.beside(place.file))

    def _written(self, wanted: _Wanted, plan: _Plan) -> Exported | None:
        """Write it over just the text that it was made from: what a person saved since is taken
        in, too."""
        for _ in range(_TRIES):
            if not plan.changes or plan.still_stands():
                break
            anew = self._planned(wanted)
            if anew is None:
                return None
            plan = anew
        else:
            self.problems.append(_never_still(plan.path))
            return None
        if plan.changes:
            files.write_text(plan.path, plan.rendered.text)
        beside, told = self._beside(plan), plan.rendered
        return Exported(wanted.ref, plan.path, plan.changes, told.edited, told.conflicts, beside)

    def _beside(self, plan: _Plan) -> Path | None:
        """Write the newer text beside what a person changed, or take it away where that is settled;
        one that a person wrote in stays."""
        wanted = plan.rendered.beside
        if not plan.beside.exists():
            if wanted:
                files.write_text(plan.beside, wanted)
            return plan.beside if wanted else None
        old = files.read_text(plan.beside)
        if old != wanted and not is_untouched_beside(old):
            self.problems.append(_written_in(plan.beside))
        elif wanted:
            files.write_text(plan.beside, wanted)
        else:
            plan.beside.unlink(missing_ok=True)
        return plan.beside if wanted else None


def _chosen(desk: Desk, refs: Sequence[str] | None) -> list[Paper]:
    if refs is not None:
        return list({paper.id: paper for paper in get_papers(desk, refs)}.values())
    chosen = paper_rows.all_papers(desk.database.connection)
    if not chosen:
        raise NotOnDeskError(
            "There is no paper on this desk yet.", "Put one there: researchdesk add 1706.03762"
        )
    return chosen


def _refuse_outside(path: Path, root: Path) -> None:
    if files.leads_out(path, root):
        raise BadInputError(
            f"{path} leads out of {root} by a link. Nothing was written there.",
            "Put a file or a folder of its own in its place, or export to where it leads.",
        )


def _refuse_foreign(path: Path, old: str) -> None:
    if old.strip() and not is_ours(old):
        raise BadInputError(
            f"{path} is there already and was not written by researchdesk. It was left as it is.",
            "Move it away, or export to another folder.",
        )


def _written_in(path: Path) -> BadInputError:
    return BadInputError(
        f"Somebody wrote in {path}, which holds text of the desk. It was left as it is.",
        "Move what you wrote elsewhere and delete the file; it is written anew where it is needed.",
    )


def _never_still(path: Path) -> BadInputError:
    return BadInputError(
        f"{path} was changed again whenever it was to be written. It was left as it is.",
        "Save it, and export again.",
    )


def _stopped(error: DeskError, done: Sequence[Exported], total: int) -> DeskError:
    words = f"{error.message} Before that {len(done):,} of {total:,} files were written, whole."
    return BadInputError(words, f"{error.hint} The same command goes on where it stopped.")
