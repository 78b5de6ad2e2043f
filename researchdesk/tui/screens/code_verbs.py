"""The commands of the code screen."""

from researchdesk.tui.commands import Command

CODE_VERBS = (
    Command("code.clone", "c", "clone", "Clone",
            "Clone the marked link to the desk; it asks first.", True),
    Command("code.address", "a", "address", "Address",
            "Clone from an address that you type or paste.", True),
    Command("code.stop", "x", "stop", "Stop", "Stop what is being fetched.", True),
    Command("code.find", "slash", "find", "Find",
            "Find words in the clone, or a file by its name.", True),
    Command("code.note", "n", "note", "Note",
            "Keep a note on the marked line; it is pinned to file, line and commit.", True),
    Command("code.edit-note", "e", "edit_note", "Edit note",
            "Change the marked note, or the one on the marked line."),
    Command("code.delete-note", "delete,backspace", "delete_note", "Delete note",
            "Delete the marked note; {code.undo} brings it back.", key_label="del"),
    Command("code.undo", "ctrl+z", "undo", "Undo", "Take the last change of a note back."),
    Command("code.editor", "E", "editor", "Editor",
            "Open the file at the marked line in your own editor ($EDITOR).", True, key_label="E"),
    Command("code.next-note", "right_square_bracket", "to_note(1)", "Next note",
            "The next note of this file."),
    Command("code.last-note", "left_square_bracket", "to_note(-1)", "Last note",
            "The note before, of this file."),
    Command("code.update", "u", "update", "Update",
            "Bring the newest commit; notes keep theirs.", True),
    Command("code.browser", "o", "browser", "Browser", "Open the marked link in the browser."),
    Command("code.back", "escape", "back", "Back", "To the files; from there out of the code.",
            True),
)  # fmt: skip
