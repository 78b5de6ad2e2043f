"""Where in the pass one is, and the question to answer there."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from researchdesk.tui.position import Position


class StepHeader(Vertical):
    """Paper, pass and progress in two lines, then the question of the step."""

    DEFAULT_CSS = """
    StepHeader {
        height: auto; background: $surface;
        #paper-line {
            height: 1; padding: 0 1; text-style: bold;
            text-wrap: nowrap; text-overflow: ellipsis;
        }
        #pass-line { height: auto; max-height: 2; padding: 0 1; color: $text-muted; }
        #question { height: auto; padding: 0 1; border-left: thick $accent; }
    }
    """

    def compose(self) -> ComposeResult:
        yield Static(id="paper-line", markup=False)
        yield Static(id="pass-line", markup=False)
        yield Static(id="question", markup=False)

    def show(self, position: Position, notes: int) -> None:
        paper, plan, step = position.paper, position.plan, position.current
        name = str(paper.arxiv or paper.key)
        self.query_one("#paper-line", Static).update(Content(f"{name}  {paper.title}"))
        marks = "".join(position.mark(index) for index in range(len(plan.steps)))
        count = {0: "no notes", 1: "1 note"}.get(notes, f"{notes} notes")
        line = f"Pass {plan.number} {plan.title} · {position.state} · {count} · {marks}"
        self.query_one("#pass-line", Static).update(Content(line))
        question = Content.assemble(
            (f"{position.step + 1} of {len(plan.steps)}  {step.title}", "bold $text-accent"),
            "\n",
            step.question,
        )
        self.query_one("#question", Static).update(question)
