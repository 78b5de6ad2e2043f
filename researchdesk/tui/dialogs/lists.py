"""The lists of the library to go to: smart lists, collections, tags, and what is always there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.content import Content
from textual.message import Message

from researchdesk.domain.labels import papers
from researchdesk.services import labels, smart_lists
from researchdesk.services.desk import Desk
from researchdesk.tui.commands import Command, bindings
from researchdesk.tui.dialogs.base import CANCEL
from researchdesk.tui.dialogs.pick import PickDialog
from researchdesk.tui.notices import say, telling
from researchdesk.tui.widgets.brief import Option

_ALWAYS = (
    ("is:due", "Due", "what you put off to today or before"),
    ("is:reading", "Half read", "a pass is under way"),
    ("is:unread sort:priority", "To read", "nothing of it was read; what has priority first"),
    ("is:starred sort:stars", "Starred", "the most stars first"),
    ("is:new", "New", "a newer version, a withdrawal, or other news"),
    ("is:withdrawn", "Withdrawn", "by their authors"),
    ("-has:tag", "Without a tag", "to be put in order"),
)
_SHOWN = 300
_DROP = Command("lists.drop", "ctrl+r", "drop", "Drop", "Forget the smart list that is marked.",
                key_label="^r")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shelf:
    """A list one can go to: ``query`` finds it. ``kept`` is its name where it is a smart list."""

    heading: str
    query: str
    name: str
    words: str
    kept: str = ""


def quoted(field: str, name: str) -> str:
    """The filter for this name, as it is typed."""
    return f'{field}:"{name}"' if any(sign.isspace() for sign in name) else f"{field}:{name}"


def shelves(desk: Desk) -> list[Shelf]:
    """All lists there are: smart lists first, then collections, then tags."""
    kept = [
        Shelf("Smart lists", quoted("list", item.name), item.name, item.query, item.name)
        for item in smart_lists.smart_lists(desk)
    ]
    collected = [
        Shelf(
            "Collections",
            quoted("in", item.name),
            item.name,
            " · ".join(filter(None, (papers(item.count), item.about))),
        )
        for item in labels.collections(desk)
    ]
    always = [Shelf("Always there", query, name, words) for query, name, words in _ALWAYS]
    tags = [
        Shelf("Tags", quoted("tag", name), name, papers(count))
        for name, count in sorted(labels.all_tags(desk), key=lambda item: -item[1])
    ]
    return [*kept, *collected, *always, *tags]


class ListsDialog(PickDialog[str]):
    """Ends with the search of the list that was chosen."""

    HEADING = "Lists"
    ACCEPT_LABEL = "Show"
    MARKS_FIRST = True
    HINT: ClassVar[str] = (
        "Enter shows it. In the library {^library.keep} keeps a search as a smart list; "
        "{^lists.drop} forgets one."
    )
    VERBS: ClassVar[tuple[Command, ...]] = (*PickDialog.VERBS, _DROP)
    BINDINGS = bindings([_DROP, CANCEL])

    @dataclass
    class Read(Message):
        shelves: list[Shelf]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._shelves: list[Shelf] = []

    def on_mount(self) -> None:
        self._read()

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _read(self) -> None:
        self.post_message(self.Read(shelves(self._desk)))

    @on(Read)
    def _show(self, message: Read) -> None:
        self._shelves = message.shelves
        self.show_names()

    def options_for(self, text: str) -> Sequence[Option]:
        wanted = text.casefold()
        options: list[Option] = []
        heading = ""
        fitting = [item for item in self._shelves if wanted in item.name.casefold()]
        for item in fitting[:_SHOWN]:
            if item.heading != heading:
                heading = item.heading
                options.append(Option(Content.styled(heading, "$text-accent"), disabled=True))
            words = Content.assemble((item.name, "bold"), f"  {item.words}")
            options.append(Option(words, id=item.query))
        return options

    async def picked(self, name: str) -> None:
        self.dismiss(name)

    async def action_accept(self) -> None:
        self.dismiss(self.marked or None)

    def action_drop(self) -> None:
        """Forget a smart list; collections and tags are not forgotten here."""
        chosen = next((item for item in self._shelves if item.query == self.marked), None)
        if chosen is None or not chosen.kept:
            self.complain("Only a smart list is forgotten here.")
            return
        with telling(self):
            smart_lists.drop_list(self._desk, chosen.kept)
            say(self, f"It was: {chosen.words}\nIts papers stay.", f"{chosen.kept} is forgotten")
            self._read()
