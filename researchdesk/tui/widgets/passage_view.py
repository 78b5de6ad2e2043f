"""A passage of the paper: read, and marked sentence by sentence with keys."""

from collections.abc import Sequence
from functools import partial
from itertools import islice
from typing import ClassVar

from researchdesk.domain.documents import Block
from researchdesk.tui.commands import Command, bindings
from researchdesk.tui.sentences import Marking, Point, sentences
from researchdesk.tui.widgets.page_text import Taken
from researchdesk.tui.widgets.passage_paint import Touch
from researchdesk.tui.widgets.selectable_text import SelectableText

_move = partial(Command, moves=True)
_mark = partial(Command, moves=True, shown=True)


class PassageView(SelectableText, inherit_bindings=False):
    """Text of a step's place. Left and right are free for the steps, but while marking."""

    VERBS: ClassVar[tuple[Command, ...]] = (
        _mark("text.sentence", "down,j", "sentence(1)", "Sentence",
              "The next sentence; ↑ the one before.", key_label="↑↓"),
        _move("text.up", "up,k", "line(-1)", "Up",
              "A line up; while marking: the sentence before.", key_label="↑ or k"),
        _move("text.down", "down,j", "line(1)", "Down",
              "A line down; while marking: the next sentence.", key_label="↓ or j"),
        _move("text.page-up", "pageup", "screen(-1)", "Page up",
              "A screen up; while marking: the paragraph before."),
        _move("text.page-down", "pagedown", "screen(1)", "Page down",
              "A screen down; while marking: the next paragraph."),
        _move("text.space", "space", "whole", "Page down",
              "A screen down; while marking: the whole paragraph."),
        _mark("text.more", "right,shift+down", "extend(1)", "More",
              "While marking: one sentence more.", key_label="→"),
        _mark("text.less", "left,shift+up", "extend(-1)", "Less",
              "While marking: one sentence less.", key_label="←"),
        _move("text.more-paragraphs", "shift+right", "extend_paragraph(1)", "More",
              "While marking: one paragraph more."),
        _move("text.less-paragraphs", "shift+left", "extend_paragraph(-1)", "Less",
              "While marking: one paragraph less."),
        _move("text.top", "home", "top", "Top", "To the beginning."),
        _move("text.end", "end", "bottom", "End", "To the end."),
        Command("text.mark", "v", "mark", "Mark",
                "Mark the sentence in view; arrows move and extend it, {reader.note} and "
                "{reader.unclear} use it.", True),
        Command("text.unmark", "escape", "unmark", "Unmark", "Marking ends.", True),
    )  # fmt: skip
    BINDINGS = bindings(VERBS)

    def __init__(self) -> None:
        super().__init__()
        self.id = "view-text"
        self._marking: Marking | None = None

    def show(
        self,
        blocks: Sequence[Block],
        note: str = "",
        appendix: int | None = None,
        source: str = "",
    ) -> None:
        self._marking = None
        super().show(blocks, note, appendix, source)
        self.refresh_bindings()

    @property
    def marking(self) -> bool:
        """Whether sentences are being marked."""
        return self._marking is not None

    def taken(self) -> Taken:
        """What is marked with keys, else selected with the mouse."""
        pieces = self._marking.pieces() if self._marking else self.selected_pieces()
        words = [self.blocks[at].text[start:end].strip() for at, (start, end) in pieces]
        quote = " ".join(word for word in words if word)
        return Taken(quote, self.blocks[pieces[0][0]].page or None) if quote else Taken()

    def let_go(self) -> None:
        """Nothing is marked or selected any more."""
        self._marking = None
        self.screen.clear_selection()
        self.refresh_bindings()
        self.repaint()

    def touches_of(self, block: int) -> list[Touch]:
        marked = self._marking.pieces() if self._marking else []
        own = [Touch(start, end, "marked") for at, (start, end) in marked if at == block]
        return [*super().touches_of(block), *own]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in {"unmark", "extend", "extend_paragraph", "sentence"}:
            return self._marking is not None
        return not (action == "mark" and self._marking is not None)

    # Marking

    def action_mark(self) -> None:
        rows = list(islice(self.rows_from_here(), max(1, self.size.height)))
        if not rows:
            return
        row = next((row for row in rows if not self.blocks[row.block].heading), rows[0])
        spans = sentences(self.blocks[row.block].text)
        at = next((n for n, span in enumerate(spans) if span[0] >= row.start), len(spans) - 1)
        self.screen.clear_selection()
        self._marking = Marking(self.blocks, Point(row.block, max(at, 0)))
        self.refresh_bindings()
        self._follow()

    def action_unmark(self) -> None:
        self.let_go()

    def action_sentence(self, by: int) -> None:
        self.action_line(by)

    def action_extend(self, by: int) -> None:
        if self._marking is not None:
            self._marking.move(by, extend=True)
            self._follow()

    def action_extend_paragraph(self, by: int) -> None:
        if self._marking is not None:
            self._marking.move_block(by, extend=True)
            self._follow()

    def action_whole(self) -> None:
        if self._marking is None:
            self.action_screen(1)
        else:
            self._marking.whole_block()
            self._follow()

    def _follow(self) -> None:
        if self._marking is not None:
            head = self._marking.head
            spans = sentences(self.blocks[head.block].text)
            if spans:
                self.reveal(head.block, spans[head.sentence])
        self.repaint()
        self.post_message(self.Moved())

    # Moving

    def action_line(self, by: int) -> None:
        if self._marking is None:
            self.go_to_spot(self.spot + by)
        else:
            self._marking.move(by)
            self._follow()

    def action_screen(self, by: int) -> None:
        if self._marking is None:
            self.go_to_spot(self.spot + by * max(1, self.size.height - 2))
        else:
            self._marking.move_block(by)
            self._follow()

    def action_top(self) -> None:
        self.scroll_home(animate=False, immediate=True)

    def action_bottom(self) -> None:
        self.scroll_end(animate=False, immediate=True)
