"""What is asked before a sweep: of which recipe, by which metric, how many trials, by whom."""

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Label, Select

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.sweeps import Search, SweepSpec
from researchdesk.domain.text import one_line
from researchdesk.errors import DeskError
from researchdesk.services import sweeps
from researchdesk.services.desk import Desk
from researchdesk.services.engine_choices import engine_choices
from researchdesk.services.sweep_making import USUAL_TRIALS
from researchdesk.services.sweep_pages import metric_warning
from researchdesk.services.sweep_reading import begun_smaller
from researchdesk.services.sweeps import SweepOptions
from researchdesk.tui.commands import Command, bindings, keyed
from researchdesk.tui.dialogs.base import CANCEL, Dialog
from researchdesk.tui.engine_words import require_engine
from researchdesk.tui.notices import words_of
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.sweep_words import limit_words

_START = Command("sweep.go", "ctrl+s", "accept", "Start", "Start the sweep.", key_label="^s")
_HINT = (
    "A recipe by its name or paper, whose own ranges are drawn from; or the path of a TOML file, "
    "before which goes what is said here."
)
_SMALLER = (
    "This sweep was begun already, as {id}, with {limit}. Nothing was started: {sweeps.extend} on "
    "that one gives it more. Another seed makes another sweep."
)


@dataclass(frozen=True, slots=True)
class SweepAsked:
    """What is to be swept, and the engine's name; empty: the one of the settings."""

    recipe: Recipe
    spec: SweepSpec
    engine: str


class StartSweepDialog(Dialog[SweepAsked]):
    """What does not fit is complained of in the dialog; the words stay. A metric that may be of the
    test is warned of first, and taken when it is asked for once more; so is a sweep that was begun
    before with less, which the one of other data is not."""

    HEADING: ClassVar[str] = "Start a sweep"
    ACCEPT_LABEL: ClassVar[str] = "Start"
    VERBS: ClassVar[tuple[Command, ...]] = (_START, CANCEL)
    BINDINGS = bindings(VERBS)
    AUTO_FOCUS = "#metric"

    def __init__(self, desk: Desk, source: str) -> None:
        super().__init__()
        self._desk, self._source = desk, source
        self._engines = engine_choices(desk)
        self._warned_of, self._smaller = "", ""

    def compose_fields(self) -> ComposeResult:
        texts = (
            ("Of         ", "source", self._source, "a recipe, or the path of a TOML file"),
            ("Arm        ", "arm", "", "the first that has ranges, or as the file has it"),
            ("Metric     ", "metric", "", "of validation data, as valid_accuracy; or the file's"),
            ("Trials     ", "trials", "", f"{USUAL_TRIALS}, or as the file has it"),
            ("Seed       ", "seed", "", "0, or as the file has it; another one draws anew"),
        )
        for label, name, value, words in texts:
            with Horizontal(classes="row"):
                yield Label(label, classes="label")
                yield Input(value, id=name, placeholder=words, compact=True)
        better = [("told by the metric's name", ""), ("higher", "higher"), ("lower", "lower")]
        usual = ("as the file has it, or random", "")
        searches = [usual, *((one.value, one.value) for one in Search)]
        yield from _choice("Better     ", "better", better)
        yield from _choice("Search     ", "search", searches)
        if self._engines:
            names = [(one_line(name), name) for name in self._engines]
            yield from _choice("Engine     ", "engine", names)
        yield Static(_HINT, classes="hint", markup=False)

    async def on_input_submitted(self) -> None:
        await self.action_accept()

    async def action_accept(self) -> None:
        trials, seed = self._number("trials"), self._number("seed")
        if trials in (0, -1) or seed == -1:
            self.complain("Trials are a whole number from 1, the seed one from 0.")
            return
        source = self._text("source")
        if not source:
            self.complain("Say of what: a recipe by its name, or the path of a TOML file.")
            self.query_one("#source", Input).focus()
            return
        options = SweepOptions(
            self._text("arm"), self._text("metric"), self._chosen("better"), trials, seed,
            self._chosen("search"),
        )  # fmt: skip
        engine = self._chosen("engine") if self._engines else ""
        try:
            require_engine(self._desk, engine)
            recipe, spec = sweeps.made(self._desk, source, options)
            smaller = begun_smaller(self._desk, recipe, spec)
        except DeskError as error:
            self.complain(words_of(error))
            return
        if smaller is not None and self._smaller != smaller.id:
            self._smaller = smaller.id
            self.complain(keyed(_SMALLER, id=smaller.id, limit=limit_words(smaller.budget)))
            return
        warning = metric_warning(spec.metric)
        if warning and self._warned_of != spec.metric:
            self._warned_of = spec.metric
            state = f"{warning} Nothing was started yet"
            self.complain(self.not_yet(state, "starts it all the same", "leaves it"))
            return
        self.dismiss(SweepAsked(recipe, spec, engine))

    def _text(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    def _chosen(self, name: str) -> str:
        return str(self.query_one(f"#{name}", Select).value)

    def _number(self, name: str) -> int | None:
        """What was typed; None where nothing was, -1 where it is no whole number."""
        typed = self._text(name)
        if not typed:
            return None
        return int(typed) if typed.isdecimal() else -1


def _choice(label: str, name: str, options: list[tuple[str, str]]) -> ComposeResult:
    with Horizontal(classes="row"):
        yield Label(label, classes="label")
        yield Select(options, value=options[0][1], allow_blank=False, id=name, compact=True)
