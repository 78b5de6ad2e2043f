"""What watching training scripts found."""

from collections.abc import Callable, Sequence

from researchdesk.domain.watching import WatchReport
from researchdesk.errors import NotOnDeskError
from researchdesk.services import library
from researchdesk.services.desk import Desk
from researchdesk.services.finding_pages import finding_pages
from researchdesk.services.watching import watch_reports
from researchdesk.tui.at_hand import of_finding
from researchdesk.tui.commands import bindings
from researchdesk.tui.finding_pages import report_key, report_pages
from researchdesk.tui.looked_at import LookPage
from researchdesk.tui.screens.look import LookScreen
from researchdesk.tui.screens.look_verbs import FINDINGS_VERBS
from researchdesk.tui.surprise_form import SurpriseForm
from researchdesk.tui.widgets.page_list import PageList


class FindingsScreen(LookScreen):
    """The last reports with their findings; those on ``refs`` (papers, runs) come first."""

    ABOUT = (
        "What watching training scripts found: ! is a bug, ? is likely one, · is worth a look. "
        "Each finding has its page: why it matters, the usual mend, and when it is sound."
    )
    VERBS = FINDINGS_VERBS
    BINDINGS = bindings(FINDINGS_VERBS)
    CSS_PATH = ["base.tcss", "look.tcss", "findings.tcss"]

    def __init__(self, desk: Desk, *refs: str) -> None:
        super().__init__(desk)
        self._refs = [ref for ref in refs if ref]
        self._reports: list[WatchReport] = []

    def subject(self) -> tuple[str, str]:
        on = " and ".join(self._refs)
        return "Watched scripts", f"those on {on} first" if on else "the last one first"

    @property
    def doing(self) -> str:
        return "Reading the reports"

    def look(self, stop: Callable[[], bool]) -> Sequence[LookPage]:
        reports = watch_reports(self.desk)
        if not reports:
            raise NotOnDeskError(
                "No training script was watched yet.",
                "\nIn another terminal:  researchdesk watch train.py\n\nThe script runs as it "
                "would without us, and what was found stands here and on its stderr.",
            )
        self._reports = sorted(reports, key=lambda item: item.on not in self._refs)
        return report_pages(self._reports, finding_pages())

    def paper_at_hand(self) -> str:
        report = self._marked()
        return report.on if report and library.as_arxiv_id(report.on) else ""

    def _marked(self) -> WatchReport | None:
        """The report that the cursor is in."""
        found = self.query(PageList)
        page = found.first().current if found else None
        for report in self._reports if page else ():
            if page is not None and f"{page.key} ".startswith(f"{report_key(report)} "):
                return report
        return None

    def surprise_at_hand(self) -> SurpriseForm:
        report, page = self._marked(), self.query_one(PageList).current
        if report is None or page is None:
            return super().surprise_at_hand()
        number = page.key.removeprefix(report_key(report)).strip()
        return of_finding(self.desk, report, int(number) if number.isdecimal() else None)

    def action_again(self) -> None:
        """Read the reports again."""
        self.look_again()

    def action_to_report(self, by: int) -> None:
        """Mark the next report, or the one before."""
        marked = self._marked()
        if marked is None:
            return
        at = self._reports.index(marked) + by
        if 0 <= at < len(self._reports):
            pages = self.query_one(PageList)
            pages.put(pages.items, prefer=report_key(self._reports[at]))
