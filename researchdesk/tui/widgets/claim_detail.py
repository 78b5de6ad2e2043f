"""The claim, or the number that may be one, under the cursor."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from researchdesk.tui.claim_rows import ClaimRow
from researchdesk.tui.widgets.brief import Static


class ClaimDetail(VerticalScroll, can_focus=False):
    """Its words, where it stands, and the quote."""

    def compose(self) -> ComposeResult:
        yield Static(id="detail-text", markup=False)

    def show(self, row: ClaimRow | None, since: str = "") -> None:
        """``since`` says what became of the version that the claim is of."""
        self.query_one("#detail-text", Static).update(_words(row, since) if row else Content(""))
        self.scroll_home(animate=False)


def _words(row: ClaimRow, since: str) -> Content:
    facts = [row.where, f"page {row.page}" if row.page else ""]
    lines = [
        Content.styled(row.text, "bold"),
        Content.styled(" · ".join(fact for fact in facts if fact), "$text-muted"),
    ]
    if row.claim is not None:
        lines.append(
            Content.assemble(("✓ accepted", "$text-success"), f" as [[claim:{row.claim.slug}]]")
        )
    if since:
        lines.append(Content.styled(f"≠ {since}", "$text-warning"))
    if row.quote:
        lines += [Content(""), Content(f"“{row.quote}”")]
    return Content("\n").join(lines)
