"""A plain folder: markdown links, HTML anchors, YAML front matter."""

from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import quote

from researchdesk.domain.text import one_line
from researchdesk.export import frontmatter
from researchdesk.export.vault.blocks import Blocks, as_markdown
from researchdesk.export.vault.dialect import Dialect, Place, block_name, relative


class Plain(Dialect):
    """What any markdown program reads."""

    name: ClassVar[str] = "plain"

    def link(self, place: Place, label: str, here: str) -> str:
        to = quote(relative(place.file, here))
        anchor = f"#{block_name(place.anchor)}" if place.anchor else ""
        title = f' "{self._in_quotes(place.title)}"' if place.title and not anchor else ""
        return f"[{self.escape(label)}]({to}{anchor}{title})"

    def unresolved(self, written: str, label: str) -> str:
        return written

    def picture(self, file: str, caption: str, here: str) -> str:
        return f"![{self.escape(caption)}]({quote(relative(file, here))})"

    def body(self, blocks: Blocks) -> str:
        return as_markdown(blocks, lambda text, anchor: f'<a id="{block_name(anchor)}"></a>{text}')

    def key(self, name: str) -> str:
        return name

    def with_properties(self, text: str, values: Mapping[str, Any]) -> str:
        return frontmatter.merge(text, values)

    def property_of(self, head: str, name: str) -> str:
        return frontmatter.simple_value(head, name)

    def _in_quotes(self, text: str) -> str:
        return self.escape(one_line(text)).replace('"', '\\"')
