"""The files of a clone as a tree; a folder's inside is made when it is opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from rich.text import Text
from textual import on
from textual.message import Message
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from researchdesk.domain.code import CodeFile
from researchdesk.domain.text import one_line
from researchdesk.tui.commands import keyed

_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A folder (``file`` is None) or a file. ``path`` is relative to the clone."""

    path: str
    file: CodeFile | None = None


class CodeTree(Tree[Entry]):
    """Folders first, then files; what holds no text is shown dim."""

    DEFAULT_CSS = """
    CodeTree { height: 1fr; padding: 0; background: $background; }
    CodeTree:focus { background-tint: transparent; }
    """
    show_root = False
    guide_depth = 2

    @dataclass
    class Chosen(Message):
        """A file is wanted."""

        file: CodeFile

    def __init__(self) -> None:
        super().__init__("", Entry(""))
        self._inside: dict[str, tuple[set[str], list[CodeFile]]] = {}

    def show(self, files: Sequence[CodeFile]) -> None:
        """Show these files, folders closed."""
        self._inside = {}
        for file in files:
            parts = PurePosixPath(file.path).parts
            for depth in range(len(parts) - 1):
                self._folder("/".join(parts[:depth]))[0].add("/".join(parts[: depth + 1]))
            self._folder("/".join(parts[:-1]))[1].append(file)
        self.clear()
        self._fill(self.root)
        self.root.expand()
        self.cursor_line = 0

    def reveal(self, path: str) -> None:
        """Open the folders above a file and put the mark on it."""
        node = self.root
        parts = PurePosixPath(path).parts
        for depth in range(1, len(parts) + 1):
            wanted = "/".join(parts[:depth])
            found = next((c for c in node.children if c.data and c.data.path == wanted), None)
            if found is None:
                return
            node = found
            if depth < len(parts):
                self._fill(node)
                node.expand()
        self.call_after_refresh(self.move_cursor, node)

    def _folder(self, path: str) -> tuple[set[str], list[CodeFile]]:
        return self._inside.setdefault(path, (set(), []))

    @on(Tree.NodeExpanded)
    def fill(self, event: Tree.NodeExpanded[Entry]) -> None:
        event.stop()
        self._fill(event.node)

    def _fill(self, node: TreeNode[Entry]) -> None:
        if node.children or node.data is None or node.data.file is not None:
            return
        folders, files = self._inside.get(node.data.path, (set(), []))
        for path in sorted(folders, key=str.lower):
            node.add(Text(f"{_name(path)}/"), Entry(path))
        for file in sorted(files, key=lambda item: item.path.lower())[:_MOST]:
            words = Text(_name(file.path), style="" if file.text else "dim")
            node.add_leaf(words, Entry(file.path, file))
        if len(files) > _MOST:
            finds = keyed("{code.find} finds them")
            node.add_leaf(Text(f"… {len(files) - _MOST:,} more; {finds}", style="dim"))

    @on(Tree.NodeSelected)
    def announce(self, event: Tree.NodeSelected[Entry]) -> None:
        event.stop()
        if event.node.data is not None and event.node.data.file is not None:
            self.post_message(self.Chosen(event.node.data.file))


def _name(path: str) -> str:
    return one_line(PurePosixPath(path).name) or "…"
