"""The folder of a vault: of what kind it is, which file is whose, also where it was moved to."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from researchdesk.errors import UsageProblemError
from researchdesk.export.vault import DIALECTS
from researchdesk.export.vault.dialect import Dialect, Place
from researchdesk.export.vault.page import identity, is_ours

BESIDE = ".new"
"""Stands before the ending of a file with newer text than a person's."""
_MOST, _HEAD = 20_000, 4_096
_SKIPPED = frozenset({"logseq", "node_modules"})


@dataclass(frozen=True)
class VaultFolder:
    """A vault. ``root`` is the vault's own folder, ``folder`` where new files of ours go; files are
    told relative to ``root``, with ``/``. ``ids`` are the names that the property with a page's ref
    has, or had."""

    root: Path
    folder: Path
    dialect: Dialect
    ids: Sequence[str] = field(default=("id",))
    seen_from: Path | None = None
    """The folder that paths are told from, where they are not told in full."""

    def place_all(self, pages: Mapping[str, tuple[str, str, str]]) -> dict[str, Place]:
        """Where the page of each ref stands, or will: of each its kind, its name and its title."""
        files = {ref: self.usual(kind, name) for ref, (kind, name, _) in pages.items()}
        if any(not (self.root / file).is_file() for file in files.values()):
            files |= self._moved(files)
        names = self._names(files)
        return {
            ref: Place(file, self._page(file, names), pages[ref][2]) for ref, file in files.items()
        }

    def has(self, place: Place) -> bool:
        return (self.root / place.file).is_file()

    def path(self, file: str) -> Path:
        """Where the file is, as the folder of export was named: in full, or from here."""
        path = self.root / file
        if self.seen_from is None or not path.is_relative_to(self.seen_from):
            return path
        return path.relative_to(self.seen_from)

    def beside(self, file: str) -> Path:
        """The file that newer text goes to, where this one was changed by hand."""
        path = self.path(file)
        return path.with_name(f"{path.stem}{BESIDE}{path.suffix}")

    def picture_file(self, stem: str, name: str) -> str:
        """The file of a paper's picture, relative to the root."""
        flat = self.dialect.pages
        inner = f"{stem}-{name}" if flat else f"{stem}/{name}"
        return self._below(f"{self.dialect.pictures}/{inner}")

    def usual(self, kind: str, name: str) -> str:
        """Where a new page is written."""
        return self._below(self.dialect.file_of(kind, name))

    def _below(self, file: str) -> str:
        """A file of the folder of export, told from the root; Logseq has folders of its own."""
        if self.dialect.pages or self.root == self.folder:
            return file
        return str(PurePosixPath(self.folder.relative_to(self.root).as_posix()) / file)

    def _page(self, file: str, names: Counter[str]) -> str:
        page = self.dialect.page_of(file)
        return page if names[page.casefold()] < 2 else file.removesuffix(".md")

    def _names(self, files: Mapping[str, str]) -> Counter[str]:
        """How often each name of a page stands in the vault, where links are by name alone."""
        if self.dialect.name != "obsidian":
            return Counter()
        every = {*self._every, *files.values()}
        return Counter(self.dialect.page_of(file).casefold() for file in every)

    def _moved(self, files: Mapping[str, str]) -> dict[str, str]:
        """Of the pages that are not where they were written first, the file they were moved to."""
        gone = {ref for ref, file in files.items() if not (self.root / file).is_file()}
        found: dict[str, str] = {}
        for file in self._every:
            try:
                with (self.root / file).open("rb") as opened:
                    head = opened.read(_HEAD).decode("utf-8", "ignore")
            except OSError:
                continue
            ref = identity(head, self.dialect, self.ids)
            if ref in gone and file not in files.values() and self._is_ours(file):
                found.setdefault(ref, file)
        return found

    def _is_ours(self, file: str) -> bool:
        try:
            return is_ours((self.root / file).read_text("utf-8"))
        except (OSError, UnicodeDecodeError):
            return False

    @cached_property
    def _every(self) -> tuple[str, ...]:
        """The markdown files of the vault in their order; not more than a person would have."""
        found = []
        for file in _walk(self.root):
            found.append(file)
            if len(found) == _MOST:
                break
        return tuple(found)


def open_vault(folder: Path, kind: str, ids: Sequence[str] = ("id",)) -> VaultFolder:
    """The vault that ``folder`` is, or is in. ``kind`` is that of the settings or of the command;
    with ``""`` it is told by the folder, plain where nothing tells.

    Raises UsageProblemError for a kind that there is not.
    """
    here = None if folder.is_absolute() else Path.cwd()
    folder = folder.resolve() if ".." in folder.parts else folder.absolute()
    if kind and kind not in DIALECTS:
        raise UsageProblemError(
            f"There is no kind of vault {kind!r}.", f"It is one of: {', '.join(DIALECTS)}."
        )
    wanted = [DIALECTS[kind]] if kind else [one for one in DIALECTS.values() if one.sign]
    for root in (folder, *folder.parents):
        for dialect in wanted:
            if dialect.sign and _is_vault(root, dialect.sign, root == folder):
                return VaultFolder(root, folder, dialect, ids, here)
    return VaultFolder(folder, folder, DIALECTS[kind or "plain"], ids, here)


def in_the_way(folder: Path) -> Path | None:
    """The file that stands where the folder, or one above it, would have to be."""
    there = next((one for one in (folder, *folder.parents) if os.path.lexists(one)), None)
    return None if there is None or there.is_dir() else there


def _is_vault(root: Path, sign: str, asked: bool) -> bool:
    """Whether the folder is a vault; one above that which was asked for must be so for certain."""
    inside = root / sign
    return inside.is_dir() if asked or sign.startswith(".") else (inside / "config.edn").is_file()


def _walk(root: Path) -> Iterator[str]:
    for folder, inner, names in os.walk(root):
        inner[:] = sorted(one for one in inner if not one.startswith(".") and one not in _SKIPPED)
        for name in sorted(names):
            if name.endswith(".md") and not name.endswith(f"{BESIDE}.md"):
                yield (Path(folder) / name).relative_to(root).as_posix()
