"""Where in the pass one is, and the question to answer there."""

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from researchdesk.domain.durations import spent
from researchdesk.domain.papers import Paper
from researchdesk.domain.version_marks import version_words
from researchdesk.tui.commands import keyed
from researchdesk.tui.position import Position
from researchdesk.tui.widgets.brief import Static


def _since(paper: Paper) -> str:
    """That arXiv has a newer version than the one at hand, or that it was withdrawn."""
    if paper.withdrawn is not None:
        return f"Its authors withdrew this paper in v{paper.withdrawn}."
    if paper.version < (paper.latest or 0):
        compares = keyed("{reader.changes} fetches and compares.")
        return f"arXiv has v{paper.latest}; this is v{paper.version}. {compares}"
    return ""


class StepHeader(Vertical):
    """Paper, pass and progress in two lines, then the question of the step."""

    DEFAULT_CSS = """
    StepHeader {
        height: auto; background: $surface;
        #paper-line {
            height: 1; padding: 0 1; text-style: bold;
            text-wrap: nowrap; text-overflow: ellipsis;
        }
        #pass-line {
            height: 1; padding: 0 1; color: $text-muted;
            text-wrap: nowrap; text-overflow: ellipsis;
        }
        #versions-line { height: auto; padding: 0 1; border-left: thick $warning; display: none; }
        #question { height: auto; padding: 0 1; border-left: thick $accent; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        yield Static(id="paper-line", markup=False)
        yield Static(id="pass-line", markup=False)
        yield Static(id="versions-line", markup=False)
        yield Static(id="question", markup=False)

    def show(self, position: Position, notes: int, still_open: int) -> None:
        """``still_open`` counts the paper's questions that are not answered."""
        paper, plan, step = position.paper, position.plan, position.current
        name = str(paper.arxiv or paper.key)
        self._say("paper-line", Content(f"{name}  {paper.title}"))
        marks = "".join(position.mark(index) for index in range(len(plan.steps)))
        counts = {0: "no notes", 1: "1 note"}.get(notes, f"{notes} notes")
        if still_open:
            counts = f"{counts}, {still_open} open" if notes else f"{still_open} open"
        item = position.item
        took = f" · {spent(item.seconds)}" if item and item.seconds >= 1 else ""
        rest = f" · {counts} · {marks}"
        stands = f"Pass {plan.number} · {position.state.partition(':')[0]}"
        short = stands.partition(",")[0]
        self._lines = (
            f"Pass {plan.number} {plan.title} · {position.state}{took}{rest}",
            f"Pass {plan.number} · {position.state}{took}{rest}",
            f"{stands}{took}{rest}",
            f"{stands}{rest}",
            f"{short}{took}{rest}",
            f"{short}{rest}",
        )
        self._say_pass()
        self._say_versions(position.versions, _since(paper))
        question = Content.assemble(
            (f"{position.step + 1} of {len(plan.steps)}  {step.title}", "bold $text-accent"),
            "\n",
            step.question,
        )
        self._say("question", question)

    def on_resize(self) -> None:
        self._say_pass()

    def _say_pass(self) -> None:
        """As much of it as one line has room for."""
        room = self.size.width - 2
        fitting = (line for line in self._lines if room < 1 or cell_len(line) <= room)
        if self._lines:
            self._say("pass-line", Content(next(fitting, self._lines[-1])))

    def _say_versions(self, versions: tuple[int, ...], since: str) -> None:
        if len(versions) > 1:
            names = " and ".join(version_words(number) for number in versions[-2:])
            shows = keyed("{reader.changes} shows what changed.")
            since = f"{since} {names} are on this desk: {shows}".strip()
        if since:
            self._say("versions-line", Content(since))
        self.query_one("#versions-line").display = bool(since)

    def _say(self, name: str, content: Content) -> None:
        """Change what changed: every update is laid out again."""
        line = self.query_one(f"#{name}", Static)
        if line.content != content:
            line.update(content)
