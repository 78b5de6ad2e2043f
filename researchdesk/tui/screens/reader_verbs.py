"""The commands of the reader."""

from researchdesk.tui.commands import Command

READER_VERBS = (
    Command("reader.previous", "left,left_square_bracket", "step(-1)", "Step back",
            "The step before.", key_label="←"),
    Command("reader.next", "right,right_square_bracket", "step(1)", "Step",
            "The next step; a pass not begun begins with it.", True, key_label="←/→"),
    Command("reader.note", "n", "note", "Note",
            "Keep a note; text selected with the mouse becomes its quote.", True),
    Command("reader.notes", "o", "notes", "Notes", "Show or hide the notes of this pass.", True),
    Command("reader.finish", "f", "finish", "Finish", "End this pass and decide what next.", True),
    Command("reader.drop", "x", "drop", "Leave",
            "Leave the paper in this pass, with a reason: a good end.", True),
    Command("reader.pass1", "1", "pass(1)", "Pass 1", "Show pass 1."),
    Command("reader.pass2", "2", "pass(2)", "Pass 2", "Show pass 2."),
    Command("reader.pass3", "3", "pass(3)", "Pass 3", "Show pass 3."),
    Command("reader.pass4", "4", "pass(4)", "Pass 4", "Show pass 4."),
    Command("reader.workflow", "w", "workflow", "Workflow", "Another way of passes and steps.",
            True),
    Command("reader.editor", "E", "editor", "Editor",
            "Open the marked note in your own editor ($EDITOR).", key_label="E"),
    Command("reader.fetch", "g", "fetch", "Get PDF", "Fetch the PDF of this paper from arXiv."),
    Command("reader.bench", "b", "bench", "Bench", "The paper's recipe and its runs.", True),
    Command("reader.undo", "ctrl+z", "undo", "Undo", "Bring the note deleted last back."),
    Command("reader.back", "escape", "back", "Library", "Back to the library.", True),
)  # fmt: skip
