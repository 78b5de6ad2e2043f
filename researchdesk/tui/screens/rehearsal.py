"""A talk rehearsed: a clock by slide over the whole screen."""

from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content

from researchdesk.domain.rehearsal_pages import against
from researchdesk.domain.rehearsing import Rehearsal, TalkClock, against_plan, bar
from researchdesk.domain.slides import Slide, write_time
from researchdesk.errors import BusyError
from researchdesk.services import rehearsals
from researchdesk.services.desk import Desk
from researchdesk.services.talk_files import Talk
from researchdesk.tui.commands import bindings, keyed
from researchdesk.tui.notices import say, telling
from researchdesk.tui.rehearsal_words import note_words, slide_words, summary_words
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.screens.rehearsal_verbs import REHEARSAL_VERBS
from researchdesk.tui.widgets.big_clock import BigClock
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.key_bar import KeyBar

_STOPPED = "stopped: {rehearsal.pause}"
_STANDS = "the clock stands still: {rehearsal.pause} or {rehearsal.next}"
_TICK_S, _KEEP_S = 0.2, 0.75
_NEAR, _LINES, _NARROW = 0.85, 3, 60


class RehearsalScreen(DeskScreen):
    """Stands still until the first key; what each slide took is on disk within a second."""

    ABOUT = (
        "A rehearsal. Left how long this slide stands there, right the whole talk, each against "
        "its plan. {rehearsal.next} goes on, {rehearsal.pause} stops the clock, {rehearsal.end} "
        "ends; what each slide took is kept."
    )
    CLOCK: ClassVar[Callable[[], float]] = monotonic
    VERBS = REHEARSAL_VERBS
    BINDINGS = bindings(REHEARSAL_VERBS)
    CSS_PATH = ["base.tcss", "rehearsal.tcss"]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (40, "-tall")]

    def __init__(self, desk: Desk, talk: Talk, *, alone: bool = False) -> None:
        """``alone``: the program was begun for it, and ends with it."""
        super().__init__(desk)
        self.talk = talk
        self._alone = alone
        self._kept_at = 0.0
        self._clock = TalkClock(talk.deck.planned(), type(self).CLOCK)
        self.rehearsal: Rehearsal | None = None
        """That which goes on or has ended; None before the first key."""

    def compose(self) -> ComposeResult:
        self._fit(self.app.size)
        yield Static(id="talk-line", markup=False)
        with Horizontal(id="clocks"):
            for name in ("slide", "whole"):
                with Vertical(id=name, classes="clock"):
                    yield BigClock()
                    yield Static(classes="said", markup=False)
                    yield Static(classes="bar", markup=False)
        with Horizontal(id="page"):
            yield _scrolled("slide-words", "shown")
            yield _scrolled("note-words", "notes")
        yield Static(id="next", markup=False)
        yield _scrolled("summary-words", "summary")
        yield KeyBar()

    def on_mount(self) -> None:
        self.set_interval(_TICK_S, self.tick)
        self._show_slide()
        self.tick()

    def on_resize(self) -> None:
        self.call_after_refresh(self.tick)

    @property
    def ended(self) -> bool:
        return self.rehearsal is not None and self.has_class("-done")

    @property
    def slide(self) -> Slide:
        """That which stands there."""
        return self.talk.deck.slides[self._clock.at]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("next", "previous", "pause"):
            return not self.ended
        return self.ended if action == "again" else True

    # The keys

    def action_next(self) -> None:
        if self.rehearsal is None:
            self._begin()
        elif not self._clock.running:
            self.action_pause()
        elif self._clock.go(1):
            self._moved()
        else:
            say(self, keyed("This is the last slide; {rehearsal.end} ends the rehearsal."))

    def action_previous(self) -> None:
        if self.rehearsal is not None and self._clock.go(-1):
            self._moved()

    def action_pause(self) -> None:
        if self.rehearsal is None:
            self._begin()
            return
        if self._clock.running:
            self._clock.pause()
        else:
            self._clock.resume()
        self._keep()
        self.tick()

    def action_scroll(self, by: int) -> None:
        """What is longer than there is room for, a few lines on."""
        for name in ("#summary",) if self.ended else ("#shown", "#notes"):
            self.query_one(name).scroll_relative(y=by * _LINES, animate=False)

    def action_end(self) -> None:
        """To the summary; from there, and where nothing was begun, away."""
        if self.rehearsal is not None and not self.ended:
            self.settle()
        elif self._alone:
            self.app.exit()
        else:
            self.dismiss(None)

    def action_again(self) -> None:
        self.rehearsal = None
        self._clock = TalkClock(self.talk.deck.planned(), type(self).CLOCK)
        self.remove_class("-done")
        self._show_slide()
        self.tick()
        self.refresh_bindings()

    def _begin(self) -> None:
        with telling(self):
            self.rehearsal = rehearsals.begin(self.desk, self.talk)
            self._clock.resume()
            self.tick()

    def _moved(self) -> None:
        self._keep()
        self._show_slide()
        self.tick()

    # What is kept

    def _keep(self) -> None:
        """Write down what each slide took; while another program writes, that waits a little."""
        if self.rehearsal is None or self.ended:
            return
        with telling(self), suppress(BusyError):
            rehearsals.keep(self.desk, self.rehearsal.id, self._clock.used())
            self._kept_at = type(self).CLOCK()

    def settle(self) -> None:
        """It is over: keep it, and tell what became of it."""
        if self.rehearsal is None or self.ended:
            return
        self._clock.pause()
        with telling(self):
            self.rehearsal = rehearsals.end(self.desk, self.rehearsal.id, self._clock.used())
            self.add_class("-done")
            before = rehearsals.before(self.desk, self.rehearsal)
            width = 30 if self.size.width >= 120 else 12
            words = summary_words(self.rehearsal, before, width)
            self.query_one("#summary-words", Static).update(words)
            self._say_where()
            self.refresh_bindings()

    # What is shown

    def tick(self) -> None:
        """Show how late it is, and keep it where a second is almost over."""
        if self.ended:
            return
        if self._clock.running and type(self).CLOCK() - self._kept_at >= _KEEP_S:
            self._keep()
        used, planned = self._clock.on_slide()
        self._show_clock("slide", used, planned, against(used - planned, planned), "this slide")
        whole, all_ = self._clock.on_whole()
        behind = self._clock.behind_s()
        self._show_clock("whole", whole, all_, against_plan(behind), "whole talk", behind > 30)
        self.set_class(not self._clock.running, "-paused")
        self._say_where()

    def _show_clock(
        self, name: str, used: float, planned: float, words: str, what: str, late: bool = False
    ) -> None:
        panel = self.query_one(f"#{name}", Vertical)
        panel.query_one(BigClock).time = write_time(int(used))
        left = planned - used
        said = words if name == "whole" or left < 0 else f"{write_time(left)} left"
        row = panel.query_one(".bar", Static)
        whole = f"{what} of {write_time(planned)} · {said}"
        fits = len(whole) <= row.size.width
        panel.query_one(".said", Static).update(Content(whole if fits else said), layout=False)
        row.update(Content(bar(used, planned, row.size.width)), layout=False)
        panel.set_class(used > planned or late, "-over")
        panel.set_class(planned * _NEAR <= used <= planned, "-near")

    def _show_slide(self) -> None:
        slides, at = self.talk.deck.slides, self._clock.at
        self.query_one("#slide-words", Static).update(slide_words(self.slide))
        self.query_one("#note-words", Static).update(note_words(self.slide))
        after = slides[at + 1].title if at + 1 < len(slides) else "the end"
        self.query_one("#next", Static).update(Content(f"Next: {after or 'a slide without title'}"))
        for name in ("#shown", "#notes"):
            self.query_one(name).scroll_home(animate=False)

    def _say_where(self) -> None:
        state = ""
        if self.rehearsal is None:
            state = keyed(" · {rehearsal.next} starts the clock")
        elif not self._clock.running:
            narrow = self.size.width < _NARROW
            state = f" · ▌▌ {keyed(_STOPPED if narrow else _STANDS)}"
        where = f"Slide {self.slide.number} of {len(self.talk.deck.slides)}"
        words = "The rehearsal has ended" if self.ended else f"{where}{state}"
        line = Content.assemble((words, "$primary"), f" · {self.talk.title}")
        self.query_one("#talk-line", Static).update(line, layout=False)


def _scrolled(words: str, name: str) -> VerticalScroll:
    """Room for words; the keys stay with the screen."""
    return VerticalScroll(Static(id=words, markup=False), id=name, can_focus=False)
