"""What a kind of vault must be able to say; a further kind is one more class."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import Any, ClassVar

from researchdesk.export.escaping import escape, table
from researchdesk.export.vault.blocks import Blocks

FOLDERS = {
    "run": "runs",
    "funny": "surprises",
    "idea": "ideas",
    "investigation": "investigations",
    "watch": "watch",
}
"""Where pages of a kind stand; those of papers stand at the top."""
_UNSAFE = re.compile(r"[^\w.+-]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: ``file`` is relative to the folder of export, with ``/``; ``page`` is
    what links call it. ``anchor`` is the ref of the block meant, or ``""`` for the page."""

    file: str
    page: str
    title: str = ""
    anchor: str = ""


class Dialect(ABC):
    """One kind of vault: its files, its links, its properties, its blocks."""

    name: ClassVar[str]
    sign: ClassVar[str] = ""
    """The folder that tells a vault of this kind."""
    lead: ClassVar[str] = ""
    """What stands before the mark of a region."""
    special: ClassVar[str] = ""
    """What this kind reads as a mark beside what markdown does: a pattern, or ``""``."""
    pictures: ClassVar[str] = "figures"
    """The folder for figures."""
    separator: ClassVar[str] = "/"
    """Stands between the folder of a page and its name."""
    keys: ClassVar[tuple[str, ...]] = ()
    """Keys of the desk that pages have here without being asked, beside those of every vault."""
    pages: ClassVar[str] = ""
    """The folder that all pages are in, ``""`` for the root."""

    def file_of(self, kind: str, name: str) -> str:
        """The file of a new page, relative to the folder of export."""
        folder = f"{FOLDERS[kind]}{self.separator}" if kind in FOLDERS else ""
        stem = _UNSAFE.sub("_", name) or "_"
        return str(PurePosixPath(self.pages) / f"{folder}{stem}.md")

    def page_of(self, file: str) -> str:
        """What links call the page in this file."""
        return file

    def escape(self, text: str) -> str:
        """``text`` from outside, such that the vault shows it as it stands."""
        shown = escape(text)
        if not self.special:
            return shown
        return _marks(self.special).sub(_guarded, shown)

    def table(self, head: str, rows: Sequence[tuple[str, ...]]) -> str:
        """A table; ``head`` is its columns' names between ``|``, the cells are markdown."""
        return "\n".join(table(head, rows))

    @abstractmethod
    def link(self, place: Place, label: str, here: str) -> str:
        """A link from the file ``here``; ``label`` is text from outside."""

    @abstractmethod
    def unresolved(self, written: str, label: str) -> str:
        """What stands for a link of which the vault has no page: ``written`` as in the note."""

    @abstractmethod
    def picture(self, file: str, caption: str, here: str) -> str:
        """A picture of the vault, shown in the file ``here``."""

    @abstractmethod
    def body(self, blocks: Blocks) -> str:
        """The text of a region."""

    @abstractmethod
    def key(self, name: str) -> str:
        """A property's name as the vault can have it."""

    @abstractmethod
    def with_properties(self, text: str, values: Mapping[str, Any]) -> str:
        """``text`` with these properties brought up to date, the user's own as they stand.

        To ``tags`` and ``aliases`` is added what is missing; what is there stays.
        """

    @abstractmethod
    def property_of(self, head: str, name: str) -> str:
        """The value of a property in the head of a file, ``""`` where it has none."""

    def fixed(self, page: str) -> Mapping[str, Any]:
        """Properties that every page needs, whatever is wished."""
        return {}

    def without_ids(self, body: str) -> str:
        """The text of a region without what may stand in one file only."""
        return body

    def tag(self, tag: str) -> str:
        """A tag as the vault can have it, ``""`` where it can not."""
        return tag


@cache
def _marks(special: str) -> re.Pattern[str]:
    """What a kind of vault reads as a mark, and what has a backslash already."""
    return re.compile(rf"\\.|{special}")


def _guarded(match: re.Match[str]) -> str:
    """A mark with backslashes; what has one already stays."""
    return match[0] if match[0][0] == "\\" else "".join(f"\\{one}" for one in match[0])


def block_name(anchor: str) -> str:
    """The name of a block within its page: ``note-5``, ``claim-…``."""
    kind, _, target = anchor.partition(":")
    return f"claim-{target.partition('#')[2]}" if "#" in target else f"{kind}-{target}"


def relative(file: str, here: str) -> str:
    """The way from the file ``here`` to ``file``, both relative to one root."""
    one, other = file.split("/"), here.split("/")[:-1]
    shared = 0
    while shared < min(len(one) - 1, len(other)) and one[shared] == other[shared]:
        shared += 1
    return "/".join([".."] * (len(other) - shared) + one[shared:])
