"""What is expected of an experiment, so that a run can refute it: metric, relation, value."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Label, Select

from researchdesk.domain.investigations import Hypothesis, Relation

_RELATIONS = {
    Relation.HIGHER: "higher than its parent",
    Relation.LOWER: "lower than its parent",
    Relation.AT_LEAST: "at least",
    Relation.AT_MOST: "at most",
    Relation.EQUALS: "equals",
}
_OTHER = "another metric …"
_VALUES = {
    Relation.HIGHER: "by at least this; empty: by anything",
    Relation.LOWER: "by at least this; empty: by anything",
    Relation.EQUALS: "0.93 +- 0.02",
}
_SIGNS = {Relation.AT_LEAST: ">=", Relation.AT_MOST: "<=", Relation.EQUALS: "="}


class ExpectationFields(Vertical):
    """Three fields that make one sentence; ``words`` is as ``parse_expectation`` reads it."""

    DEFAULT_CSS = """
    ExpectationFields {
        height: auto;
        .row { height: auto; }
        Select, Input { width: 1fr; }
        #other-row, #relation-row, #number-row { display: none; }
        &.-said #relation-row, &.-said #number-row, &.-other #other-row { display: block; }
    }
    """

    class Changed(Message):
        """Something else is said now."""

    def __init__(
        self, metrics: Sequence[str], stated: Hypothesis | None = None, *, parent: bool = True
    ) -> None:
        """``metrics`` are those known; ``parent``: there is one to be held against."""
        super().__init__()
        known = [stated.metric, *metrics] if stated else list(metrics)
        self._metrics = list(dict.fromkeys(known))
        self._stated = stated
        self._relations = [item for item in Relation if parent or not item.is_to_parent]

    def compose(self) -> ComposeResult:
        stated = self._stated
        with Horizontal(classes="row"):
            yield Label("Expected   ", classes="label")
            names = [("nothing yet", ""), *((name, name) for name in self._metrics)]
            yield Select(
                [*names, (_OTHER, _OTHER)], value=stated.metric if stated else "",
                allow_blank=False, id="metric", compact=True,
            )  # fmt: skip
        with Horizontal(classes="row", id="other-row"):
            yield Label("           ", classes="label")
            yield Input(id="other", placeholder="its name, as the experiment logs it", compact=True)
        first = stated.relation if stated else self._relations[0]
        with Horizontal(classes="row", id="relation-row"):
            yield Label("           ", classes="label")
            yield Select(
                [(_RELATIONS[item], item.value) for item in self._relations],
                value=first.value, allow_blank=False, id="relation", compact=True,
            )  # fmt: skip
        with Horizontal(classes="row", id="number-row"):
            yield Label("           ", classes="label")
            yield Input(_typed(stated), id="number", placeholder=_VALUES.get(first, "0.9"),
                        compact=True)  # fmt: skip

    def on_mount(self) -> None:
        self._show_rows()

    def _show_rows(self) -> None:
        metric = self.query_one("#metric", Select).value
        self.set_class(metric == _OTHER, "-other")
        self.set_class(bool(metric), "-said")

    @property
    def words(self) -> str:
        """The sentence; ``""`` where nothing is expected."""
        metric = str(self.query_one("#metric", Select).value)
        if metric == _OTHER:
            metric = self.query_one("#other", Input).value.strip()
        number = self.query_one("#number", Input).value.strip()
        if not metric:
            return ""
        relation = Relation(str(self.query_one("#relation", Select).value))
        if relation.is_to_parent:
            return f"{metric} {relation.value}{f' by {number}' if number else ''}"
        return f"{metric} {_SIGNS[relation]} {number}"

    @on(Select.Changed)
    @on(Input.Changed)
    def _tell(self, event: Select.Changed | Input.Changed) -> None:
        event.stop()
        self._show_rows()
        relation = Relation(str(self.query_one("#relation", Select).value))
        self.query_one("#number", Input).placeholder = _VALUES.get(relation, "0.9")
        self.post_message(self.Changed())


def _typed(stated: Hypothesis | None) -> str:
    """The number of a hypothesis as it is typed."""
    if stated is None or stated.value is None:
        return ""
    words = stated.words.removeprefix(stated.metric).split(
        maxsplit=2 if stated.relation.is_to_parent else 1
    )
    return words[-1]
