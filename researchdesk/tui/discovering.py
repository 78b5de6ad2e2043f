"""From anywhere to papers one does not have yet: new ones, the next to read, like ones, cited
ones."""

from collections.abc import Callable

from textual import on

from researchdesk.tui.going import GoingApp
from researchdesk.tui.notices import say, telling
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.screens.citations import CitationsScreen, OpenCitations
from researchdesk.tui.screens.recommended import OpenRecommended, RecommendedScreen
from researchdesk.tui.screens.triage import TriageScreen
from researchdesk.tui.screens.triage_messages import OpenTriage


class DiscoveringApp(GoingApp):
    """Knows the screens that lead to further papers; they lie over where one is."""

    @on(OpenTriage)
    async def action_triage(self) -> None:
        """What is new in the feeds."""
        await self._over(TriageScreen, lambda: TriageScreen(self.desk))

    @on(OpenRecommended)
    async def open_recommended(self, message: OpenRecommended) -> None:
        """What to read next, or what is like a paper."""
        with telling(self):
            await self.push_screen(RecommendedScreen(self.desk, message.tag, message.like))

    @on(OpenCitations)
    async def open_citations(self, message: OpenCitations) -> None:
        """What is around a paper."""
        with telling(self):
            await self.push_screen(CitationsScreen(self.desk, message.ref))

    async def action_recommended(self) -> None:
        await self._over(RecommendedScreen, lambda: RecommendedScreen(self.desk))

    async def action_similar(self) -> None:
        if ref := self._at_hand("M"):
            await self.open_recommended(OpenRecommended(like=ref))

    async def action_citations(self) -> None:
        if ref := self._at_hand("A"):
            await self.open_citations(OpenCitations(ref))

    async def _over(self, kind: type[DeskScreen], make: Callable[[], DeskScreen]) -> None:
        if not isinstance(self.screen, kind):
            with telling(self):
                await self.push_screen(make())

    def _at_hand(self, key: str) -> str:
        screen = self.screen
        ref = screen.paper_at_hand() if isinstance(screen, DeskScreen) else ""
        if not ref:
            say(self, f"Mark a paper first, then press {key}.")
        return ref
