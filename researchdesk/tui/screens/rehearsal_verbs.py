"""The commands of a rehearsal."""

from researchdesk.tui.commands import Command

REHEARSAL_VERBS = (
    Command("rehearsal.next", "space,right,enter,pagedown", "next", "Next",
            "Go to the next slide; at the beginning: start the clock.", True, key_label="space"),
    Command("rehearsal.back", "left,pageup,backspace", "previous", "Back a slide",
            "Go back to the slide before.", True, key_label="←"),
    Command("rehearsal.pause", "p", "pause", "Pause", "Stop the clock, or let it go on.", True),
    Command("rehearsal.again", "r", "again", "Again",
            "Rehearse once more from the first slide.", True),
    Command("rehearsal.up", "up", "scroll(-1)", "Up", "Back up in long notes.", moves=True),
    Command("rehearsal.down", "down", "scroll(1)", "Down", "On in long notes.", moves=True),
    Command("rehearsal.end", "q,escape", "end", "End",
            "End the rehearsal: what each slide took is kept, and told.", True, key_label="q"),
)  # fmt: skip
