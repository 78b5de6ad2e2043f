"""Logseq's folders of markdown: pages, properties, outlines, block references.

A page is one outline of bullets; its properties are ``key:: value`` lines before the first. A
block that is referred to has its ``id::``, a UUID, below its first line. The page's name is its
property ``title``: without it a point in the file's name would read as a level of a namespace.
Sources: docs.logseq.com, "Properties", "Block references", "Filename format"; logseq/logseq,
``graph_parser/extract.cljc`` (the order in which a page's name is looked for) and ``text.cljs``
(a value in quotes is not searched for links).
"""

import re
import uuid
from collections.abc import Mapping
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any, ClassVar

from researchdesk.domain.text import one_line
from researchdesk.export.vault import logseq_properties
from researchdesk.export.vault.blocks import BlockKind, Blocks
from researchdesk.export.vault.dialect import Dialect, Place, relative

_ID_LINE = re.compile(r"^\s*id:: [0-9a-f-]{36}\n?", re.MULTILINE)
_SPACE = uuid.UUID("7b0c0d0e-6f3e-5d0a-9d55-0e6a4c1f2a37")
_TAKEN = {"id": "desk-id", "title": "paper-title", "aliases": "alias"}
_KEPT = 16_384
_IN_LABEL = str.maketrans({"[": "(", "]": ")"})


class Logseq(Dialect):
    """Pages are found by their name, blocks by their UUID, wherever they stand."""

    name: ClassVar[str] = "logseq"
    sign: ClassVar[str] = "logseq"
    lead: ClassVar[str] = "- "
    special: ClassVar[str] = r"#(?=[^\s#])|\(\(|\{\{|\^\^|=="
    pictures: ClassVar[str] = "assets"
    separator: ClassVar[str] = "___"
    pages: ClassVar[str] = "pages"

    def page_of(self, file: str) -> str:
        return PurePosixPath(file).name.removesuffix(".md").replace(self.separator, "/")

    def link(self, place: Place, label: str, here: str) -> str:
        shown = self.escape(one_line(label.translate(_IN_LABEL)))
        if place.anchor:
            return f"[{shown}]((({_block_id(place.anchor)})))"
        return f"[[{place.page}]]" if label == place.page else f"[{shown}]([[{place.page}]])"

    def unresolved(self, written: str, label: str) -> str:
        shown = f"{label} ({written.strip('[]').partition('|')[0]})" if label else written
        return self.escape(shown)

    def picture(self, file: str, caption: str, here: str) -> str:
        return f"![{self.escape(caption)}]({relative(file, here)})"

    def body(self, blocks: Blocks) -> str:
        return "\n".join(_outline(blocks, 0))

    def key(self, name: str) -> str:
        return _TAKEN.get(name, name)

    def fixed(self, page: str) -> Mapping[str, Any]:
        return {"title": page}

    def without_ids(self, body: str) -> str:
        return _ID_LINE.sub("", body)

    def with_properties(self, text: str, values: Mapping[str, Any]) -> str:
        return logseq_properties.merge(text, values)

    def property_of(self, head: str, name: str) -> str:
        return logseq_properties.value_of(head, name)


@lru_cache(_KEPT)
def _block_id(anchor: str) -> str:
    return str(uuid.uuid5(_SPACE, anchor))


def _outline(blocks: Blocks, depth: int) -> list[str]:
    """The lines of an outline; what follows a heading stands under it."""
    lines: list[str] = []
    for block in blocks:
        tabs = "\t" * depth
        head = f"{'#' * block.level} " if block.kind is BlockKind.HEADING else ""
        first, *more = (head + block.text).split("\n")
        lines.append(f"{tabs}- {first}")
        if block.anchor:
            lines.append(f"{tabs}  id:: {_block_id(block.anchor)}")
        lines += [f"{tabs}  {line}" if line else "" for line in more]
        lines += _outline(block.under, depth + 1)
    return lines
