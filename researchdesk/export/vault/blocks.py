"""What a page says, as blocks: their text is markdown already, their order is the dialect's."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class BlockKind(StrEnum):
    HEADING = "heading"
    TEXT = "text"
    ITEM = "item"
    """One of a list; items beside each other are one list."""


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a page. ``level`` is that of a heading, ``anchor`` the ref that links to it mean
    (``note:5``), or ``""``. ``under`` is what belongs to it."""

    text: str
    kind: BlockKind = BlockKind.TEXT
    level: int = 0
    anchor: str = ""
    under: tuple["Block", ...] = ()


Blocks = Sequence[Block]


def heading(level: int, text: str, *under: Block, anchor: str = "") -> Block:
    """A heading of one line, with what stands under it."""
    return Block(" ".join(text.split()), BlockKind.HEADING, level, anchor, under)


def item(text: str, *under: Block, anchor: str = "") -> Block:
    """One of a list, in one line."""
    return Block(" ".join(text.split()), BlockKind.ITEM, 0, anchor, under)


def as_markdown(blocks: Blocks, marked: Callable[[str, str], str]) -> str:
    """The blocks one below the other; ``marked(text, anchor)`` puts an anchor to a text."""
    parts: list[str] = []
    last: BlockKind | None = None
    for block in blocks:
        if parts:
            parts.append("\n" if last is block.kind is BlockKind.ITEM else "\n\n")
        text = marked(block.text, block.anchor) if block.anchor else block.text
        head = f"{'#' * block.level} " if block.kind is BlockKind.HEADING else ""
        parts.append(f"- {text}" if block.kind is BlockKind.ITEM else f"{head}{text}")
        if block.under:
            parts.append(_under(block, as_markdown(block.under, marked)))
        last = block.kind
    return "".join(parts)


def _under(block: Block, text: str) -> str:
    """What belongs to a block, with the gap before it; that of an item is set in."""
    if block.kind is not BlockKind.ITEM:
        return f"\n\n{text}"
    gap = "\n" if _are_items(block.under) else "\n\n"
    return gap + "\n".join(f"  {line}" if line else "" for line in text.split("\n"))


def _are_items(blocks: Blocks) -> bool:
    return all(block.kind is BlockKind.ITEM for block in blocks)
