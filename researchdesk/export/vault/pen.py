"""Writing one page of a vault: text from outside made safe, links that lead where they can."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from researchdesk.domain.links import Link, LinkKind, links_in, ref_link
from researchdesk.domain.text import clean, one_line
from researchdesk.export import regions
from researchdesk.export.fences import closed
from researchdesk.export.vault.blocks import Block
from researchdesk.export.vault.dialect import Dialect, Place

_KEPT = 16_384
Places = Mapping[str, Place]
"""Where what a ref means stands in the vault; what is not there lacks."""


@dataclass(frozen=True, slots=True)
class Pen:
    """``here`` is the file that is written, relative to the folder of export."""

    dialect: Dialect
    places: Places
    here: str

    def safe(self, text: str) -> str:
        """Text from outside as it stands, in one line."""
        return self.dialect.escape(one_line(text))

    def quoted(self, text: str) -> str:
        """Text from outside as a block quote."""
        return "\n".join(
            f"> {line}".rstrip() for line in self.dialect.escape(clean(text)).splitlines()
        )

    def own(self, text: str) -> str:
        """Markdown of the user's own, its links leading; nothing in it reaches further."""
        return closed(regions.guard(self.linked(clean(text))))

    def line(self, text: str) -> str:
        """Words of the user's own in one line: their links lead, all else stays as it stands."""
        done, end = "", 0
        flat = one_line(text)
        for link in links_of(flat):
            done += self.dialect.escape(flat[end : link.start]) + self._for(link, flat)
            end = link.end
        return done + self.dialect.escape(flat[end:])

    def linked(self, text: str) -> str:
        """``text`` with every link leading into the vault; one that cannot stays readable."""
        done, end = "", 0
        for link in links_of(text):
            done += text[end : link.start] + self._for(link, text)
            end = link.end
        return done + text[end:]

    def to(self, ref: str, label: str = "") -> str:
        """A link to what a ref means; its name where the vault has no page of it."""
        place = self._place(ref)
        link = ref_link(ref)
        shown = label or (_named(link) if link else ref)
        return self.safe(shown) if place is None else self.dialect.link(place, shown, self.here)

    def table(self, head: str, rows: Sequence[tuple[str, ...]]) -> Block:
        """A table of cells that are markdown already."""
        return Block(self.dialect.table(head, rows))

    def _for(self, link: Link, text: str) -> str:
        place = self._place(link.ref)
        if place is None:
            return self.dialect.unresolved(text[link.start : link.end], link.label)
        return self.dialect.link(place, link.label or _named(link), self.here)

    def _place(self, ref: str) -> Place | None:
        """Where it stands; of a claim that a run's page does not have, the page."""
        return self.places.get(ref) or self.places.get(ref.partition("#")[0])


@lru_cache(_KEPT)
def links_of(text: str) -> tuple[Link, ...]:
    """The links of a text; those of a note are wanted when it is read and when it is written."""
    return links_in(text) if "[[" in text else ()


def _named(link: Link) -> str:
    return link.target if link.kind is LinkKind.PAPER else f"{link.kind.value} {link.target}"
