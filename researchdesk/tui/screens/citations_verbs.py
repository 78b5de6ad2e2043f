"""The commands of the screen of citations."""

from researchdesk.tui.commands import Command

CITATIONS_VERBS = (
    Command("citations.references", "1", "show('references')", "References", "What it cites."),
    Command("citations.cited-by", "2", "show('cited-by')", "Cited by", "What cites it."),
    Command("citations.similar", "3", "show('similar')", "Similar", "What is like it."),
    Command("citations.next", "right,tab", "turn(1)", "Lists", "The next of the three lists.",
            True, key_label="←/→"),
    Command("citations.last", "left,shift+tab", "turn(-1)", "List before",
            "The list before.", key_label="←"),
    Command("citations.add", "a", "add", "Add", "Put the marked work on the desk.", True),
    Command("citations.read", "r", "read", "Read",
            "Read the marked paper, where it is on the desk.", True),
    Command("citations.filter", "slash", "filter", "Filter", "Filter the list as you type.", True),
    Command("citations.ask", "g", "ask", "Ask",
            "Ask Semantic Scholar for this list, or ask it again.", True),
    Command("citations.index", "I", "index", "Read all lists",
            "Read the reference lists of all papers on the desk, so that cited-by is whole.",
            key_label="I"),
    Command("citations.back", "escape", "back", "Back",
            "Out of the filter; to where one came from; from the first one out.", True),
)  # fmt: skip
