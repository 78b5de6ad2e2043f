"""Obsidian: wikilinks, block ids, properties in YAML.

Source: Obsidian Help, "Internal links", "Properties", "Tags". A block id stands at the end of its
block and has letters, digits and dashes; a tag has letters, digits, ``_``, ``-`` and ``/``, and not
digits alone.
"""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import ClassVar

from researchdesk.domain.text import one_line
from researchdesk.export.vault.blocks import Blocks, as_markdown
from researchdesk.export.vault.dialect import Place, block_name
from researchdesk.export.vault.plain import Plain

_ID_AT_END = re.compile(r" \^[a-z]+-[A-Za-z0-9-]+$", re.MULTILINE)
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9-]+")
_NOT_IN_TAG = re.compile(r"[^\w/-]+")
_LABELLED = re.compile(r"(\[\[[^\[\]|\n]*)(\|)(?=[^\[\]\n]*\]\])")
_IN_LABEL = str.maketrans({"[": "(", "]": ")", "|": "/"})


class Obsidian(Plain):
    """Notes are found by their name alone, so that they may be moved within the vault."""

    name: ClassVar[str] = "obsidian"
    sign: ClassVar[str] = ".obsidian"
    keys: ClassVar[tuple[str, ...]] = ("aliases",)
    special: ClassVar[str] = r"#(?=[^\s#])|%%|==|\^(?=[A-Za-z0-9-]+$)"

    def page_of(self, file: str) -> str:
        return PurePosixPath(file).name.removesuffix(".md")

    def table(self, head: str, rows: Sequence[tuple[str, ...]]) -> str:
        return super().table(head, [tuple(map(_in_cell, row)) for row in rows])

    def link(self, place: Place, label: str, here: str) -> str:
        anchor = f"#^{_block_id(place.anchor)}" if place.anchor else ""
        shown = self.escape(one_line(label.translate(_IN_LABEL)))
        return f"[[{place.page}{anchor}{f'|{shown}' if shown != place.page else ''}]]"

    def unresolved(self, written: str, label: str) -> str:
        shown = f"{label} ({written.strip('[]').partition('|')[0]})" if label else written
        return self.escape(shown)

    def picture(self, file: str, caption: str, here: str) -> str:
        return f"![[{file}]]"

    def body(self, blocks: Blocks) -> str:
        return as_markdown(blocks, lambda text, anchor: f"{text} ^{_block_id(anchor)}")

    def without_ids(self, body: str) -> str:
        return _ID_AT_END.sub("", body)

    def tag(self, tag: str) -> str:
        name = _NOT_IN_TAG.sub("-", tag).strip("-/")
        return f"{name}-" if name.isdigit() else name


def _block_id(anchor: str) -> str:
    return _NOT_IN_ID.sub("-", block_name(anchor))


def _in_cell(cell: str) -> str:
    return _LABELLED.sub(r"\1\\|", cell)
