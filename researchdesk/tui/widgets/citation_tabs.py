"""The three lists around a paper as tabs: one is shown, a click chooses another."""

from collections.abc import Mapping
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.style import Style

from researchdesk.domain.citations import Relation
from researchdesk.services.citations import Around
from researchdesk.tui.widgets.brief import Static

HEADS = {
    Relation.REFERENCES: "References",
    Relation.CITED_BY: "Cited by",
    Relation.SIMILAR: "Similar",
}


class CitationTabs(Static):
    """Each with its key and how many works it has."""

    ALLOW_SELECT = False

    @dataclass
    class Chosen(Message):
        relation: Relation

    def show(self, chosen: Relation, known: Mapping[Relation, Around]) -> None:
        """Draw them; the chosen one stands out by brackets as by its style."""
        parts: list[str | tuple[str, str | Style]] = []
        for number, (relation, head) in enumerate(HEADS.items(), start=1):
            words = f"{number} {head}{_count(known.get(relation))}"
            meta = Style.from_meta({"relation": relation.value})
            if relation is chosen:
                parts.append((f"[{words}]", Style.parse("bold $primary") + meta))
            else:
                parts.append((f" {words} ", meta))
            parts.append("  ")
        self.update(Content.assemble(*parts))

    def on_click(self, event: events.Click) -> None:
        name = event.style.meta.get("relation")
        if isinstance(name, str):
            self.post_message(self.Chosen(Relation(name)))


def _count(around: Around | None) -> str:
    if around is None:
        return ""
    count = len(around.works)
    if around.total is not None and around.total > count:
        return f" {count:,} of {around.total:,}"
    return f" {count:,}" if count or around.fetched_at else " –"
